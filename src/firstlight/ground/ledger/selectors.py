"""The one door to the stock: staff who may read it, in their own clinic."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from firstlight.ground.audit.actors import Actor
from firstlight.ground.ledger.models import IN_HAND, Draw, EntryKind, LedgerEntry, Lot
from firstlight.ground.people.permissions import Permission

SOON_DAYS = 30


@dataclass(frozen=True, slots=True)
class StockedLot:
    """A lot with what stands in the cabinet of it."""

    lot: Lot
    on_hand_ug: int

    def expired_on(self, day: date) -> bool:
        """Tell whether the lot may no longer be drawn from. Its date is the last good day."""
        return self.lot.expires_date < day

    def expiry(self, day: date) -> str:
        """Return how the date stands as a state of the design: ok, look (30 days or fewer) or stop (over)."""
        left = (self.lot.expires_date - day).days
        return "stop" if left < 0 else "look" if left <= SOON_DAYS else "ok"


@dataclass(frozen=True, slots=True)
class HeldDraw:
    """A draw with what is still in hand of it."""

    draw: Draw
    in_hand_ug: int


@dataclass(frozen=True, slots=True)
class Hidden:
    """Entries whose amount is withheld, and draws of which what is left would tell it."""

    entries: frozenset[UUID]
    draws: frozenset[UUID]


def _may_read(actor: Actor) -> None:
    if actor.clinic_id is None or not (actor.may(Permission.STOCK_READ) or actor.role == "system"):
        raise Http404


def balance(lot: Lot) -> int:
    """Return the micrograms of a lot in the cabinet."""
    last = LedgerEntry.objects.filter(lot=lot).exclude(kind__in=IN_HAND).order_by("-sequence")
    return last.values_list("after_ug", flat=True).first() or 0


def in_hand(draw: Draw) -> int:
    """Return the micrograms of a draw that are neither given nor wasted yet."""
    last = LedgerEntry.objects.filter(draw=draw, kind__in=IN_HAND).order_by("-sequence")
    left = last.values_list("after_ug", flat=True).first()
    return draw.amount_ug if left is None else left


def lots_of(actor: Actor) -> list[StockedLot]:
    """Return every lot that was ever received, first to expire first."""
    _may_read(actor)
    last = LedgerEntry.objects.filter(lot=OuterRef("pk")).exclude(kind__in=IN_HAND).order_by("-sequence")
    lots = Lot.objects.annotate(on_hand_ug=Coalesce(Subquery(last.values("after_ug")[:1]), 0))
    return [StockedLot(lot, lot.on_hand_ug) for lot in lots]


def lots_in_stock(actor: Actor) -> list[StockedLot]:
    """Return the lots of which something stands in the cabinet, expired ones too, first to expire first."""
    return [stocked for stocked in lots_of(actor) if stocked.on_hand_ug]


def lot_for(actor: Actor, lot_id: UUID) -> Lot:
    """Return a lot of the actor's clinic."""
    _may_read(actor)
    lot = Lot.objects.filter(id=lot_id).first()
    if lot is None:
        raise Http404
    return lot


def draw_for(actor: Actor, draw_id: UUID) -> Draw:
    """Return a draw of the actor's clinic."""
    _may_read(actor)
    draw = Draw.objects.select_related("lot").filter(id=draw_id).first()
    if draw is None:
        raise Http404
    return draw


def _held() -> list[HeldDraw]:
    last = LedgerEntry.objects.filter(draw=OuterRef("pk"), kind__in=IN_HAND).order_by("-sequence")
    left = Coalesce(Subquery(last.values("after_ug")[:1]), F("amount_ug"))
    draws = _in_order().annotate(in_hand_ug=left)
    return [HeldDraw(draw, draw.in_hand_ug) for draw in draws.filter(in_hand_ug__gt=0)]


def _in_order() -> QuerySet[Draw]:
    """Return draws as the ledger holds them: two at the same moment have an order there."""
    entry = LedgerEntry.objects.filter(draw=OuterRef("pk"), kind=EntryKind.DRAW).values("sequence")
    return Draw.objects.select_related("lot", "by").order_by(Subquery(entry[:1]))


