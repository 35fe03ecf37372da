"""Instruments from their data files: one YAML file each, checked whole."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from firstlight.clinical.evidence import Record, Tag, Words, data_files, require_sources
from firstlight.clinical.instruments.definitions import (
    Audience,
    Band,
    Better,
    Condition,
    Cut,
    Feeds,
    Instrument,
    Item,
    Kind,
    Option,
    Outcome,
    SafetyRule,
    Scoring,
    Shown,
    Tier,
)
from firstlight.clinical.instruments.proofreading import proofread

PACKAGE = "firstlight.clinical.instruments"


@cache
def instruments() -> Mapping[str, Instrument]:
    """Every instrument by its name. Raises DataError when a file is wrong."""
    found = (read_instrument(document, where=where) for where, document in data_files(PACKAGE, "data"))
    return MappingProxyType({instrument.name: instrument for instrument in found})


def instrument(name: str) -> Instrument:
    """The instrument of this name, for example "phq-9". KeyError, naming the known ones, when there is none."""
    try:
        return instruments()[name]
    except KeyError:
        known = ", ".join(instruments())
        raise KeyError(f"there is no instrument {name!r}; there are {known}") from None


def read_instrument(document: Any, *, where: str) -> Instrument:
    record = Record(document, where=where)
    options = _options(record)
    bands_source = record.optional_record("bands_source")
    result = Instrument(
        name=record.string("name"),
        title=record.words("title"),
        kind=record.choice("kind", Kind),
        tier=record.choice("tier", Tier),
        validated=record.flag("validated"),
        languages=record.strings("languages"),
        licence=record.string("licence"),
        citation=record.string("citation"),
        sources=_sources(record),
        wording_checked=record.strings("wording_checked", default=()),
        recall_days=record.optional_integer("recall_days"),
        stem=record.optional_words("stem"),
        items=tuple(_item(entry, number, options) for number, entry in enumerate(record.records("items"), 1)),
        scoring=record.choice("scoring", Scoring),
        codes=MappingProxyType(record.mapping("codes")),
        bands=tuple(_band(entry) for entry in record.records("bands")),
        bands_sources=_sources(bands_source) if bands_source else (),
        bands_tag=bands_source.choice("tag", Tag) if bands_source else None,
        outcomes=tuple(_outcome(entry) for entry in record.records("outcomes")),
        safety=tuple(_safety(entry) for entry in record.records("safety")),
        reliable_change=_cut(record, "reliable_change"),
        response_percent=_cut(record, "response_percent"),
        remission_below=_cut(record, "remission_below"),
    )
    record.done()
    proofread(result, record)
    return result


def _item(record: Record, number: int, options: tuple[Option, ...]) -> Item:
    feeds = record.optional_record("feeds")
    asked_when = record.optional_record("asked_when")
    item = Item(
        key=record.string("key"),
        number=number,
        text=record.words("text"),
        options=_options(record) or _scale(record) or options,
        code=record.string("code", ""),
        better=Better(record.string("better", Better.LOWER)),
        shown=Shown(record.string("shown", Shown.FULL)),
        about_child=record.flag("about_child"),
        asked_of=record.choice("asked_of", Audience, default=Audience.EVERYONE),
        asked_when=_condition(asked_when) if asked_when else None,
        feeds=_feeds(feeds) if feeds else Feeds(),
    )
    record.done()
    return item


def _options(record: Record) -> tuple[Option, ...]:
    return tuple(_option(entry) for entry in record.records("options"))


def _option(record: Record) -> Option:
    option = Option(value=record.integer("value"), label=record.words("label"), code=record.string("code", ""))
    record.done()
    return option


def _scale(record: Record) -> tuple[Option, ...]:
    """Whole numbers from low to high; only the ends have words."""
    scale = record.optional_record("scale")
    if scale is None:
        return ()
    low, high = scale.integer("from"), scale.integer("to")
    ends = {low: scale.words("low"), high: scale.words("high")}
    scale.done()
    return tuple(Option(value, _numbered(value, ends.get(value)), "") for value in range(low, high + 1))


def _numbered(value: int, words: Words | None) -> Words:
    return {language: f"{value}, {label}" for language, label in words.items()} if words else {"en": str(value)}


def _condition(record: Record) -> Condition:
    condition = Condition(any_of=record.strings("any_of"), at_least=record.integer("at_least"))
    record.done()
    return condition


def _feeds(record: Record) -> Feeds:
    feeds = Feeds(*(record.strings(name, default=()) for name in ("clears", "sets", "ask")))
    record.done()
    return feeds


def _band(record: Record) -> Band:
    band = Band(least=record.integer("from"), most=record.integer("to"), label=record.words("label"))
    record.done()
    return band


def _outcome(record: Record) -> Outcome:
    label = record.words("label")
    any_of = record.strings("any_of", default=())
    condition = Condition(any_of, record.integer("at_least")) if any_of else None
    record.done()
    return Outcome(label, condition)


def _safety(record: Record) -> SafetyRule:
    rule = SafetyRule(
        rule=record.string("rule"),
        condition=Condition(record.strings("any_of"), record.integer("at_least")),
        action=record.string("action"),
        level=record.string("level"),
        sources=_sources(record),
        tag=record.choice("tag", Tag),
        note=record.string("note", ""),
    )
    record.done()
    return rule


def _cut(parent: Record, name: str) -> Cut | None:
    record = parent.optional_record(name)
    if record is None:
        return None
    cut = Cut(
        points=record.integer("points"),
        sources=_sources(record),
        tag=record.choice("tag", Tag),
        note=record.string("note", ""),
    )
    record.done()
    return cut


def _sources(record: Record) -> tuple[str, ...]:
    keys = record.strings("sources", default=())
    require_sources(keys, record=record)
    return keys
