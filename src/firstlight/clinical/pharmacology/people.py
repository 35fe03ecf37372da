"""The person whom a dose is for, as far as a published model asks about them."""

from dataclasses import dataclass
from enum import StrEnum

from firstlight.clinical.pharmacology.accepting import checked_number, chosen
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
        expected = f"give the weight in kilograms, {LIGHTEST_KG:g} to {HEAVIEST_KG:g} kg"
        if not LIGHTEST_KG <= checked_number(self.weight_kg, field="weight", expected=expected) <= HEAVIEST_KG:
            raise NotANumber(field="weight", value=self.weight_kg, expected=expected)
        if self.ancestry is not None:
            object.__setattr__(self, "ancestry", chosen(Ancestry, self.ancestry, field="ancestry"))
        if self.age_years is None:
            return
        expected = f"give the age in years, 0 to {OLDEST_YEARS:g}"
        if not 0 <= checked_number(self.age_years, field="age", expected=expected) <= OLDEST_YEARS:
            raise NotANumber(field="age", value=self.age_years, expected=expected)
