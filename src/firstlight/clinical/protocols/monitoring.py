"""What is overdue, and how many nurses the people in the rooms take. When values are due: `session.next_due`."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from firstlight.clinical.protocols.session import figures


@dataclass(frozen=True, slots=True)
class Staffing:
    """Nurses needed for the people who are in the rooms now, and whether they are there."""

    needed: int
    present: int

    @property
    def enough(self) -> bool:
        return self.present >= self.needed


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
