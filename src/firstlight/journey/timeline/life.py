"""What may be noted as an event in a parent's life, read from data/life_events.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from firstlight.clinical.evidence import Record, Tag, Words, data_file, text


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of event. `about_child`: silent after a loss; `needs_words`: says nothing without them."""

    key: str
    label: Words
    about_child: bool
    needs_words: bool


@dataclass(frozen=True, slots=True)
class Life:
    """The kinds by key, how much may be written, and how far back a day may lie."""

    kinds: Mapping[str, Kind]
    most_letters: int
    oldest_years: int
    tag: Tag

    def offered(self, *, silent: bool) -> list[Kind]:
        """Return the kinds to choose from; after a loss none that is about a child."""
        return [kind for kind in self.kinds.values() if not (silent and kind.about_child)]


@cache
def life() -> Life:
    """Return the list. Raises DataError when the file is wrong."""
    page = Record(data_file("firstlight.journey.timeline", "data/life_events.yaml"), where="life_events.yaml")
    page.integer("version")
    found = [_kind(record) for record in page.records("kinds")]
    kinds = {kind.key: kind for kind in found}
    if len(kinds) < len(found):
        raise page.error("two kinds have one key")
    made = Life(kinds, page.integer("most_letters"), page.integer("oldest_years"), page.choice("tag", Tag))
    page.done()
    return made


def label_of(key: str) -> str:
    """Return what a kind is called. One that a later list does not have any more keeps its key."""
    kind = life().kinds.get(key)
    return text(kind.label) if kind else key


def _kind(record: Record) -> Kind:
    kind = Kind(
        key=record.string("key"),
        label=record.words("label"),
        about_child=record.flag("about_child"),
        needs_words=record.flag("needs_words"),
    )
    record.done()
    return kind
