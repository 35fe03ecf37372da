"""What a FHIR Questionnaire says, as plain values: its questions in order, each with codes, words, options and ordinals.

R4 and R5, with `ordinalValue` and `itemWeight`, options beside the question, in a contained ValueSet or in a list of LOINC's.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from firstlight.clinical.evidence import Words
from firstlight.clinical.instruments import Option
from firstlight.doors.fhir.answer_lists import listed
from firstlight.doors.fhir.languages import STRUCTURE, extensions, is_language, translations
from firstlight.doors.fhir.positions import Node, NotReadable, Problem

LOINC = "http://loinc.org"
ORDINALS = {f"{STRUCTURE}ordinalValue", f"{STRUCTURE}itemWeight"}
CALCULATED = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"
CHOICES = {"choice", "open-choice", "coding"}  # R4 and R5
_LOINC_CODE = re.compile(r"(?:LA)?\d{1,7}-\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Coding:
    """One code. LOINC codes are known by their form where the system was left out, as published files do."""

    system: str
    code: str
    node: Node

    @property
    def place(self) -> Node:
        """Return where the code itself stands."""
        return self.node.get("code") or self.node

    @property
    def is_loinc(self) -> bool:
        return self.system == LOINC or (not self.system and _LOINC_CODE.fullmatch(self.code) is not None)


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a question. `ordinal` is None when the file declares none."""

    words: Words
    coding: Coding | None
    ordinal: int | float | None
    node: Node


@dataclass(frozen=True, slots=True)
class Leaf:
    """One item that is no group and no display text. `score`: it holds a result and asks nothing."""

    link_id: str
    prefix: str
    kind: str
    words: Words
    codings: tuple[Coding, ...]
    score: bool
    node: Node

    @property
    def loinc(self) -> tuple[Coding, ...]:
        """Return its LOINC codes; without any, one that its linkId is made of, as in "/44250-9"."""
        found = tuple(one for one in self.codings if one.is_loinc)
        link = self.node.get("linkId")
        last = self.link_id.rsplit("/", 1)[-1]
        if found or link is None or not _LOINC_CODE.fullmatch(last):
            return found
        return (Coding(LOINC, last, link),)


@dataclass(frozen=True, slots=True)
class Above:
    """The text of a group or of a display, and the place of the question that follows it."""

    kind: str
    place: int
    words: Words


@dataclass(frozen=True, slots=True)
class Form:
    """A Questionnaire as far as we look at it: its questions, and the texts that stand above some of them."""

    root: Node
    names: tuple[str, ...]
    language: str
    codings: tuple[Coding, ...]
    leaves: tuple[Leaf, ...]
    above: tuple[Above, ...]
    value_sets: Mapping[str, Node] = field(default_factory=dict)


def read_form(root: Node, *, language: str = "") -> Form:
    """Return what a Questionnaire says. Raises NotReadable for anything else, and for items that cannot be told apart."""
    kind = root.string("resourceType")
    if kind != "Questionnaire":
        found = root.get("resourceType") or root
        said = f"this is a {kind}" if kind else "this is no FHIR resource"
        raise NotReadable(found.problem(f"{said}; a Questionnaire is expected"))
    spoken = language or root.string("language") or "en"
    if not is_language(spoken):
        raise NotReadable(
            (root.get("language") or root).problem(f"{spoken[:40]} is no code of a language, as en or de-CH")
        )
    items = tuple(_walk(root))
    if problems := (*_meaning_problems(root, *items), *_link_problems(items)):
        raise NotReadable(*problems)
    leaves = tuple(_leaf(node, spoken) for node in items if node.string("type") not in {"group", "display"})
    sets = [one for one in root.each("contained") if one.string("resourceType") == "ValueSet"]
    return Form(
        root=root,
        names=tuple(filter(None, (root.string(name) for name in ("name", "id", "url", "title")))),
        language=spoken,
        codings=tuple(coding_of(node) for node in root.each("code")),
        leaves=leaves,
        above=tuple(_above(items, spoken)),
        value_sets={name: one for one in sets for name in (f"#{one.string('id')}", one.string("url")) if name},
    )


def choices_of(form: Form, leaf: Leaf) -> tuple[Choice, ...]:
    """Return the options of a question in printed order. Raises NotReadable when they stand elsewhere and are not known."""
    if leaf.kind == "boolean":
        return ()
    reference = leaf.node.get("answerValueSet")
    if reference is None:
        return tuple(_option(node, form.language) for node in leaf.node.each("answerOption"))
    named = leaf.node.string("answerValueSet")
    found = form.value_sets.get(named.partition("|")[0])
    if found is None and (options := listed(named)):
        return tuple(_listed(option, form.language, reference) for option in options)
    if found is None:
        where = "is not in this file" if named.startswith("#") else "stands outside this file"
        raise NotReadable(reference.problem(f"the answers are in {named}, which {where}; put them into the file"))
    return tuple(_concept(node, form.language) for node in _concepts(found))


