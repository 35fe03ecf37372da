"""The plain dictionaries of `firstlight assess`."""

import json
from datetime import UTC, datetime

import pytest

from firstlight.clinical.protocols import FactError, assess_json, facts, rules, schema_json

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def test_assessment_lists_every_rule_with_action_inputs_gaps_and_source() -> None:
    printed = json.loads(json.dumps(assess_json({"sbp": 185, "dbp": 95, "hypersensitivity": False}, AT)))

    assert printed["result"] == "blocked"
    assert [rule["id"] for rule in printed["rules"]] == list(rules())
    resting = next(rule for rule in printed["rules"] if rule["id"] == "resting_bp")
    assert resting == {
        "id": "resting_bp",
        "action": "block",
        "state": "fires",
        "text": "Resting blood pressure above 180 systolic or above 100 diastolic: contraindicated.",
        "when": "sbp>180 or dbp>100",
        "inputs": {"sbp": 185, "dbp": 95},
        "gaps": [],
        "until": None,
        "evidence": "V",
        "source": ["K-CH"],
        "note": "",
    }


def test_schema_explains_every_fact() -> None:
    schema = json.loads(json.dumps(schema_json()))

    assert set(schema["properties"]) == set(facts())
    assert schema["properties"]["sbp"] | {"rules": []} == {
        "type": ["number", "null"],
        "description": "Systolic blood pressure at rest",
        "unit": "mmHg",
        "minimum": 40,
        "maximum": 300,
        "rules": [],
    }
    assert schema["properties"]["brief_safety_assessment"]["rules"] == ["asq_positive_unassessed"]


@pytest.mark.parametrize("document", [[], "sbp", 5, None])
def test_document_that_is_no_object_is_refused(document: object) -> None:
    with pytest.raises(FactError, match="give an object"):
        assess_json(document, AT)
