"""Does the audit still say what was written to it?"""

from collections.abc import Iterable
from itertools import groupby

from firstlight.ground.audit import triggers
from firstlight.ground.audit.chain import GENESIS, link
from firstlight.ground.audit.heads import SignedHead
from firstlight.ground.audit.models import AuditEvent, AuditHead


def verify(heads: Iterable[SignedHead] = ()) -> list[str]:
    """Return every finding, none when all holds: chains, stored heads, signed heads, triggers."""
    by_chain: dict[str, list[SignedHead]] = {}
    for head in heads:
        by_chain.setdefault(head.chain, []).append(head)
    findings = [f"The trigger {name} is missing." for name in triggers.missing()]
    stored = {head.chain: head for head in AuditHead.objects.all()}
    seen = set()
    events = AuditEvent.objects.order_by("chain", "sequence").iterator(chunk_size=5000)
    for chain, links in groupby(events, key=lambda event: event.chain):
        seen.add(chain)
        findings += _verify_chain(chain, links, stored.get(chain), by_chain.get(chain, []))
    for chain in sorted((set(stored) | set(by_chain)) - seen):
        if any(head.sequence for head in by_chain.get(chain, [])) or (chain in stored and stored[chain].sequence):
            findings.append(f"Chain {chain}: its head is known, its events are gone.")
    return findings


def _verify_chain(
    chain: str, links: Iterable[AuditEvent], stored: AuditHead | None, signed: list[SignedHead]
) -> list[str]:
    findings: list[str] = []
    expected = {head.sequence: head.hash for head in signed}
    previous, sequence = GENESIS, 0
    for event in links:
        if event.sequence != sequence + 1:
            findings.append(f"Chain {chain}: event {sequence + 1} is missing.")
        if event.previous_hash != previous or event.hash != link(event.previous_hash, event.columns()):
            findings.append(f"Chain {chain}: event {event.sequence} was changed, or the one before it.")
        if expected.get(event.sequence, event.hash) != event.hash:
            findings.append(f"Chain {chain}: event {event.sequence} is not the one whose head was signed.")
        previous, sequence = event.hash, event.sequence
    findings += [
        f"Chain {chain}: ends at {sequence}, but the head signed at {head.at} says {head.sequence}."
        for head in signed
        if head.sequence > sequence
    ]
    if stored is None or (stored.sequence, stored.hash) != (sequence, previous):
        findings.append(f"Chain {chain}: the stored head does not fit its last event.")
    return findings
