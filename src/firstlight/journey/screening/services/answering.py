"""Taps. An answer that asks for help and the task that brings it are one transaction."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from firstlight.clinical.evidence import text
from firstlight.clinical.instruments import Flag, Instrument, Item, flags, flags_with, instrument
from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import announce, record, write
from firstlight.ground.design.clocks import date_text
from firstlight.ground.people.errors import Refused
from firstlight.ground.safety.models import Came
from firstlight.ground.safety.models import Concern as Raised
from firstlight.ground.safety.services import raise_concern
from firstlight.journey.screening.asking import UnknownQuestion, find, is_answered, offers_refusal
from firstlight.journey.screening.corrections import stands_for_another
from firstlight.journey.screening.holding import Holdings
from firstlight.journey.screening.models import Answer, QuestionSet
from firstlight.journey.screening.paper import PAPER
from firstlight.journey.screening.selectors import given_in, is_short, questions_of
from firstlight.journey.screening.services.aloud import look_again
from firstlight.journey.screening.services.changing import asked_for_help, note_change
from firstlight.journey.screening.services.choosing import prefer
from firstlight.journey.screening.services.completing import complete
from firstlight.journey.screening.services.following import bring_back, follow_up, not_followed
from firstlight.journey.screening.services.openness import locked_begun
from firstlight.journey.screening.services.scoring import not_whole, score_what_is_whole
from firstlight.journey.screening.sets import followed_in
from firstlight.journey.screening.settling import is_to_choose
from firstlight.journey.screening.strength import has_eased, strength


@dataclass(frozen=True, slots=True)
class Concern:
    """What an answer set off.

    `new`: help fills the screen, for it was neither said in this sitting nor is known from a task that somebody took, or the
    safety plan. `planned`: the plan holds it.
    """

    level: str
    action: str
    new: bool
    planned: bool = False


@dataclass(frozen=True, slots=True)
class Saved:
    """A stored answer; `concern` when it asks for help, `finished` when it was the last one and the set was sent.

    `taken_back`: it stands in the place of one that asked for help, and asks for none.
    """

    answer: Answer
    concern: Concern | None
    finished: bool = False
    taken_back: bool = False


@write
def answer(
    *,
    question_set: QuestionSet,
    item: str,
    value: int,
    by: Actor,
    at: datetime,
    tapped_at: datetime | None = None,
    told_before: Collection[Flag] = (),
) -> Saved:
    """Keep one tap. `item` is a key such as "phq-9:q9". The same value twice is one row; another one amends the first.

    `tapped_at`: when it was tapped, where it waited on a phone; whoever must act is told at `at`, not before. `told_before`:
    what the form brought to somebody already, in whose place this one stands.
    When a safety rule fires, its task is opened here and now: no such answer without its task. Raises Refused.
    """
    definition, asked = _question(question_set, item)
    if value not in asked.answers:
        named = ", ".join(f"{option.value} ({text(option.label)})" for option in asked.options)
        possible = asked.possible if asked.is_number else named
        raise Refused(
            _("This is not one of the answers. Possible are: %(possible)s.") % {"possible": possible},
            field=item,
            value=value,
        )
    return _keep(question_set, definition, asked, value, by, at, tapped_at, told_before)


@write
def skip(*, question_set: QuestionSet, item: str, by: Actor, at: datetime, tapped_at: datetime | None = None) -> Saved:
    """Pass over one question. Where "I do not want to answer" is an answer of its own, that one must be chosen."""
    definition, asked = _question(question_set, item)
    if offers_refusal(definition):
        raise Refused(_("Choose “I do not want to answer”."), field=item, value=None)
    return _keep(question_set, definition, asked, None, by, at, tapped_at)


@write
def tap(
    *,
    question_set: QuestionSet,
    item: str,
    value: int | None,
    by: Actor,
    at: datetime,
    tapped_at: datetime | None = None,
) -> Saved:
    """Keep one tap (None: passed over), and send the set with it when no question is open any more. Raises Refused.

    A questionnaire is scored with the last of its own questions, while others stand open. When nothing but what followed is
    open, later stages are told that the set's own questions are answered.
    In the daily check-in, another item than the chosen one that is answered is the chosen one from then on. What followed and
    went again comes back with an answer to it that asks for help.
    """
    if value is None:
        saved = skip(question_set=question_set, item=item, by=by, at=at, tapped_at=tapped_at)
    else:
        bring_back(question_set=question_set, item=item, value=value, by=by, at=at)
        saved = answer(question_set=question_set, item=item, value=value, by=by, at=at, tapped_at=tapped_at)
        if is_short(question_set) and is_to_choose(saved.answer.instrument, saved.answer.item):
            prefer(question_set=question_set, item=saved.answer.item, by=by, at=tapped_at or at)
    given = given_in(question_set)
    left = [one for one in questions_of(question_set, given) if not is_answered(one, given)]
    if left:
        still_open, tapped = {one.instrument.name for one in left}, saved.answer.instrument
        score_what_is_whole(question_set=question_set, tapped=tapped, unscored=not_whole(left), by=by, at=at)
        if still_open <= followed_in(question_set.set_name, question_set.instruments):
            announce("screening.left_what_followed", question_set=question_set, by=by, at=tapped_at or at)
        return saved
    complete(question_set=question_set, by=by, at=at, tapped_at=tapped_at)
    return replace(saved, finished=True)


def _question(question_set: QuestionSet, key: str) -> tuple[Instrument, Item]:
    try:
        holdings = Holdings(question_set.clinic_id, question_set.instruments)
        return find(question_set.instruments, key, holdings.instrument)
    except UnknownQuestion:
        raise Refused(_("There is no such question in this set."), field="item", value=key) from None


def _keep(
    question_set: QuestionSet,
    definition: Instrument,
    item: Item,
    value: int | None,
    by: Actor,
    at: datetime,
    tapped_at: datetime | None,
    told_before: Collection[Flag] = (),
) -> Saved:
    current = locked_begun(question_set, at, tapped_at)
    rows = list(Answer.objects.filter(question_set=current, instrument=definition.name, item=item.key))
    amended = {row.amends_id for row in rows}
    last = next((row for row in rows if row.id not in amended), None)
    if last is not None and last.value == value:
        return Saved(last, None)
    kept = Answer.objects.create(
        clinic_id=current.clinic_id,
        question_set=current,
        instrument=definition.name,
        item=item.key,
        value=value,
        answered_at=tapped_at or at,
        answered_by_id=by.account_id,
        amends=last,
    )
    record(
        "screening.answered",
        by=by,
        at=at,
        parent=current.parent_id,
        about=current,
        detail={"item": f"{definition.name}:{item.key}", "amends": last is not None},
    )
    follow_up(question_set=current, by=by, at=at)
    question_set.instruments = current.instruments
    look_again(current, f"{definition.name}:{item.key}")
    if item.key not in definition.watched:
        return Saved(kept, None)
    found = flags_with(definition, given_in(current)[definition.name], item.key)
    raised = [flag for flag in found if flag.level and flag not in told_before]
    if not raised:
        if last is not None:
            note_change(question_set=current, definition=definition, item=item, value=value, by=by, at=at)
        return Saved(kept, None, taken_back=asked_for_help(definition, last))
    before = _set_off_by([row for row in Answer.objects.filter(question_set=current) if row.id != kept.id])
    concern = _raise(current, definition, kept, raised, before, by, at)
    return Saved(kept, None if all(flag.quiet for flag in raised) else concern)


def _raise(
    question_set: QuestionSet,
    definition: Instrument,
    kept: Answer,
    raised: Sequence[Flag],
    before: Sequence[Flag],
    by: Actor,
    at: datetime,
) -> Concern:
    strongest = max(raised, key=lambda flag: flag.level)
    said = told(definition, definition.item(kept.item), kept.value) + _on_paper(question_set)
    reason = said + to_ask(question_set, definition, kept.item)
    concern = raise_flag(
        question_set=question_set,
        flag=strongest,
        reason=reason,
        asked=f"{definition.name}:{kept.item}",
        strength=strength(definition, kept.value or 0),
        eased=has_eased(question_set, kept, definition),
        by=by,
        at=at,
    )
    if kept.amends and concern.came in {Came.JOINED, Came.RAISED}:
        item = definition.item(kept.item)
        note_change(question_set=question_set, definition=definition, item=item, value=kept.value, by=by, at=at)
    said_now = any(flag.action == strongest.action and flag.level >= concern.level for flag in before)
    return Concern(
        level=concern.level,
        action=strongest.action,
        new=concern.fills_screen and not said_now,
        planned=concern.known_in_id is not None,
    )


@write
def raise_flag(
    *,
    question_set: QuestionSet,
    flag: Flag,
    reason: str,
    by: Actor,
    at: datetime,
    asked: str = "",
    strength: int = 0,
    eased: bool = False,
) -> Raised:
    """Open or renew the task that an answer asks for, or join it. `asked`, `strength` and `eased`: see `raise_concern`."""
    return raise_concern(
        parent=question_set.parent,
        level=flag.level,
        source=f"screening:{flag.rule}",
        link_name="screening:answers",
        link_id=question_set.parent_id,
        reason=reason,
        asked=asked,
        strength=strength,
        said_in=question_set.id,
        eased=eased,
        by=by,
        at=at,
    )


def told(definition: Instrument, item: Item, value: int | None) -> str:
    """Return an answer as whoever has the task reads it."""
    if not item.worded:
        said = {"title": text(definition.title), "number": item.number, "value": value}
        return _("%(title)s, question %(number)d. Scored: %(value)d.") % said
    chosen = next(option for option in item.options if option.value == value)
    return _("%(title)s, question %(number)d: %(question)s Answer: %(answer)s.") % {
        "title": text(definition.title),
        "number": item.number,
        "question": text(item.text),
        "answer": text(chosen.label),
    }


def to_ask(question_set: QuestionSet, definition: Instrument, item: str) -> str:
    """Return what whoever has the task asks, because it could not follow in the same sitting; nothing when it follows."""
    titles = ", ".join(text(instrument(name).title) for name in not_followed(question_set, definition.name, item))
    words = _("To be asked when you talk, because it could not follow in the same sitting: %(titles)s.")
    return " " + words % {"titles": titles} if titles else ""


def _on_paper(question_set: QuestionSet) -> str:
    if question_set.set_name != PAPER:
        return ""
    filled_in = {"day": date_text(question_set.paper.filled_in_date)}
    if stands_for_another(question_set):
        return " " + _("On paper, filled in on %(day)s, entered wrongly before and corrected now.") % filled_in
    return " " + _("On paper, filled in on %(day)s, entered now.") % filled_in


def _set_off_by(rows: Iterable[Answer]) -> list[Flag]:
    return [flag for row in rows for flag in flags(instrument(row.instrument), {row.item: row.value})]
