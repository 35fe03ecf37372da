"""Reading data files: YAML's traps are errors here."""

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
