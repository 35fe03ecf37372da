"""The pump's arithmetic: what was given at which moment, never more than the syringe holds."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from firstlight.journey.dosing.infusion import Step, delivered_ug, empty_at, even_rate_ug_per_min

START = datetime(2026, 11, 26, 15, 30, tzinfo=UTC)


def after(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def test_even_rate_empties_35_mg_in_40_minutes() -> None:
    assert even_rate_ug_per_min(35_000, 40) == 875


def test_uneven_rate_is_rounded_up_so_that_the_syringe_empties() -> None:
    rate = even_rate_ug_per_min(34_900, 40)

    assert rate == 873
    assert delivered_ug([Step(START, rate)], 34_900, after(40)) == 34_900


@pytest.mark.parametrize(
    ("minutes", "given_ug"), [(-5, 0), (0, 0), (1, 875), (10, 8_750), (20.5, 17_938), (40, 35_000), (90, 35_000)]
)
def test_given_grows_with_time_up_to_the_dose(minutes: float, given_ug: int) -> None:
    assert delivered_ug([Step(START, 875)], 35_000, after(minutes)) == given_ug


def test_nothing_is_given_before_the_first_step() -> None:
    assert delivered_ug([], 35_000, START) == 0
    assert empty_at([], 35_000) is None


def test_pause_and_change_of_rate_are_added_up() -> None:
    steps = [Step(START, 875), Step(after(10), 0), Step(after(15), 875), Step(after(25), 500)]

    assert delivered_ug(steps, 35_000, after(12)) == 8_750
    assert delivered_ug(steps, 35_000, after(25)) == 17_500
    assert delivered_ug(steps, 35_000, after(35)) == 22_500


def test_end_stops_the_sum() -> None:
    steps = [Step(START, 875), Step(after(12), 0)]

    assert delivered_ug(steps, 35_000, after(12)) == delivered_ug(steps, 35_000, after(600)) == 10_500


def test_syringe_is_empty_when_the_rates_have_used_it_up() -> None:
    paused = [Step(START, 875), Step(after(10), 0)]

    assert empty_at([Step(START, 875)], 35_000) == after(40)
    assert empty_at(paused, 35_000) is None
    assert empty_at([*paused, Step(after(15), 875)], 35_000) == after(45)
    assert empty_at([Step(START, 875), Step(after(50), 0)], 35_000) == after(40)


steps_of_a_day = some.lists(some.tuples(some.integers(0, 3_600), some.integers(0, 4_000)), min_size=1, max_size=8).map(
    lambda rows: [
        Step(START + timedelta(seconds=sum(r[0] for r in rows[: n + 1])), rate) for n, (_, rate) in enumerate(rows)
    ]
)


@given(
    steps=steps_of_a_day,
    dose_ug=some.integers(1, 100_000),
    first=some.integers(0, 40_000),
    later=some.integers(0, 40_000),
)
def test_given_never_falls_and_never_passes_the_syringe(
    steps: list[Step], dose_ug: int, first: int, later: int
) -> None:
    earlier, after_it = START + timedelta(seconds=first), START + timedelta(seconds=first + later)

    assert 0 <= delivered_ug(steps, dose_ug, earlier) <= delivered_ug(steps, dose_ug, after_it) <= dose_ug


@given(
    steps=steps_of_a_day, dose_ug=some.integers(1, 100_000), seconds=some.integers(0, 40_000), cut=some.integers(0, 7)
)
def test_a_step_that_changes_nothing_changes_nothing(steps: list[Step], dose_ug: int, seconds: int, cut: int) -> None:
    now, place = START + timedelta(seconds=seconds), cut % len(steps)
    doubled = [*steps[: place + 1], Step(steps[place].at, steps[place].rate_ug_per_min), *steps[place + 1 :]]

    assert delivered_ug(doubled, dose_ug, now) == delivered_ug(steps, dose_ug, now)


@given(steps=steps_of_a_day, dose_ug=some.integers(1, 100_000))
def test_syringe_is_empty_exactly_when_the_whole_dose_is_given(steps: list[Step], dose_ug: int) -> None:
    empty = empty_at(steps, dose_ug)

    if empty is None:
        assert (
            delivered_ug(steps, dose_ug, steps[-1].at + timedelta(days=1)) < dose_ug or steps[-1].rate_ug_per_min == 0
        )
    else:
        assert delivered_ug(steps, dose_ug, empty) == dose_ug
        assert delivered_ug(steps, dose_ug, empty - timedelta(minutes=2)) <= dose_ug
