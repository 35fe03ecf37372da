"""Effects: linear where it was studied, refused across sites, counted for groups and never for one person."""

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from firstlight.clinical.evidence import sources, text
from firstlight.clinical.pharmacology.doses import Isomer, Route
from firstlight.clinical.pharmacology.effects import (
    KE0_PER_H,
    dissociation,
    pressure_windows,
    response_curve,
    wilson_band,
)
from firstlight.clinical.pharmacology.errors import NotANumber, NothingAsked, SitesDiffer
from firstlight.clinical.pharmacology.modelling import Site
from tests.clinical.pharmacology.asking import dose, racemate
from tests.support.scale import count


def test_delay_is_the_half_life_of_olofsen() -> None:
    # ln 2 / 6.1 min = 0.1136 per minute
    per_minute = KE0_PER_H / 60

    assert per_minute == pytest.approx(0.1136, abs=0.0001)


def test_dissociation_is_linear_and_marks_what_was_not_studied() -> None:
    found = dissociation(np.array([0.0, 49.0, 50.0, 100.0, 200.0, 201.0]), site=Site.VENOUS, isomer=Isomer.RACEMATE)

    assert found.drive == pytest.approx([0.0, 0.245, 0.25, 0.5, 1.0, 1.005])
    assert found.illustrative.tolist() == [True, True, False, False, False, True]
    assert found.sources == ("BOWDLE-98", "OLOFSEN-12")


@pytest.mark.parametrize("site", [Site.ARTERIAL, Site.UNKNOWN])
def test_dissociation_from_another_site_is_refused_unless_the_reading_is_accepted(site: Site) -> None:
    with pytest.raises(SitesDiffer, match="otto2021"):
        dissociation(np.array([100.0]), site=site, isomer=Isomer.RACEMATE)

    accepted = dissociation(np.array([100.0]), site=site, isomer=Isomer.RACEMATE, read_as_venous=True)
    assert "concentration read as venous" in {text(one.name) for one in accepted.assumptions}


def test_s_ketamine_counts_twice_by_a_named_assumption() -> None:
    found = dissociation(np.array([50.0]), site=Site.VENOUS, isomer=Isomer.S)

    assert found.drive == pytest.approx([0.5])
    assert "potency of S-ketamine" in {text(one.name) for one in found.assumptions}


def test_pressure_after_an_infusion_is_raised_until_90_minutes_after_its_end() -> None:
    (window,) = pressure_windows([racemate(35, duration_min=40)])

    assert (window.start_min, window.peak_min, window.end_min) == (0, 40, 130)
    assert window.sources == ("SZARMACH-20", "ZHENG")


def test_pressure_after_sprays_counts_from_the_last_one() -> None:
    sprays = [dose("perezruixo2021", 28, Route.INTRANASAL, start_min=start) for start in (0.0, 5.0)]

    (window,) = pressure_windows(sprays)

    assert (window.peak_min, window.end_min, window.sources) == (45, 245, ("S-LABEL",))
    assert "(ours)" not in text(window.why)


def test_pressure_has_a_window_for_each_session() -> None:
    # day 0 and day 3 were once one window of 4,450 minutes; a pause of 20 minutes is no new session
    starts = (0, 60, 3 * 1440)

    windows = pressure_windows([racemate(35, duration_min=40, start_min=start) for start in starts])

    assert [(one.start_min, one.peak_min, one.end_min) for one in windows] == [(0, 100, 190), (4320, 4360, 4450)]


def test_pressure_of_a_route_without_data_says_that_it_is_borrowed() -> None:
    assert "(ours)" in text(pressure_windows([racemate(35, Route.INTRAMUSCULAR)])[0].why)
    with pytest.raises(NothingAsked):
        pressure_windows([])


def test_responses_are_those_of_han_at_its_times() -> None:
    day, three_days, week = response_curve([24, 72, 168]).rates

    assert (day.response, three_days.response, week.response) == pytest.approx((0.522, 0.479, 0.398))
    assert (day.remission, three_days.remission, week.remission) == pytest.approx((0.206, 0.238, 0.262))
    # at 48 h halfway between 52.2 and 47.9 %
    assert response_curve([48]).rates[0].response == pytest.approx(0.5005)


def test_band_is_wilsons() -> None:
    # 50 % of 100 people, z = 1.6449: centre 0.5, half width 1.6449 √(0.0025 + 2.7055/40000) / 1.027055 = 0.08116
    assert wilson_band(0.5, 100) == pytest.approx((0.41884, 0.58116), abs=1e-4)


@pytest.mark.parametrize("time_h", [0, 12, 169, float("nan")])
def test_time_without_data_is_refused(time_h: float) -> None:
    with pytest.raises(NotANumber, match="24 to 168 h"):
        response_curve([time_h])


def test_no_time_is_refused() -> None:
    with pytest.raises(NothingAsked):
        response_curve([])


def test_response_says_that_it_is_no_prediction() -> None:
    curve = response_curve([24])

    assert "not what will happen to one person" in curve.limits
    assert text(curve.assumptions[0].name) == "number of people given ketamine"
    assert {"HAN-16", "BOWDLE-98", "OLOFSEN-12", "MION-24", "SZARMACH-20", "ZHENG", "S-LABEL"} <= set(sources())


@settings(max_examples=count(reduced=50, full=2000), deadline=None)
@drawn(st.floats(0, 1), st.integers(1, 10_000))
def test_band_holds_its_share_and_stays_between_none_and_all(share: float, people: int) -> None:
    low, high = wilson_band(share, people)

    assert -1e-12 <= low <= share + 1e-12
    assert share - 1e-12 <= high <= 1 + 1e-12
