"""Words of a language in which ours ship: the same as ours, or refused. A standardised questionnaire is its exact wording."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from firstlight.clinical.evidence import Record, Words, data_file, text
from firstlight.clinical.instruments import Instrument, Option
from firstlight.doors.fhir.binding import Pair
from firstlight.doors.fhir.choices import Choice
from firstlight.doors.fhir.languages import shipped_language
from firstlight.doors.fhir.positions import Node, Problem
from firstlight.doors.fhir.shapes import Form

_NUMBERS = {
    word: str(number)
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), 1
    )
}
_HINT = "; if these words are in another language, say in which (on the command line with --language)"


@dataclass(frozen=True, slots=True)
class CopyingError:
    """Words or an answer code that go round in copies of one instrument and are not its own."""

    instrument: str
    code: str
    words: str
    note: str


@cache
def copying_errors() -> tuple[CopyingError, ...]:
    """Every known copying error. Raises DataError when the file is wrong."""
    found = Record(data_file("firstlight.doors.fhir", "data/copying_errors.yaml"), where="copying_errors.yaml")
    errors = []
    for entry in found.records("errors"):
        errors.append(
            CopyingError(
                entry.string("instrument"), entry.string("code", ""), entry.string("words"), entry.string("note")
            )
        )
        entry.strings("seen_in")
        entry.done()
    return tuple(errors)


def same_wording(one: str, other: str) -> bool:
    """Tell whether two texts have the same words: space, capitals and punctuation aside, and “2” for “two”."""
    return bare_words(one) == bare_words(other)


def unlike(form: Form, definition: Instrument, pair: Pair, choices: Iterable[Choice | None]) -> Iterator[Problem]:
    """Yield every text of one item, its question or an answer, that is not worded as ours in a language of ours.

    `choices`: its answers, as many as ours and in the same order; None for one that the file leaves to us.
    """
    item = pair.item
    if not item.worded:
        return
    place = pair.leaf.node.get("text") or pair.leaf.node
    yield from _compared(form, definition, place, f"item {item.number}", pair.leaf.words, item.text, item.number)
    for number, (option, choice) in enumerate(zip(item.options, choices, strict=False), 1):
        if choice is None:
            continue
        what = f"answer {number} of item {item.number}"
        yield from _other_code(definition, what, option, choice)
        yield from _compared(form, definition, choice.words_node, what, choice.words, option.label)


def _other_code(definition: Instrument, what: str, option: Option, choice: Choice) -> Iterator[Problem]:
    coding = choice.coding
    if coding is None or not coding.is_loinc or not option.code or coding.code == option.code:
        return
    error = next((one for one in _errors(definition) if one.code == coding.code), None)
    why = f", a known copying error: {error.note}" if error else ""
    yield coding.place.problem(f"{what} has the code {coding.code}{why}; {option.code} is expected")


def _compared(
    form: Form, definition: Instrument, place: Node, what: str, theirs: Words, ours: Words, number: int = 0
) -> Iterator[Problem]:
    for spoken, said in theirs.items():
        shipped = shipped_language(definition, spoken)
        if not shipped and number and any(same_wording(said, words) for words in ours.values()):
            yield place.problem(f"{what} has the words of another language under {spoken}: “{_cut(said)}”")
        if not shipped or same_wording(_without_number(said, number), text(ours, shipped)):
            continue
        error = next((one for one in _errors(definition) if same_wording(one.words, said)), None)
        why = f", a known copying error: {error.note}" if error else ""
        hint = "" if form.stated else _HINT
        yield place.problem(f"{what} reads “{_cut(said)}”{why}; “{text(ours, shipped)}” is expected{hint}")


def _errors(definition: Instrument) -> Iterator[CopyingError]:
    return (one for one in copying_errors() if one.instrument == definition.name)


def _without_number(said: str, number: int) -> str:
    """Return a text without its own number ahead of it, as "9." before item 9."""
    return re.sub(rf"^\s*\(?{number}\s*[.):]\s*", "", said) if number else said


def bare_words(words: str) -> str:
    """Return the words of a text alone: letters, digits and signs stay, punctuation does not."""
    kept = "".join(
        " " if unicodedata.category(sign)[0] in "PZC" else sign
        for sign in unicodedata.normalize("NFKC", words).casefold()
    )
    return " ".join(_NUMBERS.get(word, word) for word in kept.split())


def _cut(said: str) -> str:
    return said if len(said) <= 200 else f"{said[:200]}…"
