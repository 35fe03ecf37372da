"""From model and doses to a body: isomers, routes, people who are not covered, and what must be carried along."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from firstlight.clinical.evidence import text
from firstlight.clinical.pharmacology import covering
from firstlight.clinical.pharmacology.bodies import body, plan
from firstlight.clinical.pharmacology.covering import lightest_adult_kg
from firstlight.clinical.pharmacology.doses import Isomer, Route
from firstlight.clinical.pharmacology.errors import (
    IsomerNotCovered,
    NothingAsked,
    PopulationNotCovered,
    RouteNotCovered,
    WrongUnit,
)
from firstlight.clinical.pharmacology.modelling import Covariate, Parameter, Values
from firstlight.clinical.pharmacology.models import MODELS
from firstlight.clinical.pharmacology.people import Person
from firstlight.clinical.pharmacology.solving import concentrations
from firstlight.clinical.pharmacology.systems import Flow, Output, System
from firstlight.clinical.protocols.session import figures
from tests.clinical.pharmacology.asking import area, dose, given, levels, racemate
from tests.support.scale import count

WHEN = (0.25, 2 / 3, 1.0, 4.0)


def names(planned) -> set[str]:
    return {text(one.name) for one in planned.assumptions}


def test_racemate_in_a_model_of_s_is_the_s_half_and_an_r_half_that_is_named() -> None:
    whole = given("otto2021", racemate(35, duration_min=40))
    half = levels(given("otto2021", dose("otto2021", 17.5, duration_min=40)), WHEN)

    found = levels(whole, WHEN)

    assert found["s_ketamine"] == pytest.approx(half["s_ketamine"])
    assert found["ketamine"] == pytest.approx(found["s_ketamine"] + found["r_ketamine"])
    assert found["norketamine"] == pytest.approx(2 * half["norketamine"])
    assert {"R-ketamine behaves like S-ketamine", "R-metabolites behave like S-metabolites"} <= names(whole)
    assert "HASAN-21" in whole.sources


def test_s_ketamine_in_a_model_of_s_needs_no_assumption_about_r() -> None:
    planned = given("otto2021", dose("otto2021", 35, duration_min=40))

    assert "r_ketamine" not in levels(planned, WHEN)
    assert planned.assumptions == ()


@pytest.mark.parametrize("name", ["domino1984", "clements1981", "kamp2020"])
def test_s_ketamine_in_a_model_of_the_racemate_is_refused(name: str) -> None:
    with pytest.raises(IsomerNotCovered, match="otto2021"):
        given(name, dose("otto2021", 35))


def test_doses_of_two_isomers_are_refused() -> None:
    with pytest.raises(IsomerNotCovered, match="one isomer at a time"):
        given("otto2021", dose("otto2021", 35), racemate(35))


def test_plan_without_doses_is_refused() -> None:
    with pytest.raises(NothingAsked):
        given("otto2021")


@pytest.mark.parametrize("name", MODELS)
def test_child_is_refused_by_every_model_of_adults(name: str) -> None:
    with pytest.raises(PopulationNotCovered, match="is for adults") as refused:
        given(name, dose(name, 5), weight_kg=20, age_years=6)

    assert text(MODELS[name].population) in str(refused.value)
    assert "{" not in str(refused.value)


@pytest.mark.parametrize("name", MODELS)
def test_weight_of_a_child_is_refused_although_no_age_was_given(name: str) -> None:
    with pytest.raises(PopulationNotCovered, match=r"weight: 29\.9 .* is for adults .* 30 kg or more"):
        given(name, dose(name, 5), weight_kg=29.9)

    assert given(name, dose(name, 5), weight_kg=30).person.weight_kg == 30


def test_lightest_adult_is_the_lightest_person_of_a_session() -> None:
    assert 1000 * lightest_adult_kg() == figures()["weight"]["plausible_g"][0]


def test_refusals_name_the_models_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    for_children = replace(MODELS["clements1981"], name="herd2007", youngest_years=1, isomer=Isomer.S)
    monkeypatch.setattr(covering, "MODELS", {**MODELS, "herd2007": for_children})

    with pytest.raises(PopulationNotCovered, match="for this age: herd2007"):
        given("otto2021", dose("otto2021", 5), age_years=6)
    with pytest.raises(PopulationNotCovered, match=r"people from 1 years on .* no model here is for anybody younger"):
        plan(for_children, person=Person(weight_kg=8, age_years=0.5), doses=[dose("otto2021", 5)])
    with pytest.raises(IsomerNotCovered, match="use otto2021 or simons2022 or perezruixo2021 or herd2007"):
        given("kamp2020", dose("otto2021", 35))
    assert plan(for_children, person=Person(weight_kg=12, age_years=3), doses=[dose("otto2021", 5)]).assumptions


SEX = Covariate(
    *("sex", "", None, None),
    note={"en": "Only women and men are told apart."},
    missing={"en": "Taken as male."},
    groups=("female", "male"),
)


def by_sex(values: Values, person: Person) -> System:
    """A body whose clearance is a fifth higher in women: an invented model, which no line of the engine knows."""
    factor = 1.2 if person.fact("sex") == "female" else 1.0
    return System(
        ("central",), (Flow("central", None, values["CL"] * factor),), (Output("s_ketamine", "central", 10.0),)
    )


def test_new_model_may_ask_for_a_property_that_no_other_one_asks_for() -> None:
    model = replace(
        MODELS["otto2021"],
        name="invented",
        parameters=(Parameter("CL", 1.0, "1/h", "elimination"),),
        disposition=by_sex,
        variability=(),
        covariates=(SEX,),
    )
    doses = [dose("otto2021", 10)]
    woman, unknown, other = (
        plan(model, person=Person(weight_kg=70, more=more), doses=doses)
        for more in ((("sex", "female"),), (), (("sex", "intersex"),))
    )

    assert levels(woman, [1.0])["ketamine"][0] == pytest.approx(1000 * np.exp(-1.2))
    assert levels(unknown, [1.0])["ketamine"][0] == pytest.approx(1000 * np.exp(-1.0))
    assert woman.assumptions == ()
    assert [text(one.why) for one in unknown.assumptions] == ["Taken as male."]
    assert [text(one.why) for one in other.assumptions] == [
        "It was given as intersex. Only women and men are told apart."
    ]
    assert names(other) == {"sex outside the published range"}


def test_what_is_said_of_a_person_is_true_of_that_person() -> None:
    spray = dose("perezruixo2021", 28, Route.INTRANASAL)
    known = given("perezruixo2021", spray, age_years=45, ancestry="japanese")
    unknown = given("perezruixo2021", spray)

    said = {text(one.name): text(one.why) for one in known.assumptions}
    assert "where no age is given" not in " ".join(said.values())
    assert said["published range of age unknown here"].startswith(
        "The flow through the liver falls with each year over 60"
    )
    assert [name for name in said if "ancestry" in name] == []
    missing = {text(one.name): text(one.why) for one in unknown.assumptions}
    assert missing["age not given"].startswith("Taken as not over 60")
    assert missing["ancestry not given"].endswith("the person is taken as neither.")


def test_film_is_only_for_the_model_that_studied_it() -> None:
    with pytest.raises(RouteNotCovered, match="use simons2022"):
        given("otto2021", dose("otto2021", 50, Route.FILM))
    with pytest.raises(RouteNotCovered, match="the oral film is S-ketamine"):
        given("simons2022", racemate(50, Route.FILM))


def test_esketamine_spray_is_only_for_the_model_that_studied_it() -> None:
    with pytest.raises(RouteNotCovered, match="use perezruixo2021"):
        given("otto2021", dose("otto2021", 56, Route.INTRANASAL))


def test_person_outside_the_published_range_is_said() -> None:
    assert "weight outside the published range" in names(given("simons2022", dose("simons2022", 20), weight_kg=120))
    assert "weight outside the published range" not in names(given("simons2022", dose("simons2022", 20)))
    assert "age outside the published range" in names(given("simons2022", dose("simons2022", 20), age_years=45))
    assert "age not given" in names(given("simons2022", dose("simons2022", 20)))
    assert "published range of weight unknown here" in names(given("domino1984", dose("domino1984", 35)))


@pytest.mark.parametrize("name", MODELS)
def test_doses_add_up(name: str) -> None:
    first, second = dose(name, 20, duration_min=40), dose(name, 35, start_min=30, duration_min=10)
    both, one, other = (levels(given(name, *doses), WHEN) for doses in ((first, second), (first,), (second,)))

    for analyte, found in both.items():
        assert found == pytest.approx(one[analyte] + other[analyte], rel=1e-9, abs=1e-12)


def test_routes_of_one_plan_add_up() -> None:
    drip, mouth = racemate(35, duration_min=40), racemate(50, Route.ORAL, start_min=20)
    both, one, other = (levels(given("otto2021", *doses), WHEN) for doses in ((drip, mouth), (drip,), (mouth,)))

    assert both["norketamine"] == pytest.approx(one["norketamine"] + other["norketamine"], rel=1e-9)


@settings(max_examples=count(reduced=25, full=2000), deadline=None)
@drawn(
    name=st.sampled_from(sorted(MODELS)),
    mg=st.floats(0.1, 500),
    minutes=st.floats(0.1, 240),
    weight_kg=st.floats(35, 180),
    at_h=st.floats(0, 100),
)
def test_every_level_is_between_nothing_and_twice_for_twice_the_dose(name, mg, minutes, weight_kg, at_h) -> None:
    once, twice = (
        levels(given(name, dose(name, amount, duration_min=minutes), weight_kg=weight_kg), [at_h])
        for amount in (mg, 2 * mg)
    )

    for analyte, level in once.items():
        assert level[0] >= 0
        assert twice[analyte] == pytest.approx(2 * level, rel=1e-9)


@pytest.mark.parametrize("name", MODELS)
def test_twice_the_dose_is_twice_the_area(name: str) -> None:
    once, twice = (area(given(name, dose(name, mg, duration_min=40)), "ketamine") for mg in (20, 40))

    assert twice == pytest.approx(2 * once, rel=1e-9)


def test_effect_site_lags_behind_and_catches_up() -> None:
    planned = given("otto2021", dose("otto2021", 9.52 * 1000, duration_min=1000 * 60))
    system, inputs = body(planned, ke0_per_h=6.8178)
    found = concentrations(system, inputs, np.array([0.1, 999.0]))

    assert found["effect_site"][0, 0] < 0.5 * found["ketamine"][0, 0]
    # 9.52 mg/h / 95.2 L/h = 0.1 mg/L
    assert found["effect_site"][0, 1] == pytest.approx(100.0, rel=1e-4)


def test_parameter_in_a_unit_that_is_not_known_is_refused() -> None:
    with pytest.raises(WrongUnit, match="L/min"):
        Parameter("CL", 1.48, "mL/min", "clearance")


def test_parameter_per_minute_becomes_per_hour() -> None:
    assert Parameter("CL", 1.48, "L/min", "clearance").in_hours == pytest.approx(88.8)
    assert Parameter("MTT", 20.1, "min", "time").in_hours == pytest.approx(0.335)


def test_every_number_of_a_model_stands_in_its_table() -> None:
    assert {"to_N": 0.8, "to_H": 0.7, "M_K": 237.73, "M_N": 223.70, "M_H": 239.70}.items() <= table(
        "simons2022"
    ).items()
    for name in ("otto2021", "kamp2020"):
        assert {"weight_kg": 70, "weight_V": 1, "weight_CL": 0.75}.items() <= table(name).items()
    assert {"old": 60, "device": 28}.items() <= table("perezruixo2021").items()
    taken = {one.symbol: one.value for one in MODELS["simons2022"].assumptions if one.symbol}
    assert taken == {"weight_kg": 70, "weight_V": 1, "weight_CL": 0.75}


def table(name: str) -> dict[str, float]:
    return {one.symbol: one.value for one in MODELS[name].parameters}


@pytest.mark.parametrize("name", MODELS)
def test_every_symbol_that_varies_is_a_parameter_and_every_block_is_a_covariance(name: str) -> None:
    model = MODELS[name]
    symbols = {one.symbol for one in model.parameters}

    assert len(symbols) == len(model.parameters)
    for block in model.variability:
        assert set(block.symbols) <= symbols
        assert np.isfinite(block.cholesky()).all()


def test_isomers_of_models_and_doses_are_said_in_the_plan() -> None:
    assert given("otto2021", racemate(35)).isomer is Isomer.RACEMATE
    assert given("otto2021", racemate(35)).splits_racemate
    assert not given("kamp2020", racemate(35)).splits_racemate
