"""What was raised about a parent since the infusion began, as the live session shows it above everything else."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from firstlight.clinical.instruments import instruments
from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.permissions import Permission
from firstlight.ground.safety.ladder import Pages, ladder
from firstlight.ground.safety.models import Concern
from firstlight.ground.safety.selectors import open_concerns_since
from firstlight.journey.dosing.models import Session


@dataclass(frozen=True, slots=True)
class Raised:
    """One concern: what its level asks for, and for whoever may read answers what was said and by which rule it counts."""

    title: str
    does: str
    urgent: bool
    at: datetime
    task_id: UUID
    said: str
    rule: str
    note: str


def raised_in(session: Session, actor: Actor) -> list[Raised]:
    """Return what was raised since the start and is not finished, the strongest first. Low risk waits for the list."""
    if session.started_at is None or not session.live:
        return []
    found = [one for one in open_concerns_since(session.parent_id, session.started_at) if _pages(one)]
    ordered = sorted(found, key=lambda one: one.level, reverse=True)
    return [_raised(one, may_read=actor.may(Permission.ANSWERS_READ)) for one in ordered]


def _pages(concern: Concern) -> bool:
    return ladder().levels[concern.level].pages != Pages.NEVER


def _raised(concern: Concern, *, may_read: bool) -> Raised:
    level, rule = ladder().levels[concern.level], concern.source.partition(":")[2] or concern.source
    return Raised(
        title=level.title,
        does=level.does,
        urgent=level.pages == Pages.AT_ONCE,
        at=concern.at,
        task_id=concern.task_id,
        said=concern.reason if may_read else "",
        rule=rule if may_read else "",
        note=_notes().get(rule, "") if may_read else "",
    )


def _notes() -> dict[str, str]:
    return {rule.rule: rule.note for definition in instruments().values() for rule in definition.safety}
