"""Two clinics with their people, made inside a test: models can be imported only once Django is up."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cast import House


@pytest.fixture
def house(db: None) -> "House":
    """Harbour Clinic with its people."""
    from tests.cast import harbour

    return harbour()


@pytest.fixture
def other_house(db: None) -> "House":
    """Hillside Clinic: outsiders."""
    from tests.cast import hillside

    return hillside()
