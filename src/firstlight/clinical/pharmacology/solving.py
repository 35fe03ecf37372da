"""Concentrations over time, for one person or many, in closed form.

Between two events the body is exp(K t) times what it was, so each segment is one product of a few rows (an output
after 0, 1 … steps) with a few columns (the body at the start of each block of steps): (block, state) × (state, step).
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from firstlight.clinical.pharmacology.accepting import threads
from firstlight.clinical.pharmacology.checking import check, check_buffer, check_dtype, checked_times
from firstlight.clinical.pharmacology.errors import KernelMissing, NotANumber, RateTooFast
from firstlight.clinical.pharmacology.events import happenings
from firstlight.clinical.pharmacology.grids import Grid, grid_of, on_grid
from firstlight.clinical.pharmacology.matrices import Matrices, matrices
from firstlight.clinical.pharmacology.rooms import Room
from firstlight.clinical.pharmacology.stepping import Ladder
from firstlight.clinical.pharmacology.systems import Input, Profiles, System, part

SUBJECTS_AT_ONCE = 1400  # on a grid: fewer, and threads wait longer for Python; more leave a core's cache
VALUES_AT_ONCE = 2**15  # at single times each holds the whole body
MOST_STEPS = 1_000_000  # of a grid, from the first dose on: each rounds once, so that together they stay below 1e-10
MOST_TURNOVERS = 1e8  # fastest rate × time: at 1e-15 for each 0.28 of it a value then still has six digits
MOST_HOURS = 1e7  # a thousand years


def concentrations(
    system: System,
    inputs: Sequence[Input],
    time_h: ArrayLike,
    *,
    dtype: DTypeLike = np.float64,
    out: Profiles | None = None,
    workers: int | None = 1,
    kernel: bool = False,
) -> dict[str, Profiles]:
    """Concentrations in ng/mL, one array ``(S, T)`` for each output.

    ``time_h`` rises; evenly spaced times are faster, and with ``kernel`` they are solved in compiled code. At the moment
    of a bolus the value is the one just after it; before the first input it is 0. ``out``, of shape
    ``(outputs, S, T)``, is written to instead of new memory and brings its own dtype; with ``workers`` None all cores
    work. Error against the exact solution: 1e-9 of the value + 1e-12 of the peak (float64), 2e-4 of the peak (float32);
    where the fastest rate × time is above 250,000 it grows in proportion, to 4e-7 of the value at most.

    Raises a PharmacologyError that names the field and what would be right; KernelMissing where numba is not installed.
    """
    times = checked_times(time_h)
    subjects = check(system, inputs)
    shape = (len(system.outputs), subjects, len(times))
    buffer = check_buffer(out, shape) if out is not None else np.empty(shape, dtype=check_dtype("dtype", dtype))
    solve_into(buffer, system, inputs, times, workers=threads(workers), kernel=kernel)
    return {output.name: buffer[index] for index, output in enumerate(system.outputs)}


def solve_into(
    out: Profiles,
    system: System,
    inputs: Sequence[Input],
    times: NDArray[np.float64],
    *,
    workers: int = 1,
    kernel: bool = False,
) -> None:
    """Write concentrations of checked arguments into ``out`` ``(outputs, S, T)``."""
    begins_h = _first_start(inputs, times)
    grid = grid_of(times)
    if grid and times[-1] - begins_h > MOST_STEPS * grid.step_h:
        grid = None
    compiled = _compiled() if kernel else None
    at_once = _at_once(inputs, len(times), grid, kernel=bool(kernel))
    if grid and not kernel:
        at_once = _even(out.shape[1], at_once, workers)

    room = Room()

    def solve(first: int) -> None:
        chosen = slice(first, min(first + at_once, out.shape[1]))
        some, given = part(system, inputs, chosen) if out.shape[1] > at_once else (system, inputs)
        laid_out = matrices(some, given, subjects=chosen.stop - first)
        _check_pace(laid_out, given, times, begins_h)
        if compiled and grid:
            compiled.solve_on_grid(out, laid_out, given, times, grid.step_h, first=first)
        else:
            _solve(out[:, chosen], laid_out, given, times, grid, room)

    starts = range(0, out.shape[1], at_once)
    if workers == 1 or len(starts) == 1:
        for first in starts:
            solve(first)
    else:
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(solve, starts))


def _first_start(inputs: Sequence[Input], times: NDArray[np.float64]) -> float:
    starts = [given.start_h for given in inputs]
    begins_h = min([float(times[0]), *(one if isinstance(one, float) else float(np.min(one)) for one in starts)])
    if times[-1] - begins_h > MOST_HOURS:
        expected = f"times and doses lie within {MOST_HOURS:,.0f} hours of each other"
        raise NotANumber(field="time_h", value=[begins_h, float(times[-1])], expected=expected)
    return begins_h


def _at_once(inputs: Sequence[Input], times: int, grid: Grid | None, *, kernel: bool) -> int:
    """How many subjects to solve together: many times, or many doses, make each of them large."""
    if grid is None:
        return min(SUBJECTS_AT_ONCE, max(1, VALUES_AT_ONCE // times))
    return max(64, SUBJECTS_AT_ONCE // max(1, len(inputs) // 8)) if kernel else SUBJECTS_AT_ONCE


def _even(subjects: int, at_most: int, workers: int) -> int:
    """How many subjects to solve together so that each thread has as many; an odd number, whose rows share no cache lines."""
    portions = workers * -(-subjects // (workers * at_most))
    return -(-subjects // portions) | 1


def _check_pace(laid_out: Matrices, inputs: Sequence[Input], times: NDArray[np.float64], begins_h: float) -> None:
    if -float(laid_out.rates_per_h.min()) * (float(times[-1]) - begins_h) <= MOST_TURNOVERS:
        return  # so is the fastest over the longest of anyone's time
    starts = [given.start_h for given in inputs] or [float(times[0])]
    alike = all(isinstance(start_h, float) for start_h in starts)
    first_h = min(starts) if alike else np.minimum.reduce(np.broadcast_arrays(*starts))
    hours = times[-1] - first_h
    fastest = -laid_out.rates_per_h.diagonal(axis1=1, axis2=2).min(axis=1)
    if (fastest * hours).max() > MOST_TURNOVERS:
        at = int(np.argmax(fastest * hours))
        long_h = float(np.broadcast_to(hours, fastest.shape)[at])
        expected = (
            f"over {long_h:g} h a rate is at most {MOST_TURNOVERS / long_h:g} per hour; what is faster is a bolus"
        )
        raise RateTooFast(field="rate", value=float(fastest[at]), expected=expected)


def _compiled() -> ModuleType:
    try:
        from firstlight.clinical.pharmacology import kernel
    except ImportError as missing:
        expected = 'install the compiler (pip install "firstlight[kernel]"), or ask without the kernel'
        raise KernelMissing(field="kernel", value=True, expected=expected) from missing
    return kernel


def _solve(
    out: Profiles,
    laid_out: Matrices,
    inputs: Sequence[Input],
    times: NDArray[np.float64],
    grid: Grid | None,
    room: Room,
) -> None:
    if grid is not None:
        ladder = Ladder(laid_out.rates_per_h, grid.step_h, room, laid_out.shape.parts)
        events = happenings(inputs, laid_out, ladder, until_h=float(times[-1]))
        on_grid(out, laid_out, ladder, events, times, grid, room)
        return
    ladder = Ladder(laid_out.rates_per_h, max(1.0, float(times[-1] - times[0])), room, laid_out.shape.parts)
    _at_any_times(out, laid_out, ladder, inputs, times)


def _at_any_times(
    out: Profiles, laid_out: Matrices, ladder: Ladder, inputs: Sequence[Input], times: NDArray[np.float64]
) -> None:
    """Take each time from the last event before it."""
    subjects, states = laid_out.rates_per_h.shape[:2]
    amounts = np.zeros((states, subjects, len(times)))
    since = np.zeros((1, len(times)))
    for event in happenings(inputs, laid_out, ladder, until_h=float(times[-1])):
        past = times >= event.time_h[:, None]
        since = np.where(past, times - event.time_h[:, None], since)
        amounts = np.where(past, event.amounts[:, :, None], amounts)
    amounts = ladder.after(since, amounts)
    for row, reading in zip(out, laid_out.readings, strict=True):
        row[:] = amounts[reading.index] * reading.scale[:, None]
