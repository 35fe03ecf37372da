"""Who cannot have the treatment: the eligibility rules in plain words, with each rule's own tag and sources."""

from dataclasses import dataclass
from functools import cache

from firstlight.clinical.evidence import Record, Tag, Words
from firstlight.clinical.protocols import Rule, rules
from firstlight.journey.learn.reading import page


@dataclass(frozen=True, slots=True)
class Barrier:
    """One sentence that stands for one or more rules."""

    text: Words
    rules: tuple[Rule, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """Every source of its rules, once each."""
        return tuple(dict.fromkeys(key for rule in self.rules for key in rule.sources))

    @property
    def unsourced(self) -> Tag | None:
        """What to say when no rule of it has a source: whose rule it is."""
        return None if self.sources else self.rules[0].tag


@dataclass(frozen=True, slots=True)
class Barriers:
    """Barriers of one kind."""

    heading: Words
    text: Words | None
    lines: tuple[Barrier, ...]


@cache
def barriers() -> tuple[tuple[Barriers, ...], Barriers]:
    """Return what rules the treatment out, by kind, and what needs a doctor's decision. Raises DataError."""
    whole = page("barriers")
    groups = tuple(_group(record) for record in whole.records("groups"))
    closer = _group(whole.record("closer"))
    whole.done()
    return groups, closer


def _group(record: Record) -> Barriers:
    heading, text = record.words("heading"), record.optional_words("text")
    group = Barriers(heading, text, tuple(_barrier(line) for line in record.records("lines")))
    record.done()
    return group


def _barrier(record: Record) -> Barrier:
    keys = record.strings("rules")
    if unknown := [key for key in keys if key not in rules()]:
        raise record.error(f"rules are not in the protocols: {', '.join(unknown)}")
    found = Barrier(record.words("text"), tuple(rules()[key] for key in keys))
    record.done()
    return found
