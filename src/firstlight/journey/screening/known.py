"""What a set does not ask again: an answer that stays true, and a question that was answered a moment ago word for word."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from firstlight.clinical.evidence import Words
from firstlight.journey.screening.asking import Given
from firstlight.journey.screening.models import IN_A_SET_THAT_COUNTS, Answer, QuestionSet
from firstlight.journey.screening.sets import Once, question_sets


@dataclass(frozen=True, slots=True)
class Recorded:
    """An answer that stays true: what it says, and since when it is known."""

    instrument: str
    item: str
    value: int
    says: Words
    at: datetime


def recorded_once(parent_id: UUID, *, besides: QuestionSet | None = None) -> list[Recorded]:
    """Return the answers of one parent that stay true, each from its first set. `besides`: not from this set or later ones.

    An answer that was corrected is not among them.
    """
    found = []
    for once in question_sets().once:
        first = _first(once, parent_id, besides)
        if first is not None:
            found.append(Recorded(once.instrument, once.item, once.value, once.says, first))
    return found


def known_in(question_set: QuestionSet, given: Given) -> Given:
    """Return the answers that this set has without asking, by instrument and item."""
    known: dict[str, dict[str, int | None]] = {}
    if any(once.instrument in question_set.instruments for once in question_sets().once):
        for one in recorded_once(question_set.parent_id, besides=question_set):
            if one.instrument in question_set.instruments and one.item not in given.get(one.instrument, {}):
                known.setdefault(one.instrument, {})[one.item] = one.value
    for follow in question_sets().follows:
        if {follow.after, follow.then} <= set(question_set.instruments):
            stem, further = given.get(follow.after, {}), given.get(follow.then, {})
            same = {item: stem[asked] for item, asked in follow.same_items.items() if asked in stem and item in further}
            known.setdefault(follow.then, {}).update(same)
    return known


def with_known(given: Given, known: Given) -> Given:
    """Return answers together with those that were not asked."""
    names = {*given, *known}
    return {name: {**known.get(name, {}), **given.get(name, {})} for name in names}


def recorded_at(question_set: QuestionSet) -> Mapping[tuple[str, str], datetime]:
    """Return since when each answer of earlier sets that stays true is known, by instrument and item."""
    found = recorded_once(question_set.parent_id, besides=question_set)
    return {(one.instrument, one.item): one.at for one in found}


def _first(once: Once, parent_id: UUID, besides: QuestionSet | None) -> datetime | None:
    rows = Answer.objects.filter(
        IN_A_SET_THAT_COUNTS,
        question_set__parent_id=parent_id,
        instrument=once.instrument,
        item=once.item,
        value=once.value,
        amended_by__isnull=True,
    )
    if besides is not None:
        rows = rows.exclude(question_set=besides).filter(question_set__assigned_at__lte=besides.assigned_at)
    return rows.order_by("answered_at", "id").values_list("answered_at", flat=True).first()
