"""Defaults by rule: every route has an answer, a site is honoured, and nothing is recommended that cannot run."""

import pytest

from firstlight.clinical.pharmacology.doses import Isomer, Route
from firstlight.clinical.pharmacology.errors import RouteNotCovered
from firstlight.clinical.pharmacology.modelling import Site
from firstlight.clinical.pharmacology.recommending import recommend
from tests.clinical.pharmacology.asking import dose, given, levels, racemate

R, S = Isomer.RACEMATE, Isomer.S


@pytest.mark.parametrize(
    ("route", "isomer", "site", "name"),
    [
        (Route.INTRAVENOUS, R, None, "otto2021"),
        (Route.INTRAVENOUS, S, Site.VENOUS, "otto2021"),
        (Route.INTRAVENOUS, S, Site.ARTERIAL, "simons2022"),
        (Route.INTRAMUSCULAR, R, None, "otto2021"),
        (Route.SUBCUTANEOUS, R, Site.ARTERIAL, "simons2022"),
        (Route.SUBLINGUAL, R, None, "otto2021"),
        (Route.FILM, S, None, "simons2022"),
        (Route.ORAL, R, None, "perezruixo2021"),
        (Route.ORAL, S, Site.VENOUS, "otto2021"),
        (Route.INTRANASAL, S, None, "perezruixo2021"),
        (Route.INTRANASAL, R, None, "otto2021"),
    ],
)
def test_default_model_is_named_with_a_reason(route: Route, isomer: Isomer, site: Site | None, name: str) -> None:
    recommended = recommend(route, isomer, site)

    assert recommended.model.name == name
    assert recommended.why


@pytest.mark.parametrize("site", [None, Site.VENOUS, Site.ARTERIAL])
@pytest.mark.parametrize("isomer", Isomer)
@pytest.mark.parametrize("route", Route)
def test_what_is_recommended_can_run_and_has_the_site_asked_for(
    route: Route, isomer: Isomer, site: Site | None
) -> None:
    try:
        name = recommend(route, isomer, site).model.name
    except RouteNotCovered:
        assert route in {Route.FILM, Route.INTRANASAL}
        return
    given_dose = racemate(28, route) if isomer is R else dose("otto2021", 28, route)
    planned = given(name, given_dose)

    assert levels(planned, [0.5])["ketamine"][0] > 0
    assert site in {None, planned.model.site}


@pytest.mark.parametrize(
    ("route", "isomer", "site", "words"),
    [
        (Route.FILM, R, None, r"only isomer s: simons2022 \(site arterial\)\."),
        (Route.FILM, S, Site.VENOUS, r"there is simons2022 \(site arterial\);"),
        (Route.INTRANASAL, S, Site.VENOUS, r"there is perezruixo2021 \(site unknown\);"),
        (Route.INTRAVENOUS, R, Site.UNKNOWN, r"otto2021 \(site venous\) and simons2022 \(site arterial\);"),
    ],
)
def test_question_without_a_model_is_refused_with_the_models_there_are(
    route: Route, isomer: Isomer, site: Site | None, words: str
) -> None:
    with pytest.raises(RouteNotCovered, match=words):
        recommend(route, isomer, site)
