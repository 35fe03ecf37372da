"""What a published model is: a literal table of parameters, who varies how, and how the body is put together."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from firstlight.clinical.evidence import Words, joined
from firstlight.clinical.pharmacology.doses import Dose, Isomer, Route
from firstlight.clinical.pharmacology.errors import WrongUnit
from firstlight.clinical.pharmacology.people import Person
from firstlight.clinical.pharmacology.systems import Flow, Input, Number, System

Values = Mapping[str, Number]

UNITS_PER_HOUR: Mapping[str, float] = {
    "": 1.0,
    "L": 1.0,
    "L/kg": 1.0,
    "L/h": 1.0,
    "L/min": 60.0,
    "1/h": 1.0,
    "1/min": 60.0,
    "h": 1.0,
    "min": 1 / 60,
    "L/h per year": 1.0,
}
NORMAL_95TH_PERCENTILE = 1.6448536269514722


class Site(StrEnum):
    """Where the blood of a model or an observation was taken. What is not known stays unknown."""

    ARTERIAL = "arterial"
    VENOUS = "venous"
    UNKNOWN = "unknown"


class Checked(StrEnum):
    """How far the numbers of a model were held against print."""

    TWO_SOURCES = "found in two independent sources"
    ONE_SOURCE = "found in one citable source"
    SECOND_HAND = "second-hand: a third party's transcription of the paper"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of a paper's table, in the paper's own unit. A unit that is not known here is refused."""

    symbol: str
    value: float
    unit: str
    what: str

    def __post_init__(self) -> None:
        if self.unit not in UNITS_PER_HOUR:
            known = ", ".join(unit for unit in UNITS_PER_HOUR if unit)
            raise WrongUnit(field=self.symbol, value=self.unit, expected=f"units are {known}")

    @property
    def in_hours(self) -> float:
        """The value in litres, hours and their quotients, as the engine takes it."""
        return self.value * UNITS_PER_HOUR[self.unit]


