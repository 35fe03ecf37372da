"""Whether a set can be written to, asked under a lock: two taps at once come one after the other.

A tap that waited on a phone is judged by when it was tapped, if it arrives soon enough after the set has closed.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from firstlight.ground.people.errors import Refused
from firstlight.journey.screening.models import QuestionSet
from firstlight.journey.screening.selectors import is_early, is_expired
from firstlight.journey.screening.settling import settled


def locked(question_set: QuestionSet) -> QuestionSet:
    """Return the set as it stands now, locked."""
    found = QuestionSet.objects.select_for_update(of=("self",)).select_related("parent__family")
    return found.get(id=question_set.id)


def locked_open(question_set: QuestionSet, at: datetime, tapped_at: datetime | None = None) -> QuestionSet:
    """Return the set as it stands now, locked. Raises Refused for one that is finished or expired."""
    current = locked(question_set)
    if current.completed_at is not None:
        raise Refused(_("These answers were sent already."), field="question_set", value=current.id)
    if is_expired(current, tapped_at or at) or is_expired(current, at - settled().arrives_within):
        raise Refused(_("The time for these questions is over."), field="question_set", value=current.id)
    return current


def locked_begun(question_set: QuestionSet, at: datetime, tapped_at: datetime | None = None) -> QuestionSet:
    """Return the set as it stands now, locked. Raises Refused also for one that opens later."""
    current = locked_open(question_set, at, tapped_at)
    if is_early(current, tapped_at or at):
        raise Refused(_("These questions open later."), field="question_set", value=current.id)
    return current
