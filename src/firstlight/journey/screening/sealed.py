"""Sealed taps as they travel: read strictly, opened, and their time believed only as far as it can be true. Pure."""

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

MOST_BYTES = 4_096  # of a request; a box with all that belongs to it has about 900
MOST_BOX_BYTES = 1_024
LAST_MS = 4_102_444_800_000  # 2100-01-01; a clock beyond that is no clock
MOST_AHEAD = timedelta(days=10_000)


class Malformed(ValueError):
    """What came is no sealed tap, or what was in the box is no tap."""


@dataclass(frozen=True, slots=True)
class SealedBox:
    """One box on its way: its own id, the key pair that it was sealed for, and what the phone's clock said on sending."""

    id: UUID
    pair_id: UUID
    content: bytes
    sent_at: datetime

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def context(self, set_id: UUID) -> str:
        """Return what the box is bound to: this set, this pair, this id."""
        return f"{set_id}|{self.pair_id}|{self.id}"


@dataclass(frozen=True, slots=True)
class Told:
    """What was in a box: the item, its value (None: passed over), and what the phone's clock said at the tap."""

    item: str
    value: int | None
    told_at: datetime


@dataclass(frozen=True, slots=True)
class Timing:
    """When a tap was made, as far as that can be told, and how far the phone's clock was ahead of ours."""

    tapped_at: datetime
    ahead: timedelta


def read_request(body: bytes) -> tuple[str, SealedBox]:
    """Return the pass and the box of a request. Raises Malformed."""
    said = _object(body)
    try:
        content = base64.b64decode(_text(said, "box"), validate=True)
        box = SealedBox(UUID(_text(said, "id")), UUID(_text(said, "key")), content, _clock(said, "now_ms"))
    except (ValueError, binascii.Error) as error:
        raise Malformed(str(error)) from error
    if len(content) > MOST_BOX_BYTES:
        raise Malformed("The box is too large.")
    return _text(said, "pass"), box


def read_told(plain: bytes) -> Told:
    """Return the tap that was in a box. Raises Malformed."""
    said = _object(plain)
    value = said.get("value")
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or abs(value) > 999):
        raise Malformed("A value is a small number, or nothing.")
    return Told(_text(said, "item"), value, _clock(said, "tapped_ms"))


def timing(told: Told, box: SealedBox, *, page_made_at: datetime, arrived_at: datetime) -> Timing:
    """Return when a tap was made: the phone's own time, less what its clock was ahead by when it sent.

    A phone's clock can be wrong, or be set between tap and sending: no tap is older than its page, or newer than now.
    """
    ahead = max(-MOST_AHEAD, min(MOST_AHEAD, box.sent_at - arrived_at))
    corrected = told.told_at - ahead
    return Timing(min(arrived_at, max(page_made_at, corrected)), ahead)


def _object(content: bytes) -> dict[str, Any]:
    try:
        said = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Malformed("This cannot be read.") from error
    if not isinstance(said, dict):
        raise Malformed("This is no object.")
    return said


def _text(said: dict[str, Any], name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str) or not value.isascii():
        raise Malformed(f"{name} is missing, or written in letters that no part of a request has.")
    return value


def _clock(said: dict[str, Any], name: str) -> datetime:
    value = said.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < LAST_MS:
        raise Malformed(f"{name} is no time.")
    return datetime.fromtimestamp(value / 1000, UTC)
