"""Concentrations of one planned dose: the typical person, and the band between people."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from firstlight.clinical.pharmacology.accepting import heard_by, rising, whole
from firstlight.clinical.pharmacology.asking import ask
from firstlight.clinical.pharmacology.bodies import Plan, body, plan
from firstlight.clinical.pharmacology.cohorts import Cohort, cohort
from firstlight.clinical.pharmacology.courses import ISOMER_OF, Course, Measured
from firstlight.clinical.pharmacology.doses import LONGEST_MIN, Dose
from firstlight.clinical.pharmacology.effects import EFFECT_DELAY, KE0_PER_H, Dissociation, dissociation
from firstlight.clinical.pharmacology.errors import NothingAsked
from firstlight.clinical.pharmacology.modelling import Assumption, Model, Site
from firstlight.clinical.pharmacology.people import Person
from firstlight.clinical.pharmacology.population import Progress, portions, question
from firstlight.clinical.pharmacology.solving import concentrations

QUANTILES: Mapping[str, float] = {"p05": 0.05, "p50": 0.50, "p95": 0.95}
MOST_SUBJECTS = 1_000_000
MOST_VALUES_KEPT = 500_000  # of one analyte: 4 MB; more people than that are counted, not kept
PEOPLE_A_PORTION = 16_384
BETWEEN_PEOPLE = Assumption(
    name={"en": "band between people"},
    why={
        "en": "as the model's paper estimates it, with assumed absorption drawn over its bounds; residual error "
        "of single measurements and the uncertainty of the paper's own estimates are not in it"
    },
)


@dataclass(frozen=True, slots=True, repr=False)
class Simulation:
    """What was planned and what comes of it, by analyte."""

    plan: Plan
    at_min: NDArray[np.float64]
    analytes: Mapping[str, Course]
    subjects: int

    def __repr__(self) -> str:
        people = f", {self.subjects:,} people" if self.subjects else ""
        when = f"{self.at_min[0]:g} to {self.at_min[-1]:g} min ({self.at_min.size} times)"
        return f"<Simulation {self.plan.model.name}, {self.site}: {', '.join(self.analytes)}; {when}{people}>"

    @property
    def site(self) -> Site:
        return self.plan.model.site

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        delay = (EFFECT_DELAY,) if "effect_site" in self.analytes else ()
        between = (BETWEEN_PEOPLE,) if self.subjects else ()
        return (*self.plan.assumptions, *delay, *between)

    def dissociation(self, *, read_as_venous: bool = False) -> Dissociation:
        """What the typical person's effect site drives; needs `effect_site=True`. Raises NothingAsked, SitesDiffer."""
        if "effect_site" not in self.analytes:
            raise NothingAsked(field="effect site", value=None, expected="simulate with effect_site=True")
        level = self.analytes["effect_site"].value
        return dissociation(level, site=self.site, isomer=self.plan.isomer, read_as_venous=read_as_venous)


def simulate(
    model: Model,
    *,
    doses: Sequence[Dose],
    person: Person,
    at_min: Sequence[float] | NDArray[np.float64],
    n: int | None = None,
    seed: int = 1,
    effect_site: bool = False,
    analytes: Collection[str] = (),
    cv_percent: Mapping[str, float] | None = None,
    kernel: bool = False,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Simulation:
    """Concentrations in ng/mL at minutes on the doses' clock; with `n`, quantiles over that many drawn people.

    `effect_site` adds the concentration that follows ketamine with a half-life of 6.1 min (Olofsen 2012); `analytes` picks
    some, none picks all; `cv_percent` is that of `plan`. `kernel` draws people through compiled code. Many people are drawn
    on `workers` threads (None: on all cores), and `progress(done, of)` is told how many are done; what it raises, such as
    Cancelled, ends the work.
    The same seed gives the same people. Quantiles of many people come from counts, within 0.8 %.
    Raises a PharmacologyError that says what would be right.
    """
    heard_by(progress)
    planned = plan(model, person=person, doses=doses, cv_percent=cv_percent)
    expected = f"give at least one time, in minutes from time zero, 0 to {LONGEST_MIN:,.0f}"
    minutes = rising(at_min, field="at", expected=expected, most=LONGEST_MIN)
    ke0_per_h = KE0_PER_H if effect_site else None
    system, inputs = body(planned, ke0_per_h=ke0_per_h, analytes=analytes)
    typical = concentrations(system, inputs, minutes / 60)
    bands: dict[str, dict[str, NDArray[np.float64]]] = {}
    if n is not None:
        people = cohort(planned, seed=seed, ke0_per_h=ke0_per_h, analytes=analytes)
        bands = _bands(people, minutes / 60, n, kernel=kernel, workers=workers, progress=progress)
    courses = {
        name: Course(
            value=rows[0],
            at_min=minutes,
            analyte=name,
            isomer=ISOMER_OF.get(name, Measured(planned.isomer)),
            site=model.site,
            quantiles=bands.get(name, {}),
        )
        for name, rows in typical.items()
    }
    return Simulation(planned, minutes, courses, n or 0)


def _bands(
    subjects: Cohort,
    time_h: NDArray[np.float64],
    people: int,
    *,
    kernel: bool,
    workers: int | None,
    progress: Progress | None,
) -> dict[str, dict[str, NDArray[np.float64]]]:
    """Quantiles by analyte. Raises NotANumber for a number of people that nobody can draw."""
    whole(people, field="n", most=MOST_SUBJECTS, expected=f"draw 1 to {MOST_SUBJECTS:,} people, a whole number")
    if people * len(time_h) <= MOST_VALUES_KEPT:
        return _kept_bands(subjects, time_h, people, kernel=kernel, workers=workers, progress=progress)
    return _counted_bands(subjects, time_h, people, kernel=kernel, workers=workers, progress=progress)


def _kept_bands(
    subjects: Cohort,
    time_h: NDArray[np.float64],
    people: int,
    *,
    kernel: bool,
    workers: int | None,
    progress: Progress | None,
) -> dict[str, dict[str, NDArray[np.float64]]]:
    """Exact quantiles; people are solved a portion at a time, so that the caller hears of it and can end it."""
    parts: list[Mapping[str, NDArray[Any]]] = []
    for first, some in portions(people, PEOPLE_A_PORTION):
        parts.append(concentrations(*subjects(first, some), time_h, kernel=kernel, workers=workers))
        if progress is not None:
            progress(first + some, people)
    levels = list(QUANTILES.values())
    return {
        analyte: dict(
            zip(QUANTILES, np.quantile(np.concatenate([part[analyte] for part in parts]), levels, axis=0), strict=True)
        )
        for analyte in parts[0]
    }


def _counted_bands(
    subjects: Cohort,
    time_h: NDArray[np.float64],
    people: int,
    *,
    kernel: bool,
    workers: int | None,
    progress: Progress | None,
) -> dict[str, dict[str, NDArray[np.float64]]]:
    """The same from counts, within 0.8 %, in memory that does not grow with the number of people."""
    answer = ask(subjects, question(time_h, kernel=kernel), people=people, workers=workers, progress=progress)
    rows = {name: answer.quantile(level) for name, level in QUANTILES.items()}
    return {analyte: {name: found[analyte] for name, found in rows.items()} for analyte in answer.outputs}
