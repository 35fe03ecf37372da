"""The syringe: drawn from a received lot, read again by a second person who does not see the first figure."""

from datetime import datetime

from django.utils.translation import gettext as _

from firstlight.clinical.protocols import dose
from firstlight.clinical.quantities import Concentration, Mass
from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.ledger import services as ledger
from firstlight.ground.ledger.models import Lot
from firstlight.ground.people.errors import Refused
from firstlight.journey.dosing.models import Preparation, SecondCheck, Session, SessionState
from firstlight.journey.dosing.selectors import sheet_of
from firstlight.journey.dosing.services.writing import entry, lock, move_on, require


@write
def prepare(*, session: Session, lot: Lot, drawn_ul: int, by: Actor, at: datetime) -> Preparation:
    """Draw from a lot. The dose is what the ordered amount gives on the syringe's steps; the rest is wasted later."""
    session = lock(session)
    require(session, SessionState.GATES)
    plan = dose.on_syringe(Mass(session.order.dose_ug), Concentration(lot.concentration_ug_per_ml))
    if drawn_ul < plan.volume.ul or drawn_ul > lot.vial_volume_ul:
        raise Refused(
            _("Drawn %(drawn)s mL. It should be between the dose, %(least)s mL, and one vial, %(most)s mL.")
            % {"drawn": _ml(drawn_ul), "least": _ml(plan.volume.ul), "most": _ml(lot.vial_volume_ul)},
            field="drawn",
            value=drawn_ul,
        )
    drawn_ug = drawn_ul * lot.concentration_ug_per_ml // 1000
    draw = ledger.draw(lot=lot, amount_ug=drawn_ug, session_ref=session.id, by=by, at=at)
    preparation = Preparation.objects.create(
        draw_id=draw.id,
        lot_number=lot.lot_number,
        concentration_ug_per_ml=lot.concentration_ug_per_ml,
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
        detail={"dose_ug": plan.mass.ug, "volume_ul": plan.volume.ul, "drawn_ug": drawn_ug, "lot": lot.lot_number},
    )
    return preparation


@write
def second_check(*, session: Session, volume_ul: int, by: Actor, at: datetime) -> SecondCheck:
    """Enter what a second person reads on the syringe. Another figure than the first stops the session here."""
    session = lock(session)
    require(session, SessionState.PREPARED)
    preparation = sheet_of(session).preparation
    if preparation is None:
        raise Refused(_("Nothing is drawn yet."), field="volume")
    if preparation.by_id == by.account_id:
        raise Refused(_("The second reading is another person's. You drew this syringe."), field="by")
    check = SecondCheck.objects.create(
        preparation=preparation,
        volume_ul=volume_ul,
        agrees=volume_ul == preparation.volume_ul,
        **entry(session, by=by, at=at),
    )
    move_on(session)
    record(
        "syringe.checked",
        by=by,
        at=at,
        parent=session.parent_id,
        about=check,
        detail={"volume_ul": volume_ul, "agrees": check.agrees},
    )
    return check


def _ml(volume_ul: int) -> str:
    return f"{volume_ul / 1000:.2f}"
