"""Times of a clinic's wall clock: the moments they mean, also on the two nights when clocks change.

New York 2026: forward on 8 March at 02:00, back on 1 November at 02:00 (US Energy Policy Act of 2005).
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstlight.ground.people.errors import Refused
from firstlight.ground.visits.clocktimes import bounds_of, day_of, moment_of

NEW_YORK = "America/New_York"


@pytest.mark.parametrize(
    ("on", "clock", "moment"),
    [
        (date(2026, 3, 7), time(10), datetime(2026, 3, 7, 15, tzinfo=UTC)),
        (date(2026, 3, 8), time(10), datetime(2026, 3, 8, 14, tzinfo=UTC)),
        (date(2026, 10, 31), time(10), datetime(2026, 10, 31, 14, tzinfo=UTC)),
        (date(2026, 11, 1), time(10), datetime(2026, 11, 1, 15, tzinfo=UTC)),
    ],
)
def test_ten_in_the_morning_stays_ten_when_clocks_change(on: date, clock: time, moment: datetime) -> None:
    assert moment_of(on, clock, NEW_YORK) == moment


def test_time_that_does_not_come_is_refused() -> None:
    with pytest.raises(Refused, match="There is no 02:30 on 2026-03-08") as refused:
        moment_of(date(2026, 3, 8), time(2, 30), NEW_YORK)

    assert refused.value.field == "time"


def test_time_that_comes_twice_is_refused() -> None:
    with pytest.raises(Refused, match="01:30 comes twice on 2026-11-01"):
        moment_of(date(2026, 11, 1), time(1, 30), NEW_YORK)


@pytest.mark.parametrize(("on", "hours"), [(date(2026, 3, 8), 23), (date(2026, 3, 9), 24), (date(2026, 11, 1), 25)])
def test_days_have_the_hours_that_the_clock_gives_them(on: date, hours: int) -> None:
    begin, end = bounds_of(on, NEW_YORK)

    assert end - begin == timedelta(hours=hours)


@given(
    at=st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001  # a wall clock has no zone
    zone=st.sampled_from([NEW_YORK, "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "America/St_Johns"]),
)
def test_clock_shows_the_time_that_was_chosen(at: datetime, zone: str) -> None:
    at = at.replace(second=0, microsecond=0)
    try:
        moment = moment_of(at.date(), at.time(), zone)
    except Refused:
        return

    assert moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == at
    begin, end = bounds_of(at.date(), zone)
    assert begin <= moment < end
    assert day_of(moment, zone) == at.date()
