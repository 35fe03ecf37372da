"""Sealed taps that arrive from a phone: opened, taken as any other tap, each once."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from firstlight.clinical.instruments import Flag
from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.errors import Refused
from firstlight.ground.vault.boxes import BoxBroken
from firstlight.ground.vault.pairs import UnknownPair, open_for
from firstlight.journey.screening.models import Answer, QuestionSet, SealedTap
from firstlight.journey.screening.sealed import Malformed, SealedBox, Timing, Told, read_told, timing
from firstlight.journey.screening.selectors import is_expired
from firstlight.journey.screening.services.answering import tap
from firstlight.journey.screening.services.late import flags_of, tell
from firstlight.journey.screening.services.openness import locked
from firstlight.journey.screening.settling import CHECK_IN, settled


class CannotBeOpened(Refused):
    """The box was sealed for another set or another key, or was changed on its way."""


class IdTaken(Refused):
    """Another box has come under this id."""


class TooMany(Refused):
    """More boxes than anybody taps came for one set."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a box. `again`: it had come before. `counts`: it is an answer of the set, not only told of.

    `further`: what it set off is asked now, beside the four taps.
    """

    again: bool
    counts: bool
    asks_help: bool
    finished: bool
    further: bool


@write
def receive(*, question_set: QuestionSet, box: SealedBox, page_made_at: datetime, by: Actor, at: datetime) -> Receipt:
    """Open a box and take the tap in it, in the transaction of its task. The same box again changes nothing.

    An answer that asks for help is told to the clinic also when it came too late to count. Raises CannotBeOpened, IdTaken,
    TooMany, and Refused for what no tap of this set may be.
    """
    current = locked(question_set)
    with scopes_disabled():  # an id is one for all clinics
        known = SealedTap.objects.filter(id=box.id).first()
    if known is not None:
        return _again(known, current, box, at)
    if SealedTap.objects.filter(question_set=current).count() >= settled().boxes_a_set:
        raise TooMany(_("Too many answers came for these questions. Please call the clinic."))
    said = _opened(current, box)
    when = timing(said, box, page_made_at=page_made_at, arrived_at=at)
    raised = flags_of(current, said.item, said.value)
    kept = _taken(current, said, raised, when, by, at)
    made = SealedTap.objects.create(
        id=box.id,
        clinic_id=current.clinic_id,
        question_set=current,
        answer=kept,
        pair_id=box.pair_id,
        box_digest=box.digest,
        told_at=said.told_at,
        clock_ahead_seconds=int(when.ahead.total_seconds()),
        tapped_at=when.tapped_at,
        arrived_at=at,
        asks_help=bool(raised),
    )
    detail = {"counts": kept is not None, "waited_seconds": int((at - when.tapped_at).total_seconds())}
    record("screening.box_opened", by=by, at=at, parent=current.parent_id, about=made, detail=detail)
    return _receipt(locked(current), at, again=False, counts=kept is not None, asks_help=bool(raised))


def _again(known: SealedTap, question_set: QuestionSet, box: SealedBox, at: datetime) -> Receipt:
    if (known.question_set_id, known.box_digest) != (question_set.id, box.digest):
        raise IdTaken(_("Another answer came under the same number."), field="id", value=box.id)
    return _receipt(question_set, at, again=True, counts=known.answer_id is not None, asks_help=known.asks_help)


def _receipt(question_set: QuestionSet, at: datetime, *, again: bool, counts: bool, asks_help: bool) -> Receipt:
    finished = question_set.completed_at is not None
    followed = any(name != CHECK_IN for name in question_set.instruments)
    further = followed and not finished and not is_expired(question_set, at)
    return Receipt(again=again, counts=counts, asks_help=asks_help, finished=finished, further=further)


def _opened(question_set: QuestionSet, box: SealedBox) -> Told:
    try:
        context = box.context(question_set.id)
        plain = open_for(owner_id=question_set.clinic_id, pair_id=box.pair_id, box=box.content, context=context)
        return read_told(plain)
    except (UnknownPair, BoxBroken, Malformed):
        raise CannotBeOpened(_("The clinic could not open this answer."), field="box", value=box.id) from None


def _taken(
    question_set: QuestionSet, said: Told, raised: tuple[Flag, ...], when: Timing, by: Actor, at: datetime
) -> Answer | None:
    """Take a tap as an answer; None when it came too late for that and the clinic was told of it."""
    standing = _standing(question_set, said)
    if standing is not None:
        return standing
    try:
        return tap(
            question_set=question_set, item=said.item, value=said.value, by=by, at=at, tapped_at=when.tapped_at
        ).answer
    except Refused:
        if not raised:
            raise
        tell(question_set=question_set, item=said.item, value=said.value, raised=raised, by=by, at=at)
        return None


def _standing(question_set: QuestionSet, said: Told) -> Answer | None:
    """Return the answer of a finished set that says the same already: it came another way."""
    name, _colon, key = said.item.partition(":")
    if question_set.completed_at is None:
        return None
    found = Answer.objects.filter(question_set=question_set, instrument=name, item=key, amended_by__isnull=True)
    return found.filter(value=said.value).first()


__all__ = ["CannotBeOpened", "IdTaken", "Receipt", "TooMany", "receive"]
