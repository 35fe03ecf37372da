"""Questionnaires in the shapes in which they are published, with Firstlight's own texts in place of theirs.

Each was looked up: LForms and uwcirg (linkId "/44250-9", option prefixes, LOINC systems left out), the Medizininformatik-
Initiative (itemWeight, a display above, prefixes, translations), HL7 SDC (answers in a contained ValueSet, a group, no codes,
a calculated total), uwcirg's PC-PTSD-5 (codes in linkIds only, no ordinals).
"""

import json
from typing import Any

from firstlight.clinical.evidence import text
from firstlight.clinical.instruments import Instrument, Item, instrument

Json = dict[str, Any]
LOINC = "http://loinc.org"
STRUCTURE = "http://hl7.org/fhir/StructureDefinition/"
DIFFICULTY = ("Not difficult at all", "Somewhat difficult", "Very difficult", "Extremely difficult")


def written(form: Json) -> str:
    """Return a Questionnaire as a file, one value a line."""
    return json.dumps(form, indent=2, ensure_ascii=False)


PUBLISHED_DIFFICULTY = ("LA6572-7", "LA6573-5", "LA6575-0", "LA6574-3")


def lforms(name: str, *, link: str = "/{code}", system: bool = True, difficulty: tuple[str, ...] | None = None) -> Json:
    """Return a flat form as LForms writes it: drop-downs, prefixed options, the difficulty item, the total.

    `difficulty`: the answer codes of that item, in order; not given: codes that nobody knows.
    """
    definition = instrument(name)
    panel, total = definition.codes["panel"], definition.codes["total"]
    items = [_lforms_item(item, link, system) for item in definition.items]
    extras = [_difficulty(link, difficulty), _total(total, link)] if name == "phq-9" else [_total(total, link)]
    return {
        "resourceType": "Questionnaire",
        "meta": {"tag": [{"code": "lformsVersion: 28.1.1"}]},
        "title": text(definition.title),
        "status": "draft",
        "code": [_code(panel, system=system)],
        "item": [*items, *extras],
    }


def mii(name: str) -> Json:
    """Return a form as the Medizininformatik-Initiative writes it, German words beside the English ones."""
    definition = instrument(name)
    return {
        "resourceType": "Questionnaire",
        "url": f"https://www.example.org/fhir/Questionnaire/mii-qst-pro-{name}",
        "title": f"MII QST PRO {name.upper()}",
        "status": "active",
        "code": [_code(definition.codes["panel"]), {"system": "https://www.example.org/catalogue", "code": name}],
        "item": [
            {"linkId": f"{name}.Description", "type": "display", **_two("text", text(definition.stem or {"en": ""}))},
            *(_mii_item(item) for item in definition.items),
            _total(definition.codes["total"], "{code}"),
        ],
    }


def sdc(name: str) -> Json:
    """Return a form as in the HL7 SDC guide: no item codes, answers in a contained ValueSet, one group, a calculated total."""
    definition = instrument(name)
    answers = [
        {
            "extension": [{"url": f"{STRUCTURE}ordinalValue", "valueDecimal": option.value}],
            "code": text(option.label).replace(" ", "-"),
            "display": text(option.label),
        }
        for option in definition.items[0].options
    ]
    value_set = {
        "resourceType": "ValueSet",
        "id": "VS",
        "status": "draft",
        "compose": {"include": [{"system": "http://hl7.org/fhir/uv/sdc/CodeSystem/CS", "concept": answers}]},
    }
    asked = [
        {"linkId": f"H1/T1/Q{item.number}", "text": text(item.text), "type": "choice", "answerValueSet": "#VS"}
        for item in definition.items
    ]
    calculated = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"
    return {
        "resourceType": "Questionnaire",
        "contained": [value_set],
        "name": f"SDC{name.upper().replace('-', '')}",
        "status": "active",
        "item": [
            {"linkId": "H1/T1", "text": text(definition.stem or {"en": ""}), "type": "group", "item": asked},
            {
                "extension": [{"url": calculated, "valueExpression": {"language": "text/fhirpath", "expression": "1"}}],
                "linkId": "H1/TS",
                "code": [_code(definition.codes["total"])],
                "text": "Total",
                "type": "quantity",
            },
        ],
    }


