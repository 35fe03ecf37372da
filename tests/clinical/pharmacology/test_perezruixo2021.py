"""Perez-Ruixo 2021, against its own Table 4 (within 3 %) and arithmetic on its Table 3."""

import numpy as np
import pytest

from firstlight.clinical.evidence import text
from firstlight.clinical.pharmacology.bodies import body, plan
from firstlight.clinical.pharmacology.cohorts import cohort
from firstlight.clinical.pharmacology.doses import Route
from firstlight.clinical.pharmacology.errors import NotANumber, UnknownWord, WrongKind
from firstlight.clinical.pharmacology.models import MODELS
from firstlight.clinical.pharmacology.people import Ancestry, Person
from tests.clinical.pharmacology.asking import area, dose, given, half_life_h, highest, plateau

NAME = "perezruixo2021"
WITHIN = 0.03


def spray(mg: float, **about):
    return given(NAME, dose(NAME, mg, Route.INTRANASAL), **about)


@pytest.mark.parametrize(
    ("mg", "peak", "area_24_h", "noresketamine_peak"),
    [(28, 43.8, 147.3, 59.1), (56, 72.5, 254.7, 119.7), (84, 101.0, 362.2, 180.0)],
)
def test_table_4_is_reproduced(mg: float, peak: float, area_24_h: float, noresketamine_peak: float) -> None:
    assert highest(spray(mg), "ketamine") == pytest.approx(peak, rel=WITHIN)
    assert area(spray(mg), "ketamine", until_h=24) == pytest.approx(area_24_h, rel=WITHIN)
    assert highest(spray(mg), "norketamine") == pytest.approx(noresketamine_peak, rel=WITHIN)


@pytest.mark.parametrize(("mg", "peak"), [(28, 57.5), (56, 94.5), (84, 131.3)])
def test_table_4_is_reproduced_for_japanese_people(mg: float, peak: float) -> None:
    assert highest(spray(mg, ancestry=Ancestry.JAPANESE), "ketamine") == pytest.approx(peak, rel=WITHIN)


@pytest.mark.parametrize(("mg", "peak"), [(28, 44.1), (56, 73.2), (84, 102.4)])
def test_table_4_is_reproduced_for_other_asian_people(mg: float, peak: float) -> None:
    assert highest(spray(mg, ancestry=Ancestry.OTHER_ASIAN), "ketamine") == pytest.approx(peak, rel=WITHIN)


@pytest.mark.parametrize("age_years", [65, 70, 75])
@pytest.mark.parametrize(("mg", "peak"), [(28, 44.6), (56, 73.8), (84, 102.7)])
def test_table_4_is_reproduced_over_60_whatever_age_was_meant(mg: float, peak: float, age_years: float) -> None:
    assert highest(spray(mg, age_years=age_years), "ketamine") == pytest.approx(peak, rel=WITHIN)


def test_worst_cell_of_table_4_is_told_to_whoever_trusts_it(figure) -> None:
    cells = [
        (highest(spray(mg, ancestry=ancestry, age_years=age), "ketamine"), printed)
        for ancestry, age, row in (
            (None, 40, (43.8, 72.5, 101.0)),
            (Ancestry.JAPANESE, 40, (57.5, 94.5, 131.3)),
            (Ancestry.OTHER_ASIAN, 40, (44.1, 73.2, 102.4)),
            (None, 70, (44.6, 73.8, 102.7)),
        )
        for mg, printed in zip((28, 56, 84), row, strict=True)
    ]
    worst = max(abs(found / printed - 1) for found, printed in cells)

    figure("peaks of Perez-Ruixo 2021, Table 4, and the worst error of the model", f"{len(cells)}, {worst:.1%}")
    assert worst < WITHIN


@pytest.mark.parametrize(("mg", "printed"), [(28, 274.4), (56, 516.3), (84, 758.0)])
def test_noresketamine_area_is_too_high_and_the_output_says_so(mg: float, printed: float) -> None:
    # (kel + kmet) / kmet = (1.11 + 2.77) / 2.77 = 1.40
    planned = spray(mg)

    assert 1.40 < area(planned, "norketamine", until_h=24) / printed < 1.47
    assert "AUC of noresketamine" in {text(one.name) for one in planned.assumptions}


