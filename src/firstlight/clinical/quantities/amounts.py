"""Amounts of a medicine and of the person who gets it: whole numbers of a small unit, exact by construction."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Self

from firstlight.clinical.quantities.errors import QuantityError
from firstlight.clinical.quantities.numerals import parse, parse_number, scaled


@dataclass(frozen=True, order=True, slots=True)
class Amount:
    """A whole number of the smallest unit, between `least` and `most`."""

    count: int

    field: ClassVar[str] = "amount"
    units: ClassVar[dict[str, int]] = {}
    shown_in: ClassVar[str] = ""
    least: ClassVar[int] = 0
    most: ClassVar[int] = 0
    example: ClassVar[str] = ""

    def __post_init__(self) -> None:
        if isinstance(self.count, bool) or not isinstance(self.count, int):
            raise QuantityError(field=self.field, value=self.count, expected="whole small units only", code="not_whole")
        if not self.least <= self.count <= self.most:
            code = "too_large" if self.count > self.most else "negative" if self.count < 0 else "too_small"
            raise QuantityError(field=self.field, value=self.count, expected=self._range(), code=code)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an amount as typed, for example "35 mg". Raises QuantityError."""
        count = parse(text, field=cls.field, units=cls.units, example=cls.example)
        try:
            return cls(count)
        except QuantityError as error:
            raise QuantityError(field=cls.field, value=text, expected=error.expected, code=error.code) from None

    def text(self) -> str:
        """The amount as it may be printed beside a patient: "0.5 mg", "1,000 mg"."""
        return f"{scaled(self.count, self.units[self.shown_in])} {self.shown_in}"

    def __str__(self) -> str:
        return self.text()

    def _range(self) -> str:
        scale = self.units[self.shown_in]
        return f"it must be {scaled(self.least, scale)} to {scaled(self.most, scale)} {self.shown_in}"


class Mass(Amount):
    """A mass of a medicine in micrograms, up to 1,000 g (a clinic's whole stock)."""

    field: ClassVar[str] = "dose"
    units: ClassVar[dict[str, int]] = {"mcg": 1, "mg": 1_000, "g": 1_000_000}
    shown_in: ClassVar[str] = "mg"
    most: ClassVar[int] = 1_000_000_000
    example: ClassVar[str] = "35 mg"

    @property
    def ug(self) -> int:
        return self.count


class Volume(Amount):
    """A volume in microlitres, up to 100 L."""

    field: ClassVar[str] = "volume"
    units: ClassVar[dict[str, int]] = {"mL": 1_000, "L": 1_000_000}
    shown_in: ClassVar[str] = "mL"
    most: ClassVar[int] = 100_000_000
    example: ClassVar[str] = "3.5 mL"

    @property
    def ul(self) -> int:
        return self.count


class Concentration(Amount):
    """Micrograms in a millilitre, in steps of 0.1 mg/mL: so a syringe step (0.01 mL) holds a whole number of them."""

    field: ClassVar[str] = "concentration"
    units: ClassVar[dict[str, int]] = {"mcg/mL": 1, "mg/mL": 1_000}
    shown_in: ClassVar[str] = "mg/mL"
    least: ClassVar[int] = 100
    most: ClassVar[int] = 1_000_000
    example: ClassVar[str] = "10 mg/mL"

    def __post_init__(self) -> None:
        Amount.__post_init__(self)
        if self.count % 100:
            raise QuantityError(field=self.field, value=self.count, code="too_fine", expected="use steps of 0.1 mg/mL")

    @property
    def ug_per_ml(self) -> int:
        return self.count

    def mass_in(self, volume: Volume) -> Mass:
        """The mass in this volume, exactly. Raises QuantityError when it is no whole number of micrograms."""
        mass, rest = divmod(volume.ul * self.ug_per_ml, 1_000)
        if rest:
            raise QuantityError(field="volume", value=volume.text(), code="too_fine", expected="use steps of 0.01 mL")
        return Mass(mass)


class Weight(Amount):
    """A body weight in grams, from a newborn's to 1,000 kg: possible to type, not yet plausible for a person."""

    field: ClassVar[str] = "weight"
    units: ClassVar[dict[str, int]] = {"g": 1, "kg": 1_000}
    shown_in: ClassVar[str] = "kg"
    least: ClassVar[int] = 200
    most: ClassVar[int] = 1_000_000
    example: ClassVar[str] = "70.5 kg"

    @property
    def g(self) -> int:
        return self.count


class DosePerKilogram(Amount):
    """A dose for each kilogram of body weight, in micrograms per kilogram."""

    field: ClassVar[str] = "dose per kilogram"
    units: ClassVar[dict[str, int]] = {"mcg/kg": 1, "mg/kg": 1_000}
    shown_in: ClassVar[str] = "mg/kg"
    least: ClassVar[int] = 1
    most: ClassVar[int] = 100_000
    example: ClassVar[str] = "0.5 mg/kg"

    @property
    def ug_per_kg(self) -> int:
        return self.count

    @classmethod
    def of_mg(cls, value: Decimal | str) -> Self:
        """From a number of milligrams per kilogram, for example Decimal("0.5") or "0.5"."""
        number = parse_number(value, field=cls.field, example=cls.example) if isinstance(value, str) else value
        micrograms = number * 1_000
        if not number.is_finite() or micrograms != micrograms.to_integral_value():
            raise QuantityError(field=cls.field, value=value, code="too_fine", expected="use steps of 0.001 mg/kg")
        return cls(int(micrograms))


class Minutes(Amount):
    """A length of time in whole minutes, up to seven days."""

    field: ClassVar[str] = "minutes"
    units: ClassVar[dict[str, int]] = {"min": 1, "h": 60}
    shown_in: ClassVar[str] = "min"
    most: ClassVar[int] = 7 * 24 * 60
    example: ClassVar[str] = "40 min"
