"""When values are due during and after an infusion, what is overdue, and how many nurses that takes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from firstlight.clinical.protocols.session import earliest_leave, figures

DURING, AFTER = "during", "after"


@dataclass(frozen=True, slots=True)
class Due:
    """One moment at which values are due."""

    at: datetime
    phase: str


@dataclass(frozen=True, slots=True)
class Staffing:
    """Nurses needed for the people who are in the rooms now, and whether they are there."""

    needed: int
    present: int

    @property
    def enough(self) -> bool:
        return self.present >= self.needed


def due(*, started_at: datetime, minutes: int, ended_at: datetime | None = None) -> tuple[Due, ...]:
    """Every due time of a session that starts then: while the pump runs, and until the earliest moment to leave.

    `minutes` is the planned length; `ended_at` replaces the planned end when it is known.
    """
    end = ended_at or started_at + timedelta(minutes=minutes)
    leave = earliest_leave(started_at=started_at, ended_at=end)
    rule = figures()["monitoring"]
    during = [Due(at, DURING) for at in _steps(started_at, end, rule["during_minutes"])]
    after = [Due(at, AFTER) for at in _steps(end, leave, rule["after_minutes"])]
    return (*during, *after)


def overdue(due_at: datetime, now: datetime) -> str:
    """ "" while in time, "warn" or "act" when the reading is later than the plan allows."""
    rule = figures()["monitoring"]["overdue"]
    late = now - due_at
    if late > timedelta(minutes=rule["act_minutes"]):
        return "act"
    return "warn" if late > timedelta(minutes=rule["warn_minutes"]) else ""


def staffing(*, infusing: int, recovering: int, nurses: int) -> Staffing:
    """One nurse for each person with a running pump or dissociated; one for each three who recover (rounded up)."""
    rule = figures()["staffing"]
    needed = -(-infusing // rule["infusing_per_nurse"]) + -(-recovering // rule["recovering_per_nurse"])
    return Staffing(needed, nurses)


def _steps(start: datetime, end: datetime, minutes: int) -> Iterator[datetime]:
    at = start + timedelta(minutes=minutes)
    while at <= end:
        yield at
        at += timedelta(minutes=minutes)
