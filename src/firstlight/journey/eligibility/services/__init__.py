"""Entering clinical facts, running the rules over them, and deciding."""

from firstlight.journey.eligibility.services.deciding import assess_now, decide
from firstlight.journey.eligibility.services.recording import record_baseline, withdraw_entry
from firstlight.journey.eligibility.services.reopening import look_at_answers, look_at_family, look_at_record

__all__ = [
    "assess_now",
    "decide",
    "look_at_answers",
    "look_at_family",
    "look_at_record",
    "record_baseline",
    "withdraw_entry",
]
