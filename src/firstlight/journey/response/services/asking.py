"""Check-ins open on their day, in the parent's own hours, and she is told: neutrally, and not more often than she likes."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.urls import reverse
from django_scopes import scope

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.models import Child, Clinic, EpisodeState, Parent
from firstlight.ground.worklist.services import absolute, send
from firstlight.journey.dosing.models import Session
from firstlight.journey.response.arranging import Ended, Facts, Opening, Plan, Waiting, may_tell, plan
from firstlight.journey.response.models import OVER, AskingHours, CheckIn
from firstlight.journey.response.schedule import rule_of, schedule
from firstlight.journey.response.selectors import hours_of
from firstlight.journey.screening.holding import held_names
from firstlight.journey.screening.models import COUNTS, QuestionSet
from firstlight.journey.screening.selectors import answered_at
from firstlight.journey.screening.services import assign, link_for

MESSAGE = "response/check_in.txt"
NOT_WRITTEN_TO = (*OVER, EpisodeState.PAUSED)
LONGEST_RECALL = timedelta(days=60)
MESSAGES_REMEMBERED = timedelta(days=2)


def remind_due(now: datetime) -> None:
    """Open what is due and tell parents of it, then remind of what stands open: in every clinic. Runs in the background."""
    for clinic in Clinic.objects.all():
        by = Actor.system(clinic.id)
        with scope(clinic=clinic.id):
            due = _waiting().filter(due_at__lte=now).exclude(episode__state__in=NOT_WRITTEN_TO)
            for parent in Parent.objects.filter(id__in=due.values("parent_id")):
                ask(parent=parent, by=by, at=now)
            for question_set in QuestionSet.objects.filter(id__in=_unanswered(now).values("question_set_id")):
                remind(question_set=question_set, by=by, at=now)


@write
def ask(*, parent: Parent, by: Actor, at: datetime) -> QuestionSet | None:
    """Open what is due for one parent and send the message with its link, as one step."""
    question_set = open_check_ins(parent=parent, by=by, at=at)
    if question_set is not None:
        _tell(question_set, by, at)
    return question_set


@write
def open_check_ins(*, parent: Parent, by: Actor, at: datetime) -> QuestionSet | None:
    """Open what is due for one parent as one set, without a message; None when nothing opens now.

    What can open no more, or has nothing left to ask, ends with its reasons.
    """
    parent = Parent.objects.select_for_update(of=("self",)).select_related("family").get(id=parent.id)
    found = _waiting().filter(parent=parent, due_at__lte=at + schedule().rhythm.merge_within)
    rows = {one.id: one for one in found.exclude(episode__state__in=NOT_WRITTEN_TO).select_related("episode")}
    decided = plan(_as_waiting(rows.values()), _facts(parent, at)) if rows else Plan({}, None)
    for check_in_id, (why, skipped) in decided.ends.items():
        _end(rows[check_in_id], why, skipped, by, at)
    return _open(decided.opening, rows, parent, by, at) if decided.opening else None


@write
def remind(*, question_set: QuestionSet, by: Actor, at: datetime) -> None:
    """Send one more neutral message about an open set, as far as schedule, hours and her own choice allow."""
    parent = Parent.objects.select_for_update(of=("self",)).select_related("family").get(id=question_set.parent_id)
    waiting = list(_unanswered(at).filter(question_set=question_set).exclude(episode__state__in=NOT_WRITTEN_TO))
    if not waiting or not may_tell(_facts(parent, at)):
        return
    found = [rule for one in waiting if (rule := rule_of(one.rule)) is not None]
    most = 1 + max((rule.reminders for rule in found), default=0)
    last_at = max(one.reminded_at or one.opened_at or at for one in waiting)
    if waiting[0].messages < most and at - last_at >= schedule().rhythm.reminder_after:
        _tell(waiting[0].question_set or question_set, by, at)


def _tell(question_set: QuestionSet, by: Actor, at: datetime) -> None:
    """Send the message and note it on every check-in that the set stands for. Who wants none, or has no address, gets none."""
    parent, rows = question_set.parent, list(CheckIn.objects.filter(question_set=question_set))
    off = AskingHours.objects.filter(parent=parent, messages_off_at__isnull=False).exists()
    if off or not parent.email or not rows:
        return
    link = link_for(question_set=question_set, by=by, at=at)
    number = rows[0].messages + 1
    send(
        clinic_id=question_set.clinic_id,
        to=parent.email,
        template=MESSAGE,
        context={"link": absolute(link), "hours": absolute(reverse("response:hours"))},
        by=by,
        at=at,
        parent=parent,
        key=f"check-in:{question_set.id}:{number}",
    )
    CheckIn.objects.filter(question_set=question_set).update(reminded_at=at, messages=number)
    record("check_in.reminded", by=by, at=at, parent=parent.id, about=question_set, detail={"number": number})


def _open(opening: Opening, rows: dict[UUID, CheckIn], parent: Parent, by: Actor, at: datetime) -> QuestionSet:
    chosen = [rows[check_in_id] for check_in_id in opening.check_ins]
    first = chosen[0]
    question_set = assign(
        parent=parent,
        episode=first.episode,
        set_name=opening.set_name,
        instruments=opening.instruments,
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
    detail = {"rules": [one.rule for one in chosen], "instruments": list(opening.instruments)}
    record("check_in.opened", by=by, at=at, parent=parent.id, about=question_set, detail=detail)
    return question_set


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
    found = [(one, rule_of(one.rule)) for one in rows]
    return [Waiting(one.id, rule, one.due_at, one.open_by) for one, rule in found if rule is not None]


def _facts(parent: Parent, at: datetime) -> Facts:
    told = CheckIn.objects.filter(parent=parent).filter(
        Q(opened_at__gt=at - MESSAGES_REMEMBERED) | Q(reminded_at__gt=at - MESSAGES_REMEMBERED)
    )
    moments = {moment for row in told.values_list("opened_at", "reminded_at") for moment in row if moment is not None}
    doses = Session.objects.filter(parent=parent, ended_at__isnull=False).order_by("-ended_at")
    return Facts(
        now=at,
        zone=ZoneInfo(parent.timezone),
        hours=hours_of(parent).hours,
        rhythm=schedule().rhythm,
        asked_at=_asked_at(parent, at),
        last_dose_at=doses.values_list("ended_at", flat=True).first(),
        told_at=sorted(moments),
        silent=parent.family.silent_about_baby,
        has_child=Child.objects.filter(family=parent.family).exists(),
        held=held_names(parent.clinic_id),
    )


def _asked_at(parent: Parent, at: datetime) -> dict[str, datetime]:
    """Return when each instrument was answered last: paper on its day. One that stands open counts as asked now."""
    lately = Q(completed_at__gt=at - LONGEST_RECALL) | Q(completed_at=None, expires_at__gt=at, due_at__lte=at)
    asked: dict[str, datetime] = {}
    for question_set in QuestionSet.objects.filter(lately, COUNTS, parent=parent):
        last = answered_at(question_set) or at
        for name in question_set.instruments:
            asked[name] = max(asked.get(name, last), last)
    return asked
