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
from firstlight.ground.visits.selectors import THERAPY, visits_about
from firstlight.journey.dosing.findings import PRESSURE, SYMPTOM, pressure_left_plan
from firstlight.journey.dosing.models import Observation, Session
from firstlight.journey.dosing.selectors import given_in, observations_of, open_notices_in, sessions_of
from firstlight.journey.response.selectors import (
    CHECK_IN,
    Measure,
    Reports,
    change_of,
    item_measure,
    reports_of,
    score_measure,
)
from firstlight.journey.timeline.wording import course_sentence, parent_figures, parent_sentence

MARGIN = timedelta(days=2)
SHORTEST = timedelta(days=14)
SCORES = ("phq-9", "gad-7")
REPORTS = ("mood",)
MORE_REPORTS = ("mood", "anxiety", "sleep", "closeness")
VIEWS = {"week": timedelta(days=7), "month": timedelta(days=31), "all": None}
LANES = ("main", "more")
PRESSURE_NOTICES = (*PRESSURE, SYMPTOM)


@dataclass(frozen=True, slots=True)
class Course:
    """What the chart needs, read once."""

    parent: Parent
    sessions: tuple[Session, ...]
    given: dict[UUID, int]
    pressure: tuple[PressureRange, ...]
    peaks: tuple[Answer, ...]
    reports: Reports
    hours: tuple[Hour, ...]

    @property
    def doses(self) -> tuple[Dose, ...]:
        """Return the doses that were given."""
        return _doses(self.sessions, self.given)

    @property
    def first_dose_at(self) -> datetime | None:
        """Return when the first dose began."""
        return self.doses[0].at if self.doses else None


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One session in the list under the chart."""

    session: Session
    given_ug: int


def course_of(actor: Actor, parent_id: UUID) -> Course:
    """Read one parent's course. Unknown and forbidden look alike (404)."""
    parent = parent_for(actor, parent_id)
    sessions = tuple(session for session in sessions_of(actor, parent_id) if session.started_at)
    rows, waiting = observations_of(list(sessions)), open_notices_in(sessions, PRESSURE_NOTICES)
    return Course(
        parent=parent,
        sessions=sessions,
        given=given_in(sessions),
        pressure=tuple(found for one in sessions if (found := _pressure(one, rows[one.id], waiting))),
        peaks=tuple(_peak(one.started_at, rows[one.id]) for one in sessions if one.started_at),
        reports=reports_of(actor, parent_id),
        hours=tuple(
            Hour(visit.starts_at, visit.get_kind_display())
            for visit in visits_about(parent)
            if visit.kind in THERAPY and visit.status == VisitStatus.HAPPENED
        ),
    )


def session_lines(course: Course) -> list[SessionLine]:
    """Return the sessions, latest first, with what each gave."""
    return [SessionLine(one, course.given.get(one.id, 0)) for one in reversed(course.sessions)]


def _doses(sessions: Sequence[Session], given: dict[UUID, int]) -> tuple[Dose, ...]:
    return tuple(Dose(one.started_at, given[one.id]) for one in sessions if one.started_at and given.get(one.id))


def _pressure(session: Session, rows: Sequence[Observation], waiting: set[UUID]) -> PressureRange | None:
    values = [(row.sbp, row.dbp) for row in rows if row.sbp is not None and row.dbp is not None]
    if not values or session.started_at is None:
        return None
    systolic, diastolic = [sbp for sbp, _dbp in values], [dbp for _sbp, dbp in values]
    return PressureRange(
        at=session.started_at,
        systolic=(min(systolic), max(systolic)),
        diastolic=(min(diastolic), max(diastolic)),
        out_of_plan=pressure_left_plan(session, rows),
        acknowledged=session.id not in waiting,
    )


def _peak(started_at: datetime, rows: Sequence[Observation]) -> Answer:
    charted = [row.dissociation for row in rows if row.dissociation is not None]
    return Answer(started_at, max(charted) if charted else None)


def timeline_of(actor: Actor, parent_id: UUID, now: datetime, view: str = "all", lanes: str = "main") -> DoseTimeline:
    """Return the clinic's chart of one parent."""
    return drawn(course_of(actor, parent_id), now, view, lanes)


