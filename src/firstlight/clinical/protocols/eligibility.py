"""Hold the facts of one person against every rule. Support for a prescriber's decision; it decides nothing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from firstlight.clinical.evidence import Tag, Words
from firstlight.clinical.protocols.expressions import Facts, Value, Verdict
from firstlight.clinical.protocols.rules import Action, FactKind, Rule, facts, rules


class State(StrEnum):
    FIRES = "fires"
    CLEAR = "clear"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


class Overall(StrEnum):
    """Blocked before gaps before review: a block that fires stands whatever else is missing."""

    BLOCKED = "blocked"
    GAPS = "gaps"
    REVIEW = "review"
    COMPLETE = "complete"


class FactError(ValueError):
    """A fact with a value it cannot have."""

    def __init__(self, *, fact: str, value: object, expected: str) -> None:
        self.fact = fact
        self.value = value
        self.expected = expected
        super().__init__(f"{fact}: {str(value)[:40]!r} cannot be used; {expected}.")


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One rule held against the facts. `inputs` are the facts it used, `gaps` those that it lacks."""

    id: str
    topic: Words
    action: Action
    state: State
    inputs: Mapping[str, Value]
    gaps: tuple[str, ...]
    text: Words
    expression: str
    tag: Tag
    sources: tuple[str, ...]
    note: str
    until: str | None


@dataclass(frozen=True, slots=True)
class Assessment:
    """Every rule's result at one moment. `unused` are facts given that no rule asks for."""

    at: datetime
    results: tuple[RuleResult, ...]
    overall: Overall
    unused: tuple[str, ...]

    def __iter__(self) -> Iterator[RuleResult]:
        return iter(self.results)

    def __len__(self) -> int:
        return len(self.results)

    @property
    def gaps(self) -> tuple[str, ...]:
        """The missing facts, those that blocks need first."""
        order = [Action.BLOCK, Action.REVIEW, Action.MONITOR, Action.INFO]
        sorted_results = sorted(self.results, key=lambda result: order.index(result.action))
        return tuple(dict.fromkeys(gap for result in sorted_results for gap in result.gaps))

    def with_state(self, state: State, *actions: Action) -> tuple[RuleResult, ...]:
        return tuple(result for result in self.results if result.state is state and result.action in actions)


def assess(given: Mapping[str, Any], at: datetime) -> Assessment:
    """Hold facts (by name; None or absent is unknown) against every rule. Raises FactError, also for a naive `at`."""
    if at.tzinfo is None:
        raise FactError(fact="at", value=at, expected="give the time with its zone")
    known = checked(given)
    results = tuple(hold(rule, known) for rule in rules().values())
    unused = tuple(name for name in given if name not in facts())
    return Assessment(at, results, overall_of(results), unused)


def assess_day(*, sbp: int, dbp: int, at: datetime) -> Assessment:
    """The pressure before a dose against the rules of the day and the labelled contraindication."""
    known = checked({"sbp": sbp, "dbp": dbp})
    results = tuple(hold(rule, known) for rule in rules().values() if rule.day or rule.id == "resting_bp")
    return Assessment(at, results, overall_of(results), ())


def hold(rule: Rule, known: Facts) -> RuleResult:
    """One rule against checked facts."""
    applies = rule.applies_when.holds(known) if rule.applies_when else Verdict(True)
    verdict = rule.when.holds(known) if applies.truth else applies
    lifted = bool(rule.until and known.get(rule.until))
    return RuleResult(
        id=rule.id,
        topic=rule.topic,
        action=rule.action,
        state=_state(applies.truth, verdict.truth, lifted=lifted),
        inputs={name: value for name in rule.facts if (value := known.get(name)) is not None},
        gaps=verdict.gaps,
        text=rule.text,
        expression=rule.when.source,
        tag=rule.tag,
        sources=rule.sources,
        note=rule.note,
        until=rule.until,
    )


def overall_of(results: Iterable[RuleResult]) -> Overall:
    """Blocked, gaps, review or complete. What is only monitored never keeps a decision waiting."""
    deciding = [result for result in results if result.action in {Action.BLOCK, Action.REVIEW}]
    if any(result.action is Action.BLOCK and result.state is State.FIRES for result in deciding):
        return Overall.BLOCKED
    if any(result.state is State.UNKNOWN for result in deciding):
        return Overall.GAPS
    return Overall.REVIEW if any(result.state is State.FIRES for result in deciding) else Overall.COMPLETE


def checked(given: Mapping[str, Any]) -> dict[str, Value]:
    """The facts that rules ask for, each of its kind. Raises FactError."""
    known = {
        name: _checked(facts()[name], value) for name, value in given.items() if name in facts() and value is not None
    }
    if "sbp" in known and "dbp" in known and known["dbp"] >= known["sbp"]:
        raise FactError(fact="dbp", value=known["dbp"], expected="diastolic lies below systolic")
    return known


def _checked(kind: FactKind, value: object) -> Value:
    if not kind.is_number:
        if not isinstance(value, bool):
            raise FactError(fact=kind.name, value=value, expected="use true or false")
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal) or not kind.least <= value <= kind.most:
        expected = f"use a number, {kind.least} to {kind.most} {kind.unit}"
        raise FactError(fact=kind.name, value=value, expected=expected)
    return value


def _state(applies: bool | None, truth: bool | None, *, lifted: bool) -> State:
    if applies is False:
        return State.NOT_APPLICABLE
    if truth is None:
        return State.UNKNOWN
    return State.FIRES if truth and not lifted else State.CLEAR
