"""What happens to a body, in order: a bolus, or a pump that is set to another rate."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from firstlight.clinical.pharmacology.matrices import Matrices
from firstlight.clinical.pharmacology.stepping import Ladder
from firstlight.clinical.pharmacology.systems import Input, Number

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Event:
    """At ``time_h`` ``(1 or S,)`` the amounts in all states, pumps included, became ``amounts`` ``(S, n)``."""

    time_h: Array
    amounts: Array


def happenings(inputs: Sequence[Input], laid_out: Matrices, ladder: Ladder, *, until_h: float) -> Iterator[Event]:
    """Each event with the state of the body just after it; of events at one moment only the last.

    Subjects may differ in when an event falls and in the order of events; the n-th event is each subject's own n-th. The
    amounts at an event after ``until_h`` mean nothing.
    """
    inputs = [given for given in inputs if given.state in laid_out.position]
    times = _times(inputs)
    subjects, states = laid_out.rates_per_h.shape[:2]
    amounts = np.zeros((subjects, states))
    for number, time_h in enumerate(times):
        if number:
            gap_h = np.minimum(time_h, until_h) - np.minimum(times[number - 1], until_h)
            amounts = ladder.after(gap_h[:, None], amounts[:, :, None])[:, :, 0]
        for given in inputs:
            if not given.takes_time:
                at = laid_out.position[given.state]
                amounts[:, at] += np.where(_first(given.start_h, times, number), given.amount_mg, 0.0)
        for state, pump in laid_out.pumps.items():
            amounts[:, pump] = sum(_rate(given, time_h) for given in inputs if given.state == state)
        if number + 1 == len(times) or (times[number + 1] > time_h).any():
            yield Event(time_h, amounts.copy())


def _times(inputs: Sequence[Input]) -> list[Array]:
    """Starts and ends, rising for each subject: one time for everyone where all agree."""
    all_times = [given.start_h for given in inputs]
    all_times += [given.end_h for given in inputs if given.takes_time]
    if all(np.ndim(time_h) == 0 for time_h in all_times):
        return [np.array([time_h]) for time_h in sorted({float(time_h) for time_h in all_times})]
    return list(np.sort(np.stack(np.broadcast_arrays(*all_times)), axis=0))


def _first(start_h: Number, times: Sequence[Array], number: int) -> NDArray[np.bool_]:
    """Whether the event of this number is the first at ``start_h``: simultaneous events must not give a bolus twice."""
    here: NDArray[np.bool_] = times[number] == start_h
    return here if number == 0 else here & (times[number - 1] != start_h)


def _rate(given: Input, time_h: Array) -> Array:
    """The rate in mg/h just after ``time_h``."""
    if not given.takes_time:
        return np.zeros(1)
    running = (given.start_h <= time_h) & (time_h < given.end_h)
    return np.where(running, np.divide(given.amount_mg, given.duration_h), 0.0)
