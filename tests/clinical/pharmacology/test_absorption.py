"""Lent routes: bounded, named, carried along, and giving what their numbers say."""

from dataclasses import replace

import numpy as np
import pytest

from firstlight.clinical.evidence import sources, text
from firstlight.clinical.pharmacology.absorption import INTRAMUSCULAR, LENT, lent
from firstlight.clinical.pharmacology.doses import Isomer, Route
from firstlight.clinical.pharmacology.models import MODELS
from tests.clinical.pharmacology.asking import area, given, highest, levels, racemate


@pytest.mark.parametrize("route", LENT, ids=lambda route: route.route)
def test_lent_route_names_bounds_and_reason_of_every_number(route) -> None:
    for one in route.assumptions:
        assert one.why
        assert one.symbol.startswith(f"{route.route}_")
        assert one.value is not None
        if one.low is not None and one.high is not None:
            assert one.low < one.value < one.high
        assert set(one.sources) <= set(sources())


@pytest.mark.parametrize(("ka_per_h", "peak_min", "peak_ng_per_ml"), [(4.0, 24, 143), (5.0, 20.5, 154), (8.0, 15, 175)])
def test_intramuscular_peak_is_that_of_the_reference(ka_per_h: float, peak_min: float, peak_ng_per_ml: float) -> None:
    # reference, section 1.6: Clements, F 0.93, 0.5 mg/kg
    ka, fraction = INTRAMUSCULAR.assumptions
    muscle = replace(INTRAMUSCULAR, assumptions=(replace(ka, value=ka_per_h), fraction))
    planned = replace(given("clements1981", racemate(35, Route.INTRAMUSCULAR)), lent_routes=(muscle,))
    minutes = np.arange(0.0, 60.0, 0.25)

    found = levels(planned, minutes / 60)["ketamine"]

    assert found.max() == pytest.approx(peak_ng_per_ml, abs=1)
    assert minutes[found.argmax()] == pytest.approx(peak_min, abs=0.75)


@pytest.mark.parametrize(
    ("route", "fraction"),
    [
        (Route.INTRAMUSCULAR, 0.93),
        (Route.SUBCUTANEOUS, 0.93),
        (Route.ORAL, 0.17),
        (Route.SUBLINGUAL, 0.29),
        (Route.INTRANASAL, 0.22),
    ],
)
def test_lent_route_absorbs_its_fraction(route: Route, fraction: float) -> None:
    # CL 84 L/h: 50 mg × F / 84
    planned = given("kamp2020", racemate(50, route))

    assert area(planned, "ketamine") == pytest.approx(50 * fraction / 84 * 1000, rel=1e-6)


def test_output_carries_what_a_lent_route_assumes() -> None:
    names = {text(one.name) for one in given("otto2021", racemate(50, Route.ORAL)).assumptions}

    assert {"oral bioavailability", "oral absorption", "norketamine of the first pass"} <= names


def test_subcutaneous_says_that_no_human_model_was_found() -> None:
    planned = given("otto2021", racemate(35, Route.SUBCUTANEOUS))

    assert any("no human population model found" in text(one.why) for one in planned.assumptions)


def test_intranasal_racemate_says_that_sources_conflict() -> None:
    planned = given("otto2021", racemate(50, Route.INTRANASAL))

    assert any("sources conflict" in text(one.why) for one in planned.assumptions)


def test_sublingual_is_slower_than_a_muscle() -> None:
    slow, fast = (
        highest(given("otto2021", racemate(50, route)), "ketamine") for route in (Route.SUBLINGUAL, Route.INTRAMUSCULAR)
    )

    assert slow < 0.5 * fast


def test_own_route_of_a_model_is_never_lent() -> None:
    assert lent(Route.FILM, Isomer.S) is None
    assert lent(Route.INTRANASAL, Isomer.S) is None
    assert not given("perezruixo2021", racemate(50, Route.ORAL)).lent_routes


def test_assumption_is_drawn_over_its_bounds() -> None:
    ka = LENT[0].assumptions[0]
    # ± 1.645 standard deviations are the 5th and the 95th percentile
    assert ka.drawn(np.array([-1.6448536, 0.0, 1.6448536])) == pytest.approx([2.5, 4.5, 8.0], rel=1e-6)
    fraction = LENT[0].assumptions[1]
    assert fraction.drawn(np.array([3.0]))[0] == 1.0
    assert MODELS["otto2021"].drawn == ()
