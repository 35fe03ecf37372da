"""The grid path once more, compiled, eight people side by side: `pip install "firstlight[kernel]"`, `kernel=True` (ADR 12).

The same step matrices by the same sums (`stepping`), so the same accuracy, but not the same last digits.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from firstlight.clinical.pharmacology.events import Change, changes
from firstlight.clinical.pharmacology.kernel_code import DOUBLINGS, Task, solve
from firstlight.clinical.pharmacology.matrices import Matrices
from firstlight.clinical.pharmacology.programs import Program, program
from firstlight.clinical.pharmacology.stepping import LONGEST_STEP, ROUNDING, TAYLOR
from firstlight.clinical.pharmacology.systems import Input, Profiles

Array = NDArray[np.float64]
SERIES = np.array(TAYLOR)


def solve_on_grid(
    out: Profiles, laid_out: Matrices, inputs: Sequence[Input], times: Array, step_h: float, *, first: int
) -> None:
    """Write the profiles of the subjects laid out into ``out`` ``(outputs, S, T)``, from subject ``first`` on.

    ``out`` is contiguous and in C order: what is written goes to places counted from its first value.
    """
    task = task_of(laid_out, inputs, times, step_h)
    longest = -float(laid_out.rates_per_h.min()) * step_h / LONGEST_STEP
    halvings = math.ceil(math.log2(longest)) if longest > 1 else 0
    rungs = halvings + task.doublings + 2  # one more than is climbed: each subject rounds alone
    solve(out.reshape(-1), out.shape[1], first, task, program_of(laid_out), rungs)


def program_of(laid_out: Matrices) -> Program:
    """What is added up for bodies of this shape."""
    shape = laid_out.shape
    return program(shape.states, shape.filled, tuple(index for _name, index, _reach in shape.read))


def task_of(laid_out: Matrices, inputs: Sequence[Input], times: Array, step_h: float) -> Task:
    """Everything about these subjects as arrays."""
    done = list(changes(inputs, laid_out))
    moments = _moments_h(done)
    into = sorted({state for change in done for state, _amount in change.boluses})
    pumps = list(laid_out.shape.pumps.values())
    return Task(
        rates_per_h=laid_out.rates_per_h,
        scales=laid_out.scales,
        moments_h=moments,
        boluses=len(into),
        given_to=np.array(into + pumps, dtype=np.int64),
        given=_given(done, into, len(pumps), len(laid_out.rates_per_h)),
        times_h=np.array(times),  # writable and contiguous: other arrays would be compiled for anew
        step_h=step_h,
        doublings=max(DOUBLINGS, int(_longest_gap_h(moments, times) / step_h + 1).bit_length() - 1),
        taylor=SERIES,
        longest_step=LONGEST_STEP,
        rounding=ROUNDING,
    )


def _moments_h(done: Sequence[Change]) -> Array:
    """When, ``(events, 1 or S)``."""
    if all(isinstance(change.time_h, float) for change in done):
        return np.array([change.time_h for change in done]).reshape(-1, 1)
    return np.array([change.time_h for change in done])


def _given(done: Sequence[Change], into: Sequence[int], pumps: int, subjects: int) -> Array:
    """Boluses in mg, then rates of pumps in mg/h, ``(events, 1 or S, both)``."""
    alike = all(isinstance(value, float) for change in done for _, value in (*change.boluses, *change.pumps))
    given = np.zeros((len(done), 1 if alike else subjects, len(into) + pumps))
    for row, change in zip(given, done, strict=True):
        for state, amount_mg in change.boluses:
            row[:, into.index(state)] += amount_mg
        for place, (_pump, rate) in enumerate(change.pumps, start=len(into)):
            row[:, place] = rate
    return given


def _longest_gap_h(moments: Array, times: Array) -> float:
    """From an event to the next one, or to the first time, or to the time after it."""
    if not moments.size:
        return 0.0
    within = np.minimum(moments, times[-1])
    return float(max(times[1] - times[0], (within[1:] - within[:-1]).max(initial=0.0), times[0] - moments.min()))
