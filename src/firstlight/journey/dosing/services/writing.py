"""What every entry of a session shares: the session locked, its state asked, its version moved on."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.errors import Refused
from firstlight.journey.dosing.models import Observation, RecoveryScore, RightNow, Session, SessionState

Row = TypeVar("Row", Observation, RecoveryScore, RightNow)
AHEAD = timedelta(minutes=1)
BEFORE = timedelta(hours=12)


class Contradicts(Refused):
    """The same device id arrived with other values: nothing was overwritten."""


def sent_before(
    rows: type[Row], session: Session, client_id: UUID, values: Mapping[str, int], *, event_at: datetime | None = None
) -> Row | None:
    """Return the row that this device id wrote already; None: it is new.

    Raises Contradicts when it wrote something else, wherever: the id of an entry of another kind, session or clinic is taken.
    """
    earlier = rows.objects.filter(client_id=client_id).first()
    same_moment = earlier is None or event_at is None or event_at == earlier.happened_at
    if earlier and earlier.session_id == session.id and earlier.values() == dict(values) and same_moment:
        return earlier
    if earlier or _is_taken(client_id):
        message = _("These values were sent before with other figures. Nothing was changed.")
        raise Contradicts(message, field="client_id", value=client_id)
    return None


def _is_taken(client_id: UUID) -> bool:
    with scopes_disabled():
        return any(kind.objects.filter(client_id=client_id).exists() for kind in (Observation, RightNow, RecoveryScore))


def lock(session: Session) -> Session:
    """Read a session again and keep others from writing to it until this write ends."""
    found = Session.objects.select_for_update(of=("self",)).select_related(
        "parent__family",
        "order__weight",
        "order__stopped_by",
        "order__replaced_by",
        "visit",
        "episode",
        "clinic",
        "nurse",
        "second_person",
    )
    locked = found.get(id=session.id)
    locked.parent.clinic = locked.episode.clinic = locked.clinic
    locked.episode.parent = locked.visit.parent = locked.parent
    return locked


def require(session: Session, *states: SessionState) -> None:
    """Refuse a step that does not fit where the session stands."""
    if session.state not in states:
        wanted = ", ".join(str(SessionState(state).label) for state in states)
        raise Refused(
            _("This session stands at: %(state)s. The step fits only: %(wanted)s.")
            % {"state": SessionState(session.state).label, "wanted": wanted},
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
    """Return the columns that every entry of a session has. The session's version moves on after it."""
    moment = happened_at or at
    if moment > at + AHEAD:
        raise Refused(_("The time is in the future. Enter when it happened."), field="happened_at", value=moment)
    if moment < session.opened_at - BEFORE:
        raise Refused(_("The time is long before this session. Check the date."), field="happened_at", value=moment)
    if by.account_id is None:
        raise Refused(_("A chart is written by somebody who is signed in."), field="by", value=by.role)
    return {
        "clinic_id": session.clinic_id,
        "session": session,
        "sequence": session.version + 1,
        "happened_at": moment,
        "written_at": at,
        "by_id": by.account_id,
    }


def reason_given(reason: str, message: str) -> str:
    """Return a reason without blanks at its ends. Refused with this message when there is none."""
    words = reason.strip()
    if not words:
        raise Refused(message, field="reason", value=reason)
    return words
