"""An answer that a concern rests on was changed by whoever gave it: said on the open task, which stays as it is."""

from datetime import datetime
from uuid import UUID

from django_scopes import scope

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import write
from firstlight.ground.people.models import Parent
from firstlight.ground.safety.models import Concern
from firstlight.ground.worklist import services as worklist
from firstlight.ground.worklist.models import Task


@write
def note_changed(*, parent: Parent, said_in: UUID, asked: str, note: str, by: Actor, at: datetime) -> list[Task]:
    """Say first on each open task that rests on this answer what it was changed to last. Return those tasks.

    Each change stays in the task's history. Nothing is lowered by it: the first answer may have been the true one. Clock and
    owner stay as they are.
    """
    with scope(clinic=parent.clinic_id):
        worklist.one_at_a_time(parent.id)
        rests = Concern.objects.filter(parent=parent, said_in=said_in, asked=asked, task__finished_at__isnull=True)
        tasks = {one.task_id: one.task for one in rests.select_related("task")}
        still_open = [task for one in tasks.values() if (task := worklist.still_open(one)) is not None]
        return [worklist.put_first(task=task, line=note, about=asked, by=by, at=at) for task in still_open]