def test_plateau_is_rate_over_flow_times_extraction() -> None:
    # E = 3.88 × 101 / (151 + 3.88 × 101) = 391.88 / 542.88 = 0.721854; CL = 151 E = 109.000 L/h; 20 / 109.000 = 0.183486
    # noresketamine 20 × 2.77/3.88 / 38 = 0.375746 mg/L
    found = plateau(NAME, 20)

    assert (found["ketamine"], found["norketamine"]) == pytest.approx((183.486, 375.746), rel=1e-5)


def test_oral_solution_reaches_the_blood_to_18_percent() -> None:
    # F = 0.64 × (1 − 0.721854) = 0.178014; 84 × 0.178014 / 109.000 = 0.137186 mg·h/L
    assert area(given(NAME, dose(NAME, 84, Route.ORAL)), "ketamine") == pytest.approx(137.186, rel=1e-5)


def test_later_devices_absorb_less() -> None:
    # 0.54; then 0.54 × 0.62 = 0.3348: means of 0.54, 0.4374 and 0.4032 of 28, 56 and 84 mg
    for mg, effective in ((28, 0.54), (56, 0.4374), (84, 0.4032)):
        _, inputs = body(spray(mg))
        nose = sum(one.amount_mg for one in inputs if one.state == "nose")

        assert nose / mg == pytest.approx(effective)


def test_devices_five_minutes_apart_are_counted_in_their_order() -> None:
    first, second = (dose(NAME, 28, Route.INTRANASAL, start_min=start) for start in (5.0, 0.0))
    _, inputs = body(given(NAME, first, second))
    nose = {one.start_h: one.amount_mg for one in inputs if one.state == "nose"}

    assert nose[0.0] == pytest.approx(28 * 0.54)
    assert nose[5 / 60] == pytest.approx(28 * 0.3348)


def test_session_of_another_day_begins_with_a_first_device_again() -> None:
    today, other_day = (dose(NAME, 56, Route.INTRANASAL, start_min=start) for start in (0.0, 3 * 24 * 60.0))
    _, inputs = body(given(NAME, today, other_day))
    nose = [one.amount_mg / 28 for one in inputs if one.state == "nose"]

    assert nose == pytest.approx([0.54, 0.3348, 0.54, 0.3348])


def test_dose_that_no_number_of_devices_makes_is_refused() -> None:
    with pytest.raises(NotANumber, match="28, 56 or 84 mg"):
        body(spray(35))


def test_half_life_is_that_of_its_volumes() -> None:
    assert half_life_h(NAME, (80.0, 100.0)) == pytest.approx(11, abs=0.5)


def test_weight_changes_nothing() -> None:
    assert plateau(NAME, 20, weight_kg=140) == plateau(NAME, 20)


def test_variability_of_kmet_is_none_unless_a_bounded_one_is_chosen() -> None:
    device = dose(NAME, 28, Route.INTRANASAL)

    def rates(**more) -> np.ndarray:
        planned = plan(MODELS[NAME], person=Person(weight_kg=70), doses=[device], **more)
        flows = cohort(planned)(0, 4000)[0].flows
        return np.atleast_1d(
            next(one.rate_per_h for one in flows if (one.source, one.target) == ("liver", "norketamine"))
        )

    assert rates().tolist() == rates(cv_percent={"kmet": 0}).tolist() == [2.77]
    drawn = rates(cv_percent={"kmet": 30})
    # a CV of 30 % is a log-normal of sd √ln(1 + 0.3²) = 0.2936: its median stays 2.77
    assert np.median(drawn) == pytest.approx(2.77, rel=0.02)
    assert np.log(drawn).std() == pytest.approx(0.2936, rel=0.04)
    for wrong, refusal in (
        ({"kmet": 31}, NotANumber),
        ({"kmet": "30"}, NotANumber),
        ({"kel": 30}, UnknownWord),
        (30, WrongKind),
    ):
        with pytest.raises(refusal, match="kmet"):
            rates(cv_percent=wrong)
