"""A dosing day at Harbour Clinic, told once for each module that goes on from it."""

from copy import deepcopy
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cast import House
    from tests.journey.dosing.telling import Chair


@pytest.fixture(scope="module")
def morning(module_database: None) -> "Chair":
    """Maya comes for her first dose: agreement, order, series and day plan stand."""
    from tests.cast import harbour
    from tests.journey.dosing.telling import Chair

    return Chair(harbour()).agreed()


@pytest.fixture
def chair(morning: "Chair", savepoint: None) -> "Chair":
    """That morning, to go on from."""
    return deepcopy(morning)


@pytest.fixture
def outsiders(chair: "Chair") -> "House":
    """Hillside Clinic, whose people see nothing of it."""
    from tests.cast import hillside

    return hillside()
