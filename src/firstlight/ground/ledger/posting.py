"""Adding a line to the journal: the only place that writes one."""

from datetime import datetime
from typing import Any
from uuid import UUID

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.chain import GENESIS, link
from firstlight.ground.ledger.models import DIRECTIONS, Draw, EntryKind, LedgerEntry, LedgerHead, Lot


def lock(clinic_id: UUID) -> LedgerHead:
    """Take the journal of one clinic for the rest of the transaction. Balances that are read afterwards hold."""
    LedgerHead.objects.get_or_create(clinic_id=clinic_id, defaults={"hash": GENESIS})
    return LedgerHead.objects.select_for_update().get(clinic_id=clinic_id)


def post(
    *,
    kind: EntryKind,
    lot: Lot,
    amount_ug: int,
    before_ug: int,
    by: Actor,
    at: datetime,
    direction: int | None = None,
    draw: Draw | None = None,
    waste: LedgerEntry | None = None,
    reason: str = "",
    facts: dict[str, Any] | None = None,
) -> LedgerEntry:
    """Add one line. The caller holds the lock and read `before_ug` under it."""
    head = lock(lot.clinic_id)
    head.sequence += 1
    way = DIRECTIONS[kind] if direction is None else direction
    entry = LedgerEntry(
        clinic_id=lot.clinic_id,
        sequence=head.sequence,
        at=at,
        kind=kind.value,
        direction=way,
        amount_ug=amount_ug,
        before_ug=before_ug,
        after_ug=before_ug + way * amount_ug,
        lot=lot,
        draw=draw,
        waste=waste,
        session_ref=draw.session_ref if draw else None,
        by_id=by.account_id,
        by_name=by.name,
        by_role=by.role,
        reason=reason[:200],
        facts=facts or {},
        previous_hash=head.hash,
    )
    entry.hash = head.hash = link(entry.previous_hash, entry.columns())
    entry.save(force_insert=True)
    head.save(update_fields=["sequence", "hash"])
    return entry
