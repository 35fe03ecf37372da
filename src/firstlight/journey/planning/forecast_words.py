"""A forecast in words and as a chart: for the plan, and for the session that follows it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from firstlight.clinical.evidence import Words, text
from firstlight.clinical.pharmacology.doses import Dose, Isomer
from firstlight.clinical.pharmacology.effects import STUDIED_NG_PER_ML
from firstlight.clinical.pharmacology.forecasting import SUBJECTS, Forecast
from firstlight.clinical.pharmacology.lactation import Band, Milk
from firstlight.clinical.pharmacology.modelling import Assumption, Site
from firstlight.ground.design import clocks
from firstlight.ground.design.charts import (
    Chart,
    Expected,
    FeedLane,
    ForecastChart,
    LevelLane,
    Limit,
    Span,
    WindowLane,
    figure_text,
    forecast_chart,
)

SITES = {
    Site.VENOUS: _lazy("venous blood"),
    Site.ARTERIAL: _lazy("arterial blood"),
    Site.UNKNOWN: _lazy("sampling site unknown"),
}
ISOMERS = {
    Isomer.RACEMATE: _lazy("racemic ketamine, both isomers together"),
    Isomer.S: _lazy("S-ketamine alone"),
}
HOUR_MIN = 60
MARGIN_H = 0.5  # of the milk's axis after the last feed
EARLY_MIN = 120
"""Until then the table has a level every half hour, later every hour."""


def said(words: Words) -> str:
    """Return words of the data in the language of the page."""
    return text(words, get_language() or "en")


@dataclass(frozen=True, slots=True)
class Assumed:
    """One assumption as it stands beside the chart: what, its figure with bounds, why, and the keys of its sources."""

    name: str
    figure: str
    why: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Basis:
    """What a forecast rests on: model and why it, site, isomer, who was studied, assumptions, limits, sources."""

    model: str
    why: str
    site: str
    isomer: str
    population: str
    assumed: tuple[Assumed, ...]
    limits: tuple[str, ...]
    sources: tuple[str, ...]


def basis_of(found: Forecast, estimate: Milk | None = None) -> Basis:
    """Say everything that must stand beside the figures."""
    model = found.recommended.model
    taken = dict.fromkeys((*found.assumptions, *(estimate.assumptions if estimate else ())))
    keys = [*found.sources, *(key for one in taken for key in one.sources)]
    return Basis(
        model=model.name,
        why=said(found.recommended.why),
        site=str(SITES[model.site]),
        isomer=str(ISOMERS[found.plan.isomer]),
        population=said(model.population),
        assumed=tuple(assumed(one) for one in taken),
        limits=limits_of(found),
        sources=tuple(dict.fromkeys(keys)),
    )


def assumed(one: Assumption) -> Assumed:
    """Put one assumption into words."""
    figure = f"{one.value:g}" if one.value is not None else ""
    if one.low is not None and one.high is not None and one.low < one.high:
        figure = _("%(value)s (%(low)s to %(high)s)") % {
            "value": figure,
            "low": f"{one.low:g}",
            "high": f"{one.high:g}",
        }
    return Assumed(said(one.name), f"{figure} {one.unit}".strip(), said(one.why), one.sources)


def limits_of(found: Forecast) -> tuple[str, ...]:
    """Say what the figures must not be read as."""
    low, high = STUDIED_NG_PER_ML
    studied = {"low": f"{low:g}", "high": f"{high:g}"}
    other = {
        "model": found.arterial.recommended.model.name,
        "value": figure_text(found.arterial.value),
        "when": span(found.arterial.at_min),
    }
    return (
        _(
            "The middle and the band of a population. What this person's level will be is not known before it is measured."
        ),
        _(
            "Of this person the model takes the weight. Liver, other medicines and the time since a birth are not in it."
        ),
        _(
            "In arterial blood the model %(model)s expects %(value)s ng/mL at %(when)s. The two sites are not comparable."
        )
        % other,
        _(
            "Dissociation was studied in 10 people at steady levels of %(low)s to %(high)s ng/mL; outside it is illustrative."
        )
        % studied,
        _("The blood pressure window is a time, not a height.") + " " + said(found.pressure.why),
    )


def span(minutes: float) -> str:
    """Return minutes as a length of time: 40 min, 2 h 10 min."""
    return clocks.span_text(timedelta(minutes=round(minutes)))


def chart_of(
    found: Forecast,
    *,
    title: str,
    started_at: datetime,
    until_min: float,
    zone: ZoneInfo | None = None,
    now: datetime | None = None,
) -> Chart:
    """Draw a forecast. With `zone` its axis shows the clock, and `now`; without it counts from the start."""
    doses = found.plan.doses
    facts = ForecastChart(
        title=title,
        subtitle=subtitle_of(found),
        started_at=started_at,
        until_min=until_min,
        infusions=tuple(Span(dose.start_min, _end(dose)) for dose in doses),
        infusion_words=infusion_words(doses),
        levels=_levels(found, until_min),
        windows=(_dissociation(found), _pressure(found)),
        zone=zone,
        now=now,
    )
    return forecast_chart(facts)


def subtitle_of(found: Forecast) -> str:
    """Say what is drawn, beside the title."""
    words = {"site": SITES[found.recommended.model.site], "model": found.recommended.model.name, "people": SUBJECTS}
    return (
        _(
            "Expected, not charted: a population estimate for %(site)s by the model %(model)s, from %(people)d drawn people."
        )
        % words
    )


def infusion_words(doses: Sequence[Dose]) -> str:
    """Say how much runs in, and until when."""
    amount = sum(dose.amount_mg for dose in doses)
    words = {"dose": f"{amount:.1f}".rstrip("0").rstrip("."), "end": span(max(_end(dose) for dose in doses))}
    return _("%(dose)s mg, ends at %(end)s") % words


def _end(dose: Dose) -> float:
    return dose.start_min + (dose.duration_min or 0.0)


def _levels(found: Forecast, until_min: float) -> LevelLane:
    low, high = STUDIED_NG_PER_ML
    peak = found.peak
    shown = {
        float(minute) for minute in range(0, round(until_min) + 1, 30) if minute <= EARLY_MIN or minute % HOUR_MIN == 0
    }
    shown = (shown - {0.0}) | {peak.at_min}
    band = {"low": figure_text(peak.low), "high": figure_text(peak.high)}
    return LevelLane(
        name=_("Ketamine in plasma"),
        detail=_("ng/mL, venous. Line: middle; outlines: 5 and 95 of 100"),
        unit="ng/mL",
        peak_words=_("%(value)s ng/mL at %(when)s") % {"value": figure_text(peak.median), "when": span(peak.at_min)},
        band_words=_("5 to 95 of 100 people: %(low)s to %(high)s") % band,
        levels=tuple(
            Expected(level.at_min, level.median, level.low, level.high, level.at_min in shown) for level in found.levels
        ),
        peak_min=peak.at_min,
        limits=(Limit(round(low), _("studied from")), Limit(round(high), _("studied to"))),
    )


def _dissociation(found: Forecast) -> WindowLane:
    low, high = (f"{figure:g}" for figure in STUDIED_NG_PER_ML)
    name, detail = _("Dissociation"), _("the typical person")
    if found.dissociation_min is None:
        words = _("Below the %(low)s ng/mL from which it was studied: what is felt is not known.")
        return WindowLane(name, detail, words % {"low": low})
    first, last = found.dissociation_min
    edges = {"first": span(first), "last": span(last), "low": low, "high": high}
    words = _("%(first)s to %(last)s: as studied. Before and after, under %(low)s ng/mL: illustrative") % edges
    if found.beyond_min is not None:
        words = _("%(first)s to %(last)s. Dashed, above %(high)s ng/mL, and under %(low)s: illustrative") % edges
    return WindowLane(name, detail, words, Span(first, last), Span(*found.beyond_min) if found.beyond_min else None)


def _pressure(found: Forecast) -> WindowLane:
    window = found.pressure
    words = _("may be raised until %(end)s") % {"end": span(window.end_min)}
    if window.peak_min is not None:
        edges = {"end": span(window.end_min), "peak": span(window.peak_min)}
        words = _("may be raised until %(end)s, most at about %(peak)s") % edges
    return WindowLane(
        _("Blood pressure"),
        _("a time, not a height"),
        words,
        Span(window.start_min, window.end_min),
        None,
        window.peak_min,
    )


def milk_chart(estimate: Milk, *, started_at: datetime) -> Chart:
    """Draw ketamine in milk at each feed."""
    ketamine = estimate.analytes[0]
    first, last = ketamine.feeds[0], ketamine.feeds[-1]
    words = {
        "first": figure_text(first.milk_ug_per_l.value),
        "first_at": span(60 * first.at_h),
        "last": figure_text(last.milk_ug_per_l.value),
        "last_at": span(60 * last.at_h),
    }
    title = _("Ketamine in milk: about %(first)s mcg/L at %(first_at)s") % words
    if last is not first:
        title = _("Ketamine in milk: about %(first)s mcg/L at %(first_at)s, %(last)s at %(last_at)s") % words
    feeds = tuple(_feed(feed.at_h, feed.milk_ug_per_l) for feed in ketamine.feeds)
    facts = ForecastChart(
        title=title,
        subtitle=_(
            "Estimated from a ratio that nobody measured. Bars: 5 to 95 of 100 drawn people, the ratio drawn too."
        ),
        started_at=started_at,
        until_min=60 * math.ceil(last.at_h + MARGIN_H),
        milk=FeedLane(_("Ketamine in milk"), _("mcg/L, at each feed"), "mcg/L", feeds),
    )
    return forecast_chart(facts)


def _feed(at_h: float, band: Band) -> Expected:
    return Expected(60 * at_h, band.value, band.low, band.high, shown=True)
