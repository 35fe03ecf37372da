"""Somebody of the clinic records why a check-in was not asked, or that it is due after all."""

from datetime import datetime

from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.errors import Refused
from firstlight.journey.response.arranging import Ended
from firstlight.journey.response.models import CheckIn
from firstlight.journey.response.schedule import rule_of
from firstlight.journey.screening.models import Answer, NotAsked
from firstlight.journey.screening.services import record_not_asked, take_back

LONGEST_NAME = 20


@write
def note_not_asked(*, check_in: CheckIn, reason: str, words: str = "", by: Actor, at: datetime) -> NotAsked:
    """Record why a check-in was not asked, or another reason in place of the first. What opened with it goes with it.

    It neither opens nor waits for an answer any more, and counts as missing nowhere. Refused for one that was answered or
    begun, and for one that ended for another cause.
    """
    together = _locked(check_in)
    current = next(one for one in together if one.id == check_in.id)
    _may_be_recorded(current)
    kept = record_not_asked(
        parent=current.parent,
        set_name=_set_name(current),
        instruments=_names(together),
        due_at=min(one.due_at for one in together),
        reason=reason,
        words=words,
        amends=current.not_asked,
        by=by,
        at=at,
    )
    if current.ended_at is None and current.question_set is not None:
        take_back(question_set=current.question_set, by=by, at=at)
    for one in together:
        one.ended_at, one.ended_why, one.not_asked = one.ended_at or at, Ended.NOT_ASKED, kept
        one.save(update_fields=["ended_at", "ended_why", "not_asked"])
        record("check_in.not_asked", by=by, at=at, parent=one.parent_id, about=one, detail={"reason": reason})
    return kept


@write
def ask_after_all(*, check_in: CheckIn, by: Actor, at: datetime) -> None:
    """Take a recorded reason back: the check-in is due as before, or stands as not answered. Its record stays readable.

    Refused for one that was taken back from the parent's phone: it cannot be opened a second time.
    """
    together = _locked(check_in)
    current = next(one for one in together if one.id == check_in.id)
    said = current.not_asked
    if said is None or current.ended_at is None:
        raise Refused(_("No reason is recorded here."), field="reason", value=current.ended_why)
    if current.expires_at is not None and current.expires_at > current.ended_at:
        raise Refused(_("It was taken back while it was open, and cannot be opened again."), field="reason")
    record_not_asked(
        parent=current.parent,
        set_name=said.set_name,
        instruments=said.instruments,
        due_at=said.due_at,
        reason=said.reason,
        words=said.words,
        amends=said,
        withdrawn=True,
        by=by,
        at=at,
    )
    for one in together:
        one.ended_at, one.ended_why, one.not_asked = None, "", None
        one.save(update_fields=["ended_at", "ended_why", "not_asked"])
        record("check_in.asked_after_all", by=by, at=at, parent=one.parent_id, about=one)


def _locked(check_in: CheckIn) -> list[CheckIn]:
    """Return a check-in with those that opened as the same set, as they stand now."""
    rows = CheckIn.objects.select_for_update(of=("self",)).select_related("parent", "question_set", "not_asked")
    if check_in.question_set_id is None:
        return list(rows.filter(id=check_in.id))
    return list(rows.filter(question_set_id=check_in.question_set_id))


def _may_be_recorded(current: CheckIn) -> None:
    begun = current.question_set_id and Answer.objects.filter(question_set_id=current.question_set_id).exists()
    if current.answered_at is not None or begun:
        raise Refused(_("Something of it was answered, so it was asked."), field="reason", value=current.rule)
    if current.ended_at is not None and current.not_asked is None:
        raise Refused(_("It ended already, and the record says why."), field="reason", value=current.ended_why)


def _set_name(current: CheckIn) -> str:
    rule = rule_of(current.rule)
    if current.question_set is not None:
        return current.question_set.set_name
    return rule.set_name if rule is not None else current.rule[:LONGEST_NAME]


def _names(together: list[CheckIn]) -> list[str]:
    opened = together[0].question_set
    if opened is not None:
        return list(opened.instruments)
    rule = rule_of(together[0].rule)
    return list(rule.asks) if rule is not None else []
