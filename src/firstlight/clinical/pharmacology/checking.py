"""Checks of systems, inputs and times before anything is solved."""

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from firstlight.clinical.pharmacology.errors import (
    DifferentLengths,
    MissingDuration,
    NegativeDose,
    NotANumber,
    NothingAsked,
    TimesOutOfOrder,
    UnknownState,
)
from firstlight.clinical.pharmacology.systems import Input, Number, Profiles, System


def checked_times(time_h: ArrayLike) -> NDArray[np.float64]:
    """Times as an array ``(T,)``. Raises NothingAsked, NotANumber, TimesOutOfOrder."""
    times = np.atleast_1d(np.asarray(time_h, dtype=np.float64))
    if times.ndim != 1:
        raise DifferentLengths(field="time_h", value=times.shape, expected="give one list of times for everyone")
    if not times.size:
        raise NothingAsked(field="time_h", value=[], expected="give at least one time in hours")
    if not np.isfinite(times).all():
        raise NotANumber(
            field="time_h", value=times[~np.isfinite(times)][0], expected="every time is a number of hours"
        )
    steps = np.diff(times)
    if steps.size and steps.min() <= 0:
        at = int(np.argmax(steps <= 0))
        raise TimesOutOfOrder(
            field="time_h",
            value=[float(times[at]), float(times[at + 1])],
            expected="each time is later than the one before it",
        )
    return times


def count_subjects(system: System, inputs: Sequence[Input]) -> int:
    """How many subjects these quantities describe; 1 when every quantity is one number. Raises DifferentLengths."""
    subjects = 1
    for field, number in _numbers(system, inputs):
        if isinstance(number, np.ndarray) and number.ndim:
            if number.ndim != 1 or (subjects > 1 and number.size not in {1, subjects}):
                raise DifferentLengths(field=field, value=number.shape, expected="one number, or one value a subject")
            subjects = max(subjects, number.size)
    return subjects


def check(system: System, inputs: Sequence[Input]) -> None:
    """Refuse what cannot be solved. Raises a PharmacologyError that names the field."""
    _check_names(system, inputs)
    for flow in system.flows:
        _at_least_zero(f"rate of {flow.source} → {flow.target or 'out'}", flow.rate_per_h, "a rate per hour")
        _at_least_zero(f"fraction of {flow.source} → {flow.target or 'out'}", flow.fraction, "a fraction")
    for output in system.outputs:
        _at_least_zero(f"factor of {output.name}", output.factor, "a factor")
        if not _all(output.volume_l, above=0.0):
            raise NotANumber(field=f"volume of {output.name}", value=output.volume_l, expected="a volume in L above 0")
    for given in inputs:
        _check_input(given)


def _check_input(given: Input) -> None:
    if not _finite(given.amount_mg):
        raise NotANumber(field="amount_mg", value=given.amount_mg, expected="an amount is a number of mg")
    if not _all(given.amount_mg, least=0.0):
        raise NegativeDose(field="amount_mg", value=given.amount_mg, expected="an amount is 0 mg or more")
    if not _finite(given.start_h):
        raise NotANumber(field="start_h", value=given.start_h, expected="a start is a number of hours")
    if given.takes_time and not _all(given.duration_h, above=0.0):
        raise MissingDuration(
            field="duration_h", value=given.duration_h, expected="a duration is above 0 h, or 0 for everyone (a bolus)"
        )


def _check_names(system: System, inputs: Sequence[Input]) -> None:
    if not system.outputs:
        raise NothingAsked(field="outputs", value=(), expected="name at least one concentration")
    known = set(system.states)
    named = [("flow", name) for flow in system.flows for name in (flow.source, flow.target) if name is not None]
    named += [("output", output.state) for output in system.outputs] + [("input", given.state) for given in inputs]
    for field, name in named:
        if name not in known:
            raise UnknownState(field=field, value=name, expected=f"the states are {', '.join(system.states)}")


def _numbers(system: System, inputs: Sequence[Input]) -> Iterator[tuple[str, Number]]:
    for flow in system.flows:
        yield f"rate of {flow.source}", flow.rate_per_h
        yield f"fraction of {flow.source}", flow.fraction
    for output in system.outputs:
        yield f"volume of {output.name}", output.volume_l
        yield f"factor of {output.name}", output.factor
    for given in inputs:
        yield "amount_mg", given.amount_mg
        yield "start_h", given.start_h
        yield "duration_h", given.duration_h


def _at_least_zero(field: str, number: Number, what: str) -> None:
    if not _all(number, least=0.0):
        raise NotANumber(field=field, value=number, expected=f"{what} is 0 or more")


def _finite(number: Number) -> bool:
    return bool(np.isfinite(number).all()) if isinstance(number, np.ndarray) else math.isfinite(number)


def _all(number: Number, *, least: float | None = None, above: float | None = None) -> bool:
    """Whether every value is finite and within its bound (a value that is not a number never is)."""
    within = number >= least if least is not None else number > (above or 0.0)
    return _finite(number) and bool(within.all() if isinstance(within, np.ndarray) else within)


def check_buffer(out: Profiles, shape: tuple[int, int, int]) -> Profiles:
    """A caller's buffer, when it fits. Raises DifferentLengths, NotANumber."""
    if out.shape != shape or not out.flags.c_contiguous:
        raise DifferentLengths(field="out", value=out.shape, expected=f"give a C-contiguous array of shape {shape}")
    if out.dtype not in {np.dtype(np.float64), np.dtype(np.float32)}:
        raise NotANumber(field="out", value=str(out.dtype), expected="give an array of float64 or float32")
    return out
