"""The grid path once more, compiled, eight people side by side: `pip install "firstlight[kernel]"`, `kernel=True` (ADR 12).

The same step matrices by the same sums (`stepping`), so the same accuracy, but not the same last digits.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from firstlight.clinical.pharmacology.events import Change, changes
from firstlight.clinical.pharmacology.kernel_code import solve
from firstlight.clinical.pharmacology.kernel_vectors import Program, Task
from firstlight.clinical.pharmacology.matrices import Matrices
from firstlight.clinical.pharmacology.programs import program
from firstlight.clinical.pharmacology.stepping import LONGEST_STEP, ROUNDING, TAYLOR
from firstlight.clinical.pharmacology.systems import Input, Number, Profiles

Array = NDArray[np.float64]
SERIES = np.array(TAYLOR)


def solve_on_grid(
    out: Profiles, laid_out: Matrices, inputs: Sequence[Input], times: Array, step_h: float, *, first: int
) -> None:
    """Write the profiles of the subjects laid out into ``out`` ``(outputs, S, T)``, from subject ``first`` on.

    ``out`` is contiguous and in C order: what is written goes to places counted from its first value.
    """
    task = task_of(laid_out, inputs, times, step_h)
    solve(out.reshape(-1), out.shape[1], first, *task, *program_of(laid_out))


def program_of(laid_out: Matrices) -> Program:
    """What is added up for bodies of this shape."""
    shape = laid_out.shape
    return program(shape.states, shape.filled, shape.indices)


def task_of(laid_out: Matrices, inputs: Sequence[Input], times: Array, step_h: float) -> Task:
    """Everything about these subjects as arrays."""
    done = list(changes(inputs, laid_out))
    into = sorted({state for change in done for state, _amount in change.boluses})
    pumps = list(laid_out.shape.pumps.values())
    return Task(
        rates_per_h=laid_out.rates_per_h,
        scales=laid_out.scales,
        moments_h=_moments_h(done),
        boluses=len(into),
        given_to=np.array(into + pumps, dtype=np.int64),
        given=_given(done, into, len(pumps), len(laid_out.rates_per_h)),
        times_h=np.array(times),  # writable and contiguous: other arrays would be compiled for anew
        step_h=step_h,
        taylor=SERIES,
        longest_step=LONGEST_STEP,
        rounding=ROUNDING,
    )


def _moments_h(done: Sequence[Change]) -> Array:
    """When, ``(events, 1 or S)``: all are for everyone, or none is."""
    moments = np.array([change.time_h for change in done])
    return moments if moments.ndim == 2 else moments.reshape(-1, 1)


def _given(done: Sequence[Change], into: Sequence[int], pumps: int, subjects: int) -> Array:
    """Boluses in mg, then rates of pumps in mg/h, ``(events, 1 or S, both)``."""
    nothing: list[Number] = [0.0] * len(into)
    rows = [nothing + [rate for _pump, rate in change.pumps] for change in done]
    for row, change in zip(rows, done, strict=True):
        for state, amount_mg in change.boluses:
            row[into.index(state)] = row[into.index(state)] + amount_mg
    values = [value for row in rows for value in row]
    if set(map(type, values)) <= {float}:
        return np.array(values, dtype=np.float64).reshape(len(done), 1, len(into) + pumps)
    given = np.empty((len(done), subjects, len(into) + pumps))
    for event, row in enumerate(rows):
        for number, value in enumerate(row):
            given[event, :, number] = value
    return given
