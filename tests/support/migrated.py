"""One migrated SQLite file for all lanes of `make test`: whoever needs it first makes it, the others wait for it.

A run of pytest alone has no such file, and migrates for itself.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

KEPT = os.environ.get("MIGRATED", "")


@contextmanager
def migrated_once(database: Path) -> Iterator[bool]:
    """Put the file where a database shall be, if it was made; say whether. Inside, nobody else makes it."""
    if not KEPT:
        yield False
        return
    kept = Path(KEPT)
    with kept.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = kept.exists()
        if made:
            shutil.copyfile(kept, database)
        yield made


def keep(database: Path) -> None:
    """Let the other lanes have a migrated file, whole or not at all."""
    if KEPT:
        whole = shutil.copyfile(database, Path(KEPT).with_suffix(".new"))
        whole.rename(KEPT)
