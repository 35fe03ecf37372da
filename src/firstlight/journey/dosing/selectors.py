"""The one door to sessions. Staff with the session's permission see their clinic's; a parent sees none of this."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from firstlight.clinical.protocols import monitoring
from firstlight.clinical.protocols.monitoring import Staffing
from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.models import Clinic, Parent
from firstlight.ground.people.permissions import Permission
from firstlight.ground.visits.clocktimes import day_of
from firstlight.ground.visits.models import Visit, VisitKind, VisitStatus
from firstlight.ground.visits.selectors import day
from firstlight.journey.dosing.infusion import Step, delivered_ug, empty_at
from firstlight.journey.dosing.models import (
    DISCARDED,
    LIVE,
    Acknowledgement,
    Departure,
    GateOverride,
    InfusionStep,
    Mark,
    Notice,
    Observation,
    Preparation,
    RecoveryScore,
    RightNow,
    SecondCheck,
    Session,
    SessionState,
    Summary,
)


def session_for(actor: Actor, session_id: UUID) -> Session:
    """Return a session of the actor's clinic."""
    found = Session.objects.select_related(
        "parent__family",
        "episode",
        "order__weight",
        "order__by",
        "order__stopped_by",
        "order__replaced_by",
        "visit__room",
        "nurse",
        "second_person",
        "clinic",
    )
    session = found.filter(id=session_id).first()
    if session is None or not _may_read(actor):
        raise Http404
    session.parent.clinic = session.episode.clinic = session.visit.clinic = session.clinic
    session.episode.parent = session.visit.parent = session.parent
    return session


def _may_read(actor: Actor) -> bool:
    return actor.may(Permission.SESSION_READ) or actor.role == "system"


def live_sessions(actor: Actor) -> list[Session]:
    """Return the sessions under way in the actor's clinic, longest first."""
    if actor.clinic_id is None or not _may_read(actor):
        return []
    found = Session.objects.filter(state__in=LIVE).select_related("parent", "nurse", "visit__room")
    return list(found.order_by("opened_at"))


def last_dose_at(parent_id: UUID) -> datetime | None:
    """Return when a parent's last dose ended, or began if it runs; for services that have looked her up."""
    begun = Session.objects.filter(parent_id=parent_id, started_at__isnull=False)
    moment = Coalesce("ended_at", "started_at")
    return begun.order_by(moment.desc()).values_list(moment, flat=True).first()


def dose_between(parent_id: UUID, begin: datetime, end: datetime) -> tuple[datetime, datetime | None] | None:
    """Return when a parent's dose within a time began and ended (None: it runs); for services that have looked her up."""
    begun = Session.objects.filter(parent_id=parent_id, started_at__gte=begin, started_at__lt=end)
    found = begun.order_by("started_at").first()
    return (found.started_at, found.ended_at) if found is not None and found.started_at is not None else None


def in_session(parent: Parent, at: datetime) -> bool:
    """Tell whether a session of this day is open, from before its dose until she has left; for services that looked her up.

    One that nobody closed says nothing about the days after it.
    """
    zone = ZoneInfo(parent.timezone)
    opened = Session.objects.filter(parent=parent, state__in=LIVE, opened_at__lte=at).values_list(
        "opened_at", flat=True
    )
    return any(one.astimezone(zone).date() == at.astimezone(zone).date() for one in opened)


def sessions_of(actor: Actor, parent_id: UUID) -> list[Session]:
    """Return all sessions of one parent, first to last, for staff of her clinic and for herself."""
    if not (_may_read(actor) or actor.parent_id == parent_id):
        raise Http404
    found = Session.objects.filter(parent_id=parent_id).exclude(state=SessionState.CANCELLED)
    return list(found.select_related("order", "nurse").order_by("opened_at"))


def notice_for(actor: Actor, notice_id: UUID) -> Notice:
    """Return a notice of a session that the actor may see."""
    notice = Notice.objects.filter(id=notice_id).select_related("session").first()
    if notice is None or not _may_read(actor):
        raise Http404
    return notice


