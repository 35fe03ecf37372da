"""One engine that scores every instrument, and says at once what needs help."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from firstlight.clinical.evidence import Words
from firstlight.clinical.instruments.definitions import NOT_APPLICABLE, Instrument, Item
from firstlight.clinical.instruments.reading import instrument as named
from firstlight.clinical.instruments.rules import Answers, SafetyRule, Total, all_hold


class ScoringError(ValueError):
    """An answer that cannot be: names the instrument, the item by its position (0: no single one), and what is possible."""

    def __init__(self, *, instrument: str, position: int, value: object, expected: str, what: str = "") -> None:
        """Take `what`, a sentence of its own, where it is not a value that is impossible."""
        self.instrument = instrument
        self.position = position
        self.value = value
        self.expected = expected
        where = f"{instrument}, item {position}" if position else instrument
        super().__init__(f"{where}: {what or f'{str(value)[:40]!r} is not possible'}; {expected}.")


@dataclass(frozen=True, slots=True)
class Flag:
    """An answer that must not wait. `item` is the key of the answered item, `number` its position.

    `numbers`: the positions of all items that set it off, that one among them; two flags are the same whichever they are.
    `quiet`: a task for the clinic, and no help that fills the screen of whoever answers. `level` empty: no concern of the
    ladder.
    """

    rule: str
    item: str
    number: int
    action: str
    level: str
    quiet: bool = False
    numbers: tuple[int, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Score:
    """`total` and `band` are None when they cannot be told; flags stand whatever else is missing.

    `max` is the most that could be reached with the items that apply. `subscales` and `findings` are None where an item
    of theirs is missing. Not `complete` and a total all the same: the manual counts the answered items alone.
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


def score(instrument: Instrument | str, answers: Answers, *, asked: Collection[str] | None = None) -> Score:
    """Score one set of answers by item key; None or an absent key is a missing answer.

    NOT_APPLICABLE takes an item out of the sum, where the manual allows it. `asked` names the items that were shown, if
    not all of them were. An item that is asked only under a condition counts as missing only when the condition holds.
    Raises ScoringError for an impossible value or an unknown item.
    """
    definition = named(instrument) if isinstance(instrument, str) else instrument
    _check(definition, answers)
    return score_checked(definition, answers, asked=asked)


def score_checked(definition: Instrument, answers: Answers, *, asked: Collection[str] | None = None) -> Score:
    """Score answers whose keys and values are known to be possible, as `score` does for any."""
    counted = _counted(definition, answers)
    expected = counted if asked is None else [key for key in counted if key in asked]
    complete = all(counted[key] is not None for key in expected) and bool(expected or not definition.optional)
    ready = complete and bool(expected)
    total, most = _sum(definition, definition.total, counted) if definition.total else (None, None)
    if not ready and not (definition.total and definition.total.prorates):
        total = None
    words = _result_words(definition, answers, total, most) if ready else None
    return Score(
        instrument=definition.name,
        total=total,
        band=words["en"] if words else None,
        band_words=words,
        complete=complete,
        flags=flags(definition, answers),
        max=most,
        subscales={part.name: _sum(definition, part.total, counted)[0] for part in definition.subscales},
        findings={one.name: all_hold(one.conditions, answers) if ready else None for one in definition.findings},
    )


def flags(instrument: Instrument, answers: Answers) -> tuple[Flag, ...]:
    """The safety rules that these answers set off, complete or not."""
    found = ((rule, rule.first(answers)) for rule in instrument.safety)
    return tuple(_flag(instrument, rule, key, answers) for rule, key in found if key is not None)


def flags_with(instrument: Instrument, answers: Answers, key: str) -> tuple[Flag, ...]:
    """The safety rules that these answers set off and in which this item takes part: what its answer brings about."""
    return tuple(_flag(instrument, rule, key, answers) for rule in instrument.safety if key in rule.reached(answers))


def asked_items(instrument: Instrument, answers: Answers, *, unscored: bool = False) -> tuple[Item, ...]:
    """The items to ask, in order, given the answers so far; with `unscored` also what the form asks after them."""
    items = (*instrument.items, *instrument.unscored) if unscored else instrument.items
    return tuple(item for item in items if _is_asked(item, answers))


def answers_of(instrument: Instrument, values: Sequence[int | None], *, choices: bool = False) -> dict[str, int | None]:
    """Answers by item key from values in printed order, or from option positions (0 first) with `choices`.

    The items at the end that are asked only under a condition may be left out, all together. Raises ScoringError.
    """
    if len(values) not in instrument.lengths:
        raise _wrong_length(instrument, len(values))
    if not choices:
        return dict(zip(instrument.keys, values, strict=False))
    pairs = zip(instrument.items, values, strict=False)
    return {item.key: _chosen(instrument, item, value) for item, value in pairs}


