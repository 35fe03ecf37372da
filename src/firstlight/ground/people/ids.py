"""Ids that grow in the order of writing: what settles which of two entries of one moment is the newer one.

The layout is UUID version 7 (RFC 9562, section 5.7): milliseconds, then their fraction in twelve bits (section 6.2, method
3), then chance. One process never makes a smaller id than before, whatever its clock does.
"""

import secrets
import threading
import time
from uuid import UUID

FRACTIONS_A_MILLISECOND = 1 << 12
NANOSECONDS_A_MILLISECOND = 1_000_000
_lock = threading.Lock()
_last = 0


def next_id() -> UUID:
    """Return an id above every one that this process made before."""
    global _last  # noqa: PLW0603 - the one thing that must be remembered between two ids
    now = time.time_ns() * FRACTIONS_A_MILLISECOND // NANOSECONDS_A_MILLISECOND
    with _lock:
        _last = max(now, _last + 1)
        moment = _last
    milliseconds, fraction = divmod(moment, FRACTIONS_A_MILLISECOND)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | secrets.randbits(62))
