"""Evenly spaced times, the fast path: blocks of steps, one small product a subject."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
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
    """A new event holds from time number ``first`` ``(1 or S,)``, where the amounts are ``at_first`` ``(n, S)``.

    ``block`` is the next block to start, and ``at_block`` the amounts there; ``longest`` times at most lie between.
    """

    first: Indices
    at_first: Array
    block: Indices
    at_block: Array
    longest: int


@lru_cache(maxsize=16)
def _counting(count: int) -> Array:
    """0, 1, 2 …, kept: to make them again takes longer than to compare them with times."""
    return np.arange(count, dtype=np.float64)


def grid_of(times: Array) -> Grid | None:
    """The grid on which these rising times lie, or None when they are not evenly spaced but for rounding."""
    count = len(times)
    if not 3 <= count <= MOST_TIMES:
        return None
    start_h, end_h = float(times[0]), float(times[-1])
    step_h = (end_h - start_h) / (count - 1)
    off = _counting(count) * step_h
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
    starts = _columns(arrivals, ladder.steps(grid.doublings), grid.blocks, room)
    columns = _by_subject(out, starts, "columns to write", room)
    rows = _rows(laid_out, ladder, grid.doublings, room)
    for row, reading, of_output in zip(out, laid_out.readings, rows, strict=True):
        own = _by_subject(out, of_output[: reading.reach], f"rows of {reading.name}", room)
        _multiply(row, columns[:, :, : reading.reach], own)
        for arrival in arrivals:
            if arrival.longest > 0:
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
        longest = int((np.minimum(block * grid.block, grid.times) - first).max())
        to_block_h = grid.step_h * (block * grid.block - first).astype(np.float64)
        at_block = ladder.after(to_block_h[:, None], at_first)
        yield Arrival(first, at_first[:, :, 0], block, at_block[:, :, 0], longest)


def _columns(arrivals: Sequence[Arrival], over_block: Array, blocks: int, room: Room) -> Array:
    """The body ``(blocks, n, S)`` at the start of each block."""
    columns = room.take("columns", (blocks, *over_block.shape[1:]))
    columns[0] = 0.0
    moments = [{int(block) for block in arrival.block} for arrival in arrivals]
    for number, column in enumerate(columns):
        if number:
            np.einsum("jis,js->is", over_block, columns[number - 1], out=column)
        for arrival, moment in zip(arrivals, moments, strict=True):
            if number in moment:
                np.copyto(column, arrival.at_block, where=arrival.block == number)
    return columns


def _rows(laid_out: Matrices, ladder: Ladder, doublings: int, room: Room) -> Array:
    """What outputs will be ``(outputs, n, steps, S)`` after each number of steps, for 1 mg in each state within reach."""
    outputs, subjects = laid_out.scales.shape
    rows = room.take("rows", (outputs, laid_out.shape.states, 2**doublings, subjects))
    rows[:, :, 0] = 0.0
    rows[range(outputs), laid_out.shape.indices, 0] = laid_out.scales
    for doubling in range(doublings):
        done = 2**doubling
        steps = ladder.steps(doubling)
        if len(ladder.parts) == 1:
            np.einsum("oits,kis->okts", rows[:, :, :done], steps, out=rows[:, :, done : 2 * done])
            continue
        for row, reading in zip(rows, laid_out.readings, strict=True):
            for begin, end in ladder.parts:
                if begin < reading.reach:
                    np.einsum(
                        "its,kis->kts",
                        row[begin : reading.reach, :done],
                        steps[begin:end, begin : reading.reach],
                        out=row[begin:end, done : 2 * done],
                    )
    return rows


def _by_subject(out: Profiles, array: Array, name: str, room: Room) -> Profiles:
    """The array with its subjects first, in the precision of what is written."""
    shape = (array.shape[-1], *array.shape[:-1])
    turned = (room.take if out.dtype == np.float64 else room.single)(name, shape)
    np.copyto(turned, array.transpose(array.ndim - 1, *range(array.ndim - 1)), casting="same_kind")
    return turned


def _multiply(out: Profiles, columns: Profiles, rows: Profiles) -> None:
    """out[s, block × steps + step] = columns[s, block] · rows[s, :, step]."""
    subjects, times = out.shape
    steps = rows.shape[2]
    whole, rest = divmod(times, steps)
    blocks = out[:, : whole * steps].reshape(subjects, whole, steps, copy=False)
    np.matmul(columns[:, :whole], rows, out=blocks)
    if rest:
        np.vecmat(columns[:, whole], rows[:, :, :rest], out=out[:, whole * steps :])


def _mend(out: Profiles, arrival: Arrival, rows: Profiles, block: int) -> None:
    """Write what holds from an event to the end of its block."""
    longest = arrival.longest
    # Whole blocks, so that how long the others last decides on nobody's last digits.
    at_first = arrival.at_first[: rows.shape[1]].T.astype(rows.dtype)
    values = np.vecmat(at_first, rows)[:, :longest]
    if len(arrival.first) == 1:
        out[:, arrival.first[0] : arrival.first[0] + longest] = values
        return
    steps = np.arange(longest)
    here = steps < (np.minimum(arrival.block * block, out.shape[1]) - arrival.first)[:, None]
    places = (arrival.first + out.shape[1] * np.arange(len(out)))[:, None] + steps
    out.reshape(-1, copy=False)[places[here]] = values[here]
