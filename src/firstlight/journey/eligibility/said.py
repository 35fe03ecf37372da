"""What was answered and asked says to the rules: the safety screen, the health questions, the talk, the bipolar screen."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile

from firstlight.clinical.instruments import HealthFacts, instrument
from firstlight.clinical.instruments.health import NO, NOT_SURE, YES
from firstlight.ground.people.models import Parent
from firstlight.journey.eligibility.facts import Doubt, Fact
from firstlight.journey.eligibility.limits import limits
from firstlight.journey.eligibility.screens import ASQ, C_SSRS, Screens
from firstlight.journey.screening.mind import MIND, mind_said
from firstlight.journey.screening.selectors import HEALTH, Scored, health_said

MDQ, EFFECTS = "mdq", "side-effects"
ASKED_FOR_RULES = frozenset({ASQ, C_SSRS, HEALTH, MIND, MDQ, EFFECTS})
BLADDER = frozenset(one.rule for one in instrument(EFFECTS).safety if one.action == "bladder_review")
"""What our own list of side effects raises about the bladder: urinary symptoms, as one rule asks for them."""
MIND_FACTS = frozenset(
    name for item in instrument(MIND).items for name in (*item.feeds.clears, *item.feeds.sets, *item.feeds.ask)
)
"""What the talk about high mood and psychosis can say."""


@dataclass(frozen=True, slots=True)
class Said:
    """Facts by where they were said, a later group before an earlier one at the same moment; what a person has to ask.

    `lapsed`: facts that a "no" cleared once, which counts no more, with the day of that answer. `doubts`: by fact, the "yes" or
    "not sure" that left it open.
    """

    groups: tuple[Sequence[Fact], ...]
    to_ask: tuple[str, ...]
    lapsed: Mapping[str, datetime]
    doubts: Mapping[str, Doubt]
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
        _side_effects(results, now),
        _screen(screens, now),
    )
    return Said(
        groups=tuple(facts for facts, _to_ask, _lapsed in found),
        to_ask=tuple(name for _facts, to_ask, _lapsed in found for name in to_ask),
        lapsed={name: at for _facts, _to_ask, lapsed in found for name, at in lapsed.items()},
        doubts=_newest([*_doubts(results, HEALTH, "health"), *_doubts(results, MIND, "asked")]),
        screens=screens,
    )


def _doubts(results: Sequence[Scored], name: str, origin: str) -> Iterator[tuple[str, Doubt]]:
    """Find the facts that the newest answers to a questionnaire left open, by a "yes" or "not sure"."""
    told = [one for one in reversed(results) if one.instrument == name]
    for item in instrument(name).items if told else ():
        first = _first_in_a_row([(_reply(one, item.key), one) for one in told])
        if first is not None:
            doubt = Doubt(origin, first.answered_at, first.scored_at)
            yield from ((fact, doubt) for fact in (*item.feeds.clears, *item.feeds.ask))


def _newest(doubts: Sequence[tuple[str, Doubt]]) -> dict[str, Doubt]:
    return dict(sorted(doubts, key=lambda named: named[1].since))


def _first_in_a_row(told: Sequence[tuple[int | None, Scored]]) -> Scored | None:
    """Return since when one question was answered as now, newest first; None where it was not answered with yes or not sure.

    "Not sure" after "yes" says nothing new, "yes" after "not sure" does.
    """
    as_now = {YES: {YES}, NOT_SURE: {YES, NOT_SURE}}.get(told[0][0] or NO, set())
    row = [one for value, one in takewhile(lambda said: said[0] in as_now, told)]
    return row[-1] if row else None


def _reply(result: Scored, item: str) -> int | None:
    return next((reply.value for reply in result.answers if reply.item == item), None)


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


def _side_effects(results: Sequence[Scored], now: Moment) -> Group:
    """Return what our own list says of the bladder. It clears nothing: it asks about a week, and a person about the rest."""
    found = [one for one in results if one.instrument == EFFECTS and any(flag["rule"] in BLADDER for flag in one.flags)]
    in_episode = [one for one in found if now.since is None or one.answered_at >= now.since]
    return ([Fact("cystitis_luts", True, "effects", in_episode[-1].answered_at)], (), {}) if in_episode else NOTHING


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
