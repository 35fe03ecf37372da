"""The words that stand above all items of a form: whole on its first question, later in one line that opens the whole.

Nothing of the wording is changed: the one line is the form's own first sentence.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from firstlight.clinical.evidence import text
from firstlight.journey.screening.asking import Question

LONG_STEM = 120  # letters: about four lines on the narrowest phone
SENTENCE = ". "


@dataclass(frozen=True, slots=True)
class Stem:
    """What stands above a question. `first`: its first sentence, where the whole stands behind it; else nothing."""

    whole: str
    first: str = ""


def stem_of(asked: Sequence[Question], question: Question, language: str) -> Stem:
    """Return the words above a question; folded once the question before it stood under the same long ones."""
    if question.stem is None:
        return Stem("")
    whole = text(question.stem, language)
    first, stop, _rest = whole.partition(SENTENCE)
    before = asked[question.position - 2] if question.position > 1 else None
    same = before is not None and before.part == question.part and before.stem == question.stem
    return Stem(whole, first + stop.strip() if same and stop and len(whole) > LONG_STEM else "")