@dataclass(frozen=True, slots=True)
class Assumption:
    """What no paper settles: a value with bounds where there are any, why it was taken, and whether a cohort draws it.

    In a cohort `low` and `high` are read as the 5th and 95th percentile about the median `value` (ours).
    """

    name: Words = field(hash=False)  # words by language cannot be hashed; value, symbol and sources are
    why: Words = field(hash=False)  # likewise
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    sources: tuple[str, ...] = ()
    symbol: str = ""
    most: float = math.inf

    @property
    def is_drawn(self) -> bool:
        return bool(self.symbol) and self.low is not None and self.high is not None and self.low < self.high

    def drawn(self, normal: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log-normal on either side of the median, in the engine's unit."""
        value, low, high = (bound or 0.0 for bound in (self.value, self.low, self.high))
        steps = normal / NORMAL_95TH_PERCENTILE
        spread = np.where(normal >= 0, math.log(high / value), math.log(value / low))
        drawn: NDArray[np.float64] = np.minimum(value * np.exp(steps * spread), self.most)
        return drawn * UNITS_PER_HOUR[self.unit]

    @property
    def in_hours(self) -> float:
        return (self.value or 0.0) * UNITS_PER_HOUR[self.unit]


class Scale(StrEnum):
    LOG = "log"
    LOGIT = "logit"


@dataclass(frozen=True, slots=True)
class Variability:
    """One block of omega: the lower triangle of the covariance of log or logit deviations, one row a symbol.

    `per_visit` marks variability between occasions; one simulation is one visit, so it adds to that between people.
    """

    symbols: tuple[str, ...]
    lower: tuple[tuple[float, ...], ...]
    scale: Scale = Scale.LOG
    per_visit: bool = False

    @property
    def size(self) -> int:
        return len(self.symbols)

    def apply(self, values: dict[str, Number], normals: NDArray[np.float64]) -> None:
        """Replace the typical values of this block by one value a subject; `normals` has shape (S, size)."""
        deviations = normals @ self.cholesky().T
        for symbol, deviation in zip(self.symbols, deviations.T, strict=True):
            values[symbol] = _deviated(values[symbol], deviation, self.scale)

    def cholesky(self) -> NDArray[np.float64]:
        return _cholesky(self.lower)


@lru_cache(maxsize=256)
def _cholesky(lower: tuple[tuple[float, ...], ...]) -> NDArray[np.float64]:
    half = np.zeros((len(lower), len(lower)))
    for row, entries in enumerate(lower):
        half[row, : row + 1] = entries
    return np.asarray(np.linalg.cholesky(half + np.tril(half, -1).T), dtype=np.float64)


def alone(variances: Mapping[str, float], *, scale: Scale = Scale.LOG, per_visit: bool = False) -> list[Variability]:
    """Blocks of one for symbols whose deviations are independent."""
    return [Variability((symbol,), ((variance,),), scale, per_visit) for symbol, variance in variances.items()]


def variance_of_cv(percent: float) -> float:
    """The variance of the log of a log-normal value with this coefficient of variation: ln(1 + CV²)."""
    return math.log1p((percent / 100) ** 2)


@dataclass(frozen=True, slots=True)
class Covariate:
    """A property of the person that the model's people had; None where the published range is not known here."""

    name: str
    unit: str
    low: float | None
    high: float | None
    note: Words = field(hash=False)  # as above

    def remark(self, value: float | None) -> Assumption | None:
        """What an output must say about this person, or nothing when they lie inside the published range."""
        if value is None:
            return Assumption(name={"en": f"{self.name} not given"}, why=self.note)
        if self.low is None or self.high is None:
            return Assumption(name={"en": f"published range of {self.name} unknown here"}, value=value, why=self.note)
        if self.low <= value <= self.high:
            return None
        outside = {"en": f"{value:g} {self.unit} lies outside {self.low:g} to {self.high:g} {self.unit}."}
        why = joined(outside, self.note)
        return Assumption(name={"en": f"{self.name} outside the published range"}, value=value, why=why)


@dataclass(frozen=True, slots=True)
class Entry:
    """How the doses of one route get into the body: states and flows in front of it, and what is put where."""

    states: tuple[str, ...]
    flows: tuple[Flow, ...]
    inputs: tuple[Input, ...]


EntryBuilder = Callable[[Values, Person, Sequence[Dose]], Entry]


@dataclass(frozen=True, slots=True)
class Model:
    """One published model. `routes` are the paper's own; every other route is lent by a named assumption.

    `disposition(values, person)` gives the body with its outputs `s_ketamine` (or `ketamine` for a racemate model),
    `norketamine`, `hnk`; its state `central` is where an absorbed dose arrives.
    """

    name: str
    title: str
    sources: tuple[str, ...]
    table: str
    checked: Checked
    isomer: Isomer
    site: Site
    analytes: tuple[str, ...]
    population: Words = field(hash=False)  # as above
    youngest_years: float
    parameters: tuple[Parameter, ...]
    disposition: Callable[[Values, Person], System]
    routes: Mapping[Route, EntryBuilder]
    variability: tuple[Variability, ...] = ()
    residual: Mapping[str, str] = field(default_factory=dict)
    covariates: tuple[Covariate, ...] = ()
    assumptions: tuple[Assumption, ...] = ()

    def values(self) -> dict[str, Number]:
        """Typical values by symbol, in litres and hours."""
        return {parameter.symbol: parameter.in_hours for parameter in self.parameters}

    @property
    def drawn(self) -> tuple[Assumption, ...]:
        return tuple(assumption for assumption in self.assumptions if assumption.is_drawn)


@dataclass(frozen=True, slots=True)
class GivenInto:
    """Doses that go straight into one state: a bolus or a constant infusion."""

    state: str

    def __call__(self, values: Values, person: Person, doses: Sequence[Dose]) -> Entry:
        """Neither values nor person matter: all of it arrives."""
        inputs = tuple(Input(self.state, dose.amount_mg, dose.start_h, dose.duration_h) for dose in doses)
        return Entry((), (), inputs)


def exchange(one: str, other: str, *, clearance: Number, volumes: tuple[Number, Number]) -> tuple[Flow, Flow]:
    """Two states that exchange at one intercompartmental clearance (L/h), with their volumes (L)."""
    return Flow(one, other, clearance / volumes[0]), Flow(other, one, clearance / volumes[1])


def _deviated(value: Number, deviation: NDArray[np.float64], scale: Scale) -> NDArray[np.float64]:
    if scale is Scale.LOG:
        return np.asarray(value * np.exp(deviation))
    odds = np.log(value / (1 - value)) + deviation
    return np.asarray(1 / (1 + np.exp(-odds)))
