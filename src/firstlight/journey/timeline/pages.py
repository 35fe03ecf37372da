"""What the timeline's page says beside its charts: where one is, and what the scales rest on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from firstlight.clinical import instruments
from firstlight.clinical.evidence import Tag, text
from firstlight.clinical.protocols import vitals
from firstlight.ground.design.charts.model import DoseTimeline
from firstlight.ground.design.clocks import date_text, local, time_text
from firstlight.journey.response.tracks import tracks
from firstlight.journey.timeline.lanes import lanes
from firstlight.journey.timeline.windows import View, Window

HOURS = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Choice:
    """One link of a row of which one is current."""

    words: str | Promise
    query: str
    current: bool


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale that is drawn: its whole name, its bands in words, where they come from, and a word of caution."""

    title: str
    bands: str
    sources: tuple[str, ...]
    note: str
    caution: str


def span_words(window: Window, view: View, zone: ZoneInfo) -> str:
    """Return from when to when a window reaches, and from which dose it counts."""
    first, last = local(window.starts_at, zone).date(), local(window.ends_at - timedelta(seconds=1), zone).date()
    ends = {"first": date_text(first), "last": date_text(last)}
    if window.span <= HOURS:
        ends = {
            "first": f"{ends['first']} {time_text(window.starts_at, zone)}",
            "last": f"{ends['last']} {time_text(window.ends_at, zone)}",
        }
    said = _("%(first)s to %(last)s") % ends
    return _("%(said)s, counted from dose %(number)d") % {"said": said, "number": view.dose} if view.dose else said


def scales_in(charts: Sequence[DoseTimeline]) -> list[Scale]:
    """Return the scales of the scores on some charts, each once."""
    drawn = {lane.name for chart in charts for lane in chart.scores}
    every = instruments.instruments().values()
    by_name = {name: one for one in every if (name := instruments.short_name(one)) in drawn}
    as_measured = tracks().as_measured
    return _pressure_scale(charts) + [
        Scale(
            title=text(one.title),
            bands="; ".join(_("from %(least)d %(name)s") % {"least": band.least, "name": text(band.label)}
                            for band in one.bands),
            sources=(*one.bands_sources, *(as_measured.sources if one.name in as_measured.instruments else ())),
            note=one.bands_note,
            caution=text(as_measured.short) if one.name in as_measured.instruments else "",
        )
        for one in sorted(by_name.values(), key=lambda one: lanes().ordered([one.name, *lanes().order]).index(one.name))
    ]  # fmt: skip


def _pressure_scale(charts: Sequence[DoseTimeline]) -> list[Scale]:
    """Return the limit to which blood pressure is held, where a chart draws it."""
    if not any(chart.pressure for chart in charts):
        return []
    found = vitals.limits("sbp")
    limit = _("notice above %(limit)d mmHg systolic") % {"limit": found["warn_hi"]}
    return [Scale(_("Blood pressure"), limit, tuple(found["sources"]), text(Tag(found["tag"]).meaning), "")]
