"""Moving an episode along its way."""

from datetime import datetime

from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import announce, record, write
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Episode, EpisodeEvent, EpisodeState
from firstlight.ground.people.steps import NEEDS_REASON, TRANSITIONS

REASON_LENGTH = 2000


@write
def move(
    *, episode: Episode, to: str, reason: str = "", by: Actor, at: datetime, expected: str | None = None
) -> EpisodeEvent:
    """Move an episode to another state. Refuses a step that the table does not have, and a missing reason.

    `expected` is the state that the person saw when deciding: if somebody else moved the episode since, it is refused.
    """
    current = Episode.objects.select_for_update().get(id=episode.id)
    target = EpisodeState(to)
    _check(current, target, reason.strip(), expected)
    current.state, current.moved_at = target, at
    current.save(update_fields=["state", "moved_at"])
    event = log_step(current, reason.strip(), by, at)
    record(f"episode.{target}", by=by, at=at, parent=current.parent_id, about=current)
    announce("episode.moved", episode=current, by=by, at=at)
    episode.state, episode.moved_at = target, at  # last: what follows may refuse, and then it has not moved
    return event


def log_step(episode: Episode, reason: str, by: Actor, at: datetime) -> EpisodeEvent:
    """Write one line of an episode's history."""
    return EpisodeEvent.objects.create(
        clinic_id=episode.clinic_id, episode=episode, state=episode.state, reason=reason, at=at, by_id=by.account_id
    )


def _check(episode: Episode, target: EpisodeState, reason: str, expected: str | None) -> None:
    state = EpisodeState(episode.state)
    if expected and expected != state:
        message = _("Someone else has moved this to “%(state)s” meanwhile. Look at it again.")
        raise Refused(message % {"state": state.label}, field="expected", value=expected)
    if target not in TRANSITIONS[state]:
        raise Refused(_wrong_step(state, target), field="to", value=target)
    if target in NEEDS_REASON and not reason:
        raise Refused(_("Write the reason. It stays in the record."), field="reason", value=reason)
    if len(reason) > REASON_LENGTH:
        message = _("A reason has at most %(most)d characters; this has %(count)d.")
        raise Refused(message % {"most": REASON_LENGTH, "count": len(reason)}, field="reason")


def _wrong_step(state: EpisodeState, target: EpisodeState) -> str:
    following = ", ".join(str(possible.label) for possible in TRANSITIONS[state])
    if not following:
        message = _("This episode ended as “%(state)s”. Log a new enquiry to begin again.")
        return message % {"state": state.label}
    message = _("This episode is “%(state)s”, so it cannot become “%(target)s”. It can become: %(following)s.")
    return message % {"state": state.label, "target": target.label, "following": following}


def contact(*, episode: Episode, note: str = "", by: Actor, at: datetime, expected: str | None = None) -> EpisodeEvent:
    """Note that the person was called back."""
    return move(episode=episode, to=EpisodeState.CONTACTED, reason=note, by=by, at=at, expected=expected)


@write
def decline(
    *, episode: Episode, reason: str, at_risk: bool = False, by: Actor, at: datetime, expected: str | None = None
) -> EpisodeEvent:
    """Decline care. What follows (a letter with alternatives; a warm hand-off for somebody at risk) listens to the event."""
    event = move(episode=episode, to=EpisodeState.DECLINED, reason=reason, by=by, at=at, expected=expected)
    announce("episode.declined", episode=episode, reason=reason, at_risk=at_risk, by=by, at=at)
    return event


def pause(*, episode: Episode, reason: str, by: Actor, at: datetime, expected: str | None = None) -> EpisodeEvent:
    """Pause treatment: no session may start."""
    return move(episode=episode, to=EpisodeState.PAUSED, reason=reason, by=by, at=at, expected=expected)


def resume(*, episode: Episode, reason: str = "", by: Actor, at: datetime, expected: str | None = None) -> EpisodeEvent:
    """Go on after a pause."""
    return move(episode=episode, to=EpisodeState.ACTIVE, reason=reason, by=by, at=at, expected=expected)


def stop(*, episode: Episode, reason: str, by: Actor, at: datetime, expected: str | None = None) -> EpisodeEvent:
    """Stop treatment for good."""
    return move(episode=episode, to=EpisodeState.STOPPED, reason=reason, by=by, at=at, expected=expected)


def transfer(*, episode: Episode, reason: str, by: Actor, at: datetime, expected: str | None = None) -> EpisodeEvent:
    """Hand care over to somebody else; the reason says to whom."""
    return move(episode=episode, to=EpisodeState.TRANSFERRED, reason=reason, by=by, at=at, expected=expected)


def close(*, episode: Episode, reason: str, by: Actor, at: datetime, expected: str | None = None) -> EpisodeEvent:
    """Close an episode that came to its end, or an enquiry that is no longer wanted."""
    return move(episode=episode, to=EpisodeState.CLOSED, reason=reason, by=by, at=at, expected=expected)
