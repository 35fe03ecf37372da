"""Change: a word for it only where a value is published."""

import pytest

from firstlight.clinical.evidence import Tag
from firstlight.clinical.instruments import ScoringError, change, instruments
from firstlight.clinical.instruments.reading import read_instrument


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

    assert (result.delta, result.direction, result.reliable, result.tag) == (delta, direction, reliable, Tag.ONE_SOURCE)


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


def test_epds_is_better_from_four_points_and_worse_from_three() -> None:
    assert [change("epds", 15, last).important for last in (11, 12, 17, 18)] == [True, False, False, True]
    assert (change("epds", 15, 19).worse, change("epds", 15, 18).worse) == (True, False)


def test_worsening_is_not_judged_by_a_value_that_was_published_for_improvement() -> None:
    assert (change("gad-7", 12, 8).important, change("gad-7", 8, 12).important) == (True, None)


def test_more_is_better_where_the_instrument_says_so() -> None:
    result = change("who-5", 40, 52)

    assert (result.direction, result.important, result.remission, result.reliable) == ("better", True, True, None)
    assert (change("who-5", 52, 40).worse, change("who-5", 40, 48).remission) == (True, False)


def test_change_says_in_whom_its_value_was_found() -> None:
    assert change("pcl-5", 60, 42).population == "two samples of male veterans"
    assert (change("pcl-5", 60, 42).reliable, change("pcl-5", 60, 43).reliable) == (True, False)


def test_value_that_conflicts_with_the_one_used_is_named_and_decides_nothing() -> None:
    known = instruments()["gad-7"].reliable_change

    assert known is not None
    assert [(one.points, one.population) for one in known.others] == [(4, "people in NHS talking therapies")]
    assert [change("gad-7", 10, last).reliable for last in (4, 5, 6)] == [True, False, False]


@pytest.mark.parametrize("name", ["pba", "pbq", "city-bits", "pass"])
def test_reliable_change_that_nobody_published_is_not_invented(name: str) -> None:
    assert instruments()[name].reliable_change is None
    assert change(name, 60, 10).reliable is None


def test_two_week_questionnaire_is_never_charted_as_a_change_of_a_day() -> None:
    result = change("phq-9", 20, 4, days_apart=1)

    assert (result.delta, result.overlaps) == (-16, True)
    assert (result.reliable, result.response, result.remission, result.important, result.worse) == (
        *(None, None, None, None, False),
    )
    assert change("phq-9", 20, 4, days_apart=14).reliable is True


def test_reliable_change_is_computed_from_sd_and_retest_reliability() -> None:
    # 1.96 × 5.59 × √2 × √(1 − 0.87) = 5.587, the GAD-7 of Bischoff 2020.
    definition = read_instrument(COMPUTED, where="computed.yaml")

    assert definition.reliable_change is not None
    assert definition.reliable_change.points == pytest.approx(5.587, abs=0.001)
    assert (change(definition, 10, 4).reliable, change(definition, 9, 4).reliable) == (True, False)


COMPUTED = {
    "name": "computed",
    "title": {"en": "Computed"},
    "kind": "questionnaire",
    "tier": "B",
    "validated": True,
    "languages": [],
    "licence": "none",
    "citation": "none",
    "numbered": 7,
    "range": {"from": 0, "to": 3},
    "scoring": "sum",
    "reliable_change": {"sd": 5.59, "r": 0.87, "population": "outpatients", "sources": ["BISCHOFF-20"], "tag": "V2"},
}


@pytest.mark.parametrize("name", ["meq30", "ceq", "ebi"])
def test_more_of_an_experience_is_neither_better_nor_worse(name: str) -> None:
    most = instruments()[name].max or 0

    up, down = change(name, 0, most), change(name, most, 0)

    assert (up.direction, down.direction, change(name, 1, 1).direction) == ("more", "less", "same")
    assert {up.worse, down.worse} == {False}
    assert {up.reliable, up.important, up.response, up.remission, down.response, down.remission} == {None}
