"""Charted values: what nobody can have is refused by kind and range."""

from datetime import UTC, datetime

import pytest

from firstlight.clinical.quantities import BloodPressure, QuantityError, Reading, possible


def test_blood_pressure_as_typed() -> None:
    assert BloodPressure.parse("120/80") == BloodPressure(120, 80)
    assert BloodPressure.parse(" 120 / 80 mmHg") == BloodPressure(120, 80)
    assert BloodPressure(120, 80).text() == "120/80 mmHg"


@pytest.mark.parametrize(("sbp", "dbp"), [(80, 120), (90, 90)])
def test_diastolic_that_is_not_below_systolic_is_refused(sbp: int, dbp: int) -> None:
    with pytest.raises(QuantityError, match="systolic") as refusal:
        BloodPressure(sbp, dbp)

    assert refusal.value.code == "diastolic_above_systolic"


@pytest.mark.parametrize("typed", ["120", "120/80/60", "1200/80", "a/b", "", "120/8", "9" * 100_000])
def test_blood_pressure_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(QuantityError):
        BloodPressure.parse(typed)


@pytest.mark.parametrize(
    ("kind", "value"),
    [("sbp", 39), ("sbp", 301), ("spo2", 101), ("moaas", 6), ("dissociation", -1), ("hr", 72.5), ("hr", True)],
)
def test_reading_nobody_can_have_is_refused_by_kind_and_range(kind: str, value: object) -> None:
    with pytest.raises(QuantityError, match=f"{kind}: .* whole number"):
        possible(kind, value)


def test_reading_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(QuantityError, match="readings are sbp"):
        possible("temperature", 37)


def test_reading_needs_a_time_with_its_zone() -> None:
    Reading("hr", 72, datetime(2026, 11, 22, 9, 0, tzinfo=UTC))
    with pytest.raises(QuantityError, match="zone"):
        Reading("hr", 72, datetime(2026, 11, 22, 9, 0))  # noqa: DTZ001 - the naive time is the point
