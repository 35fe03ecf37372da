"""The end of a session: ready, fetched, gone; or cancelled before any drug was given."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from firstlight.ground.audit import heads
from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.permissions import Permission
from firstlight.ground.visits import services as visits
from firstlight.journey.dosing.models import Departure, Session, SessionState
from firstlight.journey.dosing.readiness import readiness
from firstlight.journey.dosing.selectors import sheet_of
from firstlight.journey.dosing.services.writing import entry, lock, minutes_present, move_on, require


@write
def leave(
    *,
    session: Session,
    escort_name: str,
    gait_steady: bool | None,
    oriented: bool | None,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> Departure:
    """Let the parent go with the escort. Every criterion is met, or a prescriber says why she may go all the same."""
    session = lock(session)
    require(session, SessionState.RECOVERING)
    criteria = readiness(
        sheet_of(session), at, escort_name=escort_name.strip(), gait_steady=gait_steady, oriented=oriented
    )
    open_ones = [criterion for criterion in criteria if criterion.state != "met"]
    if any(criterion.key == "escort" for criterion in open_ones):
        raise Refused(
            _("Enter who takes her or him home. Nobody leaves alone."), field="escort_name", value=escort_name
        )
    if open_ones and not (reason.strip() and by.may(Permission.SESSION_PRESCRIBE)):
        raise Refused(
            _("Not ready: %(what)s. A prescriber can decide otherwise, with a reason.")
            % {"what": "; ".join(criterion.sentence for criterion in open_ones)},
            field="readiness",
            value=open_ones[0].key,
        )
    facts = [{"key": criterion.key, "state": criterion.state, "value": criterion.value} for criterion in criteria]
    departure = Departure.objects.create(
        escort_name=escort_name.strip(),
        readiness={"criteria": facts, "decided": bool(open_ones)},
        **entry(session, by=by, at=at),
    )
    move_on(session, SessionState.LEFT, left_at=at)
    visits.mark_happened(visit=session.visit, by=by, at=at, minutes=minutes_present(session, at))
    record("session.left", by=by, at=at, parent=session.parent_id, about=session)
    transaction.on_commit(lambda: heads.sign_all(at))
    return departure


@write
def cancel(*, session: Session, reason: str, by: Actor, at: datetime) -> Session:
    """Call a session off before anything was given. What was drawn stays to be wasted with a second person."""
    session = lock(session)
    require(session, SessionState.GATES, SessionState.PREPARED)
    if not reason.strip():
        raise Refused(_("Say why the session does not take place."), field="reason", value=reason)
    move_on(session, SessionState.CANCELLED, left_at=at)
    record("session.cancelled", by=by, at=at, parent=session.parent_id, about=session)
    return session
