"""The one door to answers. A parent reaches her own sets, staff with the right to read answers their clinic's."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.http import Http404

from firstlight.clinical import instruments
from firstlight.clinical.instruments import Flag, HealthFacts
from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.models import Parent
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.selectors import parent_for
from firstlight.journey.screening.asking import Given, Question, questions
from firstlight.journey.screening.audiences import audiences
from firstlight.journey.screening.holding import Holdings
from firstlight.journey.screening.known import known_in
from firstlight.journey.screening.models import (
    COUNTS,
    IN_A_SET_THAT_COUNTS,
    STANDS,
    Answer,
    BesideDose,
    HandedIn,
    QuestionSet,
    Result,
)
from firstlight.journey.screening.paper import PAPER
from firstlight.journey.screening.preferences import chosen_item
from firstlight.journey.screening.sets import SETS, asks_unscored, followed_in
from firstlight.journey.screening.settling import CHECK_IN

HEALTH = "health-10"
BESIDE_DOSE = BesideDose.choices
HANDED_IN = [choice for choice in HandedIn.choices if choice[0] != HandedIn.CLINICIAN]
BY_WHO_RATED = HandedIn.CLINICIAN.value


@dataclass(frozen=True, slots=True)
class Reply:
    """The answers to one question of a set: the last one counts, the ones before it are kept."""

    instrument: str
    item: str
    values: tuple[int | None, ...]
    times: tuple[datetime, ...]

    @property
    def value(self) -> int | None:
        """Return the value that counts; None when the question was passed over."""
        return self.values[-1]

    @property
    def answered_at(self) -> datetime:
        return self.times[-1]


@dataclass(frozen=True, slots=True)
class Scored:
    """One scored instrument of one set. `band` is the English name of the band, as the score engine gives it.

    `answered_at` is the day on the paper where there was one, `scored_at` when it was entered.
    """

    id: UUID
    question_set_id: UUID
    set_name: str
    anchor: str
    instrument: str
    version: str
    total: float | None
    max: int | None
    band: str | None
    complete: bool
    flags: tuple[Mapping[str, object], ...]
    subscales: Mapping[str, float | None]
    answered_at: datetime
    scored_at: datetime
    answers: tuple[Reply, ...]


class _Tap(NamedTuple):
    """What of an `Answer` a `Reply` is made of."""

    id: UUID
    question_set_id: UUID
    instrument: str
    item: str
    value: int | None
    answered_at: datetime
    amends_id: UUID | None


def set_for(actor: Actor, set_id: UUID) -> QuestionSet:
    """Return a parent's own set; unknown and another's look alike."""
    found = QuestionSet.objects.select_related("parent__family", "clinic", "episode").filter(COUNTS)
    question_set = found.filter(id=set_id, parent_id=actor.parent_id).first() if actor.parent_id else None
    if question_set is None:
        raise Http404
    return question_set


def sets_for(actor: Actor) -> list[QuestionSet]:
    """Return the parent's own sets, newest first."""
    if actor.parent_id is None:
        raise Http404
    return list(QuestionSet.objects.filter(COUNTS, parent_id=actor.parent_id).order_by("-assigned_at", "-id"))


def open_sets_for(actor: Actor, now: datetime) -> list[QuestionSet]:
    """Return the parent's sets that can be answered now, what was due first in front."""
    waiting = [one for one in sets_for(actor) if one.completed_at is None and not is_expired(one, now)]
    return sorted((one for one in waiting if not is_early(one, now)), key=opens_at)


def sets_of(actor: Actor, parent_id: UUID) -> list[QuestionSet]:
    """Return one parent's sets that count, for whoever may read her answers, newest first."""
    may_read_answers(actor, parent_id)
    return sets_about(parent_id)


def sets_about(parent_id: UUID) -> list[QuestionSet]:
    """Return one parent's sets that count, newest first. That the asking person may read her answers, the caller has settled."""
    return list(QuestionSet.objects.filter(COUNTS, parent_id=parent_id).order_by("-assigned_at", "-id"))


