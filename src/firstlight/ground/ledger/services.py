"""The journal of controlled substances: what came, was drawn, given, wasted before a witness, sent back and counted."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from firstlight.clinical.quantities import Mass
from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.ledger.labels import check_delivery, check_label
from firstlight.ground.ledger.models import KETAMINE, Draw, EntryKind, LedgerEntry, Lot
from firstlight.ground.ledger.posting import lock, post
from firstlight.ground.ledger.selectors import agreed_difference, balance, in_hand
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Clinic
from firstlight.ground.visits.clocktimes import day_of


@write
def receive(  # noqa: PLR0913  # a delivery note has this many lines
    *,
    clinic_id: UUID,
    lot_number: str,
    ndc: str,
    concentration_ug_per_ml: int,
    vial_volume_ul: int,
    vials: int,
    supplier: str,
    invoice: str,
    expires_date: date,
    by: Actor,
    at: datetime,
    drug: str = KETAMINE,
    vial_total_ug: int | None = None,
) -> Lot:
    """Take a delivery into stock. `vial_total_ug` is what the label says one vial holds; it must fit the rest."""
    lock(clinic_id)
    lot = Lot(
        clinic_id=clinic_id,
        drug=drug,
        ndc=ndc.strip(),
        lot_number=lot_number.strip(),
        concentration_ug_per_ml=concentration_ug_per_ml,
        vial_volume_ul=vial_volume_ul,
        vials=vials,
        supplier=supplier.strip(),
        invoice=invoice.strip(),
        expires_date=expires_date,
        received_at=at,
        received_by_id=by.account_id,
    )
    check_label(lot, vial_total_ug)
    check_delivery(lot, at)
    lot.save(force_insert=True)
    post(kind=EntryKind.RECEIVE, lot=lot, amount_ug=lot.received_ug, before_ug=0, by=by, at=at, facts=lot.facts())
    _record("stock.received", lot, by, at, amount_ug=lot.received_ug)
    return lot


@write
def draw(*, lot: Lot, amount_ug: int, session_ref: UUID, by: Actor, at: datetime) -> Draw:
    """Draw an amount from one vial of a lot for one session.

    Refused from an expired lot, and for more than a full vial holds or the cabinet has: then look at the label again.
    """
    lock(lot.clinic_id)
    _positive(amount_ug)
    _not_expired(lot, at)
    if amount_ug > lot.vial_ug:
        held = {"vial": Mass(lot.vial_ug).text(), "lot": lot.lot_number}
        message = _("One full vial of lot %(lot)s holds %(vial)s in all. Check the concentration.") % held
        raise Refused(message, field="amount_ug", value=amount_ug)
    before = balance(lot)
    if amount_ug > before:
        left = {"left": Mass(before).text(), "lot": lot.lot_number}
        raise Refused(_("Only %(left)s of lot %(lot)s are in stock.") % left, field="amount_ug", value=amount_ug)
    drawn = Draw(clinic_id=lot.clinic_id, lot=lot, session_ref=session_ref, amount_ug=amount_ug, at=at)
    drawn.by_id = by.account_id
    drawn.save(force_insert=True)
    facts = drawn.facts()
    post(kind=EntryKind.DRAW, lot=lot, draw=drawn, amount_ug=amount_ug, before_ug=before, by=by, at=at, facts=facts)
    _record("stock.drawn", lot, by, at, amount_ug=amount_ug)
    return drawn


@write
def administer(*, draw: Draw, amount_ug: int, by: Actor, at: datetime) -> LedgerEntry:
    """Enter what was given of a draw. Refused for more than is in hand."""
    entry = _from_hand(EntryKind.ADMINISTER, draw, amount_ug, by, at)
    _record("stock.administered", draw.lot, by, at, amount_ug=amount_ug)
    return entry


@write
def waste(*, draw: Draw, amount_ug: int, reason: str, by: Actor, at: datetime) -> LedgerEntry:
    """Enter what of a draw was wasted. It waits until a second person witnesses it."""
    if by.account_id is None:
        raise Refused(_("Only a person who is signed in can waste."), field="by", value=by.role)
    if not reason.strip():
        raise Refused(_("Say why this is wasted."), field="reason", value=reason)
    entry = _from_hand(EntryKind.WASTE, draw, amount_ug, by, at, reason=reason.strip())
    _record("stock.wasted", draw.lot, by, at, amount_ug=amount_ug)
    return entry


@write
def witness_waste(*, waste: LedgerEntry, amount_ug: int, by: Actor, at: datetime) -> LedgerEntry:
    """Enter what a second person saw wasted, without having been shown the first figure.

    Returns the witness's entry. When its amount differs it stays in the journal, and the waste goes on waiting:
    compare `amount_ug` of both. Refused for the person who wasted, and for a waste that was witnessed already.
    """
    lock(waste.clinic_id)
    if waste.kind != EntryKind.WASTE:
        raise Refused(_("Only a waste can be witnessed."), field="waste", value=waste.kind)
    if by.account_id is None or by.account_id == waste.by_id:
        raise Refused(_("The witness has to be another person than the one who wasted."), field="by", value=by.name)
    witnessed = LedgerEntry.objects.filter(kind=EntryKind.WASTE_WITNESS, waste=waste, amount_ug=waste.amount_ug)
    if witnessed.exists():
        raise Refused(_("This waste was witnessed already."), field="waste", value=waste.id)
    _positive(amount_ug)
    assert waste.draw is not None  # held by a constraint of the table
    entry = post(
        kind=EntryKind.WASTE_WITNESS,
        lot=waste.lot,
        draw=waste.draw,
        waste=waste,
        amount_ug=amount_ug,
        before_ug=in_hand(waste.draw),
        by=by,
        at=at,
    )
    agrees = amount_ug == waste.amount_ug
    _record("stock.waste_witnessed" if agrees else "stock.waste_differs", waste.lot, by, at, amount_ug=amount_ug)
    return entry


@write
def send_back(*, lot: Lot, amount_ug: int, recipient: str, by: Actor, at: datetime) -> LedgerEntry:
    """Send stock back to a supplier or a reverse distributor. Refused for more than the cabinet has."""
    lock(lot.clinic_id)
    _positive(amount_ug)
    if not recipient.strip():
        raise Refused(_("Say who gets it."), field="recipient", value=recipient)
    before = balance(lot)
    if amount_ug > before:
        left = {"left": Mass(before).text(), "lot": lot.lot_number}
        raise Refused(_("Only %(left)s of lot %(lot)s are in stock.") % left, field="amount_ug", value=amount_ug)
    reason = recipient.strip()
    entry = post(kind=EntryKind.RETURN, lot=lot, amount_ug=amount_ug, before_ug=before, by=by, at=at, reason=reason)
    _record("stock.sent_back", lot, by, at, amount_ug=amount_ug)
    return entry


@write
def count(*, lot: Lot, amount_ug: int, by: Actor, at: datetime) -> LedgerEntry:
    """Enter what somebody counted of a lot in the cabinet. A count moves nothing; see `adjust`."""
    lock(lot.clinic_id)
    if amount_ug < 0:
        raise Refused(_("A count is never negative."), field="amount_ug", value=amount_ug)
    entry = post(kind=EntryKind.COUNT, lot=lot, amount_ug=amount_ug, before_ug=balance(lot), by=by, at=at)
    _record("stock.counted", lot, by, at, amount_ug=amount_ug)
    return entry


@write
def adjust(*, lot: Lot, reason: str, by: Actor, at: datetime) -> LedgerEntry:
    """Set the books to what two people counted, each for themselves, since anything last moved.

    Refused without two equal counts by two people, and when the books say the same.
    """
    lock(lot.clinic_id)
    if not reason.strip():
        raise Refused(_("Say what the difference comes from, or that it is not known."), field="reason", value=reason)
    difference = agreed_difference(lot)
    if difference == 0:
        message = _("Two people have to count this lot, one after the other, and find the same, other than the books.")
        raise Refused(message, field="reason", value=lot.lot_number)
    entry = post(
        kind=EntryKind.ADJUST,
        lot=lot,
        amount_ug=abs(difference),
        before_ug=balance(lot),
        direction=1 if difference > 0 else -1,
        by=by,
        at=at,
        reason=reason.strip(),
    )
    _record("stock.adjusted", lot, by, at, amount_ug=difference)
    return entry


def _from_hand(kind: EntryKind, draw: Draw, amount_ug: int, by: Actor, at: datetime, reason: str = "") -> LedgerEntry:
    lock(draw.clinic_id)
    _positive(amount_ug)
    before = in_hand(draw)
    if amount_ug > before:
        message = _("Only %(left)s of this draw are in hand.") % {"left": Mass(before).text()}
        raise Refused(message, field="amount_ug", value=amount_ug)
    return post(kind=kind, lot=draw.lot, draw=draw, amount_ug=amount_ug, before_ug=before, by=by, at=at, reason=reason)


def _positive(amount_ug: int) -> None:
    if amount_ug <= 0:
        raise Refused(_("The amount has to be more than 0 mg."), field="amount_ug", value=amount_ug)


def _not_expired(lot: Lot, at: datetime) -> None:
    zone = Clinic.objects.get(id=lot.clinic_id).timezone
    if lot.expires_date < day_of(at, zone):
        shown = {"lot": lot.lot_number, "day": lot.expires_date.isoformat()}
        raise Refused(_("Lot %(lot)s expired on %(day)s.") % shown, field="lot", value=lot.lot_number)


def _record(action: str, lot: Lot, by: Actor, at: datetime, **detail: Any) -> None:
    record(action, by=by, at=at, about=lot, detail=detail)