def _listed(option: Option, language: str, reference: Node) -> Choice:
    """Return an option of a list of LOINC's: its words are English, whatever kind of English the file is in."""
    spoken = language if language.split("-")[0] == "en" else "en"
    return Choice({spoken: option.label["en"]}, Coding(LOINC, option.code, reference), None, reference)


def coding_of(node: Node) -> Coding:
    """Return a code with its system."""
    return Coding(node.string("system"), node.string("code"), node)


def _walk(node: Node) -> Iterator[Node]:
    for item in node.each("item"):
        yield item
        yield from _walk(item)


def _meaning_problems(*nodes: Node) -> Iterator[Problem]:
    """Yield what may change the meaning of a question and is not known here: FHIR forbids to pass over it."""
    for node in nodes:
        for modifier in node.each("modifierExtension"):
            yield modifier.problem(f"{modifier.string('url')} may change what this means, and is not known here")
        repeats = node.get("repeats")
        if node.string("type") in CHOICES and repeats is not None and repeats.value is True:
            yield repeats.problem("this question takes several answers; each item of a questionnaire takes one")


def _link_problems(items: tuple[Node, ...]) -> Iterator[Problem]:
    seen: dict[str, Node] = {}
    for item in items:
        link = item.get("linkId")
        if link is None or not item.string("linkId"):
            yield item.problem("this item has no linkId")
        elif item.string("linkId") in seen:
            before = seen[item.string("linkId")]
            yield link.problem(f"linkId {item.string('linkId')} stands twice; the other one is on line {before.line}")
        else:
            seen[item.string("linkId")] = link


def _leaf(node: Node, language: str) -> Leaf:
    read_only = node.get("readOnly")
    return Leaf(
        link_id=node.string("linkId"),
        prefix=node.string("prefix"),
        kind=node.string("type"),
        words=translations(node, "text", language),
        codings=tuple(coding_of(code) for code in node.each("code")),
        score=(read_only is not None and read_only.value is True) or any(extensions(node, {CALCULATED})),
        node=node,
    )


def _above(items: tuple[Node, ...], language: str) -> Iterator[Above]:
    """Yield what stands above questions; a display inside a question is a note on it, and above nothing."""
    questions = {node.path for node in items if node.string("type") not in {"group", "display"}}
    place = 0
    for node in items:
        kind = node.string("type")
        if kind not in {"group", "display"}:
            place += 1
        elif questions.isdisjoint(_around(node.path)):
            words = translations(node, "text", language)
            if words:
                yield Above(kind, place, words)


def _around(path: str) -> Iterator[str]:
    """Yield the paths of the items that an item stands in."""
    while (cut := path.rfind(".item[")) > 0:
        path = path[:cut]
        yield path


def _concepts(value_set: Node) -> Iterator[Node]:
    """Yield the concepts of a ValueSet: as expanded, else as composed."""
    expansion, compose = value_set.get("expansion"), value_set.get("compose")
    if expansion is not None and any(expansion.each("contains")):
        yield from expansion.each("contains")
    elif compose is not None:
        for include in compose.each("include"):
            yield from include.each("concept")


def _concept(node: Node, language: str) -> Choice:
    return Choice(translations(node, "display", language), coding_of(node), _ordinal(node), node)


def _option(node: Node, language: str) -> Choice:
    coding, stated = node.get("valueCoding"), _ordinal(node)
    if coding is not None:
        ordinal = _ordinal(coding) if stated is None else stated
        return Choice(translations(coding, "display", language), coding_of(coding), ordinal, node)
    whole = node.number("valueInteger")
    if whole is not None:
        return Choice({language: f"{whole}"}, None, whole if stated is None else stated, node)
    return Choice(translations(node, "valueString", language), None, stated, node)


def _ordinal(node: Node) -> int | float | None:
    return next((one.number("valueDecimal") for one in extensions(node, ORDINALS)), None)


def ordinal_node(choice: Choice) -> Node:
    """Return the place of an option's ordinal; of the option when it declares none."""
    holders = (choice.node, choice.node.get("valueCoding"))
    found = (extension for holder in holders for extension in extensions(holder, ORDINALS))
    return next((extension.get("valueDecimal") or extension for extension in found), choice.node)
