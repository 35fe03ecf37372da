"""A reading as plain values and as lines: what `firstlight import instrument` prints, and what the page shows."""

from typing import Any

from firstlight.clinical.evidence import text
from firstlight.doors.fhir.positions import Problem
from firstlight.doors.fhir.questionnaire import Reading

Json = dict[str, Any]


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
        "url": reading.url,
        "copyright": reading.copyright,
        "stem": reading.stem.get(language, ""),
        "bindings": [
            {
                "item": one.item.number,
                "key": one.item.key,
                "link_id": one.link_id,
                "line": one.line,
                "by": one.by,
                "text": one.question[language],
                "answers": [
                    {"value": option.value, "text": words[language]}
                    for option, words in zip(one.item.options, one.answers, strict=True)
                ],
                "differs": one.differs,
            }
            for one in reading.bindings
        ],
        "left_out": [
            {"link_id": one.link_id, "line": one.line, "text": one.says, "why": one.why} for one in reading.left_out
        ],
    }


def problem_json(problem: Problem) -> Json:
    """Return one thing that is wrong."""
    return {"path": problem.path, "line": problem.line, "message": problem.message}


def reading_lines(described: Json) -> list[str]:
    """Return a described reading as a table for a terminal."""
    known = {"code": "known by its code", "name": "known by its name", "said": "named with --as"}[described["known_by"]]
    lines = [
        f"{described['title']}: {described['instrument']}, {known}, tier {described['tier']}",
        f"Languages: {', '.join(described['languages'])}",
        f"{'item':>4}  {'line':>5}  {'bound by':8}  {'linkId':20}  {'values':12}  words",
    ]
    for one in described["bindings"]:
        values = " ".join(str(answer["value"]) for answer in one["answers"])
        note = "  (not the words that Firstlight ships)" if one["differs"] else ""
        link = one["link_id"][:20]
        lines.append(
            f"{one['item']:>4}  {one['line']:>5}  {one['by']:8}  {link:20}  {values:12}  {one['text'][:60]}{note}"
        )
    for one in described["left_out"]:
        why = "a result, worked out here" if one["why"] == "result" else "no item of this instrument"
        lines.append(f"{'-':>4}  {one['line']:>5}  left out: {one['link_id']} {one['text'][:60]} ({why})")
    return lines
