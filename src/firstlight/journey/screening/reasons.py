"""Why questions that were due were not asked: the list to choose from, read from data/not_asked.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from firstlight.clinical.evidence import Record, Tag, Words, data_file, text

MOST_LETTERS_OF_A_KEY = 20


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason. `needs_words`: says nothing without them."""

    key: str
    label: Words
    needs_words: bool


@dataclass(frozen=True, slots=True)
class Reasons:
    """The reasons by key, and how much may be written beside them."""

    by_key: Mapping[str, Reason]
    most_letters: int
    tag: Tag


@cache
def reasons() -> Reasons:
    """Return the list. Raises DataError when the file is wrong."""
    page = Record(data_file("firstlight.journey.screening", "data/not_asked.yaml"), where="not_asked.yaml")
    page.integer("version")
    found = [_reason(record) for record in page.records("reasons")]
    by_key = {one.key: one for one in found}
    if len(by_key) < len(found):
        raise page.error("two reasons have one key")
    made = Reasons(by_key, page.integer("most_letters"), page.choice("tag", Tag))
    page.done()
    return made


def reason_words(key: str) -> str:
    """Return a reason in words. One that a later list does not have any more keeps its key."""
    reason = reasons().by_key.get(key)
    return text(reason.label) if reason else key


def _reason(record: Record) -> Reason:
    reason = Reason(record.string("key"), record.words("label"), record.flag("needs_words"))
    record.done()
    if len(reason.key) > MOST_LETTERS_OF_A_KEY:
        raise record.error(f"a key has at most {MOST_LETTERS_OF_A_KEY} letters")
    return reason
