"""Dates and times as people say them, in the zone of the one who reads."""

from datetime import UTC, date, datetime, timedelta

import pytest

from firstlight.ground.design import clocks

NOW = datetime(2026, 11, 23, 3, 30, tzinfo=UTC)  # Sunday 22:30 in New York, Monday 14:30 in Melbourne
NEW_YORK = "America/New_York"
MELBOURNE = "Australia/Melbourne"


def test_time_of_day_is_that_of_the_zone() -> None:
    assert clocks.time_text(NOW, NEW_YORK) == "22:30"
    assert clocks.time_text(NOW, MELBOURNE) == "14:30"


def test_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        clocks.time_text(datetime(2026, 11, 23, 3, 30), NEW_YORK)  # noqa: DTZ001  # the mistake under test


def test_date_has_its_month_in_letters() -> None:
    assert clocks.date_text(date(2026, 3, 4)) == "Wed 4 Mar 2026"


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (0, "today"),
        (2, "tomorrow"),  # 00:30 in New York
        (-23, "yesterday"),
        (48, "Tuesday"),
        (24 * 6, "Saturday"),
        (24 * 7, "Sun 29 Nov"),
        (-48, "Fri 20 Nov"),
        (24 * 60, "Thu 21 Jan 2027"),
    ],
)
def test_day_is_said_as_people_say_it(hours: int, expected: str) -> None:
    assert clocks.day_text(NOW + timedelta(hours=hours), NOW, NEW_YORK) == expected


def test_day_turns_at_midnight_of_the_zone() -> None:
    later = NOW + timedelta(hours=2)

    assert clocks.day_text(later, NOW, NEW_YORK) == "tomorrow"
    assert clocks.day_text(later, NOW, MELBOURNE) == "today"


def test_moment_in_the_hour_that_summer_time_repeats_keeps_its_order() -> None:
    first, second = datetime(2026, 11, 1, 5, 30, tzinfo=UTC), datetime(2026, 11, 1, 6, 30, tzinfo=UTC)

    assert clocks.time_text(first, NEW_YORK) == clocks.time_text(second, NEW_YORK) == "01:30"
    assert clocks.relative_text(second, first) == "in 1 h"


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (0.5, "under 1 min"),
        (1, "1 min"),
        (59.9, "59 min"),
        (60, "1 h"),
        (65, "1 h 5 min"),
        (1440, "1 day"),
        (4000, "2 days"),
    ],
)
def test_span_is_short(minutes: float, expected: str) -> None:
    assert clocks.span_text(timedelta(minutes=minutes)) == expected
    assert clocks.span_text(-timedelta(minutes=minutes)) == expected


@pytest.mark.parametrize(
    ("minutes", "relative", "due"),
    [
        (12, "in 12 min", "due in 12 min"),
        (0.9, "now", "due now"),
        (-0.9, "now", "due now"),
        (-7, "7 min ago", "7 min late"),
    ],
)
def test_deadline_says_how_it_stands(minutes: float, relative: str, due: str) -> None:
    at = NOW + timedelta(minutes=minutes)

    assert clocks.relative_text(at, NOW) == relative
    assert clocks.due_text(at, NOW) == due


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0, "0:00"), (65, "1:05"), (725, "12:05"), (3725, "1:02:05"), (-3, "0:00")]
)
def test_running_clock_counts_in_seconds(seconds: int, expected: str) -> None:
    assert clocks.running_text(timedelta(seconds=seconds)) == expected
