"""The person whom a dose is for, as far as a published model asks about them."""

from dataclasses import dataclass
from enum import StrEnum

from firstlight.clinical.pharmacology.accepting import checked_number, chosen, each_of
from firstlight.clinical.pharmacology.errors import NotANumber, WrongKind

Fact = float | str | None

LIGHTEST_KG, HEAVIEST_KG = 1.0, 400.0
OLDEST_YEARS = 120.0


class Ancestry(StrEnum):
    """The groups that Perez-Ruixo 2021 tells apart. No other model asks."""

    JAPANESE = "japanese"
    OTHER_ASIAN = "other_asian"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Weight in kilograms, age in years. None: not known, and the output says what a model took instead.

    `more` holds whatever else a model asks for, by the name of its covariate: `more=(("sex", "female"),)`.
    """

    weight_kg: float
    age_years: float | None = None
    ancestry: Ancestry | None = None
    more: tuple[tuple[str, float | str], ...] = ()

    def fact(self, covariate: str) -> Fact:
        """What is known about a covariate by its name; None where nothing was given."""
        own: dict[str, Fact] = {"weight": self.weight_kg, "age": self.age_years, "ancestry": self.ancestry}
        return own[covariate] if covariate in own else dict(self.more).get(covariate)

    def __post_init__(self) -> None:
        expected = f"give the weight in kilograms, {LIGHTEST_KG:g} to {HEAVIEST_KG:g} kg"
        if not LIGHTEST_KG <= checked_number(self.weight_kg, field="weight", expected=expected) <= HEAVIEST_KG:
            raise NotANumber(field="weight", value=self.weight_kg, expected=expected)
        if self.ancestry is not None:
            object.__setattr__(self, "ancestry", chosen(Ancestry, self.ancestry, field="ancestry"))
        object.__setattr__(self, "more", _pairs(self.more))
        if self.age_years is None:
            return
        expected = f"give the age in years, 0 to {OLDEST_YEARS:g}"
        if not 0 <= checked_number(self.age_years, field="age", expected=expected) <= OLDEST_YEARS:
            raise NotANumber(field="age", value=self.age_years, expected=expected)


def _pairs(more: object) -> tuple[tuple[str, float | str], ...]:
    """What else was given, each with a name of its own. Raises WrongKind, NotANumber."""
    expected = "give pairs of a covariate's name and its value, such as (('sex', 'female'),)"
    for pair in each_of(tuple, more, field="more", expected=expected):
        if len(pair) != 2 or not isinstance(pair[0], str) or pair[0] in {"weight", "age", "ancestry"}:
            raise WrongKind(field="more", value=pair, expected=expected)
        if not isinstance(pair[1], str):
            checked_number(pair[1], field=pair[0], expected="give a number or a word")
    return tuple(more)  # type: ignore[arg-type]  # each_of has seen that it is a list
