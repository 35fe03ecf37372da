"""The rules that answers set off, as a clinician reads them: what each asks for, by which level of the ladder, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from firstlight.clinical.evidence import text
from firstlight.clinical.instruments import Instrument, SafetyRule
from firstlight.ground.safety.ladder import ladder
from firstlight.ground.safety.together import Reached
from firstlight.journey.screening.selectors import Reply
from firstlight.journey.screening.strength import ever_reached

ACTIONS: Mapping[str, str | Promise] = {
    "brief_safety_assessment": _("Brief safety assessment"),
    "acute_safety_assessment": _("Acute safety assessment"),
    "urgent_medical_review": _("Urgent medical review"),
    "safeguarding_review": _("A clinician talks with the parent today about the child's safety and the parent's own"),
    "risk_review": _("Ask what the person does that could cause harm"),
    "bipolar_review": _("Ask about bipolar disorder before any treatment"),
    "impairment_review": _("Ask what is hard in daily life since the birth"),
    "bonding_review": _("Talk about angry feelings towards the baby"),
    "bladder_review": _("Ask about the bladder before the next dose"),
    "psychosis_review": _("Emergency services and the prescriber now"),
}


@dataclass(frozen=True, slots=True)
class Raised:
    """A rule that an answer set off: what it asks for, by which step of the ladder, and who says so.

    `level`: the step that it reached. Where that is higher than the rule's own, `action` is what that step asks for, and
    `own_level`, `since` and `because` say by what.
    """

    action: str | Promise
    level: str
    item: str
    numbers: str
    sources: tuple[str, ...]
    note: str
    own_level: str = ""
    since: datetime | None = None
    because: str = ""


def source_of(rule: SafetyRule) -> str:
    """Return the source by which the ladder knows a rule."""
    return f"screening:{rule.rule}"


def raised_by(definition: Instrument, replies: Sequence[Reply], reached: Mapping[str, Reached]) -> tuple[Raised, ...]:
    """Return the rules that any answer ever set off: one that was changed later still asks for a look.

    `reached`: what stands higher than its own rule in this set, by source.
    """
    found = ((rule, items_of(rule, replies)) for rule in definition.safety)
    return tuple(_raised(definition, rule, keys, reached.get(source_of(rule))) for rule, keys in found if keys)


def items_of(rule: SafetyRule, replies: Sequence[Reply]) -> list[str]:
    """Return the items whose answer, the last or an earlier one, reached a rule; in the rule's order."""
    return ever_reached(rule, {reply.item: [value for value in reply.values if value is not None] for reply in replies})


def _raised(definition: Instrument, rule: SafetyRule, keys: Sequence[str], reached: Reached | None) -> Raised:
    own = ladder().levels[rule.level].title if rule.level else str(_("Before any treatment: a prescriber decides"))
    plain = Raised(
        action=ACTIONS.get(rule.action, rule.action),
        level=own,
        item=keys[0],
        numbers=", ".join(str(definition.item(key).number) for key in dict.fromkeys(keys)),
        sources=rule.sources,
        note=rule.note,
    )
    if reached is None or not rule.level or not ladder().stronger(reached.pair.level, rule.level):
        return plain
    level = ladder().levels[reached.pair.level]
    return replace(
        plain,
        action=level.does,
        level=level.title,
        sources=(*rule.sources, *reached.pair.sources),
        own_level=own,
        since=reached.since,
        because=text(reached.pair.says_words, get_language() or "en"),
    )
