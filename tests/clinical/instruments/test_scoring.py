"""Scores: expected numbers by hand from the manuals, properties for the rest."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstlight.clinical.instruments import Answers, ScoringError, answers_of, flags, instrument, score

PHQ_9_BANDS = {0: "minimal", 4: "minimal", 5: "mild", 9: "mild", 10: "moderate", 14: "moderate"} | {
    15: "moderately severe",
    19: "moderately severe",
    20: "severe",
    27: "severe",
}
GAD_7_BANDS = {
    0: "minimal",
    4: "minimal",
    5: "mild",
    9: "mild",
    10: "moderate",
    14: "moderate",
    15: "severe",
    21: "severe",
}
NONE_SAID = dict.fromkeys(["q1", "q2", "q3", "q4"], 0)


def spread(total: int, items: int) -> dict[str, int | None]:
    """Answers of 0 to 3 with this total, the first items highest."""
    left, found = total, []
    for _ in range(items):
        found.append(min(3, left))
        left -= found[-1]
    return {f"q{number}": value for number, value in enumerate(found, 1)}


@pytest.mark.parametrize(("total", "band"), PHQ_9_BANDS.items())
def test_phq_9_band_of_a_total(total: int, band: str) -> None:
    result = score("phq-9", spread(total, 9))

    assert (result.total, result.band, result.max, result.complete) == (total, band, 27, True)


@pytest.mark.parametrize(("total", "band"), GAD_7_BANDS.items())
def test_gad_7_band_of_a_total(total: int, band: str) -> None:
    result = score("gad-7", spread(total, 7))

    assert (result.total, result.band, result.max, result.flags) == (total, band, 21, ())


def test_published_phq_9_example_sums_to_ten_whatever_it_prints() -> None:
    # The HL7 example response 0,0,0,1,2,1,3,2,1 prints 13; by hand it is 1+2+1+3+2+1 = 10.
    values = [0, 0, 0, 1, 2, 1, 3, 2, 1]

    assert score("phq-9", answers_of(instrument("phq-9"), values)).total == 10


@given(st.lists(st.integers(0, 3), min_size=9, max_size=9))
def test_phq_9_total_is_the_sum_and_item_9_always_flags(values: list[int]) -> None:
    result = score("phq-9", answers_of(instrument("phq-9"), values))

    assert result.total == sum(values)
    assert bool(result.flags) == (values[8] >= 1)


@given(st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=9, max_size=9).filter(lambda values: None in values))
def test_phq_9_with_a_missing_item_has_no_score_but_keeps_its_flag(values: list[int | None]) -> None:
    result = score("phq-9", answers_of(instrument("phq-9"), values))

    assert (result.total, result.band, result.complete) == (None, None, False)
    assert bool(result.flags) == ((values[8] or 0) >= 1)


def test_phq_9_item_9_flags_at_the_lowest_total() -> None:
    flag = score("phq-9", spread(0, 9) | {"q9": 1}).flags[0]

    assert (flag.rule, flag.item, flag.number, flag.action) == ("phq-9-item-9", "q9", 9, "brief_safety_assessment")


@pytest.mark.parametrize("values", list(itertools.product([0, 1, 2], repeat=4)))
def test_asq_is_positive_when_any_of_four_is_yes_or_refused(values: tuple[int, ...]) -> None:
    answers: Answers = dict(zip(["q1", "q2", "q3", "q4"], values, strict=True)) | {"q5": 0}
    result = score("asq", answers)

    positive = any(value in {1, 2} for value in values)
    assert result.band == ("non-acute positive screen (potential risk)" if positive else "negative screen")
    assert [flag.action for flag in result.flags] == (["brief_safety_assessment"] if positive else [])


@pytest.mark.parametrize("now", [1, 2])
def test_asq_question_5_makes_it_acute(now: int) -> None:
    result = score("asq", NONE_SAID | {"q3": 1, "q5": now})

    assert result.band == "acute positive screen (imminent risk)"
    assert [(flag.rule, flag.level) for flag in result.flags] == [("asq-acute", "L4"), ("asq-positive", "L2")]


def test_asq_question_5_is_asked_only_after_a_yes() -> None:
    assert score("asq", NONE_SAID).complete
    assert not score("asq", NONE_SAID | {"q1": 1}).complete


def test_asq_never_waits_for_the_other_answers() -> None:
    result = score("asq", {"q1": 1})

    assert (result.complete, result.band) == (False, None)
    assert [flag.rule for flag in result.flags] == ["asq-positive"]


def test_asq_has_no_total() -> None:
    assert (score("asq", NONE_SAID).total, instrument("asq").max) == (None, None)


def test_check_in_urge_to_harm_oneself_flags() -> None:
    assert [flag.action for flag in flags(instrument("check-in"), {"harm": 1})] == ["brief_safety_assessment"]
    assert flags(instrument("check-in"), {"harm": 0}) == ()


def test_check_in_without_the_question_about_the_child_is_complete() -> None:
    shown = [item.key for item in instrument("check-in").items if not item.about_child]

    assert score("check-in", dict.fromkeys(shown, 0), asked=shown).complete
    assert not score("check-in", dict.fromkeys(shown, 0)).complete


def test_items_that_were_not_shown_leave_no_total() -> None:
    shown = ["q1", "q2"]

    assert score("phq-9", {"q1": 3, "q2": 3}, asked=shown).total is None


def test_moaas_is_the_level_itself() -> None:
    assert score("moaas", {"level": 5}).total == 5


@pytest.mark.parametrize("value", [4, -1, 99, True, 1.5, "1"])
def test_impossible_value_is_refused_by_name_and_position(value: object) -> None:
    with pytest.raises(ScoringError, match=r"phq-9, item 3: .* is not possible; use 0, 1, 2, 3") as refusal:
        score("phq-9", {"q3": value})  # type: ignore[dict-item]  # the wrong type is the point

    assert (refusal.value.instrument, refusal.value.position) == ("phq-9", 3)


def test_unknown_item_is_refused() -> None:
    with pytest.raises(ScoringError, match="there is no such item"):
        score("phq-9", {"q10": 1})


@pytest.mark.parametrize("values", [[], [0] * 8, [0] * 10])
def test_vector_of_the_wrong_length_is_refused(values: list[int | None]) -> None:
    with pytest.raises(ScoringError, match="it has 9 items"):
        answers_of(instrument("phq-9"), values)


def test_asq_vector_may_end_before_question_5() -> None:
    assert score("asq", answers_of(instrument("asq"), [0, 0, 0, 0])).band == "negative screen"


def test_choices_are_positions_in_printed_order() -> None:
    # The ASQ prints Yes before No: position 0 is Yes.
    assert answers_of(instrument("asq"), [0, 1, 1, 1, 1], choices=True) == {"q1": 1, "q2": 0, "q3": 0, "q4": 0, "q5": 0}


@pytest.mark.parametrize("choice", [4, -1])
def test_choice_beyond_the_options_is_refused(choice: int) -> None:
    with pytest.raises(ScoringError, match="options are 0 to 3"):
        answers_of(instrument("phq-9"), [choice] + [0] * 8, choices=True)
