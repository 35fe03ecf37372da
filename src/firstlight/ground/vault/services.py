"""Person keys: made with the person, kept open in the process for a short while, destroyed on request."""

import os
import time
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from firstlight.ground.vault import keyring
from firstlight.ground.vault.models import PersonKey

KEPT_OPEN_SECONDS = 30
OPENED_AT_ONCE = 500
_open_keys: dict[UUID, tuple[bytes | None, float]] = {}


def _place(key_id: UUID) -> str:
    return f"vault_personkey.{key_id}"


def _unwrap(row: PersonKey) -> bytes | None:
    if row.wrapped is None:
        return None
    return keyring.unseal(keyring.ring()[row.ring_id], bytes(row.wrapped), _place(row.id))


def key_of(owner_id: UUID) -> tuple[UUID, bytes]:
    """Return id and key of one person. Raises SealBroken when it was destroyed."""
    row = PersonKey.objects.get(owner_id=owner_id)
    key = _unwrap(row)
    if key is None:
        raise keyring.SealBroken("This person's record was erased. Nothing more can be written to it.")
    _open_keys[row.id] = (key, time.monotonic())
    return row.id, key


def make_key(*, owner_id: UUID, at: datetime) -> None:
    """Make the key of a parent, an account or a clinic, before the first text of its own is sealed."""
    key_id = uuid4()
    ring_id = keyring.newest_ring_id()
    wrapped = keyring.seal(keyring.ring()[ring_id], os.urandom(32), _place(key_id))
    PersonKey.objects.create(id=key_id, owner_id=owner_id, ring_id=ring_id, wrapped=wrapped, made_at=at)


def open_key(key_id: UUID) -> bytes | None:
    """Return a key by its id; None when it was destroyed.

    Opens the newest keys together, and four times as many as are open when that was not enough: a list costs a handful
    of queries however many people stand in it.
    """
    opened_at = time.monotonic()
    kept = _open_keys.get(key_id)
    if kept and opened_at - kept[1] < KEPT_OPEN_SECONDS:
        return kept[0]
    for other_id, (_key, since) in list(_open_keys.items()):
        if opened_at - since >= KEPT_OPEN_SECONDS:
            _open_keys.pop(other_id, None)
    at_once = max(OPENED_AT_ONCE, 4 * len(_open_keys))
    rows = {row.id: row for row in PersonKey.objects.order_by("-made_at")[:at_once] if row.id not in _open_keys}
    asked = rows.get(key_id) or PersonKey.objects.get(id=key_id)
    for row in rows.values():
        _open_keys[row.id] = (_unwrap(row), opened_at)
    opened = _unwrap(asked)
    _open_keys[key_id] = (opened, opened_at)
    return opened


@transaction.atomic
def destroy_key(*, owner_id: UUID, at: datetime) -> None:
    """Destroy a person's key: what it sealed can never be read again, in the database or in any backup made later."""
    row = PersonKey.objects.select_for_update().get(owner_id=owner_id)
    row.wrapped, row.destroyed_at = None, at
    row.save(update_fields=["wrapped", "destroyed_at"])
    _open_keys.pop(row.id, None)
