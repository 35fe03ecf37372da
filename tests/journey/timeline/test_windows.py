"""Which stretch of time the timeline shows: from the hours of a dose to everything, by address, across clock changes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstlight.journey.timeline.windows import (
    LENGTHS,
    SETS,
    STEPS,
    VIEWS,
    Extent,
    NoSuchView,
    View,
    lengthened,
    settled,
    view_from,
    ways_from,
    window_of,
)

ZONE = ZoneInfo("America/New_York")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FIRST = datetime(2026, 10, 20, 14, 0, tzinfo=UTC)
DOSES = [FIRST + days * DAY for days in (0, 3, 7, 10)]
EXTENT = Extent(FIRST - 9 * DAY, FIRST + 60 * DAY)
NOW = FIRST + 61 * DAY


def window(view: View) -> tuple[datetime, datetime]:
    found = window_of(settled(view, DOSES), EXTENT, DOSES, NOW, ZONE)
    return found.starts_at, found.ends_at


@pytest.mark.parametrize(
    ("view", "starts", "length"),
    [
        (View("hours", dose=2), DOSES[1] - HOUR, 8 * HOUR),
        (View("hours"), DOSES[3] - HOUR, 8 * HOUR),
        (View("day", dose=1), DOSES[0] - 3 * HOUR, 30 * HOUR),
        (View("day"), DOSES[3] - 3 * HOUR, 30 * HOUR),
        (View("week", dose=3), DOSES[2] - DAY, 7 * DAY),
        (View("month", dose=3), DOSES[2] - 3 * DAY, 31 * DAY),
    ],
)
def test_window_of_a_dose_begins_before_it(view: View, starts: datetime, length: timedelta) -> None:
    assert window(view) == (starts, starts + length)


def test_window_with_a_last_day_holds_calendar_days_of_the_clinic() -> None:
    starts_at, ends_at = window(View("week", until=date(2026, 11, 4)))

    assert starts_at == datetime(2026, 10, 29, tzinfo=ZONE)
    assert ends_at == datetime(2026, 11, 5, tzinfo=ZONE)
    assert ends_at - starts_at == 7 * DAY  # of the clinic's own clock
    assert ends_at.astimezone(UTC) - starts_at.astimezone(UTC) == 7 * DAY + HOUR  # the clocks went back on 1 November


def test_day_without_any_dose_is_that_of_the_last_fact() -> None:
    found = window_of(settled(View("day"), []), EXTENT, [], NOW, ZONE)

    assert found.starts_at == datetime(2026, 12, 19, tzinfo=ZONE)
    assert found.ends_at == datetime(2026, 12, 20, tzinfo=ZONE)


def test_everything_holds_the_first_and_the_last_fact() -> None:
    starts_at, ends_at = window(View("all"))

    assert starts_at < EXTENT.first
    assert ends_at > EXTENT.last


@pytest.mark.parametrize("dose", [0, 5, 9999])
def test_dose_that_was_not_given_is_no_view(dose: int) -> None:
    with pytest.raises(NoSuchView):
        settled(View("week", dose=dose), DOSES)


@pytest.mark.parametrize(
    "asked",
    [
        {"view": "century"},
        {"lanes": "none"},
        {"dose": "two"},
        {"dose": "-1"},
        {"dose": "²"},
        {"dose": "99999"},
        {"view": "week", "until": "yesterday"},
        {"view": "week", "until": "0001-01-01"},
        {"view": "week", "until": "9999-12-31"},
    ],
)
def test_address_that_names_nothing_is_no_view(asked: dict[str, str]) -> None:
    with pytest.raises(NoSuchView):
        view_from(asked)


VIEWS_OF_ALL_KINDS = st.builds(
    View,
    length=st.sampled_from(VIEWS),
    lanes=st.sampled_from(SETS),
    dose=st.none() | st.integers(1, len(DOSES)),
    until=st.none() | st.dates(date(2026, 10, 1), date(2027, 1, 10)),
).map(lambda view: lengthened(view, view.length))


@given(VIEWS_OF_ALL_KINDS)
def test_address_leads_back_to_its_view(view: View) -> None:
    asked = dict(part.split("=") for part in view.query.removeprefix("?").split("&"))

    assert view_from(asked) == view


@given(VIEWS_OF_ALL_KINDS)
def test_every_way_leads_to_a_window_that_has_a_length_and_another_way_back(view: View) -> None:
    here = settled(view, DOSES)
    ways = ways_from(here, window_of(here, EXTENT, DOSES, NOW, ZONE), EXTENT, len(DOSES), NOW, ZONE)

    for way in (ways.earlier, ways.later, ways.closer, ways.further):
        if way is not None:
            there = window_of(settled(way, DOSES), EXTENT, DOSES, NOW, ZONE)
            assert there.starts_at < there.ends_at
    assert (ways.closer is None) == (view.length == VIEWS[0])
    assert (ways.further is None) == (view.length == VIEWS[-1])
    if ways.further is not None:
        assert LENGTHS[ways.further.length] is None or LENGTHS[ways.further.length] > LENGTHS[view.length]  # type: ignore[operator]  # only everything has no length


@pytest.mark.parametrize("length", list(STEPS))
def test_earlier_again_and_again_comes_to_the_first_fact_and_ends(length: str) -> None:
    view: View | None = View(length, dose=4)
    seen = []
    while view is not None:
        found = window_of(settled(view, DOSES), EXTENT, DOSES, NOW, ZONE)
        seen.append(found.starts_at)
        view = ways_from(view, found, EXTENT, len(DOSES), NOW, ZONE).earlier
        assert len(seen) < 100

    assert seen == sorted(seen, reverse=True)
    assert seen[-1] <= EXTENT.first


@pytest.mark.parametrize("length", list(STEPS))
def test_later_again_and_again_comes_to_the_last_fact_and_ends(length: str) -> None:
    view: View | None = View(length, dose=1)
    while view is not None:
        found = window_of(settled(view, DOSES), EXTENT, DOSES, NOW, ZONE)
        before, view = view, ways_from(view, found, EXTENT, len(DOSES), NOW, ZONE).later
        assert view != before

    assert found.ends_at >= EXTENT.last


def test_hours_lead_from_dose_to_dose() -> None:
    here = View("hours", dose=2)
    ways = ways_from(here, window_of(here, EXTENT, DOSES, NOW, ZONE), EXTENT, len(DOSES), NOW, ZONE)

    assert (ways.earlier, ways.later) == (replace(here, dose=1), replace(here, dose=3))
