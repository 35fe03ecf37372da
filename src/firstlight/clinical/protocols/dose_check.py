"""A dose taken apart: every check with its result, for `firstlight dose-check` and for people who want to see why."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, TypeVar

from firstlight.clinical.protocols import dose
from firstlight.clinical.quantities import (
    Amount,
    Concentration,
    DosePerKilogram,
    Mass,
    Minutes,
    QuantityError,
    Volume,
    Weight,
)

Made = TypeVar("Made")
USUAL_MINUTES = Minutes(40)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a dose. Only weight and dose per kilogram must be given; the rest is checked where it is."""

    weight: Weight
    per_kilogram: DosePerKilogram
    minutes: Minutes = USUAL_MINUTES
    route: str = "intravenous"
    concentration: Concentration | None = None
    volume: Volume | None = None
    vial_volume: Volume | None = None
    height_cm: int | None = None
    bmi_choice: str = ""
    reason: str = ""
    weighed_date: date | None = None
    today: date | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One check: `refusal` is the sentence of what is wrong, empty when it passed; `asked` whether it could be made."""

    name: str
    asked: bool = True
    refusal: str = ""

    @property
    def result(self) -> str:
        return "refused" if self.refusal else "ok" if self.asked else "not_asked"


@dataclass(frozen=True, slots=True)
class Examined:
    """Every check of one question, and the amounts as far as they can be told."""

    checks: tuple[Check, ...]
    plan: dose.DosePlan | None
    syringe: dose.Syringe | None
    vial: Mass | None

    @property
    def refused(self) -> bool:
        return any(check.refusal for check in self.checks)


def examine(question: Question) -> Examined:
    """Make every check that can be made, whatever the others say."""
    plan, limits = _made("limits", lambda: _order(question))
    syringe, on_syringe = _on_syringe(question, plan)
    checks = (
        _made("weight", lambda: dose.check_plausible(question.weight))[1],
        _weight_age(question),
        _body_mass(question),
        limits,
        _made("reason", lambda: dose.check_reason(plan, question.reason))[1] if plan else Check("reason", asked=False),
        on_syringe,
        _draw(question, plan),
    )
    vial = question.concentration and question.vial_volume and question.concentration.mass_in(question.vial_volume)
    return Examined(checks, plan, syringe, vial or None)


def dose_check_json(question: Question) -> dict[str, Any]:
    """What `firstlight dose-check` prints: plain numbers, None where they cannot be told, and every check."""
    found = examine(question)
    return {
        "result": "refused" if found.refused else "ok",
        "mg": _number(found.plan.mass if found.plan else None),
        "mg_per_kg": _number(question.per_kilogram),
        "ml": _number(found.syringe.volume if found.syringe else None),
        "mg_in_syringe": _number(found.syringe.mass if found.syringe else None),
        "vial_total_mg": _number(found.vial),
        "checks": [{"check": check.name, "result": check.result, "text": check.refusal} for check in found.checks],
    }


def _number(amount: Amount | None) -> int | float | None:
    """An amount in units a thousand times its smallest (mg, mL, mg/kg), without a trailing zero."""
    if amount is None:
        return None
    whole, rest = divmod(amount.count, 1_000)
    return amount.count / 1_000 if rest else whole


def _made(name: str, run: Callable[[], Made]) -> tuple[Made | None, Check]:
    try:
        return run(), Check(name)
    except QuantityError as error:
        return None, Check(name, refusal=str(error))


def _order(question: Question) -> dose.DosePlan:
    return dose.order(
        weight=question.weight,
        per_kilogram=question.per_kilogram,
        minutes=question.minutes,
        route=question.route,
    )


def _weight_age(question: Question) -> Check:
    weighed_date, today = question.weighed_date, question.today
    if weighed_date is None or today is None:
        return Check("weight_age", asked=False)
    return _made("weight_age", lambda: dose.check_age(question.weight, measured_date=weighed_date, today=today))[1]


def _body_mass(question: Question) -> Check:
    height_cm = question.height_cm
    if height_cm is None:
        return Check("body_mass", asked=False)
    run = partial(dose.check_bmi, question.weight, height_cm=height_cm, choice=question.bmi_choice)
    return _made("body_mass", run)[1]


def _on_syringe(question: Question, plan: dose.DosePlan | None) -> tuple[dose.Syringe | None, Check]:
    if plan is None or question.concentration is None:
        return None, Check("syringe", asked=False)
    return _made("syringe", partial(dose.on_syringe, plan.mass, question.concentration))


def _draw(question: Question, plan: dose.DosePlan | None) -> Check:
    if plan is None or question.concentration is None or question.volume is None:
        return Check("draw", asked=False)
    run = partial(dose.check_draw, plan.mass, concentration=question.concentration, volume=question.volume)
    return _made("draw", partial(run, route=question.route))[1]
