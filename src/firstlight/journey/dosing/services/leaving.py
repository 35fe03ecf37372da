"""The end of a session: ready, fetched, gone; or called off before any drug was given."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from firstlight.ground.audit import heads
from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.permissions import Permission
from firstlight.ground.visits import services as visits
from firstlight.ground.visits.models import Visit, VisitStatus
from firstlight.journey.dosing.models import Departure, Session, SessionState
from firstlight.journey.dosing.readiness import MET, readiness
from firstlight.journey.dosing.selectors import Sheet, sheet_of
from firstlight.journey.dosing.services.summing import file_summary
from firstlight.journey.dosing.services.writing import entry, lock, move_on, reason_given, require


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
    """Let the parent go with the escort. Every criterion is met, or a prescriber says why she may go all the same.

    Nobody leaves alone, or past a notice that nobody has seen. The summary is filed in the same transaction.
    """
    session = lock(session)
    require(session, SessionState.RECOVERING)
    sheet = sheet_of(session)
    escort = escort_name.strip()
    if not escort:
        message = _("Enter who takes her or him home. Nobody leaves alone.")
        raise Refused(message, field="escort_name", value=escort_name)
    _all_seen(sheet)
    criteria = readiness(sheet, at, escort_name=escort, gait_steady=gait_steady, oriented=oriented)
    waiting = [criterion for criterion in criteria if criterion.state != MET]
    decided = bool(waiting) and bool(reason.strip()) and by.may(Permission.SESSION_PRESCRIBE)
    if waiting and not decided:
        said = {"what": "; ".join(criterion.sentence for criterion in waiting)}
        message = _("Not ready: %(what)s. A prescriber can decide otherwise, with a reason.") % said
        raise Refused(message, field="readiness", value=waiting[0].key)
    facts = [{"key": criterion.key, "state": criterion.state, "value": criterion.value} for criterion in criteria]
    departure = Departure.objects.create(
        escort_name=escort,
        readiness={"criteria": facts, "decided": decided},
        reason=reason.strip() if decided else "",
        **entry(session, by=by, at=at),
    )
    move_on(session, SessionState.LEFT, left_at=at)
    _took_place(session, by=by, at=at)
    record("session.left", by=by, at=at, parent=session.parent_id, about=session, detail={"decided": decided})
    file_summary(session=session, by=by, at=at)
    transaction.on_commit(lambda: heads.sign_all(at))
    return departure


def _all_seen(sheet: Sheet) -> None:
    if sheet.open_notices:
        message = _("A notice is open. Say first what was done about it.")
        raise Refused(message, field="notice", value=sheet.open_notices[0].rule)


def _took_place(session: Session, *, by: Actor, at: datetime) -> None:
    """Say that the visit took place, unless somebody has settled it already or it began before its time."""
    visit = Visit.objects.get(id=session.visit_id)
    if visit.status == VisitStatus.BOOKED and at >= visit.starts_at:
        here = int((at - session.opened_at).total_seconds() // 60)
        minutes = min(max(here, visits.SHORTEST), visits.LONGEST)
        visits.mark_happened(visit=visit, by=by, at=at, minutes=minutes)


@write
def cancel(*, session: Session, reason: str, by: Actor, at: datetime) -> Session:
    """Call a session off before anything was given, and its visit with it.

    What was drawn stays in hand until it is wasted with a second person.
    """
    session = lock(session)
    require(session, SessionState.GATES, SessionState.PREPARED)
    words = reason_given(reason, _("Say why the session does not take place."))
    move_on(session, SessionState.CANCELLED, left_at=at)
    visit = Visit.objects.get(id=session.visit_id)
    if visit.status == VisitStatus.BOOKED:
        visits.cancel(visit=visit, reason=words, by=by, at=at)
    record("session.cancelled", by=by, at=at, parent=session.parent_id, about=session)
    return session
