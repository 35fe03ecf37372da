"""What a published model is: a literal table of parameters, who varies how, and how the body is put together."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from firstlight.clinical.evidence import Words, joined
from firstlight.clinical.pharmacology.accepting import checked_number, one_of
from firstlight.clinical.pharmacology.doses import Dose, Isomer, Route
from firstlight.clinical.pharmacology.errors import NotANumber, UnknownWord, WrongUnit
from firstlight.clinical.pharmacology.people import Person
from firstlight.clinical.pharmacology.residuals import Residual
from firstlight.clinical.pharmacology.systems import Flow, Input, Number, System
from firstlight.clinical.pharmacology.variability import Variability

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
    "kg": 1.0,
    "mg": 1.0,
    "years": 1.0,
    "g/mol": 1.0,
}
NORMAL_95TH_PERCENTILE = 1.6448536269514722
NOT_HELD_AGAINST: Words = {"en": "Whether the person lies inside the model's range was not looked at."}


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


@dataclass(frozen=True, slots=True)
class Blank:
    """A parameter whose variability between people the paper leaves blank: none, unless a coefficient of variation is chosen."""

    symbol: str
    most_percent: float
    why: Words = field(hash=False)  # as above
    sources: tuple[str, ...]

    def assumption(self, percent: float) -> Assumption:
        """What every output says about it, also where nothing was chosen."""
        name: Words = {"en": f"variability of {self.symbol}"}
        return Assumption(name, self.why, percent, 0.0, self.most_percent, unit="%", sources=self.sources)


@dataclass(frozen=True, slots=True)
class Covariate:
    """A property of the person that the model's people had: a range in a unit, or groups that the paper tells apart.

    `low` and `high` are None where the published range is not known here. `note` is said of a value outside the range, or
    where the range is unknown; it must hold for every value. `missing` is said where nothing was given.
    """

    name: str
    unit: str
    low: float | None
    high: float | None
    note: Words = field(hash=False)  # as above
    missing: Words = field(hash=False, default_factory=lambda: NOT_HELD_AGAINST)
    groups: tuple[str, ...] = ()

    def remark(self, value: float | str | None) -> Assumption | None:
        """What an output must say about this person, or nothing when they lie inside the published range."""
        if value is None:
            return Assumption(name={"en": f"{self.name} not given"}, why=self.missing)
        if isinstance(value, str):
            return None if value in self.groups else self._outside({"en": f"It was given as {value}."}, None)
        if self.low is None or self.high is None:
            return Assumption(name={"en": f"published range of {self.name} unknown here"}, value=value, why=self.note)
        if self.low <= value <= self.high:
            return None
        return self._outside(
            {"en": f"{value:g} {self.unit} lies outside {self.low:g} to {self.high:g} {self.unit}."}, value
        )

    def _outside(self, given: Words, value: float | None) -> Assumption:
        return Assumption({"en": f"{self.name} outside the published range"}, joined(given, self.note), value)


@dataclass(frozen=True, slots=True)
class Entry:
    """How the doses of one route get into the body: states and flows in front of it, and what is put where."""

    states: tuple[str, ...]
    flows: tuple[Flow, ...]
    inputs: tuple[Input, ...]


EntryBuilder = Callable[[Values, Person, Sequence[Dose]], Entry]


@dataclass(frozen=True, slots=True, repr=False)
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
    residual: tuple[Residual, ...]
    variability: tuple[Variability, ...] = ()
    blank: tuple[Blank, ...] = ()
    covariates: tuple[Covariate, ...] = ()
    assumptions: tuple[Assumption, ...] = ()

    def __repr__(self) -> str:
        return f"<Model {self.name}: {self.title}>"

    def values(self) -> dict[str, Number]:
        """Typical values by symbol, in litres and hours."""
        return {parameter.symbol: parameter.in_hours for parameter in self.parameters}

    def chosen_cv(self, cv_percent: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
        """Coefficients of variation for parameters that the paper leaves blank. Raises WrongKind, UnknownWord, NotANumber."""
        named = {blank.symbol: blank for blank in self.blank}
        of_each = "give percent by symbol, such as {'kmet': 30}"
        one_of(Mapping, cv_percent, field="cv_percent", expected=of_each)  # type: ignore[type-abstract]  # isinstance
        for symbol, percent in cv_percent.items():
            if symbol not in named:
                expected = f"of {self.name} can be chosen: {', '.join(named) or 'none'}"
                raise UnknownWord(field="cv_percent", value=symbol, expected=expected)
            expected = f"give percent, 0 to {named[symbol].most_percent:g}"
            if (
                not 0
                <= checked_number(percent, field=f"cv of {symbol}", expected=expected)
                <= named[symbol].most_percent
            ):
                raise NotANumber(field=f"cv of {symbol}", value=percent, expected=expected)
        return tuple(cv_percent.items())

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
