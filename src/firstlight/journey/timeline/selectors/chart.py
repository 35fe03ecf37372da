"""A course worked into the facts of a chart: what staff charted, what was answered, what happened, in one window."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from firstlight.clinical import instruments
from firstlight.clinical.evidence import text
from firstlight.clinical.instruments import Better
from firstlight.ground.audit.actors import Actor
from firstlight.ground.design.charts.model import (
    Answer,
    DoseTimeline,
    Happening,
    HappeningLane,
    PeakLane,
    PressureLane,
    PressureRange,
    Pulse,
    ReportLane,
    ScoreLane,
    Zero,
)
from firstlight.journey.dosing.charted import said_now_about
from firstlight.journey.dosing.findings import pressure_left_plan
from firstlight.journey.dosing.models import Session
from firstlight.journey.response.selectors import CHECK_IN, Measure, Point, total_point
from firstlight.journey.response.values import definition_in
from firstlight.journey.timeline.lanes import lanes, pressure_limits, score_lane
from firstlight.journey.timeline.life import label_of
from firstlight.journey.timeline.selectors.course import Course, Seen, course_of, noon, seen_in
from firstlight.journey.timeline.selectors.reports import report_lanes
from firstlight.journey.timeline.windows import View, Window
from firstlight.journey.timeline.wording import course_sentence, event_words, missing_sentence

EACH_READING = timedelta(days=2)
"""In a window as short as this every charted value is drawn; in a longer one the range of each session."""


def timeline_of(actor: Actor, parent_id: UUID, now: datetime, view: View | None = None) -> DoseTimeline:
    """Return the clinic's chart of one parent."""
    course = course_of(actor, parent_id, now)
    return drawn(course, *course.window(view or View(), now), now)


def drawn(course: Course, view: View, window: Window, now: datetime) -> DoseTimeline:
    """Return the chart of one set of lanes; of all lanes the main ones."""
    return charts_of(course, view, window, now)[0]


def charts_of(course: Course, view: View, window: Window, now: datetime) -> tuple[DoseTimeline, ...]:
    """Return the chart of a view's lanes; for all lanes one for each set, the main one in front."""
    sets = ("main", "reports", "scores") if view.lanes == "all" else (view.lanes,)
    wanted = {"main": lanes().opening_reports, "scores": ()}.get(view.lanes, lanes().reports)
    items = instruments.instrument(CHECK_IN).by_key
    keys = [key for key in wanted if not (items[key].about_child and course.silent)]
    seen = seen_in(course, window) if "main" in sets else None
    said_now = seen.sheets.said if seen else said_now_about(course.parent.id) if keys else ()
    reports = report_lanes(course, window, keys, said_now)
    bare = _bare(course, view, window, now)
    return tuple(_with_lanes(bare, course, window, seen, lane_set, reports) for lane_set in sets)


def heading_of(course: Course, now: datetime) -> tuple[str, str]:
    """Return the sentence of fact over a course, and how sure it is and what is missing."""
    name = lanes().opening[0]
    measure = replace(score_measure(course, name), judged_as=definition_in(course.parent.clinic, name))
    return course_sentence(measure, course.first_dose_at, now, course.zone, course.closed.unanswered)


def _bare(course: Course, view: View, window: Window, now: datetime) -> DoseTimeline:
    title, subtitle = heading_of(course, now)
    return DoseTimeline(
        title=title,
        subtitle=subtitle,
        starts_at=window.starts_at,
        ends_at=window.ends_at,
        now=now,
        zone=course.zone,
        route=_("intravenous"),
        doses=course.doses,
        zero=_zero(course, view, window),
        part=view.length != "all",
    )


def _zero(course: Course, view: View, window: Window) -> Zero | None:
    if window.zero_at is not None:
        return Zero(window.zero_at, _("dose %(number)s") % {"number": view.dose})
    return Zero(course.first_dose_at, _("first dose")) if course.first_dose_at else None


def _with_lanes(
    bare: DoseTimeline,
    course: Course,
    window: Window,
    seen: Seen | None,
    lane_set: str,
    reports: dict[str, ReportLane],
) -> DoseTimeline:
    if lane_set == "reports":
        missing = missing_sentence(*course.closed.unanswered)
        words = " ".join(part for part in (_("Our own questions, not validated."), missing) if part)
        title = _("The check-ins, item by item.")
        return replace(bare, title=title, subtitle=words, reports=_kept(bare, reports.values()))
    if lane_set == "scores":
        names = lanes().ordered({total.instrument for total in course.totals})
        return replace(bare, title=_("Every score on its own scale."), scores=_score_lanes(course, names))
    opening = (reports[key] for key in lanes().opening_reports if key in reports)
    return replace(
        bare,
        **staff_lanes(course, window, seen),
        reports=_kept(bare, opening),
        scores=_score_lanes(course, lanes().opening),
        hours=course.hours if course.hours or course.doses else None,
        happenings=tuple(_happening_lanes(course)),
    )


