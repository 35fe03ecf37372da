"""What a few taps say to the eligibility rules: less than it seems, and never more than was said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstlight.clinical.instruments import ScoringError, health_facts, instrument, score

KEYS = [item.key for item in instrument("health-10").items]


def test_no_to_everything_clears_what_a_no_can_clear() -> None:
    facts = health_facts(dict.fromkeys(KEYS, 0))

    assert set(facts.known.values()) == {False}
    assert {"vasc_aneurysm_avm", "hypersensitivity", "preeclampsia_current", "breastfeeding"} <= set(facts.known)
    assert facts.to_ask == {}


@pytest.mark.parametrize("fact", ["pregnancy", "active_psychosis", "current_mania", "bp_rise_hazard"])
def test_no_never_clears_what_needs_a_test_or_a_person(fact: str) -> None:
    assert fact not in health_facts(dict.fromkeys(KEYS, 0)).known


@pytest.mark.parametrize("answer", [1, 2])
def test_yes_to_several_things_proves_none_and_asks_for_each(answer: int) -> None:
    facts = health_facts({"brain": answer})

    assert facts.known == {}
    assert set(facts.to_ask) == {
        *("vasc_aneurysm_avm", "intracerebral_haem", "cva_or_cerebral_trauma", "neurocognitive_tbi")
    }
    assert set(facts.to_ask.values()) == {"brain"}


def test_yes_to_breastfeeding_is_a_fact_and_not_sure_a_question() -> None:
    assert health_facts({"milk": 1}).known == {"breastfeeding": True}
    assert health_facts({"milk": 2}).to_ask == {"breastfeeding": "milk"}


def test_high_pressure_around_a_birth_says_that_there_was_one_and_asks_for_the_rest() -> None:
    facts = health_facts({"birth": 1})

    assert facts.known == {"gave_birth": True}
    assert set(facts.to_ask) == {
        *("preeclampsia_current", "preeclampsia_this_pregnancy", "hypertensive_disorder_this_pregnancy")
    }


def test_question_that_was_not_put_is_left_to_a_person_and_clears_nothing() -> None:
    facts = health_facts({"heart": 0}, left_open=["pregnant", "milk"])

    assert facts.to_ask == {"pregnancy": "pregnant", "breastfeeding": "milk"}
    assert "breastfeeding" not in facts.known


def test_only_the_three_questions_of_birth_and_milk_are_for_some() -> None:
    special = {item.key: item.asked_of for item in instrument("health-10").items if item.asked_of != "everyone"}

    assert special == {"pregnant": "can_be_pregnant", "birth": "gave_birth", "milk": "can_give_milk"}


def test_warning_signs_flag_at_once() -> None:
    assert [flag.action for flag in score("health-10", {"warning": 1}).flags] == ["urgent_medical_review"]
    assert [flag.action for flag in score("health-10", {"warning": 2}).flags] == ["urgent_medical_review"]


def test_impossible_answer_is_refused() -> None:
    with pytest.raises(ScoringError, match="health-10, item 1"):
        health_facts({"heart": 3})


@given(st.dictionaries(st.sampled_from(KEYS), st.one_of(st.none(), st.integers(0, 2))))
def test_no_fact_is_both_known_and_open(answers: dict[str, int | None]) -> None:
    facts = health_facts(answers)

    assert not set(facts.known) & set(facts.to_ask)
