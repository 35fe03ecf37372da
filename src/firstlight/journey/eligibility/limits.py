"""Limits of what is plausible, and how long a value counts: data, ours."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from firstlight.clinical.evidence import Record, Tag, data_file
from firstlight.clinical.instruments import instrument
from firstlight.clinical.protocols.session import figures

PACKAGE = "firstlight.journey.eligibility"
EVERY = "every"


@dataclass(frozen=True, slots=True)
class Limits:
    """Pairs are lowest and highest value, both allowed."""

    tag: Tag
    weight_g: tuple[int, int]
    height_cm: tuple[int, int]
    trial_weeks: tuple[int, int]
    test_age_days: int
    blood_pressure_counts_days: int
    pregnancy_test_counts_days: int
    no_counts: Mapping[str, Mapping[str, timedelta]]

    def no_counts_for(self, questionnaire: str, item: str = "") -> timedelta:
        """Return how long a "no" to a question counts; without one, how long a "no" of the whole questionnaire does."""
        days = self.no_counts[questionnaire]
        return days.get(item, days[EVERY])


@cache
def limits() -> Limits:
    """Read the limits once. Raises DataError when the file is wrong."""
    page = Record(data_file(PACKAGE, "data/limits.yaml"), where="limits.yaml")
    found = Limits(
        tag=page.choice("tag", Tag),
        weight_g=_weights(),
        height_cm=_pair(page.record("height_cm")),
        trial_weeks=_pair(page.record("trial_weeks")),
        test_age_days=page.integer("test_age_days"),
        blood_pressure_counts_days=page.integer("blood_pressure_counts_days"),
        pregnancy_test_counts_days=page.integer("pregnancy_test_counts_days"),
        no_counts=_no_counts(page.record("no_counts_days")),
    )
    page.done()
    return found


def _weights() -> tuple[int, int]:
    low, high = figures()["weight"]["plausible_g"]
    return low, high


def _no_counts(record: Record) -> Mapping[str, Mapping[str, timedelta]]:
    found = {name: _days(record.record(name), name) for name in record.names}
    record.done()
    return found


def _days(record: Record, questionnaire: str) -> Mapping[str, timedelta]:
    known = {EVERY, *instrument(questionnaire).keys}
    if EVERY not in record.names or not known.issuperset(record.names):
        raise record.error(f"every question is named as in {questionnaire}, and {EVERY} for the rest")
    found = {item: timedelta(days=record.integer(item)) for item in record.names}
    record.done()
    return found


def _pair(record: Record) -> tuple[int, int]:
    pair = record.integer("low"), record.integer("high")
    record.done()
    return pair
