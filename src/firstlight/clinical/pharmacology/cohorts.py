"""People drawn from a model's variability: the callable that the population simulator asks for subjects by number."""

import math
from collections.abc import Collection
from dataclasses import dataclass

from firstlight.clinical.pharmacology.accepting import checked_number, each_of, one_of
from firstlight.clinical.pharmacology.bodies import Plan, body
from firstlight.clinical.pharmacology.draws import normals
from firstlight.clinical.pharmacology.errors import NotANumber, VariabilityUnknown
from firstlight.clinical.pharmacology.models import MODELS
from firstlight.clinical.pharmacology.systems import Input, System


@dataclass(frozen=True, slots=True)
class Cohort:
    """Subjects of one plan. The same seed gives a subject of the same number the same body, in any portion."""

    plan: Plan
    seed: int
    ke0_per_h: float | None = None
    analytes: tuple[str, ...] = ()

    def __call__(self, first: int, count: int) -> tuple[System, list[Input]]:
        """Body and inputs of subjects `first` … `first + count - 1`, one value a subject, shape (count,)."""
        drawn = normals(self.seed, first=first, count=count, dimensions=self.plan.draws)
        return body(self.plan, normals=drawn, ke0_per_h=self.ke0_per_h, analytes=self.analytes)


def cohort(planned: Plan, *, seed: int = 1, ke0_per_h: float | None = None, analytes: Collection[str] = ()) -> Cohort:
    """People who vary as the model's paper says. Raises VariabilityUnknown where it does not say, WrongKind, NotANumber."""
    one_of(Plan, planned, field="planned", expected="give what `plan(model, person=…, doses=…)` answers")
    expected = "give the effect site's rate per hour, above 0, or leave it out"
    if ke0_per_h is not None and not 0 < checked_number(ke0_per_h, field="ke0", expected=expected) < math.inf:
        raise NotANumber(field="ke0", value=ke0_per_h, expected=expected)
    names = each_of(str, analytes, field="analytes", expected="give a list of names, such as ['ketamine']")
    if not planned.model.variability:
        others = " or ".join(name for name, model in MODELS.items() if model.variability)
        expected = f"its paper gives no variability between people here; ask for the typical person, or take {others}"
        raise VariabilityUnknown(field="model", value=planned.model.name, expected=expected)
    return Cohort(planned, seed, ke0_per_h, names)
