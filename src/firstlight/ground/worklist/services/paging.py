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
from firstlight.ground.worklist.models import Task
from firstlight.ground.worklist.services.outbox import absolute, send


def chain(task: Task, at: datetime) -> list[Membership]:
    """Return the people to ask one after the other: the owner, then who answers now, the task's own role first."""
    rostered: Sequence[Membership] = import_string(settings.FIRSTLIGHT_ROSTER)(task.clinic_id, at)
    ordered = sorted(rostered, key=lambda person: person.role != task.role)
    still_here = task.owner and (task.owner.until_at is None or task.owner.until_at > at)
    people = [task.owner] if task.owner and still_here else []
    for person in ordered:
        if person not in people and Permission.TASKS in effective(Role(person.role), person.denied):
            people.append(person)
    return people


def everybody(task: Task, at: datetime) -> list[Membership]:
    """Return everybody of the task's role, and the administrators."""
    return staff_of(task.clinic_id, at, tuple({Role(task.role), Role.ADMINISTRATOR}))


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
