"""Milk of a typed dose is that of a milligram, times the dose: the same as if its people were drawn anew."""

import pytest

from firstlight.clinical.pharmacology.bodies import plan
from firstlight.clinical.pharmacology.forecasting import SUBJECTS
from firstlight.clinical.pharmacology.lactation import Milk, milk
from firstlight.clinical.pharmacology.lactation_people import Band
from firstlight.clinical.pharmacology.modelling import Site
from firstlight.clinical.pharmacology.people import Person
from firstlight.clinical.pharmacology.recommending import recommend
from firstlight.journey.planning.forecast_milk import milk_of
from tests.clinical.pharmacology.asking import racemate

FEEDS_H = (2.5, 6.0, 14.5)
MAYA = Person(weight_kg=68, age_years=33)


def figures(found: Milk) -> list[float]:
    bands: list[Band] = []
    for one in found.analytes:
        bands += [one.by_samples_percent, one.by_day_percent]
        bands += [waiting.relative_infant_dose_percent for waiting in one.waiting]
        for feed in one.feeds:
            bands += [feed.milk_ug_per_l, feed.average_ug_per_l, feed.infant_dose_ug]
    return [figure for band in bands for figure in (band.value, band.low, band.high)]


@pytest.mark.parametrize("amount_mg", [0.5, 27.3, 100])
@pytest.mark.parametrize("minutes", [30, 95])
def test_milk_of_a_dose_is_what_the_engine_says_of_it(amount_mg: float, minutes: int) -> None:
    dose = racemate(amount_mg, duration_min=minutes)
    model = recommend(dose.route, dose.isomer, Site.VENOUS).model
    direct = milk(plan(model, person=MAYA, doses=(dose,)), feeds_h=FEEDS_H, infant_kg=5.2, n=SUBJECTS)
    found = milk_of(dose, MAYA, FEEDS_H, 5.2)

    assert figures(found) == pytest.approx(figures(direct), rel=1e-9)
    assert found.assumptions == direct.assumptions
    assert found.plan == direct.plan
