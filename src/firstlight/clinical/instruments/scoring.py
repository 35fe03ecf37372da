"""One engine that scores every instrument, and says at once what needs help."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from firstlight.clinical.evidence import Words
from firstlight.clinical.instruments.definitions import Answers, Instrument, Item, SafetyRule, Scoring
from firstlight.clinical.instruments.reading import instrument as named


class ScoringError(ValueError):
    """An answer that cannot be: names the instrument, the item by its position, and what is possible."""

    def __init__(self, *, instrument: str, position: int, value: object, expected: str) -> None:
        self.instrument = instrument
        self.position = position
        self.value = value
        self.expected = expected
        super().__init__(f"{instrument}, item {position}: {str(value)[:40]!r} is not possible; {expected}.")


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
    """`total` and `band` are None when they cannot be told; flags stand whatever else is missing."""

    instrument: str
    total: int | None
    band: str | None
    band_words: Words | None
    complete: bool
    flags: tuple[Flag, ...]
    max: int | None
    subscales: Mapping[str, int] = field(default_factory=dict)


def score(instrument: Instrument | str, answers: Answers, *, asked: Collection[str] | None = None) -> Score:
    """Score one set of answers by item key; None or an absent key is a missing answer.

    `asked` names the items that were shown, if not all of them were. An item that is asked only under a condition
    counts as missing only when the condition holds. Raises ScoringError for an impossible value or an unknown item.
    """
    definition = named(instrument) if isinstance(instrument, str) else instrument
    _check(definition, answers)
    expected = [item for item in definition.items if _expected(item, answers, asked)]
    complete = all(answers.get(item.key) is not None for item in expected)
    total = _total(definition, answers) if complete and expected else None
    words = _result_words(definition, answers, total) if complete and expected else None
    return Score(
        instrument=definition.name,
        total=total,
        band=words["en"] if words else None,
        band_words=words,
        complete=complete,
        flags=flags(definition, answers),
        max=definition.max,
    )


def flags(instrument: Instrument, answers: Answers) -> tuple[Flag, ...]:
    """The safety rules that these answers set off, complete or not."""
    found = ((rule, rule.condition.first(answers)) for rule in instrument.safety)
    return tuple(_flag(instrument, rule, key) for rule, key in found if key is not None)


def asked_items(instrument: Instrument, answers: Answers) -> tuple[Item, ...]:
    """The items to ask, in order, given the answers so far."""
    return tuple(item for item in instrument.items if _expected(item, answers, None))


def answers_of(instrument: Instrument, values: Sequence[int | None], *, choices: bool = False) -> dict[str, int | None]:
    """Answers by item key from values in printed order, or from option positions (0 first) with `choices`.

    Items at the end that are asked only under a condition may be left out. Raises ScoringError.
    """
    least = sum(item.asked_when is None for item in instrument.items)
    if not least <= len(values) <= len(instrument.items):
        expected = f"it has {len(instrument.items)} items"
        raise ScoringError(instrument=instrument.name, position=len(values), value=len(values), expected=expected)
    pairs = zip(instrument.items, values, strict=False)
    return {item.key: _chosen(instrument, item, value) if choices else value for item, value in pairs}


def _check(instrument: Instrument, answers: Answers) -> None:
    known = {item.key for item in instrument.items}
    for key in answers:
        if key not in known:
            raise ScoringError(instrument=instrument.name, position=0, value=key, expected="there is no such item")
    for item in instrument.items:
        value: object = answers.get(item.key)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int) or value not in item.values:
            possible = ", ".join(str(value) for value in sorted(item.values))
            raise ScoringError(
                instrument=instrument.name, position=item.number, value=value, expected=f"use {possible}"
            )


def _expected(item: Item, answers: Answers, asked: Collection[str] | None) -> bool:
    if asked is not None and item.key not in asked:
        return False
    return item.asked_when is None or item.asked_when.first(answers) is not None


def _total(instrument: Instrument, answers: Answers) -> int | None:
    """The sum, only of a full set: an item that was not shown leaves no total."""
    values = [answers.get(item.key) for item in instrument.items]
    given = [value for value in values if value is not None]
    return sum(given) if instrument.scoring is Scoring.SUM and len(given) == len(values) else None


def _result_words(instrument: Instrument, answers: Answers, total: int | None) -> Words | None:
    if total is not None:
        band = instrument.band(total)
        return band.label if band else None
    for outcome in instrument.outcomes:
        if outcome.condition is None or outcome.condition.first(answers) is not None:
            return outcome.label
    return None


def _flag(instrument: Instrument, rule: SafetyRule, key: str) -> Flag:
    return Flag(rule=rule.rule, item=key, number=instrument.item(key).number, action=rule.action, level=rule.level)


def _chosen(instrument: Instrument, item: Item, choice: int | None) -> int | None:
    if choice is None:
        return None
    if isinstance(choice, bool) or not 0 <= choice < len(item.options):
        expected = f"options are 0 to {len(item.options) - 1}"
        raise ScoringError(instrument=instrument.name, position=item.number, value=choice, expected=expected)
    return item.options[choice].value
