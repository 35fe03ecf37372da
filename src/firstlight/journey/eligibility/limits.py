"""Limits of what is plausible, and how long a value counts: data, ours."""

from dataclasses import dataclass
from functools import cache

from firstlight.clinical.evidence import Record, Tag, data_file
from firstlight.clinical.protocols.session import figures

PACKAGE = "firstlight.journey.eligibility"


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
    )
    page.done()
    return found


def _weights() -> tuple[int, int]:
    low, high = figures()["weight"]["plausible_g"]
    return low, high


def _pair(record: Record) -> tuple[int, int]:
    pair = record.integer("low"), record.integer("high")
    record.done()
    return pair
