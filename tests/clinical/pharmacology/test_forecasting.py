"""A forecast, against the single answers that it is put together from and against arithmetic on its models."""

from pathlib import Path

import pytest

from firstlight.clinical.evidence import sources
from firstlight.clinical.pharmacology.doses import Dose, Isomer, RateChange, Route, infusion
from firstlight.clinical.pharmacology.effects import STUDIED_NG_PER_ML
from firstlight.clinical.pharmacology.errors import PopulationNotCovered, RouteNotCovered
from firstlight.clinical.pharmacology.forecasting import SUBJECTS, Forecast, forecast
from firstlight.clinical.pharmacology.modelling import Site
from firstlight.clinical.pharmacology.people import Person
from tests.clinical.pharmacology.asking import racemate

MOTHER = Person(weight_kg=70, age_years=31)

ROOT = Path(__file__).resolve().parents[3]


def of(mg: float, minutes: float = 40, until_min: int = 360) -> Forecast:
    return forecast((racemate(mg, duration_min=minutes),), MOTHER, until_min=until_min)


def test_usual_dose_ends_where_venous_models_end() -> None:
    """0.5 mg/kg over 40 min at 70 kg: 158 ng/mL in this model, 240 to 289 in arterial ones (reference, section 0)."""
    found = of(35)

    assert (found.recommended.model.site, found.peak.at_min) == (Site.VENOUS, 40)
    assert found.peak.median == pytest.approx(158, rel=0.05)
    assert found.peak.low < 0.85 * found.peak.median
    assert found.peak.high > 1.15 * found.peak.median
    assert (found.arterial.recommended.model.site, found.arterial.at_min) == (Site.ARTERIAL, 40)
    assert 240 <= found.arterial.value <= 289


def test_dissociation_begins_and_ends_at_the_lowest_studied_concentration() -> None:
    (found,) = of(35).sessions

    assert found.dissociation_min is not None
    first, last = found.dissociation_min
    assert 5 < first < 40 < last < 360
    assert found.beyond_min is None


def test_double_dose_leaves_the_studied_range_and_says_so() -> None:
    """Twice the dose is twice the level: the effect site passes 200 ng/mL, up to which dissociation was studied."""
    (found,) = of(70).sessions

    assert found.beyond_min is not None
    assert found.dissociation_min is not None
    assert found.dissociation_min[0] < found.beyond_min[0] < found.beyond_min[1] < found.dissociation_min[1]


def test_window_is_followed_beyond_the_levels_that_were_asked_for() -> None:
    short, long = of(70, until_min=60), of(70, until_min=600)

    assert short.levels[-1].at_min == 60
    assert short.sessions == long.sessions
    assert short.last_min == long.last_min > 180


def test_small_dose_never_reaches_what_was_studied() -> None:
    assert of(5).sessions[0].dissociation_min is None


def test_pressure_lasts_until_90_minutes_after_the_end() -> None:
    pressure = of(35).sessions[0].pressure

    assert (pressure.start_min, pressure.peak_min, pressure.end_min) == (0, 40, 130)


def test_each_session_has_windows_of_its_own_also_days_apart() -> None:
    """Three days after the first dose next to nothing of it is left, so the second window is the first one again."""
    days_min = 3 * 1440
    alone = of(35).sessions[0]
    two = (racemate(35, duration_min=40), racemate(35, duration_min=40, start_min=days_min))
    first, second = forecast(two, MOTHER, until_min=240).sessions

    assert first == alone
    assert alone.dissociation_min is not None
    assert second.dissociation_min is not None
    shifted = [minute - days_min for minute in second.dissociation_min]
    assert shifted == pytest.approx(alone.dissociation_min, abs=1)
    assert (second.pressure.start_min, second.pressure.end_min) == (days_min, days_min + 130)


def test_second_infusion_inside_the_first_pressure_window_is_the_same_session() -> None:
    two = (racemate(20, duration_min=20), racemate(20, duration_min=20, start_min=60))
    (session,) = forecast(two, MOTHER, until_min=240).sessions

    assert session.dissociation_min is not None
    assert session.dissociation_min[0] < 20
    assert session.dissociation_min[1] > 80


def test_pause_lowers_the_level_and_the_rest_raises_it_again() -> None:
    """35 mg in 40 min is 52.5 mg/h; ten minutes of pause leave a dent that the even infusion does not have."""
    changes = [RateChange(0, 52.5), RateChange(20, 0), RateChange(30, 52.5)]
    paused = forecast(infusion(isomer=Isomer.RACEMATE, changes=changes, end_min=50), MOTHER, until_min=120)

    assert paused.at(20).median > paused.at(30).median
    assert paused.at(30).median < paused.at(50).median
    assert paused.peak.at_min == 50


def test_same_question_has_the_same_answer() -> None:
    assert of(35) is of(35)
    assert of(35).levels == forecast.__wrapped__((racemate(35, duration_min=40),), MOTHER, until_min=360).levels


def test_every_source_is_in_the_registry_and_assumptions_are_carried() -> None:
    found = of(35)

    assert set(found.sources) <= set(sources())
    assert {"OTTO-21", "BOWDLE-98", "OLOFSEN-12", "SZARMACH-20"} <= set(found.sources)
    assert {one.name["en"] for one in found.assumptions} >= {
        "R-ketamine behaves like S-ketamine",
        "delay of the effect",
        "band between people",
    }


def test_what_is_not_intravenous_or_not_adult_is_refused_by_name() -> None:
    muscle = Dose(route=Route.INTRAMUSCULAR, isomer=Isomer.RACEMATE, amount_mg=35)

    with pytest.raises(RouteNotCovered, match="intravenous"):
        forecast((muscle,), MOTHER, until_min=60)
    with pytest.raises(PopulationNotCovered, match="age"):
        forecast((racemate(35, duration_min=40),), Person(weight_kg=50, age_years=15), until_min=60)


def test_how_to_says_what_is_drawn() -> None:
    """The page for clinicians names how many people are drawn and what was studied."""
    page = (ROOT / "docs/how-to/read-the-forecast.md").read_text()

    assert f"the middle of {SUBJECTS} drawn people" in page
    assert "dotted at {:g} and {:g} ng/mL".format(*STUDIED_NG_PER_ML) in page
