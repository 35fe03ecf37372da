"""When each questionnaire was answered last, by its answers: recall periods are kept from then on.

Neither when it was sent, nor when its set was finished, nor when it arrived from a phone. Callers have looked the parent up.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from firstlight.journey.screening.models import COUNTS, IN_A_SET_THAT_COUNTS, Answer, QuestionSet, Result

LONGEST_RECALL = timedelta(days=60)
"""Answers older than this are not looked up. A test holds every recall period to it."""


def answered_since(parent_id: UUID, since: datetime) -> dict[str, datetime]:
    """Return when each questionnaire was answered last, where that is later than a moment; paper on its day.

    One counts once its set is finished, or once it was scored while what followed stood open. What was only begun does not.
    """
    scored = Result.objects.filter(question_set=OuterRef("question_set"), instrument=OuterRef("instrument"))
    whole = Q(question_set__completed_at__isnull=False) | Exists(scored.order_by())
    answers = Answer.objects.filter(
        IN_A_SET_THAT_COUNTS, whole, question_set__parent_id=parent_id, answered_at__gt=since
    )
    return dict(answers.order_by().values_list("instrument").annotate(last=Max("answered_at")))


def standing_open(parent_id: UUID, now: datetime, since: datetime) -> set[str]:
    """Return the questionnaires that can be answered now. One without a day on which it closes counts while it is newer."""
    newer = Q(due_at__gt=since) | Q(due_at=None, assigned_at__gt=since)
    found = _open_sets(parent_id, now).filter(Q(expires_at__isnull=False) | newer)
    return {name for _set, names in _unanswered(found) for name in names}


def unanswered_in(parent_id: UUID, now: datetime) -> list[tuple[QuestionSet, set[str]]]:
    """Return the sets that can be answered now, each with the questionnaires that were not answered in it."""
    return _unanswered(_open_sets(parent_id, now))


def tapped_since(parent_id: UUID, now: datetime, since: datetime) -> bool:
    """Tell whether somebody tapped, since a moment, in a set that can be answered now."""
    return Answer.objects.filter(question_set__in=_open_sets(parent_id, now), answered_at__gt=since).exists()


def _open_sets(parent_id: UUID, now: datetime) -> QuerySet[QuestionSet]:
    begun, waits = Q(due_at=None) | Q(due_at__lte=now), Q(expires_at__gt=now) | Q(expires_at=None)
    return QuestionSet.objects.filter(COUNTS, begun, waits, parent_id=parent_id, completed_at=None)


def _unanswered(found: QuerySet[QuestionSet]) -> list[tuple[QuestionSet, set[str]]]:
    sets = list(found)
    scored = Result.objects.filter(question_set__in=[one.id for one in sets]).order_by()
    known = set(scored.values_list("question_set_id", "instrument"))
    return [(one, {name for name in one.instruments if (one.id, name) not in known}) for one in sets]
