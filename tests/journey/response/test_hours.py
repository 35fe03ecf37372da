"""The hours of a parent's day, on her own clock: over all zones, and over the days on which clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstlight.ground.people.zones import zones
from firstlight.journey.response.hours import Hours, without

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
ALBANY = ZoneInfo("America/New_York")
moments = st.integers(0, 6 * 365 * 24 * 60).map(lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + minutes * MINUTE)
some_hours = st.sets(st.integers(0, 23), min_size=1).map(lambda found: Hours(frozenset(found)))
zone_names = st.sampled_from(zones()).map(ZoneInfo)


@given(moments, some_hours, zone_names)
def test_next_moment_lies_in_her_hours_and_not_before(after: datetime, hours: Hours, zone: ZoneInfo) -> None:
    found = hours.next_moment(after, zone)

    assert found >= after
    assert found.astimezone(zone).hour in hours.allowed
    assert found - after < timedelta(days=2, hours=2)


@given(moments, some_hours, zone_names)
def test_next_moment_is_the_first_one(after: datetime, hours: Hours, zone: ZoneInfo) -> None:
    found = hours.next_moment(after, zone)
    between = (after + step * 10 * MINUTE for step in range(int((found - after) / (10 * MINUTE)) + 1))

    assert [moment for moment in between if moment < found and hours.admits(moment, zone)] == []


@given(moments, some_hours, zone_names)
def test_next_moment_of_itself_is_itself(after: datetime, hours: Hours, zone: ZoneInfo) -> None:
    found = hours.next_moment(after, zone)

    assert hours.next_moment(found, zone) == found


@given(st.integers(2024, 2030), some_hours, zone_names)
def test_each_day_of_a_year_has_a_moment_but_for_an_hour_that_the_clock_left_out(
    year: int, hours: Hours, zone: ZoneInfo
) -> None:
    """Walk on from moment to moment, a day at a time: no day is stepped over, but one on which none of her hours was."""
    moment, end = datetime(year, 3, 1, tzinfo=UTC), datetime(year, 4, 15, tzinfo=UTC)
    while moment < end:
        found = hours.next_moment(moment, zone)
        skipped = (moment + step * 15 * MINUTE for step in range(int((found - moment) / (15 * MINUTE))))
        assert not any(hours.admits(one, zone) for one in skipped)
        moment = found + 24 * HOUR


def test_spring_leaves_an_hour_out_and_the_next_one_is_taken() -> None:
    """On 8 March 2026 the clock goes from 01:59 to 03:00 in Albany; an hour named 2 comes again the day after."""
    evening = datetime(2026, 3, 8, 0, 30, tzinfo=ALBANY)

    two = Hours(frozenset({2})).next_moment(evening, ALBANY).astimezone(ALBANY)
    two_or_three = Hours(frozenset({2, 3})).next_moment(evening, ALBANY).astimezone(ALBANY)

    assert two.isoformat() == "2026-03-09T02:00:00-04:00"
    assert two_or_three.isoformat() == "2026-03-08T03:00:00-04:00"


def test_autumn_has_an_hour_twice_and_the_first_one_is_taken() -> None:
    """On 1 November 2026 the hour from 1 to 2 comes twice in Albany."""
    midnight = datetime(2026, 11, 1, 0, 10, tzinfo=ALBANY)

    found = Hours(frozenset({1})).next_moment(midnight, ALBANY).astimezone(ALBANY)

    assert found.isoformat() == "2026-11-01T01:00:00-04:00"


def test_clock_that_moves_by_half_an_hour_is_followed() -> None:
    """Lord Howe moves by 30 minutes: on 4 October 2026 the clock goes from 01:59 to 02:30."""
    zone = ZoneInfo("Australia/Lord_Howe")
    found = Hours(frozenset({2})).next_moment(datetime(2026, 10, 4, 1, 45, tzinfo=zone), zone).astimezone(zone)

    assert found.isoformat() == "2026-10-04T02:30:00+11:00"


@pytest.mark.parametrize("hours", [set(), {24}, {-1, 3}])
def test_hours_that_no_day_has_are_refused(hours: set[int]) -> None:
    with pytest.raises(ValueError, match="not hours of a day"):
        Hours(frozenset(hours))


@given(st.integers(0, 23), st.integers(0, 23))
def test_quiet_time_goes_round_midnight(begin: int, end: int) -> None:
    left = without(frozenset(range(24)), begin, end)

    assert len(left) == 24 - (end - begin) % 24
    assert begin == end or begin not in left
    assert end in left


def test_no_quiet_time_leaves_all() -> None:
    assert without(frozenset({1, 2}), None, None) == {1, 2}
