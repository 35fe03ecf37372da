"""Instruments and scores as plain dictionaries: what `firstlight instruments` and `firstlight score` print."""

from collections.abc import Iterable
from typing import Any

from firstlight.clinical.evidence import text
from firstlight.clinical.instruments.definitions import Instrument, Item
from firstlight.clinical.instruments.reading import instrument, instruments
from firstlight.clinical.instruments.scoring import Score, ScoringError, answers_of, score


def instruments_json(language: str = "en") -> list[dict[str, Any]]:
    """The list that `firstlight instruments --json` prints. `items` is their number, `questions` what they ask."""
    return [instrument_json(definition, language) for definition in instruments().values()]


def instrument_json(definition: Instrument, language: str = "en") -> dict[str, Any]:
    return {
        "name": definition.name,
        "title": text(definition.title, language),
        "items": len(definition.items),
        "tier": definition.tier.value,
        "licence": definition.licence,
        "citation": definition.citation,
        "kind": definition.kind.value,
        "validated": definition.validated,
        "languages": list(definition.languages),
        "recall_days": definition.recall_days,
        "max": definition.max,
        "stem": text(definition.stem, language) if definition.stem else None,
        "questions": [_question(item, language) for item in definition.items],
        "bands": [
            {"from": band.least, "to": band.most, "label": text(band.label, language)} for band in definition.bands
        ],
        "codes": dict(definition.codes),
        "sources": list(definition.sources),
    }


def score_json(name: str, values: Iterable[str], *, choices: bool = False) -> dict[str, Any]:
    """One vector, as typed between commas, scored. Raises KeyError for an unknown name, ScoringError for a bad value."""
    definition = instrument(name)
    numbers = [_number(definition, position, value) for position, value in enumerate(values, 1)]
    return to_json(score(definition, answers_of(definition, numbers, choices=choices)))


def to_json(result: Score) -> dict[str, Any]:
    """A score with exactly the keys that DESIGN promises; `item` is the position in print."""
    return {
        "instrument": result.instrument,
        "total": result.total,
        "subscales": dict(result.subscales),
        "band": result.band,
        "complete": result.complete,
        "flags": [{"rule": flag.rule, "item": flag.number, "action": flag.action} for flag in result.flags],
        "max": result.max,
    }


def score_rows(name: str, rows: Iterable[list[str]], *, choices: bool = False) -> Iterable[dict[str, Any]]:
    """Score each row of a file; a bad one gives {"row", "error"} in its place, numbered as in the file from 1.

    The first row is a header when it holds something and no cell of it is a number.
    """
    instrument(name)
    for number, row in enumerate(rows, 1):
        if number == 1 and _is_header(row):
            continue
        try:
            yield score_json(name, row, choices=choices)
        except ScoringError as error:
            yield {"row": number, "error": str(error)}


def _question(item: Item, language: str) -> dict[str, Any]:
    return {
        "key": item.key,
        "number": item.number,
        "text": text(item.text, language),
        "options": [{"value": option.value, "label": text(option.label, language)} for option in item.options],
        "code": item.code,
        "about_child": item.about_child,
        "asked_of": item.asked_of.value,
    }


def _number(definition: Instrument, position: int, value: str) -> int | None:
    plain = value.strip()
    if not plain:
        return None
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 3):
        raise ScoringError(instrument=definition.name, position=position, value=plain, expected="use a whole number")
    return int(plain)


def _is_header(row: list[str]) -> bool:
    cells = [cell.strip() for cell in row if cell.strip()]
    return bool(cells) and not any(cell.lstrip("-").replace(".", "", 1).isdigit() for cell in cells)
