"""A forecast as a chart: for the plan, and for the session that follows it."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from firstlight.clinical.pharmacology.doses import Dose
from firstlight.clinical.pharmacology.effects import STUDIED_NG_PER_ML, PressureWindow
from firstlight.clinical.pharmacology.forecasting import SUBJECTS, Forecast, Session, forecast
from firstlight.clinical.pharmacology.lactation import Milk
from firstlight.clinical.pharmacology.lactation_people import Band
from firstlight.clinical.pharmacology.people import Person
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
from firstlight.journey.planning.forecast_basis import ISOMERS, SITES, span

When = Callable[[float], str]
HORIZON_H = 4
HOUR_MIN, DAY_MIN = 60, 1440
MARGIN_H = 0.5  # of the milk's axis after the last feed
EARLY_MIN = 120
"""Until then the table has a level every half hour, later every hour."""


def to_the_end(doses: tuple[Dose, ...], person: Person) -> tuple[int, Forecast]:
    """Return a forecast that is long enough for its windows, in whole hours, and its minutes."""
    until_min = 60 * HORIZON_H
    found = forecast(doses, person, until_min=until_min)
    if found.last_min > until_min:
        until_min = 60 * math.ceil(found.last_min / 60)
        found = forecast(doses, person, until_min=until_min)
    return until_min, found


def chart_of(
    found: Forecast,
    *,
    title: str,
    started_at: datetime,
    until_min: float,
    zone: ZoneInfo | None = None,
    now: datetime | None = None,
) -> Chart:
    """Draw a forecast. With `zone` its axis shows the clock, and `now`; without it counts from the start.

    Beyond a day it counts from the start as well: the clock alone would name two days alike.
    """
    doses = found.plan.doses
    zone = zone if until_min <= DAY_MIN else None

    def when(minute: float) -> str:
        return span(minute) if zone is None else clocks.time_text(started_at + timedelta(minutes=minute), zone)

    facts = ForecastChart(
        title=title,
        subtitle=subtitle_of(found),
        started_at=started_at,
        until_min=until_min,
        infusions=tuple(Span(dose.start_min, _end(dose)) for dose in doses),
        infusion_words=infusion_words(doses, when),
        levels=_levels(found, until_min, when),
        windows=tuple(_windows(found.sessions, when)),
        zone=zone,
        now=now,
    )
    return forecast_chart(facts)


def subtitle_of(found: Forecast) -> str:
    """Say what is drawn, beside the title."""
    model = found.recommended.model
    words = {
        "isomer": ISOMERS[found.plan.isomer],
        "site": SITES[model.site],
        "model": model.name,
        "people": SUBJECTS,
    }
    message = _(
        "Expected, not charted: a population estimate for %(site)s by the model %(model)s, from %(people)d drawn people. "
        "It is of %(isomer)s."
    )
    return message % words


def infusion_words(doses: Sequence[Dose], when: When) -> str:
    """Say how much runs in, and until when."""
    amount = sum(dose.amount_mg for dose in doses)
    words = {"dose": f"{amount:.1f}".rstrip("0").rstrip("."), "end": when(max(_end(dose) for dose in doses))}
    return (_("%(dose)s mg, ends at %(end)s") if len(doses) == 1 else _("%(dose)s mg in all, ends at %(end)s")) % words


def _end(dose: Dose) -> float:
    return dose.start_min + (dose.duration_min or 0.0)


def _levels(found: Forecast, until_min: float, when: When) -> LevelLane:
    low, high = STUDIED_NG_PER_ML
    peak = found.peak
    shown = {
        float(minute) for minute in range(0, round(until_min) + 1, 30) if minute <= EARLY_MIN or minute % HOUR_MIN == 0
    }
    shown = (shown - {0.0}) | {peak.at_min} | _highest_of_each(found)
    band = {"low": figure_text(peak.low), "high": figure_text(peak.high)}
    return LevelLane(
        name=_("Ketamine in plasma"),
        detail=_("ng/mL, venous. Line: middle; outlines: 5 and 95 of 100"),
        unit="ng/mL",
        peak_words=_("%(value)s ng/mL at %(when)s") % {"value": figure_text(peak.median), "when": when(peak.at_min)},
        band_words=_("5 to 95 of 100 people: %(low)s to %(high)s") % band,
        levels=tuple(
            Expected(level.at_min, level.median, level.low, level.high, level.at_min in shown) for level in found.levels
        ),
        peak_min=peak.at_min,
        limits=(Limit(round(low), _("studied from")), Limit(round(high), _("studied to"))),
    )


def _highest_of_each(found: Forecast) -> set[float]:
    """Return when each of several sessions is at its highest: none stands without its figure."""
    starts = [session.pressure.start_min for session in found.sessions]
    spans = pairwise([*starts, math.inf]) if len(starts) > 1 else ()
    within = ([level for level in found.levels if start <= level.at_min < end] for start, end in spans)
    return {max(levels, key=lambda one: one.median).at_min for levels in within if levels}


def _windows(sessions: Sequence[Session], when: When) -> Iterator[WindowLane]:
    """Both windows of each session; where there are several, each name has its session's number."""
    for number, session in enumerate(sessions, start=1):
        lanes = (_dissociation(session, when), _pressure(session.pressure, when))
        for lane in lanes:
            numbered = _("%(name)s %(number)d") % {"name": lane.name, "number": number}
            yield lane if len(sessions) == 1 else replace(lane, name=numbered)


def _dissociation(found: Session, when: When) -> WindowLane:
    low, high = (f"{figure:g}" for figure in STUDIED_NG_PER_ML)
    name, detail = _("Dissociation"), _("the typical person")
    if found.dissociation_min is None:
        words = _("Below the %(low)s ng/mL from which it was studied: what is felt is not known.")
        return WindowLane(name, detail, words % {"low": low})
    first, last = found.dissociation_min
    edges = {"first": when(first), "last": when(last), "low": low, "high": high}
    words = _("%(first)s to %(last)s: as studied. Before and after, under %(low)s ng/mL: illustrative") % edges
    if found.beyond_min is not None:
        words = _("%(first)s to %(last)s. Dashed, above %(high)s ng/mL, and under %(low)s: illustrative") % edges
    return WindowLane(name, detail, words, Span(first, last), Span(*found.beyond_min) if found.beyond_min else None)


def _pressure(window: PressureWindow, when: When) -> WindowLane:
    words = _("may be raised until %(end)s") % {"end": when(window.end_min)}
    if window.peak_min is not None:
        edges = {"end": when(window.end_min), "peak": when(window.peak_min)}
        words = _("may be raised until %(end)s, most at about %(peak)s") % edges
    return WindowLane(
        _("Blood pressure"),
        _("time, not height"),
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
