"""What every entry of a session shares: the session locked, its state asked, its version moved on."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.errors import Refused
from firstlight.journey.dosing.models import Session, SessionState

AHEAD = timedelta(minutes=1)


def lock(session: Session) -> Session:
    """Read a session again and keep others from writing to it until this write ends."""
    found = Session.objects.select_for_update(of=("self",)).select_related("parent", "order", "visit", "episode")
    return found.get(id=session.id)


def require(session: Session, *states: SessionState) -> None:
    """Refuse a step that does not fit where the session stands."""
    if session.state not in states:
        wanted = ", ".join(str(SessionState(state).label).lower() for state in states)
        raise Refused(
            _("This session is “%(state)s”. The step fits only: %(wanted)s.")
            % {"state": SessionState(session.state).label.lower(), "wanted": wanted},
            field="state",
            value=session.state,
        )


def move_on(session: Session, state: SessionState | None = None, **changes: Any) -> None:
    """Save a step: version up by one, and the state when it changes."""
    session.version += 1
    if state is not None:
        session.state = state
    for name, value in changes.items():
        setattr(session, name, value)
    session.save(update_fields=["version", "state", *changes])


def entry(session: Session, *, by: Actor, at: datetime, happened_at: datetime | None = None) -> dict[str, Any]:
    """Return the columns that every entry of a session has."""
    moment = happened_at or at
    if moment > at + AHEAD:
        raise Refused(_("The time is in the future. Enter when it happened."), field="happened_at", value=moment)
    if moment < session.opened_at - timedelta(hours=12):
        raise Refused(_("The time is long before this session. Check the date."), field="happened_at", value=moment)
    account_id: UUID | None = by.account_id
    return {
        "clinic_id": session.clinic_id,
        "session": session,
        "happened_at": moment,
        "written_at": at,
        "by_id": account_id,
    }


def minutes_present(session: Session, at: datetime) -> int:
    """Return how long the parent was here, in whole minutes."""
    return int((at - session.opened_at).total_seconds() // 60)
