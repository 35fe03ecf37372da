"""From moments and values to places."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from firstlight.ground.design.charts.model import Answer


@dataclass(frozen=True, slots=True)
class TimeScale:
    """Moments from `start` to `end` over places from `left` to `right`. An empty span raises ValueError."""

    start: datetime
    end: datetime
    left: float
    right: float

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError(f"An axis from {self.start} to {self.end} has no length.")

    def x(self, at: datetime) -> float:
        """Return the place of a moment; outside the axis the nearest end."""
        share = (at - self.start) / (self.end - self.start)
        return self.left + (self.right - self.left) * min(1.0, max(0.0, share))

    def holds(self, at: datetime) -> bool:
        """Say whether a moment lies on the axis."""
        return self.start <= at <= self.end

    def width_of(self, span: timedelta) -> float:
        """Return how much place a span takes."""
        return (self.right - self.left) * (span / (self.end - self.start))


@dataclass(frozen=True, slots=True)
class ValueScale:
    """Values from `low` at the place `bottom` to `high` at the place `top`. An empty range raises ValueError."""

    low: int
    high: int
    bottom: float
    top: float

    def __post_init__(self) -> None:
        if self.low >= self.high:
            raise ValueError(f"A scale from {self.low} to {self.high} has no height.")

    def y(self, value: float) -> float:
        """Return the place of a value; beyond the scale its nearest end."""
        share = (value - self.low) / (self.high - self.low)
        return self.bottom + (self.top - self.bottom) * min(1.0, max(0.0, share))


def narrowest(places: Sequence[float], otherwise: float) -> float:
    """Return the smallest distance between neighbours, so that marks can be made narrow enough."""
    gaps = [later - earlier for earlier, later in pairwise(places)]
    return min(gaps, default=otherwise)


def fitted(gap: float, smallest: float, largest: float) -> float:
    """Return the size of a mark for the room that there is."""
    return max(smallest, min(largest, gap * 0.8))


def unbroken(answers: Iterable[Answer]) -> list[list[tuple[datetime, float]]]:
    """Return the runs of answers between missing ones: a line is drawn within a run, never across.

    Answers out of another highest value are a run of their own; what stands apart is in none.
    """
    runs: list[list[tuple[datetime, float]]] = [[]]
    most: int | None = None
    for answer in answers:
        if answer.apart:
            continue
        if answer.value is None or answer.most != most:
            runs.append([])
        if answer.value is not None:
            runs[-1].append((answer.at, answer.value))
            most = answer.most
    return [run for run in runs if run]
