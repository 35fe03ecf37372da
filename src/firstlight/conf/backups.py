"""Backup and restore of an installation: database and signed heads, sealed; never the keys."""

import gzip
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any, cast

from django.conf import settings
from django.db import connection

from firstlight.conf.archives import ArchiveRefused, Opening, Sealing, digest_of
from firstlight.conf.engines import engine
from firstlight.ground.audit import heads
from firstlight.ground.audit.verification import verify
from firstlight.ground.vault import keyring

DATABASE, MANIFEST, HEADS, DEMO = "database", "manifest.json", "heads", "demo.json"
KEY_PARTS = {"session", "ring", "signing"}


class NotEmpty(Exception):
    """There is something already where a backup would be restored to, or written to."""


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was written."""

    path: Path
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup that was put in place, and what is wrong with it: nothing, as a rule."""

    made_at: datetime
    findings: list[str]


def back_up(path: Path, now: datetime) -> Made:
    """Write one sealed file. Heads are signed and copied before the database, so the database never lags behind a head.

    Raises NotEmpty for a path that exists, CopyFailed, OSError.
    """
    if path.exists():
        raise NotEmpty(f"{path} exists already. A backup never replaces anything.")
    with _workplace(path.parent) as draft_folder, _workplace(settings.HOME) as folder:
        heads.sign_all(now)
        if settings.HEADS_FOLDER.exists():
            shutil.copytree(settings.HEADS_FOLDER, folder / HEADS)
        if settings.DEMO:
            shutil.copy(settings.HOME / DEMO, folder / DEMO)
        engine().copy_to(folder / DATABASE)
        _write_manifest(folder, now)
        draft = draft_folder / "draft"
        _seal(folder, draft, now)
        made = Made(path, draft.stat().st_size, digest_of(draft))
        os.link(draft, path)
        _see_onto_disk(path.parent)
    return made


def restore(path: Path, keys_file: Path | None) -> Restored:
    """Put a backup in place of nothing. With `keys_file` those keys become the installation's.

    Raises ArchiveRefused, NotEmpty, CopyFailed, OSError. What was found wrong afterwards is returned, not raised.
    """
    keys = _read_keys(keys_file) if keys_file else None
    ring = {name: bytes.fromhex(key) for name, key in keys["ring"].items()} if keys else keyring.ring()
    _refuse_what_is_there()
    with _workplace(settings.HOME) as folder:
        with path.open("rb") as source:
            opening = Opening(source, ring)
            _unpack(opening, folder)
        _check_manifest(folder)
        if keys and keys_file:
            _take_keys(keys, keys_file)
        _put_in_place(folder)
    connection.close()
    return Restored(opening.made_at, [*engine().faults(), *verify(heads.kept())])


def _write_manifest(folder: Path, now: datetime) -> None:
    files = {str(one.relative_to(folder)): digest_of(one) for one in sorted(folder.rglob("*")) if one.is_file()}
    content = {
        "engine": engine().name,
        "made_at": now.isoformat(timespec="seconds"),
        "version": version("firstlight"),
        "files": files,
    }
    (folder / MANIFEST).write_text(json.dumps(content))


def _seal(folder: Path, draft: Path, now: datetime) -> None:
    ring_id = keyring.newest_ring_id()
    with draft.open("xb") as target:
        sealing = Sealing(target, ring_id, keyring.ring()[ring_id], now)
        with (
            gzip.GzipFile(fileobj=cast("IO[bytes]", sealing), mode="wb", compresslevel=1, mtime=0) as smaller,
            tarfile.open(fileobj=smaller, mode="w|") as archive,
        ):
            for one in sorted(folder.iterdir()):
                archive.add(one, arcname=one.name)
        sealing.finish()
        target.flush()
        os.fsync(target.fileno())


def _unpack(opening: Opening, folder: Path) -> None:
    with tarfile.open(fileobj=cast("IO[bytes]", opening), mode="r|gz") as archive:
        for member in archive:
            _keep(archive, member, folder)
    while opening.read(1 << 20):
        pass  # the last chunk proves that nothing was cut off


def _keep(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Put one file or folder where it belongs. Python's own filter for this is missing before 3.11.4, as in Debian 12."""
    target = folder / member.name
    if not target.resolve().is_relative_to(folder.resolve()) or not (member.isfile() or member.isdir()):
        raise ArchiveRefused("This backup holds what no backup of Firstlight holds.")
    content = archive.extractfile(member)
    if content is None:
        target.mkdir()
        return
    with target.open("xb") as kept:
        target.chmod(member.mode & 0o700)
        shutil.copyfileobj(content, kept)


def _check_manifest(folder: Path) -> None:
    manifest = json.loads((folder / MANIFEST).read_text())
    here = engine().name
    if manifest["engine"] != here:
        raise ArchiveRefused(f"This backup holds a {manifest['engine']} database; this installation uses {here}.")
    if any(digest_of(folder / name) != digest for name, digest in manifest["files"].items()):
        raise ArchiveRefused("This backup is damaged: a file in it is not the one that was packed.")


def _refuse_what_is_there() -> None:
    allowed = {settings.KEYS_FILE.name}
    found = sorted(one.name for one in settings.HOME.iterdir() if one.name not in allowed)
    if found or not engine().is_empty():
        what = found[0] if found else "the database"
        raise NotEmpty(f"{settings.HOME} is not empty ({what}). Restore into an empty home; nothing was changed.")


def _put_in_place(folder: Path) -> None:
    engine().put_back(folder / DATABASE)
    kept_heads = folder / HEADS
    if kept_heads.exists() and not settings.HEADS_FOLDER.exists():
        shutil.move(kept_heads, settings.HEADS_FOLDER)
    if (folder / DEMO).exists():
        (folder / DEMO).replace(settings.HOME / DEMO)


def _read_keys(path: Path) -> dict[str, Any]:
    try:
        keys: dict[str, Any] = json.loads(path.read_text())
        if not set(keys) >= KEY_PARTS or not all(bytes.fromhex(key) for key in keys["ring"].values()):
            raise ValueError
    except (ValueError, TypeError, AttributeError) as error:
        raise ArchiveRefused(f"{path} is not a key file of Firstlight.") from error
    return keys


def _take_keys(keys: Mapping[str, Any], source: Path) -> None:
    """Make these the installation's keys. The ones that lie there are set aside, never overwritten."""
    place: Path = settings.KEYS_FILE
    if place.exists() and place.resolve() != source.resolve():
        place.rename(place.with_name(f"{place.name}.before-restore"))
    if not place.exists():
        descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            json.dump(dict(keys), handle)
            handle.flush()
            os.fsync(handle.fileno())
    settings.SECRET_KEY, settings.VAULT_KEYS = keys["session"], keys["ring"]
    settings.HEAD_SIGNING_KEY = keys["signing"]


@contextmanager
def _workplace(beside: Path) -> Iterator[Path]:
    """Give a private folder on the same disk, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix=".firstlight-", dir=beside))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _see_onto_disk(folder: Path) -> None:
    with suppress(OSError):  # some network disks cannot sync a folder
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
