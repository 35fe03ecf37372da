"""A clinician sends a set from the record, or notes what she asked face to face."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import announce, write
from firstlight.ground.people.errors import CareEnded, Refused
from firstlight.ground.people.models import Episode, Family
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.steps import ENDED, LEFT
from firstlight.journey.screening.asking import is_answered
from firstlight.journey.screening.models import COUNTS, QuestionSet
from firstlight.journey.screening.offering import asked_of, first_free, refusal_of
from firstlight.journey.screening.selectors import given_in, questions_of, sets_of
from firstlight.journey.screening.services.answering import answer
from firstlight.journey.screening.services.assigning import assign, take_back
from firstlight.journey.screening.services.completing import complete
from firstlight.journey.screening.sets import SETS, Comes, SetPlan
from firstlight.journey.screening.situations import life_of


@write
def send_set(*, episode: Episode, set_name: str, by: Actor, at: datetime) -> QuestionSet:
    """Send a set to a parent. It opens at once, or on her next day that has no other one; then she is told. Raises Refused."""
    plan = _plan(episode, set_name, Comes.CLINICIAN, by, at)
    opens_at = first_free(episode.parent, sets_of(by, episode.parent_id), at)
    sent = assign(
        parent=episode.parent, episode=episode, set_name=plan.name, by=by, at=at, due_at=opens_at if opens_at > at else None
    )  # fmt: skip
    announce("screening.sent", question_set=sent, by=by, at=at)
    return sent


@write
def note_asked(*, episode: Episode, set_name: str, values: Mapping[str, int], by: Actor, at: datetime) -> QuestionSet:
    """Note what a clinician asked face to face: every question of the set at once, answered and scored. Raises Refused."""
    plan = _plan(episode, set_name, Comes.PERSON, by, at)
    asked = assign(
        parent=episode.parent, episode=episode, set_name=plan.name, anchor=f"asked:{at.isoformat()}", by=by, at=at
    )  # fmt: skip
    for question in questions_of(asked, given_in(asked)):
        if question.key not in values:
            raise Refused(_("Note an answer to every question."), field=question.key, value=None)
        answer(question_set=asked, item=question.key, value=values[question.key], by=by, at=at)
    complete(question_set=asked, by=by, at=at)
    return asked


def _plan(episode: Episode, set_name: str, comes: Comes, by: Actor, at: datetime) -> SetPlan:
    plan, parent = SETS.get(set_name), episode.parent
    if by.membership_id is None or not by.may(Permission.ANSWERS_READ):
        raise Refused(_("Only somebody who may read the answers can do this."), field="by", value=by.role)
    if plan is None or plan.comes is not comes:
        raise Refused(_("There is no such set to choose here."), field="set_name", value=set_name)
    if episode.state in ENDED:
        raise CareEnded(_("Care has ended. Nothing more is asked."), field="set_name", value=set_name)
    life = life_of(parent, at.astimezone(ZoneInfo(parent.timezone)).date())
    refusal = refusal_of(plan, parent, sets_of(by, parent.id), at, life=life, asked=asked_of(parent))
    if refusal:
        raise Refused(str(refusal), field="set_name", value=set_name)
    return plan


@write
def take_back_about_child(*, family: Family, by: Actor, at: datetime) -> None:
    """Take back what asks about a child, begun or not, from both parents: follows "loss.recorded"."""
    about_child = [plan.name for plan in SETS.values() if plan.about_child]
    waiting = QuestionSet.objects.filter(parent__family=family, set_name__in=about_child, completed_at__isnull=True)
    for question_set in waiting:
        take_back(question_set=question_set, by=by, at=at, begun_too=True)


@write
def finish_without_child(*, family: Family, by: Actor, at: datetime) -> None:
    """Send the open sets of both parents in which nothing is left to ask: follows "loss.recorded".

    The last open questions were about the child, and nobody taps there any more. One that nobody began closes.
    """
    waits = Q(expires_at=None) | Q(expires_at__gt=at)
    found = QuestionSet.objects.filter(COUNTS, waits, parent__family=family, completed_at=None)
    for question_set in found.select_related("parent__family"):
        given = given_in(question_set)
        if any(not is_answered(one, given) for one in questions_of(question_set, given)):
            continue
        if given:
            complete(question_set=question_set, by=by, at=at)
        else:
            take_back(question_set=question_set, by=by, at=at)


@write
def take_back_at_the_end(*, episode: Episode, by: Actor, at: datetime) -> None:
    """Take back what would wait for ever once nobody here reads it, begun or not: follows "episode.moved".

    What has a day on which it closes is the schedule's, which ends it. After a stop what was sent can still be answered.
    """
    if episode.state in LEFT:
        take_back_waiting(episode=episode, by=by, at=at)


@write
def take_back_waiting(*, episode: Episode, by: Actor, at: datetime) -> None:
    """Take back what closes on no day, begun or not. What was answered stays."""
    for question_set in QuestionSet.objects.filter(episode=episode, completed_at=None, expires_at=None):
        take_back(question_set=question_set, by=by, at=at, begun_too=True)
