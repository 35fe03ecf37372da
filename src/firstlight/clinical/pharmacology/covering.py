"""Whom, which isomer and which route a model covers; a refusal names the models that would do."""

from collections.abc import Callable, Mapping
from functools import cache

from firstlight.clinical.evidence import Record, Tag, data_file, require_sources, text
from firstlight.clinical.pharmacology.absorption import LentRoute, lent
from firstlight.clinical.pharmacology.doses import Dose, Isomer, Route
from firstlight.clinical.pharmacology.errors import IsomerNotCovered, PopulationNotCovered, RouteNotCovered
from firstlight.clinical.pharmacology.modelling import Model
from firstlight.clinical.pharmacology.models import MODELS
from firstlight.clinical.pharmacology.people import Person

PACKAGE = "firstlight.clinical.pharmacology"
ADULT_YEARS = 18.0
PRODUCTS_OF_S: Mapping[Route, str] = {Route.INTRANASAL: "the esketamine spray", Route.FILM: "the oral film"}


@cache
def lightest_adult_kg() -> float:
    """Below it no weight is an adult's; the data file says that the number is ours."""
    record = Record(data_file(PACKAGE, "data/people.yaml"), where="people.yaml").record("lightest_adult")
    lightest = record.integer("kg")
    record.choice("tag", Tag)
    require_sources(record.strings("sources"), record=record)
    record.done()
    return float(lightest)


def require_population(model: Model, person: Person) -> None:
    """Raises PopulationNotCovered for an age below the model's, and for a weight that no adult has."""
    people = "adults" if model.youngest_years >= ADULT_YEARS else f"people from {model.youngest_years:g} years on"
    about = f"{model.name} is for {people} ({text(model.population)})"
    age, weight = person.age_years, person.weight_kg
    if age is not None and age < model.youngest_years:
        others = _named(lambda one: age >= one.youngest_years) or "no model here is for anybody younger"
        raise PopulationNotCovered(field="age", value=age, expected=f"{about}; for this age: {others}")
    if model.youngest_years >= ADULT_YEARS and weight < lightest_adult_kg():
        expected = f"{about}; give the weight of an adult, {lightest_adult_kg():g} kg or more"
        raise PopulationNotCovered(field="weight", value=weight, expected=expected)


def require_isomer(model: Model, isomer: Isomer) -> None:
    """Raises IsomerNotCovered for S-ketamine in a model of the racemate."""
    if model.isomer is Isomer.RACEMATE and isomer is Isomer.S:
        others = _named(lambda one: one.isomer is Isomer.S)
        expected = f"{model.name} was fitted to the racemate; for S-ketamine use {others}"
        raise IsomerNotCovered(field="isomer", value=isomer.value, expected=expected)


def lent_route(model: Model, dose: Dose) -> LentRoute | None:
    """None where the model has the route itself. Raises RouteNotCovered where nothing can be lent either."""
    is_other_product = dose.isomer is Isomer.RACEMATE and dose.route in PRODUCTS_OF_S
    if dose.route in model.routes and not is_other_product:
        return None
    found = lent(dose.route, dose.isomer)
    if found is None:
        raise RouteNotCovered(field="route", value=dose.route.value, expected=_instead(dose.route))
    return found


def _instead(route: Route) -> str:
    others = _named(lambda one: route in one.routes)
    return f"{PRODUCTS_OF_S.get(route, route)} is S-ketamine: use {others} with isomer s"


def _named(fits: Callable[[Model], bool]) -> str:
    """The models that fit, by name."""
    return " or ".join(name for name, model in MODELS.items() if fits(model))
