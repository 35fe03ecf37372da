"""Two clinics with their people, made inside a test: models can be imported only once Django is up.

The first test that asks for a clinic makes it through its models; what that wrote is written again for every other test.
So it is with a story that many modules go on from, and with what many tests let follow it: it is told once.
"""

import pickle
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

import pytest
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from tests.support.database import Template

if TYPE_CHECKING:
    from tests.cast import House


T = TypeVar("T")
CHANGES = ("INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True)
class Written(Generic[T]):
    """A clinic as it was written once: statements with their values, what was made of them, and its open keys."""

    statements: tuple[tuple[str, Any], ...]
    made: bytes
    keys: dict[Any, bytes]

    def again(self) -> T:
        """Write it once more; return its people, or its story, nobody else's copy."""
        from firstlight.ground.vault import services as vault

        with transaction.atomic(), connection.cursor() as cursor:
            for statement, values in self.statements:
                cursor.execute(statement, values)
        opened_at = time.monotonic()
        vault._open_keys.update({key_id: (key, opened_at) for key_id, key in self.keys.items()})
        made: T = pickle.loads(self.made)
        return made


def write(make: Callable[[], T]) -> Written[T]:
    """Make a clinic, note every row that it wrote or changed, and take it back."""
    from firstlight.ground.vault import services as vault

    statements: list[tuple[str, Any]] = []

    def noted(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(CHANGES):
            statements.append((sql, params))
        return execute(sql, params, many, context)

    before = set(vault._open_keys)
    with transaction.atomic():
        with connection.execute_wrapper(noted):
            made = make()
        transaction.set_rollback(True)
    keys = {key_id: key for key_id, (key, _at) in vault._open_keys.items() if key_id not in before and key}
    return Written(tuple(statements), pickle.dumps(made), keys)


@dataclass(frozen=True)
class Courses:
    """What follows a story that stands: told by the first who asks, written again for everybody after."""

    told: dict[str, Written[Any]] = field(default_factory=dict)

    def go_on(self, name: str, tell: Callable[[], T]) -> T:
        """Let a course follow, and return its story; `tell` tells it from where every other asker stands too."""
        if name not in self.told:
            self.told[name] = write(tell)
        followed: T = self.told[name].again()
        return followed

    def begin(self, story: T, request: pytest.FixtureRequest) -> T:
        """Bring an untouched story to the step that a test is marked to begin with, if it is."""
        begins = request.node.get_closest_marker("begins")
        return self.go_on(begins.args[0], getattr(story, begins.args[0])) if begins else story


class TellOnce(Protocol):
    """Tells a story and takes it back, so that it can be written again."""

    def __call__(self, make: Callable[[], T]) -> Written[T]: ...


@pytest.fixture(scope="session")
def tell_once(template_database: Template, django_db_blocker: DjangoDbBlocker) -> TellOnce:
    """Tell a story for the whole run, before any test's own transaction."""

    def told(make: Callable[[], T]) -> Written[T]:
        with django_db_blocker.unblock():
            return write(make)

    return told


@pytest.fixture(scope="session")
def courses() -> Courses:
    """Keep what followed the stories of this run."""
    return Courses()


@pytest.fixture(scope="session")
def written(tell_once: TellOnce) -> "dict[str, Written[House]]":
    """Both clinics, written once and taken back."""
    from tests.cast import harbour, hillside

    return {"harbour": tell_once(harbour), "hillside": tell_once(hillside)}


@pytest.fixture
def house(db: None, written: "dict[str, Written[House]]") -> "House":
    """Harbour Clinic with its people."""
    return written["harbour"].again()


@pytest.fixture
def other_house(db: None, written: "dict[str, Written[House]]") -> "House":
    """Hillside Clinic: outsiders."""
    return written["hillside"].again()
