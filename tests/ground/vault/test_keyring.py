"""The key ring: places, tampering, rotation, and digests that find without storing."""

import secrets
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstlight.ground.vault import keyring, services
from firstlight.ground.vault.models import PersonKey
from tests.cast import NOW, House

KEY = bytes(range(32))


@given(st.binary(max_size=300), st.text(min_size=1, max_size=40))
def test_what_is_sealed_opens_in_its_place(plain: bytes, place: str) -> None:
    assert keyring.unseal(KEY, keyring.seal(KEY, plain, place), place) == plain


@given(st.binary(min_size=1, max_size=60), st.data())
def test_one_changed_bit_breaks_the_seal(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(keyring.seal(KEY, plain, "here"))
    position = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[position // 8] ^= 1 << position % 8

    with pytest.raises(keyring.SealBroken):
        keyring.unseal(KEY, bytes(sealed), "here")


def test_another_place_or_another_key_breaks_the_seal() -> None:
    sealed = keyring.seal(KEY, b"text", "here")

    with pytest.raises(keyring.SealBroken, match="there"):
        keyring.unseal(KEY, sealed, "there")
    with pytest.raises(keyring.SealBroken):
        keyring.unseal(secrets.token_bytes(32), sealed, "here")


def test_a_newer_ring_key_wraps_new_people_and_the_older_still_opens(house: House, settings: Any) -> None:
    settings.VAULT_KEYS = settings.VAULT_KEYS | {"2": secrets.token_hex(32)}
    newcomer = uuid4()
    services.make_key(owner_id=newcomer, at=NOW)
    key_id, key = services.key_of(newcomer)

    rows = {row.owner_id: row.ring_id for row in PersonKey.objects.all()}
    assert rows[newcomer] == "2"
    assert rows[house.mother.id] == "1"
    assert services.open_key(key_id) == key
    assert services.key_of(house.mother.id)[1]


def test_the_ring_counts_its_keys_as_numbers(settings: Any) -> None:
    settings.VAULT_KEYS = {str(number): secrets.token_hex(32) for number in range(1, 11)}

    assert keyring.newest_ring_id() == "10"


def test_a_digest_is_the_same_for_the_same_text_however_it_is_typed() -> None:
    assert keyring.blind_index(" Maya@Example.org ") == keyring.blind_index("maya@example.org")
    assert keyring.blind_index("maya@example.org") != keyring.blind_index("mayo@example.org")


def test_a_digest_stays_the_same_when_a_key_is_added(settings: Any) -> None:
    before = keyring.blind_index("maya@example.org")
    settings.VAULT_KEYS = settings.VAULT_KEYS | {"2": secrets.token_hex(32)}

    assert keyring.blind_index("maya@example.org") == before
