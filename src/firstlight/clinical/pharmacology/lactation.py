"""What reaches the milk after a dose, as far as two studies of four women each and one case allow to say.

Milk is taken as plasma times a ratio that nobody published: 0.8, band 0.6 to 1.5, derived here from the samples of Wolfson
2022 read as pooled over the hours since the last one. Relative infant dose: milk × 0.150 L/kg/day over the parent's
dose per kilogram. Nothing here says that feeding is without risk; what is not known stands in `UNKNOWN`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from firstlight.clinical.pharmacology.bodies import Plan, body
from firstlight.clinical.pharmacology.checking import checked_times
from firstlight.clinical.pharmacology.cohorts import cohort
from firstlight.clinical.pharmacology.doses import Isomer
from firstlight.clinical.pharmacology.draws import normals
from firstlight.clinical.pharmacology.errors import NotANumber, TimesOutOfOrder
from firstlight.clinical.pharmacology.lactation_evidence import (
    BETWEEN_PARENTS,
    INTAKE,
    RATIO,
    RATIO_ALONE,
    READING,
    S_AS_RACEMATE,
)
from firstlight.clinical.pharmacology.modelling import Assumption
from firstlight.clinical.pharmacology.solving import concentrations
from firstlight.clinical.pharmacology.systems import Flow, Input, System

LIGHTEST_INFANT_KG, HEAVIEST_INFANT_KG = 0.4, 20.0
WAITING_H = (0.0, 12.0, 24.0)
FOLLOWED_H = 48.0
LATEST_FEED_H = 336.0  # two weeks
MOST_PARENTS = 100_000
RATIO_STREAM = 1  # its draws stand apart from those of the bodies
DAY_H = 24.0


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
class Feed:
    """Milk of one analyte at one feed: at that moment, averaged since the feed before, and what an infant takes in."""

    at_h: float
    since_h: float
    milk_ug_per_l: Band
    average_ug_per_l: Band
    infant_dose_ug: Band


@dataclass(frozen=True, slots=True)
class Waiting:
    """Relative infant dose in percent when milk of the first `wait_h` hours after the dose is not given."""

    wait_h: float
    relative_infant_dose_percent: Band


@dataclass(frozen=True, slots=True)
class AnalyteInMilk:
    """One analyte. Both relative infant doses are in percent of the parent's dose of ketamine per kilogram.

    `by_samples_percent` takes the mean of the intervals as if it lasted all day, as Wolfson's figure is read here;
    `by_day_percent` takes the average over the 24 h after the first dose.
    """

    analyte: str
    feeds: tuple[Feed, ...]
    by_samples_percent: Band
    by_day_percent: Band
    waiting: tuple[Waiting, ...]


@dataclass(frozen=True, slots=True)
class Milk:
    """The estimate for ketamine and, where the model has it, norketamine, with everything that was assumed."""

    plan: Plan
    infant_kg: float
    analytes: tuple[AnalyteInMilk, ...]
    assumptions: tuple[Assumption, ...]


def milk(planned: Plan, *, feeds_h: Sequence[float], infant_kg: float, n: int | None = None, seed: int = 1) -> Milk:
    """Milk at each feed (hours on the doses' clock); with `n`, bands over that many drawn parents.

    Raises TimesOutOfOrder for feeds that do not rise or lie before the first dose, NotANumber for an infant's weight or
    a number of people, VariabilityUnknown for `n` with a model that has none.
    """
    if not LIGHTEST_INFANT_KG <= infant_kg <= HEAVIEST_INFANT_KG:
        expected = f"give the infant's weight, {LIGHTEST_INFANT_KG:g} to {HEAVIEST_INFANT_KG:g} kg"
        raise NotANumber(field="infant weight", value=infant_kg, expected=expected)
    feeds = checked_times(feeds_h)
    if feeds[-1] > LATEST_FEED_H:
        expected = f"give feeds in hours, up to {LATEST_FEED_H:g} h"
        raise NotANumber(field="feeds", value=float(feeds[-1]), expected=expected)
    start_h = min(dose.start_h for dose in planned.doses)
    if feeds[0] <= start_h:
        expected = f"the first feed comes after the first dose, at {start_h:g} h"
        raise TimesOutOfOrder(field="feeds", value=float(feeds[0]), expected=expected)
    people = _people(planned, n, seed)
    analytes = tuple(
        _in_milk(planned, people, analyte, feeds, infant_kg)
        for analyte in ("ketamine", "norketamine")
        if _has(planned, analyte)
    )
    of_s = (S_AS_RACEMATE,) if planned.isomer is Isomer.S else ()
    band = RATIO_ALONE if n is None else BETWEEN_PARENTS
    return Milk(planned, infant_kg, analytes, (*planned.assumptions, RATIO, INTAKE, READING, *of_s, band))


@dataclass(frozen=True, slots=True)
class _People:
    """The typical parent first, then those that were drawn: their bodies, and each one's ratio of milk to plasma."""

    bodies: tuple[tuple[System, list[Input]], ...]
    ratios: NDArray[np.float64]

    def band(self, plasma: NDArray[np.float64]) -> Band:
        """Milk for a figure of plasma, one value a parent."""
        if plasma.size == 1:
            return Band(*(float(plasma[0]) * (ratio or 0.0) for ratio in (RATIO.value, RATIO.low, RATIO.high)))
        figures = plasma * self.ratios
        return Band(float(figures[0]), *(float(level) for level in np.quantile(figures[1:], (0.05, 0.95))))


@dataclass(frozen=True, slots=True)
class _Plasma:
    """Plasma of one analyte at chosen times (T,): ng/mL, the same as µg/L, and its integral since time 0, (S, T)."""

    time_h: NDArray[np.float64]
    level: NDArray[np.float64]
    exposure: NDArray[np.float64]

    def at(self, time_h: float) -> NDArray[np.float64]:
        return self.level[:, np.searchsorted(self.time_h, time_h)]

    def between(self, start_h: float, end_h: float) -> NDArray[np.float64]:
        """The integral between two of the times, ng·h/mL."""
        start, end = np.searchsorted(self.time_h, (start_h, end_h))
        return np.asarray(self.exposure[:, end] - self.exposure[:, start])


def _people(planned: Plan, n: int | None, seed: int) -> _People:
    ratio = RATIO.value or 0.0
    if n is None:
        return _People((body(planned),), np.array([ratio]))
    if not 1 <= n <= MOST_PARENTS:
        raise NotANumber(field="n", value=n, expected=f"draw 1 to {MOST_PARENTS:,} people")
    drawn = RATIO.drawn(normals(seed, first=0, count=n, dimensions=1, stream=RATIO_STREAM)[:, 0])
    return _People((body(planned), cohort(planned, seed=seed)(0, n)), np.concatenate([[ratio], drawn]))


def _in_milk(
    planned: Plan, people: _People, analyte: str, feeds: NDArray[np.float64], infant_kg: float
) -> AnalyteInMilk:
    start_h = min(dose.start_h for dose in planned.doses)
    begins = (start_h, *(float(at) for at in feeds[:-1]))
    intervals = list(zip(begins, (float(at) for at in feeds), strict=True))
    plasma = _plasma(people, analyte, {*begins, *(at for _, at in intervals), *_fixed_times(start_h)})
    means = np.stack([plasma.between(since, at) / (at - since) for since, at in intervals])
    share = 100 * (INTAKE.value or 0.0) / _dose_ug_per_kg(planned)  # percent, for each µg/L all day
    return AnalyteInMilk(
        analyte=analyte,
        feeds=tuple(_feed(people, plasma, since, at, infant_kg) for since, at in intervals),
        by_samples_percent=people.band(means.mean(axis=0) * share),
        by_day_percent=people.band(plasma.between(start_h, start_h + DAY_H) / DAY_H * share),
        waiting=tuple(
            Waiting(wait, people.band(plasma.between(start_h + wait, start_h + FOLLOWED_H) / DAY_H * share))
            for wait in WAITING_H
        ),
    )


def _feed(people: _People, plasma: _Plasma, since_h: float, at_h: float, infant_kg: float) -> Feed:
    interval_h = at_h - since_h
    average = plasma.between(since_h, at_h) / interval_h
    drunk_l = (INTAKE.value or 0.0) * infant_kg * interval_h / DAY_H
    return Feed(at_h, since_h, people.band(plasma.at(at_h)), people.band(average), people.band(average * drunk_l))


def _dose_ug_per_kg(planned: Plan) -> float:
    return 1000 * sum(dose.amount_mg for dose in planned.doses) / planned.person.weight_kg


def _fixed_times(start_h: float) -> set[float]:
    return {start_h, start_h + DAY_H, *(start_h + wait for wait in WAITING_H), start_h + FOLLOWED_H}


def _plasma(people: _People, analyte: str, times: set[float]) -> _Plasma:
    ordered = np.array(sorted(times))
    found = [concentrations(_with_exposure(system, analyte), inputs, ordered) for system, inputs in people.bodies]
    level, exposure = (np.concatenate([rows[name] for rows in found]) for name in (analyte, "exposure"))
    return _Plasma(ordered, level, exposure)


def _with_exposure(system: System, analyte: str) -> System:
    """One more state that gathers the integral of the analyte, exactly."""
    output = next(one for one in system.outputs if one.name == analyte)
    return System(
        states=(*system.states, "exposure"),
        flows=(*system.flows, Flow(output.state, "exposure", 1.0, drains=False)),
        outputs=(output, replace(output, name="exposure", state="exposure")),
    )


def _has(planned: Plan, analyte: str) -> bool:
    return analyte == "ketamine" or analyte in planned.model.analytes
