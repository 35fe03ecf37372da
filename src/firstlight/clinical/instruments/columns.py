"""What stands above the columns of a file: whether it is a header, and which item each of its names means."""

from collections.abc import Sequence

from firstlight.clinical.instruments.definitions import DOES_NOT_APPLY, Instrument, Item
from firstlight.clinical.instruments.naming import short_name
from firstlight.clinical.instruments.scoring import ScoringError

MISSING = frozenset({"na", "n/a", "#n/a", "none", "null", "nil", "missing"})  # "nan" is read as a number


class HeaderError(ValueError):
    """A header that names items of a questionnaire, but not so that every answer has its place. Says which names."""


def is_header(row: Sequence[str]) -> bool:
    """Tell whether a row names what stands below it: in words, none of them a number or a word that stands for none."""
    cells = [cell.strip() for cell in row if cell.strip()]
    words = any(letter.isalpha() for cell in cells for letter in cell)
    return words and not any(cell == DOES_NOT_APPLY or _is_figure(cell) or cell.lower() in MISSING for cell in cells)


def order_of(definition: Instrument, header: Sequence[str]) -> tuple[int, ...] | None:
    """Where in a row each item of the questionnaire stands, in the order of its items; None when the header names none.

    An item is named by its key or its number: "q9", "item 9", "question 9", "PHQ-9 9", "phq9_q9". Raises HeaderError when
    only some names are items, when one stands there twice, and when one is missing that the form always asks.
    """
    meanings = _meanings(definition)
    found = [meanings.get(_plain(name)) for name in header]
    if not any(found):
        return None
    problems = {
        "is no item of it": [
            name.strip() or "a column without a name" for name, key in zip(header, found, strict=True) if not key
        ],
        "stands there twice": [key for key in definition.keys if found.count(key) > 1],
        "is missing": _missing(definition, found),
    }
    told = [f"{', '.join(names)} {problem}" for problem, names in problems.items() if names]
    if told:
        raise HeaderError(
            f"{definition.name}: the header names its items, but {'; '.join(told)}. Name each item once, and nothing else, or "
            "leave the header out: then answers are read in the order of the form."
        )
    return tuple(found.index(key) for key in definition.keys[: len(found)])


def in_order(definition: Instrument, row: Sequence[str], order: Sequence[int]) -> Sequence[str]:
    """The fields of a row in the order of the items. Raises ScoringError when the header has more or fewer names."""
    if len(row) != len(order):
        raise ScoringError(
            instrument=definition.name,
            position=0,
            value=len(row),
            what=f"{len(row)} answers were given",
            expected=f"the header names {len(order)} items",
        )
    return [row[place] for place in order]


def _missing(definition: Instrument, found: Sequence[str | None]) -> list[str]:
    """The items without a column. Those at the end that are asked only sometimes may be left out, all together."""
    missing = [key for key in definition.keys if key not in found]
    return (
        [] if len(definition.keys) - len(missing) in definition.lengths and _are_last(definition, missing) else missing
    )


def _are_last(definition: Instrument, missing: Sequence[str]) -> bool:
    return list(definition.keys[len(definition.keys) - len(missing) :]) == list(missing)


def _meanings(definition: Instrument) -> dict[str, str]:
    """The key of each item by every name that can mean no other one."""
    found: dict[str, set[str]] = {}
    for item in definition.items:
        for name in _names(definition, item):
            found.setdefault(_plain(name), set()).add(item.key)
    by_number = {name: next(iter(keys)) for name, keys in found.items() if len(keys) == 1}
    return by_number | {_plain(item.key): item.key for item in definition.items}


def _names(definition: Instrument, item: Item) -> set[str]:
    own = {f"q{item.number}", f"item{item.number}", f"question{item.number}", item.key}
    instrument = (definition.name, short_name(definition))
    return own | {f"{name}{word}" for name in instrument for word in (*own, item.number)}


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _is_figure(cell: str) -> bool:
    """Tell whether a cell is a number, however it is written; "NaN" and "inf" are ones that were never an answer."""
    try:
        float(cell)
    except ValueError:
        return cell.lstrip("+-").replace(".", "", 1).isdigit()
    return True
