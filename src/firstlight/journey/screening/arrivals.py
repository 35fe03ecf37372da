"""Taps that came sealed from a phone: when they were made, when they arrived, and what of that a reader should know."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from firstlight.ground.design.clocks import span_text
from firstlight.journey.screening.models import SealedTap
from firstlight.journey.screening.settling import settled


@dataclass(frozen=True, slots=True)
class Arrival:
    """One tap that came sealed from a phone: when it was tapped as far as that can be told, and when it was here."""

    tapped_at: datetime
    arrived_at: datetime
    clock_ahead: timedelta
    counts: bool


@dataclass(frozen=True, slots=True)
class Waited:
    """Taps that waited on a phone: the one that waited longest, its arrival, and the phone's clock where it was clearly wrong."""

    tapped_at: datetime
    arrived_at: datetime
    clock_off: timedelta | None
    uncounted: bool

    @property
    def clock_ahead(self) -> bool:
        """Tell whether the phone's clock was ahead of ours; else it was behind."""
        return self.clock_off is not None and self.clock_off > timedelta(0)

    @property
    def clock_off_words(self) -> str:
        return span_text(abs(self.clock_off)) if self.clock_off is not None else ""


def arrivals_in(set_ids: Collection[UUID]) -> dict[UUID, list[Arrival]]:
    """Return the sealed taps of some sets. Whether the asking person may read them, the caller has settled."""
    arrivals: dict[UUID, list[Arrival]] = defaultdict(list)
    for row in SealedTap.objects.filter(question_set_id__in=set_ids):
        ahead = timedelta(seconds=row.clock_ahead_seconds)
        arrivals[row.question_set_id].append(Arrival(row.tapped_at, row.arrived_at, ahead, row.answer_id is not None))
    return arrivals


def waited(arrivals: Sequence[Arrival]) -> Waited | None:
    """Return what is worth saying of taps that came from a phone; None when they came as they were made."""
    named = settled().clock_named_from
    last = max(arrivals, key=lambda one: one.arrived_at - one.tapped_at, default=None)
    if last is None:
        return None
    off = max((one.clock_ahead for one in arrivals), key=abs)
    uncounted = any(not one.counts for one in arrivals)
    if last.arrived_at - last.tapped_at < named and abs(off) < named and not uncounted:
        return None
    return Waited(last.tapped_at, last.arrived_at, off if abs(off) >= named else None, uncounted)
