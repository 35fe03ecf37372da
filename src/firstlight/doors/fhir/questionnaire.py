"""A FHIR Questionnaire against one of our instruments: bound item by item, or refused with everything that is wrong."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from firstlight.clinical.evidence import Words
from firstlight.clinical.instruments import Instrument, Item
from firstlight.doors.fhir.above import Above, above
from firstlight.doors.fhir.binding import Pair, bind, is_result, unscored_pairs
from firstlight.doors.fhir.conditions import Bound, changed_questions
from firstlight.doors.fhir.exact import unlike
from firstlight.doors.fhir.exchanged import exchanged
from firstlight.doors.fhir.identifying import identify
from firstlight.doors.fhir.options import Answers, answers_of
from firstlight.doors.fhir.plausible import repeated_words
from firstlight.doors.fhir.positions import NotReadable, Problem, parse
from firstlight.doors.fhir.publication import Publication
from firstlight.doors.fhir.remarks import Remark, Why, remarks_on
from firstlight.doors.fhir.shapes import Form, Leaf, read_form
from firstlight.journey.screening.holding import ItemWords, Wording


@dataclass(frozen=True, slots=True)
class Binding:
    """One item as the file asks it. `by`: how it was found. `watched`: an answer to it can call for help."""

    item: Item
    link_id: str
    line: int
    by: str
    question: Words
    answers: tuple[Words, ...]
    stem: Words
    watched: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """One item whose answers can call for help, whole, in one language: what a person compares before all else."""

    number: int
    line: int
    language: str
    stem: str
    question: str
    answers: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that the file asks or says and that is not taken over."""

    link_id: str
    line: int
    says: str
    why: Why


@dataclass(frozen=True, slots=True)
class Reading:
    """A Questionnaire that can be used: what it is, how each item was bound, what is left out, its words by language."""

    instrument: Instrument
    known_by: str
    language: str
    languages: tuple[str, ...]
    published: Publication
    stem: Words
    bindings: tuple[Binding, ...]
    left_out: tuple[LeftOut, ...]
    remarks: tuple[Remark, ...]

    @property
    def watched(self) -> tuple[Binding, ...]:
        """Return the items that somebody must compare before all others: an answer to them can call for help."""
        return tuple(binding for binding in self.bindings if binding.watched)

    @property
    def compared(self) -> tuple[Compared, ...]:
        """Return those items in every language that would be asked in."""
        return tuple(
            Compared(
                number=one.item.number,
                line=one.line,
                language=language,
                stem=one.stem.get(language, ""),
                question=one.question[language],
                answers=tuple(
                    (option.value, words[language]) for option, words in zip(one.item.options, one.answers, strict=True)
                ),
            )
            for one in self.watched
            for language in self.languages
            if all(language in words for words in (one.question, *one.answers))
        )

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
    answers = _answers(form, definition, pairs)
    bound = Bound(definition, pairs, answers)
    after, why = _unscored(form, bound, others)
    every = (*pairs, *(pair for pair, _found in after))
    answers = answers | {pair.item.key: found for pair, found in after}
    texts = _checked(form, bound, every, answers)
    languages = _languages(form, pairs, answers, texts)
    used = {id(pair.leaf) for pair in every}
    return Reading(
        instrument=definition,
        known_by=known_by,
        language=form.language,
        languages=languages,
        published=form.published,
        stem=texts.stem,
        bindings=tuple(_binding(definition, pair, answers[pair.item.key], texts) for pair in every),
        left_out=(
            *(_left_out(form, definition, leaf, why) for leaf in others if id(leaf) not in used),
            *_answers_aside(form, every, answers),
            *(
                LeftOut(one.link_id, one.node.line, one.words.get(form.language, ""), Why(reason))
                for one, reason in texts.left_out
            ),
        ),
        remarks=remarks_on(form, pairs, answers, languages),
    )


