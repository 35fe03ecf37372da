"""The escalation ladder: levels of concern with their clocks, as data with sources."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from django.utils.translation import get_language

from firstlight.clinical.evidence import Record, Words, data_file, require_sources, text
from firstlight.ground.people.permissions import Role
from firstlight.ground.worklist.models import Urgency

PACKAGE = "firstlight.ground.safety"


class Clock(StrEnum):
    """From when a level's minutes count."""

    AT_ONCE = "at-once"
    COVERED = "covered"


class Pages(StrEnum):
    """Whether a level pages the first on the roster: when it is raised, as soon as somebody answers, or never."""

    AT_ONCE = "at-once"
    COVERED = "covered"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class ContactAgain:
    """The call that follows a concern which somebody has finished: from when and until when, in hours after that."""

    not_before_hours: int
    due_hours: int
    does_words: Words


@dataclass(frozen=True, slots=True)
class Level:
    """One rung. Times are minutes; `page_minutes` counts from the moment the concern was raised.

    `never_joins`: the same again is new each time. `cleared_by`: the roles that may finish its task. `asks_again`: the next visit
    does, after it was finished.
    """

    key: str
    title_words: Words
    does_words: Words
    role: Role
    cleared_by: tuple[Role, ...]
    urgency: Urgency
    clock: Clock
    pages: Pages
    acknowledge_minutes: int
    page_minutes: tuple[int, ...]
    never_joins: bool
    asks_again: bool
    contact_again: ContactAgain | None
    sources: tuple[str, ...]

    @property
    def title(self) -> str:
        return text(self.title_words, get_language() or "en")

    @property
    def does(self) -> str:
        return text(self.does_words, get_language() or "en")


def fact_source(fact: str) -> str:
    """Return the source of a concern that a clinical fact raises."""
    return f"fact:{fact}"


@dataclass(frozen=True, slots=True)
class Side:
    """One of two that mean more together: sources of concerns, and clinical facts that the clinic holds."""

    raised_by: tuple[str, ...]
    found: tuple[str, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources of the concerns by which it stands or comes to stand: a fact that is entered raises one of its own."""
        return (*self.raised_by, *(fact_source(name) for name in self.found))


@dataclass(frozen=True, slots=True)
class Together:
    """Two that stand together for a level of their own, with what is said of it."""

    level: str
    says_words: Words
    sides: tuple[Side, Side]
    sources: tuple[str, ...]

    def beside(self, source: str) -> Side | None:
        """Return the side that is looked for beside a concern of this source; None when it takes no part."""
        one, other = self.sides
        if source in one.raised_by:
            return other
        return one if source in other.raised_by else None


@dataclass(frozen=True, slots=True)
class Instead:
    """What is done about concerns of some sources, as long as they stand on one level, in place of what that level says."""

    level: str
    raised_by: tuple[str, ...]
    does_words: Words


@dataclass(frozen=True, slots=True)
class Ladder:
    """All rungs from the lowest up.

    Within how many minutes somebody reads what a parent writes, looks at the chair, and takes what is to be asked aloud.
    """

    levels: Mapping[str, Level]
    instead: tuple[Instead, ...]
    reads_within_minutes: int
    chair_minutes: int
    ask_aloud_minutes: int
    together: tuple[Together, ...]

    def stronger(self, level: str, than: str) -> bool:
        """Tell whether a level stands higher than another."""
        order = list(self.levels)
        return order.index(level) > order.index(than)

    def does_about(self, level: str, source: str) -> Words:
        """Return what is done about a concern of this source that stands on this level."""
        own = [one.does_words for one in self.instead if one.level == level and source in one.raised_by]
        return own[0] if own else self.levels[level].does_words


@cache
def ladder() -> Ladder:
    """Read the ladder. Raises DataError when the file is wrong."""
    page = Record(data_file(PACKAGE, "data/ladder.yaml"), where="ladder.yaml")
    reads, chair = page.integer("reads_within_minutes"), page.integer("chair_minutes")
    aloud = page.integer("ask_aloud_minutes")
    entries = page.mapping("levels")
    pairs = tuple(_together(record) for record in page.records("together"))
    instead = tuple(_instead(record) for record in page.records("instead"))
    page.done()
    levels = {key: _level(key, Record(entry, where=f"ladder.yaml, {key}")) for key, entry in entries.items()}
    if unknown := {one.level for one in instead} - set(levels):
        raise page.error(f"instead names {', '.join(sorted(unknown))}, which is no level")
    return Ladder(levels, instead, reads, chair, aloud, pairs)


def _level(key: str, record: Record) -> Level:
    level = Level(
        key=key,
        title_words=record.words("title"),
        does_words=record.words("does"),
        role=record.choice("role", Role),
        cleared_by=tuple(Role(role) for role in record.strings("cleared_by")),
        urgency=record.choice("urgency", Urgency),
        clock=record.choice("clock", Clock),
        pages=record.choice("pages", Pages),
        acknowledge_minutes=record.integer("acknowledge_minutes"),
        page_minutes=tuple(int(minutes) for minutes in record.mapping("pages_again_after_minutes").values()),
        never_joins=record.flag("never_joins"),
        asks_again=record.flag("asks_again"),
        contact_again=_contact_again(record.optional_record("contact_again")),
        sources=record.strings("sources"),
    )
    record.done()
    require_sources(level.sources, record=record)
    return level


def _contact_again(record: Record | None) -> ContactAgain | None:
    if record is None:
        return None
    contact = ContactAgain(record.integer("not_before_hours"), record.integer("due_hours"), record.words("does"))
    record.done()
    if not 0 <= contact.not_before_hours < contact.due_hours:
        raise record.error("due_hours must come after not_before_hours")
    return contact


def _instead(record: Record) -> Instead:
    found = Instead(record.string("level"), record.strings("raised_by"), record.words("does"))
    record.done()
    return found


def _together(record: Record) -> Together:
    pair = Together(
        level=record.string("level"),
        says_words=record.words("says"),
        sides=(_side(record.record("one")), _side(record.record("other"))),
        sources=record.strings("sources"),
    )
    record.done()
    require_sources(pair.sources, record=record)
    return pair


def _side(record: Record) -> Side:
    side = Side(record.strings("raised_by"), record.strings("found", default=()))
    record.done()
    return side
