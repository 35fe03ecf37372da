"""Where an installation keeps its database, keys and outgoing files."""

import json
import os
import secrets
import stat
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

CHECKOUT = Path(__file__).resolve().parents[3]
CALCULATIONS = frozenset({"assess", "dose-check", "export", "instruments", "milk", "models", "score", "simulate"})
OTHERS = stat.S_IRWXO | stat.S_IWGRP  # a group of the machine may read a key file, and never write it

_keeps = True


def keep_nothing() -> None:
    """From here on this process makes no folder and no key: its command is one of `CALCULATIONS`, which open no database."""
    global _keeps  # noqa: PLW0603  # not the environment: a server that inherited it would sign with keys that are gone tomorrow
    _keeps = False


def home() -> Path:
    """Return the installation's folder: `$FIRSTLIGHT_HOME`, or `var/` in the checkout. Created with mode 0700."""
    folder = Path(os.environ.get("FIRSTLIGHT_HOME") or CHECKOUT / "var").resolve()
    if not _keeps:
        return folder
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"FIRSTLIGHT_HOME={folder} cannot be created: {error.strerror}.") from error
    return folder


def private_json(path: Path, fresh: dict[str, Any]) -> dict[str, Any]:
    """Read a private file, or make it once with mode 0600. Another process that makes it first wins.

    A process that keeps nothing gets `fresh`: it does not need to be allowed to read what is secret.
    Raises ImproperlyConfigured for one that everybody on the machine can read, and for one that is damaged.
    """
    if not _keeps:
        return fresh
    if not path.exists():
        draft = path.with_suffix(f".{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            json.dump(fresh, handle)
            handle.flush()
            os.fsync(handle.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    if path.stat().st_mode & OTHERS:
        raise ImproperlyConfigured(f"{path} is open to everybody on this machine. Close it: chmod 600 {path}")
    try:
        content: dict[str, Any] = json.loads(path.read_text())
        if not content.keys() >= fresh.keys():
            raise ValueError
    except (OSError, ValueError, AttributeError) as error:
        raise ImproperlyConfigured(f"{path} cannot be read, or is damaged. Put back a copy of it.") from error
    return content


def flag(name: str) -> bool:
    """Read an on/off environment variable; anything but 0, 1, true or false is refused."""
    value = os.environ.get(name, "").strip().lower()
    if value in {"", "0", "false"}:
        return False
    if value in {"1", "true"}:
        return True
    raise ImproperlyConfigured(f"{name}={value!r} should be 1 or 0.")


def demo_home() -> Path:
    """Set aside a home for the demo clinic, before any setting is read: `$FIRSTLIGHT_HOME`, or `var/demo` in the checkout.

    Raises ImproperlyConfigured for a home that holds a real clinic.
    """
    os.environ.setdefault("FIRSTLIGHT_HOME", str(CHECKOUT / "var" / "demo"))
    folder = home()
    if (folder / "firstlight.sqlite3").exists() and not (folder / "demo.json").exists():
        raise ImproperlyConfigured(f"FIRSTLIGHT_HOME={folder} holds a real clinic. The demo needs a home of its own.")
    for name in ("FIRSTLIGHT_PRODUCTION", "DATABASE_URL"):
        if os.environ.get(name):
            raise ImproperlyConfigured(f"{name} is set. The demo runs on its own embedded database only: unset it.")
    private_json(folder / "demo.json", {"demo": True})
    return folder
