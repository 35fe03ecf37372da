"""A question about harm that was passed over is no quiet no: somebody asks it when they talk next."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from firstlight.clinical.evidence import text
from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.permissions import Role
from firstlight.ground.safety.ladder import ladder
from firstlight.ground.worklist.services import join, open_about, open_task
from firstlight.journey.screening.asking import Given, Question, is_answered
from firstlight.journey.screening.models import QuestionSet
from firstlight.journey.screening.selectors import questions_of

ASK_ALOUD = "ask-aloud"
ABOUT_HARM = frozenset({"brief_safety_assessment", "acute_safety_assessment", "safeguarding_review"})
"""What an answer to such a question may ask for."""


def ask_aloud(question_set: QuestionSet, given: Given, by: Actor, at: datetime) -> None:
    """Open one task about what a finished or left set has no answer to, or join the open one. Nobody is paged.

    In a set that was left, what she never came to was not passed over. Nothing is told twice.
    """
    finished = question_set.completed_at is not None
    passed = [
        one
        for one in _passed(question_set, given)
        if one.key not in question_set.told_open and (finished or is_answered(one, given))
    ]
    if not passed:
        return
    question_set.told_open = [*question_set.told_open, *(one.key for one in passed)]
    question_set.save(update_fields=["told_open"])
    said = _("It was passed over, and that is not a no. Ask it when you talk next, and before the next dose.")
    reason = "\n".join([said, *map(_words, passed)])
    standing = open_about(parent=question_set.parent, kind=ASK_ALOUD)
    if standing is not None:
        join(task=standing, note=reason, by=by, at=at)
        return
    open_task(
        clinic_id=question_set.clinic_id,
        parent=question_set.parent,
        kind=ASK_ALOUD,
        title=_("%(name)s left a question about safety open: ask aloud") % {"name": question_set.parent.name},
        reason=reason,
        role=Role.NURSE,
        acknowledge_by=at + timedelta(minutes=ladder().ask_aloud_minutes),
        urgency="routine",
        link_name="screening:answers",
        link_id=question_set.parent_id,
        by=by,
        at=at,
    )


def look_again(question_set: QuestionSet, tapped: str) -> None:
    """Let a set that was looked at be looked at again: she tapped on. What she answers now was not passed over any more."""
    if question_set.left_seen_at is None:
        return
    question_set.left_seen_at = None
    question_set.told_open = [key for key in question_set.told_open if key != tapped]
    question_set.save(update_fields=["left_seen_at", "told_open"])


def _passed(question_set: QuestionSet, given: Given) -> Iterator[Question]:
    """Yield the questions about harm to oneself or a child that have no answer."""
    for question in questions_of(question_set, given):
        rules = [rule for rule in question.instrument.safety if rule.action in ABOUT_HARM]
        asks = any(question.item.key in rule.condition.any_of for rule in rules)
        if asks and given.get(question.instrument.name, {}).get(question.item.key) is None:
            yield question


def _words(question: Question) -> str:
    """Return a question as whoever has the task reads it: with its own words where they are here."""
    said = {"title": text(question.instrument.title), "number": question.item.number}
    if not question.item.worded:
        return _("%(title)s, question %(number)d") % said
    return _("%(title)s, question %(number)d: %(question)s") % {**said, "question": text(question.item.text)}
