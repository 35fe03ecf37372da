"""Sending a set: every instrument scored, whoever should read it asked to, later stages told."""

from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import announce, record, write
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Episode
from firstlight.ground.people.permissions import Role
from firstlight.ground.worklist.models import Task
from firstlight.ground.worklist.services import finish, open_task
from firstlight.journey.screening.asking import is_answered
from firstlight.journey.screening.known import known_in
from firstlight.journey.screening.models import QuestionSet, Result
from firstlight.journey.screening.selectors import given_in, questions_of
from firstlight.journey.screening.services.aloud import ask_aloud
from firstlight.journey.screening.services.openness import locked_open
from firstlight.journey.screening.services.scoring import score_one
from firstlight.journey.screening.sets import SETS

READING = "answers-to-read"


class Decided(Protocol):
    """A decision of a later stage, as far as this one looks at it."""

    episode: Episode


@write
def complete(*, question_set: QuestionSet, by: Actor, at: datetime, tapped_at: datetime | None = None) -> list[Result]:
    """Score what was answered and say so. Refused while a question has neither an answer nor was passed over.

    `tapped_at`: when the last tap was made, where it waited on a phone.
    """
    current = locked_open(question_set, at, tapped_at)
    given = given_in(current)
    missing = [question for question in questions_of(current, given) if not is_answered(question, given)]
    if missing:
        raise Refused(
            _("%(count)d questions are still open.") % {"count": len(missing)}, field=missing[0].key, value=None
        )
    asked = {question.instrument.name for question in questions_of(current, given)} | known_in(current, given).keys()
    scored = [name for name in current.instruments if name in asked]  # after a loss nothing is asked about the child
    results = [score_one(question_set=current, name=name, by=by, at=at) for name in scored]
    current.completed_at = question_set.completed_at = at
    current.save(update_fields=["completed_at"])
    record("screening.completed", by=by, at=at, parent=current.parent_id, about=current)
    _ask_for_reading(current, by, at)
    with translation.override(settings.LANGUAGE_CODE):
        ask_aloud(current, given, by, at)
    announce("screening.completed", question_set=current, by=by, at=at)
    return results


def _ask_for_reading(question_set: QuestionSet, by: Actor, at: datetime) -> None:
    plan = SETS.get(question_set.set_name)
    if plan is None or plan.read_within is None:
        return
    open_task(
        clinic_id=question_set.clinic_id,
        parent=question_set.parent,
        kind=READING,
        title=_("Read the answers of %(name)s") % {"name": question_set.parent.name},
        reason=_("The first questions were answered."),
        role=Role.PRESCRIBER,
        acknowledge_by=at + plan.read_within,
        urgency="routine",
        link_name="screening:answers",
        link_id=question_set.parent_id,
        by=by,
        at=at,
    )


def finish_reading(*, decision: Decided, by: Actor, at: datetime) -> None:
    """Finish the task to read the first answers: somebody signed a decision that rests on them. Safety tasks stay open."""
    for task in Task.objects.filter(parent_id=decision.episode.parent_id, kind=READING, finished_at=None):
        finish(task=task, outcome=_("Read for the decision."), by=by, at=at)
