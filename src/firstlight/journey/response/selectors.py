"""What came back: answers over time, the change between first and last, and who has not answered."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import Http404

from firstlight.clinical import instruments
from firstlight.clinical.evidence import text
from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.selectors import parent_for
from firstlight.journey.response.models import CheckIn
from firstlight.journey.screening.selectors import Scored, results_of

CHECK_IN = "check-in"


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

    @property
    def unanswered(self) -> int:
        """Return how often no answer came."""
        return len(self.points) - len(self.answered)


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


@dataclass(frozen=True, slots=True)
class Returned:
    """Everything that came back from one parent, read once for several measures."""

    results: tuple[Scored, ...]
    check_ins: tuple[CheckIn, ...]


def returned_by(actor: Actor, parent_id: UUID) -> Returned:
    """Return the scored answers and the check-ins of a parent whom the actor may see."""
    results = tuple(results_of(actor, parent_id))  # asks whether the actor may see this parent, for both
    check_ins = CheckIn.objects.filter(parent_id=parent_id).select_related("question_set", "session")
    return Returned(results, tuple(check_ins))


def score_measure(actor: Actor, parent_id: UUID, name: str, now: datetime, *, gaps: bool = True) -> Measure:
    """Return the totals of one validated instrument; a check-in that closed without an answer is a gap, if asked for."""
    check_ins = tuple(check_ins_of(actor, parent_id)) if gaps else ()
    return score_in(Returned(tuple(results_of(actor, parent_id)), check_ins), name, now)


def score_in(returned: Returned, name: str, now: datetime) -> Measure:
    """Return the totals of one validated instrument; a check-in that closed without an answer is a gap."""
    definition = instruments.instrument(name)
    points = [
        Point(scored.answered_at, scored.total)
        for scored in returned.results
        if scored.instrument == name and scored.complete
    ]
    points += _gaps(returned, "week", now) if name == "phq-9" else []
    return Measure(
        key=name,
        title=text(definition.title),
        low=0,
        high=definition.max or 0,
        lower_is_better=True,
        validated=definition.validated,
        points=tuple(sorted(points, key=lambda point: point.at)),
    )


def item_in(returned: Returned, item_key: str, now: datetime) -> Measure:
    """Return one item of the daily check-in over time; ours, not validated."""
    item = instruments.instrument(CHECK_IN).item(item_key)
    points = [
        Point(scored.answered_at, _value(scored, item_key))
        for scored in returned.results
        if scored.instrument == CHECK_IN
    ]
    points += _gaps(returned, "day", now)
    return Measure(
        key=item_key,
        title=text(item.text),
        low=min(item.values),
        high=max(item.values),
        lower_is_better=item.better == "lower",
        validated=False,
        points=tuple(sorted(points, key=lambda point: point.at)),
    )


def change_of(measure: Measure) -> instruments.Change | None:
    """Return the change from the first to the last total; None with fewer than two."""
    answered = measure.answered
    if len(answered) < 2 or answered[0].value is None or answered[-1].value is None:
        return None
    return instruments.change(measure.key, answered[0].value, answered[-1].value)


def _value(scored: Scored, item_key: str) -> int | None:
    return next((reply.value for reply in scored.answers if reply.item == item_key), None)


def _gaps(returned: Returned, set_name: str, now: datetime) -> list[Point]:
    return [
        Point(check_in.due_at, None)
        for check_in in returned.check_ins
        if check_in.expires_at <= now
        and check_in.question_set.completed_at is None
        and check_in.question_set.set_name == set_name
    ]
