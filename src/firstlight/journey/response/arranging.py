"""Which check-ins open now, with what, and which never will. Pure: no database, no clock of its own."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from firstlight.ground.people.models import Relation
from firstlight.journey.response.hours import Hours
from firstlight.journey.response.schedule import Anchor, Rhythm, Rule, Whom
from firstlight.journey.response.stopping import Stopped, Wish
from firstlight.journey.screening.availability import has_text, speaks_to
from firstlight.journey.screening.holdbacks import asked_last, mixes, recall_of

LONGEST_SET = ("month", "week", "day-full", "day")


class Ended(StrEnum):
    """Why a check-in is over though nobody answered it."""

    NEW_DOSE = "new-dose"
    NEW_SERIES = "new-series"
    EPISODE_OVER = "episode-over"
    WINDOW_PASSED = "window-passed"
    NOTHING_TO_ASK = "nothing-to-ask"
    LOSS = "loss"
    STOPPED = "stopped"
    NO_MORE = "no-more"
    NOT_ASKED = "not-asked"
    MERGED = "merged"


class Skipped(StrEnum):
    """Why one instrument of a check-in was not asked."""

    NO_TEXT = "no-text"
    RECALL = "recall"
    LOSS = "loss"
    NO_CHILD = "no-child"
    OTHER_PARENT = "other-parent"


WITHOUT_WORDS = frozenset({Skipped.NO_TEXT, Skipped.OTHER_PARENT})


@dataclass(frozen=True, slots=True)
class Waiting:
    """A check-in that has not opened. `stopped`: how its treatment was stopped or rests, where it does."""

    id: UUID
    rule: Rule
    due_at: datetime
    open_by: datetime
    stopped: Stopped | None = None

    @property
    def asked(self) -> bool:
        """Tell whether it may open, as far as a stop or a pause decides it."""
        return self.stopped is None or self.stopped.asks(self.rule.after_stop, self.due_at)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one parent. `asked_at`: when each instrument was answered last; `standing`: which can be answered now.
    `answering`: she tapped in one of these a moment ago.

    `held`: the instruments of which her clinic holds a text of its own. `relation`: what she is to the child. `in_session`: a
    session of today is open, from before its dose until she has left.
    """

    now: datetime
    zone: ZoneInfo
    hours: Hours
    rhythm: Rhythm
    asked_at: Mapping[str, datetime] = field(default_factory=dict)
    last_dose_at: datetime | None = None
    told_at: Sequence[datetime] = ()
    silent: bool = False
    has_child: bool = True
    held: frozenset[str] = frozenset()
    relation: str = Relation.MOTHER
    in_session: bool = False
    standing: frozenset[str] = frozenset()
    answering: bool = False


@dataclass(frozen=True, slots=True)
class Opening:
    """One set to open now: for these check-ins, with these instruments, until then.

    `takes_over`: what of it stands open in an earlier set, which ends with this one.
    """

    check_ins: tuple[UUID, ...]
    set_name: str
    instruments: tuple[str, ...]
    skipped: Mapping[UUID, Mapping[str, Skipped]]
    expires_at: datetime
    takes_over: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do now: check-ins that never open, with the reasons, and at most one set to open."""

    ends: Mapping[UUID, tuple[Ended, Mapping[str, Skipped]]]
    opening: Opening | None


def cannot_be_asked(name: str, held: Collection[str] = (), relation: str = Relation.MOTHER) -> Skipped | None:
    """Return why such a parent can't be asked an instrument in a clinic that holds these texts; None when she or he can."""
    if not has_text(name, held):
        return Skipped.NO_TEXT
    return None if speaks_to(name, held, relation) else Skipped.OTHER_PARENT


def may_tell(facts: Facts) -> bool:
    """Tell whether a message may go out now: in her hours, no more of them in one of her days than the rhythm has, and apart.

    During a session none does: whoever sits with her asks, and what she answers then says nothing about her days.
    """
    if facts.in_session:
        return False
    today = facts.now.astimezone(facts.zone).date()
    told_today = sum(at.astimezone(facts.zone).date() == today for at in facts.told_at)
    last = max(facts.told_at, default=None)
    if last is not None and facts.now - last < facts.rhythm.apart:
        return False
    return facts.hours.admits(facts.now, facts.zone) and told_today < facts.rhythm.prompts_a_day


