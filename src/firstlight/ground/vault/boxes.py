"""Sealed boxes: anybody seals with a public key, only the holder of its private half opens.

One box is `0x01 | sender's point (65) | nonce (12) | ciphertext and tag`. The sender makes a key pair for that one box:
ECDH on P-256, HKDF-SHA-256 (RFC 5869; salt: both points, sender first), AES-256-GCM. These are what browsers have in
common; `design/sealing.js` is the other half. The context is bound in: a box opens only for what it was sealed for.
"""

from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CURVE = ec.SECP256R1()
VERSION = b"\x01"
INFO = b"firstlight sealed box 1"
POINT_BYTES, NONCE_BYTES, TAG_BYTES = 65, 12, 16
_HEAD_BYTES = len(VERSION) + POINT_BYTES + NONCE_BYTES


class BoxBroken(Exception):
    """A box does not open: another key, another context, or somebody changed it."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A fresh key pair: the private half as PKCS #8 bytes, the public half as an uncompressed point."""

    private: bytes
    public: bytes


def make_pair() -> Pair:
    """Return a new key pair."""
    private = ec.generate_private_key(CURVE)
    encoded = private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Pair(encoded, _point(private.public_key()))


def open_box(private: bytes, box: bytes, context: str) -> bytes:
    """Return what was sealed for this context. Raises BoxBroken."""
    if len(box) < _HEAD_BYTES + TAG_BYTES or not box.startswith(VERSION):
        raise BoxBroken("These bytes are no sealed box.")
    point = box[len(VERSION) : len(VERSION) + POINT_BYTES]
    nonce = box[_HEAD_BYTES - NONCE_BYTES : _HEAD_BYTES]
    own = serialization.load_der_private_key(private, password=None)
    assert isinstance(own, ec.EllipticCurvePrivateKey)
    try:
        shared = own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point))
        key = HKDF(hashes.SHA256(), length=32, salt=point + _point(own.public_key()), info=INFO).derive(shared)
        return AESGCM(key).decrypt(nonce, box[_HEAD_BYTES:], context.encode())
    except (InvalidTag, ValueError) as error:
        raise BoxBroken("This box does not open with its key for this context.") from error


def _point(public: ec.EllipticCurvePublicKey) -> bytes:
    return public.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
