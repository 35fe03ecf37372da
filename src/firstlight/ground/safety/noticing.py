"""What became of an answer that asks for help, as the parent who gave it may be told: by the clock of its own task."""

from datetime import datetime

from firstlight.ground.people.models import Membership, Parent
from firstlight.ground.safety.ladder import Clock, ladder
from firstlight.ground.safety.models import Concern
from firstlight.ground.safety.selectors import (
    WatchNotice,
    open_concern,
    shifts,
    slots_of,
    soon,
    there_until,
    watch_notice,
)
from firstlight.ground.worklist.models import Task
from firstlight.ground.worklist.selectors import asked_of

CLOSED = "closed"
HER_OWN = "screening:"  # the sources of concerns that rest on answers; what staff saw or entered is theirs to speak of


def open_answer(parent: Parent) -> Concern | None:
    """Return the strongest concern that rests on an answer and is not finished. Whoever asks has looked the parent up."""
    found = open_concern(parent.id)
    return found if found is not None and found.source.startswith(HER_OWN) else None


def concern_notice(parent: Parent, now: datetime) -> WatchNotice:
    """Tell who reads the answer of a parent that asked for help, and by when: what her task's clock and the roster give.

    Where nothing may be promised, nobody is watching, whatever the clock says.
    """
    concern = open_answer(parent)
    if concern is None:
        return WatchNotice(CLOSED)
    task, general = concern.task, watch_notice(parent.clinic, now)
    if task.acknowledged_by is not None:
        return WatchNotice("taken", task.acknowledged_by.role, task.acknowledged_at, only_role=True)
    if not general.watched:
        return general
    if task.acknowledge_by <= now:
        return WatchNotice("late", until=task.acknowledge_by)
    return _promised(task, concern, now)


def _promised(task: Task, concern: Concern, now: datetime) -> WatchNotice:
    slots = slots_of(task.clinic_id, now)
    on_duty = shifts(slots, now, task.acknowledge_by)
    at_once = ladder().levels[concern.level].clock is Clock.AT_ONCE
    if at_once and not on_duty:
        return WatchNotice("called", until=task.acknowledge_by)
    roles = {shift.member.role for shift in on_duty} | _asked(task)
    who = on_duty[0].member.role if on_duty else ""
    return WatchNotice(
        soon(slots, now, task.acknowledge_by),
        who,
        task.acknowledge_by,
        only_role=len(roles) == 1,
        there_until=there_until(slots, now, task.acknowledge_by),
    )


def _asked(task: Task) -> set[str]:
    """Return the roles of those who were paged, and of the owner, who is paged with whoever is first."""
    people = asked_of(task) | ({task.owner_id} if task.owner_id else set())
    return set(Membership.objects.filter(id__in=people, clinic_id=task.clinic_id).values_list("role", flat=True))
