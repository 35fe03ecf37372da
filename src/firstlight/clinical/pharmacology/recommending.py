"""Which model is the default for a route, an isomer and a sampling site, and why. The interface shows the reason."""

from collections.abc import Mapping
from dataclasses import dataclass

from firstlight.clinical.evidence import Words, joined
from firstlight.clinical.pharmacology.accepting import chosen
from firstlight.clinical.pharmacology.doses import Isomer, Route
from firstlight.clinical.pharmacology.errors import RouteNotCovered
from firstlight.clinical.pharmacology.modelling import Model, Site
from firstlight.clinical.pharmacology.models import MODELS


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The default model for a question, with the reason in one sentence."""

    model: Model
    why: Words


@dataclass(frozen=True, slots=True)
class _Rule:
    """The first rule that fits decides. An empty field fits everything; `site` None is a question without a site."""

    routes: tuple[Route, ...]
    model: str
    why: Words
    isomers: tuple[Isomer, ...] = (Isomer.RACEMATE, Isomer.S)
    sites: tuple[Site | None, ...] = (None, Site.VENOUS, Site.ARTERIAL)


_NO_MODEL: Mapping[Route, Words] = {
    Route.INTRAMUSCULAR: {
        "en": "no model here was fitted to intramuscular doses: absorption is lent, as a named assumption, to"
    },
    Route.SUBLINGUAL: {
        "en": "no model here was fitted to tablets or wafers under the tongue: absorption is lent, as a named assumption, to"
    },
    Route.SUBCUTANEOUS: {
        "en": "no human population model of subcutaneous doses was found: absorption is lent, with a wide band, to"
    },
    Route.ORAL: {"en": "no model of doses by mouth has a known site: absorption is lent, as a named assumption, to"},
    Route.INTRANASAL: {
        "en": "no model of intranasal racemate was found, and sources conflict: absorption is lent, with a wide band, to"
    },
}
_VENOUS: Words = {
    "en": "the only venous model with norketamine and with variability between people; what is known of effects was measured "
    "against venous blood"
}
_ARTERIAL: Words = {"en": "the only model whose samples are known to be arterial"}


def _lent(route: Route, *isomers: Isomer, sites: tuple[Site | None, ...] = (None, Site.VENOUS)) -> tuple[_Rule, _Rule]:
    """A route without a model of its own goes to the venous model, or to the arterial one where that site is asked for."""
    whom = isomers or (Isomer.RACEMATE, Isomer.S)
    return (
        _Rule((route,), "otto2021", joined(_NO_MODEL[route], _VENOUS), whom, sites),
        _Rule((route,), "simons2022", joined(_NO_MODEL[route], _ARTERIAL), whom, (Site.ARTERIAL,)),
    )


_RULES = (
    _Rule(routes=(Route.INTRAVENOUS,), sites=(None, Site.VENOUS), model="otto2021", why=_VENOUS),
    _Rule(routes=(Route.INTRAVENOUS,), sites=(Site.ARTERIAL,), model="simons2022", why=_ARTERIAL),
    _Rule(
        routes=(Route.FILM,),
        isomers=(Isomer.S,),
        sites=(None, Site.ARTERIAL),
        model="simons2022",
        why={"en": "the film was studied here, in arterial blood"},
    ),
    _Rule(
        routes=(Route.INTRANASAL,),
        isomers=(Isomer.S,),
        sites=(None,),
        model="perezruixo2021",
        why={"en": "the model of the esketamine spray, from 820 people; its sampling site is unknown here"},
    ),
    _Rule(
        routes=(Route.ORAL,),
        sites=(None,),
        model="perezruixo2021",
        why={
            "en": "the only model here that was fitted to doses by mouth and counts the first pass through the "
            "liver; its sampling site is unknown here"
        },
    ),
    *_lent(Route.INTRAMUSCULAR),
    *_lent(Route.SUBCUTANEOUS),
    *_lent(Route.SUBLINGUAL),
    *_lent(Route.ORAL, sites=(Site.VENOUS,)),
    *_lent(Route.INTRANASAL, Isomer.RACEMATE),
)


def recommend(route: Route, isomer: Isomer, site: Site | None = None) -> Recommendation:
    """The default model and why. `site` None: any site will do. Raises RouteNotCovered or UnknownWord, naming what there is."""
    route, isomer = chosen(Route, route, field="route"), chosen(Isomer, isomer, field="isomer")
    site = None if site is None else chosen(Site, site, field="site")
    for rule in _RULES:
        if route in rule.routes and isomer in rule.isomers and site in rule.sites:
            return Recommendation(MODELS[rule.model], rule.why)
    raise RouteNotCovered(field="route", value=f"{route}, {isomer}, {site}", expected=_instead(route, isomer))


def _instead(route: Route, isomer: Isomer) -> str:
    """The models of this route and isomer with their sites, or of the other isomer where this one has none."""
    rules = [rule for rule in _RULES if route in rule.routes]
    same = [rule for rule in rules if isomer in rule.isomers]
    models = [MODELS[name] for name in dict.fromkeys(rule.model for rule in same or rules)]
    named = " and ".join(f"{model.name} (site {model.site.value})" for model in models)
    if same:
        return f"for this route and isomer there is {named}; ask without a site, or for a known one of these"
    return f"for this route there is only isomer {rules[0].isomers[0].value}: {named}"
