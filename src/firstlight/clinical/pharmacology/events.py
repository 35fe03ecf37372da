"""What happens to a body, in order: a bolus, or a pump that is set to another rate."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from firstlight.clinical.pharmacology.matrices import Matrices
from firstlight.clinical.pharmacology.stepping import Ladder
from firstlight.clinical.pharmacology.systems import Input, Number

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Event:
    """At ``time_h`` ``(1 or S,)`` the amounts in all states, pumps included, became ``amounts`` ``(n, S)``."""

    time_h: Array
    amounts: Array


class Change(NamedTuple):
    """At ``time_h`` boluses come into states, and pumps are set to rates in mg/h; states by position."""

    time_h: Number
    boluses: tuple[tuple[int, Number], ...]
    pumps: tuple[tuple[int, Number], ...]


def changes(inputs: Sequence[Input], laid_out: Matrices) -> Iterator[Change]:
    """What is done to each body, in each subject's own order."""
    inputs = [given for given in inputs if given.state in laid_out.shape.position]
    times = _times(inputs)
    boluses = [given for given in inputs if not given.takes_time]
    infusions = [given for given in inputs if given.takes_time]
    for number, time_h in enumerate(times):
        rates = [
            (pump, sum([_rate(given, time_h) for given in infusions if given.state == state], 0.0))
            for state, pump in laid_out.shape.pumps.items()
        ]
        yield Change(time_h, tuple(_given_now(boluses, times, number, laid_out)), tuple(rates))


def happenings(inputs: Sequence[Input], laid_out: Matrices, ladder: Ladder, *, until_h: float) -> Iterator[Event]:
    """Each event with the state of the body just after it; of events at one moment only the last.

    Subjects may differ in when an event falls and in the order of events; the n-th event is each subject's own n-th. The
    amounts at an event after ``until_h`` mean nothing.
    """
    amounts = np.zeros(laid_out.rates_per_h.shape[1::-1])
    last: Event | None = None
    for change in changes(inputs, laid_out):
        time_h = np.atleast_1d(change.time_h)
        if last is not None:
            if (time_h > last.time_h).any():
                yield Event(last.time_h, amounts.copy())
            gap_h = np.minimum(time_h, until_h) - np.minimum(last.time_h, until_h)
            amounts = ladder.after(gap_h[:, None], amounts[:, :, None])[:, :, 0]
        for state, amount_mg in change.boluses:
            amounts[state] += amount_mg
        for pump, rate_mg_per_h in change.pumps:
            amounts[pump] = rate_mg_per_h
        last = Event(time_h, amounts)
    if last is not None:
        yield Event(last.time_h, amounts.copy())


def _times(inputs: Sequence[Input]) -> list[Number]:
    """Starts and ends, rising for each subject: one time for everyone where all agree."""
    all_times = [given.start_h for given in inputs]
    all_times += [given.end_h for given in inputs if given.takes_time]
    if set(map(type, all_times)) == {float}:
        return sorted(set(all_times))
    if all(np.ndim(time_h) == 0 for time_h in all_times):
        return [*sorted({float(time_h) for time_h in all_times})]
    return list(np.sort(np.stack(np.broadcast_arrays(*all_times)), axis=0))


def _given_now(
    boluses: Sequence[Input], times: Sequence[Number], number: int, laid_out: Matrices
) -> Iterator[tuple[int, Number]]:
    """The boluses at the first event of their moment: simultaneous events must not give one twice."""
    for given in boluses:
        here = times[number] == given.start_h
        first = here if number == 0 else here & (times[number - 1] != given.start_h)
        if not isinstance(first, np.ndarray):
            if first:
                yield laid_out.shape.position[given.state], given.amount_mg
        elif first.any():
            yield laid_out.shape.position[given.state], np.where(first, given.amount_mg, 0.0)


def _rate(given: Input, time_h: Number) -> Number:
    """An infusion's rate in mg/h just after ``time_h``."""
    running = (given.start_h <= time_h) & (time_h < given.end_h)
    if not isinstance(running, np.ndarray):
        return given.amount_mg / given.duration_h if running else 0.0
    return np.where(running, np.divide(given.amount_mg, given.duration_h), 0.0)
