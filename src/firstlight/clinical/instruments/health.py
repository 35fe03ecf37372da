"""What the ten health questions say to the eligibility rules, and what they leave to a person."""

from collections.abc import Mapping
from dataclasses import dataclass

from firstlight.clinical.instruments.definitions import Answers
from firstlight.clinical.instruments.reading import instrument
from firstlight.clinical.instruments.scoring import score

NAME = "health-10"
YES, NO, NOT_SURE = 1, 0, 2


@dataclass(frozen=True, slots=True)
class HealthFacts:
    """`known`: facts by name. `to_ask`: facts that a person must ask about, with the question that raised them."""

    known: Mapping[str, bool]
    to_ask: Mapping[str, str]


def health_facts(answers: Answers) -> HealthFacts:
    """Facts from answers to health-10. A "yes" to a question about several things proves none of them.

    Raises ScoringError for an impossible answer. An unanswered question gives no fact.
    """
    definition = instrument(NAME)
    score(definition, answers)
    known: dict[str, bool] = {}
    to_ask: dict[str, str] = {}
    for item in definition.items:
        answer, feeds = answers.get(item.key), item.feeds
        if answer == NO:
            known.update(dict.fromkeys(feeds.clears, False))
        elif answer == YES and feeds.sets:
            known.update(dict.fromkeys(feeds.sets, True))
        elif answer in {YES, NOT_SURE}:
            to_ask.update(dict.fromkeys((*feeds.clears, *feeds.ask), item.key))
    return HealthFacts(known, to_ask)
