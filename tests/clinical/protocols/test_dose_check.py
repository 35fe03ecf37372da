"""A dose taken apart: one refusal never hides another."""

from datetime import date

from firstlight.clinical.protocols.dose_check import Question, dose_check_json
from firstlight.clinical.quantities import Concentration, DosePerKilogram, Minutes, Volume, Weight

USUAL = Question(Weight(70_000), DosePerKilogram(500))


def results(question: Question) -> dict[str, str]:
    return {check["check"]: check["result"] for check in dose_check_json(question)["checks"]}


def test_usual_dose_passes_what_can_be_checked() -> None:
    assert dose_check_json(USUAL) | {"checks": []} == {
        "result": "ok",
        "mg": 35,
        "mg_per_kg": 0.5,
        "ml": None,
        "mg_in_syringe": None,
        "vial_total_mg": None,
        "checks": [],
    }
    assert results(USUAL) == {
        "weight": "ok",
        "weight_age": "not_asked",
        "body_mass": "not_asked",
        "limits": "ok",
        "reason": "ok",
        "syringe": "not_asked",
        "draw": "not_asked",
    }


def test_every_refusal_is_told_at_once() -> None:
    question = Question(
        weight=Weight(95_000),
        per_kilogram=DosePerKilogram(1_000),
        concentration=Concentration(100_000),
        volume=Volume(9_500),
        vial_volume=Volume(5_000),
        height_cm=170,
        weighed_date=date(2026, 11, 1),
        today=date(2026, 11, 22),
    )
    printed = dose_check_json(question)

    assert (printed["mg"], printed["ml"], printed["vial_total_mg"]) == (95, 0.95, 500)
    assert {name for name, result in results(question).items() if result == "refused"} == {
        *("weight_age", "body_mass", "reason", "draw")
    }


def test_amounts_are_not_told_when_the_limits_refuse() -> None:
    printed = dose_check_json(Question(Weight(70_000), DosePerKilogram(500), minutes=Minutes(10)))

    assert (printed["result"], printed["mg"]) == ("refused", None)
