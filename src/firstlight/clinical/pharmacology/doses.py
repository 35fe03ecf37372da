"""Doses as they are ordered: route, amount, isomer, start and duration, with changes of rate and pauses."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Self

from firstlight.clinical.pharmacology.accepting import checked_number, chosen, each_of, one_of
from firstlight.clinical.pharmacology.errors import (
    MissingDuration,
    NegativeDose,
    NotANumber,
    NothingAsked,
    TimesOutOfOrder,
    WrongUnit,
)
from firstlight.clinical.quantities import Mass, Minutes, QuantityError

LEAST_MG, MOST_MG = (
    1e-6,
    100_000.0,
)  # one nanogram, and far more than anybody is given: what can be typed, not what is wise
SHORTEST_MIN, LONGEST_MIN = 0.001, 525_600.0  # a year


class Route(StrEnum):
    """How a dose is given. A film is Simons's oral thin film; sublingual is a tablet or a wafer under the tongue."""

    INTRAVENOUS = "iv"
    INTRAMUSCULAR = "im"
    SUBCUTANEOUS = "sc"
    ORAL = "oral"
    SUBLINGUAL = "sublingual"
    FILM = "film"
    INTRANASAL = "intranasal"


class Isomer(StrEnum):
    """What the milligrams of a dose are: both isomers in equal parts, or S-ketamine (esketamine) alone."""

    RACEMATE = "racemate"
    S = "s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """One dose. `duration_min` is needed for an intravenous one (0: a bolus) and has no meaning for any other route.

    Route and isomer may be given by name ("iv", "racemate"). Raises UnknownWord for another, NegativeDose, MissingDuration,
    or NotANumber for a value that no dose can have.
    """

    route: Route
    isomer: Isomer
    amount_mg: float
    start_min: float = 0.0
    duration_min: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "route", chosen(Route, self.route, field="route"))
        object.__setattr__(self, "isomer", chosen(Isomer, self.isomer, field="isomer"))
        self._check_amount_and_start()
        if self.route is Route.INTRAVENOUS:
            self._check_duration()
        elif self.duration_min is not None:
            expected = f"a dose by the route {self.route} has none; leave it out"
            if checked_number(self.duration_min, field="duration", expected=expected) != 0:
                raise NotANumber(field="duration", value=self.duration_min, expected=expected)

    def _check_amount_and_start(self) -> None:
        expected = f"give milligrams, {LEAST_MG:g} to {MOST_MG:,.0f}"
        if checked_number(self.amount_mg, field="dose", expected=expected) <= 0:
            raise NegativeDose(field="dose", value=self.amount_mg, expected="give a dose above 0 mg")
        if not LEAST_MG <= self.amount_mg <= MOST_MG:
            raise NotANumber(field="dose", value=self.amount_mg, expected=expected)
        expected = f"give minutes from time zero, 0 to {LONGEST_MIN:,.0f}"
        if not 0 <= checked_number(self.start_min, field="start", expected=expected) <= LONGEST_MIN:
            raise NotANumber(field="start", value=self.start_min, expected=expected)

    def _check_duration(self) -> None:
        if self.duration_min is None:
            expected = "an intravenous dose needs its duration in minutes; write 0 for a bolus"
            raise MissingDuration(field="duration", value=self.duration_min, expected=expected)
        expected = f"give minutes, {SHORTEST_MIN:g} to {LONGEST_MIN:,.0f}, or 0 for a bolus"
        minutes = checked_number(self.duration_min, field="duration", expected=expected)
        if minutes != 0 and not SHORTEST_MIN <= minutes <= LONGEST_MIN:
            raise NotANumber(field="duration", value=self.duration_min, expected=expected)

    @property
    def start_h(self) -> float:
        return self.start_min / 60

    @property
    def duration_h(self) -> float:
        return (self.duration_min or 0.0) / 60

    @classmethod
    def of(cls, amount: str, *, route: Route, isomer: Isomer, over: str | None = None, start_min: float = 0.0) -> Self:
        """Read a dose as typed: `Dose.of("35 mg", route=…, isomer=…, over="40 min")`. WrongUnit for another unit."""
        return cls(
            route=route,
            isomer=isomer,
            amount_mg=_read(Mass, amount).count / 1000,
            start_min=start_min,
            duration_min=None if over is None else _read(Minutes, over).count,
        )


@dataclass(frozen=True, slots=True)
class RateChange:
    """From `at_min` on the pump runs at `rate_mg_per_h`; 0 is a pause."""

    at_min: float
    rate_mg_per_h: float


def infusion(*, isomer: Isomer, changes: Sequence[RateChange], end_min: float) -> tuple[Dose, ...]:
    """One infusion whose rate changes, as one dose for each stretch of constant rate; pauses leave a gap.

    Raises TimesOutOfOrder, NegativeDose for a rate below zero, NothingAsked without any rate above 0.
    """
    changes = each_of(RateChange, changes, field="changes", expected="give a list of RateChange(at_min, rate_mg_per_h)")
    if not changes:
        raise NothingAsked(field="changes", value=changes, expected="give at least one rate with its time")
    times = [change.at_min for change in changes] + [end_min]
    for time in times:
        checked_number(time, field="changes", expected="give the times of rates, and the end, in minutes")
    if any(later <= earlier for earlier, later in pairwise(times)):
        raise TimesOutOfOrder(field="changes", value=times, expected="give the times in rising order, the end last")
    rates = [change.rate_mg_per_h for change in changes]
    for rate in rates:
        checked_number(rate, field="rate", expected="give rates in mg/h")
    if any(not 0 <= rate < math.inf for rate in rates):
        raise NegativeDose(field="rate", value=rates, expected="rates are 0 mg/h or more, and some rate is above 0")
    if not any(rates):
        raise NothingAsked(field="rate", value=rates, expected="give at least one rate above 0 mg/h")
    return tuple(
        Dose(
            route=Route.INTRAVENOUS,
            isomer=isomer,
            amount_mg=change.rate_mg_per_h * (until - change.at_min) / 60,
            start_min=change.at_min,
            duration_min=until - change.at_min,
        )
        for change, until in zip(changes, times[1:], strict=True)
        if change.rate_mg_per_h > 0
    )


def _read(kind: type[Mass] | type[Minutes], text: str) -> Mass | Minutes:
    """The amount, or the error of this package that fits what is wrong with it."""
    one_of(str, text, field=kind.field, expected=f"write it with its unit, such as {kind.example}")
    try:
        return kind.parse(text)
    except QuantityError as error:
        refusal = {"unit": WrongUnit, "negative": NegativeDose}.get(error.code, NotANumber)
        raise refusal(field=error.field, value=text, expected=error.expected) from None
