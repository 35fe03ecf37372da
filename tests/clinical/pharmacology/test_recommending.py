"""Defaults by rule: every route has an answer, a site is honoured, and nothing is recommended that cannot run."""

import pytest

from firstlight.clinical.evidence import text
from firstlight.clinical.pharmacology.doses import Isomer, Route
from firstlight.clinical.pharmacology.errors import RouteNotCovered
from firstlight.clinical.pharmacology.modelling import Site
from firstlight.clinical.pharmacology.recommending import recommend
from tests.clinical.pharmacology.asking import dose, given, levels, racemate

R, S = Isomer.RACEMATE, Isomer.S


VENOUS = "only venous model with norketamine and with variability between people"
EFFECTS = "what is known of effects was measured against venous blood"
ARTERIAL = "only model whose samples are known to be arterial"
LENT = "absorption is lent, as a named assumption, to the"
WIDE = "absorption is lent, with a wide band, to the"


@pytest.mark.parametrize(
    ("route", "isomer", "site", "name", "reasons"),
    [
        (Route.INTRAVENOUS, R, None, "otto2021", (VENOUS, EFFECTS)),
        (Route.INTRAVENOUS, S, Site.VENOUS, "otto2021", (VENOUS, EFFECTS)),
        (Route.INTRAVENOUS, S, Site.ARTERIAL, "simons2022", (ARTERIAL,)),
        (Route.INTRAMUSCULAR, R, None, "otto2021", ("fitted to intramuscular doses", LENT, VENOUS, EFFECTS)),
        (Route.INTRAMUSCULAR, R, Site.ARTERIAL, "simons2022", ("fitted to intramuscular doses", LENT, ARTERIAL)),
        (Route.SUBCUTANEOUS, R, None, "otto2021", ("no human population model", WIDE, VENOUS, EFFECTS)),
        (Route.SUBCUTANEOUS, R, Site.ARTERIAL, "simons2022", ("no human population model", WIDE, ARTERIAL)),
        (Route.SUBLINGUAL, R, None, "otto2021", ("under the tongue", LENT, VENOUS, EFFECTS)),
        (Route.FILM, S, None, "simons2022", ("the film was studied here, in arterial blood",)),
        (
            Route.ORAL,
            R,
            None,
            "perezruixo2021",
            ("only model here that was fitted to doses by mouth", "site is unknown"),
        ),
        (Route.ORAL, S, Site.VENOUS, "otto2021", ("no model of doses by mouth has a known site", LENT, VENOUS)),
        (Route.INTRANASAL, S, None, "perezruixo2021", ("the esketamine spray, from 820 people", "site is unknown")),
        (Route.INTRANASAL, R, None, "otto2021", ("sources conflict", WIDE, VENOUS, EFFECTS)),
        (Route.INTRANASAL, R, Site.ARTERIAL, "simons2022", ("sources conflict", WIDE, ARTERIAL)),
    ],
)
def test_default_model_is_named_with_what_the_route_lacks_and_why_this_model(
    route: Route, isomer: Isomer, site: Site | None, name: str, reasons: tuple[str, ...]
) -> None:
    recommended = recommend(route, isomer, site)

    assert recommended.model.name == name
    assert [reason for reason in reasons if reason not in text(recommended.why)] == []


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


def test_recommendation_is_short_in_a_notebook() -> None:
    shown = repr(recommend(Route.SUBCUTANEOUS, R))

    assert "otto2021" in shown
    assert "no human population model" in shown
    assert len(shown) < 500
