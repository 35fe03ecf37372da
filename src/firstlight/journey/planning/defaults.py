"""How a series is laid out: data, ours, changeable."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.utils.translation import get_language

from firstlight.clinical.evidence import DataError, Record, Tag, Words, data_file, text

PACKAGE = "firstlight.journey.planning"


@dataclass(frozen=True, slots=True)
class Defaults:
    """Pairs are lowest and highest, both allowed. Hours of the day are on the clinic's wall clock."""

    tag: Tag
    sessions: tuple[int, int]
    weeks: tuple[int, int]
    preparation_count: int
    preparation_minutes: int
    preparation_days_before: int
    dosing_minutes: int
    dosing_starts_hour: int
    dosing_days_apart: int
    dosing_infusion_after_minutes: int
    integration_count: int
    integration_minutes: int
    integration_within_hours: int
    integration_days_after: int
    therapy_starts_hour: int
    latest_hour: int
    childcare_until_hour: int
    solids_hours: int
    clear_fluids_hours: int
    feed_hours: tuple[int, ...]
    bring: tuple[Words, ...]

    def bring_list(self) -> list[str]:
        """Return what to bring, in the active language."""
        return [text(words, get_language() or "en") for words in self.bring]


@cache
def defaults() -> Defaults:
    """Read data/series.yaml once. Raises DataError when it is wrong, also for a count of 0."""
    raw = dict(data_file(PACKAGE, "data/series.yaml"))
    bring: list[Mapping[str, str]] = raw.pop("bring")
    feed_hours = tuple(raw.pop("feed_hours"))
    page = Record(raw, where="series.yaml")
    numbers = {name: page.integer(name) for name in ("therapy_starts_hour", "latest_hour", "childcare_until_hour")}
    for name, fields in _GROUPS.items():
        group = page.record(name)
        prefix = "" if name == "fasting" else f"{name}_"
        numbers |= {f"{prefix}{field}": group.integer(field) for field in fields}
        group.done()
    if zero := [name for name, value in numbers.items() if value < 1]:
        raise DataError(where="series.yaml", problem=f"{zero[0]} must be at least 1")
    if not all(isinstance(hour, int) and hour > 0 for hour in feed_hours) or feed_hours != tuple(sorted({*feed_hours})):
        raise DataError(where="series.yaml", problem="feed_hours must be whole hours that rise")
    tag, sessions, weeks = page.choice("tag", Tag), _pair(page, "sessions"), _pair(page, "weeks")
    page.done()
    return Defaults(tag=tag, sessions=sessions, weeks=weeks, bring=tuple(bring), feed_hours=feed_hours, **numbers)


_GROUPS = {
    "preparation": ("count", "minutes", "days_before"),
    "dosing": ("minutes", "starts_hour", "days_apart", "infusion_after_minutes"),
    "integration": ("count", "minutes", "within_hours", "days_after"),
    "fasting": ("solids_hours", "clear_fluids_hours"),
}


def _pair(page: Record, name: str) -> tuple[int, int]:
    group = page.record(name)
    pair = group.integer("least"), group.integer("most")
    group.done()
    return pair
