"""Residual error (sigma): how far a single measurement lay from a model's own prediction, as its paper estimated it.

It is data to read: no band contains it, because a band is of true concentrations between people, not of measured ones.
"""

from dataclasses import dataclass
from enum import StrEnum

from firstlight.clinical.pharmacology.errors import WrongUnit

UNITS = ("", "nmol/mL", "ng/mL")


class ErrorKind(StrEnum):
    """Where the error sits: a share of the concentration, an amount beside it, or the log of the concentration."""

    PROPORTIONAL = "proportional"
    ADDITIVE = "additive"
    LOG = "log"


@dataclass(frozen=True, slots=True)
class Residual:
    """One row of a paper's sigma: the standard deviation for one analyte. `read` says how the printed number was read.

    A share of the concentration and a log have no unit; what is added to the concentration has the paper's own.
    """

    analyte: str
    kind: ErrorKind
    sd: float
    unit: str = ""
    read: str = ""

    def __post_init__(self) -> None:
        if self.unit not in UNITS or bool(self.unit) != (self.kind is ErrorKind.ADDITIVE):
            expected = "an additive error has a unit, nmol/mL or ng/mL, and no other kind has one"
            raise WrongUnit(field=f"sigma of {self.analyte}", value=self.unit, expected=expected)


NOT_PUBLISHED: tuple[Residual, ...] = ()  # in what was read of the paper
