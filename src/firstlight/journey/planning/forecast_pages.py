"""What the forecast's page holds, put together for its templates."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from firstlight.clinical.pharmacology.doses import Dose, Isomer, Route
from firstlight.clinical.pharmacology.errors import PharmacologyError
from firstlight.clinical.pharmacology.forecasting import Forecast
from firstlight.clinical.pharmacology.lactation import FOLLOWED_H, AnalyteInMilk, Milk
from firstlight.clinical.pharmacology.lactation_evidence import ADVICE, NO_RULE, STUDIES, UNKNOWN
from firstlight.clinical.pharmacology.lactation_people import Band
from firstlight.clinical.pharmacology.people import Person
from firstlight.clinical.protocols.session import figures
from firstlight.clinical.quantities import DosePerKilogram
from firstlight.clinical.quantities import Weight as BodyWeight
from firstlight.ground.design.charts import Chart, Table, figure_text
from firstlight.ground.people.models import Episode, Parent
from firstlight.journey.eligibility.selectors import Weight, decision_of, measures_of
from firstlight.journey.planning.forecast_basis import Basis, basis_of, said, span
from firstlight.journey.planning.forecast_feeds import Feeds, feeds_of
from firstlight.journey.planning.forecast_forms import ForecastForm
from firstlight.journey.planning.forecast_milk import milk_of
from firstlight.journey.planning.forecast_words import chart_of, milk_chart, to_the_end
from firstlight.journey.planning.models import Order
from firstlight.journey.planning.selectors import Household, current_order, household_of, local_day
from firstlight.journey.planning.wording import route_words

ORDERED = "intravenous"
INFANT_KG = 5.0
"""Relative infant doses do not depend on it; what a baby takes in is shown only when its weight was given."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A forecast as it is shown: its sentence, the chart, what it rests on, and milk as a chart and in two tables."""

    sentence: str
    needs_reason: str
    chart: Chart
    basis: Basis
    milk: Chart | None
    feeds: Table | None
    relative: Table | None


def forecast_page(parent: Parent, episode: Episode, now: datetime, typed: Any, *, part: bool) -> dict[str, Any]:
    """Return the page for a parent. `typed`: the query as sent; empty, the order that stands is forecast.

    `part`: the answer alone is wanted.
    """
    measures = measures_of(parent)
    home = household_of(parent, now, decision=decision_of(episode), measures=measures)
    page: dict[str, Any] = {
        "parent": parent,
        "zone": parent.clinic.timezone,
        "weight": measures.weight,
        "part": part,
        "feeds_said": "",
        "says_no_milk": not (home.breastfeeding or home.silent),
    }
    if measures.weight is None:
        return page
    # While somebody types only the answer is renewed: it does not ask again whose the feeds are.
    begin = feeds_of(parent, now) if home.needs_release and not part else None
    order = current_order(episode)
    form = _form(order, measures.weight, home, typed, begin)
    # What is wrong stands in the answer alone: an answer is renewed while somebody types, the fields are not.
    answer = _answer(parent, form, now) if typed or order is None else _of_order(order, parent, form, now)
    page |= {"form": form.as_typed(), "weight_words": form.weight.text(), **answer}
    about_milk = bool(page.get("shown")) and home.needs_release
    return page | {
        "feeds_said": begin.said if begin else "",
        "advice": _advice() if about_milk and page["shown"].feeds else None,
        "names_no_feed": about_milk and not page["shown"].feeds,
    }


def _form(order: Order | None, weight: Weight, home: Household, typed: Any, begin: Feeds | None) -> ForecastForm:
    about: dict[str, Any] = {"weight": BodyWeight(weight.grams), "asks_feeds": home.needs_release, "auto_id": "ask_%s"}
    if typed:
        return ForecastForm(typed, **about)
    usual = ForecastForm.usual(order, about["weight"], begin.typed if begin else "")
    return ForecastForm(usual, **about)


def _of_order(order: Order, parent: Parent, form: ForecastForm, now: datetime) -> dict[str, Any]:
    """Forecast the order that stands. One by another route is refused: nothing of it is read as an infusion."""
    if order.route == ORDERED:
        return _answer(parent, form, now)
    refusal = _(
        "The order that stands is %(route)s; forecasts here are of intravenous infusions. Write a dose to see what an "
        "infusion would do."
    )
    return {"refusals": [(_("Route"), "", [refusal % {"route": route_words(order.route)}])]}


def _answer(parent: Parent, form: ForecastForm, now: datetime) -> dict[str, Any]:
    if not form.is_valid():
        return {"refusals": [(form[name].label, form[name].auto_id, errors) for name, errors in form.errors.items()]}
    try:
        return {"shown": shown(parent, form, now)}
    except PharmacologyError as error:
        words = {"value": error.value, "expected": error.expected}
        return {"refusals": [(error.field, "", [_("%(value)s cannot be used: %(expected)s.") % words])]}


