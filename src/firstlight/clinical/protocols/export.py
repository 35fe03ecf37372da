"""An assessment as plain dictionaries: what `firstlight assess` prints."""

from datetime import datetime
from typing import Any

from firstlight.clinical.evidence import text
from firstlight.clinical.protocols.eligibility import Assessment, FactError, RuleResult, assess
from firstlight.clinical.protocols.rules import facts, rules

SCHEMA = "https://json-schema.org/draft/2020-12/schema"


def assess_json(document: Any, at: datetime, language: str = "en") -> dict[str, Any]:
    """Assess the facts of one JSON document. Raises FactError."""
    if not isinstance(document, dict):
        raise FactError(fact="document", value=document, expected="give an object of facts by name")
    return assessment_json(assess(document, at), language)


def assessment_json(assessment: Assessment, language: str = "en") -> dict[str, Any]:
    return {
        "result": assessment.overall.value,
        "at": assessment.at.isoformat(),
        "gaps": list(assessment.gaps),
        "unused": list(assessment.unused),
        "rules": [_result(result, language) for result in assessment.results],
    }


def schema_json(language: str = "en") -> dict[str, Any]:
    """A JSON Schema of the facts, each with the rules that ask for it. None is required: what is missing is a gap."""
    used_by = {name: [rule.id for rule in rules().values() if name in rule.facts] for name in facts()}
    properties = {
        name: {
            "type": ["number", "null"] if kind.is_number else ["boolean", "null"],
            "description": text(kind.text, language),
            **({"unit": kind.unit, "minimum": kind.least, "maximum": kind.most} if kind.is_number else {}),
            "rules": used_by[name],
        }
        for name, kind in facts().items()
    }
    return {"$schema": SCHEMA, "type": "object", "properties": properties}


def _result(result: RuleResult, language: str) -> dict[str, Any]:
    return {
        "id": result.id,
        "action": result.action.value,
        "state": result.state.value,
        "text": text(result.text, language),
        "when": result.expression,
        "inputs": dict(result.inputs),
        "gaps": list(result.gaps),
        "until": result.until,
        "evidence": result.tag.value,
        "source": list(result.sources),
        "note": result.note,
    }
