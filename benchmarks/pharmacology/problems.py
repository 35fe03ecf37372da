"""The reference problem and the film: 481 times, one dose, everyone drawn from the model's own variability."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from firstlight.clinical.pharmacology.bodies import Plan, body, plan
from firstlight.clinical.pharmacology.doses import Dose, Isomer, Route
from firstlight.clinical.pharmacology.draws import normals
from firstlight.clinical.pharmacology.effects import KE0_PER_H
from firstlight.clinical.pharmacology.matrices import Matrices, matrices
from firstlight.clinical.pharmacology.models import MODELS
from firstlight.clinical.pharmacology.people import Person
from firstlight.clinical.pharmacology.systems import Input, System

TIMES_H = np.arange(481) / 60
SEED = 1


@dataclass(frozen=True)
class Problem:
    """Subjects by number, as the engine asks for them."""

    name: str
    plan: Plan
    analytes: tuple[str, ...]
    ke0_per_h: float | None = None

    def __call__(self, first: int, count: int) -> tuple[System, list[Input]]:
        drawn = normals(SEED, first=first, count=count, dimensions=self.plan.draws)
        return body(self.plan, normals=drawn, ke0_per_h=self.ke0_per_h, analytes=self.analytes)

    def typical(self) -> tuple[System, list[Input]]:
        return body(self.plan, ke0_per_h=self.ke0_per_h, analytes=self.analytes)


def infusion(weight_kg: float = 70.0) -> Problem:
    """Otto 2021 with an effect site, 35 mg over 40 minutes: ketamine, norketamine, effect site."""
    dose = Dose(route=Route.INTRAVENOUS, amount_mg=35.0, duration_min=40.0, isomer=Isomer.S)
    planned = plan(MODELS["otto2021"], person=Person(weight_kg=weight_kg), doses=[dose])
    return Problem("otto2021", planned, ("ketamine", "norketamine", "effect_site"), KE0_PER_H)


def film(analytes: Sequence[str]) -> Problem:
    """Simons 2022, 50 mg of S-ketamine as a film: each person has an absorption that ends at another time."""
    dose = Dose(route=Route.FILM, amount_mg=50.0, isomer=Isomer.S)
    planned = plan(MODELS["simons2022"], person=Person(weight_kg=70.0), doses=[dose])
    return Problem("simons2022", planned, tuple(analytes))


def laid_out(problem: Problem, people: int) -> tuple[Matrices, Input, NDArray[np.float64]]:
    """For the others: flow matrices without a pump, the one infusion, and scales ``(outputs, S)``."""
    system, inputs = problem(0, people)
    flows = matrices(system, [Input(inputs[0].state, 0.0)], subjects=people)
    return flows, inputs[0], np.stack([reading.scale for reading in flows.readings])
