"""What the screens on suicide say to the rules, and which assessment is too old to be about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from firstlight.journey.eligibility.facts import Fact
from firstlight.journey.screening.paper import PAPER
from firstlight.journey.screening.selectors import Scored

ASQ, C_SSRS = "asq", "c-ssrs"
HIGH = "c-ssrs-high"


@dataclass(frozen=True, slots=True)
class Screens:
    """`latest`: the last ASQ; None where it says nothing. `high`: the last C-SSRS that said high, whatever a later one says.

    Only somebody who clears it ends what that one says: a parent who answers again does not.
    """

    latest: Scored | None
    high: Scored | None

    @staticmethod
    def of(results: Sequence[Scored]) -> "Screens":
        """Return what counts of a parent's results, which stand oldest first."""
        latest = next((result for result in reversed(results) if result.instrument == ASQ), None)
        told = latest if latest is not None and (latest.complete or latest.flags) else None
        high = (result for result in reversed(results) if result.instrument == C_SSRS and HIGH in _rules(result))
        return Screens(told, next(high, None))

    def facts(self) -> list[Fact]:
        """Return the facts that they state."""
        found = []
        if self.latest:
            rules = _rules(self.latest)
            named = {"asq_acute": "asq-acute" in rules, "asq_positive_unassessed": bool(rules)}
            found += [Fact(name, value, "screen", _said_at(self.latest)) for name, value in named.items()]
        if self.high:
            found.append(Fact("cssrs_high", True, "screen", _said_at(self.high)))
        return found

    def still_counts(self, baseline: Sequence[Fact]) -> list[Fact]:
        """Leave out a safety assessment that is older than the answers it would have to be about.

        Paper counts here from when it was entered: nobody could assess what nobody had read.
        """
        since = {"brief_safety_assessment": self.latest, "mh_clearance": self.high}
        known_at = {name: _known_at(screen) for name, screen in since.items() if screen}
        return [fact for fact in baseline if fact.name not in known_at or (fact.at and fact.at >= known_at[fact.name])]


def _rules(result: Scored) -> set[str]:
    return {str(flag["rule"]) for flag in result.flags}


def _said_at(screen: Scored) -> datetime:
    """Return when what a screen says was said. An attempt in the past was said once: a later screen says it no later."""
    return _recorded_at(screen) or screen.answered_at


def _known_at(screen: Scored) -> datetime:
    """Return from when somebody could know what a screen says."""
    return _recorded_at(screen) or (screen.scored_at if screen.set_name == PAPER else screen.answered_at)


def _recorded_at(screen: Scored) -> datetime | None:
    recorded = [flag.get("recorded_at") for flag in screen.flags]
    if not recorded or not all(recorded):
        return None
    return max(datetime.fromisoformat(str(at)) for at in recorded)
