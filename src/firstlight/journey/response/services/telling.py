"""Messages to a parent: neutral, in her own hours, at most one a day, and one for all that stands open then.

Each is written in the transaction that notes it: a worker that dies between two steps leaves neither.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.urls import reverse

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.models import Child, EpisodeState, Loss, Parent
from firstlight.ground.people.steps import LEFT
from firstlight.ground.worklist.services import absolute, send
from firstlight.journey.dosing.models import Session
from firstlight.journey.dosing.selectors import in_session
from firstlight.journey.response.arranging import Facts, may_tell
from firstlight.journey.response.models import AskingHours, CheckIn, SentSet
from firstlight.journey.response.schedule import schedule
from firstlight.journey.response.selectors import hours_of
from firstlight.journey.screening.holding import held_names
from firstlight.journey.screening.models import QuestionSet
from firstlight.journey.screening.recalls import LONGEST_RECALL, answered_since, standing_open, tapped_since
from firstlight.journey.screening.services import link_for
from firstlight.journey.screening.sets import SETS

MESSAGE = "response/check_in.txt"
NOT_TOLD_OF_SENT = (*LEFT, EpisodeState.PAUSED)
MESSAGES_REMEMBERED = timedelta(days=2)


@write
def note_sent(*, question_set: QuestionSet, by: Actor, at: datetime) -> SentSet:
    """Note that the parent is to be told of a set: follows "screening.sent". Once a set, however often it was sent."""
    parent = question_set.parent
    sent, made = SentSet.objects.get_or_create(
        question_set=question_set, defaults={"clinic_id": parent.clinic_id, "parent": parent}
    )
    if made:
        record("set.to_be_told", by=by, at=at, parent=parent.id, about=question_set)
    return sent


@write
def tell_of_sent(*, parent: Parent, by: Actor, at: datetime) -> None:
    """Send one message about what was sent to a parent and is open, unless a check-in that comes soon takes it along.

    It tells of what she was not told of, and reminds of what is due again.
    """
    parent = Parent.objects.select_for_update(of=("self",)).select_related("family").get(id=parent.id)
    waiting = list(to_tell(at).filter(parent=parent))
    if not waiting or comes_soon(parent, at):
        return
    if may_tell(facts_of(parent, at)) and _wants_messages(parent):
        first = waiting[0]
        _send(parent, [], waiting, f"sent-set:{first.question_set_id}:{first.messages + 1}", by, at)


def comes_soon(parent: Parent, at: datetime) -> bool:
    """Tell whether a check-in comes due within the hours in which prompts merge: one message is for both."""
    soon = CheckIn.objects.filter(parent=parent, question_set=None, ended_at=None, due_at__gt=at)
    return soon.filter(due_at__lte=at + schedule().rhythm.merge_within).exists()


def to_tell(at: datetime) -> QuerySet[SentSet]:
    """Return what was sent, can be answered now, and of which a parent is told now, for the first time or again.

    After a loss nothing speaks of a set about the baby, though somebody began it.
    """
    open_now = Q(question_set__due_at=None) | Q(question_set__due_at__lte=at)
    still = Q(question_set__expires_at=None) | Q(question_set__expires_at__gt=at)
    found = SentSet.objects.filter(open_now, still, _due(at), question_set__completed_at=None)
    about_child = [plan.name for plan in SETS.values() if plan.about_child]
    silent = Q(question_set__set_name__in=about_child, parent__family__in=Loss.objects.values("family_id"))
    spoken = found.exclude(silent).exclude(question_set__episode__state__in=NOT_TOLD_OF_SENT)
    return spoken.select_related("question_set").order_by("id")


def _due(at: datetime) -> Q:
    """Return the condition for a message: the first one, or a reminder as the schedule has it. After a stop none follows."""
    rule = schedule().sent_sets
    last = Q(reminded_at=None, told_at__lte=at - rule.after) | Q(reminded_at__lte=at - rule.after)
    again = last & Q(told_at__gt=at - rule.within, reminders__lt=rule.reminders)
    return Q(told_at=None) | (again & ~Q(question_set__episode__state=EpisodeState.STOPPED))


def tell(question_set: QuestionSet, by: Actor, at: datetime) -> None:
    """Tell of a check-in and note it on each that the set stands for. Who wants no message, or has no address, gets none."""
    parent, rows = question_set.parent, list(CheckIn.objects.filter(question_set=question_set))
    if not rows or not _wants_messages(parent):
        return
    number = rows[0].messages + 1
    _send(parent, [question_set], to_tell(at).filter(parent=parent), f"check-in:{question_set.id}:{number}", by, at)
    CheckIn.objects.filter(question_set=question_set).update(reminded_at=at, messages=number)
    record("check_in.reminded", by=by, at=at, parent=parent.id, about=question_set, detail={"number": number})


def _wants_messages(parent: Parent) -> bool:
    return bool(parent.email) and not AskingHours.objects.filter(parent=parent, messages_off_at__isnull=False).exists()


def _send(
    parent: Parent,
    check_ins: Sequence[QuestionSet],
    sent: Sequence[SentSet] | QuerySet[SentSet],
    key: str,
    by: Actor,
    at: datetime,
) -> None:
    """Send one message with a link to each set, and note of what was sent that she was told or reminded."""
    links = [
        absolute(link_for(question_set=one, by=by, at=at)) for one in (*check_ins, *(row.question_set for row in sent))
    ]
    send(
        clinic_id=parent.clinic_id,
        to=parent.email,
        template=MESSAGE,
        context={"link": links[0], "also": links[1:], "hours": absolute(reverse("response:hours"))},
        by=by,
        at=at,
        parent=parent,
        key=key,
    )
    for row in sent:
        _note_told(row, by, at)


def _note_told(row: SentSet, by: Actor, at: datetime) -> None:
    if row.told_at is None:
        row.told_at = at
        record("set.told", by=by, at=at, parent=row.parent_id, about=row.question_set)
    else:
        row.reminded_at, row.reminders = at, row.reminders + 1
        detail = {"number": row.reminders}
        record("set.reminded", by=by, at=at, parent=row.parent_id, about=row.question_set, detail=detail)
    row.save(update_fields=["told_at", "reminded_at", "reminders"])


def facts_of(parent: Parent, at: datetime) -> Facts:
    """Return what decides whether and what a parent is asked now.

    What was sent from the record counts as open for as long as it is reminded of: nobody waits for what a parent leaves.
    """
    told = CheckIn.objects.filter(parent=parent).filter(
        Q(opened_at__gt=at - MESSAGES_REMEMBERED) | Q(reminded_at__gt=at - MESSAGES_REMEMBERED)
    )
    moments = {moment for row in told.values_list("opened_at", "reminded_at") for moment in row if moment is not None}
    lately = SentSet.objects.filter(parent=parent).filter(
        Q(told_at__gt=at - MESSAGES_REMEMBERED) | Q(reminded_at__gt=at - MESSAGES_REMEMBERED)
    )
    moments |= {moment for row in lately.values_list("told_at", "reminded_at") for moment in row if moment is not None}
    doses = Session.objects.filter(parent=parent, ended_at__isnull=False).order_by("-ended_at")
    standing = frozenset(standing_open(parent.id, at, at - schedule().sent_sets.within))
    return Facts(
        now=at,
        zone=ZoneInfo(parent.timezone),
        hours=hours_of(parent).hours,
        rhythm=schedule().rhythm,
        asked_at=answered_since(parent.id, at - LONGEST_RECALL),
        standing=standing,
        answering=bool(standing) and tapped_since(parent.id, at, at - schedule().rhythm.begun_waits),
        last_dose_at=doses.values_list("ended_at", flat=True).first(),
        told_at=sorted(moments),
        silent=parent.family.silent_about_baby,
        has_child=Child.objects.filter(family=parent.family).exists(),
        held=held_names(parent.clinic_id),
        relation=parent.relation,
        in_session=in_session(parent, at),
    )
