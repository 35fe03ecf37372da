"""What reaches the milk after a dose, as far as two studies of four women each and one case allow to say.

Milk is taken as plasma times a ratio that nobody published: 0.8, band 0.6 to 1.5, derived here from the samples of Wolfson
2022 read as pooled over the hours since the last one. Relative infant dose: milk × 0.150 L/kg/day over the parent's
dose per kilogram. Nothing here says that feeding is without risk; what is not known stands in `UNKNOWN`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from firstlight.clinical.pharmacology.accepting import checked_number, heard_by, one_of, rising
from firstlight.clinical.pharmacology.bodies import Plan
from firstlight.clinical.pharmacology.doses import Dose, Isomer
from firstlight.clinical.pharmacology.errors import NotANumber, TimesOutOfOrder
from firstlight.clinical.pharmacology.lactation_evidence import (
    BETWEEN_PARENTS,
    DERIVED_WITH,
    EACH_DOSE_ALONE,
    INTAKE,
    PLASMA_AS_VENOUS,
    RATIO,
    RATIO_ALONE,
    READING,
    S_AS_RACEMATE,
)
from firstlight.clinical.pharmacology.lactation_people import Band, People, Plasma, Steps, people_of, plasma_of
from firstlight.clinical.pharmacology.modelling import Assumption, Model, Site
from firstlight.clinical.pharmacology.population import Progress

LIGHTEST_INFANT_KG, HEAVIEST_INFANT_KG = 0.4, 20.0
WAITING_H = (0.0, 12.0, 24.0)
FOLLOWED_H = 48.0
LATEST_FEED_H = 336.0  # two weeks
DAY_H = 24.0


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
    `by_day_percent` takes the average over the 24 h after the dose. Of several doses each is taken alone, from its own
    start, and the highest figure is given: another dose never makes the share of one look smaller.
    """

    analyte: str
    feeds: tuple[Feed, ...]
    by_samples_percent: Band
    by_day_percent: Band
    waiting: tuple[Waiting, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Milk:
    """The estimate for ketamine and, where the model has it, norketamine, with everything that was assumed."""

    plan: Plan
    infant_kg: float
    analytes: tuple[AnalyteInMilk, ...]
    assumptions: tuple[Assumption, ...]

    def __repr__(self) -> str:
        names, feeds = ", ".join(one.analyte for one in self.analytes), len(self.analytes[0].feeds)
        return f"<Milk {self.plan.model.name}: {names} at {feeds} feeds, infant of {self.infant_kg:g} kg>"


def milk(
    planned: Plan,
    *,
    feeds_h: Sequence[float],
    infant_kg: float,
    n: int | None = None,
    seed: int = 1,
    progress: Progress | None = None,
) -> Milk:
    """Milk at each feed (hours on the doses' clock); with `n`, bands over that many drawn parents.

    `progress(done, of)` is told how many of the drawn parents are done; what it raises, such as Cancelled, ends the work.

    Raises TimesOutOfOrder for feeds that do not rise or lie before the first dose, NotANumber for an infant's weight or
    a number of people, VariabilityUnknown for `n` with a model that has none.
    """
    one_of(Plan, planned, field="planned", expected="give what `plan(model, person=…, doses=…)` answers")
    expected = f"give the infant's weight, {LIGHTEST_INFANT_KG:g} to {HEAVIEST_INFANT_KG:g} kg"
    weight_kg = checked_number(infant_kg, field="infant weight", expected=expected)
    if not LIGHTEST_INFANT_KG <= weight_kg <= HEAVIEST_INFANT_KG:
        raise NotANumber(field="infant weight", value=infant_kg, expected=expected)
    feeds = _checked_feeds(feeds_h, min(dose.start_h for dose in planned.doses))
    heard_by(progress)
    named = [analyte for analyte in ("ketamine", "norketamine") if _has(planned, analyte)]
    parts = _apart(planned)
    steps = Steps(progress if n else None, n or 1, len(named) * (len(parts) + 1))
    alone = [(part, people_of(part, n, seed, steps)) for part in parts]
    together = alone[0][1] if len(alone) == 1 else people_of(planned, n, seed, steps)
    analytes = tuple(
        AnalyteInMilk(
            analyte, _fed(planned, together, analyte, feeds, infant_kg), *_relative(alone, together, analyte, feeds)
        )
        for analyte in named
    )
    elsewhere = (PLASMA_AS_VENOUS,) if _is_read_as_venous(planned.model) else ()
    of_s = (S_AS_RACEMATE,) if planned.isomer is Isomer.S else ()
    several = (EACH_DOSE_ALONE,) if len(alone) > 1 else ()
    band = RATIO_ALONE if n is None else BETWEEN_PARENTS
    taken = (*planned.assumptions, RATIO, *elsewhere, INTAKE, READING, *several, *of_s, band)
    return Milk(planned, infant_kg, analytes, taken)


def _is_read_as_venous(model: Model) -> bool:
    """Whether the ratio is used on other plasma than that which it was derived against."""
    return model.site is not Site.VENOUS and model.name != DERIVED_WITH


def _checked_feeds(feeds_h: Sequence[float], start_h: float) -> NDArray[np.float64]:
    feeds = rising(feeds_h, field="feeds", expected=f"give the number of hours for each feed, 0 to {LATEST_FEED_H:g}")
    if feeds[-1] > LATEST_FEED_H:
        expected = f"give feeds in hours, up to {LATEST_FEED_H:g} h"
        raise NotANumber(field="feeds", value=float(feeds[-1]), expected=expected)
    if feeds[0] <= start_h:
        expected = f"the first feed comes after the first dose, at {start_h:g} h"
        raise TimesOutOfOrder(field="feeds", value=float(feeds[0]), expected=expected)
    return feeds


def _apart(planned: Plan) -> list[Plan]:
    """Each dose as if it were the only one; what follows without a gap is one infusion whose rate changed."""
    parts: list[list[Dose]] = []
    for dose in sorted(planned.doses, key=lambda one: one.start_min):
        follows = parts and dose.duration_min and math.isclose(_end_min(parts[-1][-1]), dose.start_min)
        if follows:
            parts[-1].append(dose)
        else:
            parts.append([dose])
    return [replace(planned, doses=tuple(part)) for part in parts]


def _end_min(dose: Dose) -> float:
    return dose.start_min + (dose.duration_min or 0.0)


def _fed(planned: Plan, people: People, analyte: str, feeds: NDArray[np.float64], infant_kg: float) -> tuple[Feed, ...]:
    intervals = _intervals(min(dose.start_h for dose in planned.doses), feeds)
    plasma = plasma_of(people, analyte, {moment for interval in intervals for moment in interval})
    return tuple(_feed(people, plasma, since, at, infant_kg) for since, at in intervals)


def _intervals(start_h: float, feeds: NDArray[np.float64]) -> list[tuple[float, float]]:
    """From the start to the first feed after it, then from feed to feed."""
    after = [float(at) for at in feeds if at > start_h]
    return list(pairwise([start_h, *after]))


def _relative(
    alone: Sequence[tuple[Plan, People]], people: People, analyte: str, feeds: NDArray[np.float64]
) -> tuple[Band, Band, tuple[Waiting, ...]]:
    """By samples, by day and after waiting: for each parent the highest of the doses, each alone."""
    highest = np.max([_shares(part, drawn, analyte, feeds) for part, drawn in alone], axis=0)
    by_samples, by_day, *waited = (people.band(row) for row in highest)
    return by_samples, by_day, tuple(Waiting(*one) for one in zip(WAITING_H, waited, strict=True))


def _shares(part: Plan, people: People, analyte: str, feeds: NDArray[np.float64]) -> NDArray[np.float64]:
    """The figures of one dose in percent at a ratio of 1, a row each: (2 + waits, S)."""
    start_h = part.doses[0].start_h
    intervals = _intervals(start_h, feeds)
    plasma = plasma_of(people, analyte, {*_fixed_times(start_h), *(at for _, at in intervals)})
    means = [plasma.between(since, at) / (at - since) for since, at in intervals]
    by_day = plasma.between(start_h, start_h + DAY_H) / DAY_H
    by_samples = np.mean(means, axis=0) if means else np.zeros_like(by_day)  # no feed of this list comes after it
    waited = [plasma.between(start_h + wait, start_h + FOLLOWED_H) / DAY_H for wait in WAITING_H]
    share = 100 * (INTAKE.value or 0.0) / _dose_ug_per_kg(part)  # percent, for each µg/L all day
    return np.stack([by_samples, by_day, *waited]) * share


def _feed(people: People, plasma: Plasma, since_h: float, at_h: float, infant_kg: float) -> Feed:
    interval_h = at_h - since_h
    average = plasma.between(since_h, at_h) / interval_h
    drunk_l = (INTAKE.value or 0.0) * infant_kg * interval_h / DAY_H
    return Feed(at_h, since_h, people.band(plasma.at(at_h)), people.band(average), people.band(average * drunk_l))


def _dose_ug_per_kg(planned: Plan) -> float:
    return 1000 * sum(dose.amount_mg for dose in planned.doses) / planned.person.weight_kg


def _fixed_times(start_h: float) -> set[float]:
    return {start_h, start_h + DAY_H, *(start_h + wait for wait in WAITING_H), start_h + FOLLOWED_H}


def _has(planned: Plan, analyte: str) -> bool:
    return analyte == "ketamine" or analyte in planned.model.analytes
