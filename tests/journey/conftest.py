"""A dosing day at Harbour Clinic, told once and written again for each module that goes on from it."""

from copy import deepcopy
from typing import TYPE_CHECKING

import pytest

from tests.support.houses import Courses, TellOnce, Written

if TYPE_CHECKING:
    from tests.cast import House
    from tests.journey.dosing.telling import Chair


@pytest.fixture(scope="session")
def told_morning(tell_once: TellOnce) -> "Written[Chair]":
    """Maya comes for her first dose: agreement, order, series and day plan stand."""
    from tests.cast import harbour
    from tests.journey.dosing.telling import Chair

    return tell_once(lambda: Chair(harbour()).agreed())


@pytest.fixture(scope="module")
def morning(module_database: None, told_morning: "Written[Chair]") -> "Chair":
    """That morning, for one module."""
    return told_morning.again()


@pytest.fixture
def chair(request: pytest.FixtureRequest, morning: "Chair", savepoint: None, courses: Courses) -> "Chair":
    """That morning, to go on from; or the step of that day which a test `begins` with."""
    return courses.begin(deepcopy(morning), request)


@pytest.fixture
def outsiders(chair: "Chair") -> "House":
    """Hillside Clinic, whose people see nothing of it."""
    from tests.cast import hillside

    return hillside()
