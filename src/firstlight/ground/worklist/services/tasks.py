"""Tasks: opened with a clock, taken, handed over, finished."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django_scopes import scope

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import announce, record, write
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Membership, Parent
from firstlight.ground.people.permissions import ROLE_NAMES, Permission, Role, effective
from firstlight.ground.worklist.clearing import is_early, may_finish
from firstlight.ground.worklist.models import Task, TaskEvent, Urgency
from firstlight.ground.worklist.selectors import UNANSWERED, was_raised
from firstlight.ground.worklist.services.paging import everybody, first_asked, page

# How long a person to whom a task was handed over has to take it. Ours.
HAND_OVER_TIME = {
    Urgency.NOW: timedelta(minutes=15),
    Urgency.TODAY: timedelta(hours=4),
    Urgency.ROUTINE: timedelta(days=1),
}
Kind = TaskEvent.Kind
Clock = tuple[datetime, Sequence[int]]  # taken by, and after how many minutes the next people are paged


@write
def open_task(  # noqa: PLR0913 - a task is made of many facts, each named by the caller
    *,
    clinic_id: UUID,
    parent: Parent | None = None,
    kind: str,
    title: str,
    reason: str,
    role: str,
    owner: Membership | None = None,
    acknowledge_by: datetime,
    urgency: str,
    link_name: str = "",
    link_id: object = "",
    page_minutes: Sequence[int] = (),
    cleared_by: Sequence[str] = (),
    page_at: datetime | None = None,
    not_before_at: datetime | None = None,
    quiet: bool = False,
    by: Actor,
    at: datetime,
) -> Task:
    """Open a task. Urgency `now` pages its owner, or whoever answers now, at once.

    Nobody takes it by `acknowledge_by` (or after each of `page_minutes`): it goes to the next person. `quiet` never pages.
    `cleared_by`: the roles that may finish it; none named: whoever has tasks. `page_at`: when a task that is not urgent pages the
    first person, now or once somebody answers. `not_before_at`: who finishes it earlier says why.
    """
    task = Task.objects.create(
        clinic_id=clinic_id,
        parent=parent,
        kind=kind,
        title=title,
        reason=reason,
        role=Role(role),
        owner=owner,
        urgency=Urgency(urgency),
        opened_at=at,
        acknowledge_by=acknowledge_by,
        clock_began_at=at,
        page_minutes=list(page_minutes),
        not_before_at=not_before_at,
        escalates_at=None if quiet else first_escalation(at, acknowledge_by, page_minutes),
        link_name=link_name,
        link_id=str(link_id),
        cleared_by=[str(role) for role in cleared_by],
    )
    detail = {"kind": kind, "role": str(role), "urgency": str(urgency)}
    log(task, Kind.OPENED, by=by, at=at, detail=detail)
    if not quiet:
        page_first(task, page_at, by=by, at=at)
    record("task.opened", by=by, at=at, parent=task.parent_id, about=task, detail=detail)
    return task


@write
def acknowledge(*, task: Task, by: Actor, at: datetime, note: str = "") -> Task:
    """Take a task: its clock stops, and it is yours. Taking your own again changes nothing. Refused when another has it."""
    taker = _member(by)
    task = locked(task)
    if task.acknowledged_by_id == taker.id:
        return task
    if task.acknowledged_by:
        raise Refused(
            _("%(name)s has taken this already.") % {"name": task.acknowledged_by.public_name},
            field="task",
            value=task.id,
        )
    task.acknowledged_at, task.acknowledged_by, task.owner = at, taker, taker
    task.escalates_at = None
    task.save(update_fields=["acknowledged_at", "acknowledged_by", "owner", "escalates_at"])
    log(task, Kind.ACKNOWLEDGED, by=by, at=at, note=note)
    record("task.acknowledged", by=by, at=at, parent=task.parent_id, about=task)
    _silence(task, by=by, at=at)
    return task


@write
def hand_over(*, task: Task, to: Membership, by: Actor, at: datetime, note: str = "") -> Task:
    """Give a task to a colleague, who must take it in turn. One that is urgent, or is asked about until it is taken, pages her.

    A concern keeps the clock of its level: what nobody had taken runs on, what somebody had taken begins anew. What is not to be
    done yet keeps its dates, and its first page waits for them.
    """
    _member(by)
    task = locked(task)
    may_have_it = Permission.TASKS in effective(Role(to.role), to.denied)
    if to.clinic_id != task.clinic_id or not may_have_it or (to.until_at and to.until_at <= at):
        raise Refused(_("Choose somebody who works in this clinic now."), field="to", value=to.id)
    was_taken = task.acknowledged_at is not None
    task.owner, task.acknowledged_at, task.acknowledged_by = to, None, None
    _give_time(task, at, runs_on=not was_taken and task.acknowledge_by > at)
    task.save()
    detail = {"to": str(to.id)}
    log(task, Kind.HANDED_OVER, by=by, at=at, note=note, detail=detail)
    if task.urgency == Urgency.NOW or (task.pages_until_taken and task.first_page_at is None):
        tell_first(task, by=by, at=at)
    record("task.handed_over", by=by, at=at, parent=task.parent_id, about=task, detail=detail)
    return task


def _give_time(task: Task, at: datetime, *, runs_on: bool) -> None:
    """Set the clock of a task that goes to somebody else. `runs_on`: nobody had taken it, and its time has not passed."""
    if task.first_page_at is not None and is_early(task, at):
        task.escalates_at = task.first_page_at
        return
    clock: Clock | None = import_string(settings.FIRSTLIGHT_TASK_CLOCK)(task, at)
    if clock is None:
        restart_clock(task, at, at + HAND_OVER_TIME[Urgency(task.urgency)], ())
    elif runs_on:
        restart_clock(task, task.clock_began_at, task.acknowledge_by, clock[1])
        task.escalates_at = next_page(task, at) or task.acknowledge_by
    else:
        restart_clock(task, at, *clock)


def next_page(task: Task, at: datetime) -> datetime | None:
    """Return which of the times that a task names for its pages comes next; None when they are over, or it names none."""
    pages = (task.clock_began_at + timedelta(minutes=minutes) for minutes in task.page_minutes)
    return next((page_at for page_at in pages if page_at > at), None)


@write
def finish(*, task: Task, by: Actor, at: datetime, outcome: str, early_because: str = "") -> Task:
    """Close a task with what came of it. Who finishes a task that nobody took, takes it by that.

    Refused to whoever is of none of the roles that it names; before its time, to whoever does not say why.
    """
    if not outcome.strip():
        raise Refused(_("Write what came of it."), field="outcome", value=outcome)
    if task.parent_id:
        with scope(clinic=task.clinic_id):
            # An answer that joins this task comes before its end, or opens one of its own.
            one_at_a_time(task.parent_id)
    task = locked(task)
    if not may_finish(by, task):
        roles = ", ".join(str(ROLE_NAMES[Role(role)]) for role in task.cleared_by)
        said = _("To be cleared by: %(roles)s. You can take it, write a note and hand it over.") % {"roles": roles}
        raise Refused(said, field="by", value=by.role)
    early = early_because.strip() if is_early(task, at) else ""
    if is_early(task, at) and not early:
        raise Refused(_("Say why it is finished before its time."), field="early_because", value=early_because)
    if by.membership_id and not task.acknowledged_by_id:
        taker = _member(by)
        task.acknowledged_at, task.acknowledged_by, task.owner = at, taker, taker
    task.finished_at, task.outcome, task.escalates_at = at, outcome.strip(), None
    task.save()
    log(task, Kind.FINISHED, by=by, at=at, note=_("Before its time: %(why)s") % {"why": early} if early else "")
    record("task.finished", by=by, at=at, parent=task.parent_id, about=task, detail={"early": True} if early else {})
    _silence(task, by=by, at=at)
    announce("task.finished", task=task, by=by, at=at)
    return task


def _silence(task: Task, *, by: Actor, at: datetime) -> None:
    """End the alarm that nobody answers: somebody has the task now."""
    with scope(clinic=task.clinic_id):
        ringing = list(Task.objects.filter(kind=UNANSWERED, link_id=str(task.id), finished_at__isnull=True))
    for one in ringing:
        finish(task=one, by=by, at=at, outcome=_("Somebody has taken the task."))


def first_escalation(at: datetime, acknowledge_by: datetime, page_minutes: Sequence[int]) -> datetime:
    """Return when a task that nobody took is passed on first."""
    return at + timedelta(minutes=page_minutes[0]) if page_minutes else acknowledge_by


def page_first(task: Task, page_at: datetime | None, *, by: Actor, at: datetime) -> None:
    """Page the first person now, or have that wait until `page_at`; an urgent task never waits. No time: nobody is paged.

    A task with a time is paged about until somebody takes it.
    """
    if task.pages_until_taken != (page_at is not None):
        task.pages_until_taken = page_at is not None
        task.save(update_fields=["pages_until_taken"])
    if task.urgency == Urgency.NOW or (page_at is not None and page_at <= at):
        tell_first(task, by=by, at=at)
    elif page_at is not None:
        task.first_page_at = task.escalates_at = page_at
        task.save(update_fields=["first_page_at", "escalates_at"])


def tell_first(task: Task, *, by: Actor, at: datetime) -> None:
    """Page whom the first page goes to (see `first_asked`); everybody of the role when nobody answers now."""
    people = first_asked(task, at, raised=was_raised(task))
    if not people:
        people, task.for_everyone = everybody(task, at), True
        task.save(update_fields=["for_everyone"])
    number = log(task, Kind.PAGED, by=by, at=at, detail={"to": [str(person.id) for person in people]})
    page(task=task, people=people, number=number, by=by, at=at)


def log(
    task: Task, kind: TaskEvent.Kind, *, by: Actor, at: datetime, note: str = "", detail: dict[str, Any] | None = None
) -> int:
    """Add one event to a task; return its number."""
    with scope(clinic=task.clinic_id):
        number = TaskEvent.objects.filter(task=task).count() + 1
    TaskEvent.objects.create(
        clinic_id=task.clinic_id,
        task=task,
        sequence=number,
        kind=kind,
        at=at,
        by_id=by.membership_id,
        note=note,
        detail=detail or {},
    )
    return number


def restart_clock(task: Task, at: datetime, acknowledge_by: datetime, page_minutes: Sequence[int]) -> None:
    """Let the clock of a task begin again; nobody was asked yet."""
    task.clock_began_at, task.acknowledge_by, task.page_minutes = at, acknowledge_by, list(page_minutes)
    task.step, task.for_everyone, task.first_page_at = 0, False, None
    task.escalates_at = first_escalation(at, acknowledge_by, page_minutes)


def locked(task: Task) -> Task:
    """Return a task as it stands now, locked. Raises Refused for one that is finished."""
    current = still_open(task)
    if current is None:
        raise Refused(_("This task is finished already."), field="task", value=task.id)
    return current


def still_open(task: Task) -> Task | None:
    """Return a task as it stands now, locked; nothing when somebody has finished it since it was read."""
    with scope(clinic=task.clinic_id):
        found = Task.objects.select_for_update(of=("self",)).select_related("owner", "acknowledged_by", "parent")
        current = found.get(id=task.id)
    return None if current.finished_at else current


def open_about(*, parent: Parent, kind: str, link_id: object = None) -> Task | None:
    """Return the open task of a kind about a parent, locked, so that what comes joins it before anybody can finish it.

    Nothing where none is open, or it is finished this moment: then what comes opens its own. `link_id`: of one thing only.
    """
    with scope(clinic=parent.clinic_id):
        one_at_a_time(parent.id)
        found = Task.objects.filter(parent_id=parent.id, kind=kind, finished_at__isnull=True)
        if link_id is not None:
            found = found.filter(link_id=str(link_id))
        return next((task for one in found.order_by("opened_at", "id") if (task := still_open(one))), None)


def one_at_a_time(parent_id: UUID) -> None:
    """Let whatever is done about a parent come one after the other. Always before her tasks are locked, never after."""
    Parent.objects.select_for_update(no_key=True).get(id=parent_id)


def _member(by: Actor) -> Membership:
    if by.membership_id is None or not by.may(Permission.TASKS):
        raise Refused(_("Only staff with tasks can do this."), field="by", value=by.role)
    return Membership.objects.get(id=by.membership_id)
