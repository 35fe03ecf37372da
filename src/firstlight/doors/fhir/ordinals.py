"""What an answer counts, as a file declares it: one decimal number, or a sentence that says what is there instead."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from firstlight.doors.fhir.languages import STRUCTURE, extensions
from firstlight.doors.fhir.positions import Node

ORDINALS = {
    f"{STRUCTURE}{name}"
    for name in (
        "ordinalValue",  # R4
        "itemWeight",  # R5
        "questionnaire-ordinalValue",  # STU3, on an option
        "valueset-ordinalValue",  # STU3, on a concept of a ValueSet
        "codesystem-ordinalValue",  # STU3, on a concept of a CodeSystem
        "iso21090-CO-value",  # on a Coding
    )
}
"""The addresses under which a number stands, each as one valueDecimal (HL7: extension-ordinalvalue, -itemweight, STU3's four)."""


@dataclass(frozen=True, slots=True)
class Ordinal:
    """A declared number and its place. `fault`: why it cannot be read, to be put after "answer 1 of item 1"."""

    value: int | float
    node: Node
    fault: str = ""


def ordinal_of(*holders: Node | None) -> Ordinal | None:
    """Return what the holders of one answer declare together; None when none of them does.

    What cannot be read is never passed over, and neither is a second number that says something else.
    """
    declared = [one for holder in holders for one in _declared(holder)]
    if not declared:
        return None
    wrong = next((one for one in declared if one.fault), None)
    if wrong is not None:
        return wrong
    first = declared[0]
    for other in declared[1:]:
        if other.value != first.value:
            said = f"counts {first.value:g} on line {first.node.line} and {other.value:g} here"
            return Ordinal(other.value, other.node, said)
    return first


def _declared(holder: Node | None) -> Iterator[Ordinal]:
    seen: set[str] = set()
    for extension in extensions(holder, ORDINALS):
        address = extension.string("url")
        name = address.removeprefix(STRUCTURE)
        if address in seen:
            yield Ordinal(0, extension, f"has {name} twice; one is expected")
        seen.add(address)
        yield _read(extension, name)


def _read(extension: Node, name: str) -> Ordinal:
    fields = extension.value if isinstance(extension.value, dict) else {}
    given = [field for field in fields if field.startswith(("value", "_value"))]
    number = extension.number("valueDecimal")
    place = extension.get("valueDecimal") or (extension.get(given[0]) if given else None) or extension
    if given == ["valueDecimal"] and number is not None and math.isfinite(number):
        return Ordinal(number, place)
    shown = f"{given[0]} {place.shown}" if given else "nothing"
    return Ordinal(0, place, f"declares {name} as {shown}; it must be one valueDecimal")
