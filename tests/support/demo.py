"""The demo clinic, made once a run and copied for each module that looks at the whole site.

Beside Lantern House stands Hillside, whose people are outsiders, with one mother in care; and Jonas, a second parent of
Maya's family with a record of his own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from shutil import copyfile
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.conf import settings
from django.db import connection, connections, transaction
from pytest_django import DjangoDbBlocker

from tests.support.database import Template
from tests.support.server import Live, serving

if TYPE_CHECKING:
    from firstlight.doors.demo.cast import Cast, Role
    from firstlight.doors.demo.house import House

ON_SQLITE_ONLY = "The demo clinic is made on SQLite; on PostgreSQL the whole site is walked by the journeys."
OUTSIDERS = {
    "prescriber": "Victor Stone",
    "nurse": "Paula Winters",
    "second_nurse": "Greg Olsen",
    "therapist": "Mona Field",
    "second_therapist": "Edith Marlow",
    "administrator": "Carl Dunn",
}


@dataclass(frozen=True, slots=True)
class Demo:
    """A site with the demo clinic on it, and the moment at which it stands."""

    path: Path
    now: datetime


@pytest.fixture(scope="session")
def demo_template(
    template_database: Template, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Make the demo clinic, Hillside and Jonas; return the file, which is only ever copied."""
    if connection.vendor != "sqlite":
        pytest.skip(ON_SQLITE_ONLY)
    path = Path(template_database.copy(tmp_path_factory.mktemp("demo")))
    with django_db_blocker.unblock(), _on(path), time_machine.travel(_moment(), tick=True), transaction.atomic():
        _found(_moment())
    return path


@pytest.fixture(scope="module")
def demo(
    demo_template: Path, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Demo]:
    """Give a module a copy of the demo clinic."""
    with django_db_blocker.unblock(), standing(demo_template, tmp_path_factory.mktemp("copy")) as made:
        yield made


@contextmanager
def standing(template: Path, folder: Path) -> Iterator[Demo]:
    """Stand in a copy of the demo clinic, at its own moment, with one-click sign-in as in `firstlight demo`."""
    path = Path(copyfile(template, folder / "demo.sqlite3"))
    with pytest.MonkeyPatch.context() as patch, _on(path), time_machine.travel(_moment(), tick=True):
        patch.setattr(settings, "DEMO", True)
        yield Demo(path, _moment())


@pytest.fixture
def undone(demo: Demo) -> Iterator[None]:
    """Take back what a test does to its module's demo."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def live_demo(demo: Demo) -> Iterator[Live]:
    """Serve the demo to a browser."""
    with serving() as live:
        yield live


def _moment() -> datetime:
    """Return when the demo is looked at: a moment as clocks give it, between two seconds."""
    from tests.cast import NOW

    return NOW + timedelta(microseconds=123_456)


@contextmanager
def _on(path: Path) -> Iterator[None]:
    shared: dict[str, Any] = connections.settings["default"]  # every thread's connection reads this one dictionary
    before = shared["NAME"]
    connection.close()
    shared["NAME"] = connection.settings_dict["NAME"] = str(path)
    try:
        yield
    finally:
        connection.close()
        shared["NAME"] = connection.settings_dict["NAME"] = before


def _found(now: datetime) -> None:
    from django_scopes import scope

    from firstlight.doors.demo.building import build
    from firstlight.doors.demo.house import check_again, found_house
    from firstlight.ground.people.models import Family, Parent

    lantern = build(now)
    with scope(clinic=lantern.clinic_id):
        _tell(_jonas(), lantern, now)
        maya, jonas = (_named(name, lantern) for name in ("Maya Torres", "Jonas Torres"))
        Parent.objects.filter(id=jonas.id).update(family=maya.family_id)
        Family.objects.filter(id=jonas.family_id).delete()
    outsiders = _hillside()
    hillside = found_house(outsiders, now)
    with scope(clinic=hillside.clinic_id):
        _tell(outsiders.parents[0], hillside, now)
        check_again(outsiders, hillside, now)


def _tell(role: "Role", house: "House", now: datetime) -> None:
    """Tell one parent's story as far as it has come by now."""
    from firstlight.doors.demo.stories import tell

    for at in tell(role, house, now, Random(role.key)):
        if at > now:
            break


def _jonas() -> "Role":
    from firstlight.doors.demo.cast import cast

    tom = cast().parent("tom")
    return replace(tom, key="jonas", name="Jonas Torres", born=date(1990, 3, 9), child_weeks_ago=None)


def _hillside() -> "Cast":
    from firstlight.doors.demo.cast import cast

    ours = cast()
    zelda = replace(ours.parent("maya"), key="zelda", name="Zelda Quartz", note="Zelda wrote of the lighthouse.")
    return replace(
        ours,
        clinic=ours.clinic | {"name": "Hillside Clinic", "slug": "hillside", "phone": "+1 518 555 0190"},
        staff=tuple(entry | {"name": OUTSIDERS[entry["key"]]} for entry in ours.staff),
        lots=tuple(entry | {"lot_number": f"HS{place}0190"} for place, entry in enumerate(ours.lots)),
        parents=(zelda,),
    )


def _named(name: str, house: "House") -> Any:
    from firstlight.ground.people.models import Parent

    return next(one for one in Parent.objects.filter(clinic=house.clinic) if one.name == name)
