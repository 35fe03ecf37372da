"""What the pump has given: a rate that changes at known moments, added up. Pure arithmetic in whole micrograms."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest

MICROSECOND = timedelta(microseconds=1)
PER_MINUTE = 60_000_000


@dataclass(frozen=True, slots=True)
class Step:
    """From this moment on the pump gives `rate_ug_per_min`."""

    at: datetime
    rate_ug_per_min: int


def _spans(steps: Sequence[Step]) -> Iterator[tuple[Step, Step | None]]:
    """Yield each step with the one that follows it."""
    return zip_longest(steps, steps[1:])


def delivered_ug(steps: Sequence[Step], dose_ug: int, now: datetime) -> int:
    """Return what was given until `now`, to the nearest microgram and never more than the syringe holds."""
    total = 0
    for step, following in _spans(steps):
        until = min(following.at, now) if following else now
        total += max((until - step.at) // MICROSECOND, 0) * step.rate_ug_per_min
    return min((total + PER_MINUTE // 2) // PER_MINUTE, dose_ug)


def empty_at(steps: Sequence[Step], dose_ug: int) -> datetime | None:
    """Return when the syringe ran empty, or will at the present rate; None when these steps do not empty it."""
    left = dose_ug * PER_MINUTE
    for step, following in _spans(steps):
        lasts = max((following.at - step.at) // MICROSECOND, 0) if following else None
        if step.rate_ug_per_min and (lasts is None or step.rate_ug_per_min * lasts >= left):
            return step.at + timedelta(microseconds=-(-left // step.rate_ug_per_min))
        left -= step.rate_ug_per_min * (lasts or 0)
    return None


def even_rate_ug_per_min(dose_ug: int, minutes: int) -> int:
    """Return the rate that empties the syringe in the ordered time, rounded up so that it does empty."""
    return -(-dose_ug // minutes)
