"""Writes of the question sets."""

from firstlight.journey.screening.services.answering import Concern, Saved, answer, skip, tap
from firstlight.journey.screening.services.assigning import assign, assign_first, take_back
from firstlight.journey.screening.services.completing import complete, finish_reading
from firstlight.journey.screening.services.linking import link_actor, link_for

__all__ = [
    "Concern",
    "Saved",
    "answer",
    "assign",
    "assign_first",
    "complete",
    "finish_reading",
    "link_actor",
    "link_for",
    "skip",
    "take_back",
    "tap",
]
