"""One of our instruments as a FHIR R4 Questionnaire. Only words that Firstlight may give away leave this way."""

from collections.abc import Mapping
from typing import Any

from firstlight.clinical.evidence import text
from firstlight.clinical.instruments import Condition, Instrument, Item, Option
from firstlight.doors.fhir.binding import code_of
from firstlight.doors.fhir.identifying import OURS
from firstlight.doors.fhir.languages import STRUCTURE
from firstlight.doors.fhir.shapes import LOINC
from firstlight.ground.people.errors import Refused

Json = dict[str, Any]


def to_questionnaire(definition: Instrument, language: str = "en") -> Json:
    """Return a Questionnaire that `read_questionnaire` reads back as the same instrument. Raises Refused without text."""
    if definition.licensed or not definition.worded:
        message = f"The text of {definition.name} belongs to others and is not given away: {definition.licence}"
        raise Refused(message, field="name", value=definition.name)
    if language not in definition.languages:
        known = ", ".join(definition.languages)
        raise Refused(f"{definition.name} is here in {known}.", field="language", value=language)
    return {
        "resourceType": "Questionnaire",
        "id": definition.name,
        "language": language,
        "url": f"{OURS}:{definition.name}",
        "name": _name(definition),
        "title": text(definition.title, language),
        "status": "active",
        "subjectType": ["Patient"],
        "copyright": f"{definition.licence} {definition.citation}",
        "code": [*_panel(definition), {"system": OURS, "code": definition.name}],
        "item": [*_items(definition, language), *_unscored(definition, language), *_total(definition)],
    }


def _name(definition: Instrument) -> str:
    """Return a name that programs can use: [A-Z]([A-Za-z0-9_]){0,254}, as FHIR's constraint que-0 has it."""
    return "".join(part.capitalize() for part in definition.name.split("-"))


def _panel(definition: Instrument) -> list[Json]:
    panel = definition.codes.get("panel")
    return [{"system": LOINC, "code": panel}] if panel else []


def _items(definition: Instrument, language: str) -> list[Json]:
    asked = [one for item in definition.items for one in _with_stem(definition, item, language)]
    if definition.stem is None:
        return asked
    return [{"linkId": "items", "type": "group", "text": text(definition.stem, language), "item": asked}]


def _unscored(definition: Instrument, language: str) -> list[Json]:
    return [one for item in definition.unscored for one in _with_stem(definition, item, language)]


def _with_stem(definition: Instrument, item: Item, language: str) -> list[Json]:
    question = _question(definition, item, language)
    if item.stem is None:
        return [question]
    return [{"linkId": f"{item.key}-above", "type": "display", "text": text(item.stem, language)}, question]


def _question(definition: Instrument, item: Item, language: str) -> Json:
    loinc = [{"system": LOINC, "code": item.code}] if item.code else []
    question = {
        "linkId": item.key,
        "code": [*loinc, {"system": OURS, "code": code_of(definition, item)}],
        "prefix": str(item.number),
        "text": text(item.text, language),
        "type": "choice",
        "required": False,
        "answerOption": [_option(option, language) for option in item.options],
    }
    return question | (_enabled(definition, item.asked_when) if item.asked_when else {})


def _option(option: Option, language: str) -> Json:
    return {
        "extension": [{"url": f"{STRUCTURE}ordinalValue", "valueDecimal": option.value}],
        "valueCoding": {**_coding(option), "display": text(option.label, language)},
    }


def _coding(option: Option) -> Mapping[str, str]:
    return {"system": LOINC, "code": option.code} if option.code else {"system": OURS, "code": str(option.value)}


def _enabled(definition: Instrument, condition: Condition) -> Json:
    """Return when an item is asked. A count over several items is more than R4 can say: it is asked of everybody."""
    if condition.how_many != 1 or condition.no_more_than is not None:
        return {}
    enough = [
        {"question": key, "operator": "=", "answerCoding": dict(_coding(option))}
        for key, least in condition.least
        for option in definition.item(key).options
        if option.value >= least
    ]
    return {"enableWhen": enough, "enableBehavior": "any"}


def _total(definition: Instrument) -> list[Json]:
    total = definition.codes.get("total")
    if definition.total is None:
        return []
    code = {"code": [{"system": LOINC, "code": total}]} if total else {}
    return [{"linkId": "total", **code, "text": "Total", "type": "decimal", "readOnly": True}]