def set_about(actor: Actor, parent_id: UUID, set_id: UUID) -> QuestionSet:
    """Return one set of a parent for whoever may read her answers; unknown and another's look alike."""
    found = next((one for one in sets_of(actor, parent_id) if one.id == set_id), None)
    if found is None:
        raise Http404
    return found


def begun_of(question_sets: Iterable[QuestionSet]) -> frozenset[UUID]:
    """Return which of these sets, looked up by whoever asks, have an answer: one query, however many."""
    ids = {one.id for one in question_sets}
    found = Answer.objects.filter(question_set_id__in=ids).order_by() if ids else Answer.objects.none()
    return frozenset(found.values_list("question_set_id", flat=True).distinct())


def is_expired(question_set: QuestionSet, now: datetime) -> bool:
    """Tell whether the time for these questions is over."""
    return question_set.expires_at is not None and question_set.expires_at <= now


def has_closed(set_id: UUID, now: datetime) -> bool:
    """Tell whether a set was sent or its time is over, as it stands now. The caller has looked it up."""
    found = QuestionSet.objects.get(id=set_id)
    return found.completed_at is not None or is_expired(found, now)


def is_early(question_set: QuestionSet, now: datetime) -> bool:
    """Tell whether these questions open later: an answer about the day after a dose says nothing before that day."""
    return opens_at(question_set) > now


def opens_at(question_set: QuestionSet) -> datetime:
    """Return from when a set can be answered."""
    return question_set.due_at or question_set.assigned_at


def replies_in(set_ids: Iterable[UUID]) -> dict[UUID, list[Reply]]:
    """Return the replies of some sets, each with its earlier values, in the order of first answering."""
    chains: dict[tuple[UUID, str, str], list[_Tap]] = defaultdict(list)
    found = Answer.objects.filter(question_set_id__in=list(set_ids)).order_by("answered_at", "id")
    for row in map(_Tap._make, found.values_list(*_Tap._fields)):  # a parent of years has thousands: no whole rows
        chains[row.question_set_id, row.instrument, row.item].append(row)
    replies: dict[UUID, list[Reply]] = defaultdict(list)
    for (set_id, instrument, item), rows in chains.items():
        ordered = _in_order(rows)
        replies[set_id].append(
            Reply(instrument, item, tuple(row.value for row in ordered), tuple(row.answered_at for row in ordered))
        )
    return replies


def given_in(question_set: QuestionSet) -> Given:
    """Return the answers of a set that count now, by instrument and item."""
    return given_of(replies_in([question_set.id])[question_set.id])


def given_of(replies: Iterable[Reply]) -> Given:
    """Return replies by instrument and item."""
    given: dict[str, dict[str, int | None]] = defaultdict(dict)
    for reply in replies:
        given[reply.instrument][reply.item] = reply.value
    return given


def flags_in(question_set: QuestionSet) -> list[Flag]:
    """Return what in a set ever asked for help at once, strongest first; an answer that was changed later still counts."""
    found = [
        flag
        for reply in replies_in([question_set.id])[question_set.id]
        for value in reply.values
        for flag in instruments.flags(instruments.instrument(reply.instrument), {reply.item: value})
        if not flag.quiet
    ]
    return sorted(found, key=lambda flag: flag.level, reverse=True)


def questions_of(question_set: QuestionSet, given: Given, *, in_words: bool = True) -> tuple[Question, ...]:
    """Return the questions that a set asks now, given its answers so far, in the clinic's words. Paper asked them all.

    Without `in_words` they can be counted, not shown: the words that the clinic holds are not looked up.
    """
    parent, on_paper = question_set.parent, question_set.set_name == PAPER
    concerned = audiences(parent.relation, parent.gave_birth_date)
    silent = parent.family.silent_about_baby
    holdings = Holdings(question_set.clinic_id, question_set.instruments) if in_words else None
    return questions(
        question_set.instruments,
        given,
        asked_of=[audience for audience, concerns in concerned.items() if concerns or on_paper],
        silent_about_baby=silent and not on_paper,
        chosen=chosen_item(parent, opens_at(question_set), silent_about_baby=silent) if is_short(question_set) else "",
        known={} if on_paper else known_in(question_set, given),
        unscored=asks_unscored(question_set.set_name),
        definition_of=holdings.instrument if holdings else instruments.instrument,
    )


