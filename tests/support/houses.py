"""Two clinics with their people, made inside a test: models can be imported only once Django is up.

The first test that asks for a clinic makes it through its models; what that wrote is written again for every other test.
"""

import pickle
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from tests.support.database import Template

if TYPE_CHECKING:
    from tests.cast import House


@dataclass(frozen=True)
class Written:
    """A clinic as it was written once: statements with their values, the house that they made, and its open keys."""

    statements: tuple[tuple[str, Any], ...]
    house: bytes
    keys: dict[Any, bytes]

    def again(self) -> "House":
        """Write it once more; return its people, nobody else's copy."""
        from firstlight.ground.vault import services as vault

        with connection.cursor() as cursor:
            for statement, values in self.statements:
                cursor.execute(statement, values)
        opened_at = time.monotonic()
        vault._open_keys.update({key_id: (key, opened_at) for key_id, key in self.keys.items()})
        house: House = pickle.loads(self.house)
        return house


def write(make: "Callable[[], House]") -> Written:
    """Make a clinic, note every row that it wrote, and take it back."""
    from firstlight.ground.vault import services as vault

    statements: list[tuple[str, Any]] = []

    def noted(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("INSERT"):
            statements.append((sql, params))
        return execute(sql, params, many, context)

    before = set(vault._open_keys)
    with transaction.atomic():
        with connection.execute_wrapper(noted):
            house = make()
        transaction.set_rollback(True)
    keys = {key_id: key for key_id, (key, _at) in vault._open_keys.items() if key_id not in before and key}
    return Written(tuple(statements), pickle.dumps(house), keys)


@pytest.fixture(scope="session")
def written(template_database: Template, django_db_blocker: DjangoDbBlocker) -> dict[str, Written]:
    """Both clinics, written once and taken back."""
    from tests.cast import harbour, hillside

    with django_db_blocker.unblock():
        return {"harbour": write(harbour), "hillside": write(hillside)}


@pytest.fixture
def house(db: None, written: dict[str, Written]) -> "House":
    """Harbour Clinic with its people."""
    return written["harbour"].again()


@pytest.fixture
def other_house(db: None, written: dict[str, Written]) -> "House":
    """Hillside Clinic: outsiders."""
    return written["hillside"].again()
