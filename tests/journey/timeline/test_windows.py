"""Which stretch of time the timeline shows: from the hours of a dose to everything, by address, across clock changes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
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
    Ways,
    Window,
    counted_from,
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


MINUTE = timedelta(minutes=1)


def window(view: View) -> tuple[datetime, datetime]:
    found = shown(view)
    return found.starts_at, found.ends_at


def shown(view: View, doses: Sequence[datetime] = DOSES) -> Window:
    return window_of(settled(view, doses), EXTENT, doses, NOW, ZONE)


def ways(view: View) -> Ways:
    here = settled(view, DOSES)
    return ways_from(here, shown(here), EXTENT, len(DOSES), NOW)


def zoomed(view: View, length: str) -> View:
    here = settled(view, DOSES)
    return lengthened(here, length, shown(here))


@pytest.mark.parametrize(
    ("view", "starts", "length"),
    [
        (View("hours", dose=2), DOSES[1] - HOUR, 8 * HOUR),
        (View("hours"), DOSES[3] - HOUR, 8 * HOUR),
        (View("day", dose=1), DOSES[0] - 3 * HOUR, 30 * HOUR),
        (View("day"), DOSES[3] - 3 * HOUR, 30 * HOUR),
        (View("week", dose=3), DOSES[2] - 3 * DAY, 7 * DAY),
        (View("month", dose=3), DOSES[2] - 15 * DAY, 31 * DAY),
    ],
)
def test_window_of_a_dose_begins_before_it(view: View, starts: datetime, length: timedelta) -> None:
    assert window(view) == (starts, starts + length)


def test_window_around_a_moment_has_it_in_the_middle_where_the_clocks_change_too() -> None:
    middle = datetime(2026, 11, 1, 17, 0, tzinfo=UTC)
    starts_at, ends_at = window(View("week", around=middle))

    assert (starts_at, ends_at) == (middle - 84 * HOUR, middle + 84 * HOUR)
    assert starts_at.astimezone(ZONE).hour == ends_at.astimezone(ZONE).hour + 1  # the clocks went back on 1 November


def test_day_without_any_dose_holds_the_whole_day_of_the_last_fact() -> None:
    found = shown(View("day"), [])

    assert found.starts_at <= datetime(2026, 12, 19, tzinfo=ZONE)
    assert found.ends_at >= datetime(2026, 12, 20, tzinfo=ZONE)


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
        {"view": "week", "around": "yesterday"},
        {"view": "week", "around": "2026-11-01"},
        {"view": "week", "around": "00010101T0000Z"},
        {"view": "week", "around": "99991231T2359Z"},
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
    around=st.none()
    | st.integers(0, 69 * 24 * 60).map(lambda minutes: EXTENT.first + minutes * MINUTE)
    | st.sampled_from([EXTENT.first - 400 * DAY, NOW + 400 * DAY]),
)
WITHIN = VIEWS_OF_ALL_KINDS.filter(lambda view: view.around is None or EXTENT.first <= view.around <= EXTENT.last)


@given(VIEWS_OF_ALL_KINDS)
def test_address_leads_back_to_its_view(view: View) -> None:
    asked = dict(part.split("=") for part in view.query.removeprefix("?").split("&"))

    assert view_from(asked) == view


@given(VIEWS_OF_ALL_KINDS)
def test_every_way_leads_to_a_window_that_has_a_length_and_another_way_back(view: View) -> None:
    found = ways(view)

    for way in (found.earlier, found.later, found.closer, found.further):
        if way is not None:
            there = shown(way)
            assert there.starts_at < there.ends_at
    assert (found.closer is None) == (view.length == VIEWS[0])
    assert (found.further is None) == (view.length == VIEWS[-1])
    if found.further is not None:
        assert LENGTHS[found.further.length] is None or LENGTHS[found.further.length] > LENGTHS[view.length]  # type: ignore[operator]  # only everything has no length


@given(VIEWS_OF_ALL_KINDS, st.sampled_from(VIEWS[:-1]))
def test_zoom_keeps_the_moment_in_the_middle_there(view: View, length: str) -> None:
    here = settled(view, DOSES)
    chosen_dose = here.dose is not None and here.around is None
    there = shown(zoomed(here, length))

    if chosen_dose:  # it is in sight at every length; only the hours in the chair begin nearer to it
        at = DOSES[(here.dose or 0) - 1]
        assert there.starts_at < at < there.ends_at
        assert length == "hours" or there.middle == at + 12 * HOUR
    elif here.length != "all":
        assert abs(there.middle - shown(here).middle) < MINUTE


@given(VIEWS_OF_ALL_KINDS, st.lists(st.sampled_from(VIEWS), min_size=1, max_size=5))
def test_zoom_and_back_returns_to_where_one_was(view: View, lengths: list[str]) -> None:
    here = there = settled(view, DOSES)
    for length in lengths:
        there = zoomed(there, length)
    back = zoomed(there, here.length)

    if here.length == "all":
        assert shown(back) == shown(here)
    else:
        assert abs(shown(back).starts_at - shown(here).starts_at) < MINUTE
    assert (back.dose, back.lanes) == (here.dose, here.lanes)


@given(WITHIN, st.sampled_from(VIEWS[:-1]), st.sampled_from(["earlier", "later"]))
def test_shift_then_zoom_and_back_then_shift_back_returns_to_where_one_was(view: View, other: str, way: str) -> None:
    here = settled(view, DOSES)
    moved = getattr(ways(here), way)
    if moved is None:
        return
    back = zoomed(zoomed(moved, other), moved.length)
    assert shown(back) == shown(moved)

    again = getattr(ways(back), {"earlier": "later", "later": "earlier"}[way])
    assert abs(shown(again).starts_at - shown(here).starts_at) < MINUTE


def test_view_of_a_dose_counted_from_the_first_again_stays_where_it_is() -> None:
    here = View("hours", dose=2)
    there = counted_from(here, None, shown(here))

    assert (there.dose, shown(there).starts_at) == (None, shown(here).starts_at)
    assert counted_from(there, 3, shown(there)) == View("hours", dose=3)


@pytest.mark.parametrize("length", list(STEPS))
def test_earlier_again_and_again_comes_to_the_first_fact_and_ends(length: str) -> None:
    view: View | None = View(length, dose=4, around=DOSES[3])
    seen = []
    while view is not None:
        found = shown(view)
        seen.append(found.starts_at)
        view = ways(view).earlier
        assert len(seen) < 200

    assert seen == sorted(seen, reverse=True)
    assert seen[-1] <= EXTENT.first


@pytest.mark.parametrize("length", list(STEPS))
def test_later_again_and_again_comes_to_the_last_fact_and_ends(length: str) -> None:
    view: View | None = View(length, dose=1, around=DOSES[0])
    while view is not None:
        found = shown(view)
        before, view = view, ways(view).later
        assert view != before

    assert found.ends_at >= EXTENT.last


def test_hours_lead_from_dose_to_dose() -> None:
    here = View("hours", dose=2)

    assert (ways(here).earlier, ways(here).later) == (replace(here, dose=1), replace(here, dose=3))
