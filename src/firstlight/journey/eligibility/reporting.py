"""What a rule said, as it is stored, shown and signed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from firstlight.clinical.evidence import Tag, sources, text
from firstlight.clinical.protocols import Action, RuleResult, State, facts
from firstlight.ground.design.clocks import date_text, local, moment_text
from firstlight.journey.eligibility.lists import choice
from firstlight.journey.eligibility.models import Assessment, Decision, RuleOutcome

# Blocks first, then reviews, then what is not known, then what to watch, then the rest.
ORDER = (
    (Action.BLOCK, State.FIRES),
    (Action.REVIEW, State.FIRES),
    (Action.BLOCK, State.UNKNOWN),
    (Action.REVIEW, State.UNKNOWN),
    (Action.MONITOR, State.FIRES),
    (Action.INFO, State.FIRES),
    (Action.MONITOR, State.UNKNOWN),
)


@dataclass(frozen=True, slots=True)
class Input:
    """One fact a rule used: its words, value, where it came from and when."""

    name: str
    words: str
    value: str
    origin: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One rule's result in one run."""

    rule: str
    action: str
    state: str
    topic: str
    text: str
    expression: str
    inputs: tuple[Input, ...]
    gaps: tuple[str, ...]
    tag: Tag
    sources: tuple[str, ...]
    note: str
    until: str

    @property
    def order(self) -> int:
        pair = (Action(self.action), State(self.state))
        return ORDER.index(pair) if pair in ORDER else len(ORDER)

    @property
    def blocks(self) -> bool:
        return self.action == Action.BLOCK and self.state == State.FIRES

    @property
    def needs_reason(self) -> bool:
        """Tell whether "suitable" needs a reason here: a review that fires, or a block that could not be checked."""
        pair = (self.action, self.state)
        return pair in {(Action.REVIEW, State.FIRES), (Action.BLOCK, State.UNKNOWN)}

    @property
    def is_ours(self) -> bool:
        return self.tag is Tag.OURS

    @property
    def evidence(self) -> str:
        """Say in words how far the rule was checked."""
        return text(self.tag.meaning, _language())

    @property
    def source_titles(self) -> tuple[str, ...]:
        return tuple(sources()[key].title for key in self.sources if key in sources())


def result_as_json(
    result: RuleResult, origins: Mapping[str, Mapping[str, Any]], lapsed: Mapping[str, datetime] | None = None
) -> dict[str, Any]:
    """Return what is stored of a rule's result: its words too, since a rule may change later.

    `lapsed`: what was answered with no, too long ago to count, and when.
    """
    old = {name: at.isoformat() for name, at in (lapsed or {}).items() if name in result.gaps}
    inputs = [{"name": name, "value": _plain(value), **origins.get(name, {})} for name, value in result.inputs.items()]
    return {
        "topic": text(result.topic, _language()),
        "state": result.state.value,
        "text": text(result.text, _language()),
        "expression": result.expression,
        "inputs": inputs,
        "gaps": list(result.gaps),
        "lapsed": old,
        "tag": result.tag.value,
        "sources": list(result.sources),
        "note": result.note,
        "until": result.until or "",
    }


def outcome_of(row: RuleOutcome) -> Outcome:
    """Read a stored result. An erased one reads as unknown without words."""
    stored = row.result or {"state": "unknown", "tag": "ours"}
    return Outcome(
        rule=row.rule,
        action=row.action,
        state=stored["state"],
        topic=stored.get("topic", ""),
        text=stored.get("text", ""),
        expression=stored.get("expression", ""),
        inputs=tuple(_input(entry, row.rule) for entry in stored.get("inputs", [])),
        gaps=tuple(_gap(name, row, stored.get("lapsed", {}).get(name)) for name in stored.get("gaps", [])),
        tag=Tag(stored["tag"]),
        sources=tuple(stored.get("sources", [])),
        note=stored.get("note", ""),
        until=stored.get("until", ""),
    )


