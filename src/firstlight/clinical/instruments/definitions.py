"""What an instrument is. All of it comes from its data file; nothing here knows any one questionnaire."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from firstlight.clinical.evidence import Tag, Words
from firstlight.clinical.instruments.rules import (
    Band,
    Basis,
    Condition,
    Cut,
    Finding,
    ImportantDifference,
    InMothers,
    Outcome,
    ReliableChange,
    SafetyRule,
    Subscale,
    Total,
)

NOT_APPLICABLE = -1
"""The answer "does not apply to me", to an item that the manual can do without. A missing answer is None, never this."""
DOES_NOT_APPLY = "-"
"""The same answer as people type it, on a paper form's grid and in a file; left empty, an answer is missing."""
MOST_CHOSEN = 20  # of more possible answers nobody chooses one: a number is written down


class Kind(StrEnum):
    QUESTIONNAIRE = "questionnaire"
    OBSERVATION = "observation"


class Tier(StrEnum):
    """A: text may be shipped. B: scoring only, the clinic imports its licensed text. Ours: our own words.

    C: like B, and even an electronic form without text would need the owner's licence.
    """

    A = "A"
    B = "B"
    C = "C"
    OURS = "ours"


class Scoring(StrEnum):
    """A total of the items, an outcome in words, or nothing at all."""

    SUM = "sum"
    OUTCOME = "outcome"
    NONE = "none"


class Better(StrEnum):
    """Which way is better. NEITHER: it measures an experience, and more of it is stronger, not better or worse."""

    LOWER = "lower"
    HIGHER = "higher"
    NEITHER = "neither"


class Shown(StrEnum):
    """Whether an item belongs to the short check-in."""

    ALWAYS = "always"
    CHOICE = "choice"
    FULL = "full"


class Audience(StrEnum):
    """Whom an item concerns. A question about a body that somebody does not have is never asked."""

    EVERYONE = "everyone"
    CAN_BE_PREGNANT = "can_be_pregnant"
    GAVE_BIRTH = "gave_birth"
    CAN_GIVE_MILK = "can_give_milk"


@dataclass(frozen=True, slots=True)
class Option:
    """One possible answer: its value as keyed, its words, its LOINC answer code or nothing.

    `ours`: the publisher's form does not have it, we added it, in our own words.
    """

    value: int
    label: Words
    code: str
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Feeds:
    """Eligibility facts: set to false by "no", to true by "yes", to be asked by a person otherwise."""

    clears: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()


@dataclass(frozen=True)
class Item:
    """One question. `asked_of`: whom it concerns. `about_child`: about a baby, a birth or a pregnancy; silent after a loss.

    `options` stand in printed order. `worded`: the file has its text; without one `text` is only its number, for staff.
    `stem`: words that stand above this one alone. `optional`: it may not apply to somebody, who then says so, and the
    manual says how to score without it.
    """

    key: str
    number: int
    text: Words
    worded: bool
    stem: Words | None
    options: tuple[Option, ...]
    code: str
    better: Better
    shown: Shown
    about_child: bool
    optional: bool
    asked_of: Audience
    asked_when: Condition | None
    feeds: Feeds

    @cached_property
    def values(self) -> tuple[int, ...]:
        """The possible values in printed order."""
        return tuple(option.value for option in self.options)

    @cached_property
    def highest(self) -> int:
        return max(self.values)

    @cached_property
    def answers(self) -> tuple[int, ...]:
        """Everything that can be said to it: its values, and that it does not apply where that may be."""
        return (*self.values, NOT_APPLICABLE) if self.optional else self.values

    @property
    def is_number(self) -> bool:
        """Whether its answer is written down as a number rather than chosen: every whole number in a long range."""
        return len(self.values) > MOST_CHOSEN

    @property
    def possible(self) -> str:
        """What can be typed as its score, for who typed something else."""
        values = f"{min(self.values)} to {self.highest}" if self.is_number else ", ".join(map(str, sorted(self.values)))
        return f"{values}, or {DOES_NOT_APPLY} where it does not apply" if self.optional else values


