"""A dose that lies behind, told once for each module that goes on from it."""

from copy import deepcopy
from typing import TYPE_CHECKING

import pytest

from tests.support.houses import Courses

if TYPE_CHECKING:
    from tests.journey.dosing.telling import Chair


@pytest.fixture(scope="module")
def after_the_dose(morning: "Chair", courses: Courses) -> "Chair":
    """Maya at PHQ-9 12 before her first dose; the dose lies behind."""
    from tests.journey.response.telling import first_answers, phq

    def told() -> "Chair":
        chair = deepcopy(morning)
        first_answers(chair, phq(12))
        return chair.left()

    return courses.go_on("after the dose", told)


@pytest.fixture
def dosed(after_the_dose: "Chair", savepoint: None) -> "Chair":
    """That day, to go on from. In a module that asks for it, tests of the bare morning stand first."""
    return deepcopy(after_the_dose)
