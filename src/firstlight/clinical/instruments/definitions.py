"""What an instrument is. All of it comes from its data file; nothing here knows any one questionnaire."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from firstlight.clinical.evidence import Tag, Words

Answers = Mapping[str, int | None]


class Kind(StrEnum):
    QUESTIONNAIRE = "questionnaire"
    OBSERVATION = "observation"


class Tier(StrEnum):
    """A: text may be shipped. B: scoring only, the clinic imports its licensed text. Ours: our own words."""

    A = "A"
    B = "B"
    OURS = "ours"


class Scoring(StrEnum):
    """Sum of the items, an outcome in words, or nothing at all."""

    SUM = "sum"
    OUTCOME = "outcome"
    NONE = "none"


class Better(StrEnum):
    LOWER = "lower"
    HIGHER = "higher"


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
    """One possible answer: its value as keyed, its words, its LOINC answer code or nothing."""

    value: int
    label: Words
    code: str


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds when one of these items has at least this value."""

    any_of: tuple[str, ...]
    at_least: int

    def first(self, answers: Answers) -> str | None:
        """The first item that makes it hold; None when it does not (yet)."""
        reached = (key for key in self.any_of if (value := answers.get(key)) is not None and value >= self.at_least)
        return next(reached, None)


@dataclass(frozen=True, slots=True)
class Feeds:
    """Eligibility facts: set to false by "no", to true by "yes", to be asked by a person otherwise."""

    clears: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `asked_of`: whom it concerns. `about_child`: about a baby, a birth or a pregnancy; silent after a loss."""

    key: str
    number: int
    text: Words
    options: tuple[Option, ...]
    code: str
    better: Better
    shown: Shown
    about_child: bool
    asked_of: Audience
    asked_when: Condition | None
    feeds: Feeds

    @property
    def values(self) -> tuple[int, ...]:
        return tuple(option.value for option in self.options)


@dataclass(frozen=True, slots=True)
class Band:
    """A range of totals, both ends included, and its name."""

    least: int
    most: int
    label: Words


@dataclass(frozen=True, slots=True)
class Outcome:
    """A result in words; the last one of an instrument has no condition."""

    label: Words
    condition: Condition | None


@dataclass(frozen=True, slots=True)
class SafetyRule:
    """What must happen at once, whatever the total. `level` is a step of the clinic's escalation ladder."""

    rule: str
    condition: Condition
    action: str
    level: str
    sources: tuple[str, ...]
    tag: Tag
    note: str


@dataclass(frozen=True, slots=True)
class Cut:
    """A number that decides something, with where it comes from."""

    points: int
    sources: tuple[str, ...]
    tag: Tag
    note: str


@dataclass(frozen=True, slots=True)
class Instrument:
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
    recall_days: int | None
    stem: Words | None
    items: tuple[Item, ...]
    scoring: Scoring
    codes: Mapping[str, str]
    bands: tuple[Band, ...]
    bands_sources: tuple[str, ...]
    bands_tag: Tag | None
    outcomes: tuple[Outcome, ...]
    safety: tuple[SafetyRule, ...]
    reliable_change: Cut | None
    response_percent: Cut | None
    remission_below: Cut | None

    @property
    def max(self) -> int | None:
        """The highest possible total; None when there is no total."""
        return sum(max(item.values) for item in self.items) if self.scoring is Scoring.SUM else None

    def item(self, key: str) -> Item:
        """The item of this key; KeyError when there is none."""
        for item in self.items:
            if item.key == key:
                return item
        raise KeyError(f"{self.name} has no item {key}")

    def band(self, total: int) -> Band | None:
        return next((band for band in self.bands if band.least <= total <= band.most), None)

    def may_be_asked_after(self, days: float) -> bool:
        """Whether this long after the last time its recall period no longer overlaps."""
        return self.recall_days is None or days >= self.recall_days
