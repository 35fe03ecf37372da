"""From weight and mg/kg to an amount a syringe can hold, inside limits that nobody can slip past.

Limits are ours (data/session.yaml). Two real mix-ups shaped them: 950 mg for 95 (AHRQ PSNet 2021) and 500 mg for 50
(ISMP 1998).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from firstlight.clinical.protocols.session import figures
from firstlight.clinical.quantities import Concentration, DosePerKilogram, Mass, Minutes, QuantityError, Volume, Weight

ORDER_STEP_UG = 100
BMI_CHOICES = ("actual", "adjusted")


@dataclass(frozen=True, slots=True)
class DosePlan:
    """An ordered amount: what it is in all and for each kilogram, and which limits it was held against."""

    mass: Mass
    per_kilogram: DosePerKilogram
    minutes: Minutes
    needs_reason: bool
    tag: str
    route: str = "intravenous"


@dataclass(frozen=True, slots=True)
class Syringe:
    """What is drawn for a dose: the volume on the syringe's steps, and exactly the mass in it."""

    volume: Volume
    mass: Mass


@dataclass(frozen=True, slots=True)
class Computed:
    """An order, and the syringe for it when the vial's concentration is known."""

    plan: DosePlan
    syringe: Syringe | None


def _route(route: str) -> Any:
    routes = figures()["routes"]
    if route not in routes:
        raise QuantityError(
            field="route", value=route, expected=f"routes are {', '.join(routes)}", code="unknown_route"
        )
    return routes[route]


def check_plausible(weight: Weight) -> None:
    """Refuse a weight that no adult has: 0.7 kg, 700 kg."""
    low, high = (Weight(grams) for grams in figures()["weight"]["plausible_g"])
    if not low <= weight <= high:
        expected = f"an adult's weight lies between {low.text()} and {high.text()}; check unit and decimal point"
        raise QuantityError(field="weight", value=weight.text(), expected=expected, code="implausible_weight")


def check_weight(weight: Weight, *, measured_date: date, today: date) -> None:
    """Refuse a weight that no adult has, one from the future, or one that is older than the plan allows."""
    check_plausible(weight)
    check_age(weight, measured_date=measured_date, today=today)


def check_age(weight: Weight, *, measured_date: date, today: date) -> None:
    """Refuse a weight from the future, or one that is older than the plan allows."""
    rule = figures()["weight"]
    age = (today - measured_date).days
    if not 0 <= age <= rule["oldest_days"]:
        measured, days = measured_date.isoformat(), rule["oldest_days"]
        expected = f"it was measured on {measured}; measure again, within {days} days of the order"
        raise QuantityError(field="weight", value=weight.text(), expected=expected, code="old_weight")


def order(*, weight: Weight, per_kilogram: DosePerKilogram, minutes: Minutes, route: str = "intravenous") -> DosePlan:
    """Compute an ordered amount, rounded down to 0.1 mg. Raises QuantityError beyond a hard limit.

    `needs_reason` tells that the dose lies above the soft limit: the order must then say why.
    """
    limits = _route(route)["limits"]
    if per_kilogram.ug_per_kg > limits["hard_ug_per_kg"]:
        most = DosePerKilogram(limits["hard_ug_per_kg"]).text()
        raise QuantityError(
            field="dose per kilogram", value=per_kilogram.text(), expected=f"at most {most}", code="too_large"
        )
    if minutes.count < limits["least_minutes"]:
        raise QuantityError(
            field="minutes", value=minutes.text(), expected=f"at least {limits['least_minutes']} min", code="too_short"
        )
    exact_ug = weight.g * per_kilogram.ug_per_kg // 1000
    mass = Mass(exact_ug - exact_ug % ORDER_STEP_UG)
    if mass.ug > limits["hard_ug"] or mass.ug == 0:
        raise QuantityError(
            field="dose",
            value=mass.text(),
            expected=f"more than 0 and at most {Mass(limits['hard_ug']).text()}",
            code="too_large",
        )
    return DosePlan(
        mass, per_kilogram, minutes, per_kilogram.ug_per_kg > limits["soft_ug_per_kg"], limits["tag"], route
    )


def check_bmi(weight: Weight, *, height_cm: int, choice: str) -> None:
    """From a body mass index of 30 on, refuse until the prescriber chose the weight to dose on ("actual" or "adjusted")."""
    limit = figures()["weight"]["bmi_choice_from"]
    if weight.g * 10 >= limit * height_cm * height_cm and choice not in BMI_CHOICES:
        expected = f"the body mass index is {limit} or more; choose the weight to dose on: {' or '.join(BMI_CHOICES)}"
        raise QuantityError(field="bmi_choice", value=choice, expected=expected, code="bmi_choice")


def check_reason(plan: DosePlan, reason: str) -> None:
    """Above the soft limit an order says why."""
    if plan.needs_reason and not reason.strip():
        soft = DosePerKilogram(_route(plan.route)["limits"]["soft_ug_per_kg"]).text()
        raise QuantityError(
            field="reason", value=reason, expected=f"a dose above {soft} needs a reason", code="reason_missing"
        )


def on_syringe(ordered: Mass, concentration: Concentration) -> Syringe:
    """Round an ordered amount down to the syringe's steps (0.01 mL), and say exactly what that is."""
    step_ul = figures()["syringe_step_ul"]
    volume_ul = ordered.ug * 1000 // concentration.ug_per_ml
    volume = Volume(volume_ul - volume_ul % step_ul)
    if volume.ul == 0:
        raise QuantityError(
            field="volume",
            value=ordered.text(),
            expected=f"less than one syringe step at {concentration.text()}: choose a weaker lot",
            code="too_fine",
        )
    return Syringe(volume, concentration.mass_in(volume))


def check_draw(ordered: Mass, *, concentration: Concentration, volume: Volume, route: str = "intravenous") -> Mass:
    """The mass that this volume of this vial holds. Refuses more than ordered, and more than any dose may be.

    It is what stops a tenfold error at the vial: the volume of a weak solution drawn from a strong one.
    """
    drawn, hardest = concentration.mass_in(volume), Mass(_route(route)["limits"]["hard_ug"])
    said = f"{volume.text()} of {concentration.text()} is {drawn.text()}"
    if drawn > hardest:
        expected = f"{said}, and no dose may be above {hardest.text()}"
        raise QuantityError(field="volume", value=volume.text(), expected=expected, code="above_hard_limit")
    if drawn > ordered:
        expected = f"{said}, and {ordered.text()} is ordered"
        raise QuantityError(field="volume", value=volume.text(), expected=expected, code="above_order")
    return drawn


def compute(
    *,
    weight_g: int,
    mg_per_kg: Decimal | str,
    concentration: Concentration | None = None,
    minutes: int = 40,
    route: str = "intravenous",
    reason: str = "",
) -> Computed:
    """From raw figures to order and, where the vial is known, syringe. Raises QuantityError for anything refused."""
    weight = Weight(weight_g)
    check_plausible(weight)
    plan = order(weight=weight, per_kilogram=DosePerKilogram.of_mg(mg_per_kg), minutes=Minutes(minutes), route=route)
    check_reason(plan, reason)
    return Computed(plan, on_syringe(plan.mass, concentration) if concentration else None)
