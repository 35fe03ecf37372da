"""Clements 1981, against arithmetic: 1.7522 L/kg, k10 0.0109/min. At 70 kg V1 is 122.654 L and CL 80.2157 L/h."""

import pytest

from firstlight.clinical.evidence import text
from firstlight.clinical.pharmacology.modelling import Checked
from firstlight.clinical.pharmacology.models import MODELS
from tests.clinical.pharmacology.asking import area, dose, given, half_life_h, levels, plateau

NAME = "clements1981"


def test_bolus_begins_at_dose_over_central_volume() -> None:
    # the study's 0.25 mg/kg: 250 / 1.7522 = 142.678 ng/mL at any weight
    assert levels(given(NAME, dose(NAME, 17.5)), [0.0])["ketamine"][0] == pytest.approx(142.678, rel=1e-5)


def test_plateau_is_rate_over_clearance() -> None:
    # 1.7522 × 0.0109 = 0.019099 L/min/kg, 80.2157 L/h at 70 kg: 20 / 80.2157 = 0.249328 mg/L
    assert plateau(NAME, 20) == pytest.approx({"ketamine": 249.328}, rel=1e-5)


def test_area_is_dose_over_clearance() -> None:
    # 35 / 80.2157 = 0.436324 mg·h/L
    assert area(given(NAME, dose(NAME, 35)), "ketamine") == pytest.approx(436.324, rel=1e-5)


def test_half_life_is_that_of_its_rates() -> None:
    assert half_life_h(NAME) == pytest.approx(3.0, abs=0.05)


def test_model_says_that_it_is_second_hand() -> None:
    assert MODELS[NAME].checked is Checked.SECOND_HAND
    assert "second-hand" in {text(one.name) for one in given(NAME, dose(NAME, 35)).assumptions}
