"""What `simulate` and `milk` ask for alike: a model, doses and a person."""

from argparse import ArgumentTypeError
from dataclasses import dataclass
from typing import Any

from django.core.management.base import CommandError, CommandParser, OutputWrapper

from firstlight.clinical.pharmacology.absorption import lent
from firstlight.clinical.pharmacology.doses import Dose, Isomer, Route
from firstlight.clinical.pharmacology.errors import DifferentLengths, NothingAsked, SitesDiffer, UnknownModel
from firstlight.clinical.pharmacology.export import isomer_remark
from firstlight.clinical.pharmacology.modelling import Assumption, Model, Site
from firstlight.clinical.pharmacology.models import MODELS
from firstlight.clinical.pharmacology.people import Ancestry, Person
from firstlight.clinical.pharmacology.recommending import recommend


@dataclass(frozen=True, slots=True)
class Question:
    """Model, doses and person as the command line gave them, with what it left open."""

    model: Model
    doses: tuple[Dose, ...]
    person: Person
    remarks: tuple[Assumption, ...]
    cv_percent: dict[str, float]


def numbers(text: str) -> list[float]:
    """Read "10,40,80"."""
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no list of numbers such as 10,40,80") from None


def share(text: str) -> tuple[str, float]:
    """Read "kmet=30"."""
    symbol, _, percent = text.partition("=")
    try:
        return symbol, float(percent)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} names no parameter with its percent, such as kmet=30") from None


def add_arguments(parser: CommandParser) -> None:
    """Add the options that both commands have."""
    parser.add_argument("--model", help="a name from `firstlight models`; without it the default for the route")
    parser.add_argument("--route", required=True, choices=[route.value for route in Route])
    parser.add_argument("--isomer", choices=[isomer.value for isomer in Isomer], help="without it the model's own")
    parser.add_argument(
        "--site",
        choices=[Site.VENOUS.value, Site.ARTERIAL.value],
        help="for the default model; a model that is named must have it",
    )
    parser.add_argument("--dose-mg", required=True, type=numbers, help="one dose, or several: 28,28")
    parser.add_argument("--start-min", type=numbers, help="when each dose begins; without it at 0")
    parser.add_argument("--duration-min", type=numbers, help="of each intravenous dose; 0 is a bolus")
    parser.add_argument("--weight-kg", required=True, type=float)
    parser.add_argument("--age-years", type=float)
    parser.add_argument("--ancestry", choices=[ancestry.value for ancestry in Ancestry])
    parser.add_argument(
        "--cv-percent",
        type=share,
        action="append",
        default=[],
        metavar="SYMBOL=PERCENT",
        help="variability of a parameter whose paper leaves it blank, such as kmet=30; `firstlight models NAME` names them",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")


def add_people(parser: CommandParser) -> None:
    """Add how many people are drawn, and which."""
    parser.add_argument("--n", type=int, help="how many people to draw for a band from the 5th to the 95th percentile")
    parser.add_argument("--seed", type=int, default=1, help="the same seed draws the same people")


def question(options: dict[str, Any]) -> Question:
    """Read the options. Raises PharmacologyError."""
    route = Route(options["route"])
    model, remarks = _model(route, options)
    isomer = Isomer(options["isomer"]) if options["isomer"] else model.isomer
    if not options["isomer"]:
        remarks.append(isomer_remark(model))
    ancestry = Ancestry(options["ancestry"]) if options["ancestry"] else None
    person = Person(weight_kg=options["weight_kg"], age_years=options["age_years"], ancestry=ancestry)
    doses = _doses(route, isomer, options)
    return Question(model, doses, person, tuple(remarks), dict(options["cv_percent"]))


def bad_input(error: Exception) -> CommandError:
    """The error as the command ends with it: status 2."""
    return CommandError(str(error), returncode=2)


def _model(route: Route, options: dict[str, Any]) -> tuple[Model, list[Assumption]]:
    site = Site(options["site"]) if options["site"] else None
    if options["model"]:
        return _of_site(named_model(options["model"]), site, route), []
    if not options["isomer"]:
        raise NothingAsked(field="isomer", value=None, expected="name a model, or say which isomer the dose is")
    recommended = recommend(route, Isomer(options["isomer"]), site)
    return recommended.model, [Assumption(name={"en": f"model {recommended.model.name}"}, why=recommended.why)]


def _of_site(model: Model, site: Site | None, route: Route) -> Model:
    """The model, if it was sampled at the site asked for. Raises SitesDiffer, naming its own and the models of that site."""
    if site is None or model.site is site:
        return model
    lends = lent(route, model.isomer) is not None
    others = [name for name, one in MODELS.items() if one.site is site and (route in one.routes or lends)]
    instead = f"or take {', '.join(others)} for {site} blood" if others else f"no model of this route is {site}"
    expected = f"the site of {model.name} is {model.site}; leave the site out, {instead}"
    raise SitesDiffer(field="site", value=site.value, expected=expected)


def named_model(name: str) -> Model:
    """The model of this name. Raises UnknownModel, naming those that there are."""
    if name not in MODELS:
        raise UnknownModel(field="model", value=name, expected=f"models are {', '.join(MODELS)}")
    return MODELS[name]


def _doses(route: Route, isomer: Isomer, options: dict[str, Any]) -> tuple[Dose, ...]:
    amounts: list[float] = options["dose_mg"]
    starts = _for_each(options["start_min"], amounts, "start-min", 0.0)
    durations = _for_each(options["duration_min"], amounts, "duration-min", None)
    return tuple(
        Dose(route=route, isomer=isomer, amount_mg=amount, start_min=start or 0.0, duration_min=duration)
        for amount, start, duration in zip(amounts, starts, durations, strict=True)
    )


def _for_each(given: list[float] | None, amounts: list[float], field: str, default: float | None) -> list[float | None]:
    if given is None:
        return [default] * len(amounts)
    if len(given) == len(amounts):
        return [*given]
    raise DifferentLengths(field=field, value=given, expected=f"give one number for each of the {len(amounts)} doses")


def tell_basis(out: OutputWrapper, document: dict[str, Any]) -> None:
    """Write assumptions and sources for people to read."""
    for one in document["assumptions"]:
        out.write(assumed(one))
    for source in document["sources"]:
        out.write(f"Source [{source['key']}]: {source['title']}")


def assumed(one: dict[str, Any]) -> str:
    """One assumption as a line."""
    bounds = f" ({one['low']:g}–{one['high']:g})" if None not in {one["low"], one["high"]} else ""
    value = f" {one['value']:g}{bounds} {one['unit']}".rstrip() if one["value"] is not None else ""
    return f"Assumed: {one['name']}{value}: {one['why']}"
