"""Check-ins that are over without an answer, read narrowly for a chart. The caller has looked the parent up already."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import Http404

from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.models import Parent
from firstlight.ground.people.permissions import Permission
from firstlight.journey.response.models import CheckIn


@dataclass(frozen=True, slots=True)
class Gap:
    """A check-in that closed without being finished: when it opened, and what it asked."""

    question_set_id: UUID
    at: datetime
    instruments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Closed:
    """How many check-ins are over, and which of them came to no end. `extent`: from the first one to the last touched."""

    count: int
    gaps: tuple[Gap, ...]
    extent: tuple[datetime, datetime] | None

    @property
    def unanswered(self) -> tuple[int, int]:
        """Return how many closed without being finished, and how many are over in all."""
        return len(self.gaps), self.count


def closed_about(actor: Actor, parent: Parent, now: datetime) -> Closed:
    """Return the check-ins of a parent that are over: answered, or closed without an answer. At most one a day is asked."""
    own = actor.parent_id == parent.id
    if not (own or actor.may(Permission.ANSWERS_READ) or actor.role == "system"):
        raise Http404
    asked = CheckIn.objects.filter(parent=parent, due_at__lte=now).order_by("due_at")
    rows = list(
        asked.values_list(
            "question_set_id", "due_at", "expires_at", "question_set__completed_at", "question_set__instruments"
        )
    )
    missed = [row for row in rows if row[3] is None and row[2] <= now]
    touched = [completed_at or min(expires_at, now) for _set_id, _due_at, expires_at, completed_at, _names in rows]
    return Closed(
        count=sum(row[3] is not None for row in rows) + len(missed),
        gaps=tuple(Gap(set_id, due_at, tuple(names)) for set_id, due_at, _expires_at, _completed_at, names in missed),
        extent=(rows[0][1], max(touched)) if rows else None,
    )
