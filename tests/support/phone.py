"""A phone that seals what is tapped on it, written from ADR 11 apart from the browser's and the clinic's halves of it."""

import base64
import json
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

NO_SKEW = timedelta(0)


def seal(public: bytes, plain: bytes, context: str) -> bytes:
    """Seal for the holder of a public key, in one context."""
    own = ec.generate_private_key(ec.SECP256R1())
    point = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
    derive = HKDF(hashes.SHA256(), length=32, salt=point + public, info=b"firstlight sealed box 1")
    key, nonce = derive.derive(own.exchange(ec.ECDH(), theirs)), os.urandom(12)
    return b"\x01" + point + nonce + AESGCM(key).encrypt(nonce, plain, context.encode())


@dataclass(frozen=True)
class Phone:
    """A page of a check-in on somebody's phone; `ahead` is how far the phone's clock is ahead of ours."""

    set_id: str
    signed: str
    pair_id: str
    public: bytes
    ahead: timedelta = NO_SKEW

    def tap(self, item: str, value: object, tapped_at: datetime, **changed: object) -> dict[str, Any]:
        """Return one sealed tap, still without the time of sending. `changed` puts something else into the request."""
        box_id = str(uuid4())
        words = {"item": item, "value": value, "tapped_ms": milliseconds(tapped_at + self.ahead)}
        plain = json.dumps(words).ljust(256).encode()
        box = seal(self.public, plain, f"{self.set_id}|{self.pair_id}|{box_id}")
        request = {"pass": self.signed, "id": box_id, "key": self.pair_id, "box": base64.b64encode(box).decode()}
        return request | changed

    def sent(self, request: dict[str, Any], at: datetime) -> bytes:
        """Return a request as it is sent at a moment."""
        return json.dumps({"now_ms": milliseconds(at + self.ahead)} | request).encode()


def milliseconds(at: datetime) -> int:
    """Return a moment as browsers count it."""
    return int(at.timestamp() * 1000)
