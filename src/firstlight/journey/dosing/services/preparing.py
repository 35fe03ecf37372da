"""The syringe: drawn from a received lot, read again by a second person who does not see the first figure."""

from datetime import datetime

from django.utils.translation import gettext as _

from firstlight.clinical.protocols import dose
from firstlight.clinical.protocols.session import figures
from firstlight.clinical.quantities import Concentration, Mass, QuantityError, Volume
from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.ledger import services as ledger
from firstlight.ground.ledger.models import Lot
from firstlight.ground.people.errors import Refused
from firstlight.journey.dosing.models import DISCARDED, Mark, Preparation, SecondCheck, Session, SessionState
from firstlight.journey.dosing.selectors import sheet_of
from firstlight.journey.dosing.services.writing import entry, lock, move_on, reason_given, require

OVERDRAWN = 2
"""A draw above twice the dose is refused: a slipped digit or the wrong vial, not a rest to be wasted. Ours."""


@write
def prepare(*, session: Session, lot: Lot, drawn_ul: int, by: Actor, at: datetime) -> Preparation:
    """Draw from a lot. The dose is what the ordered amount gives on the syringe's steps; the rest is wasted later.

    Refused: less than the dose, more than a vial, more than twice the dose, more than any dose may be.
    """
    session = lock(session)
    require(session, SessionState.GATES)
    plan = _syringe(session, lot)
    drawn = _drawn(session, lot, plan, drawn_ul)
    draw = ledger.draw(lot=lot, amount_ug=drawn.ug, session_ref=session.id, by=by, at=at)
    preparation = Preparation.objects.create(
        draw_id=draw.id,
        lot_number=lot.lot_number,
        concentration_ug_per_ml=lot.concentration_ug_per_ml,
        vial_ug=lot.vial_ug,
        dose_ug=plan.mass.ug,
        volume_ul=plan.volume.ul,
        **entry(session, by=by, at=at),
    )
    move_on(session, SessionState.PREPARED)
    record(
        "syringe.prepared",
        by=by,
        at=at,
        parent=session.parent_id,
        about=preparation,
        detail={"dose_ug": plan.mass.ug, "volume_ul": plan.volume.ul, "drawn_ug": drawn.ug, "lot": lot.lot_number},
    )
    return preparation


def _syringe(session: Session, lot: Lot) -> dose.Syringe:
    try:
        return dose.on_syringe(Mass(session.order.dose_ug), Concentration(lot.concentration_ug_per_ml))
    except QuantityError as error:
        message = _("The dose is less than one step of the syringe at this strength. Choose a weaker lot.")
        raise Refused(message, field="lot", value=lot.lot_number) from error


def _drawn(session: Session, lot: Lot, plan: dose.Syringe, drawn_ul: int) -> Mass:
    step = figures()["syringe_step_ul"]
    if not plan.volume.ul <= drawn_ul <= lot.vial_volume_ul or drawn_ul % step:
        said = {
            "least": plan.volume.text(),
            "most": Volume(lot.vial_volume_ul).text(),
            "step": Volume(step).text(),
        }
        message = _("Drawn should be between the dose, %(least)s, and one vial, %(most)s, in steps of %(step)s.") % said
        raise Refused(message, field="drawn_ml", value=drawn_ul)
    strength, volume = Concentration(lot.concentration_ug_per_ml), Volume(drawn_ul)
    drawn, hardest = strength.mass_in(volume), Mass(figures()["routes"][session.order.route]["limits"]["hard_ug"])
    said = {
        "drawn": volume.text(),
        "strength": strength.text(),
        "mass": drawn.text(),
        "dose": Mass(session.order.dose_ug).text(),
        "hardest": hardest.text(),
    }
    if drawn > hardest:
        message = _("%(drawn)s at %(strength)s hold %(mass)s; no dose may be above %(hardest)s. Read the vial again.")
        raise Refused(message % said, field="drawn_ml", value=drawn_ul)
    if drawn.ug > OVERDRAWN * plan.mass.ug:
        message = _("%(drawn)s at %(strength)s hold %(mass)s, and %(dose)s are ordered. Read the vial again.")
        raise Refused(message % said, field="drawn_ml", value=drawn_ul)
    return drawn


@write
def second_check(
    *,
    session: Session,
    volume_ul: int,
    by: Actor,
    at: datetime,
    concentration_ug_per_ml: int | None = None,
) -> SecondCheck:
    """Enter what a second person reads on the syringe, and on the vial. Another figure stops the session here."""
    session = lock(session)
    require(session, SessionState.PREPARED)
    preparation = sheet_of(session).preparation
    if preparation is None:
        raise Refused(_("Nothing is drawn yet."), field="volume_ml")
    if preparation.by_id == by.account_id:
        raise Refused(_("The second reading is another person's. You drew this syringe."), field="volume_ml")
    same_strength = concentration_ug_per_ml in {None, preparation.concentration_ug_per_ml}
    check = SecondCheck.objects.create(
        preparation=preparation,
        volume_ul=volume_ul,
        concentration_ug_per_ml=concentration_ug_per_ml,
        agrees=same_strength and volume_ul == preparation.volume_ul,
        **entry(session, by=by, at=at),
    )
    move_on(session)
    record(
        "syringe.checked",
        by=by,
        at=at,
        parent=session.parent_id,
        about=check,
        detail={"volume_ul": volume_ul, "concentration_ug_per_ml": concentration_ug_per_ml, "agrees": check.agrees},
    )
    return check


@write
def discard_syringe(*, session: Session, reason: str, by: Actor, at: datetime) -> Session:
    """Put a prepared syringe aside: another one is drawn. What it holds stays in hand until it is wasted by two."""
    session = lock(session)
    require(session, SessionState.PREPARED)
    words = reason_given(reason, _("Say why this syringe is discarded."))
    entered = Mark.objects.create(kind=DISCARDED, words=words, **entry(session, by=by, at=at))
    move_on(session, SessionState.GATES)
    record("syringe.discarded", by=by, at=at, parent=session.parent_id, about=entered)
    return session
