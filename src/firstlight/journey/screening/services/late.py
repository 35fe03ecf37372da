"""Answers that ask for help and come when no answer is taken any more: told to the clinic all the same."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from firstlight.clinical.instruments import Flag, Instrument, Item, flags
from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import write
from firstlight.ground.safety.models import Concern
from firstlight.journey.screening.asking import UnknownQuestion, find
from firstlight.journey.screening.models import Answer, QuestionSet
from firstlight.journey.screening.selectors import has_closed
from firstlight.journey.screening.services.answering import raise_flag, to_ask, told
from firstlight.journey.screening.services.following import followed_before
from firstlight.journey.screening.services.openness import locked


@dataclass(frozen=True, slots=True)
class Late:
    """What an answer asks for that came late. `stands`: the set holds the same already, as when a finger taps twice."""

    action: str
    stands: bool


@write
def tell_late(*, question_set: QuestionSet, item: str, value: int | None, by: Actor, at: datetime) -> Late | None:
    """Tell the clinic, now, of an answer that is taken no more. None: it asks for no help, and nobody was told.

    For a set that was sent or has closed, and for one whose link opens nothing any more. Nothing is kept as an answer. The same
    again is told once as long as somebody has its task.
    """
    current = locked(question_set)
    raised = flags_of(current, item, value)
    if not raised:
        return None
    tell(question_set=current, item=item, value=value, raised=raised, by=by, at=at)
    strongest = max(raised, key=lambda flag: flag.level)
    return Late(strongest.action, _stands(current, item, value))


@write
def tell(
    *, question_set: QuestionSet, item: str, value: int | None, raised: tuple[Flag, ...], by: Actor, at: datetime
) -> None:
    """Open or renew the task of an answer that is kept as none. `raised`: what it sets off. The caller has locked the set."""
    definition, asked = _find(question_set, item)
    strongest = max(raised, key=lambda flag: flag.level)
    reason = _reason(question_set, definition, asked, value, at)
    if not _is_told(question_set, item, value, reason):
        raise_flag(question_set=question_set, flag=strongest, reason=reason, by=by, at=at)


def flags_of(question_set: QuestionSet, item: str, value: int | None) -> tuple[Flag, ...]:
    """Return what one answer sets off by itself, also to what followed an earlier answer and follows it no more."""
    try:
        definition, asked = _find(question_set, item)
    except UnknownQuestion:
        return ()
    if value is None or value not in asked.values:
        return ()
    return tuple(flag for flag in flags(definition, {asked.key: value}) if not flag.quiet)


def _find(question_set: QuestionSet, item: str) -> tuple[Instrument, Item]:
    name = item.partition(":")[0]
    return find(question_set.instruments if name in question_set.instruments else followed_before(question_set), item)


def _reason(question_set: QuestionSet, definition: Instrument, item: Item, value: int | None, at: datetime) -> str:
    said = {"told": told(definition, item, value)}
    if has_closed(question_set.id, at):
        words = _("%(told)s It came after the questions were closed, and stands in no result.") % said
    else:
        words = _("%(told)s It came when this was no longer asked here, and stands in no result.") % said
    return words + to_ask(question_set, definition, item.key)


def _is_told(question_set: QuestionSet, item: str, value: int | None, reason: str) -> bool:
    """Tell whether somebody has this answer before her already: it came like this before, or stands in the set."""
    held = list(Concern.objects.filter(said_in=question_set.id, task__finished_at=None))
    if any(one.asked == item for one in held) and _stands(question_set, item, value):
        return True
    return any(one.reason == reason for one in held)


def _stands(question_set: QuestionSet, item: str, value: int | None) -> bool:
    name, _colon, key = item.partition(":")
    found = Answer.objects.filter(question_set=question_set, instrument=name, item=key, amended_by__isnull=True)
    return found.filter(value=value).exists()


__all__ = ["Late", "flags_of", "tell", "tell_late"]
