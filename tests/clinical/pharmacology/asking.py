"""Short ways to ask the models for what papers print: plateaus, areas, half-lives."""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from firstlight.clinical.pharmacology.bodies import Plan, body, plan
from firstlight.clinical.pharmacology.doses import Dose, Isomer, Route
from firstlight.clinical.pharmacology.models import MODELS
from firstlight.clinical.pharmacology.people import Person
from firstlight.clinical.pharmacology.solving import concentrations
from firstlight.clinical.pharmacology.systems import Flow

FOREVER_H = 1_000.0


def given(name: str, *doses: Dose, weight_kg: float = 70.0, **about) -> Plan:
    """Doses for a person, by the model of this name."""
    return plan(MODELS[name], person=Person(weight_kg=weight_kg, **about), doses=doses)


def dose(name: str, mg: float, route: Route = Route.INTRAVENOUS, **more) -> Dose:
    """A dose of the model's own isomer; intravenous ones are a bolus where nothing else is said."""
    if route is Route.INTRAVENOUS:
        more.setdefault("duration_min", 0.0)
    return Dose(**{"route": route, "isomer": MODELS[name].isomer, "amount_mg": mg} | more)


def racemate(mg: float, route: Route = Route.INTRAVENOUS, **more) -> Dose:
    """The same of the racemate."""
    if route is Route.INTRAVENOUS:
        more.setdefault("duration_min", 0.0)
    return Dose(**{"route": route, "isomer": Isomer.RACEMATE, "amount_mg": mg} | more)


def levels(planned: Plan, time_h) -> dict[str, NDArray[np.float64]]:
    """ng/mL of every analyte at these hours, for the typical person."""
    system, inputs = body(planned)
    return {name: rows[0] for name, rows in concentrations(system, inputs, np.asarray(time_h, dtype=float)).items()}


def plateau(name: str, mg_per_h: float, weight_kg: float = 70.0) -> dict[str, float]:
    """ng/mL of every analyte at the end of an infusion of a thousand hours."""
    lasting = dose(name, mg_per_h * FOREVER_H, duration_min=FOREVER_H * 60)
    return {analyte: row[0] for analyte, row in levels(given(name, lasting, weight_kg=weight_kg), [FOREVER_H]).items()}


def area(planned: Plan, analyte: str, until_h: float = FOREVER_H) -> float:
    """The integral of one analyte, ng·h/mL, gathered by a state that follows it."""
    system, inputs = body(planned)
    output = next(one for one in system.outputs if one.name == analyte)
    gathering = replace(
        system,
        states=(*system.states, "gathered"),
        flows=(*system.flows, Flow(output.state, "gathered", 1.0, drains=False)),
        outputs=(replace(output, state="gathered"),),
    )
    return float(concentrations(gathering, inputs, np.array([until_h]))[analyte][0, 0])


def half_life_h(name: str, between_h: tuple[float, float] = (40.0, 50.0)) -> float:
    """The half-life at the end, after a bolus."""
    earlier, later = levels(given(name, dose(name, 35)), between_h)["ketamine"]
    return math.log(2) * (between_h[1] - between_h[0]) / math.log(earlier / later)


def highest(planned: Plan, analyte: str, until_h: float = 24.0) -> float:
    """The highest ng/mL on a grid of 36 s."""
    return float(levels(planned, np.linspace(0.0, until_h, int(until_h * 100) + 1))[analyte].max())