def _gap(name: str, row: RuleOutcome, lapsed_at: str | None) -> str:
    if lapsed_at:
        again = asked_again(datetime.fromisoformat(lapsed_at), row.parent.clinic.timezone)
        return again if name == row.rule else f"{fact_words(name)} ({again})"
    return _("nobody has said yet") if name == row.rule else fact_words(name)


def asked_again(answered_at: datetime, zone: str) -> str:
    """Say that a "no" of that day counts no more."""
    return _("ask again: the “no” of %(day)s counts no more") % {"day": date_text(local(answered_at, zone).date())}


def fact_words(name: str) -> str:
    """Return what a fact is called: short, as the clinic's lists say it; its name when nothing knows it any more."""
    listed = choice("problems", name) or choice("medicines", name)
    if listed:
        return listed.label
    kind = facts().get(name)
    return text(kind.text, _language()) if kind else name


def origin_words(origin: str) -> str:
    """Say where a fact came from."""
    words = {
        "baseline": _("entered by the clinic"),
        "health": _("answered by the parent"),
        "screen": _("ASQ"),
        "mdq": _("MDQ"),
        "effects": _("the parent's list of side effects"),
        "asked": _("asked by a clinician"),
        "record": _("from the record"),
    }
    return words.get(origin, origin)


def _input(entry: Mapping[str, Any], rule: str) -> Input:
    words = _("Stated") if entry["name"] == rule else fact_words(entry["name"])
    at = datetime.fromisoformat(entry["at"]) if entry.get("at") else None
    origin = origin_words(entry.get("origin", ""))
    return Input(entry["name"], words, value_words(entry["name"], entry["value"]), origin, at)


def value_words(name: str, value: Any) -> str:
    """Return a fact's value as people write it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    kind = facts().get(name)
    return f"{value} {kind.unit}" if kind and kind.unit else str(value)


def decision_blocks(
    outcome: str, reason: str, reviews: Mapping[str, str], outcomes: Sequence[Outcome], assessment: Assessment
) -> list[dict[str, Any]]:
    """Return the body of the decision's document: decision, reason, and every rule that said something."""
    said = [entry for entry in outcomes if entry.state in {State.FIRES, State.UNKNOWN}]
    rows = [[entry.text, action_words(entry), reviews.get(entry.rule, ""), entry.evidence] for entry in said]
    run = {"at": moment_text(assessment.at, assessment.at, assessment.parent.clinic.timezone), "count": len(outcomes)}
    return [
        {"heading": _("Decision"), "paragraphs": [outcome_words(outcome), reason]},
        {
            "heading": _("What the rules said"),
            "paragraphs": [_("%(count)d rules were run. The rest were clear or did not apply.") % run],
            "table": {"columns": [_("Rule"), _("Result"), _("Decided"), _("Basis")], "rows": rows},
        },
        {"heading": _("Limits"), "paragraphs": [_("The rules support a decision; the decision is the prescriber's.")]},
    ]


def outcome_words(outcome: str) -> str:
    """Say a decision in words."""
    words = {
        Decision.Outcome.SUITABLE: _("Suitable for treatment"),
        Decision.Outcome.NOT_NOW: _("Not now"),
        Decision.Outcome.DECLINED: _("Declined"),
    }
    return words[Decision.Outcome(outcome)]


def action_words(outcome: Outcome) -> str:
    """Say what a rule asks for, as it stands."""
    if outcome.state == State.UNKNOWN:
        return _("Not known")
    words = {
        Action.BLOCK: _("Blocks"),
        Action.REVIEW: _("To decide"),
        Action.MONITOR: _("To watch"),
        Action.INFO: _("Note"),
    }
    return words[Action(outcome.action)]


def _plain(value: Any) -> Any:
    return value if isinstance(value, bool | int | float | str) else str(value)


def _language() -> str:
    return get_language() or "en"
