"""Something came up that a signed decision does not outlast: a prescriber's task, until she has decided anew."""

from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from firstlight.clinical.evidence import text
from firstlight.clinical.protocols import rules
from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import write
from firstlight.ground.people.models import Parent
from firstlight.ground.people.permissions import Role
from firstlight.ground.people.steps import IN_CARE
from firstlight.ground.worklist.clearing import may_finish
from firstlight.ground.worklist.models import Task, Urgency
from firstlight.ground.worklist.services import finish, open_task, raise_again
from firstlight.journey.eligibility.models import Decision
from firstlight.journey.eligibility.reopening import KIND, Reason, not_decided_on, open_task_about, reopening
from firstlight.journey.eligibility.reporting import outcome_words
from firstlight.journey.eligibility.said import ASKED_FOR_RULES
from firstlight.journey.eligibility.selectors import episode_of


class Answered(Protocol):
    """A set of questions of an earlier stage, as far as this one looks at it."""

    parent: Parent
    instruments: list[str]


@write
def look_at_answers(*, question_set: Answered, by: Actor, at: datetime) -> None:
    """Look whether what was answered re-opens a decision: follows "screening.completed"."""
    if not ASKED_FOR_RULES.isdisjoint(question_set.instruments):
        look_again(parent=question_set.parent, by=by, at=at)


@write
def look_again(*, parent: Parent, by: Actor, at: datetime) -> Task | None:
    """Open the prescriber's task for what no decision has weighed yet, or add it to the one that is open.

    Nothing for somebody who is not in care, and nothing for what the open task holds already. It pages nobody: what shuts the
    gate of treatment is no danger now, and what is one has its own task on the ladder.
    """
    episode = episode_of(parent)
    if episode is None or episode.state not in IN_CARE:
        return None
    Parent.objects.select_for_update().get(id=parent.id)  # two answers at once find one task
    fresh = not_decided_on(episode, at)
    if not fresh:
        return None
    reason = next(one for one in reversed(reopening().reasons) if set(one.rules) & set(fresh))
    words = _words(reason, fresh)
    standing = open_task_about(episode)
    if standing is None:
        return _open(parent, reason, words, by, at)
    if all(_says(key) in standing.reason for key in fresh):
        return standing
    return raise_again(
        task=standing,
        title=_title(reason),
        reason=words,
        role=Role.PRESCRIBER,
        acknowledge_by=at + reopening().take_within,
        urgency=Urgency.TODAY,
        page_minutes=(),
        cleared_by=(Role.PRESCRIBER,),
        by=by,
        at=at,
    )


def finish_reopened(*, decision: Decision, by: Actor, at: datetime) -> None:
    """Finish the task to decide anew: somebody has. It rests on a run after which nothing was entered."""
    task = open_task_about(decision.episode)
    if task is not None and may_finish(by, task):
        outcome = _("Decided: %(outcome)s.") % {"outcome": outcome_words(decision.outcome)}
        finish(task=task, by=by, at=at, outcome=outcome)


def _open(parent: Parent, reason: Reason, words: str, by: Actor, at: datetime) -> Task:
    return open_task(
        clinic_id=parent.clinic_id,
        parent=parent,
        kind=KIND,
        title=_title(reason),
        reason=words,
        role=Role.PRESCRIBER,
        cleared_by=(Role.PRESCRIBER,),
        acknowledge_by=at + reopening().take_within,
        urgency=Urgency.TODAY,
        link_name="eligibility:assessment",
        link_id=parent.id,
        by=by,
        at=at,
    )


def _title(reason: Reason) -> str:
    return text(reason.title_words, settings.LANGUAGE_CODE)


def _says(rule: str) -> str:
    return text(rules()[rule].text, settings.LANGUAGE_CODE)


def _words(reason: Reason, fresh: tuple[str, ...]) -> str:
    """Return what came to fire and what is to be done, in the clinic's language: a parent may have answered in another."""
    said = " ".join(_says(key) for key in fresh)
    return f"{said}\n{text(reason.does_words, settings.LANGUAGE_CODE)}"
