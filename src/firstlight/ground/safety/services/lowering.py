"""What a concern rests on was entered wrongly: said on the open task, which a person finishes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django_scopes import scope

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.models import Parent
from firstlight.ground.safety.ladder import ladder
from firstlight.ground.safety.models import Came, Concern
from firstlight.ground.safety.said import held_by_plan, held_by_task, said_in_task, said_to
from firstlight.ground.safety.services.concerns import raise_held_back, title_of, words_of
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
    *,
    parent: Parent,
    said_in: Collection[UUID],
    lowered: Sequence[Lowered],
    reason: str,
    by: Actor,
    at: datetime,
) -> list[Concern]:
    """Let answers that were entered wrongly count as what they are indeed. `said_in`: where they stand, by opaque ids.

    From then on the lower strength counts, in an open task and in the safety plan: the stronger answer, given indeed, pages
    again. A task that is open says so, with a headline of what is left, stays open, and its clock runs on; one that is finished
    stays as it is. An answer that was held back only because the plan or the open task seemed to know it pages now, in this
    transaction.
    """
    with scope(clinic=parent.clinic_id):
        worklist.one_at_a_time(parent.id)
        known = {one: _known(parent, one) for one in lowered}
        pairs = [(one, held) for one in lowered for held in _held(parent, said_in, one)]
        made = [_lower(held, one, reason, by, at) for one, held in pairs]
        for named in {held.task_id: held.task for _one, held in pairs}.values():
            if (task := worklist.still_open(named)) is None:
                continue
            _note(task, [one for one, held in pairs if held.task_id == task.id], reason, by, at)
        for one, before in known.items():
            _page_held_back(parent, one, before, by, at)
        return made


def _known(parent: Parent, lowered: Lowered) -> set[UUID]:
    """Return the answers to a question that paged nobody: the plan held them, or the open task had the same already."""
    held = [
        *held_by_plan(parent.id, source=lowered.source, asked=lowered.asked),
        *held_by_task(parent.id, source=lowered.source, asked=lowered.asked),
    ]
    return {one.concern.id for one in held}


def _page_held_back(parent: Parent, lowered: Lowered, before: Collection[UUID], by: Actor, at: datetime) -> None:
    """Raise the strongest answer that was known before the correction and is so no more, of equals the latest."""
    lost = set(before) - _known(parent, lowered)
    counted = [one for one in said_to(parent.id, source=lowered.source, asked=lowered.asked) if one.concern.id in lost]
    if not counted:
        return
    strongest = max(counted, key=lambda one: (one.concern.level, one.strength, one.at))
    why = _("It was taken as known. What it was taken from is corrected, so that it counts as new.")
    raise_held_back(held=strongest.concern, strength=strongest.strength, why=why, by=by, at=at)


def _held(parent: Parent, said_in: Collection[UUID], lowered: Lowered) -> list[Concern]:
    """Return what was said there to a question and counts as stronger than it is indeed."""
    said = said_to(parent.id, source=lowered.source, asked=lowered.asked)
    return [one.concern for one in said if one.concern.said_in in said_in and one.strength > lowered.strength]


def _note(task: Task, lowered: Sequence[Lowered], reason: str, by: Actor, at: datetime) -> None:
    detail = {"lowered": [one.asked for one in lowered]}
    worklist.note_on(task=task, note=reason, headline=_headline(task, reason), by=by, at=at, detail=detail)


def _headline(task: Task, reason: str) -> tuple[str, str]:
    """Return title and reason of a task by what it still rests on: the strongest of that, of equals the latest."""
    left = said_in_task(task)
    if not left:
        return _("Safety: entered wrongly, look and finish"), reason
    strongest = max(left, key=lambda one: (one.concern.level, one.at))
    concern = strongest.concern
    said = reason if strongest.corrected else concern.reason
    return title_of(ladder().levels[concern.level]), words_of(concern.level, said, concern.source)


def _lower(held: Concern, lowered: Lowered, reason: str, by: Actor, at: datetime) -> Concern:
    concern = Concern.objects.create(
        clinic_id=held.clinic_id,
        parent_id=held.parent_id,
        task=held.task,
        level=held.level,
        source=held.source,
        asked=held.asked,
        strength=lowered.strength,
        said_in=held.said_in,
        came=Came.LOWERED,
        reason=reason,
        at=at,
    )
    record("concern.lowered", by=by, at=at, parent=held.parent_id, about=concern, detail={"source": held.source})
    return concern
