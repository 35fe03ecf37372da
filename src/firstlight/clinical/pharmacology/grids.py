"""Evenly spaced times, the fast path: blocks of steps, one small product a subject."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from firstlight.clinical.pharmacology.events import Event
from firstlight.clinical.pharmacology.matrices import Matrices
from firstlight.clinical.pharmacology.rooms import Room
from firstlight.clinical.pharmacology.stepping import Ladder
from firstlight.clinical.pharmacology.systems import Profiles

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

EPSILON = float(np.finfo(np.float64).eps)
MOST_TIMES = 20_000  # each step rounds once: beyond it single times, taken by long steps, are more exact


class Grid(NamedTuple):
    """``times`` evenly spaced times, cut into blocks of 2^``doublings`` steps of ``step_h``."""

    start_h: float
    step_h: float
    times: int
    doublings: int

    @property
    def block(self) -> int:
        return int(2**self.doublings)

    @property
    def blocks(self) -> int:
        """How many blocks hold all times."""
        return -(-self.times // self.block)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A new event holds from time number ``first`` ``(1 or S,)``, where the amounts are ``at_first`` ``(S, n)``.

    ``block`` is the next block to start, and ``at_block`` the amounts there.
    """

    first: Indices
    at_first: Array
    block: Indices
    at_block: Array


def grid_of(times: Array) -> Grid | None:
    """The grid on which these rising times lie, or None when they are not evenly spaced but for rounding."""
    count = len(times)
    if not 3 <= count <= MOST_TIMES:
        return None
    start_h, end_h = float(times[0]), float(times[-1])
    step_h = (end_h - start_h) / (count - 1)
    off = np.arange(count, dtype=np.float64)
    off *= step_h
    off += start_h
    off -= times
    if np.maximum.reduce(np.abs(off, out=off)) > 4 * EPSILON * max(abs(start_h), abs(end_h)):
        return None
    return Grid(start_h, step_h, count, doublings=min(6, max(1, round(math.log2(count) / 2 + 0.25))))


def on_grid(
    out: Profiles, laid_out: Matrices, ladder: Ladder, events: Iterable[Event], times: Array, grid: Grid, room: Room
) -> None:
    """Write all outputs ``(outputs, S, T)``."""
    arrivals = list(_arrivals(ladder, events, times, grid))
    columns = _columns(arrivals, ladder.steps(grid.doublings), grid.blocks, room)
    written = _like(out, columns, "written columns", room)
    rows = _rows(out, laid_out, ladder, grid.doublings, room)
    for number, (row, reading) in enumerate(zip(out, laid_out.readings, strict=True)):
        own = rows[:, number :: len(out), : reading.reach]
        _multiply(row, written[:, :, : reading.reach], own)
        for arrival in arrivals:
            _mend(row, arrival, own, grid.block)


def _arrivals(ladder: Ladder, events: Iterable[Event], times: Array, grid: Grid) -> Iterator[Arrival]:
    for event in events:
        first = np.searchsorted(times, event.time_h, side="left")
        if first.min() == grid.times:
            return
        # For a subject whose event lies beyond the grid these amounts are never read.
        gap_h = np.maximum(times[np.minimum(first, grid.times - 1)] - event.time_h, 0.0)
        at_first = ladder.after(gap_h[:, None], event.amounts[:, :, None])
        block = -(-first // grid.block)
        to_block_h = grid.step_h * (block * grid.block - first).astype(np.float64)
        at_block = ladder.after(to_block_h[:, None], at_first)
        yield Arrival(first, at_first[:, :, 0], block, at_block[:, :, 0])


def _columns(arrivals: Sequence[Arrival], over_block: Array, blocks: int, room: Room) -> Array:
    """The body ``(S, blocks, n)`` at the start of each block."""
    subjects, states = over_block.shape[:2]
    columns = room.take("columns", (subjects, blocks, states))
    columns[:, 0] = 0.0
    moments = [{int(block) for block in arrival.block} for arrival in arrivals]
    for number in range(blocks):
        if number:
            np.matvec(over_block, columns[:, number - 1], out=columns[:, number])
        for arrival, moment in zip(arrivals, moments, strict=True):
            if number in moment and len(arrival.block) == 1:
                columns[:, number] = arrival.at_block
            elif number in moment:
                here = arrival.block == number
                columns[here, number] = arrival.at_block[here]
    return columns


def _rows(out: Profiles, laid_out: Matrices, ladder: Ladder, doublings: int, room: Room) -> Profiles:
    """What outputs will be ``(S, steps × outputs, n)`` after each number of steps, for 1 mg in each state.

    The outputs of one step stand together, so that one product a subject doubles the steps of all.
    """
    outputs, subjects = laid_out.scales.shape
    rows = (room.take if out.dtype == np.float64 else room.single)(
        "rows", (subjects, outputs * 2**doublings, laid_out.shape.states)
    )
    rows[:, :outputs] = 0.0
    rows[:, range(outputs), laid_out.shape.indices] = laid_out.scales.T
    for doubling in range(doublings):
        done = outputs * 2**doubling
        steps = _like(out, ladder.steps(doubling), "written steps", room)
        np.matmul(rows[:, :done], steps, out=rows[:, done : 2 * done])
    return rows


def _like(out: Profiles, array: Array, name: str, room: Room) -> Profiles:
    if out.dtype == np.float64:
        return array
    single = room.single(name, array.shape)
    np.copyto(single, array, casting="same_kind")
    return single


def _multiply(out: Profiles, columns: Profiles, rows: Profiles) -> None:
    """out[s, block × steps + step] = columns[s, block] · rows[s, step]."""
    subjects, times = out.shape
    steps = rows.shape[1]
    whole, rest = divmod(times, steps)
    blocks = out[:, : whole * steps].reshape(subjects, whole, steps, copy=False)
    np.matmul(columns[:, :whole], rows.transpose(0, 2, 1), out=blocks)
    if rest:
        np.matvec(rows[:, :rest], columns[:, whole], out=out[:, whole * steps :])


def _mend(out: Profiles, arrival: Arrival, rows: Profiles, block: int) -> None:
    """Write what holds from an event to the end of its block."""
    lasts = np.minimum(arrival.block * block, out.shape[1]) - arrival.first
    longest = int(lasts.max())
    if longest <= 0:
        return
    # Whole blocks, so that how long the others last decides on nobody's last digits.
    at_first = arrival.at_first[:, : rows.shape[2]].astype(rows.dtype, copy=False)
    values = np.matvec(rows, at_first)[:, :longest]
    if len(arrival.first) == 1:
        out[:, arrival.first[0] : arrival.first[0] + longest] = values
        return
    steps = np.arange(longest)
    here = steps < lasts[:, None]
    places = (arrival.first + out.shape[1] * np.arange(len(out)))[:, None] + steps
    out.reshape(-1, copy=False)[places[here]] = values[here]