def plan(waiting: Sequence[Waiting], facts: Facts) -> Plan:
    """Say what happens now to check-ins that wait. What is due soon opens along with what is due now.

    But what is counted from each dose never opens before its own time: what is due now waits for it where it can. Nor does it
    wait for questions that stand open: it takes them over, unless she is at them now.
    """
    ends = {one.id: end for one in waiting if (end := _ending(one, facts)) is not None}
    ready = [one for one in waiting if one.id not in ends and one.asked and not _held(one, facts)]
    due = [one for one in ready if one.due_at <= facts.now]
    soon = [one for one in ready if one.due_at <= facts.now + facts.rhythm.merge_within]
    early = [one for one in soon if one.due_at > facts.now and _of_its_dose(one)]
    if not due or not may_tell(facts) or _waits_for(early, due, facts):
        return Plan(ends, None)
    soon = [one for one in soon if one not in early]
    together = sorted(soon, key=lambda one: one.due_at)
    names = {name: None for one in together for name in _askable(one, facts)}
    own = facts.standing & {name for one in together if _of_its_dose(one) for name in _askable(one, facts)}
    if own and facts.answering and facts.now + facts.rhythm.begun_waits < min(one.open_by for one in together):
        return Plan(ends, None)
    opening = Opening(
        check_ins=tuple(one.id for one in together),
        set_name=min((one.rule.set_name for one in together), key=LONGEST_SET.index),
        instruments=tuple(names),
        skipped={one.id: _skipped(one, facts) for one in together},
        expires_at=facts.now + max(one.rule.open_for for one in together),
        takes_over=own,
    )
    return Plan(ends, opening)


def _of_its_dose(one: Waiting) -> bool:
    return one.rule.anchor is Anchor.EACH_DOSE


def _waits_for(early: Sequence[Waiting], due: Sequence[Waiting], facts: Facts) -> bool:
    """Tell whether what is due can open together with a dose's own check-in, once that one's time has come in her hours."""
    if not early or any(map(_of_its_dose, due)):
        return False
    then = facts.hours.next_moment(min(one.due_at for one in early), facts.zone)
    return all(then < one.open_by for one in (*due, *early))


def _ending(one: Waiting, facts: Facts) -> tuple[Ended, Mapping[str, Skipped]] | None:
    if one.open_by <= facts.now:
        return _passed(one), _skipped(one, facts)
    if one.due_at <= facts.now and not _askable(one, facts):
        return Ended.NOTHING_TO_ASK, _skipped(one, facts)
    return None


def _passed(one: Waiting) -> Ended:
    if one.stopped is None or one.stopped.rests or one.asked:
        return Ended.WINDOW_PASSED
    return Ended.NO_MORE if one.stopped.wish is Wish.NOTHING else Ended.STOPPED


def _held(one: Waiting, facts: Facts) -> bool:
    """Tell whether a check-in waits: a recall that has not passed, or a dose so near that a long recall would mix it in."""
    names = _askable(one, facts)
    recall_runs = any((at := _recalled_at(name, one, facts)) is not None and at > facts.now for name in names)
    return not names or recall_runs or _near_a_dose(names, facts)


def _near_a_dose(names: Sequence[str], facts: Facts) -> bool:
    dose_at = facts.last_dose_at
    return dose_at is not None and any(mixes(name, dose_at, facts.now) for name in names)


def _askable(one: Waiting, facts: Facts) -> tuple[str, ...]:
    return tuple(name for name, reason in _weighed(one, facts).items() if reason is None)


def _skipped(one: Waiting, facts: Facts) -> dict[str, Skipped]:
    return {name: reason for name, reason in _weighed(one, facts).items() if reason is not None}


def _weighed(one: Waiting, facts: Facts) -> dict[str, Skipped | None]:
    """Return why each instrument is left out (None: it is asked). Where all lack words for her, one is found instead."""
    reasons = {name: _reason(name, one, facts) for name in one.rule.asks}
    for name in one.rule.otherwise:
        if set(reasons.values()) - WITHOUT_WORDS:
            break
        reasons[name] = _reason(name, one, facts)
    return reasons


def _reason(name: str, one: Waiting, facts: Facts) -> Skipped | None:
    """Return why an instrument is left out of a check-in. A recall that passes in time holds it back instead."""
    if (missing := cannot_be_asked(name, facts.held, facts.relation)) is not None:
        return missing
    if one.rule.whom is Whom.WITH_CHILD and facts.silent:
        return Skipped.LOSS
    if one.rule.whom is Whom.WITH_CHILD and not facts.has_child:
        return Skipped.NO_CHILD
    recalled_at = _recalled_at(name, one, facts)
    return Skipped.RECALL if recalled_at is not None and recalled_at >= one.open_by else None


def _recalled_at(name: str, one: Waiting, facts: Facts) -> datetime | None:
    """Return from when an instrument's recall no longer reaches back over the last answers to a question of it, in any form.

    What stands open counts as answered now, but not for a dose's own check-in: that one asks about the hours since its dose,
    and nobody knows whether the open one is ever answered.
    """
    times = facts.asked_at if _of_its_dose(one) else {**facts.asked_at, **dict.fromkeys(facts.standing, facts.now)}
    asked_at = asked_last(name, times)
    return asked_at + recall_of(name) if asked_at is not None else None
