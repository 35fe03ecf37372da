"""The person whom a dose is for, as far as a published model asks about them."""

import math
from dataclasses import dataclass
from enum import StrEnum

from firstlight.clinical.pharmacology.errors import NotANumber

LIGHTEST_KG, HEAVIEST_KG = 1.0, 400.0
OLDEST_YEARS = 120.0


class Ancestry(StrEnum):
    """The groups that Perez-Ruixo 2021 tells apart. No other model asks."""

    JAPANESE = "japanese"
    OTHER_ASIAN = "other_asian"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Weight in kilograms, age in years. None: not known, and the output says what a model took instead."""

    weight_kg: float
    age_years: float | None = None
    ancestry: Ancestry | None = None

    def __post_init__(self) -> None:
        if not (math.isfinite(self.weight_kg) and LIGHTEST_KG <= self.weight_kg <= HEAVIEST_KG):
            expected = f"give the weight in kilograms, {LIGHTEST_KG:g} to {HEAVIEST_KG:g} kg"
            raise NotANumber(field="weight", value=self.weight_kg, expected=expected)
        if self.age_years is not None and not 0 <= self.age_years <= OLDEST_YEARS:
            expected = f"give the age in years, 0 to {OLDEST_YEARS:g}"
            raise NotANumber(field="age", value=self.age_years, expected=expected)
