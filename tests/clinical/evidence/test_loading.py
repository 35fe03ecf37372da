"""Reading data files: YAML's traps are errors here."""

from collections.abc import Callable

import pytest

from firstlight.clinical.evidence import DataError, Record, text
from firstlight.clinical.evidence.loading import read_yaml


def test_key_given_twice_is_refused() -> None:
    with pytest.raises(DataError, match="'a' is given twice"):
        read_yaml("a: 1\na: 2\n", where="x.yaml")


def test_yes_and_no_stay_words() -> None:
    assert read_yaml("{yes: 1, no: off, on: true}", where="x.yaml") == {"yes": 1, "no": "off", "on": True}


def test_anchors_can_be_merged() -> None:
    assert read_yaml("a: &a {x: 1}\nb: {<<: *a, y: 2}\n", where="x.yaml")["b"] == {"x": 1, "y": 2}


def test_broken_file_is_named() -> None:
    with pytest.raises(DataError, match=r"x\.yaml"):
        read_yaml("a: [1", where="x.yaml")


def test_python_objects_are_not_made() -> None:
    with pytest.raises(DataError):
        read_yaml("!!python/object/apply:os.getcwd []", where="x.yaml")


def test_number_is_no_flag_and_flag_is_no_number() -> None:
    with pytest.raises(DataError, match="a is True"):
        Record({"a": True}, where="x").integer("a")
    with pytest.raises(DataError, match="a is 1"):
        Record({"a": 1}, where="x").flag("a")


@pytest.mark.parametrize(
    ("language", "expected"), [("es", "hola"), ("es-MX", "hola"), ("fr", "hello"), ("en", "hello"), ("de", "hello")]
)
def test_words_fall_back_to_english(language: str, expected: str) -> None:
    assert text({"en": "hello", "es": "hola", "de": ""}, language) == expected


@pytest.mark.parametrize(
    ("read", "problem"),
    [
        (lambda record: record.day("a"), "a is 'word'"),
        (lambda record: record.strings("a"), "a is 'word'"),
        (lambda record: record.strings("list"), "list must be a list of words"),
        (lambda record: record.words("words"), "words needs words under 'en'"),
        (lambda record: record.record("a"), "a is 'word'"),
        (lambda record: record.string("b"), "b is missing"),
        (lambda record: record.done(), "unknown a, list, words"),
    ],
)
def test_field_of_the_wrong_kind_is_refused(read: Callable[[Record], object], problem: str) -> None:
    record = Record({"a": "word", "list": ["a", 1], "words": {"en": 5}}, where="x.yaml, entry 3")

    with pytest.raises(DataError, match=f"x.yaml, entry 3: {problem}"):
        read(record)
