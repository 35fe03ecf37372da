"""Check-ins as they stand: a parent's own that are open or come next, one parent's for the clinic."""

from datetime import datetime
from uuid import UUID

from django.http import Http404

from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.models import Parent
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.selectors import parent_for
from firstlight.ground.worklist.models import Task
from firstlight.journey.response.models import CheckIn
from firstlight.journey.response.selectors.stopping import opening

LOOKING = "response"  # the kind of the task about a parent who is worse or not on track


def due_check_ins(actor: Actor, now: datetime) -> list[CheckIn]:
    """Return a parent's own check-ins that are open and not finished, first due in front."""
    if actor.parent_id is None:
        raise Http404
    found = CheckIn.objects.filter(parent_id=actor.parent_id, question_set__completed_at=None, ended_at=None)
    return list(found.filter(opened_at__lte=now, expires_at__gt=now).select_related("question_set"))


def coming_check_ins(actor: Actor, now: datetime) -> list[CheckIn]:
    """Return a parent's own check-ins that open later, the next in front."""
    if actor.parent_id is None:
        raise Http404
    found = CheckIn.objects.filter(parent_id=actor.parent_id, question_set=None, ended_at=None, open_by__gt=now)
    return opening(found.select_related("episode").order_by("due_at"))


def looked_at(parent: Parent) -> Task | None:
    """Return the open task in which somebody looks at how a parent has been; its words are the clinic's, not hers.

    Whoever asks has looked the parent up.
    """
    found = Task.objects.filter(parent=parent, kind=LOOKING, finished_at=None).select_related("acknowledged_by")
    return found.order_by("acknowledge_by").first()


def check_ins_of(actor: Actor, parent_id: UUID) -> list[CheckIn]:
    """Return every check-in of a parent whose answers the actor may read, the first due in front."""
    return check_ins_about(actor, parent_for(actor, parent_id))


def check_ins_about(actor: Actor, parent: Parent) -> list[CheckIn]:
    """Return the same of a parent whom the caller has looked up already."""
    if not (actor.may(Permission.ANSWERS_READ) or actor.role == "system"):
        raise Http404
    return list(
        CheckIn.objects.filter(parent=parent).select_related("question_set", "session", "episode", "not_asked__by")
    )


def check_in_for(actor: Actor, parent_id: UUID, check_in_id: UUID) -> CheckIn:
    """Return one check-in of a parent for staff who may read her answers; unknown and another's look alike."""
    parent_for(actor, parent_id)
    found = CheckIn.objects.filter(id=check_in_id, parent_id=parent_id)
    check_in = found.select_related("parent__clinic", "question_set", "session", "episode", "not_asked__by").first()
    if check_in is None or not actor.may(Permission.ANSWERS_READ):
        raise Http404
    return check_in
