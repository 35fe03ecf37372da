"""What answers that a clinician noted say to the eligibility rules."""

from collections.abc import Collection

from firstlight.clinical.instruments.definitions import Instrument
from firstlight.clinical.instruments.health import NO, NOT_SURE, YES, HealthFacts
from firstlight.clinical.instruments.rules import Answers
from firstlight.clinical.instruments.scoring import score


def stated_facts(definition: Instrument, answers: Answers, *, concerned: Collection[str]) -> HealthFacts:
    """Return facts from answers. One question that was not answered with "no" keeps its facts from being cleared.

    `concerned` names the questions that concern this person; one of them without an answer leaves its facts open. Raises
    ScoringError for an impossible answer.
    """
    score(definition, answers)
    cleared: dict[str, bool] = {}
    held: dict[str, str] = {}
    stated: dict[str, bool] = {}
    for item in definition.items:
        if item.key not in concerned:
            continue
        answer = answers.get(item.key)
        if answer == NO:
            cleared.update(dict.fromkeys(item.feeds.clears, False))
        elif answer in {YES, NOT_SURE, None}:
            held.update(dict.fromkeys((*item.feeds.clears, *item.feeds.ask), item.key))
        if answer == YES:
            stated.update(dict.fromkeys(item.feeds.sets, True))
    known = {fact: value for fact, value in cleared.items() if fact not in held} | stated
    return HealthFacts(known, {fact: key for fact, key in held.items() if fact not in known})
