"""A session begins: opened at its visit, its gates looked at, a closed one opened by a named prescriber."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from firstlight.clinical.protocols import vitals
from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.design.clocks import date_text, moment_text
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Episode, EpisodeState, Membership, Parent
from firstlight.ground.people.permissions import Permission, Role, effective
from firstlight.ground.people.selectors import current_episode
from firstlight.ground.visits.clocktimes import day_of
from firstlight.ground.visits.models import Visit, VisitKind, VisitStatus
from firstlight.journey.dosing.gates import gates
from firstlight.journey.dosing.models import LIVE, GateOverride, Session, SessionState
from firstlight.journey.dosing.selectors import sheet_of
from firstlight.journey.dosing.services.writing import entry, lock, move_on, reason_given, require
from firstlight.journey.planning.models import Order
from firstlight.journey.planning.selectors import current_order

POSTPARTUM_WEEKS = 6
NEAR = timedelta(hours=12)
"""How far from its booked time a visit can be opened: another day's visit is a slip of the finger."""


@write
def open_session(*, visit: Visit, by: Actor, at: datetime) -> Session:
    """Open the session of a dosing visit. Opening it again gives the same one.

    Refused: a visit of another kind or day, no episode in treatment, no signed order or one that is used up, a parent
    who has a session under way.
    """
    visit = Visit.objects.select_for_update(of=("self",)).select_related("parent", "clinic").get(id=visit.id)
    earlier = Session.objects.filter(visit=visit).first()
    if earlier is not None:
        return earlier
    Parent.objects.select_for_update().get(id=visit.parent_id)  # two visits opened at once: one after the other
    _can_begin(visit, at)
    nurse = Membership.objects.filter(id=by.membership_id).first() if by.membership_id else None
    if nurse is None:
        raise Refused(_("A session is opened by somebody of the clinic."), field="by", value=by.role)
    episode = current_episode(by, visit.parent_id)
    order, place = _next_of_order(episode)
    session = Session.objects.create(
        clinic_id=visit.clinic_id,
        visit=visit,
        parent_id=visit.parent_id,
        episode=episode,
        order=order,
        number=_taken_place(episode=episode) + 1,
        place=place,
        vitals_profile=vitals_profile(visit, at),
        nurse=nurse,
        opened_at=at,
    )
    record("session.opened", by=by, at=at, parent=session.parent_id, about=session, detail={"number": session.number})
    return session


def _can_begin(visit: Visit, at: datetime) -> None:
    if visit.kind != VisitKind.DOSING or visit.status != VisitStatus.BOOKED:
        raise Refused(_("Only a booked dosing visit can be opened."), field="visit", value=visit.status)
    if abs(visit.starts_at - at) > NEAR:
        day = date_text(day_of(visit.starts_at, visit.clinic.timezone))
        message = _("This visit is booked for %(day)s. Open it on that day, or move it to today in the visits.")
        raise Refused(message % {"day": day}, field="visit", value=visit.starts_at)
    live = Session.objects.filter(parent_id=visit.parent_id, state__in=LIVE).select_related("nurse").first()
    if live is not None:
        since = moment_text(live.opened_at, at, visit.clinic.timezone)
        message = _(
            "%(name)s has a session under way, opened %(since)s by %(nurse)s. Go on in that one, or end it first."
        )
        said = {"name": visit.parent.name, "since": since, "nurse": live.nurse.public_name}
        raise Refused(message % said, field="visit", value=visit.id)


def _next_of_order(episode: Episode) -> tuple[Order, int]:
    if episode.state != EpisodeState.ACTIVE:
        state = episode.get_state_display()
        raise Refused(
            _("Care stands at: %(state)s. No dose is given.") % {"state": state}, field="episode", value=state
        )
    order = current_order(episode)
    if order is None:
        raise Refused(_("There is no signed order for this parent. A prescriber signs it in the plan."), field="order")
    done = _taken_place(order=order)
    if done >= order.sessions:
        raise Refused(
            _("The order was for %(count)s sessions, and they are done. Another needs a new order.")
            % {"count": order.sessions},
            field="order",
            value=done,
        )
    return order, done + 1


def _taken_place(**of: Order | Episode) -> int:
    return Session.objects.filter(**of).exclude(state=SessionState.CANCELLED).count()


def vitals_profile(visit: Visit, at: datetime) -> str:
    """Return which limits count: the obstetric ones up to six weeks after a birth, else the default."""
    born = visit.parent.gave_birth_date
    if born is None:
        return vitals.DEFAULT
    days = (day_of(at, visit.clinic.timezone) - born).days
    return vitals.POSTPARTUM if 0 <= days <= POSTPARTUM_WEEKS * 7 else vitals.DEFAULT


@write
def join(*, session: Session, second: Membership, by: Actor, at: datetime) -> Session:
    """Name the second person on site: another one of this clinic, who may chart."""
    session = lock(session)
    require(session, SessionState.GATES, SessionState.PREPARED)
    if second.id == session.nurse_id or second.clinic_id != session.clinic_id:
        message = _("Name another person of this clinic as the second one on site.")
        raise Refused(message, field="second", value=second.id)
    if Permission.SESSION_CHART not in effective(Role(second.role), second.denied) or _has_left(second, at):
        raise Refused(_("The second person is a nurse or prescriber who works here."), field="second", value=second.id)
    move_on(session, second_person=second)
    record("session.joined", by=by, at=at, parent=session.parent_id, about=session, detail={"second": str(second.id)})
    return session


def _has_left(member: Membership, at: datetime) -> bool:
    return member.until_at is not None and member.until_at <= at


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
    reason = reason_given(reason, _("Say why this gate is opened."))
    about = list(found.about) or None
    override = GateOverride.objects.create(gate=gate, reason=reason, about=about, **entry(session, by=by, at=at))
    move_on(session)
    record("gate.overridden", by=by, at=at, parent=session.parent_id, about=session, detail={"gate": gate})
    return override
