"""Alarms inside the clinic: something of the machinery failed, or nobody answers. They page nobody."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django_scopes import scope

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import write
from firstlight.ground.people.permissions import Role
from firstlight.ground.worklist.models import Task, Urgency
from firstlight.ground.worklist.selectors import ALARMS
from firstlight.ground.worklist.services.again import join
from firstlight.ground.worklist.services.tasks import open_task, still_open


@write
def alarm(*, clinic_id: UUID, kind: str, reason: str, by: Actor, at: datetime, about: Task | None = None) -> Task:
    """Raise the alarm inside the clinic, or join the one that is open. It pages nobody: paging is what may be broken.

    `about`: the task that an alarm speaks of. Each task has its own, which rings again when the same comes after somebody
    took the alarm and not the task. It says nothing of what the task is about.
    """
    link_id = str(about.id) if about else ""
    with scope(clinic=clinic_id), translation.override(settings.LANGUAGE_CODE):
        title = str(ALARMS[kind])
        standing = (
            Task.objects.filter(kind=kind, link_id=link_id, finished_at__isnull=True).order_by("-opened_at").first()
        )
    standing = still_open(standing) if standing else None
    if standing and not (about and standing.acknowledged_at):
        return join(task=standing, by=by, at=at, note=reason)
    return open_task(
        clinic_id=clinic_id,
        kind=kind,
        title=title,
        reason=reason,
        role=Role.ADMINISTRATOR,
        acknowledge_by=at,
        urgency=Urgency.NOW,
        quiet=True,
        link_name="worklist:task" if about else "",
        link_id=link_id,
        by=by,
        at=at,
    )
