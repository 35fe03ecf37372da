"""Backup files: a stream of sealed chunks under a key of the ring. The file never holds a key.

Layout: magic line, header line (JSON), then chunks of 4 bytes length and AES-256-GCM text. Each chunk's nonce is its number and
whether it is the last one, and the header is bound to every chunk: bytes that are changed, moved, dropped or cut off do not open
(the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, CRYPTO 2015).
"""

import hashlib
import json
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"firstlight backup 1\n"
CHUNK_BYTES = 1 << 20
TAG_BYTES = 16
NONCE_PREFIX_BYTES = 7
MOST_HEADER_BYTES = 4096


class ArchiveRefused(Exception):
    """A file is no backup, is damaged, or was made under another key."""


def fingerprint(key: bytes) -> str:
    """Return a short name of a key that gives nothing of it away."""
    return hashlib.sha256(b"firstlight ring key" + key).hexdigest()[:12]


def _stream_key(ring_key: bytes, salt: bytes) -> AESGCM:
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=b"firstlight backup").derive(ring_key)
    return AESGCM(derived)


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([last])


class Sealing:
    """A file to write into; what is written leaves sealed. `finish` writes the last chunk: without it the file does not open."""

    def __init__(self, target: BinaryIO, ring_id: str, ring_key: bytes, made_at: datetime) -> None:
        salt, self._prefix = os.urandom(16), os.urandom(NONCE_PREFIX_BYTES)
        header = {
            "ring": ring_id,
            "key": fingerprint(ring_key),
            "made_at": made_at.isoformat(timespec="seconds"),
            "salt": salt.hex(),
            "nonce": self._prefix.hex(),
        }
        self._header = json.dumps(header).encode() + b"\n"
        self._cipher = _stream_key(ring_key, salt)
        self._target, self._number, self._waiting = target, 0, bytearray()
        target.write(MAGIC + self._header)

    def write(self, data: bytes) -> int:
        """Take bytes; whole chunks leave at once."""
        self._waiting += data
        while len(self._waiting) > CHUNK_BYTES:
            self._leave(bytes(self._waiting[:CHUNK_BYTES]), last=False)
            del self._waiting[:CHUNK_BYTES]
        return len(data)

    def finish(self) -> None:
        """Seal what is left as the last chunk."""
        self._leave(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _leave(self, plain: bytes, *, last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._prefix, self._number, last=last), plain, self._header)
        self._target.write(len(sealed).to_bytes(4, "big") + sealed)
        self._number += 1


class Opening:
    """A backup to read from: gives back what was written, or raises ArchiveRefused."""

    def __init__(self, source: BinaryIO, ring: Mapping[str, bytes]) -> None:
        self._source = source
        self._header = read_header_line(source)
        header = _header_of(self._header)
        self.made_at = datetime.fromisoformat(header["made_at"])
        key = ring.get(header["ring"])
        if key is None or fingerprint(key) != header["key"]:
            raise ArchiveRefused(
                f"This backup was sealed under ring key {header['ring']} ({header['key']}), which the key file does not hold."
            )
        self._cipher, self._prefix = _stream_key(key, bytes.fromhex(header["salt"])), bytes.fromhex(header["nonce"])
        self._number, self._ended, self._ready = 0, False, bytearray()

    def read(self, size: int = -1) -> bytes:
        """Return up to so many bytes, all of them for -1; nothing at the end."""
        while not self._ended and (size < 0 or len(self._ready) < size):
            self._next()
        taken = bytes(self._ready[:size] if size >= 0 else self._ready)
        del self._ready[: len(taken)]
        return taken

    def _next(self) -> None:
        length = int.from_bytes(self._source.read(4), "big")
        fits = TAG_BYTES <= length <= CHUNK_BYTES + TAG_BYTES
        sealed = self._source.read(length) if fits else b""
        if not fits or len(sealed) != length:
            raise ArchiveRefused("This backup is cut off or damaged.")
        following = self._source.read(1)
        if following:
            self._source.seek(-1, os.SEEK_CUR)
        try:
            nonce = _nonce(self._prefix, self._number, last=not following)
            self._ready += self._cipher.decrypt(nonce, sealed, self._header)
        except InvalidTag as error:
            raise ArchiveRefused("This backup is cut off or damaged.") from error
        self._number, self._ended = self._number + 1, not following


def read_header_line(source: BinaryIO) -> bytes:
    """Return a backup's header line. Raises ArchiveRefused for any other file."""
    if source.read(len(MAGIC)) != MAGIC:
        raise ArchiveRefused("This file is not a Firstlight backup.")
    return source.readline(MOST_HEADER_BYTES)


def _header_of(line: bytes) -> dict[str, str]:
    try:
        header: dict[str, Any] = json.loads(line)
        datetime.fromisoformat(header["made_at"])
        bytes.fromhex(header["salt"]), bytes.fromhex(header["nonce"])
        return {name: str(header[name]) for name in ("ring", "key", "made_at", "salt", "nonce")}
    except (ValueError, KeyError, TypeError) as error:
        raise ArchiveRefused("This backup is cut off or damaged.") from error


def digest_of(path: Path) -> str:
    """Return a file's SHA-256."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
