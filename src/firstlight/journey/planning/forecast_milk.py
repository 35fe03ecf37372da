"""Milk of a typed dose. Models are linear in the amount: people are drawn once for a duration and its feeds, not at each dose."""

from dataclasses import replace
from functools import lru_cache

from firstlight.clinical.pharmacology.bodies import plan
from firstlight.clinical.pharmacology.doses import Dose
from firstlight.clinical.pharmacology.forecasting import SUBJECTS
from firstlight.clinical.pharmacology.lactation import AnalyteInMilk, Milk, milk
from firstlight.clinical.pharmacology.lactation_people import Band
from firstlight.clinical.pharmacology.modelling import Site
from firstlight.clinical.pharmacology.people import Person
from firstlight.clinical.pharmacology.recommending import recommend

KEPT = 64  # durations with their feeds: somebody who types a dose keeps these


def milk_of(dose: Dose, person: Person, feeds_h: tuple[float, ...], infant_kg: float) -> Milk:
    """Return the milk of one dose at these feeds. Shares of the dose do not depend on it; amounts rise with it."""
    each_mg = _of_a_milligram(replace(dose, amount_mg=1.0), person, feeds_h, infant_kg)
    analytes = tuple(_times(one, dose.amount_mg) for one in each_mg.analytes)
    return replace(each_mg, plan=replace(each_mg.plan, doses=(dose,)), analytes=analytes)


@lru_cache(maxsize=KEPT)
def _of_a_milligram(dose: Dose, person: Person, feeds_h: tuple[float, ...], infant_kg: float) -> Milk:
    model = recommend(dose.route, dose.isomer, Site.VENOUS).model
    return milk(plan(model, person=person, doses=(dose,)), feeds_h=feeds_h, infant_kg=infant_kg, n=SUBJECTS)


def _times(one: AnalyteInMilk, amount_mg: float) -> AnalyteInMilk:
    feeds = tuple(
        replace(
            feed,
            milk_ug_per_l=_band(feed.milk_ug_per_l, amount_mg),
            average_ug_per_l=_band(feed.average_ug_per_l, amount_mg),
            infant_dose_ug=_band(feed.infant_dose_ug, amount_mg),
        )
        for feed in one.feeds
    )
    return replace(one, feeds=feeds)


def _band(band: Band, amount_mg: float) -> Band:
    return Band(band.value * amount_mg, band.low * amount_mg, band.high * amount_mg)
