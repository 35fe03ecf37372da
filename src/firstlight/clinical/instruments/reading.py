"""Instruments from their data files: one YAML file each, checked whole."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType
from typing import Any

from firstlight.clinical.evidence import DataError, Record, Words, data_files
from firstlight.clinical.instruments.definitions import (
    Audience,
    Better,
    Feeds,
    Instrument,
    Item,
    Kind,
    Option,
    Scoring,
    Shown,
    Tier,
)
from firstlight.clinical.instruments.proofreading import proofread
from firstlight.clinical.instruments.reading_rules import (
    read_band,
    read_basis,
    read_cut,
    read_finding,
    read_important_difference,
    read_in_mothers,
    read_only_condition,
    read_outcome,
    read_reliable_change,
    read_safety,
    read_sources,
    read_subscale,
    read_total,
    total_of,
)
from firstlight.clinical.instruments.rules import Basis, Total

PACKAGE = "firstlight.clinical.instruments"


@cache
def instruments() -> Mapping[str, Instrument]:
    """Every instrument by its name. Raises DataError when a file is wrong."""
    found = (
        _named_as_its_file(read_instrument(document, where=where), where)
        for where, document in data_files(PACKAGE, "data")
    )
    return MappingProxyType({instrument.name: instrument for instrument in found})


def _named_as_its_file(read: Instrument, where: str) -> Instrument:
    if where != f"data/{read.name}.yaml":
        raise DataError(where=where, problem=f"the name {read.name} is another than the file's")
    return read


def instrument(name: str) -> Instrument:
    """The instrument of this name, for example "phq-9". KeyError, naming the known ones, when there is none."""
    try:
        return instruments()[name]
    except KeyError:
        known = ", ".join(instruments())
        raise KeyError(f"there is no instrument {name!r}; there are {known}") from None


def read_instrument(document: Any, *, where: str) -> Instrument:
    record = Record(document, where=where)
    bands_source = _basis(record, "bands_source")
    scoring = record.choice("scoring", Scoring)
    better = record.choice("better", Better, default=Better.LOWER)
    items = _items(record, better)
    by_key = {item.key: item for item in items}
    result = Instrument(
        name=record.string("name"),
        title=record.words("title"),
        kind=record.choice("kind", Kind),
        tier=record.choice("tier", Tier),
        validated=record.flag("validated"),
        languages=record.strings("languages"),
        licence=record.string("licence"),
        citation=record.string("citation"),
        sources=read_sources(record),
        wording_checked=record.strings("wording_checked", default=()),
        says_mother=record.flag("says_mother"),
        rated_by_number=record.flag("rated_by_number"),
        recall_days=record.optional_integer("recall_days"),
        better=better,
        stem=record.optional_words("stem"),
        items=items,
        unscored=_unscored(record, len(items), better),
        scoring=scoring,
        scoring_basis=_basis(record, "scoring_source"),
        total=_total(record, scoring, by_key),
        subscales=tuple(read_subscale(entry, by_key) for entry in record.records("subscales")),
        findings=tuple(read_finding(entry) for entry in record.records("findings")),
        codes=MappingProxyType(record.mapping("codes")),
        bands=tuple(read_band(entry) for entry in record.records("bands")),
        bands_sources=bands_source.sources if bands_source else (),
        bands_tag=bands_source.tag if bands_source else None,
        bands_note=bands_source.note if bands_source else "",
        outcomes=tuple(read_outcome(entry) for entry in record.records("outcomes")),
        in_mothers=read_in_mothers(record),
        safety=tuple(read_safety(entry) for entry in record.records("safety")),
        reliable_change=read_reliable_change(record),
        important_difference=read_important_difference(record),
        response_percent=read_cut(record, "response_percent"),
        remission=read_cut(record, "remission"),
    )
    record.done()
    proofread(result, record)
    return result


def _basis(parent: Record, name: str) -> Basis | None:
    record = parent.optional_record(name)
    if record is None:
        return None
    basis = read_basis(record)
    record.done()
    return basis


def _total(parent: Record, scoring: Scoring, items: Mapping[str, Item]) -> Total | None:
    """The rule under `total`; without one every item counts once."""
    record = parent.optional_record("total")
    if record is None:
        return total_of(parent, items, tuple(items)) if scoring is Scoring.SUM else None
    total = read_total(record, items)
    record.done()
    return total


def _items(record: Record, better: Better) -> tuple[Item, ...]:
    """Items with or without text; `reversed` and `optional` name some of them, `about_child` means them all."""
    options, about_child = _options(record) or _range(record), record.flag("about_child")
    entries = record.records("items") or _numbered(record)
    found = [_item(entry, number, options, better) for number, entry in enumerate(entries, 1)]
    turned, optional = record.strings("reversed", default=()), record.strings("optional", default=())
    unknown = {*turned, *optional} - {item.key for item in found}
    if unknown:
        raise record.error(f"there is no item {', '.join(sorted(unknown))}")
    return tuple(
        replace(
            item,
            options=_reversed(item.options) if item.key in turned else item.options,
            optional=item.key in optional,
            about_child=item.about_child or about_child,
        )
        for item in found
    )


def _unscored(record: Record, items: int, better: Better) -> tuple[Item, ...]:
    """Questions after the items, with options of their own."""
    entries = record.records("unscored")
    return tuple(_item(entry, number, (), better) for number, entry in enumerate(entries, items + 1))


def _numbered(record: Record) -> list[Record]:
    """Items q1, q2 … of an instrument whose text is not ours to ship."""
    count = record.integer("numbered", 0)
    return [Record({"key": f"q{number}"}, where=f"{record.where}, item {number}") for number in range(1, count + 1)]


def _item(record: Record, number: int, options: tuple[Option, ...], better: Better) -> Item:
    feeds = record.optional_record("feeds")
    asked_when = record.optional_record("asked_when")
    words = record.optional_words("text")
    item = Item(
        key=record.string("key"),
        number=number,
        text=words or {"en": f"Item {number}"},
        worded=words is not None,
        stem=record.optional_words("stem"),
        options=_options(record) or _scale(record) or _range(record) or options,
        code=record.string("code", ""),
        better=record.choice("better", Better, default=better),
        shown=record.choice("shown", Shown, default=Shown.FULL),
        about_child=record.flag("about_child"),
        optional=False,
        asked_of=record.choice("asked_of", Audience, default=Audience.EVERYONE),
        asked_when=read_only_condition(asked_when) if asked_when else None,
        feeds=_feeds(feeds) if feeds else Feeds(),
    )
    record.done()
    return item


def _options(record: Record) -> tuple[Option, ...]:
    return tuple(_option(entry) for entry in record.records("options"))


def _option(record: Record) -> Option:
    option = Option(
        value=record.integer("value"),
        label=record.words("label"),
        code=record.string("code", ""),
        ours=record.flag("ours"),
    )
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
    return tuple(Option(value, _numbered_words(value, ends.get(value)), "") for value in range(low, high + 1))


def _range(record: Record) -> tuple[Option, ...]:
    """Values without words in printed order, which may run down."""
    bounds = record.optional_record("range")
    if bounds is None:
        return ()
    first, last = bounds.integer("from"), bounds.integer("to")
    bounds.done()
    step = 1 if first <= last else -1
    return tuple(Option(value, _numbered_words(value, None), "") for value in range(first, last + step, step))


def _reversed(options: tuple[Option, ...]) -> tuple[Option, ...]:
    """The same words in the same printed order, keyed the other way round."""
    values = [option.value for option in reversed(options)]
    words = [option.label for option in options]
    return tuple(Option(value, label, "") for value, label in zip(values, words, strict=True))


def _numbered_words(value: int, words: Words | None) -> Words:
    return {language: f"{value}, {label}" for language, label in words.items()} if words else {"en": str(value)}


def _feeds(record: Record) -> Feeds:
    feeds = Feeds(*(record.strings(name, default=()) for name in ("clears", "sets", "ask")))
    record.done()
    return feeds
