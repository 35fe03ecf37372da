"""The clinic's lists: whose course goes the wrong way, who has not answered, whose task waits too long.

Each is read in a number of queries that does not grow with the number of parents.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Max, Min, OuterRef, QuerySet, Subquery
from django.http import Http404

from firstlight.ground.audit.actors import Actor
from firstlight.ground.design.clocks import span_text
from firstlight.ground.people.models import EpisodeState, Parent
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.steps import LEFT
from firstlight.ground.worklist.models import Task
from firstlight.journey.response.models import AskingHours, CheckIn, Standing, WishAfterStop
from firstlight.journey.response.stopping import Wish

MOST_LISTED = 100
LISTED_FOR = timedelta(days=90)
"""How long somebody who does not answer stays on the list. Ours."""
OFF_TRACK = (Standing.State.WORSE, Standing.State.NOT_ON_TRACK)
ORDERS = ("urgent", "longest", "latest")


@dataclass(frozen=True, slots=True)
class OffTrack:
    """One instrument of one parent that stands worse or not on track."""

    standing: Standing
    parent: Parent

    @property
    def delta(self) -> int:
        return self.standing.last_total - self.standing.first_total


@dataclass(frozen=True, slots=True)
class Silence:
    """A parent who has not answered since: how many check-ins closed, the first and the last of them."""

    parent: Parent
    missed: int
    since: datetime
    last: datetime
    messages_off: bool
    now: datetime

    @property
    def words(self) -> str:
        """Return for how long no answer came."""
        return span_text(self.now - self.since)


@dataclass(frozen=True, slots=True)
class Lists:
    """What the page shows. Each list is cut at the most that one page holds, with the number of all beside it."""

    off_track: tuple[OffTrack, ...]
    off_track_count: int
    silent: tuple[Silence, ...]
    silent_count: int
    overdue: tuple[Task, ...]
    overdue_count: int


def lists_of(actor: Actor, now: datetime, order: str = "urgent") -> Lists:
    """Return the clinic's three lists for somebody who may read answers."""
    if not actor.may(Permission.ANSWERS_READ):
        raise Http404
    off_track, off_track_count = _off_track(order)
    silent, silent_count = _silent(now, order)
    overdue, overdue_count = _overdue(now, order)
    return Lists(off_track, off_track_count, silent, silent_count, overdue, overdue_count)


def who_does_not_answer(actor: Actor, now: datetime) -> tuple[Silence, ...]:
    """Return the second of these lists alone, whoever stopped last in front."""
    if not actor.may(Permission.ANSWERS_READ):
        raise Http404
    return _silent(now, "latest")[0]


def _off_track(order: str) -> tuple[tuple[OffTrack, ...], int]:
    found = Standing.objects.filter(state__in=OFF_TRACK).exclude(episode__state__in=LEFT)
    by = {"urgent": ("-reached", "since_at"), "longest": ("since_at",), "latest": ("-since_at",)}[order]
    rows = list(found.select_related("parent", "task__owner").order_by(*by, "id")[:MOST_LISTED])
    return tuple(OffTrack(row, row.parent) for row in rows), _count_all(found, len(rows))


def _silent(now: datetime, order: str) -> tuple[tuple[Silence, ...], int]:
    """Group closed check-ins without an answer by parent, those since her last answer only."""
    later = CheckIn.objects.filter(parent_id=OuterRef("parent_id"), answered_at__gt=OuterRef("expires_at"))
    missed = CheckIn.objects.filter(
        expires_at__lte=now,
        expires_at__gt=now - LISTED_FOR,
        question_set__isnull=False,
        answered_at=None,
        ended_at=None,
    ).exclude(episode__state__in=(*LEFT, EpisodeState.PAUSED))
    missed = missed.exclude(episode__in=_want_nothing())
    grouped = missed.filter(~Exists(later)).order_by().values("parent_id")
    counted = grouped.annotate(
        missed=Count("question_set", distinct=True), since=Min("opened_at"), last=Max("expires_at")
    )
    by = {"urgent": ("-missed", "since"), "longest": ("since",), "latest": ("-last",)}[order]
    rows = list(counted.order_by(*by, "parent_id")[:MOST_LISTED])
    people = Parent.objects.in_bulk([row["parent_id"] for row in rows])
    off = _messages_off(list(people))
    lines = tuple(
        Silence(people[row["parent_id"]], row["missed"], row["since"], row["last"], row["parent_id"] in off, now)
        for row in rows
    )
    return lines, _count_all(counted, len(rows))


def _want_nothing() -> QuerySet[WishAfterStop, UUID]:
    """Return the episodes after whose stop the parent wants nothing more to be asked."""
    later = WishAfterStop.objects.filter(episode=OuterRef("episode")).order_by("-at", "-id")
    latest = WishAfterStop.objects.filter(id=Subquery(later.values("id")[:1]), wish=Wish.NOTHING)
    return latest.order_by().values_list("episode_id", flat=True)


def _messages_off(parent_ids: list[UUID]) -> frozenset[UUID]:
    found = AskingHours.objects.filter(parent_id__in=parent_ids, messages_off_at__isnull=False)
    return frozenset(found.values_list("parent_id", flat=True))


def _overdue(now: datetime, order: str) -> tuple[tuple[Task, ...], int]:
    """Return open tasks about parents that nobody took in time, or that were taken and stand open beyond their time."""
    found = Task.objects.filter(finished_at=None, acknowledge_by__lte=now, parent__isnull=False)
    by = {"urgent": (F("acknowledged_at").asc(nulls_first=True), "acknowledge_by"), "longest": ("acknowledge_by",),
          "latest": ("-acknowledge_by",)}[order]  # fmt: skip
    rows = list(found.select_related("parent", "owner").order_by(*by, "id")[:MOST_LISTED])
    return tuple(rows), _count_all(found, len(rows))


def _count_all(found: QuerySet[Any], shown: int) -> int:
    return found.count() if shown == MOST_LISTED else shown
