"""The hash chain: each event's hash covers every column of it and the hash before it (RFC 6962 style leaf and node tags)."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

GENESIS = hashlib.sha256(b"firstlight").hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot stand in a chained record.")


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=_plain)


def canonical(columns: Mapping[str, Any]) -> bytes:
    """Return one spelling of a record: sorted keys, UTC instants, no spaces."""
    return _ENCODER.encode(columns).encode()


def link(previous: str, columns: Mapping[str, Any]) -> str:
    """Return the hash of a record that follows `previous`."""
    leaf = hashlib.sha256(b"\x00" + canonical(columns)).digest()
    return hashlib.sha256(b"\x01" + bytes.fromhex(previous) + leaf).hexdigest()
