"""Words that ship with Firstlight and stand in a file under the code of another question, or of another answer."""

import re
from collections.abc import Iterable, Iterator, Mapping

from firstlight.clinical.evidence import Words
from firstlight.clinical.instruments import Instrument, Item
from firstlight.doors.fhir.binding import Pair
from firstlight.doors.fhir.options import Answers
from firstlight.doors.fhir.positions import Problem


def exchanged(definition: Instrument, pairs: Iterable[Pair], answers: Mapping[str, Answers]) -> Iterator[Problem]:
    """Yield every question and every answer that reads like another one of ours: it would count as what it is not."""
    ours = [item for item in definition.by_key.values() if item.worded]
    for pair in pairs:
        if pair.item.worded:
            yield from _question(pair, ours)
            yield from _answers(pair, answers[pair.item.key])


def _question(pair: Pair, ours: Iterable[Item]) -> Iterator[Problem]:
    if _reads_like(pair.leaf.words, pair.item.text):
        return
    for other in ours:
        if _reads_like(pair.leaf.words, other.text):
            place = pair.leaf.node.get("text") or pair.leaf.node
            yield place.problem(f"item {pair.item.number} has the words of item {other.number}")


def _answers(pair: Pair, answers: Answers) -> Iterator[Problem]:
    for number, (option, choice) in enumerate(zip(pair.item.options, answers.choices, strict=True), 1):
        if choice is None or _reads_like(choice.words, option.label):
            continue
        for place, other in enumerate(pair.item.options, 1):
            if _reads_like(choice.words, other.label):
                said = f"answer {number} of item {pair.item.number} has the words of answer {place}"
                yield choice.words_node.problem(said)


def _reads_like(one: Words, other: Words) -> bool:
    """Tell whether two texts are the same in any language but for dashes, capitals and a number ahead."""
    return not {_bare(words) for words in one.values()}.isdisjoint(_bare(words) for words in other.values())


def _bare(words: str) -> str:
    bare = re.sub(r"[\W_]+", " ", words.casefold()).strip()
    return re.sub(r"^\d+ ", "", bare)