def open_draws(actor: Actor) -> list[HeldDraw]:
    """Return the draws of which something is still in hand, longest held first."""
    _may_read(actor)
    return _held()


def draws_of(actor: Actor, session_ref: UUID) -> list[HeldDraw]:
    """Return everything that was drawn for one session, with what is left in hand (0 once settled)."""
    _may_read(actor)
    return [HeldDraw(draw, in_hand(draw)) for draw in _in_order().filter(session_ref=session_ref)]


def waiting() -> QuerySet[LedgerEntry]:
    """Return wastes that no second person has witnessed with the same amount."""
    agreed = LedgerEntry.objects.filter(
        kind=EntryKind.WASTE_WITNESS, waste=OuterRef("pk"), amount_ug=OuterRef("amount_ug")
    )
    return LedgerEntry.objects.filter(~Exists(agreed), kind=EntryKind.WASTE).select_related("lot", "draw")


def wastes_waiting(actor: Actor) -> list[LedgerEntry]:
    """Return the clinic's wastes that wait for a witness, longest waiting first."""
    _may_read(actor)
    return list(waiting())


def waste_for(actor: Actor, waste_id: UUID) -> LedgerEntry:
    """Return a waste that waits for a witness; one that was witnessed is unknown here."""
    _may_read(actor)
    waste = waiting().filter(id=waste_id).first()
    if waste is None:
        raise Http404
    return waste


def is_settled(session_ref: UUID) -> bool:
    """Tell whether all that was drawn for a session was given, or wasted before a witness."""
    held = any(in_hand(draw) for draw in Draw.objects.filter(session_ref=session_ref))
    return not held and not waiting().filter(session_ref=session_ref).exists()


def journal(
    actor: Actor, *, lot: Lot | None = None, since: datetime | None = None, until: datetime | None = None
) -> list[LedgerEntry]:
    """Return the clinic's journal, first line first: of one lot, of a period, or all of it."""
    _may_read(actor)
    wanted = Q(lot=lot) if lot else Q()
    wanted &= Q(at__gte=since) if since else Q()
    wanted &= Q(at__lt=until) if until else Q()
    return list(LedgerEntry.objects.filter(wanted).select_related("lot", "draw", "waste"))


def _standing() -> QuerySet[LedgerEntry]:
    """Return the counts since which nothing moved in or out of the cabinet, latest first."""
    moves = LedgerEntry.objects.filter(lot=OuterRef("lot")).exclude(kind__in=[*IN_HAND, EntryKind.COUNT])
    last = Subquery(moves.order_by("-sequence").values("sequence")[:1])
    return LedgerEntry.objects.filter(kind=EntryKind.COUNT, sequence__gt=last).order_by("-sequence")


def standing_counts(lot: Lot) -> list[LedgerEntry]:
    """Return the counts of a lot since anything last moved in or out of the cabinet, latest first."""
    return list(_standing().filter(lot=lot))


def hidden_from(actor: Actor) -> Hidden:
    """Return what the actor may not see yet, because a second person has to find it without looking.

    Those are others' wastes without a witness, and others' counts while nobody else has counted the lot since.
    """
    wastes = [waste for waste in waiting() if waste.by_id != actor.account_id]
    counters: dict[UUID, set[UUID | None]] = {}
    counts = list(_standing())
    for count in counts:
        counters.setdefault(count.lot_id, set()).add(count.by_id)
    alone = [count for count in counts if len(counters[count.lot_id]) == 1 and count.by_id != actor.account_id]
    hidden = {entry.id for entry in [*wastes, *alone]}
    return Hidden(frozenset(hidden), frozenset(waste.draw_id for waste in wastes if waste.draw_id))


def agreed_difference(lot: Lot) -> int:
    """Return by how much the cabinet holds more (or, negative, less) than the books, as two people counted it.

    0 while two people, one after the other, have not counted the same since anything last moved.
    """
    last = standing_counts(lot)[:2]
    if len(last) < 2 or last[0].by_id == last[1].by_id or last[0].amount_ug != last[1].amount_ug:
        return 0
    return last[0].amount_ug - balance(lot)
