"""A concern that somebody has finished: by what it rested on is it followed up?"""

from firstlight.ground.people.models import Episode
from firstlight.ground.people.steps import ENDED
from firstlight.ground.safety.models import Concern
from firstlight.ground.safety.said import said_in_task
from firstlight.ground.worklist.models import Task

KIND, CONTACT = "concern", "contact-again"


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