def shown(parent: Parent, form: ForecastForm, now: datetime) -> Shown:
    """Forecast what the form asks for. Raises PharmacologyError, for example for a parent under 18."""
    dose = Dose(
        route=Route.INTRAVENOUS,
        isomer=Isomer.RACEMATE,
        amount_mg=form.mass.ug / 1000,
        duration_min=form.cleaned_data["minutes"],
    )
    person = Person(weight_kg=form.weight.g / 1000, age_years=parent.age_on(local_day(parent, now)))
    feeds: tuple[float, ...] = form.cleaned_data.get("feeds") or ()
    until_min, found = to_the_end((dose,), person)
    infant_kg: float | None = form.cleaned_data.get("infant_kg")
    estimate = milk_of(dose, person, feeds, infant_kg or INFANT_KG) if feeds else None
    sentence = sentence_of(form, found)
    return Shown(
        sentence=sentence,
        needs_reason=_reason(form),
        chart=chart_of(found, title=sentence, started_at=now, until_min=until_min),
        basis=basis_of(found, estimate),
        milk=milk_chart(estimate, started_at=now) if estimate else None,
        feeds=feeds_table(estimate, with_intake=infant_kg is not None) if estimate else None,
        relative=relative_table(estimate) if estimate else None,
    )


def sentence_of(form: ForecastForm, found: Forecast) -> str:
    """Say the dose and its highest expected level in one sentence."""
    words = {
        "dose": form.mass.text(),
        "per_kg": form.per_kilogram.text(),
        "minutes": form.cleaned_data["minutes"],
        "peak": figure_text(found.peak.median),
        "when": span(found.peak.at_min),
    }
    return (
        _("%(dose)s (%(per_kg)s) over %(minutes)d min: highest at about %(peak)s ng/mL, %(when)s after the start")
        % words
    )


def _reason(form: ForecastForm) -> str:
    soft = figures()["routes"]["intravenous"]["limits"]["soft_ug_per_kg"]
    if form.per_kilogram.ug_per_kg <= soft:
        return ""
    return _("Above %(soft)s: an order would need a reason.") % {"soft": DosePerKilogram(soft).text()}


def feeds_table(estimate: Milk, *, with_intake: bool) -> Table:
    """Return one row for each feed: milk at that moment and on average since the feed before, with bands."""
    columns = [_("Feed, after the start")]
    for one in estimate.analytes:
        name = analyte_words(one)
        columns += [
            _("%(name)s at the feed, mcg/L") % {"name": name},
            _("%(name)s since the last feed, mcg/L") % {"name": name},
        ]
        if with_intake:
            columns.append(_("%(name)s taken in, mcg") % {"name": name})
    rows = []
    for feeds in zip(*(one.feeds for one in estimate.analytes), strict=True):
        row = [span(60 * feeds[0].at_h)]
        for feed in feeds:
            row += [band_words(feed.milk_ug_per_l), band_words(feed.average_ug_per_l)]
            row += [band_words(feed.infant_dose_ug)] if with_intake else []
        rows.append(tuple(row))
    return Table(_("Expected in milk at these feeds"), tuple(columns), tuple(rows))


def relative_table(estimate: Milk) -> Table:
    """Return the relative infant doses: over a day, as the study of Wolfson is read, and with milk not given for some hours."""
    names = (_("In percent of the parent's dose per kilogram"), *(analyte_words(one) for one in estimate.analytes))
    rows = [
        (_("All milk of 24 h"), *(band_words(one.by_day_percent) for one in estimate.analytes)),
        (
            _("Mean of the intervals above, as if it lasted all day"),
            *(band_words(one.by_samples_percent) for one in estimate.analytes),
        ),
    ]
    for options in zip(*(one.waiting for one in estimate.analytes), strict=True):
        hours = {"hours": f"{options[0].wait_h:g}", "all": f"{FOLLOWED_H:g}"}
        label = _("Milk of %(all)s h without the first %(hours)s h") % hours
        if not options[0].wait_h:
            label = _("All milk of %(all)s h") % hours
        rows.append((label, *(band_words(option.relative_infant_dose_percent) for option in options)))
    return Table(_("Relative infant dose"), names, tuple(rows))


def analyte_words(one: AnalyteInMilk) -> str:
    """Return an analyte's name."""
    return {"ketamine": _("Ketamine"), "norketamine": _("Norketamine")}[one.analyte]


def band_words(band: Band) -> str:
    """Return a figure with its band: 51 (28 to 97)."""
    words = {"value": figure_text(band.value), "low": figure_text(band.low), "high": figure_text(band.high)}
    return _("%(value)s (%(low)s to %(high)s)") % words


def _advice() -> dict[str, Any]:
    """Return what sources advise about milk, side by side, what studies found, and what nobody knows."""
    return {
        "sides": [{"about": said(one.about), "says": said(one.says), "source": one.source} for one in ADVICE],
        "studies": [
            {"people": one.people, "design": said(one.design), "result": said(one.result), "source": one.source}
            for one in STUDIES
        ],
        "no_rule": said(NO_RULE),
        "unknown": [said(one) for one in UNKNOWN],
    }