def observation_for(actor: Actor, session: Session, observation_id: UUID) -> Observation:
    """Return one set of values of a session that the actor may see."""
    rows = Observation.objects.filter(id=observation_id, session=session, right_now__isnull=True)
    found = rows.select_related("by", "session").first()
    if found is None or not _may_read(actor):
        raise Http404
    return found


def recovery_score_for(actor: Actor, session: Session, score_id: UUID) -> RecoveryScore:
    """Return one modified Aldrete of a session that the actor may see."""
    found = RecoveryScore.objects.filter(id=score_id, session=session).select_related("by", "session").first()
    if found is None or not _may_read(actor):
        raise Http404
    return found


def right_now_for(actor: Actor, session: Session, row_id: UUID) -> RightNow:
    """Return what a parent said of one moment, in a session that the actor may see."""
    found = RightNow.objects.filter(id=row_id, session=session).select_related("by", "session").first()
    if found is None or not _may_read(actor):
        raise Http404
    return found


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything charted in one session, read once for a screen.

    `preparation` is the syringe that stands: none before one is drawn, none after it was discarded.
    """

    session: Session
    observations: tuple[Observation, ...] = ()
    scores: tuple[RecoveryScore, ...] = ()
    right_now: tuple[RightNow, ...] = ()
    steps: tuple[InfusionStep, ...] = ()
    marks: tuple[Mark, ...] = ()
    notices: tuple[Notice, ...] = ()
    acknowledged: dict[UUID, Acknowledgement] = field(default_factory=dict)
    overrides: tuple[GateOverride, ...] = ()
    preparations: tuple[Preparation, ...] = ()
    checks: tuple[SecondCheck, ...] = ()
    departure: Departure | None = None
    summary: Summary | None = None

    @property
    def preparation(self) -> Preparation | None:
        """Return the syringe that stands."""
        return self.preparations[-1] if self.preparations and self.session.state != SessionState.GATES else None

    @property
    def check(self) -> SecondCheck | None:
        """Return the last second reading of the syringe that stands."""
        standing = self.preparation
        return next((one for one in reversed(self.checks) if standing and one.preparation_id == standing.id), None)

    @property
    def standing(self) -> tuple[Observation, ...]:
        """Return the observations that no later row amends."""
        amended = {observation.amends_id for observation in self.observations}
        return tuple(observation for observation in self.observations if observation.id not in amended)

    @property
    def standing_scores(self) -> tuple[RecoveryScore, ...]:
        """Return each modified Aldrete that no later one amends."""
        amended = {score.amends_id for score in self.scores}
        return tuple(score for score in self.scores if score.id not in amended)

    @property
    def standing_right_now(self) -> tuple[RightNow, ...]:
        """Return what the parent said of a moment, each that no later row amends."""
        amended = {row.amends_id for row in self.right_now}
        return tuple(row for row in self.right_now if row.id not in amended)

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

    def empty_at(self) -> datetime | None:
        """Return when the syringe ran empty, or will at the present rate; None while the pump stands still."""
        return empty_at(self.pump, self.preparation.dose_ug) if self.preparation else None


def sheet_of(session: Session) -> Sheet:
    """Read one session's chart. The caller has the session from `session_for`. Reads only what its state can have."""
    if session.version == 0:
        return Sheet(session)
    by_session = {"session": session}
    begun = session.started_at is not None
    noticed = tuple(Notice.objects.filter(**by_session).select_related("mark", "acknowledgement__by"))
    acknowledged = (getattr(notice, "acknowledgement", None) for notice in noticed)
    marks = tuple(Mark.objects.filter(**by_session).select_related("by"))
    drawn = session.state != SessionState.GATES or any(mark.kind == DISCARDED for mark in marks)
    prepared = tuple(Preparation.objects.filter(**by_session).select_related("by")) if drawn else ()
    left = session.left_at is not None
    rows = tuple(Observation.objects.filter(**by_session).select_related("by", "right_now"))
    return Sheet(
        session=session,
        observations=tuple(row for row in rows if _said_on(row) is None),
        scores=tuple(RecoveryScore.objects.filter(**by_session).select_related("by")) if session.ended_at else (),
        right_now=tuple(said for row in rows if (said := _said_on(row))),
        steps=tuple(InfusionStep.objects.filter(**by_session).select_related("by")) if begun else (),
        marks=marks,
        notices=noticed,
        acknowledged={row.notice_id: row for row in acknowledged if row is not None},
        overrides=tuple(GateOverride.objects.filter(**by_session).select_related("by")),
        preparations=prepared,
        checks=tuple(SecondCheck.objects.filter(**by_session).select_related("by")) if prepared else (),
        departure=Departure.objects.filter(**by_session).select_related("by").first() if left else None,
        summary=Summary.objects.filter(**by_session).select_related("document").last() if left else None,
    )


