"""The clock of a concern: by when somebody has taken it, and when somebody is paged."""

from datetime import datetime, timedelta
from uuid import UUID

from firstlight.ground.safety.following import KIND
from firstlight.ground.safety.ladder import Clock, Level, Pages, ladder
from firstlight.ground.safety.models import Concern
from firstlight.ground.safety.selectors import covered
from firstlight.ground.worklist.models import Task


def take_by(level: Level, clinic_id: UUID, at: datetime) -> datetime:
    """Return when somebody must have taken a concern of this level. With no roster at all, the clock runs at once."""
    if level.clock == Clock.COVERED and (reads := covered(clinic_id, at, level.acknowledge_minutes)):
        return reads[0]
    return at + timedelta(minutes=level.acknowledge_minutes)


def page_at(level: Level, clinic_id: UUID, at: datetime) -> datetime | None:
    """Return when the first person is paged: now, as soon as somebody answers, or never. With no roster at all: now."""
    if level.pages == Pages.NEVER:
        return None
    begins = covered(clinic_id, at, 0) if level.pages == Pages.COVERED else None
    return begins[0] if begins else at


def clock_of(task: Task, at: datetime) -> tuple[datetime, tuple[int, ...]] | None:
    """Return the clock of a concern's task that begins now, by its level: by when it is taken, and its page minutes.

    Nothing for another task. The level is the highest that stands on it, as for the task's own words.
    """
    if task.kind != KIND:
        return None
    standing = Concern.objects.filter(task=task).order_by("-level").values_list("level", flat=True).first()
    level = ladder().levels[standing] if standing else None
    return (take_by(level, task.clinic_id, at), level.page_minutes) if level else None
