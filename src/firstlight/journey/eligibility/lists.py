"""The lists that baseline entries are chosen from: data, with words by language."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.utils.translation import get_language

from firstlight.clinical.evidence import Record, Words, data_file, text

PACKAGE = "firstlight.journey.eligibility"


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a list. `depressant` and `stabiliser` are what two rules need to know of a medicine."""

    key: str
    words: Words
    depressant: bool = False
    stabiliser: bool = False

    @property
    def label(self) -> str:
        return text(self.words, get_language() or "en")


@cache
def lists() -> Mapping[str, tuple[Choice, ...]]:
    """Every list by its name. Raises DataError when the file is wrong."""
    page = Record(data_file(PACKAGE, "data/lists.yaml"), where="lists.yaml")
    names = ("problems", "medicines", "allergies", "treatments", "trial_outcomes", "severities", "pregnancy_results")
    found = {name: _choices(page, name) for name in (*names, "laboratory_tests", "symptoms", "clearances")}
    page.done()
    return found


def choice(name: str, key: str) -> Choice | None:
    """Return one line of a list; None when there is no such line."""
    return next((entry for entry in lists()[name] if entry.key == key), None)


def label_of(name: str, key: str) -> str:
    """Return the words of a line; the key itself when a later version dropped it."""
    found = choice(name, key)
    return found.label if found else key


def options(name: str) -> list[tuple[str, str]]:
    """Return a list as a form field wants it."""
    return [(entry.key, entry.label) for entry in lists()[name]]


def _choices(page: Record, name: str) -> tuple[Choice, ...]:
    found = []
    for record in page.records(name):
        found.append(
            Choice(
                key=record.string("key"),
                words=record.words("label"),
                depressant=record.flag("depressant"),
                stabiliser=record.flag("stabiliser"),
            )
        )
        record.done()
    return tuple(found)
