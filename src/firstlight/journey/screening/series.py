"""Totals and single answers of one parent over time, read as narrowly as a chart needs them: plain rows, no models.

Callers have looked the parent up already, as the person who asks. However much a parent answered, the number of queries
stays; single answers come for a stretch of time only, each or counted by calendar week or month.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Max, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncMonth, TruncWeek
from django.http import Http404

from firstlight.clinical.instruments import as_read
from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.models import Parent
from firstlight.ground.people.permissions import Permission
from firstlight.journey.screening.models import IN_A_SET_THAT_COUNTS, STANDS, Answer, Result

By = Literal["week", "month"]


@dataclass(frozen=True, slots=True)
class Total:
    """One scored instrument: when it was answered, and its total; None when too little was answered to score it.

    `most`: out of how much the total is.
    """

    instrument: str
    at: datetime
    value: float | None
    most: int | None


@dataclass(frozen=True, slots=True)
class Said:
    """One answer that counts; None when the question was passed over."""

    question_set_id: UUID
    item: str
    at: datetime
    value: int | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """What was said to one item in one calendar week or month: how often, and the lowest and highest of it."""

    item: str
    begins_at: datetime
    answered: int
    low: int | None
    high: int | None
    passed_over: int


def totals_about(actor: Actor, parent: Parent, instruments: Collection[str] = ()) -> list[Total]:
    """Return the totals of some instruments (none given: of all), in the order of time. Recall periods keep them few."""
    _may_read(actor, parent)
    found = Result.objects.filter(IN_A_SET_THAT_COUNTS, STANDS, question_set__parent=parent)
    found = found.filter(instrument__in=instruments) if instruments else found.filter(maximum__isnull=False)
    return _totals(found)


def totals_in(episode_id: UUID, instrument: str) -> list[Total]:
    """Return the totals of one instrument in one episode, in the order of time: for services that work on the episode."""
    return _totals(
        Result.objects.filter(IN_A_SET_THAT_COUNTS, STANDS, question_set__episode_id=episode_id, instrument=instrument)
    )


def whole_at(parent_id: UUID, *, besides: UUID | None = None) -> dict[str, datetime]:
    """Return when each instrument was last answered whole, paper on its day: for services that have looked the parent up.

    `besides`: not in this set. Where something was passed over there is no total, and it can be asked again.
    """
    found = Result.objects.filter(IN_A_SET_THAT_COUNTS, STANDS, question_set__parent_id=parent_id, complete=True)
    return {one.instrument: one.at for one in _totals(found.exclude(question_set_id=besides))}


def _totals(found: QuerySet[Result]) -> list[Total]:
    """Return totals by when they were answered: paper and phones are often scored later."""
    answers = Answer.objects.filter(question_set=OuterRef("question_set"), instrument=OuterRef("instrument"))
    last = answers.order_by("-answered_at").values("answered_at")[:1]
    rows = found.annotate(at=Coalesce(Subquery(last), F("scored_at"))).order_by("at")
    return [
        Total(instrument, at, None if total is None else as_read(total + thousandths / 1000), most)
        for instrument, at, total, thousandths, most in rows.values_list(
            "instrument", "at", "total", "thousandths", "maximum"
        )
    ]


def said_about(
    actor: Actor, parent: Parent, instrument: str, items: Sequence[str], since: datetime, until: datetime
) -> list[Said]:
    """Return every answer to some items within a time, in the order of time; of an amended one what counts now."""
    rows = _answers(actor, parent, instrument, items, since, until).order_by("answered_at", "id")
    return [Said(*row) for row in rows.values_list("question_set_id", "item", "answered_at", "value")]


def stretches_about(
    actor: Actor,
    parent: Parent,
    instrument: str,
    items: Sequence[str],
    since: datetime,
    until: datetime,
    *,
    by: By,
    zone: ZoneInfo,
) -> list[Stretch]:
    """Return the answers to some items within a time, counted by week (from Monday) or month of a zone."""
    begins = TruncWeek("answered_at", tzinfo=zone) if by == "week" else TruncMonth("answered_at", tzinfo=zone)
    rows = _answers(actor, parent, instrument, items, since, until).order_by().annotate(begins=begins)
    counted = rows.values("item", "begins").annotate(
        asked=Count("id"), answered=Count("value"), low=Min("value"), high=Max("value")
    )
    return [
        Stretch(row["item"], row["begins"], row["answered"], row["low"], row["high"], row["asked"] - row["answered"])
        for row in counted.order_by("begins")
    ]


def begun_in(actor: Actor, parent: Parent, instrument: str, set_ids: Collection[UUID]) -> set[tuple[UUID, str]]:
    """Return which items were answered in some sets, all of this parent."""
    _may_read(actor, parent)
    rows = Answer.objects.filter(
        IN_A_SET_THAT_COUNTS, question_set_id__in=set_ids, instrument=instrument, value__isnull=False
    )
    standing = rows.exclude(id__in=_amended(parent)).order_by()
    return set(standing.values_list("question_set_id", "item"))


def _answers(
    actor: Actor, parent: Parent, instrument: str, items: Sequence[str], since: datetime, until: datetime
) -> QuerySet[Answer]:
    _may_read(actor, parent)
    found = Answer.objects.filter(
        IN_A_SET_THAT_COUNTS, question_set__parent=parent, instrument=instrument, item__in=items
    )
    return found.filter(answered_at__gte=since, answered_at__lte=until).exclude(id__in=_amended(parent))


def _amended(parent: Parent) -> QuerySet[Answer, UUID | None]:
    """Return the answers that a later one amends, by themselves: a join to what amends them would be made row by row."""
    amending = Answer.objects.filter(question_set__parent=parent, amends__isnull=False)
    return amending.order_by().values_list("amends_id", flat=True)


def _may_read(actor: Actor, parent: Parent) -> None:
    if actor.role == "parent" and actor.parent_id != parent.id:
        raise Http404
    if actor.role not in {"parent", "system"} and not actor.may(Permission.ANSWERS_READ):
        raise Http404
