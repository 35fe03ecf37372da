"""Something came up that a signed decision does not outlast: a prescriber's task, until she has decided anew."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from firstlight.clinical.evidence import text
from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import write
from firstlight.ground.people.models import Family, Parent
from firstlight.ground.people.permissions import Role
from firstlight.ground.people.steps import IN_CARE
from firstlight.ground.visits.models import Visit, VisitKind, VisitStatus
from firstlight.ground.worklist.clearing import may_finish
from firstlight.ground.worklist.models import Task, Urgency
from firstlight.ground.worklist.services import finish, one_at_a_time, open_about, open_task, raise_again
from firstlight.journey.eligibility.finding import Finding
from firstlight.journey.eligibility.models import Decision
from firstlight.journey.eligibility.reopening import (
    KIND,
    REVIEW_KIND,
    not_decided_on,
    open_tasks_about,
    reopening,
)
from firstlight.journey.eligibility.reporting import outcome_words
from firstlight.journey.eligibility.said import ASKED_FOR_RULES
from firstlight.journey.eligibility.selectors import episode_of, last_decision_about


class Answered(Protocol):
    """A set of questions of an earlier stage, as far as this one looks at it."""

    parent: Parent
    instruments: list[str]


@write
def look_at_answers(*, question_set: Answered, by: Actor, at: datetime) -> None:
    """Look whether what was answered re-opens a decision: follows what was completed, scored in part, or taken back."""
    if not ASKED_FOR_RULES.isdisjoint(question_set.instruments):
        look_again(parent=question_set.parent, by=by, at=at)


@write
def look_at_family(*, family: Family, by: Actor, at: datetime) -> None:
    """Look whether what was recorded of a family re-opens a decision about one of its parents: follows "family.changed"."""
    for parent in Parent.objects.filter(family=family).select_related("clinic", "family"):
        look_at_record(parent=parent, by=by, at=at)


@write
def look_at_record(*, parent: Parent, by: Actor, at: datetime) -> None:
    """Look whether what was recorded re-opens a decision: follows "parent.amended". Before one, the next run says it."""
    if last_decision_about(parent) is not None:
        look_again(parent=parent, by=by, at=at)


@write
def look_again(*, parent: Parent, by: Actor, at: datetime) -> Task | None:
    """Open the prescriber's task for what no decision has weighed yet, or add it to the one that is open.

    Nothing for somebody who is not in care, and nothing for what the open task holds already. It pages nobody: what shuts the
    gate of treatment is no danger now, and what is one has its own task on the ladder. A review alone has a task of its own, so
    that finishing it never ends one to decide anew.
    """
    episode = episode_of(parent)
    if episode is None or episode.state not in IN_CARE:
        return None
    one_at_a_time(parent.id)  # two answers at once find one task
    with translation.override(settings.LANGUAGE_CODE):  # the clinic's language: a parent may have answered in another
        fresh = not_decided_on(episode, at)
        if not fresh:
            return None
        kind = KIND if any(one.stops for one in fresh) else REVIEW_KIND
        standing = open_about(parent=parent, kind=kind)
        if standing is None:
            return _open(parent, kind, fresh, by, at)
        if {one.says for one in fresh} <= _said_in(standing, fresh):
            return standing
        return raise_again(
            task=standing,
            title=_title(fresh),
            reason=_words(fresh),
            role=Role.PRESCRIBER,
            acknowledge_by=_due(parent, at),
            urgency=Urgency.TODAY,
            page_minutes=(),
            cleared_by=(Role.PRESCRIBER,),
            by=by,
            at=at,
        )


def finish_reopened(*, decision: Decision, by: Actor, at: datetime) -> None:
    """Finish the tasks to decide anew and to review: somebody has. It rests on a run after which nothing was entered."""
    for task in open_tasks_about(decision.episode).values():
        if may_finish(by, task):
            outcome = _("Decided: %(outcome)s.") % {"outcome": outcome_words(decision.outcome)}
            finish(task=task, by=by, at=at, outcome=outcome)


def _open(parent: Parent, kind: str, fresh: Sequence[Finding], by: Actor, at: datetime) -> Task:
    return open_task(
        clinic_id=parent.clinic_id,
        parent=parent,
        kind=kind,
        title=_title(fresh),
        reason=_words(fresh),
        role=Role.PRESCRIBER,
        cleared_by=(Role.PRESCRIBER,),
        acknowledge_by=_due(parent, at),
        urgency=Urgency.TODAY,
        link_name="eligibility:assessment",
        link_id=parent.id,
        by=by,
        at=at,
    )


def _due(parent: Parent, at: datetime) -> datetime:
    """Return by when somebody takes the task: before the next dose, and never later than any other such task."""
    latest = at + reopening().take_within
    doses = Visit.objects.filter(parent=parent, kind=VisitKind.DOSING, status=VisitStatus.BOOKED)
    coming = doses.filter(starts_at__gt=at, starts_at__lt=latest).order_by("starts_at").first()
    return coming.starts_at if coming else latest


def _title(fresh: Sequence[Finding]) -> str:
    return text(reopening().reasons_for(fresh)[-1].title_words, settings.LANGUAGE_CODE)


def _said_in(task: Task, fresh: Sequence[Finding]) -> set[str]:
    """Return what came up of which the task speaks already: one line says one thing."""
    lines = task.reason.splitlines()
    return {one.says for one in fresh if any(line.startswith(one.says) for line in lines)}


def _words(fresh: Sequence[Finding]) -> str:
    """Return what came up, a line each with its source, and what is to be done about it, the gravest first."""
    said = [one.told for one in fresh]
    does = [text(reason.does_words, settings.LANGUAGE_CODE) for reason in reversed(reopening().reasons_for(fresh))]
    return "\n".join([*said, *does])
