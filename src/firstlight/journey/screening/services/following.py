"""Adaptive sets: an instrument whose answers say so is followed by another one, in the same sitting and never silently."""

from datetime import datetime

from firstlight.clinical.instruments import instrument, score
from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.models import Relation
from firstlight.journey.screening.availability import cannot_be_asked
from firstlight.journey.screening.models import Answer, QuestionSet
from firstlight.journey.screening.paper import PAPER
from firstlight.journey.screening.selectors import given_in, questions_of
from firstlight.journey.screening.sets import SETS, Follow, question_sets


@write
def follow_up(*, question_set: QuestionSet, by: Actor, at: datetime) -> None:
    """Add the instruments that now follow, and take out one that follows no longer and was not begun.

    Paper stays what it is: nothing follows in the sitting in which somebody types it.
    """
    if question_set.set_name == PAPER:
        return
    plan = SETS.get(question_set.set_name)
    own = plan.instruments if plan else ()
    for follow in question_sets().follows:
        if follow.holds_in(question_set.set_name) and follow.then not in own:
            _apply(question_set, follow, by, at)


def _apply(question_set: QuestionSet, follow: Follow, by: Actor, at: datetime) -> None:
    stands, holds = follow.then in question_set.instruments, _holds(question_set, follow)
    if holds and not stands:
        place = question_set.instruments.index(follow.after) + 1
        _keep(question_set, [*question_set.instruments[:place], follow.then, *question_set.instruments[place:]])
        record(
            "screening.followed", by=by, at=at, parent=question_set.parent_id, about=question_set, detail=_of(follow)
        )
    elif stands and not holds and not _begun(question_set, follow):
        _keep(question_set, [name for name in question_set.instruments if name != follow.then])
        record(
            "screening.unfollowed", by=by, at=at, parent=question_set.parent_id, about=question_set, detail=_of(follow)
        )
    if follow.then in question_set.instruments:
        _carry(question_set, follow, by, at)


def _holds(question_set: QuestionSet, follow: Follow) -> bool:
    if follow.after not in question_set.instruments or cannot_be_asked(follow.then, question_set.clinic_id):
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


def _begun(question_set: QuestionSet, follow: Follow) -> bool:
    answered = Answer.objects.filter(question_set=question_set, instrument=follow.then)
    return answered.exclude(item__in=list(follow.same_items)).exists()


def _keep(question_set: QuestionSet, names: list[str]) -> None:
    question_set.instruments = names
    question_set.save(update_fields=["instruments"])


def _of(follow: Follow) -> dict[str, str]:
    return {"after": follow.after, "then": follow.then}
