"""What a FHIR Questionnaire says, as plain values: its questions in order with codes and words, and the texts between them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from firstlight.clinical.evidence import Words
from firstlight.doors.fhir.languages import agree, extensions, is_language, translations
from firstlight.doors.fhir.positions import Node, NotReadable, Problem
from firstlight.doors.fhir.publication import Publication, publication_of, publication_problems

LOINC = "http://loinc.org"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
CALCULATED = f"{SDC}calculatedExpression"
CHOICES = {"choice", "open-choice", "coding"}  # R4 and R5
TEXTS = {"group", "display"}
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
class Leaf:
    """One item that is no group and no display text. `score`: it holds a result and asks nothing.

    `place`: as which question of the file it stands, from 0. `around`: the groups that it stands in, the outermost first.
    """

    place: int

    link_id: str
    prefix: str
    kind: str
    words: Words
    codings: tuple[Coding, ...]
    score: bool
    node: Node
    around: tuple[Node, ...]

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
class Text:
    """The text of a group or of a display. `place`: the question that follows it. `inside`: it is a note within a question."""

    kind: str
    place: int
    words: Words
    node: Node
    around: tuple[Node, ...]
    inside: bool

    @property
    def link_id(self) -> str:
        return self.node.string("linkId")


@dataclass(frozen=True, slots=True)
class Form:
    """A Questionnaire as far as we look at it. `stated`: the file says in which language it is, or somebody said so."""

    root: Node
    names: tuple[str, ...]
    language: str
    stated: bool
    published: Publication
    codings: tuple[Coding, ...]
    leaves: tuple[Leaf, ...]
    texts: tuple[Text, ...]
    value_sets: Mapping[str, Node] = field(default_factory=dict)
    code_systems: Mapping[str, Node] = field(default_factory=dict)


def read_form(root: Node, *, language: str = "") -> Form:
    """Return what a Questionnaire says. Raises NotReadable for anything else, and for items that cannot be told apart."""
    kind = root.string("resourceType")
    if kind != "Questionnaire":
        found = root.get("resourceType") or root
        said = f"this is a {kind}" if kind else "this is no FHIR resource"
        raise NotReadable(found.problem(f"{said}; a Questionnaire is expected"))
    spoken = _spoken(root, language)
    items = tuple(_walk(root))
    problems = (*_modifiers(root), *_repeating(items), *_link_problems(items), *publication_problems(root))
    if problems:
        raise NotReadable(*problems)
    by_path = {node.path: node for node in items}
    asking = [node for node in items if node.string("type") not in TEXTS]
    leaves = tuple(_leaf(place, node, spoken, by_path) for place, node in enumerate(asking))
    return Form(
        root=root,
        names=tuple(filter(None, (root.string(name) for name in ("name", "id", "url", "title")))),
        language=spoken,
        stated=bool(language or root.string("language")),
        published=publication_of(root),
        codings=tuple(coding_of(node) for node in root.each("code")),
        leaves=leaves,
        texts=tuple(_texts(items, spoken, by_path)),
        value_sets={
            name: one
            for one in _contained(root, "ValueSet")
            for name in (f"#{one.string('id')}", one.string("url"))
            if name
        },
        code_systems={one.string("url"): one for one in _contained(root, "CodeSystem") if one.string("url")},
    )


def coding_of(node: Node) -> Coding:
    """Return a code with its system."""
    return Coding(node.string("system"), node.string("code"), node)


def _spoken(root: Node, language: str) -> str:
    """Return the language of the words: as the file says, or as somebody says where the file says nothing else."""
    own, place = root.string("language"), root.get("language") or root
    for spoken in filter(None, (own, language)):
        if not is_language(spoken):
            raise NotReadable(place.problem(f"{spoken[:40]} is no code of a language, as en or de-CH"))
    if own and language and not agree(own, language):
        said = f"the file says that its words are in {own}, and you say {language}; one of the two is wrong"
        raise NotReadable(place.problem(said))
    return language or own or "en"


def _contained(root: Node, kind: str) -> list[Node]:
    return [one for one in root.each("contained") if one.string("resourceType") == kind]


def _walk(node: Node) -> Iterator[Node]:
    for item in node.each("item"):
        yield item
        yield from _walk(item)


def _modifiers(root: Node) -> Iterator[Problem]:
    """Yield what may change the meaning of anything in the file and is not known here: FHIR forbids to pass over it."""
    for name, found in root.walk():
        if name == "modifierExtension":
            inner = found.value if isinstance(found.value, tuple) else (found,)
            for one in inner:
                address = one.string("url") or "a modifier without an address"
                yield one.problem(f"{address} may change what this means, and is not known here")


def _repeating(items: tuple[Node, ...]) -> Iterator[Problem]:
    for node in items:
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


def _leaf(place: int, node: Node, language: str, by_path: Mapping[str, Node]) -> Leaf:
    return Leaf(
        place=place,
        link_id=node.string("linkId"),
        prefix=node.string("prefix"),
        kind=node.string("type"),
        words=translations(node, "text", language),
        codings=tuple(coding_of(code) for code in node.each("code")),
        score=node.flag("readOnly") or any(extensions(node, {CALCULATED})),
        node=node,
        around=_around(node, by_path),
    )


def _texts(items: tuple[Node, ...], language: str, by_path: Mapping[str, Node]) -> Iterator[Text]:
    """Yield what stands between and above questions."""
    place = 0
    for node in items:
        kind = node.string("type")
        if kind not in TEXTS:
            place += 1
            continue
        around, words = _around(node, by_path), translations(node, "text", language)
        if words:
            inside = any(one.string("type") not in TEXTS for one in around)
            yield Text(kind, place, words, node, around, inside)


def _around(node: Node, by_path: Mapping[str, Node]) -> tuple[Node, ...]:
    """Return the items that an item stands in, the outermost first."""
    found, path = [], node.path
    while (cut := path.rfind(".item[")) > 0:
        path = path[:cut]
        if path in by_path:
            found.append(by_path[path])
    return tuple(reversed(found))
