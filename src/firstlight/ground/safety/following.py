"""A concern that somebody has finished: by what it rested on is it followed up, and by which call?"""

from uuid import UUID

from django.db.models import Q

from firstlight.ground.people.models import Episode
from firstlight.ground.people.steps import ENDED
from firstlight.ground.safety.models import Concern
from firstlight.ground.safety.said import said_in_task
from firstlight.ground.worklist.models import Task, TaskEvent
from firstlight.ground.worklist.order import CONCERN

KIND, CONTACT = CONCERN, "contact-again"
AFTER = "after"  # in the event with which a call took in one more concern: the task of that concern


def followed(task: Task) -> Concern | None:
    """Return the strongest of what a finished concern's task still rests on, of equals the latest: its level says what follows.

    Nothing for another task, where nothing is left of it, and where care has ended.
    """
    if task.kind != KIND or task.parent_id is None or task.finished_at is None:
        return None
    states = Episode.objects.filter(parent_id=task.parent_id).order_by("-opened_at").values_list("state", flat=True)
    if states.first() in ENDED:
        return None
    strongest = max(said_in_task(task), key=lambda one: (one.concern.level, one.at), default=None)
    return strongest.concern if strongest else None


def call_after(task: Task) -> Task | None:
    """Return the call that a finished concern led to: its own, or the one that was open already and took it in."""
    calls = Task.objects.filter(parent=task.parent, kind=CONTACT)
    joined = TaskEvent.objects.filter(task__in=calls, kind=TaskEvent.Kind.JOINED)
    taken_in = [event.task_id for event in joined if event.detail.get(AFTER) == str(task.id)]
    return calls.filter(Q(link_id=str(task.id)) | Q(id__in=taken_in)).first()


def taken_in(call: Task) -> list[Task]:
    """Return the tasks of the concerns that a call took in while it was open, in the order in which they came."""
    events = TaskEvent.objects.filter(task=call, kind=TaskEvent.Kind.JOINED)
    ids = [event.detail[AFTER] for event in events if AFTER in event.detail]
    found = Task.objects.in_bulk(ids)
    return [found[key] for one in ids if (key := UUID(one)) in found]
