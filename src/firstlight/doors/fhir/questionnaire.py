"""A FHIR Questionnaire against one of our instruments: bound item by item, or refused with everything that is wrong."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from firstlight.clinical.evidence import Words, text
from firstlight.clinical.instruments import Instrument, Item
from firstlight.doors.fhir.binding import Pair, bind, is_result, unscored_pairs
from firstlight.doors.fhir.exchanged import exchanged
from firstlight.doors.fhir.identifying import identify
from firstlight.doors.fhir.options import option_words
from firstlight.doors.fhir.positions import NotReadable, Problem, parse
from firstlight.doors.fhir.shapes import Form, Leaf, read_form
from firstlight.journey.screening.holding import ItemWords, Wording, same_words


@dataclass(frozen=True, slots=True)
class Binding:
    """One item as the file asks it. `by`: how it was found. `differs`: its words are not those that Firstlight ships."""

    item: Item
    link_id: str
    line: int
    by: str
    question: Words
    answers: tuple[Words, ...]
    stem: Words
    differs: bool


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that the file asks or holds and that is not part of the instrument."""

    link_id: str
    line: int
    says: str
    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A Questionnaire that can be used: what it is, how each item was bound, what is left out, its words by language."""

    instrument: Instrument
    known_by: str
    language: str
    url: str
    copyright: str
    stem: Words
    bindings: tuple[Binding, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages in which every word is there, the file's own first."""
        items = [binding for binding in self.bindings if binding.item in self.instrument.items]
        every = [words for binding in items for words in (binding.question, *binding.answers)]
        complete = set.intersection(*(set(words) for words in every))
        return (self.language, *sorted(complete - {self.language}))

    def wording(self, language: str) -> Wording:
        """Return the words of one language, as a clinic holds them."""
        return Wording(
            language=language,
            stem=self.stem.get(language, ""),
            items={
                binding.item.key: ItemWords(
                    question=binding.question[language],
                    answers=tuple(words[language] for words in binding.answers),
                    stem=binding.stem.get(language, ""),
                )
                for binding in self.bindings
                if all(language in words for words in (binding.question, *binding.answers))
            },
        )


def read_questionnaire(document: str, *, named: str = "", language: str = "") -> Reading:
    """Read a Questionnaire. `named`: which instrument it is, if the file does not say. Raises NotReadable."""
    form = read_form(parse(document), language=language)
    definition, known_by = identify(form, named=named)
    pairs, others = bind(form, definition)
    answers, stem = _answers(form, pairs), _stem(form, pairs)
    after = _unscored(form, definition, others)
    bound = [pair for pair, _answers in after]
    answers |= {pair.item.key: words for pair, words in after}
    if problems := tuple(exchanged(form, definition, (*pairs, *bound))):
        raise NotReadable(*problems)
    return Reading(
        instrument=definition,
        known_by=known_by,
        language=form.language,
        url=form.root.string("url"),
        copyright=form.root.string("copyright"),
        stem=stem,
        bindings=tuple(_binding(form, definition, pair, answers[pair.item.key], stem) for pair in (*pairs, *bound)),
        left_out=tuple(
            _left_out(form, definition, leaf) for leaf in others if all(leaf is not pair.leaf for pair in bound)
        ),
    )


def _unscored(form: Form, definition: Instrument, leaves: Iterable[Leaf]) -> list[tuple[Pair, tuple[Words, ...]]]:
    """Return what the form asks after its items, with its answers. One that is not as published is left out, not refused."""
    found = []
    for pair in unscored_pairs(leaves, definition):
        with suppress(NotReadable):
            found += [(pair, one) for one in [option_words(form, pair)] if form.language in pair.leaf.words]
    return found


def _answers(form: Form, pairs: Iterable[Pair]) -> dict[str, tuple[Words, ...]]:
    """Return the words of every item's answers, or refuse with the problems of all items at once."""
    found: dict[str, tuple[Words, ...]] = {}
    problems: list[Problem] = []
    for pair in pairs:
        if form.language not in pair.leaf.words:
            problems.append(pair.leaf.node.problem(f"item {pair.item.number} has no text"))
        try:
            found[pair.item.key] = option_words(form, pair)
        except NotReadable as refused:
            problems += refused.problems
            continue
        if any(form.language not in words for words in found[pair.item.key]):
            problems.append(
                pair.leaf.node.problem(f"an answer of item {pair.item.number} has no words in {form.language}")
            )
    if problems:
        raise NotReadable(*problems)
    return found


def _binding(form: Form, definition: Instrument, pair: Pair, answers: tuple[Words, ...], stem: Words) -> Binding:
    return Binding(
        item=pair.item,
        link_id=pair.leaf.link_id,
        line=pair.leaf.node.line,
        by=pair.by,
        question=pair.leaf.words,
        answers=answers,
        stem=_own_stem(form, pair, stem),
        differs=definition.worded and form.language in definition.languages and _differs(form, pair, answers),
    )


def _differs(form: Form, pair: Pair, answers: tuple[Words, ...]) -> bool:
    language = form.language
    ours = (text(pair.item.text, language), *(text(option.label, language) for option in pair.item.options))
    theirs = (pair.leaf.words[language], *(words[language] for words in answers))
    return not all(same_words(one, other) for one, other in zip(ours, theirs, strict=True))


def _stem(form: Form, pairs: Sequence[Pair]) -> Words:
    """Return the text above all items: of a group around the first one; without such a group, of a display before it.

    Where our own first item alone has such words, they are not those of all.
    """
    first = _place(form, pairs[0].leaf)
    above = [one for one in form.above if one.place <= first]
    groups = [one.words for one in above if one.kind == "group"]
    displays = [one.words for one in above if one.kind == "display"]
    return (groups or displays or [{}])[-1] if groups or pairs[0].item.stem is None else {}


def _own_stem(form: Form, pair: Pair, stem: Words) -> Words:
    """Return the text of a display that stands directly above one item."""
    place = _place(form, pair.leaf)
    own = [one.words for one in form.above if one.kind == "display" and one.place == place and one.words is not stem]
    return own[-1] if own else {}


def _place(form: Form, leaf: Leaf) -> int:
    return next(place for place, one in enumerate(form.leaves) if one is leaf)


def _left_out(form: Form, definition: Instrument, leaf: Leaf) -> LeftOut:
    why = "result" if is_result(leaf, definition) else "extra"
    return LeftOut(leaf.link_id, leaf.node.line, leaf.words.get(form.language, ""), why)
