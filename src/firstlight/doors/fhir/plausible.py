"""What cannot be the text of any questionnaire: two questions in the same words, two answers in the same words."""

from collections.abc import Iterator, Mapping, Sequence

from firstlight.clinical.evidence import Words
from firstlight.doors.fhir.binding import Pair
from firstlight.doors.fhir.exact import bare_words
from firstlight.doors.fhir.options import Answers
from firstlight.doors.fhir.positions import Problem


def repeated_words(
    pairs: Sequence[Pair], answers: Mapping[str, Answers], own: Mapping[str, Words]
) -> Iterator[Problem]:
    """Yield every question that reads like an earlier one, and every answer that reads like another of its question.

    `own`: what stands above single items, which can tell two questions of the same words apart.
    """
    yield from _questions(pairs, own)
    for pair in pairs:
        yield from _answers(pair, answers[pair.item.key])


def _questions(pairs: Sequence[Pair], own: Mapping[str, Words]) -> Iterator[Problem]:
    seen: dict[tuple[str, str, str], Pair] = {}
    for pair in pairs:
        for language, words in pair.leaf.words.items():
            ahead = own.get(pair.item.key, {}).get(language, "")
            before = seen.setdefault((language, bare_words(ahead), bare_words(words)), pair)
            if before is not pair:
                place = pair.leaf.node.get("text") or pair.leaf.node
                said = f"item {pair.item.number} has the same words as item {before.item.number}: “{words[:120]}”"
                yield place.problem(f"{said}; each question has its own")
                break


def _answers(pair: Pair, answers: Answers) -> Iterator[Problem]:
    seen: dict[tuple[str, str], int] = {}
    for number, (words, choice) in enumerate(zip(answers.words, answers.choices, strict=True), 1):
        for language, said in words.items():
            before = seen.setdefault((language, bare_words(said)), number)
            if before != number and choice is not None:
                same = f"answer {number} of item {pair.item.number} has the same words as answer {before}"
                yield choice.words_node.problem(f"{same}: “{said[:120]}”; each answer has its own")
                break
