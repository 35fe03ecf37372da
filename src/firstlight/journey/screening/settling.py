"""The numbers of the daily check-in, read from data/check-in.yaml, and which item it asks until the parent chooses."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from firstlight.clinical.evidence import Record, Tag, data_file
from firstlight.clinical.instruments import Item, Shown, instrument

CHECK_IN = "check-in"


@dataclass(frozen=True, slots=True)
class DefaultItem:
    """One line of defaults: which item, and how old the youngest child may be for it (None: whoever it is)."""

    item: str
    youngest_child: timedelta | None


@dataclass(frozen=True, slots=True)
class Settled:
    """What is settled about the daily check-in."""

    default_items: tuple[DefaultItem, ...]
    arrives_within: timedelta
    clock_named_from: timedelta
    boxes_a_set: int


@cache
def settled() -> Settled:
    """Return what the data file says. Raises DataError when it is wrong."""
    page = Record(data_file("firstlight.journey.screening", "data/check-in.yaml"), where="check-in.yaml")
    page.integer("version")
    page.choice("tag", Tag)
    made = Settled(
        default_items=tuple(_default(record) for record in page.records("default_item")),
        arrives_within=timedelta(days=page.integer("arrives_within_days")),
        clock_named_from=timedelta(minutes=page.integer("clock_named_from_minutes")),
        boxes_a_set=page.integer("boxes_a_set"),
    )
    page.done()
    if not made.default_items or made.default_items[-1].youngest_child is not None:
        raise page.error("the last default must fit everybody")
    return made


def _default(record: Record) -> DefaultItem:
    days = record.optional_integer("youngest_child_days")
    made = DefaultItem(record.string("item"), None if days is None else timedelta(days=days))
    record.string("because")
    record.done()
    if made.item not in {item.key for item in items_to_choose(silent_about_baby=True)}:
        raise record.error(f"{made.item} cannot be chosen, or is about a child")
    return made


def items_to_choose(*, silent_about_baby: bool) -> tuple[Item, ...]:
    """Return the items of which a parent chooses one. After a loss none is about the child."""
    items = instrument(CHECK_IN).items
    return tuple(one for one in items if one.shown is Shown.CHOICE and not (silent_about_baby and one.about_child))


def is_to_choose(instrument_name: str, item_key: str) -> bool:
    """Tell whether an item is one of those of which a parent chooses one."""
    return instrument_name == CHECK_IN and item_key in {one.key for one in items_to_choose(silent_about_baby=False)}


def default_item(*, births: Collection[date], today: date, silent_about_baby: bool) -> str:
    """Return the item that is asked until the parent chooses. `births`: of the family's children."""
    age = today - max(births) if births and not silent_about_baby else None
    lines = settled().default_items
    return next(
        line.item for line in lines if line.youngest_child is None or (age is not None and age <= line.youngest_child)
    )
