"""What was answered and asked says to the rules: the safety screen, the health questions, the talk, the bipolar screen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from firstlight.clinical.instruments import HealthFacts, instrument
from firstlight.clinical.instruments.health import NO
from firstlight.ground.people.models import Parent
from firstlight.journey.eligibility.facts import Fact
from firstlight.journey.eligibility.limits import limits
from firstlight.journey.eligibility.screens import ASQ, C_SSRS, Screens
from firstlight.journey.screening.mind import MIND, mind_said
from firstlight.journey.screening.selectors import HEALTH, Scored, health_said

MDQ = "mdq"
ASKED_FOR_RULES = frozenset({ASQ, C_SSRS, HEALTH, MIND, MDQ})
MIND_FACTS = frozenset(
    name for item in instrument(MIND).items for name in (*item.feeds.clears, *item.feeds.sets, *item.feeds.ask)
)
"""What the talk about high mood and psychosis can say."""


@dataclass(frozen=True, slots=True)
class Said:
    """Facts by where they were said, a later group before an earlier one at the same moment; what a person has to ask.

    `lapsed`: facts that a "no" cleared once, which counts no more, with the day of that answer.
    """

    groups: tuple[Sequence[Fact], ...]
    to_ask: tuple[str, ...]
    lapsed: Mapping[str, datetime]
    screens: Screens


@dataclass(frozen=True, slots=True)
class Moment:
    """The moment for which answers are read, and since when the episode runs: a "no" before it is of another one."""

    at: datetime
    since: datetime | None

    def counts(self, questionnaire: str, answered_at: datetime, item: str = "") -> bool:
        """Tell whether a "no" of that moment still counts."""
        in_episode = self.since is None or answered_at >= self.since
        return in_episode and self.at - answered_at <= limits().no_counts_for(questionnaire, item)


Group = tuple[list[Fact], tuple[str, ...], dict[str, datetime]]
"""Facts, what a person has to ask, and what lapsed, from one questionnaire."""
NOTHING: Group = ([], (), {})


def said_in(results: Sequence[Scored], parent: Parent, now: Moment) -> Said:
    """Return what the results of one parent, oldest first, say to the rules."""
    screens = Screens.of(results)
    found = (
        _health(results, parent, now),
        _mind(results, parent, now),
        _bipolar_screen(results, now),
        _screen(screens, now),
    )
    return Said(
        groups=tuple(facts for facts, _to_ask, _lapsed in found),
        to_ask=tuple(name for _facts, to_ask, _lapsed in found for name in to_ask),
        lapsed={name: at for _facts, _to_ask, lapsed in found for name, at in lapsed.items()},
        screens=screens,
    )


def _latest(results: Sequence[Scored], name: str) -> Scored | None:
    return next((result for result in reversed(results) if result.instrument == name), None)


def _counting(latest: Scored, now: Moment) -> tuple[Scored, dict[str, datetime]]:
    """Return a result without each "no" that counts no more, and the facts that these cleared."""
    old = {
        reply.item: reply.answered_at
        for reply in latest.answers
        if reply.value == NO and not now.counts(latest.instrument, reply.answered_at, reply.item)
    }
    kept = tuple(reply for reply in latest.answers if reply.item not in old)
    items = [item for item in instrument(latest.instrument).items if item.key in old]
    return replace(latest, answers=kept), {name: old[item.key] for item in items for name in item.feeds.clears}


def _bipolar_screen(results: Sequence[Scored], now: Moment) -> Group:
    """Return what the MDQ says. It asks about a whole life: a positive one stands, whatever a later form says."""
    found = [one for one in results if one.instrument == MDQ]
    positive = [one for one in found if any(flag["rule"] == "mdq-positive" for flag in one.flags)]
    if positive:
        return [Fact("mdq_positive", True, "mdq", positive[-1].answered_at)], (), {}
    return _cleared(["mdq_positive"], "mdq", found[-1], now) if found and found[-1].complete else NOTHING


def _cleared(names: Sequence[str], origin: str, latest: Scored, now: Moment) -> Group:
    """Return facts that a whole questionnaire cleared, or that they lapsed and are to be asked."""
    at = latest.answered_at
    if now.counts(latest.instrument, at):
        return [Fact(name, False, origin, at) for name in names], (), {}
    return [], tuple(names), dict.fromkeys(names, at)


def _screen(screens: Screens, now: Moment) -> Group:
    found, latest = screens.facts(), screens.latest
    if latest is None or now.counts(ASQ, latest.answered_at):
        return found, (), {}
    no = [fact.name for fact in found if fact.value is False]
    return [fact for fact in found if fact.name not in no], tuple(no), dict.fromkeys(no, latest.answered_at)


def _health(results: Sequence[Scored], parent: Parent, now: Moment) -> Group:
    latest = _latest(results, HEALTH)
    return _stated(latest, health_said, "health", parent, now) if latest else NOTHING


def _mind(results: Sequence[Scored], parent: Parent, now: Moment) -> Group:
    latest = _latest(results, MIND)
    return _stated(latest, mind_said, "asked", parent, now) if latest else NOTHING


def _stated(
    latest: Scored, say: Callable[[Scored, Parent], HealthFacts], origin: str, parent: Parent, now: Moment
) -> Group:
    counting, lapsed = _counting(latest, now)
    said = say(counting, parent)
    return (
        [Fact(name, value, origin, latest.answered_at) for name, value in said.known.items()],
        tuple(said.to_ask),
        lapsed,
    )
