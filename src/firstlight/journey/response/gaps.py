"""Check-ins that are over without an answer, read narrowly for a chart. The caller has looked the parent up already."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.http import Http404

from firstlight.clinical import instruments
from firstlight.clinical.instruments import Shown
from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.models import Parent
from firstlight.ground.people.permissions import Permission
from firstlight.journey.response.models import CheckIn
from firstlight.journey.screening.models import Answer
from firstlight.journey.screening.sets import SETS


@dataclass(frozen=True, slots=True)
class Gap:
    """A set that closed without being finished: when it opened, and what it asked.

    `short`: of some items it asked only one; `begun`: something of it was answered.
    """

    question_set_id: UUID
    at: datetime
    instruments: tuple[str, ...]
    short: bool
    begun: bool

    def asked(self, instrument: str, item: str) -> bool:
        """Tell whether it surely asked an item. Which one a short set would have asked of those to choose is not kept."""
        if instrument not in self.instruments:
            return False
        return not (self.short and instruments.instrument(instrument).item(item).shown is Shown.CHOICE)


@dataclass(frozen=True, slots=True)
class Closed:
    """How many sets are over, and which of them came to no end. `extent`: from the first one to the last touched."""

    count: int
    gaps: tuple[Gap, ...]
    extent: tuple[datetime, datetime] | None

    @property
    def unanswered(self) -> tuple[int, int]:
        """Return how many closed without being finished, and how many are over in all."""
        return len(self.gaps), self.count


@dataclass(frozen=True, slots=True)
class _Opened:
    question_set_id: UUID
    opened_at: datetime
    expires_at: datetime
    completed_at: datetime | None
    set_name: str
    instruments: tuple[str, ...]
    begun: bool


def closed_about(actor: Actor, parent: Parent, now: datetime) -> Closed:
    """Return the sets of check-ins that are over: answered, or closed without an answer. At most one a day is asked."""
    own = actor.parent_id == parent.id
    if not (own or actor.may(Permission.ANSWERS_READ) or actor.role == "system"):
        raise Http404
    opened = _opened(parent, now)
    missed = [one for one in opened if one.completed_at is None and one.expires_at <= now]
    touched = [one.completed_at or min(one.expires_at, now) for one in opened]
    return Closed(
        count=sum(one.completed_at is not None for one in opened) + len(missed),
        gaps=tuple(_gap(one) for one in missed),
        extent=(opened[0].opened_at, max(touched)) if opened else None,
    )


def _opened(parent: Parent, now: datetime) -> list[_Opened]:
    """Return each set once, though several check-ins opened as it; what was taken back before anybody began is left out."""
    found = CheckIn.objects.filter(parent=parent, opened_at__lte=now, ended_at=None).order_by("opened_at")
    begun = Answer.objects.filter(question_set=OuterRef("question_set"))
    rows = found.annotate(begun=Exists(begun.order_by())).values_list(
        "question_set_id",
        "opened_at",
        "expires_at",
        "question_set__completed_at",
        "question_set__set_name",
        "question_set__instruments",
        "begun",
    )
    by_set = {
        set_id: _Opened(set_id, opened_at, expires_at, completed_at, set_name, tuple(names), begun)
        for set_id, opened_at, expires_at, completed_at, set_name, names, begun in rows
        if opened_at is not None and expires_at is not None
    }
    return list(by_set.values())


def _gap(one: _Opened) -> Gap:
    plan = SETS.get(one.set_name)
    return Gap(one.question_set_id, one.opened_at, one.instruments, plan is not None and plan.short, one.begun)
