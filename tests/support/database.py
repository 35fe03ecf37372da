"""One migrated database for the run. No test flushes it: append-only triggers refuse that, and they must stay in place.

`db` gives a transaction that is rolled back. `own_database` gives a copy of the migrated template with real commits,
for servers in threads, effects after commit and tests that break the database on purpose. `module_database` gives one
transaction to a module: a long story is told once, and each test goes on from there inside a `savepoint`.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import pytest
from django.conf import settings
from django.db import connection, connections, transaction
from django.test.utils import setup_databases, teardown_databases
from pytest_django import DjangoDbBlocker

from tests.support.environment import HOME
from tests.support.migrated import keep, migrated_once
from tests.support.postgresql import MIGRATED


class Template(Protocol):
    """A migrated database that is only ever copied."""

    def copy(self, folder: Path) -> str: ...

    def drop(self, name: str) -> None: ...


class SQLiteTemplate:
    """A file, made with everything in it that the migrated database holds, triggers included."""

    def __init__(self) -> None:
        self.path = HOME / "template.sqlite3"
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(self.path)])

    def copy(self, folder: Path) -> str:
        """Copy the file into a test's own folder; return the path."""
        return str(shutil.copyfile(self.path, folder / "own.sqlite3"))

    def drop(self, name: str) -> None:
        """Leave the file to the test's folder."""


class PostgreSQLTemplate:
    """A database beside the one that the rolled-back tests use: a template must have no open connection."""

    numbers = count(1)

    def __init__(self) -> None:
        self.source = str(connection.settings_dict["NAME"])
        self.name = f"{self.source}_template"
        connection.close()
        self._run(f'CREATE DATABASE "{self.name}" TEMPLATE "{self.source}"')

    def copy(self, folder: Path) -> str:
        """Make a database from the template; return its name."""
        name = f"{self.source}_own_{next(self.numbers)}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{self.name}"')
        return name

    def drop(self, name: str) -> None:
        """Drop a copy, with the connections that a server's threads still hold."""
        self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        with connection._nodb_cursor() as cursor:
            cursor.execute(statement)


def _set_up(*, keepdb: bool = False) -> Any:
    return setup_databases(
        verbosity=0, interactive=False, keepdb=keepdb, aliases={"default": None}, serialized_aliases={}
    )


def _on_sqlite() -> tuple[Any, Template]:
    path = HOME / "tests.sqlite3"
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = connection.settings_dict["TEST"]["NAME"] = path
    with migrated_once(path) as found:
        made, template = _set_up(keepdb=found), SQLiteTemplate()
        if not found:
            keep(template.path)
    return made, template


def _on_postgresql() -> tuple[Any, Template]:
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname = %s", [MIGRATED])
        if cursor.fetchone():
            connection.settings_dict["TEST"]["TEMPLATE"] = MIGRATED
    return _set_up(), PostgreSQLTemplate()


MADE = {"sqlite": _on_sqlite, "postgresql": _on_postgresql}


@pytest.fixture(scope="session")
def template_database(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Template]:
    """Migrate once, keep an untouched copy."""
    with django_db_blocker.unblock():
        made, template = MADE[connection.vendor]()
    yield template
    with django_db_blocker.unblock():
        if isinstance(template, PostgreSQLTemplate):
            template.drop(template.name)
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session")
def django_db_setup(template_database: Template) -> None:
    """Stand in for pytest-django's own set-up, which asks each test whether it wants a flush."""


@pytest.fixture(scope="module")
def module_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Hold one transaction open for a whole module, and roll it back after its last test."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def savepoint(request: pytest.FixtureRequest, module_database: None) -> Iterator[None]:
    """Let a test go on from what its module told, and take back what it did."""
    if request.node.get_closest_marker("django_db") or "db" in request.fixturenames:
        pytest.fail("`savepoint` and `db` are two different transactions: ask for one of them.", pytrace=False)
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def own_database(
    request: pytest.FixtureRequest, template_database: Template, django_db_blocker: DjangoDbBlocker, tmp_path: Path
) -> Iterator[None]:
    """Give this test a database of its own: committed for real, seen by every thread, gone afterwards."""
    if request.node.get_closest_marker("django_db") or "db" in request.fixturenames:
        pytest.fail("`own_database` and `db` are two different databases: ask for one of them.", pytrace=False)
    with django_db_blocker.unblock(), _connected_to(template_database, tmp_path):
        yield


@contextmanager
def _connected_to(template: Template, folder: Path) -> Iterator[None]:
    shared: dict[str, Any] = connections.settings["default"]  # every thread's connection reads this one dictionary
    before = shared["NAME"]
    connection.close()
    name = template.copy(folder)
    shared["NAME"] = connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        shared["NAME"] = connection.settings_dict["NAME"] = before
        template.drop(name)
