"""Words that ship with Firstlight and stand in a file under the code of another question, or of another answer."""

import re
from collections.abc import Iterable, Iterator

from firstlight.clinical.evidence import Words
from firstlight.clinical.instruments import Instrument, Item
from firstlight.doors.fhir.binding import Pair
from firstlight.doors.fhir.positions import Problem
from firstlight.doors.fhir.shapes import Form, choices_of


def exchanged(form: Form, definition: Instrument, pairs: Iterable[Pair]) -> Iterator[Problem]:
    """Yield every question and every answer that reads like another one of ours: it would count as what it is not."""
    ours = [item for item in definition.by_key.values() if item.worded]
    for pair in pairs:
        if pair.item.worded:
            yield from _question(pair, ours)
            yield from _answers(form, pair)


def _question(pair: Pair, ours: Iterable[Item]) -> Iterator[Problem]:
    if _reads_like(pair.leaf.words, pair.item.text):
        return
    for other in ours:
        if _reads_like(pair.leaf.words, other.text):
            place = pair.leaf.node.get("text") or pair.leaf.node
            yield place.problem(f"item {pair.item.number} has the words of item {other.number}")


def _answers(form: Form, pair: Pair) -> Iterator[Problem]:
    for number, (option, choice) in enumerate(zip(pair.item.options, choices_of(form, pair.leaf), strict=False), 1):
        if _reads_like(choice.words, option.label):
            continue
        for place, other in enumerate(pair.item.options, 1):
            if _reads_like(choice.words, other.label):
                holder = choice.node.get("valueCoding") or choice.node
                words = holder.get("display") or holder.get("valueString") or holder
                yield words.problem(f"answer {number} of item {pair.item.number} has the words of answer {place}")


def _reads_like(one: Words, other: Words) -> bool:
    """Tell whether two texts are the same in any language but for dashes, capitals and a number ahead."""
    return not {_bare(words) for words in one.values()}.isdisjoint(_bare(words) for words in other.values())


def _bare(words: str) -> str:
    bare = re.sub(r"[\W_]+", " ", words.casefold()).strip()
    return re.sub(r"^\d+ ", "", bare)
