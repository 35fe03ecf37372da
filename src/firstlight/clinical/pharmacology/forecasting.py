"""What an intravenous dose is expected to do, in one value: levels with their band, and the windows that follow from them.

It speaks of a population, never of one person. Levels are venous, because what is known of dissociation was measured
against venous blood (Bowdle 1998); the arterial figure stands beside them as another model's word for the same dose.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from firstlight.clinical.pharmacology.bodies import Plan
from firstlight.clinical.pharmacology.doses import Dose, Route
from firstlight.clinical.pharmacology.effects import STUDIED_NG_PER_ML, PressureWindow, pressure_windows
from firstlight.clinical.pharmacology.errors import NothingAsked, RouteNotCovered
from firstlight.clinical.pharmacology.modelling import Assumption, Site
from firstlight.clinical.pharmacology.people import Person
from firstlight.clinical.pharmacology.recommending import Recommendation, recommend
from firstlight.clinical.pharmacology.simulation import Simulation, simulate

SUBJECTS = 300  # enough for a band that moves by 2 % or so from seed to seed, and drawn in a few milliseconds
STEP_MIN = 1
FOLLOWED_MIN = 1440  # how long after the last pressure window the other windows are still looked for
KEPT = 256  # forecasts in memory: a screen that polls asks again for the same doses


@dataclass(frozen=True, slots=True)
class Level:
    """Ketamine in ng/mL at one minute: the middle of the drawn people, and their 5th and 95th percentile."""

    at_min: float
    median: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What the default model of another sampling site expects at the same moment, in ng/mL."""

    recommended: Recommendation
    at_min: float
    value: float


@dataclass(frozen=True, slots=True)
class Session:
    """The windows of one session: doses that begin before the pressure window of those before them has ended.

    `dissociation_min`: while the typical effect site is at or above the lowest concentration that was studied; None when
    it never is. `beyond_min`: while it lies above the highest one. Outside the studied range nothing was measured.
    """

    pressure: PressureWindow
    dissociation_min: tuple[float, float] | None
    beyond_min: tuple[float, float] | None

    @property
    def last_min(self) -> float:
        """When the last of its windows ends."""
        return max(self.pressure.end_min, self.dissociation_min[1] if self.dissociation_min else 0.0)


@dataclass(frozen=True, slots=True)
class Forecast:
    """One dose or infusion, or several, and what is expected of them, in minutes on the doses' clock."""

    recommended: Recommendation
    plan: Plan
    levels: tuple[Level, ...]
    peak: Level
    sessions: tuple[Session, ...]
    arterial: Elsewhere
    assumptions: tuple[Assumption, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """Keys of the evidence registry, each once."""
        taken = (key for one in self.assumptions for key in one.sources)
        pressures = (key for one in self.sessions for key in one.pressure.sources)
        return tuple(dict.fromkeys((*self.plan.sources, "BOWDLE-98", *taken, *pressures)))

    @property
    def last_min(self) -> float:
        """When the last of its windows ends."""
        return self.sessions[-1].last_min

    def at(self, minute: float) -> Level:
        """The level of the step that holds this minute."""
        return max((level for level in self.levels if level.at_min <= minute), key=lambda level: level.at_min)


@lru_cache(maxsize=KEPT)
def forecast(doses: tuple[Dose, ...], person: Person, *, until_min: int) -> Forecast:
    """Forecast doses until a minute of their clock. The same question has the same answer, band included.

    Raises RouteNotCovered for a dose that is not intravenous, and every PharmacologyError of `plan`.
    """
    recommended = recommend(_route(doses), doses[0].isomer, Site.VENOUS)
    minutes = np.arange(0, until_min + STEP_MIN, STEP_MIN, dtype=np.float64)
    drawn = simulate(recommended.model, doses=doses, person=person, at_min=minutes, n=SUBJECTS, analytes=("ketamine",))
    windows = pressure_windows(doses)
    followed = np.arange(max(until_min, int(windows[-1].end_min) + FOLLOWED_MIN) + 1, dtype=np.float64)
    effect = simulate(
        recommended.model,
        doses=doses,
        person=person,
        at_min=followed,
        analytes=("ketamine", "effect_site"),
        effect_site=True,
    )
    felt = effect.dissociation()
    levels = _levels(drawn)
    peak = max(levels, key=lambda level: level.median)
    return Forecast(
        recommended=recommended,
        plan=drawn.plan,
        levels=levels,
        peak=peak,
        sessions=_sessions(windows, followed, felt.drive),
        arterial=_arterial(doses, person, peak.at_min),
        assumptions=tuple(dict.fromkeys((*drawn.assumptions, *felt.assumptions))),
    )


def _route(doses: Sequence[Dose]) -> Route:
    if not doses:
        raise NothingAsked(field="doses", value=doses, expected="give at least one dose")
    for dose in doses:
        if dose.route is not Route.INTRAVENOUS:
            expected = "forecasts are of intravenous doses; simulate other routes and name what is lent to them"
            raise RouteNotCovered(field="route", value=dose.route.value, expected=expected)
    return doses[0].route


def _levels(drawn: Simulation) -> tuple[Level, ...]:
    rows = drawn.analytes["ketamine"].quantiles
    columns = zip(drawn.at_min, rows["p50"], rows["p05"], rows["p95"], strict=True)
    return tuple(Level(*(float(figure) for figure in column)) for column in columns)


def _sessions(
    windows: Sequence[PressureWindow], time_min: NDArray[np.float64], drive: NDArray[np.float64]
) -> tuple[Session, ...]:
    """Each session from its start to the start of the next one."""
    starts = [*(window.start_min for window in windows), math.inf]
    found = []
    for window, (start, until) in zip(windows, pairwise(starts), strict=True):
        own = (time_min >= start) & (time_min < until)
        felt = own & (drive >= STUDIED_NG_PER_ML[0] / STUDIED_NG_PER_ML[1])
        found.append(Session(window, _window(time_min, felt), _window(time_min, own & (drive > 1))))
    return tuple(found)


def _window(time_min: NDArray[np.float64], holds: NDArray[np.bool_]) -> tuple[float, float] | None:
    """First and last of the times at which something holds."""
    within = np.flatnonzero(holds)
    return (float(time_min[within[0]]), float(time_min[within[-1]])) if within.size else None


def _arterial(doses: Sequence[Dose], person: Person, at_min: float) -> Elsewhere:
    recommended = recommend(Route.INTRAVENOUS, doses[0].isomer, Site.ARTERIAL)
    found = simulate(recommended.model, doses=doses, person=person, at_min=(at_min,), analytes=("ketamine",))
    return Elsewhere(recommended, at_min, float(found.analytes["ketamine"].value[0]))
