"""The grid path once more, compiled, one person after another: `pip install "firstlight[kernel]"`, `kernel=True` (ADR 12).

The same step matrices by the same sums (`stepping`), so the same accuracy, but not the same last digits.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from firstlight.clinical.pharmacology.events import Change, changes
from firstlight.clinical.pharmacology.kernel_code import DOUBLINGS, Task, solve
from firstlight.clinical.pharmacology.matrices import Matrices
from firstlight.clinical.pharmacology.programs import program
from firstlight.clinical.pharmacology.stepping import LONGEST_STEP, ROUNDING, TAYLOR
from firstlight.clinical.pharmacology.systems import Input, Profiles

Array = NDArray[np.float64]


def solve_on_grid(
    out: Profiles, laid_out: Matrices, inputs: Sequence[Input], times: Array, step_h: float, *, first: int
) -> None:
    """Write the profiles of the subjects laid out into ``out`` ``(outputs, S, T)``, from subject ``first`` on.

    ``out`` is contiguous and in C order: what is written goes to places counted from its first value.
    """
    task = task_of(laid_out, inputs, times, step_h)
    longest = -laid_out.rates_per_h.diagonal(axis1=1, axis2=2).min() * step_h / LONGEST_STEP
    halvings = math.ceil(math.log2(longest)) if longest > 1 else 0
    rungs = halvings + task.doublings + 2  # one more than is climbed: each subject rounds alone
    read = tuple(reading.index for reading in laid_out.readings)
    shape = program(laid_out.rates_per_h.shape[1], laid_out.filled, read)
    solve(out.reshape(-1), out.shape[1], first, task, shape, rungs)


def task_of(laid_out: Matrices, inputs: Sequence[Input], times: Array, step_h: float) -> Task:
    """Everything about these subjects as arrays."""
    done = list(changes(inputs, laid_out))
    subjects = len(laid_out.rates_per_h)
    alike = all(_alike(change) for change in done)
    wide = 1 if alike else subjects
    pumps = list(laid_out.pumps.values())
    moments = np.empty((len(done), max((change.time_h.size for change in done), default=1)))
    into = sorted({state for change in done for state, _amount in change.boluses})
    boluses, rates = np.zeros((len(done), wide, len(into))), np.zeros((len(done), wide, len(pumps)))
    for number, change in enumerate(done):
        moments[number] = change.time_h
        for state, amount_mg in change.boluses:
            boluses[number, :, into.index(state)] += amount_mg
        for place, (_pump, rate) in enumerate(change.pumps):
            rates[number, :, place] = rate
    return Task(
        rates_per_h=laid_out.rates_per_h,
        scales=np.array([reading.scale for reading in laid_out.readings]),
        moments_h=moments,
        bolus_states=np.array(into, dtype=np.int64),
        boluses_mg=boluses,
        pumps=np.array(pumps, dtype=np.int64),
        pump_rates=rates,
        times_h=np.array(times),  # writable and contiguous: other arrays would be compiled for anew
        step_h=step_h,
        doublings=max(DOUBLINGS, int(_longest_gap_h(moments, times) / step_h + 1).bit_length() - 1),
        taylor=TAYLOR,
        longest_step=LONGEST_STEP,
        rounding=ROUNDING,
    )


def _alike(change: Change) -> bool:
    return change.time_h.size == 1 and all(np.size(value) == 1 for _, value in (*change.boluses, *change.pumps))


def _longest_gap_h(moments: Array, times: Array) -> float:
    """From an event to the next one, or to the first time, or to the time after it."""
    if not moments.size:
        return 0.0
    within = np.minimum(moments, times[-1])
    return float(max(times[1] - times[0], (within[1:] - within[:-1]).max(initial=0.0), times[0] - moments.min()))
