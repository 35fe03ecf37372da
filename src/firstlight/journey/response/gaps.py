"""Check-ins that are over without an answer, read narrowly for a chart. The caller has looked the parent up already."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, Subquery
from django.http import Http404

from firstlight.clinical import instruments
from firstlight.clinical.instruments import Shown
from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.models import Child, Loss, Parent
from firstlight.ground.people.permissions import Permission
from firstlight.journey.response.models import CheckIn
from firstlight.journey.screening.models import Answer, ItemChoice
from firstlight.journey.screening.preferences import counts
from firstlight.journey.screening.sets import SETS
from firstlight.journey.screening.settling import default_item


@dataclass(frozen=True, slots=True)
class Gap:
    """A set that closed without being finished: when it opened, and what it asked.

    `short`: of some items it asked only one, `chosen`; `begun`: something of it was answered. `answered`: all that it asked at
    first, and only what followed from an answer was left.
    """

    question_set_id: UUID
    at: datetime
    instruments: tuple[str, ...]
    short: bool
    chosen: str
    begun: bool
    answered: bool

    def asked(self, instrument: str, item: str) -> bool:
        """Tell whether it asked an item. Of those to choose a short one asked what the parent had chosen until it closed."""
        if instrument not in self.instruments:
            return False
        to_choose = self.short and instruments.instrument(instrument).item(item).shown is Shown.CHOICE
        return not to_choose or item == self.chosen


@dataclass(frozen=True, slots=True)
class Unasked:
    """What was due and not asked, and why: the recorded reason, and the words beside it."""

    due_at: datetime
    instruments: tuple[str, ...]
    reason: str
    words: str


@dataclass(frozen=True, slots=True)
class Closed:
    """How many sets are over, and which of them came to no end. `extent`: from the first one to the last touched.

    `not_asked`: those of which somebody recorded why they were not asked; they count as missing nowhere.
    """

    count: int
    gaps: tuple[Gap, ...]
    extent: tuple[datetime, datetime] | None
    not_asked: tuple[Unasked, ...] = ()

    @property
    def unanswered(self) -> tuple[int, int]:
        """Return how many closed without an answer, and how many are over in all."""
        return sum(not gap.answered for gap in self.gaps), self.count


@dataclass(frozen=True, slots=True)
class _Opened:
    question_set_id: UUID
    opened_at: datetime
    expires_at: datetime
    completed_at: datetime | None
    set_name: str
    instruments: tuple[str, ...]
    answered: bool
    begun: bool
    choice: str | None
    lost: bool
    youngest: date | None


def closed_about(actor: Actor, parent: Parent, now: datetime) -> Closed:
    """Return the sets of check-ins that are over: answered, or closed without an answer. At most one a day is asked."""
    own = actor.parent_id == parent.id
    if not (own or actor.may(Permission.ANSWERS_READ) or actor.role == "system"):
        raise Http404
    opened, not_asked = _read(parent, now)
    missed = [one for one in opened if one.completed_at is None and one.expires_at <= now]
    touched = [one.completed_at or min(one.expires_at, now) for one in opened]
    return Closed(
        count=sum(one.completed_at is not None for one in opened) + len(missed),
        gaps=tuple(_gap(one, ZoneInfo(parent.timezone)) for one in missed),
        extent=(opened[0].opened_at, max(touched)) if opened else None,
        not_asked=tuple(not_asked),
    )


def _read(parent: Parent, now: datetime) -> tuple[list[_Opened], list[Unasked]]:
    """Return each set once, though several check-ins opened as it, and what was not asked, in one query.

    What was taken back before anybody began is left out.
    """
    wanted = Q(opened_at__lte=now, ended_at=None) | Q(not_asked__isnull=False)
    found = CheckIn.objects.filter(wanted, parent=parent).order_by("opened_at", "due_at")
    begun = Answer.objects.filter(question_set=OuterRef("question_set"))
    choices = ItemChoice.objects.filter(parent=parent, chosen_at__lt=OuterRef("expires_at")).order_by(
        "-chosen_at", "-id"
    )
    children = Child.objects.filter(family_id=parent.family_id, birth_date__lte=OuterRef("opened_at__date"))
    known = found.annotate(
        begun=Exists(begun.order_by()),
        choice=Subquery(choices.values("item")[:1]),
        lost=Exists(Loss.objects.filter(family_id=parent.family_id, recorded_at__lte=OuterRef("opened_at"))),
        youngest=Subquery(children.order_by("-birth_date").values("birth_date")[:1]),
    )
    rows: Iterable[tuple[Any, ...]] = known.values_list(
        "question_set_id",
        "opened_at",
        "expires_at",
        "question_set__completed_at",
        "question_set__set_name",
        "question_set__instruments",
        "answered_at",
        "begun",
        "choice",
        "lost",
        "youngest",
        "not_asked_id",
        "not_asked__due_at",
        "not_asked__instruments",
        "not_asked__reason",
        "not_asked__words",
    )
    by_set: dict[UUID, _Opened] = {}
    unasked: dict[UUID, Unasked] = {}
    for *opened, said_id, due_at, names, reason, words in rows:
        if said_id is not None:
            unasked[said_id] = Unasked(due_at, tuple(names), reason, words)
        else:
            by_set[opened[0]] = _opened(*opened)
    return list(by_set.values()), list(unasked.values())


def _opened(
    set_id: UUID,
    opened_at: datetime,
    expires_at: datetime,
    completed_at: datetime | None,
    set_name: str,
    names: Iterable[str],
    answered_at: datetime | None,
    *facts: Any,
) -> _Opened:
    answered = answered_at is not None
    return _Opened(set_id, opened_at, expires_at, completed_at, set_name, tuple(names), answered, *facts)


def _gap(one: _Opened, zone: ZoneInfo) -> Gap:
    plan = SETS.get(one.set_name)
    short = plan is not None and plan.short
    chosen = _chosen(one, zone) if short else ""
    return Gap(one.question_set_id, one.opened_at, one.instruments, short, chosen, one.begun, one.answered)


def _chosen(one: _Opened, zone: ZoneInfo) -> str:
    if one.choice is not None and counts(one.choice, silent_about_baby=one.lost):
        return one.choice
    births = [one.youngest] if one.youngest else []
    return default_item(births=births, today=one.opened_at.astimezone(zone).date(), silent_about_baby=one.lost)
