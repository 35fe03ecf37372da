"""Published values that conflict: one judges, and only a published one may."""

import pytest

from firstlight.clinical.instruments import change, instrument, judged_by, published_changes


def test_gad7_has_two_published_values_and_the_larger_judges_as_it_ships() -> None:
    """Bischoff 2020: 5.59, rounded up; NHS talking therapies: 4 (instruments.md, section 4)."""
    assert [one.points for one in published_changes(instrument("gad-7"))] == [6, 4]


@pytest.mark.parametrize(("points", "last", "reliable"), [(6, 9, False), (4, 9, True), (4, 10, False), (6, 7, True)])
def test_change_is_judged_by_the_value_that_was_chosen(points: float, last: int, reliable: bool) -> None:
    judged = judged_by(instrument("gad-7"), points)

    assert change(judged, 13, last).reliable is reliable
    assert [one.points for one in published_changes(judged)] == [points, 10 - points]


def test_choosing_changes_nothing_else_and_back_again_is_as_it_ships() -> None:
    shipped = instrument("gad-7")

    assert judged_by(judged_by(shipped, 4), 6) == shipped


@pytest.mark.parametrize(("name", "points"), [("gad-7", 5), ("phq-9", 4), ("pbq", 6)])
def test_value_that_nobody_published_judges_nothing(name: str, points: float) -> None:
    with pytest.raises(ValueError, match="no published reliable change is"):
        judged_by(instrument(name), points)
