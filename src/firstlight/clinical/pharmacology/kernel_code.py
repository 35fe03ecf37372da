"""What `kernel` compiles: eight people after eight, from event to event, into each person's own row.

Eight people lie side by side: a number of one of them stands beside the same number of the seven others, and one vector
of the machine holds it for all. Which numbers there are and what is added up says a `Program`. No index is checked:
`kernel` and `_places` lay the room out.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from firstlight.clinical.pharmacology.kernel_ladder import (
    climb,
    copy,
    lay_base,
    lay_ladder,
    lay_rows,
    pace,
    pass_gaps,
    step,
)
from firstlight.clinical.pharmacology.kernel_vectors import (
    BLOCK,
    DOUBLINGS,
    EARLY,
    HOW,
    LANES,
    Array,
    Desk,
    Places,
    Program,
    Task,
    Whole,
    add_block,
    compiled,
)
from firstlight.clinical.pharmacology.systems import Profiles

FIELDS = len(Task._fields)
PARTS = ("kernel_code.py", "kernel_ladder.py", "kernel_vectors.py")
VERSION = hashlib.sha256(b"".join(Path(__file__).with_name(part).read_bytes() for part in PARTS)).hexdigest()
ROWS_COUNTED_AT_ONCE = np.uintp(32)  # two lines of the cache; the bins in use of so many stay in the nearest one


def _kept(function: Callable[..., None]) -> Any:
    """Compile at the first call, and keep the machine code beside this file or in the user's cache.

    Numba knows what it kept by the time of this file and by what a function closes over: ``version``, of all parts.
    """
    try:
        return njit(cache=True, **HOW)(function)
    except RuntimeError:  # neither folder can be written: compiled anew in each process
        return njit(**HOW)(function)


@compiled
def _solve(out: Profiles, people: int, first: int, task: Task, program: Program) -> None:
    place, doublings = _places(program), _doublings(task)
    rungs = _most_halvings(task) + doublings + 1
    room = _aligned(np.empty(place.ladder + rungs * program.entries * LANES + LANES))
    room[: place.squared] = 0.0  # where K is 0 nothing is laid
    for state in range(program.states):
        for lane in range(LANES):
            room[place.one + program.diagonal[state] * LANES + lane] = 1.0
    blocks = len(task.times_h) // BLOCK + 2
    shown = _aligned(np.empty((program.rows * BLOCK + blocks * program.states) * LANES + 3 * BLOCK, dtype=out.dtype))
    desk = Desk(room, shown, np.empty((3, LANES), dtype=np.int64), place, program)
    for whose in range(0, len(task.rates_per_h), LANES):
        highest = lay_base(desk, task, whose)
        lay_ladder(desk, task.taylor, highest, highest + doublings)
        lay_rows(desk, task.scales, whose, highest)
        _walk(out, people, first + whose, whose, task, desk, highest)


@compiled
def _doublings(task: Task) -> int:
    """The longest gap from an event to the next one, or to the next time, is below 2^(this + 1) steps."""
    times_h, longest_h = task.times_h, task.times_h[1] - task.times_h[0]
    for event in range(len(task.moments_h)):
        for subject in range(task.moments_h.shape[1]):
            moment_h = task.moments_h[event, subject]
            longest_h = max(longest_h, times_h[0] - moment_h)
            if event:
                longest_h = max(longest_h, min(moment_h, times_h[-1]) - task.moments_h[event - 1, subject])
    doublings, steps = DOUBLINGS, int(longest_h / task.step_h + 1)
    while steps >> doublings + 1:
        doublings += 1
    return doublings


@compiled
def _most_halvings(task: Task) -> int:
    most = 0
    for subject in range(len(task.rates_per_h)):
        most = max(most, pace(task, subject)[0])
    return most


@compiled
def _aligned(values: Any) -> Any:
    """From the next line of the cache on."""
    return values[(-values.ctypes.data % 64) // values.itemsize :]


@compiled
def _places(program: Program) -> Places:
    square, vector = program.entries * LANES, program.states * LANES
    single = 5 * square
    amounts = single + 6 * LANES
    early = amounts + 7 * vector
    return Places(
        0, square, 2 * square, 3 * square, 4 * square,
        single, single + LANES, single + 2 * LANES, single + 3 * LANES, single + 4 * LANES, single + 5 * LANES,
        amounts, amounts + vector, amounts + 2 * vector, amounts + 3 * vector,
        early, early + program.rows * EARLY * LANES,
    )  # fmt: skip


@compiled
def _walk(out: Profiles, people: int, row: int, whose: int, task: Task, desk: Desk, halvings: int) -> None:
    """From event to event, and over the times between them."""
    room, place, count = desk.room, desk.place, len(task.times_h)
    starts, ends = desk.marks[1], desk.marks[2]
    some, last = min(LANES, len(task.rates_per_h) - whose), task.moments_h.shape[1] - 1
    _look_ahead(task, 0, whose, ends)
    for output in range(len(task.scales)):
        for lane in range(some):
            at = (output * people + row + lane) * count
            out[at : at + ends[lane]] = 0.0
    room[place.amounts : place.here] = 0.0
    for event in range(len(task.moments_h)):
        for lane in range(LANES):
            who, starts[lane] = min(whose + lane, last), ends[lane]
            gap_h = task.moments_h[event, who] - task.moments_h[event - 1, who] if event else 0.0
            room[place.gap_h + lane] = gap_h if starts[lane] < count else 0.0
        pass_gaps(desk, place.amounts, task, halvings)
        _give(task, room, place.amounts, event, whose)
        _look_ahead(task, event + 1, whose, ends)
        for lane in range(LANES):
            gap_h = task.times_h[min(starts[lane], count - 1)] - task.moments_h[event, min(whose + lane, last)]
            room[place.gap_h + lane] = gap_h if starts[lane] < ends[lane] else 0.0
        copy(room, place.amounts, room, place.here, place.here - place.amounts)
        pass_gaps(desk, place.here, task, halvings)
        _write(out, people, row, some, task, desk, halvings)


@compiled
def _look_ahead(task: Task, event: int, whose: int, firsts: Whole) -> None:
    """For each person the number of the first time at or after an event; how many times there are when none is."""
    times_h, count = task.times_h, len(task.times_h)
    for lane in range(LANES):
        firsts[lane] = count
        if event < len(task.moments_h):
            moment_h = task.moments_h[event, min(whose + lane, task.moments_h.shape[1] - 1)]
            index = int(min(max((moment_h - times_h[0]) / task.step_h, 0.0), float(count)))
            while index > 0 and times_h[index - 1] >= moment_h:
                index -= 1
            while index < count and times_h[index] < moment_h:
                index += 1
            firsts[lane] = index


@compiled
def _give(task: Task, room: Array, amounts: int, event: int, whose: int) -> None:
    """The boluses of an event, and the rates from it on."""
    for lane in range(LANES):
        subject = min(whose + lane, task.given.shape[1] - 1)
        for number in range(len(task.given_to)):
            at, value = amounts + task.given_to[number] * LANES + lane, task.given[event, subject, number]
            room[at] = room[at] + value if number < task.boluses else value


@compiled
def _write(out: Profiles, people: int, row: int, some: int, task: Task, desk: Desk, halvings: int) -> None:
    """Each one's times from her start to her end, from the amounts in ``here`` on.

    What does not fill a block comes first, and goes on over later times of the same row, which the next blocks write.
    """
    program, shown, count, (steps, starts, ends) = desk.program, desk.shown, len(task.times_h), desk.marks
    columns, vector, longest = program.rows * BLOCK * LANES, program.states * LANES, 0
    for lane in range(LANES):
        longest = max(longest, ends[lane] - starts[lane])
        steps[lane] = (ends[lane] - starts[lane]) % BLOCK << halvings
    _lay_columns(desk, columns, longest // BLOCK, halvings)
    cuts = program.cuts[program.entries + program.states + program.rows :]
    spare = columns + (count // BLOCK + 2) * vector
    for output in range(len(task.scales)):
        first, last = cuts[output], cuts[output + 1]
        for lane in range(some):
            start, end, own, column = starts[lane], ends[lane], lane * program.rows * BLOCK, columns + lane
            to, few = (output * people + row + lane) * count, (end - start) % BLOCK
            if few and start + BLOCK <= count:
                add_block(program.pairs, first, last, shown, column, LANES, shown, own, BLOCK, out, to + start)
            elif few:
                add_block(program.pairs, first, last, shown, column, LANES, shown, own, BLOCK, shown, spare)
                copy(shown, spare, out, to + start, few)
            for block in range(start + few, end, BLOCK):
                column += vector
                add_block(program.pairs, first, last, shown, column, LANES, shown, own, BLOCK, out, to + block)


@compiled
def _lay_columns(desk: Desk, columns: int, blocks: int, halvings: int) -> None:
    """The amounts in ``here``; those after each person's marked steps; and then those after one block, two blocks …"""
    room, shown, place, vector = desk.room, desk.shown, desk.place, desk.program.states * LANES
    over_block = place.ladder + (halvings + DOUBLINGS) * desk.program.entries * LANES
    copy(room, place.here, shown, columns, vector)
    climb(desk, place.here)
    here, there = place.here, place.passed
    for column in range(columns + vector, columns + (blocks + 1) * vector, vector):
        copy(room, here, shown, column, vector)
        step(room, over_block, here, there, desk.program)
        here, there = there, here


