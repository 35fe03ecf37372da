"""A session begins: opened at its visit, its gates looked at, a closed one opened by a named prescriber."""

from datetime import datetime

from django.utils.translation import gettext as _

from firstlight.clinical.protocols import vitals
from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Membership
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.selectors import current_episode
from firstlight.ground.visits.models import Visit
from firstlight.journey.dosing.gates import gates
from firstlight.journey.dosing.models import GateOverride, Session, SessionState
from firstlight.journey.dosing.selectors import sheet_of
from firstlight.journey.dosing.services.writing import entry, lock, move_on, require
from firstlight.journey.planning.selectors import current_order

POSTPARTUM_WEEKS = 6


@write
def open_session(*, visit: Visit, by: Actor, at: datetime) -> Session:
    """Open the session of a dosing visit. Opening it again gives the same one."""
    earlier = Session.objects.filter(visit=visit).first()
    if earlier is not None:
        return earlier
    if visit.kind != "dosing" or visit.status != "booked":
        raise Refused(_("Only a booked dosing visit can be opened."), field="visit", value=visit.kind)
    nurse = Membership.objects.filter(id=by.membership_id).first() if by.membership_id else None
    if nurse is None:
        raise Refused(_("A session is opened by somebody of the clinic."), field="by")
    episode = current_episode(by, visit.parent_id)
    order = current_order(episode)
    if order is None:
        raise Refused(_("There is no signed order for this parent. A prescriber signs it in the plan."), field="order")
    done = Session.objects.filter(order__episode=episode).exclude(state=SessionState.CANCELLED).count()
    if done >= order.sessions:
        raise Refused(
            _("The order was for %(count)s sessions, and they are done. Another needs a new order.")
            % {"count": order.sessions},
            field="order",
            value=done,
        )
    session = Session.objects.create(
        clinic_id=visit.clinic_id,
        visit=visit,
        parent_id=visit.parent_id,
        episode=episode,
        order=order,
        number=done + 1,
        vitals_profile=vitals_profile(visit, at),
        nurse=nurse,
        opened_at=at,
    )
    record("session.opened", by=by, at=at, parent=session.parent_id, about=session, detail={"number": session.number})
    return session


def vitals_profile(visit: Visit, at: datetime) -> str:
    """Return which limits count: the obstetric ones up to six weeks after a birth, else the default."""
    born = visit.parent.gave_birth_date
    recent = born is not None and 0 <= (at.date() - born).days <= POSTPARTUM_WEEKS * 7
    return vitals.POSTPARTUM if recent else vitals.DEFAULT


@write
def join(*, session: Session, second: Membership, by: Actor, at: datetime) -> Session:
    """Name the second person on site."""
    session = lock(session)
    require(session, SessionState.GATES, SessionState.PREPARED)
    if second.id == session.nurse_id or second.clinic_id != session.clinic_id:
        raise Refused(
            _("Name another person of this clinic as the second one on site."), field="second", value=str(second)
        )
    move_on(session, second_person=second)
    record("session.joined", by=by, at=at, parent=session.parent_id, about=session, detail={"second": str(second.id)})
    return session


@write
def override_gate(*, session: Session, gate: str, reason: str, by: Actor, at: datetime) -> GateOverride:
    """Open one closed gate in a prescriber's own name. Consent, order and a labelled contraindication stay closed."""
    session = lock(session)
    require(session, SessionState.GATES, SessionState.PREPARED)
    found = {candidate.key: candidate for candidate in gates(sheet_of(session), at)}.get(gate)
    if found is None or found.state != "closed":
        raise Refused(_("This gate is not closed."), field="gate", value=gate)
    if not by.may(Permission.SESSION_PRESCRIBE):
        raise Refused(_("Only a prescriber can open a closed gate."), field="gate", value=gate)
    if not found.can_be_opened:
        raise Refused(_("Nobody can open this gate: %(why)s") % {"why": found.sentence}, field="gate", value=gate)
    if not reason.strip():
        raise Refused(_("Say why this gate is opened."), field="reason", value=reason)
    override = GateOverride.objects.create(gate=gate, reason=reason, **entry(session, by=by, at=at))
    move_on(session)
    record("gate.overridden", by=by, at=at, parent=session.parent_id, about=session, detail={"gate": gate})
    return override
