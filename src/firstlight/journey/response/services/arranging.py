"""Check-ins are arranged when an order is signed or a dose is complete, and end when something newer takes their place."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.db.models import Q, QuerySet

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.models import Episode, EpisodeState, Family, Parent
from firstlight.ground.people.steps import LEFT
from firstlight.journey.dosing.models import Session
from firstlight.journey.response.arranging import Ended
from firstlight.journey.response.models import CheckIn
from firstlight.journey.response.schedule import Anchor, Rule, Whom, rules, schedule
from firstlight.journey.response.stopping import AfterStop
from firstlight.journey.screening.services import take_back


class Signed(Protocol):
    """An order of an earlier stage, as far as this one looks at it."""

    episode: Episode


@write
def arrange_check_ins(*, session_id: UUID, parent: Parent, episode: Episode, by: Actor, at: datetime) -> list[CheckIn]:
    """Arrange what the schedule asks after this dose: follows "dose.completed". Counted from the end of the infusion.

    What earlier doses asked and nobody began ends with it. What was arranged for this dose before is left as it is.
    """
    session = Session.objects.get(id=session_id)
    first = _opens_series(session)
    ended = _end_earlier(session, episode, first=first, by=by, at=at)
    wanted = (*rules(Anchor.EACH_DOSE), *(rules(Anchor.FIRST_DOSE) if first else ()))
    standing = set(CheckIn.objects.filter(session=session).values_list("rule", flat=True))
    arranged = _arrange([rule for rule in wanted if rule.key not in standing], parent, episode, session, at)
    detail = {"count": len(arranged), "ended": ended}
    record("check_ins.arranged", by=by, at=at, parent=parent.id, about=session, detail=detail)
    return arranged


@write
def arrange_before(*, order: Signed, by: Actor, at: datetime) -> list[CheckIn]:
    """Arrange what is asked before the first dose: follows "order.signed". Once an episode, however many orders."""
    episode = Episode.objects.select_for_update().get(id=order.episode.id)
    dosed = Session.objects.filter(episode=episode, started_at__isnull=False).exists()
    standing = CheckIn.objects.filter(episode=episode, session=None)
    if dosed or standing.exists():
        return []
    parent = Parent.objects.get(id=episode.parent_id)
    arranged = _arrange(rules(Anchor.EPISODE), parent, episode, None, at)
    detail = {"count": len(arranged)}
    record("check_ins.arranged", by=by, at=at, parent=parent.id, about=episode, detail=detail)
    return arranged


@write
def end_check_ins(*, episode: Episode, by: Actor, at: datetime) -> None:
    """End what nobody began of an episode that is over, and after a stop what ends with it: follows "episode.moved"."""
    if episode.state in LEFT:
        _end(_standing(episode), Ended.EPISODE_OVER, by, at)
    elif episode.state == EpisodeState.STOPPED:
        ending = [rule.key for rule in schedule().rules.values() if rule.after_stop is AfterStop.ENDS]
        _end(_standing(episode).filter(rule__in=ending), Ended.STOPPED, by, at)


@write
def end_opened(*, episode: Episode, by: Actor, at: datetime) -> None:
    """Take back what stands open, begun or not: the parent wants nothing more to be asked."""
    opened = _standing(episode).filter(question_set__isnull=False, expires_at__gt=at)
    _end(opened, Ended.NO_MORE, by, at, begun_too=True)


@write
def end_about_child(*, family: Family, by: Actor, at: datetime) -> None:
    """Take back what stands open about a child, begun or not, from both parents: follows "loss.recorded".

    Where it opened together with something else, that goes on without it.
    """
    about_child = [rule.key for rule in schedule().rules.values() if rule.whom is Whom.WITH_CHILD]
    opened = CheckIn.objects.filter(question_set__isnull=False, answered_at=None, ended_at=None, expires_at__gt=at)
    _end(
        opened.filter(parent__family=family, rule__in=about_child), Ended.LOSS, by, at, begun_too=True, shared_too=True
    )


def _opens_series(session: Session) -> bool:
    """Tell whether this is the dose from which its order's weeks and months are counted."""
    keys = [rule.key for rule in rules(Anchor.FIRST_DOSE)]
    same_order = CheckIn.objects.filter(session__order_id=session.order_id, rule__in=keys)
    return not same_order.exclude(session=session).exists()


def _end_earlier(session: Session, episode: Episode, *, first: bool, by: Actor, at: datetime) -> int:
    earlier = _standing(episode).exclude(session=session)
    series = [rule.key for rule in rules(Anchor.FIRST_DOSE)]
    ended = _end(earlier.exclude(rule__in=series), Ended.NEW_DOSE, by, at)
    return ended + (_end(earlier.filter(rule__in=series), Ended.NEW_SERIES, by, at) if first else 0)


def _standing(episode: Episode) -> QuerySet[CheckIn]:
    """Return check-ins that have not opened, or stand open without an answer."""
    open_or_waiting = Q(question_set=None) | Q(answered_at=None)
    return CheckIn.objects.filter(open_or_waiting, episode=episode, ended_at=None)


def _end(
    found: QuerySet[CheckIn], why: Ended, by: Actor, at: datetime, *, begun_too: bool = False, shared_too: bool = False
) -> int:
    """End check-ins that nobody began, or `begun_too`; return how many.

    A set that others share stays open, and so do its check-ins, but `shared_too`: those end out of it.
    """
    rows = list(found.select_related("question_set").select_for_update(of=("self",)))
    opened: dict[UUID, list[CheckIn]] = defaultdict(list)
    for one in rows:
        if one.question_set_id is not None:
            opened[one.question_set_id].append(one)
    going = [one for one in rows if one.question_set_id is None]
    for together in opened.values():
        leaves = shared_too and _is_shared(together)
        going += together if leaves or _taken_back(together, by, at, begun_too=begun_too) else []
    for one in going:
        one.ended_at, one.ended_why = at, why
        one.save(update_fields=["ended_at", "ended_why"])
        record("check_in.ended", by=by, at=at, parent=one.parent_id, about=one, detail={"why": str(why)})
    return len(going)


def _is_shared(together: Sequence[CheckIn]) -> bool:
    """Tell whether other check-ins opened as the same set."""
    return CheckIn.objects.filter(question_set=together[0].question_set).count() > len(together)


def _taken_back(together: Sequence[CheckIn], by: Actor, at: datetime, *, begun_too: bool) -> bool:
    """Close the set that these check-ins opened as, unless another check-in still needs it, or somebody began it."""
    question_set = together[0].question_set
    if question_set is None or _is_shared(together):
        return False
    return take_back(question_set=question_set, by=by, at=at, begun_too=begun_too)


def _arrange(
    wanted: Iterable[Rule], parent: Parent, episode: Episode, session: Session | None, at: datetime
) -> list[CheckIn]:
    return CheckIn.objects.bulk_create(
        CheckIn(
            clinic_id=parent.clinic_id,
            parent=parent,
            episode=episode,
            session=session,
            rule=rule.key,
            due_at=at + rule.after,
            open_by=at + rule.after + rule.window,
        )
        for rule in wanted
    )
