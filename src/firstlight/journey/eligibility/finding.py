"""One thing that came up since a decision: which rule, what it says, and who said so and when."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from firstlight.clinical.evidence import Tag, sources, text
from firstlight.clinical.protocols import RuleResult, rules
from firstlight.ground.design.clocks import date_text, local
from firstlight.journey.eligibility.facts import Facts
from firstlight.journey.eligibility.reporting import fact_words, origin_words, value_words


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that came to fire after a decision, or one that an answer left open (`known` False).

    `stops`: the decision is open again, not only a review due. `source`: what was stated, by whom and on which day.
    """

    rule: str
    stops: bool
    source: str
    known: bool = True

    @property
    def about(self) -> str:
        """Return what it is by name: a rule that is left open and one that fires are two."""
        return self.rule if self.known else f"{self.rule}?"

    @property
    def says(self) -> str:
        """Return what the rule says, in the language of the moment."""
        said = text(rules()[self.rule].text, get_language() or "en")
        return said if self.known else _("To be asked, an answer left it open: %(rule)s") % {"rule": said}

    @property
    def told(self) -> str:
        """Return what the rule says, and who said so."""
        return f"{self.says} ({self.source}.)" if self.source else self.says

    @property
    def basis(self) -> str:
        """Return on what the rule rests: its sources, or that it is ours or unchecked."""
        rule = rules()[self.rule]
        if rule.tag is Tag.OURS:
            return text(rule.tag.meaning, get_language() or "en")
        titles = [sources()[key].title for key in rule.sources if key in sources()]
        return "; ".join([text(rule.tag.meaning, get_language() or "en"), *titles])


def stated_in(result: RuleResult, facts: Facts, zone: str) -> str:
    """Say on which statements a result rests: what, from where, on which day of the clinic's calendar.

    Of a rule that is one yes-or-no fact of its own name, who said so; of what is left open, whose answer did that.
    """
    doubts = [facts.doubts[gap] for gap in result.gaps if gap in facts.doubts]
    stated = [facts.known[name] for name in result.inputs if name in facts.known]
    own = [fact for fact in stated if fact.name == result.id]
    if doubts:
        parts = [_said(doubt.origin, doubt.since, zone) for doubt in doubts]
    elif own:
        parts = [_said(fact.origin, fact.at, zone) for fact in own]
    else:
        parts = [
            f"{fact_words(fact.name)}: {value_words(fact.name, fact.value)}, {_said(fact.origin, fact.at, zone)}"
            for fact in stated
        ]
    return "; ".join(dict.fromkeys(parts))


def _said(origin: str, at: datetime | None, zone: str) -> str:
    return f"{origin_words(origin)}, {date_text(local(at, zone).date())}" if at else origin_words(origin)
