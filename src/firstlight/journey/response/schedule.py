"""The check-in schedule, read from data/schedule.yaml."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from firstlight.clinical.evidence import Record, data_file


@dataclass(frozen=True, slots=True)
class Rule:
    """One check-in: which set, how long after which dose, and how long it stays open."""

    key: str
    first_dose_only: bool
    after: timedelta
    set_name: str
    open_for: timedelta

    def due_at(self, dose_at: datetime) -> datetime:
        """Return when it opens."""
        return dose_at + self.after

    def expires_at(self, dose_at: datetime) -> datetime:
        """Return when it closes."""
        return dose_at + self.after + self.open_for


@cache
def rules() -> tuple[Rule, ...]:
    """Every check-in of the schedule. Raises DataError when the file is wrong."""
    page = Record(data_file("firstlight.journey.response", "data/schedule.yaml"), where="schedule.yaml")
    page.integer("version")
    found = tuple(_rule(record) for record in page.records("check_ins"))
    page.done()
    return found


def _rule(record: Record) -> Rule:
    anchor = record.string("anchor")
    if anchor not in {"each", "first"}:
        raise record.error(f"anchor is {anchor!r}; it must be each or first")
    rule = Rule(
        key=record.string("key"),
        first_dose_only=anchor == "first",
        after=timedelta(hours=record.integer("after_hours")),
        set_name=record.string("set"),
        open_for=timedelta(hours=record.integer("open_hours")),
    )
    record.done()
    return rule
