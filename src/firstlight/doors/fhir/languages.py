"""Texts of a Questionnaire in their languages, whose codes are as BCP 47 writes them and as long as a clinic keeps them."""

import re
from collections.abc import Iterator

from firstlight.clinical.evidence import Words
from firstlight.clinical.instruments import Instrument
from firstlight.doors.fhir.positions import Node

STRUCTURE = "http://hl7.org/fhir/StructureDefinition/"
TRANSLATION = f"{STRUCTURE}translation"
MOST_LANGUAGE = 20
_LANGUAGE = re.compile(r"[a-z]{2,8}(?:-[a-z0-9]{1,8})*", re.ASCII | re.IGNORECASE)


def is_language(code: str) -> bool:
    """Tell whether a code can be that of a language."""
    return len(code) <= MOST_LANGUAGE and _LANGUAGE.fullmatch(code) is not None


def agree(one: str, other: str) -> bool:
    """Tell whether two codes can mean one language: the same, or one of them less exact, as en and en-GB."""
    parts = zip(one.casefold().split("-"), other.casefold().split("-"), strict=False)
    return all(mine == theirs for mine, theirs in parts)


def shipped_language(definition: Instrument, spoken: str) -> str:
    """Return in which language our own words must be the same as words in this one; "" where ours are in another."""
    if not definition.worded:
        return ""
    return next((ours for ours in definition.languages if ours.casefold() == spoken.casefold().split("-")[0]), "")


def translations(node: Node, name: str, language: str) -> Words:
    """Return a text under a name, with the translations that stand beside it."""
    words = {language: node.string(name)} if node.string(name) else {}
    for extension in extensions(node.get(f"_{name}"), {TRANSLATION}):
        parts = {part.string("url"): part for part in extension.each("extension")}
        spoken = parts["lang"].string("valueCode") if "lang" in parts else ""
        said = (
            parts["content"].string("valueString") or parts["content"].string("valueMarkdown")
            if "content" in parts
            else ""
        )
        if is_language(spoken) and said:
            words.setdefault(spoken, said)
    return words


def extensions(node: Node | None, urls: set[str]) -> Iterator[Node]:
    """Yield the extensions of a value that stand under one of these addresses."""
    if node is not None:
        yield from (one for one in node.each("extension") if one.string("url") in urls)
