"""The journal as people read it. A figure that a second person has yet to find alone is not shown before."""

from collections.abc import Sequence
from dataclasses import dataclass

from firstlight.clinical.quantities import Mass
from firstlight.ground.ledger.models import IN_HAND, EntryKind, LedgerEntry
from firstlight.ground.ledger.selectors import Hidden


@dataclass(frozen=True, slots=True)
class Line:
    """One line. Amounts are text in mg; empty where they are withheld or say nothing."""

    entry: LedgerEntry
    amount: str
    in_cabinet: str
    in_hand: str
    withheld: bool
    session: str


def lines_of(entries: Sequence[LedgerEntry], hidden: Hidden) -> list[Line]:
    """Return lines for the reader from whom some things are hidden (see `hidden_from`)."""
    return [_line(entry, entry.id in hidden.entries, entry.draw_id in hidden.draws) for entry in entries]


def _line(entry: LedgerEntry, withheld: bool, tells: bool) -> Line:
    after = Mass(entry.after_ug).text()
    held = entry.kind in IN_HAND
    drawn = Mass(entry.amount_ug).text() if entry.kind == EntryKind.DRAW else ""
    return Line(
        entry=entry,
        amount="" if withheld else _signed(entry),
        in_cabinet="" if held else after,
        in_hand="" if withheld or (held and tells) else after if held else drawn,
        withheld=withheld,
        session=str(entry.session_ref)[:8] if entry.session_ref else "",
    )


def _signed(entry: LedgerEntry) -> str:
    amount = Mass(entry.amount_ug).text()
    if entry.direction == 0:
        return amount
    return f"+{amount}" if entry.direction > 0 else f"−{amount}"
