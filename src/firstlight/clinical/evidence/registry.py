"""Sources and claims: where every number comes from, and what we say to parents with how much certainty."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any

from firstlight.clinical.evidence.loading import Record, data_files
from firstlight.clinical.evidence.wording import Words

PACKAGE = "firstlight.clinical.evidence"


class Tag(StrEnum):
    """How far a fact has been checked."""

    TWO_SOURCES = "V2"
    ONE_SOURCE = "V"
    PARTLY = "P"
    UNCHECKED = "M"
    OURS = "ours"

    @property
    def meaning(self) -> Words:
        return _TAG_MEANINGS[self]


_TAG_MEANINGS: Mapping[Tag, Words] = {
    Tag.TWO_SOURCES: {"en": "Found in two or more sources"},
    Tag.ONE_SOURCE: {"en": "Found in one source"},
    Tag.PARTLY: {"en": "Source read in part"},
    Tag.UNCHECKED: {"en": "Clinic default, no source checked"},
    Tag.OURS: {"en": "Ours: Firstlight's own default"},
}


class Strength(StrEnum):
    """How well a claim is supported, as its chip says."""

    STRONG = "strong"
    LIMITED = "limited"
    NONE = "none"
    CONFLICTING = "conflicting"


@dataclass(frozen=True, slots=True)
class Source:
    """One publication. `reviewed_date` is the day a named person read it for Firstlight; None: nobody has yet."""

    key: str
    title: str
    tag: Tag
    entered_date: date
    reviewed_date: date | None
    url: str
    doi: str
    note: str

    @property
    def address(self) -> str:
        """Where to read it: the DOI's address, else the page, else nothing."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence or two for a parent. `reviewed_date`: when our words were last held against our notes."""

    key: str
    topic: str
    heading: Words
    text: Words
    strength: Strength
    sources: tuple[str, ...]
    reviewed_date: date
    about_child: bool


@cache
def sources() -> Mapping[str, Source]:
    """Every source by its key. Raises DataError when a file is wrong."""
    return read_sources(data_files(PACKAGE, "sources"))


@cache
def claims() -> Mapping[str, Claim]:
    """Every claim by its key, in the order of the pages. Raises DataError, also for a source that is not listed."""
    return read_claims(data_files(PACKAGE, "claims"), known=sources())


def read_sources(documents: Iterable[tuple[str, Any]]) -> Mapping[str, Source]:
    found: dict[str, Source] = {}
    for where, document in documents:
        page = Record(document, where=where)
        entered = page.day("entered_date")
        for key, entry in page.mapping("sources").items():
            record = Record(entry, where=f"{where}, {key}")
            if key in found:
                raise record.error("this key is already used")
            found[key] = _source(key, record, entered)
        page.done()
    return MappingProxyType(found)


def read_claims(documents: Iterable[tuple[str, Any]], *, known: Mapping[str, Source]) -> Mapping[str, Claim]:
    found: dict[str, Claim] = {}
    for where, document in documents:
        page = Record(document, where=where)
        topic, reviewed = page.string("topic"), page.day("reviewed_date")
        for record in page.records("claims"):
            claim = _claim(record, topic, reviewed)
            if claim.key in found:
                raise record.error(f"{claim.key} is already used")
            require_sources(claim.sources, known=known, record=record)
            found[claim.key] = claim
        page.done()
    return MappingProxyType(found)


def require_sources(keys: Iterable[str], *, record: Record, known: Mapping[str, Source] | None = None) -> None:
    """Refuse a source that is not in the registry."""
    for key in keys:
        if key not in (sources() if known is None else known):
            raise record.error(f"source {key} is not in the registry")


def _source(key: str, record: Record, entered: date) -> Source:
    source = Source(
        key=key,
        title=record.string("title"),
        tag=record.choice("tag", Tag),
        entered_date=entered,
        reviewed_date=record.optional_day("reviewed_date"),
        url=record.string("url", ""),
        doi=record.string("doi", ""),
        note=record.string("note", ""),
    )
    record.done()
    return source


def _claim(record: Record, topic: str, reviewed: date) -> Claim:
    claim = Claim(
        key=record.string("key"),
        topic=topic,
        heading=record.words("heading"),
        text=record.words("text"),
        strength=record.choice("strength", Strength),
        sources=record.strings("sources", default=()),
        reviewed_date=reviewed,
        about_child=record.flag("about_child"),
    )
    record.done()
    if not claim.sources and claim.strength is not Strength.NONE:
        raise record.error("a claim with evidence needs its sources")
    return claim
