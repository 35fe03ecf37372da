"""Adaptive sets: an instrument whose answers say so is followed by another one, in the same sitting and never silently."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from firstlight.clinical.instruments import flags, instrument, score
from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.models import Relation
from firstlight.journey.screening.availability import cannot_be_asked
from firstlight.journey.screening.holdbacks import hold_on, last_dose_of, recall_of
from firstlight.journey.screening.models import Answer, QuestionSet
from firstlight.journey.screening.paper import PAPER
from firstlight.journey.screening.selectors import given_in, is_expired, questions_of
from firstlight.journey.screening.series import whole_at
from firstlight.journey.screening.services.openness import locked
from firstlight.journey.screening.sets import SETS, Follow, question_sets


@write
def follow_up(*, question_set: QuestionSet, by: Actor, at: datetime) -> None:
    """Add the instruments that now follow, and take out one that follows no longer and was not begun.

    Paper stays what it is: nothing follows in the sitting in which somebody types it. Nor does anything after the questions
    have closed, when an answer that waited on a phone comes in.
    """
    if question_set.set_name == PAPER:
        return
    plan = SETS.get(question_set.set_name)
    own = plan.instruments if plan else ()
    rules = [one for one in question_sets().follows if one.after in question_set.instruments and one.then not in own]
    for then in dict.fromkeys(one.then for one in rules):
        _apply(question_set, [one for one in rules if one.then == then], by, at)


def not_followed(question_set: QuestionSet, name: str, item: str) -> tuple[str, ...]:
    """Return what one answer asks to follow in the same sitting and what cannot: on paper, or after the questions closed."""
    rules = [one for one in question_sets().follows if (one.after, one.item) == (name, item)]
    return tuple(one.then for one in rules if one.then not in question_set.instruments)


@write
def bring_back(*, question_set: QuestionSet, item: str, value: int, by: Actor, at: datetime) -> None:
    """Put back what followed an earlier answer and went when that was changed, because an answer to it asks for help.

    It was shown, and is answered in another window or comes from a phone where it waited. Only while the set is open.
    """
    name, _colon, key = item.partition(":")
    if name in question_set.instruments or name not in followed_before(question_set):
        return
    current, definition = locked(question_set), instrument(name)
    asked, closed = definition.by_key.get(key), current.completed_at is not None or is_expired(current, at)
    if closed or asked is None or value not in asked.values:
        return
    if all(flag.quiet for flag in flags(definition, {key: value})):
        return
    follow = next(one for one in question_sets().follows if one.then == name and one.after in current.instruments)
    place = current.instruments.index(follow.after) + 1
    _keep(current, [*current.instruments[:place], name, *current.instruments[place:]])
    _record("screening.followed", current, follow, by, at)
    question_set.instruments = current.instruments


def followed_before(question_set: QuestionSet) -> tuple[str, ...]:
    """Return what an earlier answer of a set brought and no answer that counts now brings: it was shown, and may be answered."""
    rules = [one for one in question_sets().follows if one.after in question_set.instruments]
    absent = [one for one in rules if one.then not in question_set.instruments]
    ever = _ever_given(question_set) if absent else {}
    return tuple(dict.fromkeys(one.then for one in absent if _reached(question_set, one, ever.get(one.after, {}))))


def _ever_given(question_set: QuestionSet) -> dict[str, dict[str, int]]:
    """Return the highest value that each question of a set ever had, by instrument and item."""
    highest: dict[str, dict[str, int]] = {}
    for row in Answer.objects.filter(question_set=question_set, value__isnull=False):
        own = highest.setdefault(row.instrument, {})
        own[row.item] = max(own.get(row.item, row.value or 0), row.value or 0)
    return highest


def _reached(question_set: QuestionSet, follow: Follow, ever: Mapping[str, int]) -> bool:
    if follow.item:
        return ever.get(follow.item, 0) >= follow.at_least
    total = score(instrument(follow.after), ever).total if ever else None
    return total is not None and total >= _cut(question_set, follow)


def _apply(question_set: QuestionSet, follows: Sequence[Follow], by: Actor, at: datetime) -> None:
    """Add or take out one instrument. `follows`: the rules that bring it; one of them is enough."""
    then = follows[0].then
    holding = [follow for follow in follows if _holds(question_set, follow)]
    if holding and _waits(question_set, then, at):
        holding = []
    if holding and then not in question_set.instruments and not is_expired(question_set, at):
        place = question_set.instruments.index(holding[0].after) + 1
        _keep(question_set, [*question_set.instruments[:place], then, *question_set.instruments[place:]])
        _record("screening.followed", question_set, holding[0], by, at)
    elif not holding and then in question_set.instruments and not _begun(question_set, follows):
        _keep(question_set, [name for name in question_set.instruments if name != then])
        _record("screening.unfollowed", question_set, follows[0], by, at)
    if then in question_set.instruments:
        for follow in follows:
            _carry(question_set, follow, by, at)


def _holds(question_set: QuestionSet, follow: Follow) -> bool:
    if cannot_be_asked(follow.then, question_set.clinic_id):
        return False
    given = given_in(question_set)
    answers = given.get(follow.after, {})
    if follow.item:
        return (answers.get(follow.item) or 0) >= follow.at_least
    asked = [one.item.key for one in questions_of(question_set, given) if one.instrument.name == follow.after]
    if any(key not in answers for key in asked):
        return False
    total = score(instrument(follow.after), answers, asked=asked).total
    return total is not None and total >= _cut(question_set, follow)


def _waits(question_set: QuestionSet, then: str, at: datetime) -> bool:
    """Tell whether what would follow asks about days that another set asked about already, or that hold a dose."""
    if not recall_of(then):
        return False
    parent_id = question_set.parent_id
    whole = whole_at(parent_id, besides=question_set.id)
    return hold_on([then], whole=whole, last_dose_at=last_dose_of(parent_id), now=at) is not None


def _cut(question_set: QuestionSet, follow: Follow) -> int:
    if question_set.parent.relation == Relation.FATHER and follow.fathers_at_least is not None:
        return follow.fathers_at_least
    return follow.total_at_least or 0


def _carry(question_set: QuestionSet, follow: Follow, by: Actor, at: datetime) -> None:
    """Write the answers to questions that both have, word for word, to the second one too."""
    stem = given_in(question_set).get(follow.after, {})
    for item, asked in follow.same_items.items():
        rows = list(Answer.objects.filter(question_set=question_set, instrument=follow.then, item=item))
        amended = {row.amends_id for row in rows}
        last = next((row for row in rows if row.id not in amended), None)
        if asked in stem and (last is None or last.value != stem[asked]):
            Answer.objects.create(
                clinic_id=question_set.clinic_id,
                question_set=question_set,
                instrument=follow.then,
                item=item,
                value=stem[asked],
                answered_at=at,
                answered_by_id=by.account_id,
                amends=last,
            )
            detail = {"item": f"{follow.then}:{item}", "amends": last is not None, "from": f"{follow.after}:{asked}"}
            record("screening.answered", by=by, at=at, parent=question_set.parent_id, about=question_set, detail=detail)


def _begun(question_set: QuestionSet, follows: Sequence[Follow]) -> bool:
    carried = [item for follow in follows for item in follow.same_items]
    answered = Answer.objects.filter(question_set=question_set, instrument=follows[0].then)
    return answered.exclude(item__in=carried).exists()


def _keep(question_set: QuestionSet, names: list[str]) -> None:
    question_set.instruments = names
    question_set.save(update_fields=["instruments"])


def _record(action: str, question_set: QuestionSet, follow: Follow, by: Actor, at: datetime) -> None:
    detail = {"after": follow.after, "then": follow.then}
    record(action, by=by, at=at, parent=question_set.parent_id, about=question_set, detail=detail)
