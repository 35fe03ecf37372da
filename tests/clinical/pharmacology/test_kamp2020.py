"""Kamp 2020, against arithmetic: V1 25 L, CL 84 L/h at 70 kg, and against the paper's abstract."""

import pytest

from firstlight.clinical.evidence import text
from firstlight.clinical.pharmacology.modelling import Checked
from firstlight.clinical.pharmacology.models import MODELS
from tests.clinical.pharmacology.asking import area, dose, given, half_life_h, levels, plateau

NAME = "kamp2020"


def test_bolus_begins_at_dose_over_central_volume() -> None:
    assert levels(given(NAME, dose(NAME, 35)), [0.0])["ketamine"][0] == pytest.approx(1400.0)


def test_plateau_is_rate_over_clearance() -> None:
    # 20 / 84 = 0.238095; at 140 kg 20 / (84 × 1.681793) = 0.141572 mg/L
    assert plateau(NAME, 20)["ketamine"] == pytest.approx(238.095, rel=1e-5)
    assert plateau(NAME, 20, weight_kg=140)["ketamine"] == pytest.approx(141.572, rel=1e-5)


def test_area_is_dose_over_clearance() -> None:
    # 35 / 84 = 0.416667 mg·h/L
    assert area(given(NAME, dose(NAME, 35, duration_min=40)), "ketamine") == pytest.approx(416.667, rel=1e-6)


def test_sums_lie_in_the_intervals_of_the_abstract() -> None:
    values = MODELS[NAME].values()

    assert 200 <= values["V1"] + values["V2"] + values["V3"] <= 304
    assert 69 <= values["CL"] <= 90


def test_half_life_is_that_of_its_volumes() -> None:
    assert half_life_h(NAME) == pytest.approx(3.1, abs=0.05)


def test_model_says_that_it_is_second_hand() -> None:
    assert MODELS[NAME].checked is Checked.SECOND_HAND
    assert "second-hand" in {text(one.name) for one in given(NAME, dose(NAME, 35)).assumptions}