def _said_on(row: Observation) -> RightNow | None:
    """Return what the parent said of a moment, where that stands on a set in place of values."""
    said: RightNow | None = getattr(row, "right_now", None)
    if said is not None:
        said.by = row.by
    return said


@dataclass(frozen=True, slots=True)
class Coming:
    """A dosing visit of today, and its session once it was opened."""

    visit: Visit
    session: Session | None


@dataclass(frozen=True, slots=True)
class InChair:
    """A session under way, and whether one of its notices waits for somebody."""

    session: Session
    notices: bool


@dataclass(frozen=True, slots=True)
class DayBoard:
    """The chairs now, the dosing visits of the clinic's day, and the nurses that the chairs take."""

    live: tuple[InChair, ...]
    coming: tuple[Coming, ...]
    staffing: Staffing
    checked_at: datetime


def day_board(actor: Actor, now: datetime) -> DayBoard:
    """Return who is in the chair, and who comes today in the clinic's zone."""
    if actor.clinic_id is None:
        raise Http404
    live = live_sessions(actor)
    waiting = open_notices_in(live)
    clinic_day = day_of(now, Clinic.objects.get(id=actor.clinic_id).timezone)
    visits = [
        visit
        for visit in day(actor, clinic_day)
        if visit.kind == VisitKind.DOSING and visit.status != VisitStatus.CANCELLED
    ]
    opened = {session.visit_id: session for session in Session.objects.filter(visit__in=visits)}
    return DayBoard(
        live=tuple(InChair(session, session.id in waiting) for session in live),
        coming=tuple(Coming(visit, opened.get(visit.id)) for visit in visits),
        staffing=staffing_of(live),
        checked_at=now,
    )


def staffing_of(live: Sequence[Session]) -> Staffing:
    """Return the nurses that the people in the chairs take, against those who are in charge of one."""
    running = [session for session in live if session.state in {SessionState.INFUSING, SessionState.PAUSED}]
    recovering = [session for session in live if session.state == SessionState.RECOVERING]
    nurses = len({session.nurse_id for session in (*running, *recovering)})
    return monitoring.staffing(infusing=len(running), recovering=len(recovering), nurses=nurses)


def given_in(sessions: Sequence[Session]) -> dict[UUID, int]:
    """Return what each session gave in all, in micrograms: from the pump's steps, up to its end."""
    drawn = Preparation.objects.filter(session=OuterRef("session")).order_by("-sequence").values("dose_ug")[:1]
    rows = InfusionStep.objects.filter(session__in=sessions).annotate(dose_ug=Subquery(drawn))
    steps: dict[UUID, list[Step]] = {session.id: [] for session in sessions}
    dose: dict[UUID, int] = {}
    for session_id, at, rate, dose_ug in rows.values_list("session_id", "happened_at", "rate_ug_per_min", "dose_ug"):
        steps[session_id].append(Step(at, rate))
        dose[session_id] = dose_ug or 0
    return {
        session.id: delivered_ug(steps[session.id], dose.get(session.id, 0), session.ended_at)
        for session in sessions
        if session.ended_at
    }


def open_notices_in(sessions: Sequence[Session], kinds: Sequence[str] = ()) -> set[UUID]:
    """Return the sessions with a notice that nobody acknowledged, of some kinds (none given: of any)."""
    seen = Acknowledgement.objects.filter(notice=OuterRef("pk"))
    found = Notice.objects.filter(~Exists(seen), session__in=sessions)
    found = found.filter(kind__in=kinds) if kinds else found
    return set(found.values_list("session_id", flat=True))
