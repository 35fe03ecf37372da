"""What happened to a task, and whom each page went to."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.models import Membership
from firstlight.ground.people.permissions import ROLE_NAMES, Role
from firstlight.ground.worklist.models import Task, TaskEvent
from firstlight.ground.worklist.selectors import events_of


@dataclass(frozen=True, slots=True)
class Step:
    """One event of a task, and whom it went to, by name and role: who was paged, or has it now."""

    event: TaskEvent
    to: tuple[str, ...]


def steps_of(actor: Actor, task: Task) -> list[Step]:
    """Return what happened to a task, in order, with the people whom each page went to. For staff: a parent reaches no task."""
    events = events_of(actor, task)
    told = {event.id: _told(event) for event in events}
    people = Membership.objects.filter(clinic_id=task.clinic_id).in_bulk({one for ids in told.values() for one in ids})
    return [Step(event, tuple(_named(people[one]) for one in told[event.id] if one in people)) for event in events]


def _named(person: Membership) -> str:
    return _("%(name)s (%(role)s)") % {"name": person.public_name, "role": ROLE_NAMES[Role(person.role)]}


def _told(event: TaskEvent) -> list[UUID]:
    to = event.detail.get("to", ())
    return [UUID(one) for one in ([to] if isinstance(to, str) else to)]