def linked(name: str) -> Json:
    """Return a form whose codes stand in its linkIds only, with LOINC answers and no ordinals, as uwcirg's PC-PTSD-5."""
    definition = instrument(name)
    return {
        "resourceType": "Questionnaire",
        "id": f"CIRG-{name.upper()}",
        "name": text(definition.title),
        "status": "active",
        "code": [_code(definition.codes["panel"])],
        "item": [
            {"linkId": "introduction", "type": "display", "_text": {"extension": []}},
            *(
                {
                    "type": "choice",
                    "linkId": f"/{item.code}",
                    "text": text(item.text),
                    "answerOption": [
                        {"valueCoding": _code(option.code, text(option.label))} for option in item.options
                    ],
                }
                for item in definition.items
            ),
            _total(definition.codes["total"], "/{code}"),
        ],
    }


def licensed(name: str, words: str = "Licensed words") -> Json:
    """Return a file as a clinic may hold it of an instrument without text here: numbered questions, keyed answers."""
    definition = instrument(name)
    return {
        "resourceType": "Questionnaire",
        "name": name.upper(),
        "title": text(definition.title),
        "status": "active",
        "copyright": "Copyright of its owner",
        "item": [
            {"linkId": "stem", "type": "display", "text": f"{words}: think of the last days."},
            *(_licensed_item(definition, item, words) for item in definition.items),
        ],
    }


def _licensed_item(definition: Instrument, item: Item, words: str) -> Json:
    return {
        "linkId": f"{definition.name}-{item.number}",
        "prefix": f"{item.number}.",
        "type": "choice",
        "text": f"{words}, question {item.number}",
        "answerOption": [
            {
                "extension": [{"url": f"{STRUCTURE}ordinalValue", "valueDecimal": option.value}],
                "valueCoding": {"code": f"{item.key}-{option.value}", "display": f"{words}, answer {place}"},
            }
            for place, option in enumerate(item.options, 1)
        ],
    }


def _lforms_item(item: Item, link: str, system: bool) -> Json:
    drop_down = {"coding": [{"system": "http://hl7.org/fhir/questionnaire-item-control", "code": "drop-down"}]}
    return {
        "type": "choice",
        "code": [_code(item.code, text(item.text), system=system)],
        "extension": [{"url": f"{STRUCTURE}questionnaire-itemControl", "valueCodeableConcept": drop_down}],
        "required": False,
        "linkId": link.format(code=item.code),
        "text": text(item.text),
        "answerOption": [
            {
                "extension": [
                    {"url": f"{STRUCTURE}questionnaire-optionPrefix", "valueString": str(option.value)},
                    {"url": f"{STRUCTURE}ordinalValue", "valueDecimal": option.value},
                ],
                "valueCoding": _code(option.code, text(option.label), system=system),
            }
            for option in item.options
        ],
    }


def _mii_item(item: Item) -> Json:
    return {
        "code": [_code(item.code)],
        "answerOption": [
            {
                "extension": [{"url": f"{STRUCTURE}itemWeight", "valueDecimal": option.value}],
                "valueCoding": {"system": LOINC, "code": option.code, **_two("display", text(option.label))},
            }
            for option in item.options
        ],
        "linkId": f"phq-phq2{'abcdefghi'[item.number - 1]}",
        "type": "choice",
        "prefix": str(item.number),
        **_two("text", text(item.text)),
    }


def _two(name: str, words: str) -> Json:
    parts = [{"url": "lang", "valueCode": "de"}, {"url": "content", "valueString": f"Deutsch: {words}"}]
    return {name: words, f"_{name}": {"extension": [{"extension": parts, "url": f"{STRUCTURE}translation"}]}}


def _difficulty(link: str, codes: tuple[str, ...] | None) -> Json:
    known = tuple(f"LA657{place}-7" for place in range(4)) if codes is None else codes
    return {
        "type": "choice",
        "code": [_code("69722-7")],
        "linkId": link.format(code="69722-7"),
        "text": text(instrument("phq-9").item("difficulty").text),
        "answerOption": [{"valueCoding": _code(code, words)} for code, words in zip(known, DIFFICULTY, strict=False)],
    }


def _total(code: str, link: str) -> Json:
    return {"type": "decimal", "code": [_code(code)], "linkId": link.format(code=code), "text": "Total score"}


def _code(code: str, display: str = "", *, system: bool = True) -> Json:
    return ({"system": LOINC} if system else {}) | {"code": code} | ({"display": display} if display else {})
