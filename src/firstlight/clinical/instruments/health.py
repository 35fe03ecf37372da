"""What the health questions say to the eligibility rules, and what they leave to a person."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from firstlight.clinical.instruments.reading import instrument
from firstlight.clinical.instruments.rules import Answers
from firstlight.clinical.instruments.scoring import score

NAME = "health-10"
YES, NO, NOT_SURE = 1, 0, 2


@dataclass(frozen=True, slots=True)
class HealthFacts:
    """`known`: facts by name. `to_ask`: facts that a person must ask about, with the question that raised them."""

    known: Mapping[str, bool]
    to_ask: Mapping[str, str]


def health_facts(answers: Answers, *, left_open: Collection[str] = ()) -> HealthFacts:
    """Facts from answers to health-10. A "yes" to a question about several things proves none of them.

    `left_open` names questions that may concern this person and were passed over, or not put after a loss for example:
    a person asks about them. Raises ScoringError for an impossible answer. An unanswered question gives no fact.
    """
    definition = instrument(NAME)
    score(definition, answers)
    known: dict[str, bool] = {}
    to_ask: dict[str, str] = {}
    for item in definition.items:
        answer, feeds = answers.get(item.key), item.feeds
        if answer == NO:
            known.update(dict.fromkeys(feeds.clears, False))
        elif answer in {YES, NOT_SURE} or item.key in left_open:
            to_ask.update(dict.fromkeys((*feeds.clears, *feeds.ask), item.key))
        if answer == YES:
            known.update(dict.fromkeys(feeds.sets, True))
    return HealthFacts(known, {fact: key for fact, key in to_ask.items() if fact not in known})
