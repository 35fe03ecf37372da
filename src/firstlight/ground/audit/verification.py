"""Does the audit still say what was written to it?"""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from firstlight.ground.audit import triggers
from firstlight.ground.audit.chain import GENESIS, link
from firstlight.ground.audit.heads import SignedHead
from firstlight.ground.audit.models import AuditEvent, AuditHead

Row = dict[str, Any]


def verify(heads: Iterable[SignedHead] = ()) -> list[str]:
    """Return every finding, none when all holds: chains, stored heads, signed heads, triggers."""
    by_chain: dict[str, list[SignedHead]] = {}
    for head in heads:
        by_chain.setdefault(head.chain, []).append(head)
    findings = [f"The trigger {name} is missing or was changed." for name in triggers.missing()]
    stored = {head.chain: head for head in AuditHead.objects.all()}
    seen = set()
    rows = AuditEvent.objects.order_by("chain", "sequence").values(*AuditEvent.CHAINED, "previous_hash", "hash")
    for chain, links in groupby(rows.iterator(chunk_size=5000), key=lambda row: row["chain"]):
        seen.add(chain)
        findings += _verify_chain(chain, links, stored.get(chain), by_chain.get(chain, []))
    for chain in sorted((set(stored) | set(by_chain)) - seen):
        if any(head.sequence for head in by_chain.get(chain, [])) or (chain in stored and stored[chain].sequence):
            findings.append(f"Chain {chain}: its head is known, its events are gone.")
    return findings


def _verify_chain(chain: str, links: Iterable[Row], stored: AuditHead | None, signed: list[SignedHead]) -> list[str]:
    findings: list[str] = []
    # A chain that was written anew may have been signed anew too: every head ever signed must fit, not only the latest.
    expected: dict[int, set[str]] = {}
    for head in signed:
        expected.setdefault(head.sequence, set()).add(head.hash)
    previous, sequence = GENESIS, 0
    for row in links:
        number, digest, before = row["sequence"], row.pop("hash"), row.pop("previous_hash")
        if number != sequence + 1:
            findings.append(f"Chain {chain}: event {sequence + 1} is missing.")
        if before != previous or digest != link(previous, row):
            findings.append(f"Chain {chain}: event {number} was changed, or the one before it.")
        if expected.get(number, {digest}) != {digest}:
            findings.append(f"Chain {chain}: event {number} is not the one whose head was signed.")
        previous, sequence = digest, number
    findings += [
        f"Chain {chain}: ends at {sequence}, but the head signed at {head.at} says {head.sequence}."
        for head in signed
        if head.sequence > sequence
    ]
    if stored is None or (stored.sequence, stored.hash) != (sequence, previous):
        findings.append(f"Chain {chain}: the stored head does not fit its last event.")
    return findings