def _kept(bare: DoseTimeline, reports: Iterable[ReportLane]) -> tuple[ReportLane, ...]:
    """Leave lanes out that were never asked; in a part of the time they stay, so that nothing jumps from view to view."""
    return tuple(lane for lane in reports if bare.part or lane.answers or lane.ranges or lane.charted)


def staff_lanes(course: Course, window: Window, seen: Seen | None = None) -> dict[str, Any]:
    """Return the lanes of what staff chart: pressure against the plan's limit, dissociation. `seen`: what was read already."""
    seen = seen or seen_in(course, window)
    each = window.span <= EACH_READING
    pressure = tuple(one for session in seen.sessions for one in _pressures(session, seen, each=each))
    ratings = tuple(one for session in seen.sessions for one in _ratings(session, seen, each=each))
    return {
        "pressure": PressureLane(pressure, *pressure_limits(), each=each) if course.doses else None,
        "pulses": tuple(one for session in seen.sessions for one in _pulses(session, seen)) if each else (),
        "peaks": (PeakLane(_("Dissociation"), 0, 10, ratings, each=each),) if course.sessions else (),
    }


def _pressures(session: Session, seen: Seen, *, each: bool) -> Iterator[PressureRange]:
    rows = [row for row in seen.sheets.rows[session.id] if row.sbp is not None and row.dbp is not None]
    groups = [[row] for row in rows] if each else [rows] if rows else []
    for group in groups:
        systolic, diastolic = [row.sbp or 0 for row in group], [row.dbp or 0 for row in group]
        yield PressureRange(
            at=group[0].happened_at if each else session.started_at or group[0].happened_at,
            systolic=(min(systolic), max(systolic)),
            diastolic=(min(diastolic), max(diastolic)),
            out_of_plan=pressure_left_plan(session, group),
            acknowledged=session.id not in seen.sheets.waiting,
        )


def _pulses(session: Session, seen: Seen) -> Iterator[Pulse]:
    yield from (Pulse(row.happened_at, row.hr) for row in seen.sheets.rows[session.id] if row.hr is not None)


def _ratings(session: Session, seen: Seen, *, each: bool) -> Iterator[Answer]:
    charted = [row for row in seen.sheets.rows[session.id] if row.dissociation is not None]
    if each:
        yield from (Answer(row.happened_at, row.dissociation) for row in charted)
    elif session.started_at:
        yield Answer(session.started_at, max((row.dissociation or 0 for row in charted), default=None))


def score_measure(course: Course, name: str) -> Measure:
    """Return the totals of one instrument. Too few answers to score, and a check-in that closed without, are gaps."""
    definition = instruments.instrument(name)
    doses = course.doses_ended
    points = [total_point(name, one.at, one.value, one.most, doses) for one in course.totals if one.instrument == name]
    points += [Point(gap.at, None) for gap in course.closed.gaps if name in gap.instruments]
    return Measure(
        key=name,
        title=text(definition.title),
        low=definition.min or 0,
        high=definition.max or 0,
        lower_is_better=definition.better is Better.LOWER,
        validated=definition.validated,
        points=tuple(sorted(points, key=lambda point: point.at)),
    )


def _score_lanes(course: Course, names: Sequence[str]) -> tuple[ScoreLane, ...]:
    measures = (score_measure(course, name) for name in names if not (_about_child(name) and course.silent))
    return tuple(score_lane(measure) for measure in measures if measure.answered)


def _about_child(name: str) -> bool:
    return any(item.about_child for item in instruments.instrument(name).items)


def _happening_lanes(course: Course) -> Iterator[HappeningLane]:
    life = tuple(
        Happening(noon(event.on_date, course.zone), label_of(event.kind), event_words(event), dated=True)
        for event in course.life
    )
    yield HappeningLane(_("Life"), _("from the parent, or noted here"), _("nothing noted"), life)
    yield HappeningLane(_("Care"), _("agreements, pauses"), _("nothing yet"), course.care)
