"""The rules that a data file may state about answers. Each is small, and none knows any one questionnaire."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from firstlight.clinical.evidence import Tag, Words

Answers = Mapping[str, int | None]
CHANCE_95 = 1.96  # standard errors within which 95 of 100 unchanged people stay


@dataclass(frozen=True)
class Condition:
    """Holds when `how_many` of these items, and no more than `no_more_than`, have at least this value.

    `except_at` gives single items a value of their own.
    """

    any_of: tuple[str, ...]
    at_least: int
    how_many: int = 1
    no_more_than: int | None = None
    except_at: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    @cached_property
    def least(self) -> tuple[tuple[str, int], ...]:
        """Each item with the value that it must have at least."""
        return tuple((key, self.except_at.get(key, self.at_least)) for key in self.any_of)

    def reached(self, answers: Answers) -> list[str]:
        """The items that have at least their value, in the order of the rule."""
        given = answers.get
        return [key for key, least in self.least if (value := given(key)) is not None and value >= least]

    def holds(self, answers: Answers) -> bool:
        if self.no_more_than is not None:
            return self.how_many <= len(self.reached(answers)) <= self.no_more_than
        left, given = self.how_many, answers.get
        for key, least in self.least:
            if left == 0:
                return True
            if (value := given(key)) is not None and value >= least:
                left -= 1
        return left == 0

    def first(self, answers: Answers) -> str | None:
        """The first item that makes it hold; None when it does not (yet)."""
        reached = self.reached(answers) if self.holds(answers) else []
        return reached[0] if reached else None


@dataclass(frozen=True, slots=True)
class Total:
    """A sum of items, and of the highest item of each group, multiplied; or a percentage of what was possible.

    `least` and `most` are its ends when every item is answered. `prorates`: the manual counts the answered items alone.
    `worth`: what the values of an item count, where the manual gives them other weights before adding up.
    """

    items: tuple[str, ...]
    highest_of: tuple[tuple[str, ...], ...]
    times: int
    percent: bool
    least: int
    most: int
    prorates: bool = False
    worth: Mapping[str, Mapping[int, float]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Basis:
    """Where something in a data file comes from, and how far that was checked."""

    sources: tuple[str, ...]
    tag: Tag
    note: str


@dataclass(frozen=True, slots=True)
class InMothers:
    """That a result is read against values found in mothers alone, in words for whoever reads it of another parent."""

    says: Words
    basis: Basis


@dataclass(frozen=True, slots=True)
class Cut:
    """A number that decides something, with where it comes from."""

    points: int
    sources: tuple[str, ...]
    tag: Tag
    note: str


@dataclass(frozen=True, slots=True)
class ReliableChange:
    """The least change that chance seldom makes: as published, or from SD and retest reliability r of a population.

    `population`: in whom it was found; a value without that word says nothing about anybody, so it is always there.
    `others`: published values that conflict with it. They are shown beside it and decide nothing.
    """

    published: int | None
    sd: float | None
    retest_r: float | None
    population: str
    sources: tuple[str, ...]
    tag: Tag
    note: str
    others: tuple["ReliableChange", ...] = ()

    @property
    def points(self) -> float:
        """The published value, else 1.96 × SD × √2 × √(1 − r)."""
        if self.published is not None:
            return self.published
        if self.sd is None or self.retest_r is None:
            raise ValueError("a reliable change needs a published value, or both SD and r")
        return CHANCE_95 * self.sd * math.sqrt(2) * math.sqrt(1 - self.retest_r)


@dataclass(frozen=True, slots=True)
class ImportantDifference:
    """The least change that people notice, each way; None for a way about which nothing is published.

    `population`: in whom it was found, always.
    """

    better: int
    worse: int | None
    population: str
    sources: tuple[str, ...]
    tag: Tag
    note: str


@dataclass(frozen=True, slots=True)
class Subscale:
    """A part of an instrument with a sum of its own. `cut_off`: from where on it calls for a look."""

    name: str
    title: Words
    total: Total
    cut_off: Cut | None
    basis: Basis


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule of the manual beside the total, such as a provisional diagnosis: true when all conditions hold."""

    name: str
    label: Words
    conditions: tuple[Condition, ...]
    basis: Basis


@dataclass(frozen=True, slots=True)
class Band:
    """A range of totals, both ends included, and its name."""

    least: int
    most: int
    label: Words


@dataclass(frozen=True, slots=True)
class Outcome:
    """A result in words; the last one of an instrument has no conditions."""

    label: Words
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class SafetyRule:
    """What must happen at once, whatever the total. `level` is a step of the clinic's escalation ladder.

    It fires when `condition` holds, and all of `also` with it. `quiet`: the clinic looks at it, and nothing interrupts
    whoever answers; danger is never quiet. Without a level it is no danger: a quiet one that a rule of eligibility takes up.
    """

    rule: str
    condition: Condition
    action: str
    level: str
    sources: tuple[str, ...]
    tag: Tag
    note: str
    also: tuple[Condition, ...] = ()
    quiet: bool = False

    def first(self, answers: Answers) -> str | None:
        """The first item that makes it fire; None when it does not (yet)."""
        return self.condition.first(answers) if all_hold(self.also, answers) else None

    def reached(self, answers: Answers) -> tuple[str, ...]:
        """The items that take part in its firing; none when it does not fire."""
        if self.first(answers) is None:
            return ()
        return tuple(key for condition in (self.condition, *self.also) for key in condition.reached(answers))


def all_hold(conditions: tuple[Condition, ...], answers: Answers) -> bool:
    return all(condition.holds(answers) for condition in conditions)
