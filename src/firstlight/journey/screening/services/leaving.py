"""What a parent left unfinished: looked at once, when its set closes, or a day after the last tap in one that does not close."""

from datetime import datetime
from functools import partial

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import translation
from django_scopes import scope

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.models import Clinic
from firstlight.ground.people.steps import LEFT
from firstlight.ground.worklist.services.jobs import goes_well
from firstlight.journey.screening.asking import is_answered
from firstlight.journey.screening.models import COUNTS, Answer, QuestionSet
from firstlight.journey.screening.selectors import given_in, questions_of
from firstlight.journey.screening.services.aloud import ask_aloud
from firstlight.journey.screening.services.openness import locked
from firstlight.journey.screening.services.scoring import not_whole, score_each
from firstlight.journey.screening.sets import question_sets

AT_ONCE = 200
"""How many sets of a clinic one run looks at: the first run after an upgrade finds those of years."""


class NotEverySet(Exception):
    """Some sets that were left could not be looked at. The log names each and where it failed; every other was."""


def look_at_left(now: datetime) -> None:
    """Score what is whole in every set that was left, and tell what was passed over in it. Runs in the background.

    One transaction a set: killed between two, the next run goes on. What fails for one set is undone and logged, and holds up
    no other. At the end it raises NotEverySet, so that the job is tried again soon, and alarms when that goes on.
    """
    failed = 0
    for clinic in Clinic.objects.all():
        by = Actor.system(clinic.id)
        with scope(clinic=clinic.id):
            answers = Answer.objects.filter(question_set=OuterRef("pk")).order_by()
            QuestionSet.objects.filter(
                ~Exists(answers), expires_at__lte=now, completed_at=None, left_seen_at=None
            ).update(left_seen_at=now)
            for one in _left(now)[:AT_ONCE]:
                failed += not goes_well(f"Left set {one.id}", partial(look_at, question_set=one, by=by, at=now))
    if failed:
        raise NotEverySet(failed)


@write
def look_at(*, question_set: QuestionSet, by: Actor, at: datetime) -> None:
    """Look at one set that was left. Once: a tap that comes later lets it be looked at again. Nothing after care here ended."""
    current = locked(question_set)
    if not _left(at).filter(id=current.id).exists():
        return
    if current.episode.state not in LEFT:
        given = given_in(current)
        asked = questions_of(current, given)
        whole = {one.instrument.name for one in asked} - not_whole(one for one in asked if not is_answered(one, given))
        score_each(question_set=current, names=[name for name in current.instruments if name in whole], by=by, at=at)
        with translation.override(settings.LANGUAGE_CODE):
            ask_aloud(current, given, by, at)
    current.left_seen_at = at
    current.save(update_fields=["left_seen_at"])
    record("screening.left", by=by, at=at, parent=current.parent_id, about=current)


def _left(now: datetime) -> QuerySet[QuestionSet]:
    """Return the sets that were begun, are over or rest, and were not looked at since."""
    taps = Answer.objects.filter(question_set=OuterRef("pk")).order_by()
    rests = Q(expires_at=None) & ~Exists(taps.filter(answered_at__gt=now - question_sets().left_after))
    found = QuestionSet.objects.filter(COUNTS, Q(expires_at__lte=now) | rests, completed_at=None, left_seen_at=None)
    return found.filter(Exists(taps)).order_by("id")
