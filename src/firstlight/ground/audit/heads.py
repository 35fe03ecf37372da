"""Signed heads: what each chain's last link was, kept outside the database.

A hash chain alone does not show that its tail was cut off or that all of it was written anew; a head that left the
database does.
"""

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from firstlight.ground.audit.chain import canonical
from firstlight.ground.audit.models import AuditHead


@dataclass(frozen=True, slots=True)
class SignedHead:
    """One chain's last link at one moment, with the installation's signature over it."""

    chain: str
    sequence: int
    hash: str
    at: str
    signature: str


class HeadRefused(Exception):
    """A head file is not one of ours, or somebody changed it."""


def _signing_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(settings.HEAD_SIGNING_KEY))


def public_key() -> str:
    """Return the installation's public key, to be kept with the heads."""
    return _signing_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def sign(chain: str, sequence: int, digest: str, at: datetime) -> SignedHead:
    """Sign one head."""
    instant = at.astimezone(UTC).isoformat(timespec="seconds")
    payload = canonical({"chain": chain, "sequence": sequence, "hash": digest, "at": instant})
    return SignedHead(chain, sequence, digest, instant, _signing_key().sign(payload).hex())


def check(head: SignedHead) -> None:
    """Raise HeadRefused unless the signature is ours."""
    payload = canonical({"chain": head.chain, "sequence": head.sequence, "hash": head.hash, "at": head.at})
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key()))
        key.verify(bytes.fromhex(head.signature), payload)
    except (InvalidSignature, ValueError) as error:
        raise HeadRefused(
            f"The head of chain {head.chain} at {head.at} does not carry this installation's signature."
        ) from error


def keep(heads: list[SignedHead], folder: Path | None = None) -> list[Path]:
    """Append heads to one file a chain in a folder (not given: the heads folder), and see them onto the disk."""
    folder = folder or settings.HEADS_FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    paths = []
    for head in heads:
        path = folder / f"{head.chain}.jsonl"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a") as handle:
            handle.write(json.dumps(asdict(head)) + "\n")
            handle.flush()
            os.fsync(handle.fileno())
        paths.append(path)
    return paths


def sign_all(now: datetime) -> list[Path]:
    """Sign and keep the heads of all chains. Runs daily and when a session closes."""
    return keep([sign(head.chain, head.sequence, head.hash, now) for head in AuditHead.objects.order_by("chain")])


def read(path: Path) -> list[SignedHead]:
    """Read a head file. Raises HeadRefused for a file that cannot be read, and for a line that is no head."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise HeadRefused(f"{path} cannot be read: {reason}.") from error
    heads = []
    for number, line in enumerate(lines, start=1):
        try:
            head = SignedHead(**json.loads(line))
        except (ValueError, TypeError) as error:
            raise HeadRefused(f"{path.name} line {number} is not a signed head.") from error
        check(head)
        heads.append(head)
    return heads


def kept(folder: Path | None = None) -> list[SignedHead]:
    """Return every head in a folder (not given: the heads folder)."""
    folder = folder or settings.HEADS_FOLDER
    if not folder.exists():
        return []
    return [head for path in sorted(folder.glob("*.jsonl")) for head in read(path)]
