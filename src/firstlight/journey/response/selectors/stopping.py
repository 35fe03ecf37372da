"""How somebody whose treatment was stopped is asked on. The caller has looked her up."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.models import Episode, EpisodeState
from firstlight.ground.people.selectors import current_episode, parent_for
from firstlight.journey.dosing.models import Session
from firstlight.journey.response.models import CheckIn, WishAfterStop
from firstlight.journey.response.schedule import rule_of, schedule
from firstlight.journey.response.stopping import Stopped, Wish


def stopped_of(episode: Episode) -> Stopped | None:
    """Return what is asked after a stop, and what the parent wants; None while treatment was not stopped."""
    return stops_of([episode]).get(episode.id)


def stops_of(episodes: Iterable[Episode]) -> dict[UUID, Stopped]:
    """Return the same for each episode whose treatment was stopped."""
    ids = {one.id for one in episodes if one.state == EpisodeState.STOPPED}
    if not ids:
        return {}
    last = _last_doses(ids)
    said = {one.episode_id: one for one in WishAfterStop.objects.filter(episode__in=ids).select_related("by")}
    return {one: _stopped(last.get(one), said.get(one)) for one in ids}


def limits_of(episodes: Iterable[Episode]) -> dict[UUID, Stopped]:
    """Return what limits asking in each episode that was stopped or is paused: for safety is asked alike in both."""
    found = list(episodes)
    paused = {one.id for one in found if one.state == EpisodeState.PAUSED}
    last = _last_doses(paused) if paused else {}
    return stops_of(found) | {one: Stopped(_safety_until(last.get(one)), rests=True) for one in paused}


def _last_doses(ids: Collection[UUID]) -> dict[UUID, datetime]:
    doses = Session.objects.filter(episode__in=ids, ended_at__isnull=False).order_by()
    return dict(doses.values_list("episode_id").annotate(last=Max("ended_at")))


def _safety_until(last_dose_at: datetime | None) -> datetime | None:
    return None if last_dose_at is None else last_dose_at + schedule().stopping.safety


def _stopped(last_dose_at: datetime | None, said: WishAfterStop | None) -> Stopped:
    until = _safety_until(last_dose_at)
    if said is None:
        return Stopped(until)
    return Stopped(until, Wish(said.wish), said.at, said.by.name if said.by else "")


def opening(waiting: Iterable[CheckIn]) -> list[CheckIn]:
    """Leave out the waiting check-ins that do not open because treatment was stopped or rests."""
    rows = list(waiting)
    stops = limits_of({one.episode_id: one.episode for one in rows}.values())
    return [one for one in rows if opens(one, stops.get(one.episode_id))]


def opens(one: CheckIn, stopped: Stopped | None) -> bool:
    """Tell whether a waiting check-in opens on its day, as far as a stop or a pause decides it."""
    rule = rule_of(one.rule)
    return stopped is None or (rule is not None and stopped.asks(rule.after_stop, one.due_at))


def last_if_wanted(episode: Episode, now: datetime) -> datetime | None:
    """Return until when check-ins would come if she wanted them to go on; None when none is left."""
    return (
        CheckIn.objects.filter(episode=episode, question_set=None, ended_at=None, open_by__gt=now)
        .order_by("-due_at")
        .values_list("due_at", flat=True)
        .first()
    )


def asked_episode(actor: Actor, parent_id: UUID) -> Episode:
    """Return the newest episode of a parent in which something was asked; without one, her newest."""
    parent = parent_for(actor, parent_id)
    asked = Episode.objects.filter(id__in=CheckIn.objects.filter(parent=parent).values("episode_id"))
    found = asked.select_related("parent__family", "parent__clinic").order_by("-opened_at", "-id").first()
    return found or current_episode(actor, parent_id)
