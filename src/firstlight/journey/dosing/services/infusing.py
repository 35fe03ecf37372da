"""The pump: start, change of rate, pause, resume, end."""

from datetime import datetime

from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import announce, record, write
from firstlight.ground.ledger import services as ledger
from firstlight.ground.ledger.models import Draw
from firstlight.ground.people.errors import Refused
from firstlight.journey.dosing.gates import gates, standing_closed
from firstlight.journey.dosing.infusion import even_rate_ug_per_min
from firstlight.journey.dosing.models import InfusionStep, Preparation, Session, SessionState
from firstlight.journey.dosing.selectors import Sheet, sheet_of
from firstlight.journey.dosing.services.writing import entry, lock, move_on, reason_given, require

FASTEST = 2
"""A rate above twice the ordered one is refused: a slipped digit, not a clinical choice. Ours."""


def _step(
    session: Session, kind: str, rate_ug_per_min: int, *, by: Actor, at: datetime, reason: str = ""
) -> InfusionStep:
    step = InfusionStep.objects.create(
        kind=kind, rate_ug_per_min=rate_ug_per_min, reason=reason.strip(), **entry(session, by=by, at=at)
    )
    record(
        f"infusion.{kind}",
        by=by,
        at=at,
        parent=session.parent_id,
        about=step,
        detail={"session": str(session.id), "rate_ug_per_min": rate_ug_per_min},
    )
    return step


@write
def start_infusion(*, session: Session, by: Actor, at: datetime) -> Session:
    """Start the pump at the ordered rate. Every gate must be green, or opened by a named prescriber."""
    session = lock(session)
    require(session, SessionState.PREPARED)
    sheet = sheet_of(session)
    closed = standing_closed(gates(sheet, at))
    if closed:
        raise Refused(_("Not yet: %(gate)s") % {"gate": closed[0].sentence}, field="gate", value=closed[0].key)
    if sheet.check is None or not sheet.check.agrees:
        raise Refused(_("The syringe needs the second person's own reading first."), field="second_check")
    rate = even_rate_ug_per_min(_syringe(sheet).dose_ug, session.order.minutes)
    _step(session, "start", rate, by=by, at=at)
    move_on(session, SessionState.INFUSING, started_at=at)
    return session


def _syringe(sheet: Sheet) -> Preparation:
    if sheet.preparation is None:
        raise Refused(_("Nothing is drawn yet."), field="preparation")
    return sheet.preparation


@write
def change_rate(*, session: Session, rate_ug_per_min: int, reason: str, by: Actor, at: datetime) -> Session:
    """Run the pump slower or faster, with the reason. Refused above twice the ordered rate."""
    session = lock(session)
    require(session, SessionState.INFUSING)
    most = FASTEST * even_rate_ug_per_min(_syringe(sheet_of(session)).dose_ug, session.order.minutes)
    if not 0 < rate_ug_per_min <= most:
        message = _("The rate should lie above 0 mg and be at most %(most)s a minute.")
        raise Refused(message % {"most": rate_text(most)}, field="rate_mg_per_min", value=rate_ug_per_min)
    reason = reason_given(reason, _("Say why the rate changes."))
    _step(session, "rate", rate_ug_per_min, by=by, at=at, reason=reason)
    move_on(session)
    return session


def rate_text(rate_ug_per_min: int) -> str:
    """Return a rate rounded to 0.01 mg, as a pump shows it."""
    return f"{round(rate_ug_per_min, -1) / 1000:g} mg"


@write
def pause_infusion(*, session: Session, reason: str, by: Actor, at: datetime) -> Session:
    """Stop the pump for now. A reason may follow: stopping is never held up by a form."""
    session = lock(session)
    require(session, SessionState.INFUSING)
    _step(session, "pause", 0, by=by, at=at, reason=reason)
    move_on(session, SessionState.PAUSED)
    return session


@write
def resume_infusion(*, session: Session, by: Actor, at: datetime) -> Session:
    """Run the pump again at the last rate. Refused while an act or emergency notice stands open."""
    session = lock(session)
    require(session, SessionState.PAUSED)
    sheet = sheet_of(session)
    if any(notice.level != "warn" for notice in sheet.open_notices):
        raise Refused(_("A notice is open. Say first what was done about it."), field="notice")
    rates = [step.rate_ug_per_min for step in sheet.steps if step.rate_ug_per_min]
    _step(session, "resume", rates[-1], by=by, at=at)
    move_on(session, SessionState.INFUSING)
    return session


@write
def end_infusion(*, session: Session, by: Actor, at: datetime, reason: str = "") -> Session:
    """End the infusion: what the pump gave is administered in the ledger, in this transaction; check-ins are arranged."""
    session = lock(session)
    require(session, SessionState.INFUSING, SessionState.PAUSED)
    sheet = sheet_of(session)
    syringe, given_ug = _syringe(sheet), sheet.delivered_ug(at)
    if given_ug < syringe.dose_ug and not reason.strip():
        raise Refused(_("The syringe is not empty. Say why the infusion ends early."), field="reason", value=reason)
    _step(session, "end", 0, by=by, at=at, reason=reason)
    if given_ug:
        ledger.administer(draw=Draw.objects.get(id=syringe.draw_id), amount_ug=given_ug, by=by, at=at)
    move_on(session, SessionState.RECOVERING, ended_at=at)
    announce("dose.completed", session_id=session.id, parent=session.parent, episode=session.episode, by=by, at=at)
    return session
