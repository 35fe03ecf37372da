"""Change: a word for it only where a value is published."""

import pytest

from firstlight.clinical.evidence import Tag
from firstlight.clinical.instruments import ScoringError, change


@pytest.mark.parametrize(
    ("first", "last", "delta", "direction", "reliable"),
    [
        (20, 14, -6, "better", True),
        (20, 15, -5, "better", False),
        (10, 16, 6, "worse", True),
        (10, 10, 0, "same", False),
    ],
)
def test_phq_9_change_is_reliable_from_six_points(
    first: int, last: int, delta: int, direction: str, reliable: bool
) -> None:
    result = change("phq-9", first, last)

    assert (result.delta, result.direction, result.reliable, result.tag) == (delta, direction, reliable, Tag.UNCHECKED)


@pytest.mark.parametrize(("last", "reliable"), [(9, True), (10, False)])
def test_gad_7_change_is_reliable_from_six_points(last: int, reliable: bool) -> None:
    # Bischoff 2020: 5.59, so 6 whole points.
    result = change("gad-7", 15, last)

    assert (result.reliable, result.sources, result.tag) == (reliable, ("BISCHOFF-20",), Tag.TWO_SOURCES)


@pytest.mark.parametrize(("last", "response", "remission"), [(10, True, False), (11, False, False), (4, True, True)])
def test_response_is_half_and_remission_below_five(last: int, response: bool, remission: bool) -> None:
    result = change("phq-9", 20, last)

    assert (result.response, result.remission) == (response, remission)


def test_nothing_to_respond_from_is_no_response() -> None:
    assert change("phq-9", 0, 0).response is None


def test_change_without_a_published_value_is_not_judged() -> None:
    result = change("moaas", 5, 3)

    assert (result.delta, result.reliable, result.response, result.tag) == (-2, None, None, None)


@pytest.mark.parametrize(("name", "total"), [("phq-9", 28), ("phq-9", -1), ("phq-9", True), ("check-in", 3)])
def test_total_that_cannot_be_is_refused(name: str, total: int) -> None:
    with pytest.raises(ScoringError):
        change(name, 0, total)
