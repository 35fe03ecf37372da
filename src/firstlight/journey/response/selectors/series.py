"""What came back: answers over time, and the change between first and last."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from firstlight.clinical import instruments
from firstlight.clinical.evidence import text
from firstlight.ground.audit.actors import Actor
from firstlight.journey.response.models import CheckIn
from firstlight.journey.response.tracks import days_between
from firstlight.journey.response.values import Chosen
from firstlight.journey.screening.holdbacks import dose_near
from firstlight.journey.screening.selectors import Reply, Scored, replies_in, results_of

CHECK_IN = "check-in"


@dataclass(frozen=True, slots=True)
class Point:
    """One asked value: when, and what came back. None: no answer came while it was open.

    `most`: out of how much a total is, where that is known; items that do not apply to somebody make it less. `dose_at`: it asks
    about the days before this dose and the hours after it alike, so it is compared with no other.
    """

    at: datetime
    value: float | None
    most: int | None = None
    dose_at: datetime | None = None


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
    judged_as: instruments.Instrument | None = None

    @property
    def definition(self) -> instruments.Instrument:
        """Return the instrument that judges its changes: as the clinic chose, else as it ships. KeyError for an item."""
        return self.judged_as or instruments.instrument(self.key)

    @property
    def answered(self) -> tuple[Point, ...]:
        """Return the points that have a value."""
        return tuple(point for point in self.points if point.value is not None)

    @property
    def judged(self) -> tuple[Point, ...]:
        """Return the points that have a value and are compared."""
        return tuple(point for point in self.answered if point.dose_at is None)


@dataclass(frozen=True, slots=True)
class Reports:
    """What was asked of one parent and what came back, read once for a page: each set once, though several opened as it.

    `begun` holds the answers of check-ins that were not finished: what she said counts, though she left.
    """

    results: Sequence[Scored]
    check_ins: Sequence[CheckIn] = ()
    begun: Mapping[UUID, Sequence[Reply]] = field(default_factory=dict)

    def closed(self, now: datetime) -> list[CheckIn]:
        """Return the check-ins that are over: answered, or closed without an answer."""
        return [one for one in self.check_ins if one.answered_at or (one.expires_at and one.expires_at <= now)]

    def unanswered(self, now: datetime) -> tuple[int, int]:
        """Return how many check-ins closed without an answer, and how many are over in all."""
        closed = self.closed(now)
        return sum(one.answered_at is None for one in closed), len(closed)

    def unfinished(self, now: datetime) -> list[CheckIn]:
        """Return the check-ins that closed before their set was sent, so that nothing of it is scored."""
        return [one for one in self.check_ins if not _finished(one) and one.expires_at and one.expires_at <= now]


def reports_of(actor: Actor, parent_id: UUID, check_ins: Iterable[CheckIn] | None = None) -> Reports:
    """Return everything asked of a parent whose answers the actor may read. `check_ins`: hers, where they were read already."""
    results = results_of(actor, parent_id)
    found = (
        CheckIn.objects.filter(parent_id=parent_id).select_related("question_set") if check_ins is None else check_ins
    )
    by_set = {one.question_set_id: one for one in found if one.question_set_id and one.ended_at is None}
    unfinished = [one.question_set_id for one in by_set.values() if one.question_set_id and not _finished(one)]
    return Reports(results, list(by_set.values()), replies_in(unfinished) if unfinished else {})


def total_point(name: str, at: datetime, total: float | None, most: int | None, doses: Iterable[datetime]) -> Point:
    """Return one total of an instrument as a point. `doses`: when each ended."""
    return Point(at, total, most, dose_near(name, at, doses))


def score_measure(
    reports: Reports, name: str, now: datetime, doses: Collection[datetime] = (), *, chosen: Chosen | None = None
) -> Measure:
    """Return the totals of one validated instrument. No answer, or too few to score, is a gap.

    `doses`: when each ended. `chosen`: by which published values the clinic judges a change.
    """
    definition = (chosen or Chosen()).definition(name)
    points = [
        total_point(name, scored.answered_at, scored.total, scored.max, doses)
        for scored in reports.results
        if scored.instrument == name
    ]
    points += [Point(one.due_at, None) for one in reports.unfinished(now) if _asks(one, name)]
    return Measure(
        key=name,
        title=text(definition.title),
        low=definition.min or 0,
        high=definition.max or 0,
        lower_is_better=definition.better is instruments.Better.LOWER,
        validated=definition.validated,
        points=_in_order(points),
        judged_as=definition,
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
    """Return the change up to the last total; None with fewer than two, and between totals out of different maxima.

    It counts from the last total before the first dose; without one, from the first of all. Two that ask about the same days
    are not judged, nor is one with a dose so near before it that it mixes the days before in.
    """
    answered = measure.answered
    begin, last = baseline_of(measure, first_dose_at), answered[-1] if answered else None
    if begin is None or last is None or begin == last or begin.value is None or last.value is None:
        return None
    if begin.most != last.most:
        return None
    near_dose, apart = last.dose_at is not None, days_between(begin.at, last.at)
    return instruments.change(
        measure.definition, begin.value, last.value, days_apart=apart, near_dose=near_dose, out_of=last.most
    )


def baseline_of(measure: Measure, first_dose_at: datetime | None) -> Point | None:
    """Return the last total before the first dose; without a dose or such a total, the first that is compared, or the first."""
    before = [point for point in measure.answered if first_dose_at is not None and point.at <= first_dose_at]
    return before[-1] if before else next(iter((*measure.judged, *measure.answered)), None)


def _asks(check_in: CheckIn, name: str) -> bool:
    return check_in.question_set is not None and name in check_in.question_set.instruments


def _finished(check_in: CheckIn) -> bool:
    return check_in.question_set is not None and check_in.question_set.completed_at is not None


def _in_order(points: Iterable[Point]) -> tuple[Point, ...]:
    return tuple(sorted(points, key=lambda point: point.at))


def _value(replies: Sequence[Reply], item_key: str) -> int | None:
    return next((reply.value for reply in replies if (reply.instrument, reply.item) == (CHECK_IN, item_key)), None)


def _not_finished(reports: Reports, item_key: str, now: datetime) -> list[Point]:
    """Return what stands of check-ins that nobody finished: an answer that was given, or a gap once it is closed."""
    points = []
    for check_in in reports.check_ins:
        if _finished(check_in) or check_in.question_set_id is None or not _asks(check_in, CHECK_IN):
            continue
        replies = reports.begun.get(check_in.question_set_id, ())
        value = _value(replies, item_key)
        if value is not None:
            points.append(Point(max(reply.answered_at for reply in replies), value))
        elif check_in.expires_at is not None and check_in.expires_at <= now:
            points.append(Point(check_in.due_at, None))
    return points
