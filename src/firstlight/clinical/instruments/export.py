"""Instruments and scores as plain dictionaries: what `firstlight instruments` and `firstlight score` print."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from firstlight.clinical.evidence import text
from firstlight.clinical.instruments.batch import BadRow, Row, RowScorer
from firstlight.clinical.instruments.batch import score_rows as scored_rows
from firstlight.clinical.instruments.definitions import Instrument, Item
from firstlight.clinical.instruments.reading import instrument, instruments
from firstlight.clinical.instruments.rules import Basis, Cut, ReliableChange, SafetyRule, Subscale
from firstlight.clinical.instruments.scoring import Flag, Score


def instruments_json(language: str = "en") -> list[dict[str, Any]]:
    """The list that `firstlight instruments --json` prints. `items` is their number, `questions` what they ask."""
    return [instrument_json(definition, language) for definition in instruments().values()]


def instrument_json(definition: Instrument, language: str = "en") -> dict[str, Any]:
    return {
        "name": definition.name,
        "title": text(definition.title, language),
        "items": len(definition.items),
        "tier": definition.tier.value,
        "text": definition.worded,
        "licence": definition.licence,
        "citation": definition.citation,
        "kind": definition.kind.value,
        "validated": definition.validated,
        "languages": list(definition.languages),
        "recall_days": definition.recall_days,
        "better": definition.better.value,
        "min": definition.min,
        "max": definition.max,
        "stem": text(definition.stem, language) if definition.stem else None,
        "questions": [_question(item, language) for item in definition.items],
        "unscored": [_question(item, language) for item in definition.unscored],
        "scoring": _basis(definition.scoring_basis),
        "subscales": [_subscale(part, language) for part in definition.subscales],
        "findings": [
            {"name": one.name, "label": text(one.label, language), **_basis(one.basis)} for one in definition.findings
        ],
        "bands": [
            {"from": band.least, "to": band.most, "label": text(band.label, language)} for band in definition.bands
        ],
        "bands_source": _bands_source(definition),
        "in_mothers": _in_mothers(definition, language),
        "safety": [_safety(rule) for rule in definition.safety],
        "reliable_change": _reliable_change(definition),
        "important_difference": _important_difference(definition),
        "response_percent": _cut(definition.response_percent),
        "remission": _cut(definition.remission),
        "codes": dict(definition.codes),
        "sources": list(definition.sources),
    }


def _in_mothers(definition: Instrument, language: str) -> dict[str, Any] | None:
    found = definition.in_mothers
    return {"says": text(found.says, language), **_basis(found.basis)} if found else None


def score_json(name: str, values: Sequence[str], *, choices: bool = False) -> dict[str, Any]:
    """One vector, as typed between commas, scored. Raises KeyError for an unknown name, ScoringError for a bad value."""
    return to_json(RowScorer(name, choices=choices).score(values))


def to_json(result: Score | BadRow) -> dict[str, Any]:
    """A score with exactly the keys that are promised; `item` is the position in print. Of a bad row, what is wrong.

    A flag that several answers set off has their positions under `items` too. `tags`: how far band and flags were checked.
    """
    if isinstance(result, tuple):
        return {"row": result[0], "error": str(result[1])}
    return {
        "instrument": result.instrument,
        "total": result.total,
        "subscales": dict(result.subscales),
        "band": result.band,
        "complete": result.complete,
        "flags": [_flag(flag) for flag in result.flags],
        "max": result.max,
        "findings": dict(result.findings),
        "tags": _tags(result),
    }


def _tags(result: Score) -> dict[str, Any]:
    definition = instrument(result.instrument)
    tag = definition.words_tag if result.band else None
    fired = {flag.rule for flag in result.flags}
    return {
        "band": tag.value if tag else None,
        "flags": {rule.rule: rule.tag.value for rule in definition.safety if rule.rule in fired},
    }


def _flag(flag: Flag) -> dict[str, Any]:
    said = {"rule": flag.rule, "item": flag.number, "action": flag.action}
    return said | ({"items": list(flag.numbers)} if len(flag.numbers) > 1 else {})


def score_rows(name: str, rows: Iterable[Row], *, choices: bool = False) -> Iterator[dict[str, Any]]:
    """Score each row of a file; a bad one gives {"row", "error"} in its place, numbered as in the file from 1.

    What a header is, and when it binds answers by name, is told at `batch.numbered_scores`. Raises KeyError and HeaderError.
    """
    return map(to_json, scored_rows(name, rows, choices=choices))


def _question(item: Item, language: str) -> dict[str, Any]:
    return {
        "key": item.key,
        "number": item.number,
        "stem": text(item.stem, language) if item.stem else None,
        "text": text(item.text, language) if item.worded else None,
        "options": [{"value": option.value, "label": text(option.label, language)} for option in item.options],
        "code": item.code,
        "optional": item.optional,
        "about_child": item.about_child,
        "asked_of": item.asked_of.value,
    }


def _basis(basis: Basis | None) -> dict[str, Any]:
    return {"sources": list(basis.sources), "tag": basis.tag.value, "note": basis.note} if basis else {}


def _subscale(part: Subscale, language: str) -> dict[str, Any]:
    return {
        "name": part.name,
        "title": text(part.title, language),
        "items": list(part.total.items),
        "min": part.total.least,
        "max": part.total.most,
        "cut_off": _cut(part.cut_off),
        **_basis(part.basis),
    }


def _bands_source(definition: Instrument) -> dict[str, Any] | None:
    if definition.bands_tag is None:
        return None
    return _basis(Basis(definition.bands_sources, definition.bands_tag, definition.bands_note))


def _safety(rule: SafetyRule) -> dict[str, Any]:
    return {"rule": rule.rule, "action": rule.action, "level": rule.level} | _basis(
        Basis(rule.sources, rule.tag, rule.note)
    )


def _cut(cut: Cut | None) -> dict[str, Any] | None:
    return {"points": cut.points, **_basis(Basis(cut.sources, cut.tag, cut.note))} if cut else None


def _reliable_change(definition: Instrument) -> dict[str, Any] | None:
    known = definition.reliable_change
    if known is None:
        return None
    others = {"others": list(map(_one_reliable_change, known.others))} if known.others else {}
    return _one_reliable_change(known) | others


def _one_reliable_change(known: ReliableChange) -> dict[str, Any]:
    own = {"points": known.points, "sd": known.sd, "r": known.retest_r, "population": known.population}
    return own | _basis(Basis(known.sources, known.tag, known.note))


def _important_difference(definition: Instrument) -> dict[str, Any] | None:
    known = definition.important_difference
    if known is None:
        return None
    own = {"better": known.better, "worse": known.worse, "population": known.population}
    return own | _basis(Basis(known.sources, known.tag, known.note))
