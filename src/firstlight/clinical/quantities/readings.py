"""Charted values: what can be typed at all. What is high or low stands in protocols."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from firstlight.clinical.quantities.errors import QuantityError

POSSIBLE = {
    "sbp": (40, 300, "mmHg"),
    "dbp": (20, 200, "mmHg"),
    "hr": (0, 300, "beats/min"),
    "spo2": (30, 100, "%"),
    "rr": (0, 100, "breaths/min"),
    "moaas": (0, 5, ""),
    "dissociation": (0, 10, ""),
    "nausea": (0, 10, ""),
}
PRESSURE = re.compile(r"([1-9][0-9]{1,2}) ?/ ?([1-9][0-9]{1,2})(?: ?mmHg)?")


def possible(kind: str, value: object) -> int:
    """The value of one reading, or QuantityError when no person can have it (or nobody knows the kind)."""
    if kind not in POSSIBLE:
        known = ", ".join(POSSIBLE)
        raise QuantityError(field=kind, value=value, code="unknown_kind", expected=f"readings are {known}")
    low, high, unit = POSSIBLE[kind]
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise QuantityError(field=kind, value=value, expected=f"use a whole number, {low} to {high} {unit}".rstrip())
    return value


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of one kind, charted for one moment."""

    kind: str
    value: int
    at: datetime

    def __post_init__(self) -> None:
        possible(self.kind, self.value)
        if self.at.tzinfo is None:
            raise QuantityError(field="at", value=self.at, code="naive_time", expected="give the time with its zone")


@dataclass(frozen=True, slots=True)
class BloodPressure:
    """Systolic over diastolic, in mmHg."""

    sbp: int
    dbp: int

    def __post_init__(self) -> None:
        possible("sbp", self.sbp)
        possible("dbp", self.dbp)
        if self.dbp >= self.sbp:
            raise QuantityError(
                field="blood pressure",
                value=f"{self.sbp}/{self.dbp}",
                code="diastolic_above_systolic",
                expected="the first number (systolic) is the higher one",
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "120/80"."""
        match = PRESSURE.fullmatch(text.strip()) if len(text) < 40 else None
        if match is None:
            raise QuantityError(field="blood pressure", value=text, code="not_a_pressure", expected="write 120/80")
        return cls(int(match[1]), int(match[2]))

    def text(self) -> str:
        return f"{self.sbp}/{self.dbp} mmHg"
