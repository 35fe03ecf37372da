"""Clearing a demo home, and only a demo home."""

import shutil
from pathlib import Path

from django.db import connection


def clear(home: Path) -> None:
    """Remove the demo's database, heads and outgoing files. Raises ValueError for a home that is not a demo's."""
    if not (home / "demo.json").exists():
        raise ValueError(f"{home} is no demo home: nothing was removed.")
    connection.close()
    for name in ("firstlight.sqlite3", "firstlight.sqlite3-wal", "firstlight.sqlite3-shm"):
        (home / name).unlink(missing_ok=True)
    for name in ("heads", "outbox"):
        shutil.rmtree(home / name, ignore_errors=True)