def _unscored(form: Form, bound: Bound, leaves: Sequence[Leaf]) -> tuple[list[tuple[Pair, Answers]], Mapping[int, Why]]:
    """Return what the form asks after its items, with its answers, and why others are left out, by the id of the question.

    It counts nowhere. One that is not as published is left out, not refused.
    """
    found, why = [], {}
    for pair in unscored_pairs(leaves, bound.definition):
        try:
            answers = answers_of(form, bound.definition, pair)
        except NotReadable:
            continue
        if form.language not in pair.leaf.words or any(unlike(form, bound.definition, pair, answers.choices)):
            why[id(pair.leaf)] = Why.REWORDED
        elif any(changed_questions(bound, [pair])):
            why[id(pair.leaf)] = Why.CONDITION
        else:
            found.append((pair, answers))
    return found, why


def _answers(form: Form, definition: Instrument, pairs: Sequence[Pair]) -> dict[str, Answers]:
    """Return every item's answers, or refuse with the problems of all items at once."""
    found: dict[str, Answers] = {}
    problems: list[Problem] = []
    for pair in pairs:
        if form.language not in pair.leaf.words:
            problems.append(pair.leaf.node.problem(f"item {pair.item.number} has no text"))
        try:
            found[pair.item.key] = answers_of(form, definition, pair)
        except NotReadable as refused:
            problems += refused.problems
            continue
        if any(form.language not in words for words in found[pair.item.key].words):
            problems.append(
                pair.leaf.node.problem(f"an answer of item {pair.item.number} has no words in {form.language}")
            )
    if problems:
        raise NotReadable(*problems)
    return found


def _checked(form: Form, bound: Bound, every: Sequence[Pair], answers: Mapping[str, Answers]) -> Above:
    """Return what stands above the questions, or refuse with everything that is wrong in words and conditions.

    Of several things that are wrong with the same words only the one that says most is named.
    """
    definition = bound.definition
    problems = list(exchanged(definition, every, answers))
    texts, own = None, {}
    try:
        texts = above(form, definition, bound.pairs, every)
        own = dict(texts.own)
    except NotReadable as refused:
        problems += refused.problems
    further = [
        *(one for pair in every for one in unlike(form, definition, pair, answers[pair.item.key].choices)),
        *changed_questions(bound, bound.pairs),
        *repeated_words(every, answers, own),
    ]
    problems += _of_other_places(problems, further)
    if texts is None or problems:
        raise NotReadable(*problems)
    return texts


def _of_other_places(problems: Sequence[Problem], further: Sequence[Problem]) -> Iterator[Problem]:
    places = {problem.path for problem in problems}
    for problem in further:
        if problem.path not in places:
            places.add(problem.path)
            yield problem


def _languages(form: Form, pairs: Sequence[Pair], answers: Mapping[str, Answers], texts: Above) -> tuple[str, ...]:
    """Return the languages in which every word is there, also those above the questions; the file's own first."""
    every = [words for pair in pairs for words in (pair.leaf.words, *answers[pair.item.key].words)]
    every += [words for words in (texts.stem, *(texts.own[pair.item.key] for pair in pairs)) if words]
    complete = set.intersection(*(set(words) for words in every))
    return (form.language, *sorted(complete - {form.language}))


def _binding(definition: Instrument, pair: Pair, answers: Answers, texts: Above) -> Binding:
    return Binding(
        item=pair.item,
        link_id=pair.leaf.link_id,
        line=pair.leaf.node.line,
        by=pair.by,
        question=pair.leaf.words,
        answers=answers.words,
        stem=texts.own[pair.item.key],
        watched=pair.item.key in definition.watched,
    )


def _left_out(form: Form, definition: Instrument, leaf: Leaf, why: Mapping[int, Why]) -> LeftOut:
    otherwise = Why.RESULT if is_result(leaf, definition) else Why.EXTRA
    return LeftOut(leaf.link_id, leaf.node.line, leaf.words.get(form.language, ""), why.get(id(leaf), otherwise))


def _answers_aside(form: Form, pairs: Sequence[Pair], answers: Mapping[str, Answers]) -> Iterator[LeftOut]:
    for pair in pairs:
        aside = answers[pair.item.key].aside
        if aside is not None:
            said = aside.words.get(form.language, "")
            yield LeftOut(pair.leaf.link_id, aside.node.line, said, Why.NOT_APPLICABLE)
