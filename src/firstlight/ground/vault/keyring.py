"""AES-256-GCM under named keys.

The ring's keys come from the installation's key file and only wrap person keys (NIST SP 800-38D for the mode).
"""

import os
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12


class SealBroken(Exception):
    """Sealed bytes do not open: another key, another place, or somebody changed them."""


def ring() -> dict[str, bytes]:
    """Return the ring's keys by id."""
    return {key_id: bytes.fromhex(key) for key_id, key in settings.VAULT_KEYS.items()}


def newest_ring_id() -> str:
    """Return the id of the key that wraps new person keys."""
    return max(settings.VAULT_KEYS, key=int)


def seal(key: bytes, plain: bytes, place: str) -> bytes:
    """Encrypt for one place (`table.column`): bytes moved to another place do not open."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, place.encode())


def unseal(key: bytes, sealed: bytes, place: str) -> bytes:
    """Decrypt, or raise SealBroken."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode())
    except InvalidTag as error:
        raise SealBroken(f"What is stored in {place} does not open with its key.") from error


@cache
def _index_key(oldest: str) -> bytes:
    digest = hmac.HMAC(bytes.fromhex(oldest), hashes.SHA256())
    digest.update(b"blind index")
    return digest.finalize()


def blind_index(text: str) -> str:
    """Return a keyed digest by which an equal text can be found without storing the text (case and edges folded)."""
    oldest = settings.VAULT_KEYS[min(settings.VAULT_KEYS, key=int)]
    digest = hmac.HMAC(_index_key(oldest), hashes.SHA256())
    digest.update(text.strip().casefold().encode())
    return digest.finalize().hex()
