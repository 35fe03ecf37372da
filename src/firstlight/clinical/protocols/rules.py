"""The eligibility rules, read from data/eligibility, and the facts they name, from data/facts.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from firstlight.clinical.evidence import Record, Tag, Words, data_file, data_files, require_sources
from firstlight.clinical.protocols.expressions import Expression, ExpressionError, parse

PACKAGE = "firstlight.clinical.protocols"


class Action(StrEnum):
    BLOCK = "block"
    REVIEW = "review"
    MONITOR = "monitor"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `until` names the fact that lifts it; `day` marks the rules about the pressure before a dose."""

    id: str
    topic: Words
    action: Action
    text: Words
    when: Expression
    applies_when: Expression | None
    until: str | None
    tag: Tag
    sources: tuple[str, ...]
    note: str
    day: bool

    @property
    def facts(self) -> tuple[str, ...]:
        """Every fact it names, in the order in which it asks for them."""
        asked = (*(self.applies_when.names if self.applies_when else ()), *self.when.names)
        return tuple(dict.fromkeys((*asked, *((self.until,) if self.until else ()))))


@dataclass(frozen=True, slots=True)
class FactKind:
    """What a fact is called and which values it can have; `unit` is empty for yes-or-no facts."""

    name: str
    text: Words
    is_number: bool
    unit: str
    least: int
    most: int


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule by its id, in the order of the files. Raises DataError when a file is wrong."""
    found: dict[str, Rule] = {}
    for where, document in data_files(PACKAGE, "data/eligibility"):
        page = Record(document, where=where)
        topic, day = page.words("topic"), page.flag("day")
        for record in page.records("rules"):
            rule = read_rule(record, topic, day=day)
            if rule.id in found:
                raise record.error(f"{rule.id} is already used")
            found[rule.id] = rule
        page.done()
    return MappingProxyType(found)


@cache
def facts() -> Mapping[str, FactKind]:
    """Every fact that a rule names, by name. Raises DataError for a name that nothing explains."""
    record = Record(data_file(PACKAGE, "data/facts.yaml"), where="data/facts.yaml")
    booleans = record.record("booleans")
    known = {name: FactKind(name, booleans.words(name), False, "", 0, 1) for name in booleans.names}
    numbers = record.record("numbers")
    known |= {name: _number(name, numbers.record(name)) for name in numbers.names}
    record.done()
    for rule in rules().values():
        if rule.id in rule.when.names:
            known[rule.id] = FactKind(rule.id, rule.text, False, "", 0, 1)
    for rule in rules().values():
        _require_facts(rule, known, record)
    return MappingProxyType(known)


def read_rule(record: Record, topic: Words, *, day: bool = False) -> Rule:
    """One rule from its record. Raises DataError."""
    key = record.string("id")
    applies_when, until = record.string("applies_when", ""), record.string("until", "")
    rule = Rule(
        id=key,
        topic=topic,
        action=record.choice("action", Action),
        text=record.words("text"),
        when=_expression(record.string("when", key), record),
        applies_when=_expression(applies_when, record) if applies_when else None,
        until=until or None,
        tag=record.choice("ev", Tag),
        sources=record.strings("src", default=()),
        note=record.string("note", ""),
        day=day,
    )
    record.done()
    require_sources(rule.sources, record=record)
    if rule.tag in {Tag.TWO_SOURCES, Tag.ONE_SOURCE, Tag.PARTLY} and not rule.sources:
        raise record.error(f"{key} is tagged {rule.tag} and names no source")
    return rule


def _expression(source: str, record: Record) -> Expression:
    try:
        return parse(source)
    except ExpressionError as error:
        raise record.error(str(error)) from error


def _number(name: str, record: Record) -> FactKind:
    kind = FactKind(
        name=name,
        text=record.words("text"),
        is_number=True,
        unit=record.string("unit"),
        least=record.integer("least"),
        most=record.integer("most"),
    )
    record.done()
    return kind


def _require_facts(rule: Rule, known: Mapping[str, FactKind], record: Record) -> None:
    for expression in (rule.when, rule.applies_when):
        for name in expression.names if expression else ():
            if name not in known or known[name].is_number != (name in expression.numbers if expression else False):
                raise record.error(f"{rule.id} names {name}, which is not explained as it is used")
    if rule.until and rule.until not in known:
        raise record.error(f"{rule.id} waits for {rule.until}, which is not explained")
