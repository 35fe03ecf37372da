"""The measure itself: counts taken by hand."""

import pytest

from tests.clinical.readability import sentences, smog, syllables


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("ketamine", 3),
        ("dose", 1),
        ("depression", 3),
        ("helped", 1),
        ("little", 2),
        ("people", 2),
        ("wanted", 2),
        ("a", 1),
    ],
)
def test_syllables_of_a_word(word: str, count: int) -> None:
    assert syllables(word) == count


def test_sentences_of_a_text() -> None:
    assert sentences("One. Two? It says: three.") == ["One.", "Two?", "It says:", "three."]


def test_smog_of_a_text() -> None:
    # Two sentences, two long words (medicine, ketamine): 3.1291 + 1.043 x square root of 30 = 8.842.
    assert smog("Ketamine is a drug. It is a medicine.") == pytest.approx(8.842, abs=0.001)