def _solver(version: str) -> Any:
    def solve(out: Profiles, people: int, first: int, *loose: Any) -> None:
        """Subjects of a task, by a program, handed over loose: numba looks into a tuple anew at each call."""
        assert version
        _solve(out, people, first, Task(*loose[:FIELDS]), Program(*loose[FIELDS:]))

    return _kept(solve)


solve = _solver(VERSION)


@_kept
def count(bits: NDArray[np.int32], counts: NDArray[np.uint32], shift: int, below_first: int, each: np.uint32) -> None:
    """Add ``each`` for every value ``(subjects, rows)``, of which these are the bits, to ``counts`` ``(rows, bins)``.

    What has a sign or is no number goes to the last bin: to look at that bin costs less than to look at each value. A
    person's bins of some rows are found together, by the machine's vectors, then counted one by one. Unsigned numbers as
    indices save the question whether one counts from the end.
    """
    people, rows, bins = np.uintp(bits.shape[0]), np.uintp(bits.shape[1]), np.uintp(counts.shape[1])
    below, last, flat = np.int32(below_first), np.int32(bins - 1), counts.reshape(-1)
    places = np.empty(ROWS_COUNTED_AT_ONCE, dtype=np.uintp)
    together = rows - rows % ROWS_COUNTED_AT_ONCE
    for first in range(np.uintp(0), together, ROWS_COUNTED_AT_ONCE):
        for subject in range(people):
            for row in range(ROWS_COUNTED_AT_ONCE):
                found = np.int32(np.uint32(bits[subject, first + row]) >> np.uint32(shift)) - below
                places[row] = (first + row) * bins + np.uintp(min(max(found, np.int32(0)), last))
            for row in range(ROWS_COUNTED_AT_ONCE):
                flat[places[row]] += each
    for row in range(together, rows):
        for subject in range(people):
            found = np.int32(np.uint32(bits[subject, row]) >> np.uint32(shift)) - below
            counts[row, np.uintp(min(max(found, np.int32(0)), last))] += each
