"""What the pump has given: a rate that changes at known moments, added up. Pure arithmetic in integer micrograms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Step:
    """From this moment on the pump gives `rate_ug_per_min`."""

    at: datetime
    rate_ug_per_min: int


def delivered_ug(steps: Sequence[Step], dose_ug: int, now: datetime) -> int:
    """Return what was given until `now`, never more than the syringe holds."""
    total = 0.0
    ends = [*(step.at for step in steps[1:]), now]
    for step, end in zip(steps, ends, strict=False):
        until = min(end, now)
        minutes = max((until - step.at).total_seconds(), 0.0) / 60
        total += minutes * step.rate_ug_per_min
    return min(int(total + 0.5), dose_ug)


def planned_end(steps: Sequence[Step], dose_ug: int, now: datetime) -> datetime | None:
    """Return when the syringe will be empty at the present rate; None while the pump stands still."""
    rate = steps[-1].rate_ug_per_min if steps else 0
    if rate == 0:
        return None
    left_ug = dose_ug - delivered_ug(steps, dose_ug, now)
    return now + timedelta(minutes=left_ug / rate)


def even_rate_ug_per_min(dose_ug: int, minutes: int) -> int:
    """Return the rate that empties the syringe in the ordered time, rounded up so that it does empty."""
    return -(-dose_ug // minutes)
