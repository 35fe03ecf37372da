"""Questions asked, answered and scored. An answer that asks for help and the task that brings it are one transaction."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from firstlight.clinical.evidence import text
from firstlight.clinical.instruments import Flag, Instrument, Item, flags, instrument, instrument_json, score
from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import announce, record, write
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Episode, Parent
from firstlight.ground.people.permissions import Role
from firstlight.ground.safety.services import raise_concern
from firstlight.ground.worklist.services import open_task
from firstlight.journey.screening.asking import UnknownQuestion, find, is_answered, offers_refusal
from firstlight.journey.screening.models import Answer, QuestionSet, Result
from firstlight.journey.screening.selectors import (
    digest_of,
    given_in,
    is_early,
    is_expired,
    questions_of,
)
from firstlight.journey.screening.sets import SETS

LINK_ROLE = "link"


@dataclass(frozen=True, slots=True)
class Concern:
    """What an answer set off. `new`: stronger than anything said before in this sitting, so help fills the screen."""

    level: str
    action: str
    new: bool


@dataclass(frozen=True, slots=True)
class Saved:
    """A stored answer; `concern` when it asks for help."""

    answer: Answer
    concern: Concern | None


@write
def assign(
    *,
    parent: Parent,
    episode: Episode,
    set_name: str,
    by: Actor,
    at: datetime,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    anchor: str = "",
) -> QuestionSet:
    """Ask a parent to answer a set. The same set for the same anchor, or still open, is returned as it is.

    It can be answered from `due_at` (None: at once) until `expires_at` (None: at any time). Raises Refused.
    """
    plan = SETS.get(set_name)
    if plan is None:
        known = ", ".join(SETS)
        raise Refused(
            _("There is no such set. Choose one of: %(known)s.") % {"known": known}, field="set_name", value=set_name
        )
    Episode.objects.select_for_update().get(id=episode.id)  # two that ask at once find one set
    asked = QuestionSet.objects.filter(parent=parent, episode=episode, set_name=set_name, anchor=anchor)
    standing = asked.first() if anchor else asked.filter(completed_at__isnull=True).order_by("-assigned_at").first()
    if standing is not None and (anchor or not is_expired(standing, at)):
        return standing
    question_set = QuestionSet.objects.create(
        clinic_id=parent.clinic_id,
        parent=parent,
        episode=episode,
        set_name=set_name,
        instruments=list(plan.instruments),
        anchor=anchor,
        assigned_at=at,
        due_at=due_at,
        expires_at=expires_at,
    )
    record("screening.assigned", by=by, at=at, parent=parent.id, about=question_set, detail={"set": set_name})
    return question_set


def assign_first(*, episode: Episode, by: Actor, at: datetime, link: str = "") -> QuestionSet:
    """Ask the first questions of somebody who was invited: follows "episode.invited". Once an episode, however often."""
    return assign(
        parent=episode.parent, episode=episode, set_name="first", anchor=f"episode:{episode.id}", by=by, at=at
    )


@write
def answer(*, question_set: QuestionSet, item: str, value: int, by: Actor, at: datetime) -> Saved:
    """Keep one tap. `item` is a key such as "phq-9:q9". The same value twice is one row; another one amends the first.

    When a safety rule fires, its task is opened here and now: no such answer without its task. Raises Refused.
    """
    definition, asked = _question(question_set, item)
    if value not in asked.values:
        possible = ", ".join(f"{option.value} ({text(option.label)})" for option in asked.options)
        raise Refused(
            _("This is not one of the answers. Possible are: %(possible)s.") % {"possible": possible},
            field=item,
            value=value,
        )
    return _keep(question_set, definition, asked, value, by, at)


@write
def skip(*, question_set: QuestionSet, item: str, by: Actor, at: datetime) -> Saved:
    """Pass over one question. Where "I do not want to answer" is an answer of its own, that one must be chosen."""
    definition, asked = _question(question_set, item)
    if offers_refusal(definition):
        raise Refused(_("Choose “I do not want to answer”."), field=item, value=None)
    return _keep(question_set, definition, asked, None, by, at)


@write
def complete(*, question_set: QuestionSet, by: Actor, at: datetime) -> list[Result]:
    """Score what was answered and say so. Refused while a question has neither an answer nor was passed over."""
    current = _open(question_set, at)
    given = given_in(current)
    missing = [question for question in questions_of(current, given) if not is_answered(question, given)]
    if missing:
        raise Refused(
            _("%(count)d questions are still open.") % {"count": len(missing)}, field=missing[0].key, value=None
        )
    results = [_score(current, name, by, at) for name in current.instruments]
    current.completed_at, current.link_digest = at, None
    current.save(update_fields=["completed_at", "link_digest"])
    question_set.completed_at, question_set.link_digest = at, None
    record("screening.completed", by=by, at=at, parent=current.parent_id, about=current)
    _ask_for_reading(current, by, at)
    announce("screening.completed", question_set=current, by=by, at=at)
    return results


@write
def link_for(*, question_set: QuestionSet, by: Actor, at: datetime) -> str:
    """Return the address under which this one set can be answered without signing in. An earlier link stops working.

    Only a digest of the token is stored. Raises Refused for a set that is finished or expired.
    """
    current = _open(question_set, at)
    token = secrets.token_urlsafe(24)
    current.link_digest = question_set.link_digest = digest_of(token)
    current.save(update_fields=["link_digest"])
    record("screening.link_made", by=by, at=at, parent=current.parent_id, about=current)
    return reverse("screening:link", args=[token])


def link_actor(question_set: QuestionSet) -> Actor:
    """Return who acts through a check-in link: nobody known, who may write this one set and reach nothing else."""
    return Actor(role=LINK_ROLE, clinic_id=question_set.clinic_id)


def version_of(definition: Instrument) -> str:
    """Return a short digest of an instrument's wording, values and bands: two versions never look alike."""
    return hashlib.sha256(json.dumps(instrument_json(definition), sort_keys=True).encode()).hexdigest()[:12]