def drawn(course: Course, now: datetime, view: str = "all", lanes: str = "main") -> DoseTimeline:
    """Work a course into the facts of the chart. `view`: how much time; `lanes`: the main ones, or more reports."""
    zone = ZoneInfo(course.parent.clinic.timezone)
    scores = [score_measure(course.reports, name, now) for name in SCORES]
    wanted = _wanted(course.parent, lanes)
    reports = [item_measure(course.reports, key, now) for key in wanted]
    title, subtitle = course_sentence(scores[0], course.first_dose_at, now, zone, course.reports.unanswered(now))
    starts_at, ends_at = _axis(course, [*scores, *reports], now, view)
    limits = (Limit(vitals.limits("sbp")["warn_hi"], _("notice")),)
    return DoseTimeline(
        title=title,
        subtitle=subtitle,
        starts_at=starts_at,
        ends_at=ends_at,
        now=now,
        zone=zone,
        route=_("intravenous"),
        doses=course.doses,
        pressure=PressureLane(course.pressure, limits) if course.doses else None,
        peaks=(PeakLane(_("Dissociation"), 0, 10, course.peaks),) if course.peaks else (),
        reports=tuple(_report_lane(measure) for measure in reports if measure.points),
        scores=tuple(_score_lane(measure) for measure in scores if measure.points),
        hours=course.hours if course.hours or course.doses else None,
    )


def _wanted(parent: Parent, lanes: str) -> list[str]:
    """Return the items to draw. After a loss no lane is about the child, for the clinic either."""
    keys = MORE_REPORTS if lanes == "more" else REPORTS
    about_child = {item.key for item in instruments.instrument(CHECK_IN).items if item.about_child}
    if not about_child & set(keys) or not parent.family.silent_about_baby:
        return list(keys)
    return [key for key in keys if key not in about_child]


def _axis(course: Course, measures: Sequence[Measure], now: datetime, view: str) -> tuple[datetime, datetime]:
    moments = [dose.at for dose in course.doses] + [hour.at for hour in course.hours]
    moments += [point.at for measure in measures for point in measure.points]
    first, last = min(moments, default=now), max(moments, default=now)
    end = min(max(last, first + SHORTEST), max(now, last)) + MARGIN / 2
    span = VIEWS.get(view)
    if span is None:
        return first - MARGIN, max(end, first - MARGIN + SHORTEST)
    return max(end - span, first - MARGIN), end


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
    names = {"mood": _("Mood"), "anxiety": _("Anxiety"), "sleep": _("Sleep"), "closeness": _("Closeness to the child")}
    return ReportLane(
        name=names[measure.key],
        low=measure.low,
        high=measure.high,
        direction=_("low is good") if measure.lower_is_better else _("high is good"),
        answers=tuple(Answer(point.at, point.value) for point in measure.points),
    )


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A parent's own line, its first and last figure in words, and whether it went up by more than chance."""

    line: ParentLine
    figures: str
    worse: bool

    @property
    def gaps(self) -> bool:
        """Tell whether an answer is missing on it."""
        return any(answer.value is None for answer in self.line.answers)


def own_line_of(actor: Actor, parent: Parent, now: datetime) -> OwnLine:
    """Return a parent's own line: a check-in that closed without an answer stands on it as a gap."""
    reports = reports_of(actor, parent.id)
    sessions = [session for session in sessions_of(actor, parent.id) if session.started_at]
    doses = _doses(sessions, given_in(sessions))
    measure = score_measure(reports, SCORES[0], now)
    change = change_of(measure, doses[0].at if doses else None)
    line = ParentLine(
        title=parent_sentence(change),
        doubt=_("Many things move this line, not only the medicine."),
        name=_("Your two-week questions"),
        low=measure.low,
        high=measure.high,
        direction=_("lower means fewer hard days"),
        now=now,
        zone=ZoneInfo(parent.timezone),
        answers=tuple(Answer(point.at, point.value) for point in measure.points),
        doses=doses,
    )
    worse = change is not None and bool(change.reliable) and change.direction == "worse"
    return OwnLine(line, parent_figures(line), worse)


def empty(chart: DoseTimeline) -> bool:
    """Tell whether nothing stands on the chart yet."""
    return not (chart.doses or chart.scores or chart.reports or chart.hours)
