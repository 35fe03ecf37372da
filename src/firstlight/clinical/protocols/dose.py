"""From weight and mg/kg to an amount a syringe can hold, inside limits that nobody can slip past.

Limits are ours (data/session.yaml). Two real mix-ups shaped them: 950 mg for 95 (AHRQ PSNet 2021) and 500 mg for 50 (ISMP 1998).
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from firstlight.clinical.protocols.session import figures
from firstlight.clinical.quantities import Concentration, DosePerKilogram, Mass, Minutes, QuantityError, Volume, Weight

ORDER_STEP_UG = 100


@dataclass(frozen=True, slots=True)
class DosePlan:
    """An ordered amount: what it is in all and for each kilogram, and which limits it was held against."""

    mass: Mass
    per_kilogram: DosePerKilogram
    minutes: Minutes
    needs_reason: bool
    tag: str


@dataclass(frozen=True, slots=True)
class Syringe:
    """What is drawn for a dose: the volume on the syringe's steps, and exactly the mass in it."""

    volume: Volume
    mass: Mass


def _route(route: str) -> Any:
    routes = figures()["routes"]
    if route not in routes:
        raise QuantityError(
            field="route", value=route, expected=f"routes are {', '.join(routes)}", code="unknown_route"
        )
    return routes[route]


def check_weight(weight: Weight, *, measured_date: date, today: date) -> None:
    """Refuse a weight that no adult has, one from the future, or one that is older than the plan allows."""
    rule = figures()["weight"]
    low, high = rule["plausible_g"]
    if not low <= weight.g <= high:
        expected = f"an adult's weight lies between {Weight(low).text()} and {Weight(high).text()}; check unit and decimal point"
        raise QuantityError(field="weight", value=weight.text(), expected=expected, code="implausible_weight")
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
    return DosePlan(mass, per_kilogram, minutes, per_kilogram.ug_per_kg > limits["soft_ug_per_kg"], limits["tag"])


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
