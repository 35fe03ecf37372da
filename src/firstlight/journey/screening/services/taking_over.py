"""A newer set takes over what stands unanswered in earlier ones: nobody finds the same questions open twice."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import write
from firstlight.ground.people.models import Parent
from firstlight.journey.screening.models import QuestionSet
from firstlight.journey.screening.recalls import unanswered_in
from firstlight.journey.screening.services.assigning import take_back
from firstlight.journey.screening.sets import followed_in


@dataclass(frozen=True, slots=True)
class TakenOver:
    """A set that closed, and which other instruments nobody had answered in it: they go along into the newer set."""

    question_set: QuestionSet
    along: tuple[str, ...]


@write
def take_over(*, parent: Parent, names: Collection[str], by: Actor, at: datetime) -> list[TakenOver]:
    """Close the sets of a parent in which these instruments stand unanswered, begun or not. What she answered there stays.

    What only followed from an answer does not go along: it comes again when she answers so again.
    """
    found = []
    for question_set, left in unanswered_in(parent.id, at):
        if not left & set(names):
            continue
        along = left - set(names) - followed_in(question_set.set_name, question_set.instruments)
        if take_back(question_set=question_set, by=by, at=at, begun_too=True):
            found.append(TakenOver(question_set, tuple(one for one in question_set.instruments if one in along)))
    return found
