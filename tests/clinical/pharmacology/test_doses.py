"""Doses as ordered: what is refused, and by which name."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from firstlight.clinical.pharmacology.doses import Dose, Isomer, RateChange, Route, infusion
from firstlight.clinical.pharmacology.errors import (
    MissingDuration,
    NegativeDose,
    NotANumber,
    NothingAsked,
    TimesOutOfOrder,
    UnknownWord,
    WrongUnit,
)
from firstlight.clinical.pharmacology.people import Ancestry, Person
from tests.support.scale import count

IV = {"route": Route.INTRAVENOUS, "isomer": Isomer.RACEMATE}


def test_dose_is_read_with_its_units() -> None:
    dose = Dose.of("35 mg", over="40 min", **IV)

    assert (dose.amount_mg, dose.duration_h) == (35.0, pytest.approx(2 / 3))
    assert Dose.of("500 mcg", over="1 min", **IV).amount_mg == 0.5


@pytest.mark.parametrize(
    ("amount", "over", "refusal"),
    [
        ("35 mL", "40 min", WrongUnit),
        ("35", "40 min", WrongUnit),
        ("35 mg", "40 mg", WrongUnit),
        ("-35 mg", "1 min", NegativeDose),
        (".5 mg", "1 min", NotANumber),
        ("a lot", "1 min", NotANumber),
    ],
)
def test_dose_that_cannot_be_read_is_refused_with_what_would_be_right(amount: str, over: str, refusal) -> None:
    with pytest.raises(refusal, match=r"35 mg|40 min"):
        Dose.of(amount, over=over, **IV)


@pytest.mark.parametrize(
    ("values", "refusal", "words"),
    [
        ({"amount_mg": -35, "duration_min": 40}, NegativeDose, "above 0 mg"),
        ({"amount_mg": 0, "duration_min": 40}, NegativeDose, "above 0 mg"),
        ({"amount_mg": float("nan"), "duration_min": 40}, NotANumber, "milligrams"),
        ({"amount_mg": 35}, MissingDuration, "write 0 for a bolus"),
        ({"amount_mg": 35, "duration_min": -1}, NotANumber, "0 for a bolus"),
        ({"amount_mg": 35, "duration_min": 1e-9}, NotANumber, "0 for a bolus"),
        ({"amount_mg": 1e9, "duration_min": 40}, NotANumber, "100,000"),
        ({"amount_mg": 35, "duration_min": float("inf")}, NotANumber, "0 for a bolus"),
        ({"amount_mg": 35, "duration_min": 40, "start_min": -5}, NotANumber, "from time zero"),
        ({"amount_mg": 35, "duration_min": 40, "route": Route.INTRAMUSCULAR}, NotANumber, "leave it out"),
    ],
)
def test_impossible_dose_is_refused_by_name(values, refusal, words: str) -> None:
    with pytest.raises(refusal, match=words):
        Dose(**(IV | values))


def test_route_and_isomer_by_name_are_what_they_name() -> None:
    # once an infusion by name passed as a bolus, and its racemate as S-ketamine
    dose = Dose(route="iv", isomer="racemate", amount_mg=35, duration_min=40)

    assert dose.route is Route.INTRAVENOUS
    assert dose.isomer is Isomer.RACEMATE
    with pytest.raises(MissingDuration):
        Dose(route="iv", isomer="racemate", amount_mg=35)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"route": "rectal"}, "one of iv, im, sc, oral, sublingual, film, intranasal"),
        ({"route": None}, "one of iv, im"),
        ({"isomer": "r"}, "one of racemate, s"),
    ],
)
def test_word_that_names_no_route_or_isomer_is_refused_with_those_there_are(values, words: str) -> None:
    with pytest.raises(UnknownWord, match=words):
        Dose(**(IV | {"amount_mg": 35, "duration_min": 40} | values))


@pytest.mark.parametrize("field", ["amount_mg", "start_min", "duration_min"])
@pytest.mark.parametrize("value", ["35", True, [35]])
def test_amounts_and_minutes_that_are_no_numbers_are_refused(field: str, value: object) -> None:
    with pytest.raises(NotANumber, match="give m"):
        Dose(**(IV | {"amount_mg": 35, "duration_min": 40} | {field: value}))


def test_infusion_with_a_pause_is_one_dose_for_each_running_stretch() -> None:
    # 30 mg/h for 20 min = 10 mg; pause of 10 min; 60 mg/h for 15 min = 15 mg
    changes = [RateChange(0, 30), RateChange(20, 0), RateChange(30, 60)]

    doses = infusion(isomer=Isomer.RACEMATE, changes=changes, end_min=45)

    assert [(dose.start_min, dose.duration_min, dose.amount_mg) for dose in doses] == [(0, 20, 10.0), (30, 15, 15.0)]


@pytest.mark.parametrize(
    ("changes", "end_min", "refusal"),
    [
        ([], 40, NothingAsked),
        ([RateChange(0, 30), RateChange(0, 20)], 40, TimesOutOfOrder),
        ([RateChange(10, 30), RateChange(5, 20)], 40, TimesOutOfOrder),
        ([RateChange(0, 30)], 0, TimesOutOfOrder),
        ([RateChange(0, float("nan"))], 40, NotANumber),
        ([RateChange(0, -30)], 40, NegativeDose),
    ],
)
def test_impossible_infusion_is_refused_by_name(changes, end_min: float, refusal) -> None:
    with pytest.raises(refusal):
        infusion(isomer=Isomer.RACEMATE, changes=changes, end_min=end_min)


@settings(max_examples=count(reduced=30, full=1000), deadline=None)
@given(st.lists(st.tuples(st.floats(0.5, 60), st.just(0.0) | st.floats(0.1, 200)), min_size=1, max_size=6))
def test_infusion_gives_what_its_rates_add_up_to(stretches: list[tuple[float, float]]) -> None:
    changes, at = [], 0.0
    for minutes, rate in stretches:
        changes.append(RateChange(at, rate))
        at += minutes

    assume(any(rate for _, rate in stretches))

    doses = infusion(isomer=Isomer.S, changes=changes, end_min=at)

    assert sum(dose.amount_mg for dose in doses) == pytest.approx(sum(m * r / 60 for m, r in stretches))


@pytest.mark.parametrize(
    "about",
    [
        {"weight_kg": 0},
        {"weight_kg": float("nan")},
        {"weight_kg": 70, "age_years": -1},
        {"weight_kg": "70 kg"},
        {"weight_kg": 70, "age_years": "31"},
    ],
)
def test_person_who_cannot_be_is_refused(about) -> None:
    with pytest.raises(NotANumber, match="give the"):
        Person(**about)


def test_ancestry_by_name_is_what_it_names_and_another_word_is_refused() -> None:
    assert Person(weight_kg=70, ancestry="japanese").ancestry is Ancestry.JAPANESE
    with pytest.raises(UnknownWord, match="one of japanese, other_asian, other"):
        Person(weight_kg=70, ancestry="japan")


def test_infusion_that_never_runs_is_refused() -> None:
    with pytest.raises(NothingAsked, match="at least one rate above 0"):
        infusion(isomer=Isomer.S, changes=[RateChange(0, 0), RateChange(10, 0)], end_min=20)
