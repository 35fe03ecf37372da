"""Otto 2021, against arithmetic on its Table 3: V 133 L, CL 95.2 L/h; norketamine V 98.638 L, CL 57.72 L/h."""

import numpy as np
import pytest

from firstlight.clinical.pharmacology.models import MODELS
from tests.clinical.pharmacology.asking import area, dose, given, half_life_h, levels, plateau, racemate

NAME = "otto2021"


def test_bolus_begins_at_dose_over_central_volume() -> None:
    # 35 mg / 133 L = 0.263158 mg/L
    assert levels(given(NAME, dose(NAME, 35)), [0.0])["ketamine"][0] == pytest.approx(263.158, rel=1e-5)


def test_plateau_is_rate_over_clearance() -> None:
    # 20 mg/h / 95.2 L/h = 0.210084 mg/L; all of it becomes norketamine, mass for mass: 20 / 57.72 = 0.346500 mg/L
    assert plateau(NAME, 20) == pytest.approx(
        {"ketamine": 210.084, "s_ketamine": 210.084, "norketamine": 346.500}, rel=1e-5
    )


def test_clearance_grows_with_weight_to_three_quarters() -> None:
    # 2 ** 0.75 = 1.681793: 20 / (95.2 × 1.681793) = 0.124917, 20 / (57.72 × 1.681793) = 0.206030 mg/L
    found = plateau(NAME, 20, weight_kg=140)

    assert (found["ketamine"], found["norketamine"]) == pytest.approx((124.917, 206.030), rel=1e-5)


def test_area_is_dose_over_clearance() -> None:
    # 35 / 95.2 = 0.367647 and 35 / 57.72 = 0.606376 mg·h/L
    planned = given(NAME, dose(NAME, 35, duration_min=40))

    assert area(planned, "ketamine") == pytest.approx(367.647, rel=2e-6)
    assert area(planned, "norketamine") == pytest.approx(606.376, rel=2e-6)


def test_half_life_is_that_of_fanta() -> None:
    assert half_life_h(NAME) == pytest.approx(7.4, abs=0.05)


def test_half_a_milligram_per_kilogram_ends_where_venous_models_end() -> None:
    # 0.5 mg/kg of racemate over 40 min at 70 kg: 158 to 177 ng/mL in venous models (reference, section 0)
    found = levels(given(NAME, racemate(35, duration_min=40)), [40 / 60])["ketamine"][0]

    assert found == pytest.approx(158, abs=0.5)


def test_norketamine_outlasts_ketamine_as_the_reference_works_it_out() -> None:
    # 0.5 mg/kg of racemate over 40 min: norketamine 51 against ketamine 27 ng/mL at 230 min (reference, section 3)
    found = levels(given(NAME, racemate(35, duration_min=40)), [230 / 60])

    assert found["norketamine"][0] == pytest.approx(51, abs=0.5)
    assert found["ketamine"][0] == pytest.approx(27, abs=0.5)


def test_omegas_are_variances_and_covariances_of_the_log() -> None:
    ketamine, norketamine = MODELS[NAME].variability

    found = ketamine.cholesky() @ ketamine.cholesky().T
    assert found == pytest.approx(np.array([[0.084177, 0.02261], [0.02261, 0.026048]]))
    assert norketamine.lower == ((0.040426,), (0.04456, 0.10319))