def _open(question_set: QuestionSet, at: datetime) -> QuestionSet:
    current = (
        QuestionSet.objects.select_for_update(of=("self",)).select_related("parent__family").get(id=question_set.id)
    )
    if current.completed_at is not None:
        raise Refused(_("These answers were sent already."), field="question_set", value=current.id)
    if is_expired(current, at):
        raise Refused(_("The time for these questions is over."), field="question_set", value=current.id)
    return current


def _begun(question_set: QuestionSet, at: datetime) -> QuestionSet:
    current = _open(question_set, at)
    if is_early(current, at):
        raise Refused(_("These questions open later."), field="question_set", value=current.id)
    return current


def _question(question_set: QuestionSet, key: str) -> tuple[Instrument, Item]:
    try:
        return find(question_set.instruments, key)
    except UnknownQuestion:
        raise Refused(_("There is no such question in this set."), field="item", value=key) from None


def _keep(
    question_set: QuestionSet, definition: Instrument, item: Item, value: int | None, by: Actor, at: datetime
) -> Saved:
    current = _begun(question_set, at)
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
        answered_at=at,
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
    raised = flags(definition, {item.key: value})
    if not raised:
        return Saved(kept, None)
    before = _set_off_by([row for row in Answer.objects.filter(question_set=current) if row.id != kept.id])
    return Saved(kept, _raise(current, definition, kept, raised, before, by, at))


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
    item = definition.item(kept.item)
    chosen = next(option for option in item.options if option.value == kept.value)
    raise_concern(
        parent=question_set.parent,
        level=strongest.level,
        source=f"screening:{strongest.rule}",
        link_name="screening:answers",
        link_id=question_set.parent_id,
        reason=_("%(title)s, question %(number)d: %(question)s Answer: %(answer)s.")
        % {
            "title": text(definition.title),
            "number": item.number,
            "question": text(item.text),
            "answer": text(chosen.label),
        },
        by=by,
        at=at,
    )
    known = any(flag.action == strongest.action and flag.level >= strongest.level for flag in before)
    return Concern(level=strongest.level, action=strongest.action, new=not known)


def _set_off_by(rows: Iterable[Answer]) -> list[Flag]:
    return [flag for row in rows for flag in flags(instrument(row.instrument), {row.item: row.value})]


def _score(question_set: QuestionSet, name: str, by: Actor, at: datetime) -> Result:
    definition, given = instrument(name), given_in(question_set)
    asked = {question.item.key for question in questions_of(question_set, given) if question.instrument.name == name}
    scored = score(definition, given.get(name, {}), asked=asked)
    result = Result.objects.create(
        clinic_id=question_set.clinic_id,
        question_set=question_set,
        instrument=name,
        version=version_of(definition),
        total=scored.total,
        maximum=scored.max,
        band=scored.band or "",
        complete=scored.complete,
        flags=[asdict(flag) for flag in scored.flags],
        subscales=dict(scored.subscales),
        scored_at=at,
    )
    detail = {"instrument": name, "complete": scored.complete, "flags": len(scored.flags)}
    record("screening.scored", by=by, at=at, parent=question_set.parent_id, about=result, detail=detail)
    return result


def _ask_for_reading(question_set: QuestionSet, by: Actor, at: datetime) -> None:
    plan = SETS.get(question_set.set_name)
    if plan is None or plan.read_within is None:
        return
    open_task(
        clinic_id=question_set.clinic_id,
        parent=question_set.parent,
        kind="answers-to-read",
        title=_("Read the answers of %(name)s") % {"name": question_set.parent.name},
        reason=_("The first questions were answered."),
        role=Role.PRESCRIBER,
        acknowledge_by=at + plan.read_within,
        urgency="routine",
        link_name="screening:answers",
        link_id=question_set.parent_id,
        by=by,
        at=at,
    )
