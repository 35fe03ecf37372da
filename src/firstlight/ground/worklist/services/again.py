"""The same thing comes again to an open task: it joins, is noted, or is raised with its clock from the start."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.permissions import Role
from firstlight.ground.worklist.models import Task, TaskEvent, Urgency
from firstlight.ground.worklist.services.tasks import locked, log, page_first, restart_clock

Kind = TaskEvent.Kind
_ABOUT = "put_first"  # what a note says of, where its words were put above the reason


@write
def join(*, task: Task, by: Actor, at: datetime, note: str = "", detail: dict[str, Any] | None = None) -> Task:
    """Note on an open task that the same thing came again. Nobody is paged again."""
    task = locked(task)
    log(task, Kind.JOINED, by=by, at=at, note=note, detail=detail)
    record("task.joined", by=by, at=at, parent=task.parent_id, about=task, detail=detail)
    return task


@write
def join_dated(
    *,
    task: Task,
    title: str,
    reason: str,
    not_before_at: datetime,
    acknowledge_by: datetime,
    page_at: datetime,
    note: str,
    by: Actor,
    at: datetime,
    detail: dict[str, Any],
) -> Task:
    """Let one open task with a date do for what came again, between the times that hold for both. Its past stays in events.

    Who has taken it keeps it; where nobody has, the first person is paged at `page_at`.
    """
    task = locked(task)
    before = {"not_before_at": task.not_before_at, "acknowledge_by": task.acknowledge_by}
    moments = {key: moment.isoformat() if moment else "" for key, moment in before.items()}
    task.title, task.reason = title, reason
    task.not_before_at, task.acknowledge_by = not_before_at, acknowledge_by
    if task.acknowledged_at is None:
        restart_clock(task, at, acknowledge_by, ())
    task.save()
    log(task, Kind.JOINED, by=by, at=at, note=note, detail={**detail, "before": moments})
    if task.acknowledged_at is None:
        page_first(task, page_at, by=by, at=at)
    record("task.joined", by=by, at=at, parent=task.parent_id, about=task, detail=detail)
    return task


@write
def note_on(
    *,
    task: Task,
    note: str,
    headline: tuple[str, str] | None = None,
    by: Actor,
    at: datetime,
    detail: dict[str, Any] | None = None,
) -> Task:
    """Write a note on an open task. Its clock runs on, and nobody is paged.

    `headline`: title and reason from now on, because the ones before were wrong; they stay in the note.
    """
    task = locked(task)
    if headline is not None and headline != (task.title, task.reason):
        note = "\n".join([note, _("It said before: %(title)s.") % {"title": task.title}, task.reason])
        task.title, task.reason = headline
        task.save(update_fields=["title", "reason"])
    log(task, Kind.NOTED, by=by, at=at, note=note, detail=detail)
    record("task.noted", by=by, at=at, parent=task.parent_id, about=task, detail=detail)
    return task


@write
def put_first(*, task: Task, line: str, about: str, by: Actor, at: datetime) -> Task:
    """Put what holds now above the reason of an open task, in the place of what was put there about the same thing.

    Each such line stays as a note with its time; one that stands there already is not written again. Its clock runs on, and
    nobody is paged.
    """
    task = locked(task)
    stands = task.reason.split("\n")
    if line in stands:
        return task
    outdated = _put_before(task, about)
    task.reason = "\n".join([line, *(one for one in stands if one not in outdated)])
    task.save(update_fields=["reason"])
    log(task, Kind.NOTED, by=by, at=at, note=line, detail={_ABOUT: about})
    record("task.noted", by=by, at=at, parent=task.parent_id, about=task, detail={_ABOUT: about})
    return task


def _put_before(task: Task, about: str | None = None) -> set[str]:
    """Return the lines that were put above a task's reason, about one thing or all; each is a note of its own."""
    notes = TaskEvent.objects.filter(task=task, kind=Kind.NOTED)
    return {one.note for one in notes if _ABOUT in one.detail and about in {None, one.detail[_ABOUT]}}


@write
def raise_again(
    *,
    task: Task,
    title: str,
    reason: str,
    role: str,
    acknowledge_by: datetime,
    urgency: str,
    page_minutes: Sequence[int] = (),
    cleared_by: Sequence[str] = (),
    page_at: datetime | None = None,
    by: Actor,
    at: datetime,
) -> Task:
    """Say that something new or stronger came: the clock starts again, and people are paged again. The past stays in events.

    What it said before stays in the event, where it said something else. `page_at`: as for a new task.
    """
    task = locked(task)
    before = {"urgency": task.urgency, "role": task.role, "acknowledged_by": str(task.acknowledged_by_id or "")}
    noted = _put_before(task)
    earlier = "\n".join([task.title, *(line for line in task.reason.split("\n") if line not in noted)])
    earlier = "" if earlier == f"{title}\n{reason}" else earlier
    task.title, task.reason, task.role, task.urgency = title, reason, Role(role), Urgency(urgency)
    task.acknowledged_at = task.acknowledged_by = None
    task.cleared_by = [str(role) for role in cleared_by]
    restart_clock(task, at, acknowledge_by, page_minutes)
    task.save()
    log(task, Kind.RAISED, by=by, at=at, note=earlier, detail={"before": before})
    page_first(task, page_at, by=by, at=at)
    record("task.raised", by=by, at=at, parent=task.parent_id, about=task, detail={"urgency": str(urgency)})
    return task
