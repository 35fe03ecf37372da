"""What the infusion of a session is expected to do: from the pump's own history, run again when that changes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from firstlight.clinical.pharmacology.doses import Dose, Isomer, Route
from firstlight.clinical.pharmacology.errors import PharmacologyError
from firstlight.clinical.pharmacology.forecasting import Forecast
from firstlight.clinical.pharmacology.people import Person
from firstlight.ground.design import clocks
from firstlight.ground.design.charts import Chart, figure_text
from firstlight.ground.visits.clocktimes import day_of
from firstlight.journey.dosing.infusion import Step
from firstlight.journey.dosing.models import SessionState
from firstlight.journey.dosing.selectors import Sheet
from firstlight.journey.planning.forecast_basis import Basis, basis_of
from firstlight.journey.planning.forecast_words import chart_of, to_the_end

SHORTEST = timedelta(seconds=1)  # what ran for less than a second gave nothing that can be told
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SessionForecast:
    """The chart and what it rests on; or, without them, why there is none."""

    chart: Chart | None
    basis: Basis | None
    refusal: str = ""


def forecast_of(sheet: Sheet, now: datetime) -> SessionForecast | None:
    """Forecast the session's infusion as it ran and, while it runs, as it will end; None before anything was given."""
    session, doses = sheet.session, pumped(sheet)
    if session.started_at is None or not doses:
        return None
    person = Person(
        weight_kg=session.order.weight_g / 1000,
        age_years=session.parent.age_on(day_of(now, session.clinic.timezone)),
    )
    try:
        until_min, found = to_the_end(doses, person)
    except PharmacologyError as error:
        words = {"field": error.field, "value": error.value, "expected": error.expected}
        return SessionForecast(None, None, _("%(field)s: %(value)s cannot be used: %(expected)s.") % words)
    zone = ZoneInfo(session.clinic.timezone)
    chart = chart_of(
        found,
        title=sentence(found, session.started_at, now, zone),
        started_at=session.started_at,
        until_min=until_min,
        zone=zone,
        now=now.replace(second=0, microsecond=0),
    )
    return SessionForecast(chart, basis_of(found))


def sentence(found: Forecast, started_at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Say what is expected at this minute, and the highest; the words say that nobody charted it."""
    level = found.at((now - started_at) / MINUTE)
    words = {
        "now": figure_text(level.median),
        "low": figure_text(level.low),
        "high": figure_text(level.high),
        "peak": figure_text(found.peak.median),
        "at": clocks.time_text(started_at + timedelta(minutes=found.peak.at_min), zone),
    }
    return _("Expected now: about %(now)s ng/mL (%(low)s to %(high)s). Highest: about %(peak)s at %(at)s") % words


def pumped(sheet: Sheet) -> tuple[Dose, ...]:
    """Return what the pump gave, as one dose a stretch of constant rate, and what it will give while it runs."""
    start, end = sheet.session.started_at, _end(sheet)
    if start is None or end is None:
        return ()
    stretches = pairwise([*sheet.pump, Step(end, 0)])
    return tuple(
        Dose(
            route=Route.INTRAVENOUS,
            isomer=Isomer.RACEMATE,
            amount_mg=step.rate_ug_per_min * ((until - step.at) / MINUTE) / 1000,
            start_min=(step.at - start) / MINUTE,
            duration_min=(until - step.at) / MINUTE,
        )
        for step, following in stretches
        if step.rate_ug_per_min and (until := min(following.at, end)) - step.at >= SHORTEST
    )


def _end(sheet: Sheet) -> datetime | None:
    """Return when the pump stopped, or will at the present rate. A pause ends what is known: the rest may not be given."""
    session, empty = sheet.session, sheet.empty_at()
    if session.ended_at is not None:
        return min(session.ended_at, empty) if empty else session.ended_at
    if session.state == SessionState.PAUSED and sheet.steps:
        return sheet.steps[-1].happened_at
    return empty
