"""A concern becomes somebody's task in the same transaction as the answer that raised it."""

from datetime import datetime, timedelta

from django.conf import settings
from django_scopes import scope

from firstlight.clinical.evidence import text
from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.models import Parent
from firstlight.ground.safety.ladder import Clock, Level, ladder
from firstlight.ground.safety.models import Concern
from firstlight.ground.safety.selectors import covered, open_concern
from firstlight.ground.worklist import services as worklist
from firstlight.ground.worklist.models import Task

KIND = "concern"


@write
def raise_concern(
    *,
    parent: Parent,
    level: str,
    source: str,
    reason: str,
    by: Actor,
    at: datetime,
    link_name: str = "",
    link_id: object = "",
) -> Task:
    """Make sure that somebody has a task with a clock for this concern.

    The same again (source and reason known, level not higher) joins the open task and pages nobody. Anything new or stronger
    starts the clock again and pages again, also when somebody had taken the task. Raises KeyError for an unknown level.
    """
    rung = ladder().levels[level]
    with scope(clinic=parent.clinic_id):
        Parent.objects.select_for_update().get(id=parent.id)  # one concern about one parent at a time
        standing = open_concern(parent.id)
        known = standing and Concern.objects.filter(task=standing.task, source=source)
        unchanged = known and any(one.reason == reason for one in known)
        if standing is None:
            task = _open(rung, parent, reason, link_name, link_id, by, at)
        elif ladder().stronger(level, standing.level) or not unchanged:
            stronger = ladder().levels[max(level, standing.level)]
            task = _raise(stronger, standing.task, reason, by, at)
        else:
            task = worklist.join(task=standing.task, by=by, at=at, detail={"level": level, "source": source})
        concern = Concern.objects.create(
            clinic_id=parent.clinic_id, parent=parent, task=task, level=level, source=source, reason=reason, at=at
        )
    record("concern.raised", by=by, at=at, parent=parent.id, about=concern, detail={"level": level, "source": source})
    return task


def take_by(level: Level, parent: Parent, at: datetime) -> datetime:
    """Return when somebody must have taken a concern of this level. With no roster at all, the clock runs at once."""
    if level.clock == Clock.COVERED and (reads := covered(parent.clinic_id, at, level.acknowledge_minutes)):
        return reads[0]
    return at + timedelta(minutes=level.acknowledge_minutes)


def _open(level: Level, parent: Parent, reason: str, link_name: str, link_id: object, by: Actor, at: datetime) -> Task:
    return worklist.open_task(
        clinic_id=parent.clinic_id,
        parent=parent,
        kind=KIND,
        title=_title(level),
        reason=_words(level, reason),
        role=level.role,
        acknowledge_by=take_by(level, parent, at),
        urgency=level.urgency,
        page_minutes=level.page_minutes,
        link_name=link_name,
        link_id=link_id,
        by=by,
        at=at,
    )


def _raise(level: Level, task: Task, reason: str, by: Actor, at: datetime) -> Task:
    parent = task.parent
    if parent is None:
        raise ValueError("A concern's task is about a parent.")
    return worklist.raise_again(
        task=task,
        title=_title(level),
        reason=_words(level, reason),
        role=level.role,
        acknowledge_by=take_by(level, parent, at),
        urgency=level.urgency,
        page_minutes=level.page_minutes,
        by=by,
        at=at,
    )


def _title(level: Level) -> str:
    """Return the title in the clinic's language: the answer that raised the concern may have been given in another."""
    return text(level.title_words, settings.LANGUAGE_CODE)


def _words(level: Level, reason: str) -> str:
    return f"{reason}\n{text(level.does_words, settings.LANGUAGE_CODE)}"
