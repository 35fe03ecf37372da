"""The options of a bound question against the keyed values of our item: number, order, ordinals, codes."""

from collections.abc import Iterator, Sequence

from firstlight.clinical.evidence import Words, text
from firstlight.clinical.instruments import Item
from firstlight.doors.fhir.binding import Pair
from firstlight.doors.fhir.languages import STRUCTURE
from firstlight.doors.fhir.positions import NotReadable, Problem
from firstlight.doors.fhir.shapes import Choice, Form, choices_of, ordinal_node

YES_NO = {1: "Yes", 0: "No"}


def option_words(form: Form, pair: Pair) -> tuple[Words, ...]:
    """Return the words of each option in the order of our own. Raises NotReadable for options that are not ours."""
    if pair.leaf.kind == "boolean":
        return _yes_no(form, pair)
    choices = choices_of(form, pair.leaf)
    if pair.leaf.kind == "integer" and not choices:
        return _whole_numbers(form, pair)
    if not choices:
        raise NotReadable(pair.leaf.node.problem(f"item {pair.item.number} has no answers"))
    if len(choices) != len(pair.item.options):
        said = f"item {pair.item.number} has {len(choices)} answers; {len(pair.item.options)} are expected"
        raise NotReadable(pair.leaf.node.problem(said))
    problems = [*_wrong_ordinals(pair.item, choices), *_swapped_codes(pair.item, choices), *_wordless(choices)]
    problems = problems or list(_numbers_for_words(pair.item, choices))
    if problems:
        raise NotReadable(*problems)
    return tuple(choice.words for choice in choices)


def _wrong_ordinals(item: Item, choices: Sequence[Choice]) -> Iterator[Problem]:
    for number, (option, choice) in enumerate(zip(item.options, choices, strict=True), 1):
        stated = _ordinal(item, choice)
        if stated is None:
            yield choice.node.problem(
                f"answer {number} of item {item.number} declares no ordinal; {option.value} is expected"
            )
        elif stated != option.value:
            yield ordinal_node(choice).problem(
                f"answer {number} of item {item.number} counts {stated:g}; {option.value} is expected"
            )


def _ordinal(item: Item, choice: Choice) -> int | float | None:
    """Return what an option counts: as declared, else by its LOINC answer code, which says the same."""
    if choice.ordinal is not None or choice.coding is None or not choice.coding.is_loinc:
        return choice.ordinal
    return next((option.value for option in item.options if option.code == choice.coding.code), None)


def _swapped_codes(item: Item, choices: Sequence[Choice]) -> Iterator[Problem]:
    ours = {option.code: option for option in item.options if option.code}
    for number, (option, choice) in enumerate(zip(item.options, choices, strict=True), 1):
        coding = choice.coding
        if coding is not None and coding.is_loinc and coding.code in ours and ours[coding.code] is not option:
            said = f"{coding.code} is the code of the answer that counts {ours[coding.code].value}"
            yield coding.place.problem(f"answer {number} of item {item.number}: {said}; {option.code} is expected")


def _wordless(choices: Sequence[Choice]) -> Iterator[Problem]:
    for choice in choices:
        if not choice.words:
            yield choice.node.problem("this answer has no words")


def _numbers_for_words(item: Item, choices: Sequence[Choice]) -> Iterator[Problem]:
    """Yield bare numbers where our own answer has words: nobody who reads them could tell what a number means."""
    for number, (option, choice) in enumerate(zip(item.options, choices, strict=True), 1):
        ours = text(option.label)
        if item.worded and not ours.isdigit() and all(words.strip().isdigit() for words in choice.words.values()):
            yield choice.node.problem(f"answer {number} of item {item.number} is a number; {ours!r} has words here")


def _yes_no(form: Form, pair: Pair) -> tuple[Words, ...]:
    if set(pair.item.values) != set(YES_NO):
        said = f"item {pair.item.number} is answered yes or no here; {_possible(pair.item)} are expected"
        raise NotReadable((pair.leaf.node.get("type") or pair.leaf.node).problem(said))
    if form.language.split("-")[0] != "en":
        said = f"the words for yes and no in {form.language} are not in the file; list them as answers"
        raise NotReadable(pair.leaf.node.problem(said))
    return tuple({form.language: YES_NO[value]} for value in pair.item.values)


def _whole_numbers(form: Form, pair: Pair) -> tuple[Words, ...]:
    """Return numbers as words for a question that is answered with a number between declared ends."""
    limits = {
        one.string("url").removeprefix(STRUCTURE): one.number("valueInteger")
        for one in pair.leaf.node.each("extension")
    }
    if pair.item.worded and not all(text(option.label).isdigit() for option in pair.item.options):
        raise NotReadable(pair.leaf.node.problem(f"item {pair.item.number} is a number; its answers have words here"))
    low, high = limits.get("minValue"), limits.get("maxValue")
    if (low, high) != (min(pair.item.values), max(pair.item.values)):
        said = (
            f"item {pair.item.number} is a number without the ends {min(pair.item.values)} and {max(pair.item.values)}"
        )
        raise NotReadable(pair.leaf.node.problem(said))
    return tuple({form.language: str(value)} for value in pair.item.values)


def _possible(item: Item) -> str:
    return ", ".join(map(str, item.values))
