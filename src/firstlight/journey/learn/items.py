"""What costs something, and the refund rule: words from data/prices.yaml, amounts from the clinic."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from firstlight.clinical.evidence import Record, Words
from firstlight.journey.learn.reading import page


@dataclass(frozen=True, slots=True)
class Item:
    """Something that has a price. `count`: how often in a usual course; `minutes`: how long one takes, 0 for no time."""

    key: str
    text: Words
    count: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Refund:
    """What is paid when. `pays` may hold {late}, the clinic's amount for a late cancellation; `unset` if there is none."""

    when: Words
    pays: Words
    unset: Words | None


@dataclass(frozen=True, slots=True)
class RefundRule:
    """All cases, and since when they hold."""

    from_date: date
    lines: tuple[Refund, ...]


@cache
def items() -> Mapping[str, Item]:
    """Every item by its key, in the order of the way."""
    return _file()[0]


def refund_rule() -> RefundRule:
    """Return the refund rule."""
    return _file()[1]


def insurance() -> Words:
    """Return what to say of insurance."""
    return _file()[2]


@cache
def _file() -> tuple[Mapping[str, Item], RefundRule, Words]:
    whole = page("prices")
    found = {item.key: item for item in (_item(record) for record in whole.records("items"))}
    refunds = whole.record("refunds")
    rule = RefundRule(refunds.day("from_date"), tuple(_refund(record) for record in refunds.records("lines")))
    refunds.done()
    words = whole.words("insurance")
    whole.done()
    return found, rule, words


def _item(record: Record) -> Item:
    item = Item(record.string("key"), record.words("text"), record.integer("count"), record.integer("minutes"))
    record.done()
    return item


def _refund(record: Record) -> Refund:
    refund = Refund(record.words("when"), record.words("pays"), record.optional_words("unset"))
    record.done()
    return refund
