"""Copying a whole database while it is in use, and putting a copy back: once for each engine."""

import os
import shutil
import sqlite3
import subprocess  # nosec B404 - PostgreSQL is copied by its own programs
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import connection

DEBIAN_POSTGRESQL = Path("/usr/lib/postgresql")  # one folder a major version, off the PATH


class CopyFailed(Exception):
    """The database could not be copied or put back; says why in one sentence."""


class Engine(Protocol):
    """What a backup needs of an engine."""

    name: str

    def copy_to(self, target: Path) -> None:
        """Write one consistent copy; others go on reading and writing meanwhile."""

    def is_empty(self) -> bool:
        """Tell whether a copy may be put here."""

    def put_back(self, source: Path) -> None:
        """Make the copy the installation's database."""

    def faults(self) -> list[str]:
        """Return what the engine itself finds wrong with its data."""


class SQLiteFile:
    """One file. The backup interface of SQLite copies it inside one read transaction."""

    name = "SQLite"

    @property
    def path(self) -> Path:
        return Path(str(settings.DATABASES["default"]["NAME"]))

    def copy_to(self, target: Path) -> None:
        connection.ensure_connection()
        copy = sqlite3.connect(target)
        try:
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file again, nothing beside it
        except sqlite3.Error as error:
            raise CopyFailed(f"The database could not be copied: {error}.") from error
        finally:
            copy.close()

    def is_empty(self) -> bool:
        return not self.path.exists()

    def put_back(self, source: Path) -> None:
        source.replace(self.path)

    def faults(self) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            found = [str(row[0]) for row in cursor.fetchall() if row[0] != "ok"]
            cursor.execute("PRAGMA foreign_key_check")
            return found + [f"A row of {row[0]} points to nothing." for row in cursor.fetchall()]


class PostgreSQLDump:
    """PostgreSQL's own tools, found on the PATH or where Debian keeps them."""

    name = "PostgreSQL"

    def copy_to(self, target: Path) -> None:
        self._run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")

    def is_empty(self) -> bool:
        return not connection.introspection.table_names()

    def put_back(self, source: Path) -> None:
        connection.close()
        database = connection.settings_dict["NAME"]
        options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", f"--dbname={database}"]
        self._run("pg_restore", *options, str(source), named=False)

    def faults(self) -> list[str]:
        connection.check_constraints()
        return []

    def _run(self, program: str, *options: str, named: bool = True) -> None:
        found = _found(program)
        where = connection.settings_dict
        values = {
            "PGHOST": where["HOST"],
            "PGPORT": where["PORT"],
            "PGUSER": where["USER"],
            "PGPASSWORD": where["PASSWORD"],
        }
        environment = os.environ | {name: str(value) for name, value in values.items() if value}
        command: Sequence[str] = [found, *options, *([where["NAME"]] if named else [])]
        done = subprocess.run(  # nosec B603 - no shell; the values are the installation's own settings
            command, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            said = done.stderr.strip().splitlines() or ["it said nothing"]
            raise CopyFailed(f"{program} failed: {said[-1]}")


def _found(program: str) -> str:
    folders = sorted(DEBIAN_POSTGRESQL.glob("[0-9]*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    path = shutil.which(program) or next((str(one / program) for one in folders if (one / program).exists()), None)
    if path is None:
        raise CopyFailed(f"{program} is not installed. It comes with PostgreSQL's client programs.")
    return path


ENGINES: dict[str, Engine] = {"sqlite": SQLiteFile(), "postgresql": PostgreSQLDump()}


def engine() -> Engine:
    """Return the engine of this installation."""
    return ENGINES[connection.vendor]
