"""Questionnaires and observation tables as data, and the one engine that scores them."""

from firstlight.clinical.instruments.change import Change, change
from firstlight.clinical.instruments.definitions import (
    Answers,
    Audience,
    Band,
    Better,
    Condition,
    Cut,
    Feeds,
    Instrument,
    Item,
    Kind,
    Option,
    SafetyRule,
    Scoring,
    Shown,
    Tier,
)
from firstlight.clinical.instruments.export import instrument_json, instruments_json, score_json, score_rows, to_json
from firstlight.clinical.instruments.health import HealthFacts, health_facts
from firstlight.clinical.instruments.reading import instrument, instruments
from firstlight.clinical.instruments.scoring import Flag, Score, ScoringError, answers_of, asked_items, flags, score

__all__ = [
    "Answers",
    "Audience",
    "Band",
    "Better",
    "Change",
    "Condition",
    "Cut",
    "Feeds",
    "Flag",
    "HealthFacts",
    "Instrument",
    "Item",
    "Kind",
    "Option",
    "SafetyRule",
    "Score",
    "Scoring",
    "ScoringError",
    "Shown",
    "Tier",
    "answers_of",
    "asked_items",
    "change",
    "flags",
    "health_facts",
    "instrument",
    "instrument_json",
    "instruments",
    "instruments_json",
    "score",
    "score_json",
    "score_rows",
    "to_json",
]
