"""The rules: complete, sourced, and every fact explained."""

from typing import Any

import pytest

from firstlight.clinical.evidence import DataError, Record, Tag, sources
from firstlight.clinical.instruments import instrument
from firstlight.clinical.protocols import Action, Rule, facts, rules
from firstlight.clinical.protocols.rules import read_rule
from tests.clinical.readability import words

ALL = pytest.mark.parametrize("rule", rules().values(), ids=rules().keys())
RULE = {"id": "a", "action": "block", "ev": "V", "src": ["K-CH"], "text": {"en": "A."}}

# Counted in the project's clinical rules.
BLOCKS, REVIEWS, MONITORS = 26, 21, 7


def test_no_rule_is_missing() -> None:
    actions = [rule.action for rule in rules().values()]

    assert {action: actions.count(action) for action in actions} == {
        Action.BLOCK: BLOCKS,
        Action.REVIEW: REVIEWS,
        Action.MONITOR: MONITORS,
    }


@ALL
def test_rule_has_plain_words_and_every_source_in_the_registry(rule: Rule) -> None:
    assert 3 <= len(words(rule.text["en"])) <= 40
    assert set(rule.sources) <= set(sources())
    assert rule.facts


@ALL
def test_rule_that_is_ours_or_unchecked_cites_nobody(rule: Rule) -> None:
    assert bool(rule.sources) == (rule.tag not in {Tag.OURS, Tag.UNCHECKED})


def test_every_fact_is_asked_for_by_a_rule() -> None:
    asked = {name for rule in rules().values() for name in rule.facts}

    assert set(facts()) == asked


def test_health_questions_feed_facts_that_rules_know() -> None:
    fed = {
        name
        for item in instrument("health-10").items
        for name in (*item.feeds.clears, *item.feeds.sets, *item.feeds.ask)
    }

    assert fed <= set(facts())


def test_every_block_a_parent_can_know_of_is_asked_in_the_health_questions() -> None:
    fed = {
        name
        for item in instrument("health-10").items
        for name in (*item.feeds.clears, *item.feeds.sets, *item.feeds.ask)
    }
    others_tell = {
        *("resting_bp", "day_bp_160_100", "age_under_18", "no_indication"),  # the clinic measures or documents
        *("asq_acute", "asq_positive_unassessed", "cssrs_high"),  # the suicide screens
        *("ergot_bromocriptine_24h", "theophylline"),  # the list of medicines
    }
    blocks = {rule.id for rule in rules().values() if rule.action is Action.BLOCK}

    assert {key for key in blocks if not fed & set(rules()[key].facts)} == others_tell


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"when": "a +"}, "cannot be read"),
        ({"applies_when": "a == 1"}, "compares in a way|holds"),
        ({"src": ["NOBODY-99"]}, "not in the registry"),
        ({"src": []}, "names no source"),
        ({"action": "forbid"}, "one of block, review, monitor, info"),
        ({"colour": "red"}, "unknown colour"),
    ],
)
def test_rule_that_is_wrong_is_refused(change: dict[str, Any], problem: str) -> None:
    with pytest.raises(DataError, match=problem):
        read_rule(Record(RULE | change, where="r.yaml"), {"en": "Topic"})
