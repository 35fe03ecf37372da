"""A concern is raised while a dose is given or its effect is watched: whoever is at the chair hears of it."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django_scopes import scope

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import write
from firstlight.ground.people.permissions import Role
from firstlight.ground.safety.following import KIND as CONCERN
from firstlight.ground.safety.ladder import Pages, ladder
from firstlight.ground.safety.models import Concern
from firstlight.ground.safety.selectors import open_concern
from firstlight.ground.worklist.models import Task, Urgency
from firstlight.ground.worklist.services import finish, open_about, open_task, raise_again
from firstlight.journey.dosing.models import Session
from firstlight.journey.dosing.services.calling_off import IN_THE_CHAIR

KIND = "at-the-chair"
SAID_AT_THE_CHAIR = "session:"


@write
def tell_the_chair(*, concern: Concern, by: Actor, at: datetime) -> Task | None:
    """Open the task at the chair, or raise the one that is open. Nothing for what was charted there, or what pages nobody.

    The session goes on: whoever is there decides, charts, and can stop the infusion. Follows concern.raised.
    """
    if concern.source.startswith(SAID_AT_THE_CHAIR) or ladder().levels[concern.level].pages == Pages.NEVER:
        return None
    sessions = Session.objects.filter(parent_id=concern.parent_id, state__in=IN_THE_CHAIR)
    session = sessions.select_related("nurse", "parent").first()
    if session is None:
        return None
    asks: dict[str, Any] = {
        "title": _("Safety: look at the session now"),
        "reason": _("While the session runs: %(reason)s") % {"reason": concern.reason},
        "role": Role.NURSE,
        "acknowledge_by": at + timedelta(minutes=ladder().chair_minutes),
        "urgency": Urgency.NOW,
        "by": by,
        "at": at,
    }
    standing = open_about(parent=session.parent, kind=KIND, link_id=session.id)
    if standing is not None:
        return raise_again(task=standing, **asks)
    return open_task(
        clinic_id=session.clinic_id,
        parent=session.parent,
        kind=KIND,
        owner=session.nurse,
        link_name="dosing:session",
        link_id=session.id,
        **asks,
    )


@write
def clear_the_chair(*, task: Task, by: Actor, at: datetime) -> list[Task]:
    """Close the task at the chair with the concern that it was opened for, unless another one is open. Follows task.finished."""
    if task.kind != CONCERN or task.parent_id is None:
        return []
    with scope(clinic=task.clinic_id):
        if open_concern(task.parent_id) is not None:
            return []
        standing = list(Task.objects.filter(parent_id=task.parent_id, kind=KIND, finished_at__isnull=True))
        return [finish(task=one, by=by, at=at, outcome=_("The concern was cleared.")) for one in standing]
