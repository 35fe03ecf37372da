"""One engine that scores every instrument, and says at once what needs help."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from firstlight.clinical.evidence import Words
from firstlight.clinical.instruments.definitions import Instrument, Item
from firstlight.clinical.instruments.reading import instrument as named
from firstlight.clinical.instruments.rules import Answers, SafetyRule, Total, all_hold


class ScoringError(ValueError):
    """An answer that cannot be: names the instrument, the item by its position (0: no single one), and what is possible."""

    def __init__(self, *, instrument: str, position: int, value: object, expected: str) -> None:
        self.instrument = instrument
        self.position = position
        self.value = value
        self.expected = expected
        where = f"{instrument}, item {position}" if position else instrument
        super().__init__(f"{where}: {str(value)[:40]!r} is not possible; {expected}.")


@dataclass(frozen=True, slots=True)
class Flag:
    """An answer that must not wait. `item` is the key of the answered item, `number` its position."""

    rule: str
    item: str
    number: int
    action: str
    level: str


@dataclass(frozen=True, slots=True)
class Score:
    """`total` and `band` are None when they cannot be told; flags stand whatever else is missing.

    `max` is the most that could be reached with the items that apply. `subscales` and `findings` are None where an item
    of theirs is missing.
    """

    instrument: str
    total: float | None
    band: str | None
    band_words: Words | None
    complete: bool
    flags: tuple[Flag, ...]
    max: int | None
    subscales: Mapping[str, float | None] = field(default_factory=dict)
    findings: Mapping[str, bool | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Sum:
    """What a rule of adding up gave, and the most that it could have given."""

    value: float | None
    most: int


def score(instrument: Instrument | str, answers: Answers, *, asked: Collection[str] | None = None) -> Score:
    """Score one set of answers by item key; None or an absent key is a missing answer.

    `asked` names the items that were shown, if not all of them were. An item that is asked only under a condition
    counts as missing only when the condition holds. Raises ScoringError for an impossible value or an unknown item.
    """
    definition = named(instrument) if isinstance(instrument, str) else instrument
    _check(definition, answers)
    counted = _counted(definition, answers)
    expected = [key for key in counted if asked is None or key in asked]
    complete = _is_complete(definition, counted, expected)
    ready = complete and bool(expected)
    summed = _sum(definition, definition.total, counted) if definition.total else None
    total = summed.value if summed and ready else None
    words = _result_words(definition, answers, total, summed) if ready else None
    return Score(
        instrument=definition.name,
        total=total,
        band=words["en"] if words else None,
        band_words=words,
        complete=complete,
        flags=flags(definition, answers),
        max=summed.most if summed else None,
        subscales={part.name: _sum(definition, part.total, counted).value for part in definition.subscales},
        findings={one.name: all_hold(one.conditions, answers) if ready else None for one in definition.findings},
    )


def flags(instrument: Instrument, answers: Answers) -> tuple[Flag, ...]:
    """The safety rules that these answers set off, complete or not."""
    found = ((rule, rule.first(answers)) for rule in instrument.safety)
    return tuple(_flag(instrument, rule, key) for rule, key in found if key is not None)


def flags_with(instrument: Instrument, answers: Answers, key: str) -> tuple[Flag, ...]:
    """The safety rules that these answers set off and in which this item takes part: what its answer brings about."""
    return tuple(_flag(instrument, rule, key) for rule in instrument.safety if key in rule.reached(answers))


def asked_items(instrument: Instrument, answers: Answers) -> tuple[Item, ...]:
    """The items to ask, in order, given the answers so far."""
    return tuple(item for item in instrument.items if _is_asked(item, answers))


def answers_of(instrument: Instrument, values: Sequence[int | None], *, choices: bool = False) -> dict[str, int | None]:
    """Answers by item key from values in printed order, or from option positions (0 first) with `choices`.

    The items at the end that are asked only under a condition may be left out, all together. Raises ScoringError.
    """
    if len(values) not in instrument.lengths:
        raise _wrong_length(instrument, len(values))
    pairs = zip(instrument.items, values, strict=False)
    return {item.key: _chosen(instrument, item, value) if choices else value for item, value in pairs}


def _check(instrument: Instrument, answers: Answers) -> None:
    items = instrument.by_key
    for key, value in answers.items():
        if key not in items:
            raise ScoringError(instrument=instrument.name, position=0, value=key, expected="there is no such item")
        if value is not None and (type(value) is not int or value not in items[key].values):
            possible = ", ".join(str(value) for value in sorted(items[key].values))
            raise ScoringError(
                instrument=instrument.name, position=items[key].number, value=value, expected=f"use {possible}"
            )


def _is_asked(item: Item, answers: Answers) -> bool:
    return item.asked_when is None or item.asked_when.holds(answers)


def _counted(instrument: Instrument, answers: Answers) -> Answers:
    """The answers to the items that are to be asked; one that is not to be asked counts nothing, whatever it says."""
    return {item.key: answers.get(item.key) for item in instrument.items if _is_asked(item, answers)}


def _is_complete(instrument: Instrument, counted: Answers, expected: Sequence[str]) -> bool:
    missing = [key for key in expected if counted[key] is None]
    if not all(instrument.by_key[key].optional for key in missing):
        return False
    return not expected or len(missing) < len(expected)


def _sum(instrument: Instrument, total: Total, counted: Answers) -> _Sum:
    """Add up by a rule: no value while an item is missing that applies to everybody."""
    items, most, value = instrument.by_key, 0, 0
    missing = False
    for key in total.items:
        given = counted.get(key)
        if given is not None:
            value += given
        elif key in counted:
            missing = missing or not items[key].optional
        if given is not None or not items[key].optional:
            most += items[key].highest
    for group in total.highest_of:
        values = [given for key in group if (given := counted.get(key)) is not None]
        missing = missing or len(values) < len(group)
        value += max(values, default=0)
        most += max(items[key].highest for key in group)
    if total.percent:
        return _Sum(None if missing or not most else _plain(100 * value / most), 100)
    return _Sum(None if missing else total.times * value, total.times * most)


def _plain(value: float) -> float:
    return int(value) if value.is_integer() else value


def _result_words(instrument: Instrument, answers: Answers, total: float | None, summed: _Sum | None) -> Words | None:
    """The band of a total that all items gave (bands are published for these), or the first outcome that holds."""
    if instrument.bands:
        band = instrument.band(total) if total is not None and summed and summed.most == instrument.max else None
        return band.label if band else None
    for outcome in instrument.outcomes:
        if all_hold(outcome.conditions, answers):
            return outcome.label
    return None


def _flag(instrument: Instrument, rule: SafetyRule, key: str) -> Flag:
    return Flag(rule=rule.rule, item=key, number=instrument.item(key).number, action=rule.action, level=rule.level)


def _wrong_length(instrument: Instrument, length: int) -> ScoringError:
    shorter = min(instrument.lengths)
    also = f", of which those after the first {shorter} may be left out" if shorter < len(instrument.items) else ""
    expected = f"it has {len(instrument.items)} items{also}"
    return ScoringError(instrument=instrument.name, position=0, value=f"{length} values", expected=expected)


def _chosen(instrument: Instrument, item: Item, choice: int | None) -> int | None:
    if choice is None:
        return None
    if isinstance(choice, bool) or not 0 <= choice < len(item.options):
        expected = f"options are 0 to {len(item.options) - 1}"
        raise ScoringError(instrument=instrument.name, position=item.number, value=choice, expected=expected)
    return item.options[choice].value
