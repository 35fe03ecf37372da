"""Amounts: what is read, what is refused and how, and what is printed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstlight.clinical.quantities import (
    Amount,
    Concentration,
    DosePerKilogram,
    Mass,
    Minutes,
    QuantityError,
    Volume,
    Weight,
)


@pytest.mark.parametrize(
    ("typed", "micrograms"),
    [
        ("35 mg", 35_000),
        ("0.5 mg", 500),
        ("35mg", 35_000),
        (" 35 mg ", 35_000),
        ("1,000 mg", 1_000_000),
        ("1000 mg", 1_000_000),
        ("100 mcg", 100),
        ("1.5 g", 1_500_000),
        ("0 mg", 0),
    ],
)
def test_mass_as_typed(typed: str, micrograms: int) -> None:
    assert Mass.parse(typed) == Mass(micrograms)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (".5 mg", "naked_decimal"),
        ("5.0 mg", "trailing_zero"),
        ("0.50 mg", "trailing_zero"),
        ("5. mg", "bare_point"),
        ("05 mg", "leading_zero"),
        ("1e3 mg", "exponent"),
        ("-5 mg", "negative"),
        ("−5 mg", "negative"),
        ("+5 mg", "not_a_number"),
        ("5,5 mg", "not_a_number"),
        ("10,00 mg", "not_a_number"),
        ("1.5.2 mg", "not_a_number"),
        ("5", "unit"),
        ("5 µg", "unit"),
        ("5 MG", "unit"),
        ("5 mg/mL", "unit"),
        ("mg", "not_an_amount"),
        ("", "not_an_amount"),
        ("5 mg 5 mg", "not_an_amount"),
        ("5 mg; drop table", "not_an_amount"),
        ("٣ mg", "not_an_amount"),
        ("0.0005 mg", "too_fine"),
        ("2,000,000 mg", "too_large"),
        ("9" * 100_000 + " mg", "too_long"),
    ],
)
def test_mass_that_could_be_misread_is_refused_with_its_reason(typed: str, code: str) -> None:
    with pytest.raises(QuantityError) as refusal:
        Mass.parse(typed)

    assert refusal.value.code == code
    assert refusal.value.field == "dose"
    assert len(str(refusal.value)) < 200


def test_refusal_says_what_would_be_right() -> None:
    with pytest.raises(QuantityError, match=r"dose: '\.5' cannot be used; write a zero before the point"):
        Mass.parse(".5 mg")


@pytest.mark.parametrize(
    ("amount", "printed"),
    [
        (Mass(35_000), "35 mg"),
        (Mass(500), "0.5 mg"),
        (Mass(1_000_000), "1,000 mg"),
        (Mass(12_345_678), "12,345.678 mg"),
        (Mass(0), "0 mg"),
        (Volume(3_500), "3.5 mL"),
        (Volume(10), "0.01 mL"),
        (Concentration(10_000), "10 mg/mL"),
        (Weight(70_500), "70.5 kg"),
        (DosePerKilogram(500), "0.5 mg/kg"),
        (Minutes(40), "40 min"),
    ],
)
def test_amount_as_printed(amount: Amount, printed: str) -> None:
    assert amount.text() == printed


@given(st.integers(min_value=0, max_value=Mass.most))
def test_every_mass_is_read_back_as_printed(micrograms: int) -> None:
    printed = Mass(micrograms).text()

    assert Mass.parse(printed) == Mass(micrograms)


@given(st.integers(min_value=0, max_value=Mass.most))
def test_every_printed_mass_is_safe_to_read(micrograms: int) -> None:
    number, unit = Mass(micrograms).text().split(" ")

    assert unit == "mg"
    assert number[0].isdigit()
    assert not ("." in number and number[-1] in "0.")
    assert Decimal(number.replace(",", "")) * 1000 == micrograms


@given(st.text(max_size=60))
def test_any_text_is_an_amount_or_a_named_refusal(text: str) -> None:
    try:
        amount = Mass.parse(text)
    except QuantityError:
        return

    assert 0 <= amount.ug <= Mass.most


@pytest.mark.parametrize("count", [-1, Mass.most + 1, True, 1.0, "1"])
def test_mass_from_a_wrong_count_is_refused(count: object) -> None:
    with pytest.raises(QuantityError):
        Mass(count)  # type: ignore[arg-type]  # the wrong type is the point


def test_amounts_of_different_kinds_are_never_equal() -> None:
    assert len({Mass(5), Volume(5)}) == 2


def test_mass_in_a_volume_is_exact() -> None:
    # 3.5 mL of 10 mg/mL: 3.5 x 10 = 35 mg.
    assert Concentration.parse("10 mg/mL").mass_in(Volume.parse("3.5 mL")) == Mass.parse("35 mg")


@given(st.integers(min_value=1, max_value=10_000), st.integers(min_value=1, max_value=10_000))
def test_mass_in_any_syringe_step_is_exact(steps: int, tenths: int) -> None:
    volume, concentration = Volume(steps * 10), Concentration(tenths * 100)

    assert concentration.mass_in(volume).ug * 1_000 == volume.ul * concentration.ug_per_ml


def test_mass_in_a_volume_finer_than_a_microgram_is_refused() -> None:
    with pytest.raises(QuantityError, match=r"use steps of 0\.01 mL"):
        Concentration(10_100).mass_in(Volume(1))


def test_concentration_finer_than_a_syringe_step_can_keep_exact_is_refused() -> None:
    with pytest.raises(QuantityError, match=r"steps of 0\.1 mg/mL"):
        Concentration(10_050)


@pytest.mark.parametrize(
    ("value", "ug_per_kg"), [(Decimal("0.5"), 500), ("0.5", 500), (Decimal("0.50"), 500), ("1", 1_000)]
)
def test_dose_per_kilogram_from_a_number(value: Decimal | str, ug_per_kg: int) -> None:
    assert DosePerKilogram.of_mg(value) == DosePerKilogram(ug_per_kg)


@pytest.mark.parametrize(
    "value", [Decimal("NaN"), Decimal("Infinity"), Decimal("0.0001"), Decimal(-1), ".5", "0.50", "0"]
)
def test_dose_per_kilogram_from_no_number_is_refused(value: Decimal | str) -> None:
    with pytest.raises(QuantityError):
        DosePerKilogram.of_mg(value)
