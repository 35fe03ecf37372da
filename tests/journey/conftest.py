"""A dosing day at Harbour Clinic, told once and written again for each module that goes on from it."""

from copy import deepcopy
from typing import TYPE_CHECKING

import pytest

from tests.support.houses import TellOnce, Written

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
def chair(morning: "Chair", savepoint: None) -> "Chair":
    """That morning, to go on from."""
    return deepcopy(morning)


@pytest.fixture
def outsiders(chair: "Chair") -> "House":
    """Hillside Clinic, whose people see nothing of it."""
    from tests.cast import hillside

    return hillside()
