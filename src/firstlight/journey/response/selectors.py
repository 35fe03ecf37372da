"""What came back: answers over time, the change between first and last, and who has not answered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.http import Http404

from firstlight.clinical import instruments
from firstlight.clinical.evidence import text
from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.selectors import parent_for
from firstlight.journey.response.models import CheckIn
from firstlight.journey.screening.selectors import Reply, Scored, replies_in, results_of

CHECK_IN = "check-in"
ASKED_IN = {"phq-9": "week"}
"""The check-in set that asks an instrument again: one that closed without an answer is a gap in its line."""


@dataclass(frozen=True, slots=True)
class Point:
    """One asked value: when, and what came back. None: no answer came while it was open."""

    at: datetime
    value: int | None


@dataclass(frozen=True, slots=True)
class Measure:
    """One instrument, or one item of the daily check-in, over time. Totals of different instruments never share a line."""

    key: str
    title: str
    low: int
    high: int
    lower_is_better: bool
    validated: bool
    points: tuple[Point, ...]

    @property
    def answered(self) -> tuple[Point, ...]:
        """Return the points that have a value."""
        return tuple(point for point in self.points if point.value is not None)


@dataclass(frozen=True, slots=True)
class Reports:
    """What was asked of one parent and what came back, read once for a page.

    `begun` holds the answers of check-ins that were not finished: what she said counts, though she left.
    """

    results: Sequence[Scored]
    check_ins: Sequence[CheckIn] = ()
    begun: Mapping[UUID, Sequence[Reply]] = field(default_factory=dict)

    def closed(self, now: datetime) -> list[CheckIn]:
        """Return the check-ins that are over: answered, or closed without an answer."""
        return [one for one in self.check_ins if one.question_set.completed_at or one.expires_at <= now]

    def unanswered(self, now: datetime) -> tuple[int, int]:
        """Return how many check-ins closed without being finished, and how many are over in all."""
        closed = self.closed(now)
        return sum(one.question_set.completed_at is None for one in closed), len(closed)


def due_check_ins(actor: Actor, now: datetime) -> list[CheckIn]:
    """Return a parent's own check-ins that are open and not answered, first due in front."""
    if actor.parent_id is None:
        raise Http404
    found = CheckIn.objects.filter(parent_id=actor.parent_id, due_at__lte=now, expires_at__gt=now)
    return list(found.filter(question_set__completed_at__isnull=True).select_related("question_set"))


def check_ins_of(actor: Actor, parent_id: UUID) -> list[CheckIn]:
    """Return every check-in of a parent whom the actor may see."""
    parent_for(actor, parent_id)
    return list(CheckIn.objects.filter(parent_id=parent_id).select_related("question_set", "session"))


def not_answered(actor: Actor, now: datetime) -> list[CheckIn]:
    """Return the clinic's check-ins that were open and closed without an answer, latest first."""
    if not (actor.may(Permission.ANSWERS_READ) or actor.role == "system"):
        raise Http404
    found = CheckIn.objects.filter(expires_at__lte=now, question_set__completed_at__isnull=True)
    return list(found.select_related("parent").order_by("-expires_at")[:100])


def reports_of(actor: Actor, parent_id: UUID) -> Reports:
    """Return everything asked of a parent whose answers the actor may read."""
    results = results_of(actor, parent_id)
    check_ins = list(CheckIn.objects.filter(parent_id=parent_id).select_related("question_set"))
    unfinished = [one.question_set_id for one in check_ins if one.question_set.completed_at is None]
    return Reports(results, check_ins, replies_in(unfinished) if unfinished else {})


def score_measure(reports: Reports, name: str, now: datetime) -> Measure:
    """Return the totals of one validated instrument. No answer, or too few to score, is a gap."""
    definition = instruments.instrument(name)
    points = [
        Point(scored.answered_at, scored.total if scored.complete else None)
        for scored in reports.results
        if scored.instrument == name
    ]
    closed = [one for one in reports.closed(now) if one.question_set.set_name == ASKED_IN.get(name)]
    points += [Point(one.due_at, None) for one in closed if one.question_set.completed_at is None]
    return Measure(
        key=name,
        title=text(definition.title),
        low=0,
        high=definition.max or 0,
        lower_is_better=True,
        validated=definition.validated,
        points=_in_order(points),
    )


def item_measure(reports: Reports, item_key: str, now: datetime) -> Measure:
    """Return one item of the daily check-in over time; ours, not validated."""
    item = instruments.instrument(CHECK_IN).item(item_key)
    points = [
        Point(scored.answered_at, _value(scored.answers, item_key))
        for scored in reports.results
        if scored.instrument == CHECK_IN
    ]
    points += _not_finished(reports, item_key, now)
    return Measure(
        key=item_key,
        title=text(item.text),
        low=min(item.values),
        high=max(item.values),
        lower_is_better=item.better == "lower",
        validated=False,
        points=_in_order(points),
    )


def change_of(measure: Measure, first_dose_at: datetime | None = None) -> instruments.Change | None:
    """Return the change up to the last total; None with fewer than two.

    It counts from the last total before the first dose; without one, from the first of all.
    """
    answered = measure.answered
    begin, last = baseline_of(measure, first_dose_at), answered[-1] if answered else None
    if begin is None or last is None or begin == last or begin.value is None or last.value is None:
        return None
    return instruments.change(measure.key, begin.value, last.value)


def baseline_of(measure: Measure, first_dose_at: datetime | None) -> Point | None:
    """Return the last total before the first dose; without a dose or such a total, the first of all."""
    before = [point for point in measure.answered if first_dose_at is not None and point.at <= first_dose_at]
    return before[-1] if before else next(iter(measure.answered), None)


def _in_order(points: Iterable[Point]) -> tuple[Point, ...]:
    return tuple(sorted(points, key=lambda point: point.at))


def _value(replies: Sequence[Reply], item_key: str) -> int | None:
    return next((reply.value for reply in replies if (reply.instrument, reply.item) == (CHECK_IN, item_key)), None)


def _not_finished(reports: Reports, item_key: str, now: datetime) -> list[Point]:
    """Return what stands of check-ins that nobody finished: an answer that was given, or a gap once it is closed."""
    points = []
    for check_in in reports.check_ins:
        if check_in.question_set.completed_at is not None or CHECK_IN not in check_in.question_set.instruments:
            continue
        replies = reports.begun.get(check_in.question_set_id, ())
        value = _value(replies, item_key)
        if value is not None:
            points.append(Point(max(reply.answered_at for reply in replies), value))
        elif check_in.expires_at <= now:
            points.append(Point(check_in.due_at, None))
    return points