def is_short(question_set: QuestionSet) -> bool:
    """Tell whether a set is the daily check-in of four taps."""
    plan = SETS.get(question_set.set_name)
    return plan is not None and plan.short


def is_check_in(question_set: QuestionSet) -> bool:
    """Tell whether a set asks nothing but the check-in, whatever followed its answers: it opens on its first question."""
    names = question_set.instruments
    return set(names) - followed_in(question_set.set_name, names) == {CHECK_IN}


def replies_of(actor: Actor, parent_id: UUID) -> dict[UUID, list[Reply]]:
    """Return every answer of one parent by set, for whoever may read them."""
    may_read_answers(actor, parent_id)
    return replies_in(QuestionSet.objects.filter(COUNTS, parent_id=parent_id).values_list("id", flat=True))


def results_of(actor: Actor, parent_id: UUID, *, of: Collection[str] | None = None) -> list[Scored]:
    """Return every scored instrument that counts, oldest first. What of it a parent sees, a later stage decides.

    `of`: only the results of these instruments.
    """
    may_read_answers(actor, parent_id)
    rows = Result.objects.filter(IN_A_SET_THAT_COUNTS, STANDS, question_set__parent_id=parent_id)
    if of is not None:
        rows = rows.filter(instrument__in=of)
    found = list(rows.select_related("question_set").order_by("scored_at", "id"))
    return scored_of(found, replies_in({row.question_set_id for row in found}))


def superseded_since(parent_id: UUID, at: datetime) -> set[str]:
    """Return the instruments of which something was found to be entered wrongly since. The caller has looked her up."""
    found = QuestionSet.objects.filter(parent_id=parent_id, superseded_at__gt=at)
    return {name for names in found.values_list("instruments", flat=True) for name in names}


def health_said(latest: Scored, parent: Parent) -> HealthFacts:
    """Return what one set of health answers says. What was passed over, or not put to somebody, a person asks."""
    answers = {reply.item: reply.value for reply in latest.answers}
    concerned = audiences(parent.relation, parent.gave_birth_date)
    items = instruments.instrument(HEALTH).items
    open_items = [item for item in items if answers.get(item.key) is None and concerned[item.asked_of] is not False]
    return instruments.health_facts(answers, left_open=[item.key for item in open_items])


def scored_of(rows: Iterable[Result], replies: Mapping[UUID, list[Reply]]) -> list[Scored]:
    """Return results by when they were answered, oldest first: paper is often scored days after it was filled in."""
    return sorted((_scored(row, replies[row.question_set_id]) for row in rows), key=lambda one: one.answered_at)


def may_read_answers(actor: Actor, parent_id: UUID) -> Parent:
    """Return a parent whose answers the actor may read. Raises Http404 for everybody else."""
    parent = parent_for(actor, parent_id)
    if actor.role not in {"parent", "system"} and not actor.may(Permission.ANSWERS_READ):
        raise Http404
    return parent


def _in_order(rows: list[_Tap]) -> list[_Tap]:
    """Return a first answer and what amended it, in the order of amending: two taps may share a second."""
    after = {row.amends_id: row for row in rows}
    ordered, next_row = [], after.get(None)
    while next_row is not None:
        ordered.append(next_row)
        next_row = after.get(next_row.id)
    return ordered


def _scored(row: Result, replies: list[Reply]) -> Scored:
    own = tuple(reply for reply in replies if reply.instrument == row.instrument)
    return Scored(
        id=row.id,
        question_set_id=row.question_set_id,
        set_name=row.question_set.set_name,
        anchor=row.question_set.anchor,
        instrument=row.instrument,
        version=row.version,
        total=None if row.total is None else instruments.as_read(row.total + row.thousandths / 1000),
        max=row.maximum,
        band=row.band or None,
        complete=row.complete,
        flags=tuple(row.flags),
        subscales=row.subscales,
        answered_at=max((reply.answered_at for reply in own), default=row.scored_at),
        scored_at=row.scored_at,
        answers=own,
    )
