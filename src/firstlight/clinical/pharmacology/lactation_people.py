"""Plasma of the parents whom a milk estimate is about, and what the ratio of milk to plasma makes of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from firstlight.clinical.pharmacology.accepting import whole
from firstlight.clinical.pharmacology.bodies import Plan, body
from firstlight.clinical.pharmacology.cohorts import cohort
from firstlight.clinical.pharmacology.draws import normals
from firstlight.clinical.pharmacology.lactation_evidence import RATIO
from firstlight.clinical.pharmacology.population import Progress
from firstlight.clinical.pharmacology.solving import concentrations
from firstlight.clinical.pharmacology.systems import Flow, Input, System

MOST_PARENTS = 100_000
RATIO_STREAM = 1  # its draws stand apart from those of the bodies


@dataclass(frozen=True, slots=True)
class Band:
    """A figure for the typical parent at the ratio taken, with its band.

    Without drawn people the band is that of the ratio, 0.6 to 1.5, alone; with them it is the 5th to 95th percentile of
    people and ratio together.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class People:
    """The typical parent first, then those that were drawn: their bodies, and each one's ratio of milk to plasma."""

    bodies: tuple[tuple[System, list[Input]], ...]
    ratios: NDArray[np.float64]
    heard: Callable[[], None] = lambda: None

    def band(self, plasma: NDArray[np.float64]) -> Band:
        """Milk for a figure of plasma, one value a parent."""
        if plasma.size == 1:
            return Band(*(float(plasma[0]) * (ratio or 0.0) for ratio in (RATIO.value, RATIO.low, RATIO.high)))
        figures = plasma * self.ratios
        return Band(float(figures[0]), *(float(level) for level in np.quantile(figures[1:], (0.05, 0.95))))


@dataclass(frozen=True, slots=True)
class Plasma:
    """Plasma of one analyte at chosen times (T,): ng/mL, the same as µg/L, and its integral since time 0, (S, T)."""

    time_h: NDArray[np.float64]
    level: NDArray[np.float64]
    exposure: NDArray[np.float64]

    def at(self, time_h: float) -> NDArray[np.float64]:
        """The level at one of the times."""
        return self.level[:, np.searchsorted(self.time_h, time_h)]

    def between(self, start_h: float, end_h: float) -> NDArray[np.float64]:
        """The integral between two of the times, ng·h/mL."""
        start, end = np.searchsorted(self.time_h, (start_h, end_h))
        return np.asarray(self.exposure[:, end] - self.exposure[:, start])


@dataclass(slots=True)
class Steps:
    """Tells how far it is: everybody is solved several times, and each time counts as its share of all parents."""

    progress: Progress | None
    people: int
    of: int
    done: int = 0

    def __call__(self) -> None:
        self.done += 1
        if self.progress is not None:
            self.progress(self.people * self.done // self.of, self.people)


def people_of(planned: Plan, n: int | None, seed: int, heard: Callable[[], None]) -> People:
    """The typical parent, and `n` drawn ones. Raises NotANumber, VariabilityUnknown."""
    ratio = RATIO.value or 0.0
    if n is None:
        return People((body(planned),), np.array([ratio]), heard)
    whole(n, field="n", most=MOST_PARENTS, expected=f"draw 1 to {MOST_PARENTS:,} people, a whole number")
    drawn = RATIO.drawn(normals(seed, first=0, count=n, dimensions=1, stream=RATIO_STREAM)[:, 0])
    return People((body(planned), cohort(planned, seed=seed)(0, n)), np.concatenate([[ratio], drawn]), heard)


def plasma_of(people: People, analyte: str, times: set[float]) -> Plasma:
    """Level and exposure of one analyte in every parent at these hours."""
    ordered = np.array(sorted(times))
    found = [concentrations(_with_exposure(system, analyte), inputs, ordered) for system, inputs in people.bodies]
    people.heard()
    level, exposure = (np.concatenate([rows[name] for rows in found]) for name in (analyte, "exposure"))
    return Plasma(ordered, level, exposure)


def _with_exposure(system: System, analyte: str) -> System:
    """One more state that gathers the integral of the analyte, exactly."""
    output = next(one for one in system.outputs if one.name == analyte)
    return System(
        states=(*system.states, "exposure"),
        flows=(*system.flows, Flow(output.state, "exposure", 1.0, drains=False)),
        outputs=(output, replace(output, name="exposure", state="exposure")),
    )
