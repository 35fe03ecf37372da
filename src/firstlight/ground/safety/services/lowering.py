"""What a concern rests on was entered wrongly: said on the open task, which a person finishes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django_scopes import scope

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.models import Parent
from firstlight.ground.safety.models import Came, Concern
from firstlight.ground.worklist import services as worklist
from firstlight.ground.worklist.models import Task


@dataclass(frozen=True, slots=True)
class Lowered:
    """One answer that was entered too strongly: by which rule and question it is known, and what it says indeed.

    `strength` 0: it asks for no help at all.
    """

    source: str
    asked: str
    strength: int


@write
def lower_concerns(
    *, parent: Parent, lowered: Sequence[Lowered], reason: str, by: Actor, at: datetime
) -> list[Concern]:
    """Note on the open task that answers which it rests on were entered wrongly. It stays open, and its clock runs on.

    From then on the lower strength counts as known: the stronger answer, given indeed, pages again. What no open task holds
    changes nothing.
    """
    with scope(clinic=parent.clinic_id):
        Parent.objects.select_for_update().get(id=parent.id)  # one concern about one parent at a time
        pairs = [(one, held) for one in lowered if (held := _held(parent, one)) is not None]
        for task in {held.task_id: held.task for _one, held in pairs}.values():
            _note(task, [one for one, held in pairs if held.task_id == task.id], reason, by, at)
        return [_lower(held, one, reason, by, at) for one, held in pairs]


def _held(parent: Parent, lowered: Lowered) -> Concern | None:
    """Return what an open task holds of a question, when it is stronger than what was said indeed."""
    held = Concern.objects.filter(
        parent=parent, source=lowered.source, asked=lowered.asked, task__finished_at__isnull=True
    )
    last = held.select_related("task", "parent").order_by("-at", "-strength").first()
    return last if last is not None and last.strength > lowered.strength else None


def _note(task: Task, lowered: Sequence[Lowered], reason: str, by: Actor, at: datetime) -> None:
    detail = {"lowered": [one.asked for one in lowered]}
    worklist.note_on(task=task, note=reason, by=by, at=at, detail=detail)


def _lower(held: Concern, lowered: Lowered, reason: str, by: Actor, at: datetime) -> Concern:
    concern = Concern.objects.create(
        clinic_id=held.clinic_id,
        parent=held.parent,
        task=held.task,
        level=held.level,
        source=held.source,
        asked=held.asked,
        strength=lowered.strength,
        came=Came.LOWERED,
        reason=reason,
        at=at,
    )
    record("concern.lowered", by=by, at=at, parent=held.parent_id, about=concern, detail={"source": held.source})
    return concern
