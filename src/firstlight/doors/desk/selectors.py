"""The clinic's first page: what is under way, what waits for this person, who comes today."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.models import Clinic
from firstlight.ground.people.permissions import Permission
from firstlight.ground.safety.selectors import Uncounted, uncounted
from firstlight.ground.visits.again import ToAsk, asks_again
from firstlight.ground.visits.models import Visit, VisitStatus
from firstlight.ground.visits.selectors import day
from firstlight.ground.worklist.selectors import Shown, all_shown_to, open_tasks
from firstlight.journey.dosing.models import Session
from firstlight.journey.dosing.selectors import live_sessions
from firstlight.journey.learn.reporting import newest
from firstlight.journey.response.selectors import Silence, who_does_not_answer

MOST_SILENT = 8


@dataclass(frozen=True, slots=True)
class Desk:
    """One person's day. A part that the person may not see is empty."""

    live: tuple[Session, ...]
    tasks: tuple[Shown, ...]
    urgent: int
    overdue: int
    visits: tuple[Visit, ...]
    ask_again: tuple[ToAsk, ...]
    silent: tuple[Silence, ...]
    words_unchecked: bool
    uncounted: tuple[Uncounted, ...]
    checked_at: datetime

    @property
    def in_the_chair(self) -> frozenset[UUID]:
        """The visits whose session is under way."""
        return frozenset(session.visit_id for session in self.live)


def desk_of(actor: Actor, clinic: Clinic, now: datetime) -> Desk:
    """Read the day of one member of staff."""
    tasks = tuple(open_tasks(actor)) if actor.may(Permission.TASKS) else ()
    today = now.astimezone(ZoneInfo(clinic.timezone)).date()
    visits = day(actor, today) if actor.may(Permission.VISITS_WRITE) else []
    return Desk(
        live=tuple(live_sessions(actor)),
        tasks=tuple(all_shown_to(actor, tasks)),
        urgent=sum(task.is_urgent for task in tasks),
        overdue=sum(task.acknowledged_at is None and task.acknowledge_by < now for task in tasks),
        visits=tuple(visit for visit in visits if visit.status != VisitStatus.CANCELLED),
        ask_again=tuple(asks_again(actor, visits, now)),
        silent=who_does_not_answer(actor, now)[:MOST_SILENT] if actor.may(Permission.ANSWERS_READ) else (),
        words_unchecked=actor.may(Permission.ASSESS) and newest(clinic) is None,
        uncounted=tuple(uncounted(actor, now)),
        checked_at=now,
    )
