"""Copying a database that others use, on the engine of this run, and putting the copy back into nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections
from django_scopes import scopes_disabled

from firstlight.conf import engines
from firstlight.conf.engines import CopyFailed, engine
from firstlight.ground.audit import triggers
from firstlight.ground.people.models import Parent
from tests.cast import harbour


@contextmanager
def empty_database(folder: Path) -> Iterator[None]:
    """Lead every connection to a database that holds nothing yet."""
    shared: dict[str, Any] = connections.settings["default"]
    before = shared["NAME"]
    name = str(folder / "restored.sqlite3") if connection.vendor == "sqlite" else f"{before}_restored"
    connection.close()
    if connection.vendor != "sqlite":
        _without_database(f'CREATE DATABASE "{name}"')
    settings.DATABASES["default"]["NAME"] = shared["NAME"] = connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        settings.DATABASES["default"]["NAME"] = shared["NAME"] = connection.settings_dict["NAME"] = before
        if connection.vendor != "sqlite":
            _without_database(f'DROP DATABASE "{name}" WITH (FORCE)')


def _without_database(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)


def test_copy_is_put_back_with_its_triggers(own_database: None, tmp_path: Path) -> None:
    harbour()
    engine().copy_to(tmp_path / "copy")

    with empty_database(tmp_path):
        assert engine().is_empty()
        engine().put_back(tmp_path / "copy")
        connection.close()
        with scopes_disabled():
            assert sorted(parent.name for parent in Parent.objects.all()) == ["Jonas Lindqvist", "Maya Lindqvist"]
        assert triggers.missing() == []
        assert engine().faults() == []


def test_database_in_use_is_not_empty(own_database: None) -> None:
    assert not engine().is_empty()


@pytest.mark.parametrize("verb", ["pg_dump", "pg_restore"])
def test_missing_program_of_postgresql_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, verb: str) -> None:
    monkeypatch.setattr(engines.shutil, "which", lambda name: None)
    monkeypatch.setattr(engines, "DEBIAN_POSTGRESQL", tmp_path)

    with pytest.raises(CopyFailed, match=f"{verb} is not installed"):
        engines._found(verb)


def test_failing_program_says_why_in_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(engines, "_found", lambda name: "false")

    with pytest.raises(CopyFailed, match="pg_dump failed: it said nothing"):
        engines.PostgreSQLDump().copy_to(tmp_path / "copy")
