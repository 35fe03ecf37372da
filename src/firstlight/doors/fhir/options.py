"""The answers of a bound question against the keyed values of our item: number, order, ordinals, codes, words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from firstlight.clinical.evidence import Words, text
from firstlight.clinical.instruments import Instrument, Item, Option
from firstlight.doors.fhir.binding import ANSWERED, Pair
from firstlight.doors.fhir.choices import Choice, choices_of
from firstlight.doors.fhir.languages import STRUCTURE, shipped_language
from firstlight.doors.fhir.positions import NotReadable, Problem
from firstlight.doors.fhir.shapes import Form

YES_NO = {1: "Yes", 0: "No"}
YES_NO_CODES = {"LA33-6": 1, "LA32-8": 0}  # LOINC's answers Yes and No (PC-PTSD-5, LOINC 2.83)
_NUMERAL = re.compile(r"[\W_]*(\d{1,9})[\W_]*")


@dataclass(frozen=True, slots=True)
class Answers:
    """The words of each option of an item, and the answers of the file that say them; None where the words are ours.

    `aside`: the file's answer "does not apply", which is asked in our words.
    """

    words: tuple[Words, ...]
    choices: tuple[Choice | None, ...]
    aside: Choice | None = None


def answers_of(form: Form, definition: Instrument, pair: Pair) -> Answers:
    """Return the answers of a question in the order of our own. Raises NotReadable for options that are not ours."""
    item = pair.item
    if pair.leaf.kind == "boolean":
        return _with_ours(form, definition, pair, _yes_no(form, pair))
    if pair.leaf.kind not in ANSWERED:
        said = f"item {item.number} is of the type {pair.leaf.kind or 'nothing'}; choice is expected"
        raise NotReadable((pair.leaf.node.get("type") or pair.leaf.node).problem(said))
    found = choices_of(form, pair.leaf)
    if pair.leaf.kind == "integer" and not found:
        return Answers(_whole_numbers(form, definition, pair), (None,) * len(item.options))
    if not found:
        raise NotReadable(pair.leaf.node.problem(f"item {item.number} has no answers"))
    aside = _not_applicable(item, found)
    choices = [choice for choice in found if choice is not aside]
    options = _options_for(item, len(choices))
    if options is None:
        raise NotReadable(pair.leaf.node.problem(_wrong_count(item, len(found))))
    problems = [*_wrong_ordinals(item, options, choices), *_swapped_codes(item, options, choices)]
    worded = [_worded(form, definition, item, option, one) for option, one in zip(options, choices, strict=True)]
    problems += [one.node.problem("this answer has no words") for one in worded if not one.words]
    problems = problems or list(_numbers_for_words(definition, item, options, worded))
    if problems:
        raise NotReadable(*problems)
    by_value = {option.value: choice for option, choice in zip(options, worded, strict=True)}
    return _with_ours(form, definition, pair, by_value, aside)


def published(item: Item) -> tuple[Option, ...]:
    """Return the options that its publisher prints, without those that are an addition of ours."""
    return tuple(option for option in item.options if not option.ours)


def _with_ours(
    form: Form,
    definition: Instrument,
    pair: Pair,
    found: dict[int, Choice] | dict[int, Words],
    aside: Choice | None = None,
) -> Answers:
    """Return all answers; one that is an addition of ours keeps our words, in a language in which we have them."""
    words: list[Words] = []
    choices: list[Choice | None] = []
    shipped = shipped_language(definition, form.language)
    for option in pair.item.options:
        one = found.get(option.value)
        choices.append(one if isinstance(one, Choice) else None)
        if isinstance(one, Choice):
            words.append(one.words)
        elif one is not None:
            words.append(one)
        elif shipped:
            words.append({form.language: text(option.label, shipped)})
        else:
            said = f"“{text(option.label)}” is an answer of ours and has no words in {form.language}"
            message = f"item {pair.item.number}: {said}; add it to the file as an answer that counts {option.value}"
            raise NotReadable(pair.leaf.node.problem(message))
    return Answers(tuple(words), tuple(choices), aside)


def _not_applicable(item: Item, choices: Sequence[Choice]) -> Choice | None:
    """Return the answer that an item may not apply: the one beyond its values, which counts nothing."""
    if not item.optional or len(choices) != len(item.options) + 1:
        return None
    nothing = [choice for choice in choices if choice.ordinal is None]
    return nothing[0] if len(nothing) == 1 else None


def _options_for(item: Item, count: int) -> tuple[Option, ...] | None:
    """Return which of our options a file of so many answers holds: all, or all but those of ours."""
    return next((one for one in (item.options, published(item)) if len(one) == count), None)


def _wrong_count(item: Item, count: int) -> str:
    ours = [text(option.label) for option in item.options if option.ours]
    less = f", or {len(published(item))} without our own “{'”, “'.join(ours)}”" if ours else ""
    more = ", and one that counts nothing where it may not apply" if item.optional else ""
    return f"item {item.number} has {count} answers; {len(item.options)} are expected{less}{more}"


def _wrong_ordinals(item: Item, options: Sequence[Option], choices: Sequence[Choice]) -> Iterator[Problem]:
    for number, (option, choice) in enumerate(zip(options, choices, strict=True), 1):
        what = f"answer {number} of item {item.number}"
        stated = _counts(item, choice)
        if choice.ordinal is not None and choice.ordinal.fault:
            yield choice.ordinal_node.problem(f"{what} {choice.ordinal.fault}; {option.value} is expected")
        elif stated is None:
            said = "declares no ordinal (ordinalValue or itemWeight)"
            yield choice.node.problem(f"{what} {said}; {option.value} is expected")
        elif stated != option.value:
            yield choice.ordinal_node.problem(f"{what} counts {stated:g}; {option.value} is expected")


def _counts(item: Item, choice: Choice) -> int | float | None:
    """Return what an option counts: as declared, else by its LOINC answer code, which says the same."""
    if choice.ordinal is not None:
        return choice.ordinal.value
    if choice.coding is None or not choice.coding.is_loinc:
        return None
    return _by_code(item).get(choice.coding.code)


def _by_code(item: Item) -> dict[str, int]:
    known = YES_NO_CODES if {option.value for option in published(item)} == set(YES_NO) else {}
    return known | {option.code: option.value for option in item.options if option.code}


def _swapped_codes(item: Item, options: Sequence[Option], choices: Sequence[Choice]) -> Iterator[Problem]:
    known = _by_code(item)
    right = {value: code for code, value in known.items()}
    for number, (option, choice) in enumerate(zip(options, choices, strict=True), 1):
        coding = choice.coding
        counts = known.get(coding.code) if coding is not None and coding.is_loinc else None
        if coding is not None and counts is not None and counts != option.value:
            said = f"{coding.code} is the code of the answer that counts {counts}"
            expected = right.get(option.value, "another answer")
            yield coding.place.problem(f"answer {number} of item {item.number}: {said}; {expected} is expected")


def _worded(form: Form, definition: Instrument, item: Item, option: Option, choice: Choice) -> Choice:
    """Return a choice with our words where it has none and its LOINC code says which answer it is."""
    shipped = shipped_language(definition, form.language)
    known = choice.coding is not None and choice.coding.is_loinc and choice.coding.code == option.code
    if choice.words or not (known and shipped and item.worded):
        return choice
    return Choice(
        {form.language: text(option.label, shipped)}, choice.coding, choice.ordinal, choice.node, choice.plain
    )


def _numbers_for_words(
    definition: Instrument, item: Item, options: Sequence[Option], choices: Sequence[Choice]
) -> Iterator[Problem]:
    """Yield bare numbers where an answer has words: nobody who reads them could tell what a number means."""
    for number, (option, choice) in enumerate(zip(options, choices, strict=True), 1):
        bare = [found for words in choice.words.values() if (found := _NUMERAL.fullmatch(words))]
        if not bare:
            continue
        what = f"answer {number} of item {item.number} is a number"
        if item.worded and not text(option.label).isdigit():
            yield choice.node.problem(f"{what}; {text(option.label)!r} has words here")
        elif not item.worded and not (definition.rated_by_number or item.is_number):
            yield choice.words_node.problem(
                f"{what}, {bare[0][0].strip()!r}; its words on the printed form are expected"
            )
        elif int(bare[0][1]) != option.value:
            yield choice.words_node.problem(f"{what}, {bare[0][1]}, and counts {option.value}; the two are the same")


def _yes_no(form: Form, pair: Pair) -> dict[int, Words]:
    values = {option.value for option in published(pair.item)}
    if values != set(YES_NO):
        said = f"item {pair.item.number} is answered yes or no here; {_possible(pair.item)} are expected"
        raise NotReadable((pair.leaf.node.get("type") or pair.leaf.node).problem(said))
    if form.language.split("-")[0] != "en":
        said = f"the words for yes and no in {form.language} are not in the file; list them as answers"
        raise NotReadable(pair.leaf.node.problem(said))
    return {value: {form.language: YES_NO[value]} for value in values}


def _whole_numbers(form: Form, definition: Instrument, pair: Pair) -> tuple[Words, ...]:
    """Return numbers as words for a question that is answered with a number between declared ends."""
    item, node = pair.item, pair.leaf.node
    limits = {one.string("url").removeprefix(STRUCTURE): one.number("valueInteger") for one in node.each("extension")}
    if item.worded and not all(text(option.label).isdigit() for option in item.options):
        raise NotReadable(node.problem(f"item {item.number} is a number; its answers have words here"))
    if not item.worded and not (definition.rated_by_number or item.is_number):
        raise NotReadable(node.problem(f"item {item.number} is a number; its answers have words on the printed form"))
    low, high = limits.get("minValue"), limits.get("maxValue")
    if (low, high) != (min(item.values), max(item.values)):
        said = f"item {item.number} is a number without the ends {min(item.values)} and {max(item.values)}"
        raise NotReadable(node.problem(said))
    return tuple({form.language: str(value)} for value in item.values)


def _possible(item: Item) -> str:
    return ", ".join(map(str, item.values))
