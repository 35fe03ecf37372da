"""Everything of one parent for her chart, read from the stages: how much there is decides how it is read, not how often."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from firstlight.ground.audit.actors import Actor
from firstlight.ground.design.charts.model import Dose, Happening, Hour
from firstlight.ground.people.models import Parent
from firstlight.ground.people.selectors import parent_for
from firstlight.ground.visits.models import VisitStatus
from firstlight.ground.visits.selectors import THERAPY, visits_about
from firstlight.journey.dosing.charted import Sheets, charted_in
from firstlight.journey.dosing.findings import PRESSURE, SYMPTOM
from firstlight.journey.dosing.models import Session
from firstlight.journey.dosing.selectors import given_in, sessions_of
from firstlight.journey.planning.wording import route_words
from firstlight.journey.response.gaps import Closed, closed_about
from firstlight.journey.screening.series import Total, totals_about
from firstlight.journey.timeline.models import LifeEvent
from firstlight.journey.timeline.selectors.care import care_about
from firstlight.journey.timeline.selectors.lives import about_child, events_about
from firstlight.journey.timeline.windows import Extent, View, Window, settled, window_of

PRESSURE_NOTICES = (*PRESSURE, SYMPTOM)
SHARE_STEP_UG = 10


@dataclass(frozen=True)
class Course:
    """One parent's course: what is few, read whole. Single answers are read for a window, by `chart.charts_of`."""

    actor: Actor
    parent: Parent
    sessions: tuple[Session, ...]
    given: Mapping[UUID, int]
    totals: tuple[Total, ...]
    closed: Closed
    hours: tuple[Hour, ...]
    events: tuple[LifeEvent, ...]
    care: tuple[Happening, ...]

    @cached_property
    def silent(self) -> bool:
        """Tell whether a loss silences what is about the child; asked only where something is."""
        return self.parent.family.silent_about_baby

    @property
    def zone(self) -> ZoneInfo:
        """Return the clinic's zone, in which its charts stand."""
        return ZoneInfo(self.parent.clinic.timezone)

    @property
    def doses(self) -> tuple[Dose, ...]:
        """Return the doses that were given."""
        return doses_of(self.sessions, self.given)

    @property
    def first_dose_at(self) -> datetime | None:
        """Return when the first dose began."""
        return self.doses[0].at if self.doses else None

    @property
    def doses_ended(self) -> list[datetime]:
        """Return when each dose ended."""
        return [one.ended_at for one in self.sessions if one.ended_at is not None]

    @property
    def life(self) -> tuple[LifeEvent, ...]:
        """Return the events of a life; after a loss none is about the child."""
        return tuple(event for event in self.events if not (about_child(event) and self.silent))

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing stands on the timeline yet."""
        return not (self.doses or self.totals or self.hours or self.life or self.care or self.closed.count)

    def extent(self, now: datetime) -> Extent:
        """Return from the first fact to the last one; both now where there is none. What is to come does not count."""
        moments = [dose.at for dose in self.doses] + [hour.at for hour in self.hours]
        moments += [total.at for total in self.totals] + list(self.closed.extent or ())
        moments += [one.at for one in self.care] + [noon(one.on_date, self.zone) for one in self.life]
        return Extent(min(moments, default=now), min(now, max(moments, default=now)))

    def window(self, view: View, now: datetime) -> tuple[View, Window]:
        """Return a view with the dose it counts from, and its stretch of time. Raises NoSuchView."""
        moments = [dose.at for dose in self.doses]
        view = settled(view, moments)
        return view, window_of(view, self.extent(now), moments, now, self.zone)


@dataclass(frozen=True, slots=True)
class Seen:
    """The sessions of a window, and what was charted in them."""

    sessions: tuple[Session, ...]
    sheets: Sheets


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One session in the list under the chart."""

    session: Session
    given_ug: int


def course_of(actor: Actor, parent_id: UUID, now: datetime) -> Course:
    """Read one parent's course. Unknown and forbidden look alike (404)."""
    parent = parent_for(actor, parent_id)
    sessions = tuple(session for session in sessions_of(actor, parent_id) if session.started_at)
    closed = closed_about(actor, parent, now)
    return Course(
        actor=actor,
        parent=parent,
        sessions=sessions,
        given=given_in(sessions),
        totals=tuple(totals_about(actor, parent)),
        closed=closed,
        hours=tuple(
            Hour(visit.starts_at, visit.get_kind_display())
            for visit in visits_about(parent)
            if visit.kind in THERAPY and visit.status == VisitStatus.HAPPENED
        ),
        events=tuple(events_about(actor, parent)),
        care=tuple(care_about(actor, parent, now, closed.not_asked)),
    )


def seen_in(course: Course, window: Window) -> Seen:
    """Read what was charted in the sessions that touch a window."""
    touched = tuple(
        one
        for one in course.sessions
        if one.started_at and one.started_at <= window.ends_at and (one.left_at or one.opened_at) >= window.starts_at
    )
    return Seen(touched, charted_in(touched, PRESSURE_NOTICES))


def session_lines(course: Course) -> list[SessionLine]:
    """Return the sessions, latest first, with what each gave."""
    return [SessionLine(one, course.given.get(one.id, 0)) for one in reversed(course.sessions)]


def doses_of(sessions: Sequence[Session], given: Mapping[UUID, int]) -> tuple[Dose, ...]:
    """Return what sessions gave, in all and per kg of the weight that each order was made for."""
    return tuple(
        Dose(one.started_at, given[one.id], per_kg(given[one.id], one.order.weight_g), route_words(one.order.route))
        for one in sessions
        if one.started_at and given.get(one.id)
    )


def noon(day: date, zone: ZoneInfo) -> datetime:
    """Return where something dated stands on the axis: in the middle of its day."""
    return datetime.combine(day, time(12), tzinfo=zone)


def per_kg(given_ug: int, weight_g: int) -> int:
    """Return an amount per kg in micrograms, rounded to two decimals of a milligram."""
    return round(given_ug * 1000 / weight_g / SHARE_STEP_UG) * SHARE_STEP_UG
