"""The clinic's lists: whose course goes the wrong way, who has not answered, whose task waits too long.

Each is read in a number of queries that does not grow with the number of parents.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Max, Min, OuterRef, QuerySet, Subquery
from django.http import Http404

from firstlight.clinical.instruments import short_name_of
from firstlight.ground.audit.actors import Actor
from firstlight.ground.design.clocks import span_text
from firstlight.ground.people.models import Episode, EpisodeState, Parent
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.steps import ENDED, LEFT
from firstlight.ground.worklist.models import Task
from firstlight.ground.worklist.order import by_danger
from firstlight.journey.dosing.models import Session
from firstlight.journey.planning.models import Order
from firstlight.journey.response.models import AskingHours, CheckIn, Standing, WishAfterStop
from firstlight.journey.response.stopping import Wish
from firstlight.journey.response.tracks import tracks
from firstlight.journey.screening.models import IN_A_SET_THAT_COUNTS, STANDS, Result

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
    from_before: bool

    @property
    def measured_by(self) -> str:
        return short_name_of(self.standing.instrument)

    @property
    def delta(self) -> int:
        return self.standing.last_total - self.standing.first_total


@dataclass(frozen=True, slots=True)
class NoBaseline:
    """A parent who waits for the first dose without a total from before it. `passed_over`: of some answer it has none."""

    parent: Parent
    passed_over: bool


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
    no_baseline: tuple[NoBaseline, ...]
    no_baseline_count: int
    silent: tuple[Silence, ...]
    silent_count: int
    overdue: tuple[Task, ...]
    overdue_count: int

    @property
    def off_track_people(self) -> int:
        """Return how many people the rows shown are about: one may stand there with several instruments."""
        return len({row.parent.id for row in self.off_track})

    @property
    def baseline(self) -> str:
        """Return the name of the questionnaire without which there is no baseline."""
        return short_name_of(tracks().baseline)

    @property
    def urgent_count(self) -> int:
        """Return how many of the tasks shown must be taken now."""
        return sum(task.is_urgent for task in self.overdue)


def lists_of(actor: Actor, now: datetime, order: str = "urgent") -> Lists:
    """Return the clinic's four lists for somebody who may read answers."""
    if not actor.may(Permission.ANSWERS_READ):
        raise Http404
    off_track, off_track_count = _off_track(order)
    silent, silent_count = _silent(now, order)
    overdue, overdue_count = _overdue(now, order)
    no_baseline, no_baseline_count = _no_baseline()
    return Lists(
        off_track, off_track_count, no_baseline, no_baseline_count, silent, silent_count, overdue, overdue_count
    )


def who_does_not_answer(actor: Actor, now: datetime) -> tuple[Silence, ...]:
    """Return the second of these lists alone, whoever stopped last in front."""
    if not actor.may(Permission.ANSWERS_READ):
        raise Http404
    return _silent(now, "latest")[0]


def _off_track(order: str) -> tuple[tuple[OffTrack, ...], int]:
    found = Standing.objects.filter(state__in=OFF_TRACK).exclude(episode__state__in=LEFT)
    by = {"urgent": ("-reached", "since_at"), "longest": ("since_at",), "latest": ("-since_at",)}[order]
    earlier_dose = Session.objects.filter(episode=OuterRef("episode"), ended_at__lt=OuterRef("first_at"))
    shown = found.annotate(dosed_before=Exists(earlier_dose)).select_related("parent", "task__owner")
    rows = list(shown.order_by(*by, "id")[:MOST_LISTED])
    return tuple(OffTrack(row, row.parent, not row.dosed_before) for row in rows), _count_all(found, len(rows))


def _no_baseline() -> tuple[tuple[NoBaseline, ...], int]:
    """Return whose order is signed and whose first dose is not given, without a total to compare later ones with."""
    standing = Order.objects.filter(episode=OuterRef("id"), stopped_by__isnull=True, replaced_by__isnull=True)
    dosed = Session.objects.filter(episode=OuterRef("id"), started_at__isnull=False)
    scored = Result.objects.filter(
        IN_A_SET_THAT_COUNTS, STANDS, question_set__episode=OuterRef("id"), instrument=tracks().baseline
    )
    found = Episode.objects.exclude(state__in=(*ENDED, EpisodeState.PAUSED)).filter(
        Exists(standing.order_by()), ~Exists(dosed), ~Exists(scored.filter(complete=True).order_by())
    )
    passed_over = Exists(scored.filter(complete=False).order_by())
    rows = list(
        found.annotate(passed_over=passed_over).select_related("parent").order_by("moved_at", "id")[:MOST_LISTED]
    )
    return tuple(NoBaseline(row.parent, row.passed_over) for row in rows), _count_all(found, len(rows))


def _silent(now: datetime, order: str) -> tuple[tuple[Silence, ...], int]:
    """Group closed check-ins without an answer by parent, those since her last answer only."""
    later = CheckIn.objects.filter(parent_id=OuterRef("parent_id"), answered_at__gt=OuterRef("expires_at"))
    missed = CheckIn.objects.filter(
        expires_at__lte=now,
        expires_at__gt=now - LISTED_FOR,
        question_set__isnull=False,
        answered_at=None,
        ended_at=None,
    ).exclude(episode__state__in=LEFT)
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
    urgent = (F("acknowledged_at").asc(nulls_first=True), *by_danger(), "acknowledge_by")
    by = {"urgent": urgent, "longest": ("acknowledge_by",), "latest": ("-acknowledge_by",)}[order]
    rows = list(found.select_related("parent", "owner").order_by(*by, "id")[:MOST_LISTED])
    return tuple(rows), _count_all(found, len(rows))


def _count_all(found: QuerySet[Any], shown: int) -> int:
    return found.count() if shown == MOST_LISTED else shown
