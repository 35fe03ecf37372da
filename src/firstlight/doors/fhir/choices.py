"""The answers of a question, wherever a file puts them: beside it, in a contained ValueSet, or in a list of LOINC's."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from firstlight.clinical.evidence import Words
from firstlight.clinical.instruments import Option
from firstlight.doors.fhir.answer_lists import listed
from firstlight.doors.fhir.languages import translations
from firstlight.doors.fhir.ordinals import Ordinal, ordinal_of
from firstlight.doors.fhir.positions import Node, NotReadable
from firstlight.doors.fhir.shapes import LOINC, Coding, Form, Leaf, coding_of

AS_ANSWERS = "put the answers into the file as answerOption, each with its ordinalValue"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer. `ordinal` is None when the file declares none. `plain`: the word itself, where no code stands for it."""

    words: Words
    coding: Coding | None
    ordinal: Ordinal | None
    node: Node
    plain: object = None

    @property
    def words_node(self) -> Node:
        """Return where its words stand."""
        holder = self.node.get("valueCoding") or self.node
        return holder.get("display") or holder.get("valueString") or holder

    @property
    def ordinal_node(self) -> Node:
        """Return the place of what it counts; of the answer when it declares nothing."""
        return self.ordinal.node if self.ordinal else self.node


def choices_of(form: Form, leaf: Leaf) -> tuple[Choice, ...]:
    """Return the answers of a question in printed order. Raises NotReadable when they stand elsewhere and are not known."""
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
    return tuple(_concepts(form, found))


def _listed(option: Option, language: str, reference: Node) -> Choice:
    """Return an option of a list of LOINC's: its words are English, whatever kind of English the file is in."""
    spoken = language if language.split("-")[0] == "en" else "en"
    return Choice({spoken: option.label["en"]}, Coding(LOINC, option.code, reference), None, reference)


def _option(node: Node, language: str) -> Choice:
    coding = node.get("valueCoding")
    if coding is not None:
        return Choice(translations(coding, "display", language), coding_of(coding), ordinal_of(node, coding), node)
    for name in ("valueInteger", "valueString"):
        holder = node.get(name)
        if holder is None:
            continue
        stated = ordinal_of(node, node.get(f"_{name}"))
        whole = node.number(name)
        if name == "valueInteger" and whole is not None:
            return Choice({language: f"{whole}"}, None, stated or Ordinal(whole, holder), node, whole)
        return Choice(translations(node, name, language), None, stated, node, holder.value)
    return Choice({}, None, ordinal_of(node), node)


def _concepts(form: Form, value_set: Node) -> Iterator[Choice]:
    """Yield the concepts of a ValueSet: as expanded, else as composed."""
    expansion, compose = value_set.get("expansion"), value_set.get("compose")
    if expansion is not None and any(expansion.each("contains")):
        for node in expansion.each("contains"):
            yield _concept(form, node, node.string("system"))
        return
    if compose is None:
        raise NotReadable(value_set.problem(f"this ValueSet holds no answers; {AS_ANSWERS}"))
    for exclude in compose.each("exclude"):
        raise NotReadable(exclude.problem(f"this ValueSet takes answers out again; {AS_ANSWERS}"))
    for include in compose.each("include"):
        for node in _included(form, include):
            yield _concept(form, node, include.string("system"))


def _included(form: Form, include: Node) -> Sequence[Node]:
    """Return the concepts of one part of a ValueSet: those that it lists, else all of a code system in the file."""
    listed_here = list(include.each("concept"))
    if listed_here:
        return listed_here
    system = include.string("system").partition("|")[0]
    for name, what in (("filter", "chosen by a filter"), ("valueSet", "those of another ValueSet")):
        place = include.get(name)
        if place is not None:
            raise NotReadable(place.problem(f"the answers are {what}, which is not followed here; {AS_ANSWERS}"))
    found = form.code_systems.get(system)
    if found is None:
        said = f"the answers are all codes of {system or 'a system without an address'}, which is not in this file"
        raise NotReadable((include.get("system") or include).problem(f"{said}; {AS_ANSWERS}"))
    return list(found.each("concept"))


def _concept(form: Form, node: Node, system: str) -> Choice:
    """Return a concept; what it does not say itself, its contained code system says."""
    code = node.string("code")
    defined = form.code_systems.get(system.partition("|")[0])
    same = [] if defined is None else [one for one in defined.each("concept") if one.string("code") == code]
    origin = same[0] if same and same[0] is not node else None
    words = translations(node, "display", form.language)
    if origin is not None:
        words = {**translations(origin, "display", form.language), **words}
    return Choice(words, Coding(system, code, node), ordinal_of(node, origin), node)
