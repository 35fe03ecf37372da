"""Key pairs of an owner, such as a clinic: made at first use, replaced in time, old ones kept for opening for a while.

The private half is wrapped by a key of the ring. Once it is destroyed, boxes that nobody sent in time stay closed for good.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction

from firstlight.ground.vault import boxes, keyring
from firstlight.ground.vault.models import KeyPair

REPLACED_AFTER = timedelta(days=30)  # ours
OPENS_FOR = timedelta(days=90)  # ours: how long a replaced pair still opens; longer than any box may be on its way


class UnknownPair(LookupError):
    """There is no such key pair for this owner, or its private half was destroyed."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What a page gives to a browser: which pair, and its public half."""

    id: UUID
    public: bytes


def public_key(*, owner_id: UUID, at: datetime) -> PublicKey:
    """Return the key under which to seal for an owner now; the first one is made here."""
    row = _newest(owner_id) or _make(owner_id, at)
    return PublicKey(row.id, bytes(row.public))


def open_for(*, owner_id: UUID, pair_id: UUID, box: bytes, context: str) -> bytes:
    """Return what was sealed for an owner under one of its pairs. Raises UnknownPair, BoxBroken."""
    row = KeyPair.objects.filter(id=pair_id, owner_id=owner_id, wrapped__isnull=False).first()
    if row is None or row.wrapped is None:
        raise UnknownPair(pair_id)
    private = keyring.unseal(keyring.ring()[row.ring_id], bytes(row.wrapped), _place(row.id))
    return boxes.open_box(private, box, context)


def renew_pairs(now: datetime) -> None:
    """Replace pairs that are old or wrapped by an older key of the ring; destroy those that have opened long enough."""
    for owner_id in KeyPair.objects.values_list("owner_id", flat=True).distinct():
        row = _newest(owner_id)
        if row and (now - row.made_at >= REPLACED_AFTER or row.ring_id != keyring.newest_ring_id()):
            _replace(owner_id, now)
    KeyPair.objects.filter(replaced_at__lte=now - OPENS_FOR, wrapped__isnull=False).update(
        wrapped=None, destroyed_at=now
    )


@transaction.atomic
def _replace(owner_id: UUID, at: datetime) -> None:
    KeyPair.objects.filter(owner_id=owner_id, replaced_at__isnull=True).update(replaced_at=at)
    _make(owner_id, at)


def _newest(owner_id: UUID) -> KeyPair | None:
    return KeyPair.objects.filter(owner_id=owner_id, replaced_at__isnull=True).first()


def _make(owner_id: UUID, at: datetime) -> KeyPair:
    pair_id, ring_id, pair = uuid4(), keyring.newest_ring_id(), boxes.make_pair()
    wrapped = keyring.seal(keyring.ring()[ring_id], pair.private, _place(pair_id))
    row, _ = KeyPair.objects.get_or_create(
        owner_id=owner_id,
        replaced_at=None,
        defaults={"id": pair_id, "ring_id": ring_id, "public": pair.public, "wrapped": wrapped, "made_at": at},
    )
    return row


def _place(pair_id: UUID) -> str:
    return f"vault_keypair.{pair_id}"
