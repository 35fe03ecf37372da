"""Numbers as people type and read them in medicine: no naked decimal, no trailing zero, no exponent (ISMP)."""

import re
from collections.abc import Mapping
from decimal import Decimal

from firstlight.clinical.quantities.errors import QuantityError

LONGEST = 40
NUMERAL = re.compile(r"(?:0|[1-9][0-9]*|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.[0-9]*[1-9])?")
TYPED = re.compile(r"(?P<number>\S*?[0-9.,])\s*(?P<unit>[^\s0-9.,+-][^\s]*)?")


def parse(text: str, *, field: str, units: Mapping[str, int], example: str) -> int:
    """Read "35 mg" as a whole number of the smallest unit.

    `units` gives each accepted unit its size in the smallest one. Raises QuantityError for anything else,
    also for an amount finer than the smallest unit.
    """
    number, unit = _split(text, field=field, example=example)
    if unit not in units:
        allowed = " or ".join(units)
        raise QuantityError(field=field, value=text, code="unit", expected=f"write the unit as {allowed}: {example}")
    amount = parse_number(number, field=field, example=example) * units[unit]
    if amount != amount.to_integral_value():
        raise QuantityError(field=field, value=text, code="too_fine", expected="that is finer than can be measured")
    return int(amount)


def parse_number(text: str, *, field: str, example: str) -> Decimal:
    """Read one plain decimal number, refusing every notation that has caused tenfold errors."""
    for pattern, code, expected in _MISTAKES:
        if pattern.fullmatch(text):
            raise QuantityError(field=field, value=text, code=code, expected=f"{expected}: {example}")
    if not NUMERAL.fullmatch(text):
        raise QuantityError(field=field, value=text, code="not_a_number", expected=f"write a number such as {example}")
    return Decimal(text.replace(",", ""))


def numeral(value: Decimal) -> str:
    """Write a number the ISMP way: "0.5", "5", "1,000"."""
    plain = f"{value:,f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def scaled(amount: int, scale: int) -> str:
    """Write a whole number of small units in units `scale` times as large."""
    return numeral(Decimal(amount) / scale)


def _split(text: str, *, field: str, example: str) -> tuple[str, str]:
    if len(text) > LONGEST:
        raise QuantityError(field=field, value=text, code="too_long", expected=f"write an amount such as {example}")
    match = TYPED.fullmatch(text.strip())
    if match is None:
        raise QuantityError(field=field, value=text, code="not_an_amount", expected=f"write an amount as {example}")
    return match["number"], match["unit"] or ""


_MISTAKES = (
    (re.compile(r"[-−–].*"), "negative", "an amount is never negative"),
    (re.compile(r"\..*"), "naked_decimal", "write a zero before the point"),
    (re.compile(r"[0-9,]+\.[0-9]*0"), "trailing_zero", "leave out the zero at the end"),
    (re.compile(r"[0-9,]+\."), "bare_point", "leave out the point at the end"),
    (re.compile(r"0[0-9]+.*"), "leading_zero", "leave out the zero at the front"),
    (re.compile(r"[0-9.,]+[eE].*"), "exponent", "write the number in full"),
)
