"""Domino 1984, against arithmetic: 0.063 L/kg, k10 0.438/min. At 70 kg V1 is 4.41 L and CL 4.41 × 0.438 × 60 = 115.895 L/h."""

import pytest

from tests.clinical.pharmacology.asking import area, dose, given, half_life_h, levels, plateau

NAME = "domino1984"


def test_bolus_begins_at_dose_over_central_volume() -> None:
    # 35 / 4.41 = 7.936508 mg/L
    assert levels(given(NAME, dose(NAME, 35)), [0.0])["ketamine"][0] == pytest.approx(7936.508, rel=1e-6)


def test_plateau_is_rate_over_clearance() -> None:
    # 20 / 115.8948 = 0.172570 mg/L, and half of it at twice the weight: everything is per kilogram
    assert plateau(NAME, 20) == pytest.approx({"ketamine": 172.570}, rel=1e-5)
    assert plateau(NAME, 20, weight_kg=140) == pytest.approx({"ketamine": 86.285}, rel=1e-5)


def test_area_is_dose_over_clearance() -> None:
    # 35 / 115.8948 = 0.301998 mg·h/L
    assert area(given(NAME, dose(NAME, 35)), "ketamine") == pytest.approx(301.998, rel=1e-5)


def test_half_life_is_that_of_its_rates() -> None:
    assert half_life_h(NAME) == pytest.approx(1.9, abs=0.05)
