"""The one door to sessions. Staff with the session's permission see their clinic's; a parent sees none of this."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.http import Http404

from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.models import Clinic
from firstlight.ground.people.permissions import Permission
from firstlight.ground.visits.clocktimes import day_of
from firstlight.ground.visits.models import Visit, VisitKind, VisitStatus
from firstlight.ground.visits.selectors import day
from firstlight.journey.dosing.infusion import Step, delivered_ug, planned_end
from firstlight.journey.dosing.models import (
    LIVE,
    Acknowledgement,
    Departure,
    GateOverride,
    InfusionStep,
    Mark,
    Notice,
    Observation,
    Preparation,
    SecondCheck,
    Session,
    SessionState,
)


def session_for(actor: Actor, session_id: UUID) -> Session:
    """Return a session of the actor's clinic."""
    found = Session.objects.select_related(
        "parent__family", "episode", "order__weight", "visit", "nurse", "second_person", "clinic"
    )
    session = found.filter(id=session_id).first()
    if session is None or not (actor.may(Permission.SESSION_READ) or actor.role == "system"):
        raise Http404
    return session


def live_sessions(actor: Actor) -> list[Session]:
    """Return the sessions under way in the actor's clinic, longest first."""
    if actor.clinic_id is None or not (actor.may(Permission.SESSION_READ) or actor.role == "system"):
        return []
    return list(Session.objects.filter(state__in=LIVE).select_related("parent", "nurse", "visit").order_by("opened_at"))


def sessions_of(actor: Actor, parent_id: UUID) -> list[Session]:
    """Return all sessions of one parent, first to last, for staff of her clinic and for herself."""
    if not (actor.may(Permission.SESSION_READ) or actor.role == "system" or actor.parent_id == parent_id):
        raise Http404
    found = Session.objects.filter(parent_id=parent_id).exclude(state=SessionState.CANCELLED)
    return list(found.select_related("order", "nurse").order_by("opened_at"))


def notice_for(actor: Actor, notice_id: UUID) -> Notice:
    """Return a notice of a session that the actor may see."""
    notice = Notice.objects.filter(id=notice_id).select_related("session").first()
    if notice is None:
        raise Http404
    session_for(actor, notice.session_id)
    return notice


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything charted in one session, read once for a screen."""

    session: Session
    observations: tuple[Observation, ...] = ()
    steps: tuple[InfusionStep, ...] = ()
    marks: tuple[Mark, ...] = ()
    notices: tuple[Notice, ...] = ()
    acknowledged: dict[UUID, Acknowledgement] = field(default_factory=dict)
    overrides: tuple[GateOverride, ...] = ()
    preparation: Preparation | None = None
    check: SecondCheck | None = None
    departure: Departure | None = None

    @property
    def standing(self) -> tuple[Observation, ...]:
        """Return the observations that no later row amends."""
        amended = {observation.amends_id for observation in self.observations}
        return tuple(observation for observation in self.observations if observation.id not in amended)

    @property
    def open_notices(self) -> tuple[Notice, ...]:
        """Return the notices that nobody acknowledged, newest first."""
        return tuple(notice for notice in reversed(self.notices) if notice.id not in self.acknowledged)

    @property
    def pump(self) -> tuple[Step, ...]:
        """Return the pump's steps as plain values."""
        return tuple(Step(step.happened_at, step.rate_ug_per_min) for step in self.steps)

    def latest(self, kind: str) -> Observation | None:
        """Return the last standing observation that has a value of this kind."""
        found = [observation for observation in self.standing if getattr(observation, kind) is not None]
        return found[-1] if found else None

    def delivered_ug(self, now: datetime) -> int:
        """Return what was given so far."""
        return delivered_ug(self.pump, self.preparation.dose_ug, now) if self.preparation else 0

    def planned_end(self, now: datetime) -> datetime | None:
        """Return when the infusion will be over at the present rate."""
        return planned_end(self.pump, self.preparation.dose_ug, now) if self.preparation else None


def sheet_of(session: Session) -> Sheet:
    """Read one session's chart. The caller has the session from `session_for`."""
    by_session = {"session": session}
    preparation = Preparation.objects.filter(**by_session).order_by("written_at").last()
    acknowledgements = Acknowledgement.objects.filter(**by_session).select_related("by")
    return Sheet(
        session=session,
        observations=tuple(Observation.objects.filter(**by_session).select_related("by")),
        steps=tuple(InfusionStep.objects.filter(**by_session).select_related("by")),
        marks=tuple(Mark.objects.filter(**by_session).select_related("by")),
        notices=tuple(Notice.objects.filter(**by_session)),
        acknowledged={row.notice_id: row for row in acknowledgements},
        overrides=tuple(GateOverride.objects.filter(**by_session).select_related("by")),
        preparation=preparation,
        check=SecondCheck.objects.filter(preparation=preparation).select_related("by").last() if preparation else None,
        departure=Departure.objects.filter(**by_session).select_related("by").first(),
    )


def observations_of(sessions: list[Session]) -> dict[UUID, list[Observation]]:
    """Return the standing observations of several sessions in one query, for the timeline."""
    rows = list(Observation.objects.filter(session__in=sessions))
    amended = {row.amends_id for row in rows}
    found: dict[UUID, list[Observation]] = {session.id: [] for session in sessions}
    for row in rows:
        if row.id not in amended:
            found[row.session_id].append(row)
    return found


@dataclass(frozen=True, slots=True)
class Coming:
    """A dosing visit of today, and its session once it was opened."""

    visit: Visit
    session: Session | None


@dataclass(frozen=True, slots=True)
class DayBoard:
    """The chairs now, and the dosing visits of the clinic's day."""

    live: tuple[Session, ...]
    coming: tuple[Coming, ...]
    checked_at: datetime


def day_board(actor: Actor, now: datetime) -> DayBoard:
    """Return who is in the chair, and who comes today in the clinic's zone."""
    live = live_sessions(actor)
    clinic_day = day_of(now, Clinic.objects.get(id=actor.clinic_id).timezone) if actor.clinic_id else now.date()
    visits = [
        visit
        for visit in day(actor, clinic_day)
        if visit.kind == VisitKind.DOSING and visit.status != VisitStatus.CANCELLED
    ]
    opened = {session.visit_id: session for session in Session.objects.filter(visit__in=visits)}
    coming = tuple(Coming(visit, opened.get(visit.id)) for visit in visits)
    return DayBoard(tuple(live), coming, now)


def given_in(sessions: Sequence[Session]) -> dict[UUID, int]:
    """Return what each session gave in all, in micrograms: from the pump's steps, up to its end."""
    dose = {row.session_id: row.dose_ug for row in Preparation.objects.filter(session__in=sessions)}
    steps: dict[UUID, list[Step]] = {session.id: [] for session in sessions}
    for row in InfusionStep.objects.filter(session__in=sessions):
        steps[row.session_id].append(Step(row.happened_at, row.rate_ug_per_min))
    return {
        session.id: delivered_ug(steps[session.id], dose.get(session.id, 0), session.ended_at)
        for session in sessions
        if session.ended_at
    }


def open_notices_in(sessions: Sequence[Session]) -> set[UUID]:
    """Return the sessions with a notice that nobody acknowledged."""
    seen = Acknowledgement.objects.filter(notice=OuterRef("pk"))
    return set(Notice.objects.filter(~Exists(seen), session__in=sessions).values_list("session_id", flat=True))
