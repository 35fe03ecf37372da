"""Sealed boxes and the key pairs behind them: only the owner opens, only in the context, only while the pair is kept."""

import secrets
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from firstlight.ground.vault import boxes, keyring, pairs
from firstlight.ground.vault.models import KeyPair
from tests.cast import NOW, House
from tests.support.phone import seal

PAIR, OTHER = boxes.make_pair(), boxes.make_pair()


@given(st.binary(max_size=300), st.text(max_size=40))
def test_what_a_phone_seals_opens_with_the_private_half_in_its_context(plain: bytes, context: str) -> None:
    assert boxes.open_box(PAIR.private, seal(PAIR.public, plain, context), context) == plain


@given(st.data())
def test_one_changed_bit_breaks_the_box(data: st.DataObject) -> None:
    box = bytearray(seal(PAIR.public, b"a tap", "here"))
    place = data.draw(st.integers(0, len(box) * 8 - 1))
    box[place // 8] ^= 1 << place % 8

    with pytest.raises(boxes.BoxBroken):
        boxes.open_box(PAIR.private, bytes(box), "here")


@given(st.binary(max_size=400))
def test_bytes_that_nobody_sealed_are_no_box(rubbish: bytes) -> None:
    for box in (rubbish, b"\x01" + rubbish, b"\x01\x04" + rubbish):
        with pytest.raises(boxes.BoxBroken):
            boxes.open_box(PAIR.private, box, "here")


def test_another_key_or_another_context_opens_nothing() -> None:
    box = seal(PAIR.public, b"a tap", "here")

    with pytest.raises(boxes.BoxBroken):
        boxes.open_box(OTHER.private, box, "here")
    with pytest.raises(boxes.BoxBroken):
        boxes.open_box(PAIR.private, box, "there")


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert seal(PAIR.public, b"a tap", "here")[1:66] != seal(PAIR.public, b"a tap", "here")[1:66]


def opened(house: House, key: pairs.PublicKey, box: bytes) -> bytes:
    return pairs.open_for(owner_id=house.clinic.id, pair_id=key.id, box=box, context="here")


def key_of(house: House, at: Any = NOW) -> pairs.PublicKey:
    return pairs.public_key(owner_id=house.clinic.id, at=at)


def test_a_clinic_has_one_key_until_it_is_replaced(house: House) -> None:
    first = key_of(house)

    assert key_of(house, NOW + timedelta(days=1)) == first
    assert opened(house, first, seal(first.public, b"a tap", "here")) == b"a tap"


def test_private_half_is_wrapped_in_its_row(house: House) -> None:
    first = key_of(house)

    row = KeyPair.objects.get()
    assert opened(house, first, seal(first.public, b"a tap", "here")) == b"a tap"
    with pytest.raises(ValueError, match="deserialize"):
        boxes.open_box(bytes(row.wrapped), seal(first.public, b"a tap", "here"), "here")


def test_another_clinic_opens_nothing(house: House, other_house: House) -> None:
    key = key_of(house)
    box = seal(key.public, b"a tap", "here")

    with pytest.raises(pairs.UnknownPair):
        pairs.open_for(owner_id=other_house.clinic.id, pair_id=key.id, box=box, context="here")
    with pytest.raises(pairs.UnknownPair):
        pairs.open_for(owner_id=house.clinic.id, pair_id=uuid4(), box=box, context="here")


def test_old_pair_is_replaced_and_still_opens(house: House) -> None:
    first = key_of(house)
    box = seal(first.public, b"a tap", "here")

    pairs.renew_pairs(NOW + pairs.REPLACED_AFTER - timedelta(seconds=1))
    assert key_of(house) == first
    pairs.renew_pairs(NOW + pairs.REPLACED_AFTER)

    assert key_of(house).id != first.id
    assert opened(house, first, box) == b"a tap"


def test_pair_is_replaced_when_the_ring_has_a_newer_key(house: House, settings: Any) -> None:
    first = key_of(house)
    settings.VAULT_KEYS = settings.VAULT_KEYS | {"2": secrets.token_hex(32)}

    pairs.renew_pairs(NOW + timedelta(hours=1))

    assert KeyPair.objects.get(replaced_at=None).ring_id == "2"
    assert opened(house, first, seal(first.public, b"a tap", "here")) == b"a tap"


def test_replaced_pair_is_destroyed_after_its_time_and_what_was_not_sent_stays_closed(house: House) -> None:
    first = key_of(house)
    replaced_at = NOW + pairs.REPLACED_AFTER
    pairs.renew_pairs(replaced_at)

    pairs.renew_pairs(replaced_at + pairs.OPENS_FOR)

    row = KeyPair.objects.get(id=first.id)
    assert (row.wrapped, row.destroyed_at) == (None, replaced_at + pairs.OPENS_FOR)
    with pytest.raises(pairs.UnknownPair):
        opened(house, first, seal(first.public, b"a tap", "here"))


def test_renewing_again_changes_nothing(house: House) -> None:
    key_of(house)
    for _ in range(2):
        pairs.renew_pairs(NOW + pairs.REPLACED_AFTER)

    assert KeyPair.objects.count() == 2


def test_private_half_moved_to_another_pair_does_not_open(house: House, other_house: House) -> None:
    key, others = key_of(house), key_of(other_house)
    wrapped = KeyPair.objects.get(id=others.id).wrapped
    KeyPair.objects.filter(id=key.id).update(wrapped=wrapped)

    with pytest.raises(keyring.SealBroken):
        opened(house, key, seal(key.public, b"a tap", "here"))


def test_an_owner_never_has_two_newest_pairs(house: House) -> None:
    key_of(house)
    twin = KeyPair(owner_id=house.clinic.id, ring_id="1", public=b"x", wrapped=b"x", made_at=NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()
