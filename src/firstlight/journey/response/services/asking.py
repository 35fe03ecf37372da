"""Check-ins open on their day, in the parent's own hours, and she is told: neutrally, and not more often than she likes."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django_scopes import scope

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.models import Clinic, EpisodeState, Parent
from firstlight.ground.people.steps import LEFT
from firstlight.ground.worklist.services.jobs import goes_well
from firstlight.journey.response.arranging import LONGEST_SET, Ended, Opening, Plan, Waiting, may_tell, plan
from firstlight.journey.response.models import CheckIn
from firstlight.journey.response.schedule import Whom, rule_of, schedule
from firstlight.journey.response.selectors import limits_of
from firstlight.journey.response.services.telling import (
    comes_soon,
    facts_of,
    tell,
    tell_of_sent,
    to_tell,
)
from firstlight.journey.screening.models import QuestionSet
from firstlight.journey.screening.services import TakenOver, assign, take_over

ASKED_FOR_SAFETY = (EpisodeState.STOPPED, EpisodeState.PAUSED)


class NotEverybody(Exception):
    """Some parents could not be asked or told. The log names each and where it failed; everybody else was."""


def remind_due(now: datetime) -> None:
    """Open what is due and tell parents of it, remind of what stands open, then tell and remind of what was sent: everywhere.

    Runs in the background. What fails for one parent is undone and logged, and holds up nobody else. At the end it raises
    NotEverybody, so that the job is tried again soon, and alarms when that goes on.
    """
    failed = 0
    for clinic in Clinic.objects.all():
        by = Actor.system(clinic.id)
        with scope(clinic=clinic.id):
            for what, found, act in (
                ("Check-in of parent", _due(now), _ask),
                ("Reminder of set", _unanswered(now).values_list("question_set_id", flat=True), _remind),
                ("What was sent to parent", to_tell(now).values_list("parent_id", flat=True), _tell_of_sent),
            ):
                for one in list(dict.fromkeys(found)):
                    failed += not goes_well(f"{what} {one}", partial(act, one, by, now))
    if failed:
        raise NotEverybody(failed)


def _due(now: datetime) -> QuerySet[Any]:
    due = _waiting().filter(due_at__lte=now).exclude(episode__state__in=LEFT)
    return due.values_list("parent_id", flat=True)


def _ask(parent_id: UUID, by: Actor, at: datetime) -> None:
    ask(parent=Parent.objects.get(id=parent_id), by=by, at=at)


def _remind(set_id: UUID, by: Actor, at: datetime) -> None:
    remind(question_set=QuestionSet.objects.get(id=set_id), by=by, at=at)


def _tell_of_sent(parent_id: UUID, by: Actor, at: datetime) -> None:
    tell_of_sent(parent=Parent.objects.get(id=parent_id), by=by, at=at)


@write
def ask(*, parent: Parent, by: Actor, at: datetime) -> QuestionSet | None:
    """Open what is due for one parent and send the message with its link, as one step."""
    question_set = open_check_ins(parent=parent, by=by, at=at)
    if question_set is not None:
        tell(question_set, by, at)
    return question_set


@write
def open_check_ins(*, parent: Parent, by: Actor, at: datetime) -> QuestionSet | None:
    """Open what is due for one parent as one set, without a message; None when nothing opens now.

    What can open no more, or has nothing left to ask, ends with its reasons.
    """
    parent = Parent.objects.select_for_update(of=("self",)).select_related("family").get(id=parent.id)
    found = _waiting().filter(parent=parent, due_at__lte=at + schedule().rhythm.merge_within)
    rows = {one.id: one for one in found.exclude(episode__state__in=LEFT).select_related("episode")}
    decided = plan(_as_waiting(rows.values()), facts_of(parent, at)) if rows else Plan({}, None)
    for check_in_id, (why, skipped) in decided.ends.items():
        _end(rows[check_in_id], why, skipped, by, at)
    return _open(decided.opening, rows, parent, by, at) if decided.opening else None


@write
def remind(*, question_set: QuestionSet, by: Actor, at: datetime) -> None:
    """Send one more neutral message about an open set, as far as schedule, hours and her own choice allow.

    None when a check-in comes within the hours in which prompts merge: her message then is that one's. After a stop and in a
    pause the schedule has a number of its own. After a loss none is about a set that asks of nothing but the child, though
    somebody began it.
    """
    parent = Parent.objects.select_for_update(of=("self",)).select_related("family").get(id=question_set.parent_id)
    standing = _unanswered(at).filter(question_set=question_set).select_related("episode")
    waiting = list(standing.exclude(episode__state__in=LEFT))
    facts = facts_of(parent, at)
    if not waiting or comes_soon(parent, at) or not may_tell(facts):
        return
    found = [rule for one in waiting if (rule := rule_of(one.rule)) is not None]
    if facts.silent and all(rule.whom is Whom.WITH_CHILD for rule in found):
        return
    stopped = all(one.episode.state in ASKED_FOR_SAFETY for one in waiting)
    most = 1 + (schedule().stopping.reminders if stopped else max((rule.reminders for rule in found), default=0))
    last_at = max(one.reminded_at or one.opened_at or at for one in waiting)
    if waiting[0].messages < most and at - last_at >= schedule().rhythm.reminder_after:
        tell(waiting[0].question_set or question_set, by, at)


def _open(opening: Opening, rows: dict[UUID, CheckIn], parent: Parent, by: Actor, at: datetime) -> QuestionSet:
    chosen = [rows[check_in_id] for check_in_id in opening.check_ins]
    first = chosen[0]
    over = take_over(parent=parent, names=opening.takes_over, by=by, at=at) if opening.takes_over else []
    along = [name for one in over for name in one.along]
    names = (opening.set_name, *(one.question_set.set_name for one in over if one.along))
    question_set = assign(
        parent=parent,
        episode=first.episode,
        set_name=min((name for name in names if name in LONGEST_SET), key=LONGEST_SET.index),
        instruments=list(dict.fromkeys([*opening.instruments, *along])),
        by=by,
        at=at,
        due_at=at,
        expires_at=opening.expires_at,
        anchor=f"dose:{first.session_id}:{first.rule}"
        if first.session_id
        else f"before:{first.episode_id}:{first.rule}",
    )
    for one in chosen:
        one.question_set, one.opened_at, one.expires_at = question_set, at, opening.expires_at
        one.skipped = {name: str(reason) for name, reason in opening.skipped[one.id].items()}
        one.save(update_fields=["question_set", "opened_at", "expires_at", "skipped"])
    for taken in over:
        _merge(taken, question_set, by, at)
    detail = {"rules": [one.rule for one in chosen], "instruments": list(question_set.instruments)}
    record("check_in.opened", by=by, at=at, parent=parent.id, about=question_set, detail=detail)
    return question_set


def _merge(taken: TakenOver, question_set: QuestionSet, by: Actor, at: datetime) -> None:
    """Let the check-ins of a set that was taken over go along with what they still ask; what asks nothing else ends."""
    for one in CheckIn.objects.filter(question_set=taken.question_set, answered_at=None, ended_at=None):
        rule = rule_of(one.rule)
        if rule is None or not {*rule.asks, *rule.otherwise} & set(taken.along):
            _end(one, Ended.MERGED, one.skipped, by, at)
            continue
        one.question_set, one.opened_at, one.expires_at = question_set, at, question_set.expires_at
        one.save(update_fields=["question_set", "opened_at", "expires_at"])
        record("check_in.moved", by=by, at=at, parent=one.parent_id, about=one)


def _end(one: CheckIn, why: Ended, skipped: Mapping[str, str], by: Actor, at: datetime) -> None:
    one.ended_at, one.ended_why, one.skipped = at, why, dict(skipped)
    one.save(update_fields=["ended_at", "ended_why", "skipped"])
    record("check_in.ended", by=by, at=at, parent=one.parent_id, about=one, detail={"why": str(why)})


def _waiting() -> QuerySet[CheckIn]:
    return CheckIn.objects.filter(question_set=None, ended_at=None)


def _unanswered(now: datetime) -> QuerySet[CheckIn]:
    found = CheckIn.objects.filter(question_set__isnull=False, answered_at=None, ended_at=None)
    return found.filter(opened_at__lte=now, expires_at__gt=now)


def _as_waiting(rows: Iterable[CheckIn]) -> list[Waiting]:
    found = [(one, rule) for one in rows if (rule := rule_of(one.rule)) is not None]
    stops = limits_of(one.episode for one, _rule in found)
    return [Waiting(one.id, rule, one.due_at, one.open_by, stops.get(one.episode_id)) for one, rule in found]
