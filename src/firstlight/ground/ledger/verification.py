"""Does the journal still say what was written to it, and does it add up?"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django_scopes import scopes_disabled

from firstlight.clinical.quantities import scaled
from firstlight.ground.audit import triggers
from firstlight.ground.audit.chain import GENESIS, link
from firstlight.ground.audit.heads import SignedHead
from firstlight.ground.ledger.heads import chain_of
from firstlight.ground.ledger.models import IN_HAND, Draw, EntryKind, LedgerEntry, LedgerHead, Lot
from firstlight.ground.people.models import Clinic


def _mg(amount_ug: int) -> str:
    return f"{scaled(amount_ug, 1_000)} mg"


@dataclass
class Books:
    """What one clinic's journal adds up to, kept while its lines are read."""

    cabinet: dict[UUID, int] = field(default_factory=dict)
    hands: dict[UUID, int] = field(default_factory=dict)
    wastes: dict[UUID, LedgerEntry] = field(default_factory=dict)
    lots: set[UUID] = field(default_factory=set)

    def enter(self, entry: LedgerEntry) -> Iterator[str]:
        """Take one line into the books; yield what does not fit them."""
        yield from self._balance(entry)
        if entry.kind == EntryKind.RECEIVE:
            self.lots.add(entry.lot_id)
            if entry.facts != entry.lot.facts() or entry.amount_ug != entry.lot.received_ug:
                yield f"line {entry.sequence}: lot {entry.lot.lot_number} is not what was received."
        if entry.kind == EntryKind.DRAW and entry.draw is not None:
            if entry.facts != entry.draw.facts() or entry.amount_ug != entry.draw.amount_ug:
                yield f"line {entry.sequence}: the draw is not what was drawn."
            self.hands[entry.draw.id] = entry.amount_ug
        if entry.kind == EntryKind.WASTE:
            self.wastes[entry.id] = entry
        if entry.kind == EntryKind.WASTE_WITNESS:
            yield from self._witness(entry)

    def _balance(self, entry: LedgerEntry) -> Iterator[str]:
        account, key = (self.hands, entry.draw_id) if entry.kind in IN_HAND else (self.cabinet, entry.lot_id)
        assert key is not None  # held by a constraint of the table
        before = account.get(key, 0)
        after = before + entry.direction * entry.amount_ug
        if (entry.before_ug, entry.after_ug) != (before, after):
            yield f"line {entry.sequence}: the balance says {_mg(entry.after_ug)}; the lines before it make {_mg(after)}."
        if after < 0:
            yield f"line {entry.sequence}: more was taken than there was."
        account[key] = after

    def _witness(self, entry: LedgerEntry) -> Iterator[str]:
        waste = self.wastes.get(entry.waste_id) if entry.waste_id else None
        if waste is None:
            yield f"line {entry.sequence}: it witnesses a waste that is not there."
        elif entry.by_id is None or waste.by_id is None or entry.by_id == waste.by_id:
            yield f"line {entry.sequence}: a waste was witnessed by the person who wasted."


def verify(heads: Iterable[SignedHead] = ()) -> list[str]:
    """Return every finding, none when all holds: chains, signed heads, balances, lots, draws, witnesses, triggers."""
    by_chain: dict[str, list[SignedHead]] = {}
    for head in heads:
        by_chain.setdefault(head.chain, []).append(head)
    tables = {model._meta.db_table for model in (Lot, Draw, LedgerEntry)}
    missing = [name for name in triggers.missing() if any(f"append_only_{table}_" in name for table in tables)]
    findings = [f"The trigger {name} is missing." for name in missing]
    with scopes_disabled():
        for clinic in Clinic.objects.order_by("name"):
            signed = by_chain.pop(chain_of(clinic.id), [])
            findings += [f"{clinic.name}, {finding}" for finding in verify_clinic(clinic, signed)]
    findings += [f"Chain {chain}: its head is known, its clinic is gone." for chain in sorted(by_chain)]
    return findings


def verify_clinic(clinic: Clinic, signed: list[SignedHead]) -> Iterator[str]:
    """Yield every finding about one clinic's journal, whatever scope is entered."""
    expected = {head.sequence: head.hash for head in signed}
    previous, sequence = GENESIS, 0
    books = Books()
    entries = LedgerEntry.objects.filter(clinic=clinic).select_related("lot", "draw").order_by("sequence")
    for entry in entries.iterator(chunk_size=2000):
        if entry.sequence != sequence + 1:
            yield f"line {sequence + 1}: it is missing."
        if entry.previous_hash != previous or entry.hash != link(entry.previous_hash, entry.columns()):
            yield f"line {entry.sequence}: it was changed, or the one before it."
        if expected.get(entry.sequence, entry.hash) != entry.hash:
            yield f"line {entry.sequence}: it is not the one whose head was signed."
        yield from books.enter(entry)
        previous, sequence = entry.hash, entry.sequence
    yield from _ends(clinic, signed, sequence, previous)
    yield from _strays(clinic, books)


def _ends(clinic: Clinic, signed: list[SignedHead], sequence: int, last: str) -> Iterator[str]:
    for head in signed:
        if head.sequence > sequence:
            yield f"the journal ends at line {sequence}, but the head signed at {head.at} says {head.sequence}."
    stored = LedgerHead.objects.filter(clinic=clinic).first()
    if (stored.sequence, stored.hash) != (sequence, last) if stored else sequence:
        yield "the stored head does not fit the last line."


def _strays(clinic: Clinic, books: Books) -> Iterator[str]:
    for lot in Lot.objects.filter(clinic=clinic).exclude(id__in=books.lots):
        yield f"lot {lot.lot_number} stands in stock, but no line received it."
    for draw in Draw.objects.filter(clinic=clinic).exclude(id__in=books.hands):
        yield f"a draw of {_mg(draw.amount_ug)} stands in no line."
