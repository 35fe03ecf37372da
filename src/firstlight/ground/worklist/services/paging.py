"""Who is told about a task, and in which order: its owner, then the roster, at last everybody of the role."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string

from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.models import Membership
from firstlight.ground.people.permissions import Permission, Role, effective
from firstlight.ground.people.selectors import staff_of
from firstlight.ground.worklist.clearing import clears
from firstlight.ground.worklist.models import Task
from firstlight.ground.worklist.services.outbox import absolute, send


def chain(task: Task, at: datetime) -> list[Membership]:
    """Return the people to ask one after the other: the owner, then who answers now (see `on_duty`)."""
    owner = _owner(task, at)
    return [*([owner] if owner else []), *(person for person in on_duty(task, at) if person != owner)]


def on_duty(task: Task, at: datetime) -> list[Membership]:
    """Return who is on the roster now: first whoever may finish the task, of those the task's own role."""
    rostered: Sequence[Membership] = import_string(settings.FIRSTLIGHT_ROSTER)(task.clinic_id, at)
    able = [person for person in rostered if _takes_tasks(person, at)]
    return sorted(able, key=lambda person: (not clears(task, person.role), person.role != task.role))


def first_asked(task: Task, at: datetime, *, raised: bool) -> list[Membership]:
    """Return whom the first page of a clock goes to; nobody when nobody answers now.

    `raised`: something new or stronger came to a task that was there. Where it names who may finish it, its owner may have gone
    home, or may not finish it any more: she counts alone only when she is on the roster now and may; else whoever answers now is
    asked as well, before her. The owner of another task is there: the nurse at the chair, say.
    """
    owner, answers = _owner(task, at), on_duty(task, at)
    if owner is None or not raised or not task.cleared_by:
        return chain(task, at)[:1]
    if owner in answers and clears(task, owner.role):
        return [owner]
    others = [person for person in answers if person != owner][:1]
    return [*others, owner] if others else []


def everybody(task: Task, at: datetime) -> list[Membership]:
    """Return everybody of the task's role, the administrators, and the owner, as far as they may take tasks."""
    found, owner = staff_of(task.clinic_id, at, tuple({Role(task.role), Role.ADMINISTRATOR})), _owner(task, at)
    people = [person for person in found if _takes_tasks(person, at)]
    return people if owner is None or owner in people else [*people, owner]


def page(*, task: Task, people: Sequence[Membership], number: int, by: Actor, at: datetime) -> None:
    """Write a page to each of these people. It says that a task waits, and where: nothing of what it is about."""
    for person in people:
        send(
            clinic_id=task.clinic_id,
            to=person.account.email,
            template="worklist/messages/page.txt",
            context={"link": absolute(reverse("worklist:tasks"))},
            key=f"page:{task.id}:{number}:{person.id}",
            task=task,
            urgent=True,
            by=by,
            at=at,
        )


def _owner(task: Task, at: datetime) -> Membership | None:
    return task.owner if task.owner and _takes_tasks(task.owner, at) else None


def _takes_tasks(person: Membership, at: datetime) -> bool:
    """Tell whether somebody works here and may take tasks."""
    works = person.until_at is None or person.until_at > at
    return works and Permission.TASKS in effective(Role(person.role), person.denied)
