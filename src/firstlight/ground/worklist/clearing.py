"""Who may finish a task, and from when: anybody with tasks, or only the roles that the task names."""

from datetime import datetime

from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.models import Membership
from firstlight.ground.people.permissions import Permission, Role, effective
from firstlight.ground.people.selectors import staff_of
from firstlight.ground.worklist.models import Task


def clears(task: Task, role: str) -> bool:
    """Tell whether a task may be finished by people of a role."""
    return not task.cleared_by or role in task.cleared_by


def may_finish(actor: Actor, task: Task) -> bool:
    """Tell whether a task is this person's to finish. The system finishes none that names roles."""
    return not task.cleared_by or (clears(task, actor.role) and actor.may(Permission.TASKS))


def who_may_finish(task: Task, now: datetime) -> list[Membership]:
    """Return the people of the roles that a task names, as far as they work here now."""
    people = staff_of(task.clinic_id, now, tuple(Role(role) for role in task.cleared_by))
    return [person for person in people if Permission.TASKS in effective(Role(person.role), person.denied)]


def is_early(task: Task, now: datetime) -> bool:
    """Tell whether it is too early for what a task asks for."""
    return task.not_before_at is not None and now < task.not_before_at
