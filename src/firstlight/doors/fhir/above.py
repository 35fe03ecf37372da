"""What stands above the questions: the text above all of them, that above single ones, and what is left out.

No text of a file is lost without a word: it is held, or named as left out, or the file is refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from firstlight.clinical.evidence import Words, text
from firstlight.clinical.instruments import Instrument
from firstlight.doors.fhir.binding import Pair
from firstlight.doors.fhir.conditions import changed_text
from firstlight.doors.fhir.exact import same_wording
from firstlight.doors.fhir.identifying import is_name_of
from firstlight.doors.fhir.languages import shipped_language
from firstlight.doors.fhir.positions import Node, NotReadable, Problem
from firstlight.doors.fhir.shapes import Form, Leaf, Text

MOST_SAID = 300


@dataclass(frozen=True, slots=True)
class Above:
    """The words above all items, those above single ones by key, and the texts that are left out with the reason why.

    Why: a heading, a note, or words above ("above") that the questionnaire as it ships does not have.
    """

    stem: Words
    own: Mapping[str, Words]
    left_out: tuple[tuple[Text, str], ...]


def above(form: Form, definition: Instrument, pairs: Sequence[Pair], every: Sequence[Pair]) -> Above:
    """Return what stands above the questions of a form. Raises NotReadable where it is not the same for all, or not ours.

    `pairs`: the items. `every`: the items and what the form asks after them, which has no part in the text above all.
    """
    left_out = {one.node.path: (one, "note") for one in form.texts}
    headings = {one.node.path: (one, "heading") for one in form.texts if _is_heading(form, definition, one)}
    texts = [one for one in form.texts if not one.inside and one.node.path not in headings]
    shared = [one for one in texts if _above_all(form, one, pairs)]
    parts = [[one for one in texts if _above_part(form, one, pair, pairs)] for pair in pairs]
    shared += _alike_everywhere(form, pairs, parts)
    taken = {one.node.path for one in (*shared, *(one for part in parts for one in part))}
    single = [[one for one in texts if one.node.path not in taken and _above_one(form, one, pair)] for pair in every]
    if pairs[0].item.stem is not None:  # our own first item alone has words above it
        mine = [one for one in shared if one.kind == "display"]
        shared = [one for one in shared if one.kind != "display"]
        single[0] = [*mine, *single[0]]
    chosen = _Chosen(form, definition)
    stem = chosen.choose(shared, definition.stem, "what stands above all questions")
    own = {
        pair.item.key: chosen.choose(found, pair.item.stem, f"what stands above item {pair.item.number}")
        for pair, found in zip(every, single, strict=True)
    }
    if chosen.problems:
        raise NotReadable(*chosen.problems)
    left_out |= {**headings, **chosen.left_out}
    return Above(stem, own, tuple(one for path, one in left_out.items() if path not in chosen.held))


class _Chosen:
    """The texts of a file sorted into those that are held, those that are left out, and what is wrong with them."""

    def __init__(self, form: Form, definition: Instrument) -> None:
        self.form, self.definition = form, definition
        self.held: set[str] = set()
        self.left_out: dict[str, tuple[Text, str]] = {}
        self.problems: list[Problem] = []

    def choose(self, texts: Sequence[Text], ours: Words | None, what: str) -> Words:
        """Return the words above: where ours ship, the text that is ours; else all texts together, the outermost first."""
        shipped = shipped_language(self.definition, self.form.language)
        if not texts or not shipped:
            return self._held(texts, ours, what)
        if ours is None:
            self._leave(texts)
            return {}
        expected = text(ours, shipped)
        right = next((one for one in texts if same_wording(self._said(one), expected)), None)
        if right is not None:
            self._leave([one for one in texts if one is not right])
            return self._held([right], ours, what)
        if same_wording(" ".join(map(self._said, texts)), expected):
            return self._held(texts, ours, what)
        for one in texts:
            message = f"{what} reads “{self._said(one)[:MOST_SAID]}”; “{expected}” is expected"
            self.problems.append(_place(one).problem(message))
        return {}

    def _held(self, texts: Sequence[Text], ours: Words | None, what: str) -> Words:
        """Return texts as one, in each language in which all of them are there; a translation into ours is ours too."""
        if not texts:
            return {}
        for one in texts:
            self.held.add(one.node.path)
            self.problems += changed_text(one.node, what)
        spoken = set.intersection(*(set(one.words) for one in texts))
        words = {
            language: "\n".join(dict.fromkeys(one.words[language] for one in texts))
            for language in texts[0].words
            if language in spoken
        }
        for language, said in words.items():
            shipped = shipped_language(self.definition, language)
            expected = text(ours, shipped) if shipped and ours else ""
            if shipped and language != self.form.language and not same_wording(said, expected):
                right = f"“{expected}” is expected" if expected else "nothing is expected there"
                message = f"{what} reads “{said[:MOST_SAID]}” in {language}; {right}"
                self.problems.append(_place(texts[0]).problem(message))
        return words

    def _leave(self, texts: Sequence[Text]) -> None:
        self.left_out |= {one.node.path: (one, "above") for one in texts}

    def _said(self, one: Text) -> str:
        return one.words.get(self.form.language, "")


def _is_heading(form: Form, definition: Instrument, one: Text) -> bool:
    said = one.words.get(form.language, "")
    return is_name_of(definition, said) or any(said and same_wording(said, name) for name in form.names)


def _above_all(form: Form, one: Text, pairs: Sequence[Pair]) -> bool:
    """Tell whether a text stands above every question: of a group around them all, or of a display before the first."""
    if one.kind == "group":
        return all(_within(pair.leaf, one.node) for pair in pairs)
    return _right_before(form, one, pairs[0].leaf) and all(_around_all(group, pairs) for group in one.around)


def _above_part(form: Form, one: Text, pair: Pair, pairs: Sequence[Pair]) -> bool:
    """Tell whether a text stands above a part of the questions and one is among them: of a group, or at its head."""
    group = one.node if one.kind == "group" else next(reversed(one.around), None)
    if group is None or _around_all(group, pairs) or not _within(pair.leaf, group):
        return False
    first = next(other for other in pairs if _within(other.leaf, group))
    return one.kind == "group" or _right_before(form, one, first.leaf)


def _above_one(form: Form, one: Text, pair: Pair) -> bool:
    """Tell whether a display stands directly above one question."""
    return one.kind == "display" and _right_before(form, one, pair.leaf)


def _right_before(form: Form, one: Text, leaf: Leaf) -> bool:
    """Tell whether a text comes before a question with nothing between but results."""
    return one.place <= leaf.place and all(between.score for between in form.leaves[one.place : leaf.place])


def _alike_everywhere(form: Form, pairs: Sequence[Pair], parts: Sequence[Sequence[Text]]) -> list[Text]:
    """Return the texts above parts of the questions, where they say the same above each. Else they are refused, each named."""
    said = {tuple(" ".join(one.words.get(form.language, "").split()) for one in part) for part in parts}
    if len(said) == 1:
        return list(parts[0])
    named: dict[str, tuple[Text, list[int]]] = {}
    for pair, part in zip(pairs, parts, strict=True):
        for one in part:
            named.setdefault(one.node.path, (one, []))[1].append(pair.item.number)
    raise NotReadable(*(_place(one).problem(_of_a_part(form, one, numbers)) for one, numbers in named.values()))


def _of_a_part(form: Form, one: Text, numbers: Sequence[int]) -> str:
    words = one.words.get(form.language, "")[:MOST_SAID]
    return (
        f"“{words}” stands above items {numbers[0]} to {numbers[-1]} alone; one text above all questions is expected, "
        "and what belongs to one question alone as a display directly above it"
    )


def _around_all(group: Node, pairs: Sequence[Pair]) -> bool:
    return all(_within(pair.leaf, group) for pair in pairs)


def _within(leaf: Leaf, group: Node) -> bool:
    return any(one is group for one in leaf.around)


def _place(one: Text) -> Node:
    return one.node.get("text") or one.node