def _check(instrument: Instrument, answers: Answers) -> None:
    items = instrument.by_key
    for key, value in answers.items():
        if key not in items:
            raise ScoringError(instrument=instrument.name, position=0, value=key, expected="there is no such item")
        if value is not None and (type(value) is not int or value not in items[key].answers):
            item = items[key]
            raise ScoringError(
                instrument=instrument.name, position=item.number, value=value, expected=f"use {item.possible}"
            )


def _is_asked(item: Item, answers: Answers) -> bool:
    return item.asked_when is None or item.asked_when.holds(answers)


def _counted(instrument: Instrument, answers: Answers) -> Answers:
    """The answers to the items that are to be asked and that apply; any other counts nothing, whatever it says."""
    counted = {key: answers.get(key) for key in instrument.keys}
    for item in instrument.conditional:
        if not _is_asked(item, answers):
            del counted[item.key]
    for item in instrument.optional:
        if counted.get(item.key) == NOT_APPLICABLE:
            del counted[item.key]
    return counted


def _sum(instrument: Instrument, total: Total, counted: Answers) -> tuple[float | None, int]:
    """Add up by a rule, and say how much it could have been: no sum while an item is missing that applies."""
    given = [value for key in total.items if (value := counted.get(key)) is not None]
    possible, gap = total.most, False
    if len(given) < len(total.items):
        empty = [instrument.by_key[key] for key in total.items if counted.get(key) is None]
        gap = any(item.key in counted for item in empty)
        possible -= total.times * sum(item.highest for item in empty if item.optional and item.key not in counted)
    for group in total.highest_of:
        values = [value for key in group if (value := counted.get(key)) is not None]
        gap = gap or len(values) < len(group)
        given.append(max(values, default=0))
    if total.percent:
        return _percentage(instrument, total, counted, gap=gap), total.most
    if total.worth:
        return None if gap else _recoded(total, counted), possible
    return None if gap else total.times * sum(given), possible


def _recoded(total: Total, counted: Answers) -> float:
    """The sum of what the values count, with one decimal: what manuals give."""
    counts = [total.worth[key][value] for key in total.items if (value := counted.get(key)) is not None]
    added = round(sum(counts), 1)
    return int(added) if float(added).is_integer() else added


def _percentage(instrument: Instrument, total: Total, counted: Answers, *, gap: bool) -> float | None:
    """The sum in percent of the most that the answered items allow."""
    answered = {key: value for key in total.items if (value := counted.get(key)) is not None}
    if not answered or (gap and not total.prorates):
        return None
    percentage = 100 * sum(answered.values()) / sum(instrument.by_key[key].highest for key in answered)
    return int(percentage) if percentage.is_integer() else percentage


def as_read(total: float | None) -> float | None:
    """A total as people read it: whole, or with one decimal where it is not."""
    if total is None or float(total).is_integer():
        return None if total is None else int(total)
    return round(total, 1)


def _result_words(instrument: Instrument, answers: Answers, total: float | None, most: int | None) -> Words | None:
    """The band of a total that all items gave (bands are published for these), or the first outcome that holds."""
    if instrument.bands:
        band = instrument.band(total) if total is not None and most == instrument.max else None
        return band.label if band else None
    return next((one.label for one in instrument.outcomes if all_hold(one.conditions, answers)), None)


def _flag(instrument: Instrument, rule: SafetyRule, key: str, answers: Answers) -> Flag:
    return Flag(
        rule=rule.rule,
        item=key,
        number=instrument.item(key).number,
        action=rule.action,
        level=rule.level,
        quiet=rule.quiet,
        numbers=tuple(sorted({instrument.item(one).number for one in rule.reached(answers)})),
    )


def _wrong_length(instrument: Instrument, length: int) -> ScoringError:
    shorter = min(instrument.lengths)
    left_out = len(instrument.items) - shorter
    also = f"; the last {left_out} may be left out together" if left_out else ""
    expected = f"it has {len(instrument.items)} items{also}"
    what = "1 answer was given" if length == 1 else f"{length} answers were given"
    return ScoringError(instrument=instrument.name, position=0, value=length, expected=expected, what=what)


def _chosen(instrument: Instrument, item: Item, choice: int | None) -> int | None:
    if choice is None or (choice == NOT_APPLICABLE and item.optional):
        return choice
    if isinstance(choice, bool) or not 0 <= choice < len(item.options):
        expected = f"options are 0 to {len(item.options) - 1}, and the first one printed is 0"
        raise ScoringError(instrument=instrument.name, position=item.number, value=choice, expected=expected)
    return item.options[choice].value
