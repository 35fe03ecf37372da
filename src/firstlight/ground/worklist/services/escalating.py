"""A task that nobody takes goes on: to the next on the roster, then to everybody, and at last it alarms in the clinic."""

from datetime import datetime, timedelta

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.models import Membership
from firstlight.ground.worklist.models import Task, TaskEvent, Urgency
from firstlight.ground.worklist.selectors import PAGE_FAILED, UNANSWERED, asked_of
from firstlight.ground.worklist.services.alarms import alarm
from firstlight.ground.worklist.services.paging import chain, everybody, on_duty, page
from firstlight.ground.worklist.services.tasks import first_escalation, locked, log, next_page, tell_first

# How long after one escalation the next one follows. Ours; the first ones may be named by the task itself.
ESCALATION_INTERVAL = {
    Urgency.NOW: timedelta(minutes=10),
    Urgency.TODAY: timedelta(hours=1),
    Urgency.ROUTINE: timedelta(days=1),
}
# Of a task that is paged about until somebody takes it: when everybody is asked again, while somebody answers. Ours.
EVERYBODY_AGAIN = {
    Urgency.NOW: timedelta(minutes=10),
    Urgency.TODAY: timedelta(hours=4),
    Urgency.ROUTINE: timedelta(days=1),
}
# While nobody answers it waits, looked at this often, and not longer than this after the last page. Ours.
LOOK_AGAIN, LONGEST_WAIT = timedelta(hours=1), timedelta(days=1)
Kind = TaskEvent.Kind


@write
def escalate(*, task: Task, by: Actor, at: datetime) -> Task:
    """Pass a task that nobody took to the next person, at last to everybody of its role and the administrators.

    One whose first page waited until somebody answers pages her now. One that everybody was asked about, and nobody took, asks
    them again and alarms in the clinic, if it is urgent or paged somebody when it was opened; others rest in the list.
    """
    task = locked(task)
    if task.acknowledged_at or task.escalates_at is None or task.escalates_at > at:
        return task
    if task.first_page_at is not None:
        return _page_first(task, by, at)
    if _waits(task, at):
        task.escalates_at = at + LOOK_AGAIN
        task.save(update_fields=["escalates_at"])
        return task
    asked_everybody, people = task.for_everyone, _next(task, at)
    if not people:
        people, task.for_everyone = everybody(task, at), True
    task.step += 1
    task.escalates_at = _next_escalation(task, at)
    task.save(update_fields=["step", "for_everyone", "escalates_at"])
    detail = {"step": task.step, "to": [str(person.id) for person in people]}
    number = log(task, Kind.ESCALATED, by=by, at=at, detail=detail)
    page(task=task, people=people, number=number, by=by, at=at)
    record("task.escalated", by=by, at=at, parent=task.parent_id, about=task, detail=detail)
    if _goes_on(task) and task.for_everyone and (asked_everybody or not people):
        alarm(clinic_id=task.clinic_id, kind=UNANSWERED, reason="", about=task, by=by, at=at)
    return task


@write
def page_failed(*, task: Task, reason: str, by: Actor, at: datetime) -> None:
    """Say in the clinic that a page went to nobody, and pass its task on at the next beat instead of at its next time."""
    alarm(clinic_id=task.clinic_id, kind=PAGE_FAILED, reason=reason, about=task, by=by, at=at)
    current = Task.objects.select_for_update().get(id=task.id)
    if current.acknowledged_at is None and current.finished_at is None and current.escalates_at is not None:
        current.escalates_at = min(current.escalates_at, at)
        current.save(update_fields=["escalates_at"])


def _page_first(task: Task, by: Actor, at: datetime) -> Task:
    task.first_page_at = None
    task.escalates_at = first_escalation(task.clock_began_at, task.acknowledge_by, task.page_minutes)
    task.save(update_fields=["first_page_at", "escalates_at"])
    tell_first(task, by=by, at=at)
    return task


def _next(task: Task, at: datetime) -> list[Membership]:
    """Return the next person who answers now and was not asked yet; nobody when all of them were.

    A task that pages nobody when it is opened is the first person's until its time has passed.
    """
    people, asked = chain(task, at), asked_of(task)
    if not asked:
        return people[1:2]
    return [person for person in people if person.id not in asked][:1]


def _goes_on(task: Task) -> bool:
    """Tell whether people are asked about a task until one of them takes it."""
    return task.urgency == Urgency.NOW or task.pages_until_taken


def _waits(task: Task, at: datetime) -> bool:
    """Tell whether a task that is not for this minute waits for the hours of the roster: everybody knows of it already."""
    if not task.for_everyone or task.urgency == Urgency.NOW or on_duty(task, at):
        return False
    pages = TaskEvent.objects.filter(task=task, kind__in=(Kind.PAGED, Kind.ESCALATED))
    return pages.filter(at__gt=at - LONGEST_WAIT).exists()


def _next_escalation(task: Task, at: datetime) -> datetime | None:
    if (named := next_page(task, at)) is not None:
        return named
    urgency = Urgency(task.urgency)
    if not task.for_everyone:
        return at + ESCALATION_INTERVAL[urgency]
    return at + EVERYBODY_AGAIN[urgency] if _goes_on(task) else None
