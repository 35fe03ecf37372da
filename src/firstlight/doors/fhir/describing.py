"""A reading as plain values and as lines: what `firstlight import instrument` prints."""

from typing import Any

from firstlight.clinical.evidence import text
from firstlight.doors.fhir.positions import Problem
from firstlight.doors.fhir.questionnaire import Binding, Compared, Reading
from firstlight.doors.fhir.remarks import LEFT_OUT

Json = dict[str, Any]
WORDS_WIDTH = 60


def reading_json(reading: Reading) -> Json:
    """Return how a Questionnaire was understood."""
    definition, language = reading.instrument, reading.language
    return {
        "instrument": definition.name,
        "title": text(definition.title),
        "tier": definition.tier.value,
        "licence": definition.licence,
        "known_by": reading.known_by,
        "languages": list(reading.languages),
        "url": reading.published.url,
        "version": reading.published.version,
        "status": reading.published.status,
        "experimental": reading.published.experimental,
        "copyright": reading.published.copyright,
        "remarks": [
            {"kind": one.kind, "line": one.line, "detail": one.detail, "text": one.said} for one in reading.remarks
        ],
        "stem": reading.stem.get(language, ""),
        "stems": {spoken: reading.stem[spoken] for spoken in reading.languages if spoken in reading.stem},
        "recall_days": definition.recall_days,
        "calls_for_help": [one.item.number for one in reading.watched],
        "compare_first": [_compared_json(one) for one in reading.compared],
        "bindings": [_binding_json(one, language) for one in reading.bindings],
        "left_out": [
            {"link_id": one.link_id, "line": one.line, "text": one.says, "why": one.why.value}
            for one in reading.left_out
        ],
    }


def problem_json(problem: Problem) -> Json:
    """Return one thing that is wrong."""
    return {"path": problem.path, "line": problem.line, "message": problem.message}


def reading_lines(described: Json) -> list[str]:
    """Return a described reading for a terminal: what to compare first, then a table of all items."""
    known = {"code": "known by its code", "name": "known by its name", "said": "named with --as"}[described["known_by"]]
    return [
        f"{described['title']}: {described['instrument']}, {known}, tier {described['tier']}",
        f"Languages: {', '.join(described['languages'])}",
        f"File: {described['status']}, version {described['version'] or 'not stated'}, {described['url'] or 'no address'}",
        *(f"line {one['line']}: {one['text']}" for one in described["remarks"]),
        *_stem_lines(described),
        *_help_lines(described),
        *_table(described),
        *(
            f"{'-':>4}  {one['line']:>5}  left out: {one['link_id']} {_short(one['text'])} ({LEFT_OUT[one['why']]})"
            for one in described["left_out"]
        ),
    ]


def _compared_json(one: Compared) -> Json:
    return {
        "item": one.number,
        "line": one.line,
        "language": one.language,
        "stem": one.stem,
        "text": one.question,
        "answers": [{"value": value, "text": words} for value, words in one.answers],
    }


def _binding_json(one: Binding, language: str) -> Json:
    return {
        "item": one.item.number,
        "key": one.item.key,
        "link_id": one.link_id,
        "line": one.line,
        "by": one.by,
        "calls_for_help": one.watched,
        "stem": one.stem.get(language, ""),
        "text": one.question[language],
        "answers": [
            {"value": option.value, "text": words[language]}
            for option, words in zip(one.item.options, one.answers, strict=True)
        ],
    }


def _stem_lines(described: Json) -> list[str]:
    """Return what stands above all questions in each language, and the period that it has to name."""
    days = described["recall_days"]
    period = f"{days} days" if days is not None else "no period of days"
    said = [f"Above all questions ({spoken}): “{words}”" for spoken, words in described["stems"].items()]
    return [
        *(said or ["Above all questions: nothing in the file"]),
        f"Asked and charted here for: {period}. Compare the two.",
    ]


def _help_lines(described: Json) -> list[str]:
    """Return the items to compare before all others, whole: an answer to them can call for help."""
    lines = []
    for one in described["compare_first"]:
        where = f"line {one['line']}, {one['language']}"
        ahead = f"[{one['stem']}] " if one["stem"] else ""
        answers = ", ".join(f"{answer['value']} {answer['text']}" for answer in one["answers"])
        lines.append(f"Compare first: item {one['item']}, which calls for help ({where}): {ahead}{one['text']}")
        lines.append(f"    answers: {answers}")
    return lines


def _table(described: Json) -> list[str]:
    lines = [f"{'item':>4}  {'line':>5}  {'bound by':8}  {'linkId':20}  {'values':12}  words"]
    for one in described["bindings"]:
        values = " ".join(str(answer["value"]) for answer in one["answers"])
        ahead = f"[{_short(one['stem'])}] " if one["stem"] else ""
        lines.append(
            f"{one['item']:>4}  {one['line']:>5}  {one['by']:8}  {one['link_id'][:20]:20}  {values:12}  "
            f"{ahead}{_short(one['text'])}"
        )
    return lines


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= WORDS_WIDTH else f"{line[:WORDS_WIDTH]}…"
