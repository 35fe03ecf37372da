"""Everything of one parent on one chart: gathered from the stages, worked into frozen facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from firstlight.clinical import instruments
from firstlight.clinical.evidence import text
from firstlight.clinical.protocols import vitals
from firstlight.ground.audit.actors import Actor
from firstlight.ground.design.charts.model import (
    Answer,
    Dose,
    DoseTimeline,
    Hour,
    Limit,
    ParentLine,
    PeakLane,
    PressureLane,
    PressureRange,
    ReportLane,
    ScoreLane,
)
from firstlight.ground.people.models import Parent
from firstlight.ground.people.selectors import parent_for
from firstlight.ground.visits.models import VisitStatus
from firstlight.ground.visits.selectors import THERAPY, visits_of
from firstlight.journey.dosing.models import Observation, Session
from firstlight.journey.dosing.selectors import given_in, observations_of, open_notices_in, sessions_of
from firstlight.journey.response.selectors import Measure, change_of, item_in, returned_by, score_in, score_measure
from firstlight.journey.timeline.wording import course_sentence, parent_sentence

MARGIN = timedelta(days=2)
SHORTEST = timedelta(days=14)
SCORES = ("phq-9", "gad-7")
VIEWS = {"week": timedelta(days=7), "month": timedelta(days=31), "all": None}


@dataclass(frozen=True, slots=True)
class Course:
    """What the chart needs, read once."""

    parent: Parent
    sessions: tuple[Session, ...]
    doses: tuple[Dose, ...]
    pressure: tuple[PressureRange, ...]
    peaks: tuple[Answer, ...]
    scores: tuple[Measure, ...]
    mood: Measure
    hours: tuple[Hour, ...]

    @property
    def unanswered(self) -> tuple[int, int]:
        """Return how many questions stayed without an answer, of how many asked."""
        measures = (self.mood, self.scores[0])
        return sum(one.unanswered for one in measures), sum(len(one.points) for one in measures)


def course_of(actor: Actor, parent_id: UUID, now: datetime) -> Course:
    """Read one parent's course. Unknown and forbidden look alike (404)."""
    parent = parent_for(actor, parent_id)
    sessions = tuple(session for session in sessions_of(actor, parent_id) if session.started_at)
    rows, waiting = observations_of(list(sessions)), open_notices_in(sessions)
    returned = returned_by(actor, parent_id)
    return Course(
        parent=parent,
        sessions=sessions,
        doses=_doses(sessions),
        pressure=tuple(found for one in sessions if (found := _pressure(one, rows[one.id], waiting))),
        peaks=tuple(_peak(one.started_at, rows[one.id]) for one in sessions if one.started_at),
        scores=tuple(score_in(returned, name, now) for name in SCORES),
        mood=item_in(returned, "mood", now),
        hours=tuple(
            Hour(visit.starts_at, visit.get_kind_display())
            for visit in visits_of(actor, parent_id)
            if visit.kind in THERAPY and visit.status == VisitStatus.HAPPENED
        ),
    )


def _pressure(session: Session, rows: Sequence[Observation], waiting: set[UUID]) -> PressureRange | None:
    values = [(row.sbp, row.dbp) for row in rows if row.sbp is not None and row.dbp is not None]
    if not values or session.started_at is None:
        return None
    systolic, diastolic = [sbp for sbp, _dbp in values], [dbp for _sbp, dbp in values]
    limit_sbp, limit_dbp = vitals.limits("sbp")["warn_hi"], vitals.limits("dbp")["warn_hi"]
    return PressureRange(
        at=session.started_at,
        systolic=(min(systolic), max(systolic)),
        diastolic=(min(diastolic), max(diastolic)),
        out_of_plan=max(systolic) > limit_sbp or max(diastolic) > limit_dbp,
        acknowledged=session.id not in waiting,
    )


def _peak(started_at: datetime, rows: Sequence[Observation]) -> Answer:
    charted = [row.dissociation for row in rows if row.dissociation is not None]
    return Answer(started_at, max(charted) if charted else None)


def timeline_of(actor: Actor, parent_id: UUID, now: datetime, view: str = "all") -> DoseTimeline:
    """Return the clinic's chart of one parent."""
    course = course_of(actor, parent_id, now)
    title, subtitle = course_sentence(course.scores[0], change_of(course.scores[0]), course.unanswered)
    starts_at, ends_at = _axis(course, now, view)
    scores = tuple(_score_lane(measure) for measure in course.scores if measure.points)
    return DoseTimeline(
        title=title,
        subtitle=subtitle,
        starts_at=starts_at,
        ends_at=ends_at,
        now=now,
        zone=ZoneInfo(course.parent.clinic.timezone),
        route=_("intravenous"),
        doses=course.doses,
        pressure=PressureLane(course.pressure, (Limit(vitals.limits("sbp")["warn_hi"], _("notice")),))
        if course.doses
        else None,
        peaks=(PeakLane(_("Dissociation"), 0, 10, course.peaks),) if course.peaks else (),
        reports=(_report_lane(course.mood),) if course.mood.points else (),
        scores=scores,
        hours=course.hours if course.hours or course.doses else None,
    )


def _axis(course: Course, now: datetime, view: str) -> tuple[datetime, datetime]:
    moments = [dose.at for dose in course.doses] + [hour.at for hour in course.hours]
    moments += [point.at for measure in (*course.scores, course.mood) for point in measure.points]
    first, last = min(moments, default=now), max(moments, default=now)
    end = min(max(last, first + SHORTEST), max(now, last)) + MARGIN / 2
    span = VIEWS.get(view)
    if span is None:
        return first - MARGIN, max(end, first - MARGIN + SHORTEST)
    return end - span, end


def _score_lane(measure: Measure) -> ScoreLane:
    definition = instruments.instrument(measure.key)
    bands = tuple(Limit(band.least, text(band.label)) for band in definition.bands if band.least in {5, 10})
    return ScoreLane(
        name=measure.key.upper(),
        low=measure.low,
        high=measure.high,
        direction=_("low is good"),
        answers=tuple(Answer(point.at, point.value) for point in measure.points),
        bands=bands,
    )


def _report_lane(measure: Measure) -> ReportLane:
    return ReportLane(
        name=_("Mood"),
        low=measure.low,
        high=measure.high,
        direction=_("high is good"),
        answers=tuple(Answer(point.at, point.value) for point in measure.points),
    )


def parent_line_of(actor: Actor, parent: Parent, now: datetime) -> ParentLine:
    """Return the parent's own line: one measure, first and last figure, doses as diamonds."""
    sessions = [session for session in sessions_of(actor, parent.id) if session.started_at]
    measure = score_measure(actor, parent.id, SCORES[0], now, gaps=False)
    return ParentLine(
        title=parent_sentence(measure, change_of(measure)),
        doubt=_("Many things move this line, not only the medicine."),
        name=_("Your two-week questions"),
        low=measure.low,
        high=measure.high,
        direction=_("lower means fewer hard days"),
        now=now,
        zone=ZoneInfo(parent.timezone),
        answers=tuple(Answer(point.at, point.value) for point in measure.answered),
        doses=_doses(sessions),
    )


def _doses(sessions: Sequence[Session]) -> tuple[Dose, ...]:
    given = given_in(sessions)
    return tuple(Dose(one.started_at, given[one.id]) for one in sessions if one.started_at and given.get(one.id))


def empty(chart: DoseTimeline) -> bool:
    """Tell whether nothing stands on the chart yet."""
    return not (chart.doses or chart.scores or chart.reports or chart.hours)
