"""What medicine says a clinic should check: eligibility, doses, limits of charted values, readiness to leave."""

from firstlight.clinical.protocols.eligibility import (
    Assessment,
    FactError,
    Overall,
    RuleResult,
    State,
    assess,
    assess_day,
)
from firstlight.clinical.protocols.export import assess_json, assessment_json, schema_json
from firstlight.clinical.protocols.rules import Action, FactKind, Rule, facts, rules

__all__ = [
    "Action",
    "Assessment",
    "FactError",
    "FactKind",
    "Overall",
    "Rule",
    "RuleResult",
    "State",
    "assess",
    "assess_day",
    "assess_json",
    "assessment_json",
    "facts",
    "rules",
    "schema_json",
]