@dataclass(frozen=True)
class Instrument:
    """A questionnaire or an observation table. What nobody published, or nobody could check, is None.

    `unscored`: questions that the form asks after its items and that count nowhere. `says_mother`: the words that ship
    speak to a mother, so nobody else is asked in them. `in_mothers`: bands or outcomes were found in mothers alone.
    `rated_by_number`: the printed form has a row of numbers to mark, and words at some of them at most.
    """

    name: str
    title: Words
    kind: Kind
    tier: Tier
    validated: bool
    languages: tuple[str, ...]
    licence: str
    citation: str
    sources: tuple[str, ...]
    wording_checked: tuple[str, ...]
    says_mother: bool
    rated_by_number: bool
    recall_days: int | None
    better: Better
    stem: Words | None
    items: tuple[Item, ...]
    unscored: tuple[Item, ...]
    scoring: Scoring
    scoring_basis: Basis | None
    total: Total | None
    subscales: tuple[Subscale, ...]
    findings: tuple[Finding, ...]
    codes: Mapping[str, str]
    bands: tuple[Band, ...]
    bands_sources: tuple[str, ...]
    bands_tag: Tag | None
    bands_note: str
    outcomes: tuple[Outcome, ...]
    in_mothers: InMothers | None
    safety: tuple[SafetyRule, ...]
    reliable_change: ReliableChange | None
    important_difference: ImportantDifference | None
    response_percent: Cut | None
    remission: Cut | None

    @cached_property
    def keys(self) -> tuple[str, ...]:
        return tuple(item.key for item in self.items)

    @cached_property
    def conditional(self) -> tuple[Item, ...]:
        """The items that are not asked of everybody."""
        return tuple(item for item in self.items if item.asked_when)

    @cached_property
    def optional(self) -> tuple[Item, ...]:
        """The items that may not apply to somebody."""
        return tuple(item for item in self.items if item.optional)

    @cached_property
    def by_key(self) -> Mapping[str, Item]:
        """Every question of the form, also those that count nowhere."""
        return {item.key: item for item in (*self.items, *self.unscored)}

    @cached_property
    def watched(self) -> frozenset[str]:
        """The items whose answers can set off a safety rule."""
        conditions = (condition for rule in self.safety for condition in (rule.condition, *rule.also))
        return frozenset(key for condition in conditions for key in condition.any_of)

    @cached_property
    def worded(self) -> bool:
        """Whether it can be put to anybody: every item has its text."""
        return all(item.worded for item in self.items)

    @property
    def licensed(self) -> bool:
        """Whether its text belongs to others: a clinic brings its own, and says who allowed it."""
        return self.tier in {Tier.B, Tier.C}

    @cached_property
    def lengths(self) -> tuple[int, ...]:
        """How many values a list of answers may have: all, or all but the last ones that are asked only sometimes."""
        least = len(self.items)
        while least > 1 and self.items[least - 1].asked_when:
            least -= 1
        return tuple(sorted({least, len(self.items)}))

    @property
    def max(self) -> int | None:
        """The highest possible total; None when there is no total."""
        return self.total.most if self.total else None

    @property
    def min(self) -> int | None:
        """The lowest possible total; None when there is no total."""
        return self.total.least if self.total else None

    @property
    def worse_from(self) -> float | None:
        """How many points the wrong way count as worse: a reliable change, else an important one; None: none published."""
        if self.reliable_change is not None:
            return self.reliable_change.points
        return self.important_difference.worse if self.important_difference else None

    @property
    def words_tag(self) -> Tag | None:
        """How far the words of a result, band or outcome, were checked; None where it has neither."""
        if self.bands:
            return self.bands_tag
        return self.scoring_basis.tag if self.outcomes and self.scoring_basis else None

    def item(self, key: str) -> Item:
        """The item of this key; KeyError when there is none."""
        if key not in self.by_key:
            raise KeyError(f"{self.name} has no item {key}")
        return self.by_key[key]

    def band(self, total: float) -> Band | None:
        return next((band for band in self.bands if band.least <= total <= band.most), None)

    def may_be_asked_after(self, days: float) -> bool:
        """Whether this long after the last time its recall period no longer overlaps."""
        return self.recall_days is None or days >= self.recall_days
