"""Checks of systems, inputs and times before anything is solved."""

import math
from collections.abc import Iterator, Sequence
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from firstlight.clinical.pharmacology.accepting import checked_numbers, each_of, one_of
from firstlight.clinical.pharmacology.errors import (
    DifferentLengths,
    MissingDuration,
    NegativeDose,
    NotANumber,
    NothingAsked,
    TimesOutOfOrder,
    UnknownState,
)
from firstlight.clinical.pharmacology.systems import Flow, Input, Number, Profiles, System

FLOATS = {np.dtype(np.float64), np.dtype(np.float32)}
SHORTEST_H = 1e-9  # 3.6 µs: what is given faster is a bolus


def checked_times(time_h: ArrayLike) -> NDArray[np.float64]:
    """Times as an array ``(T,)``. Raises NothingAsked, NotANumber, TimesOutOfOrder."""
    expected = "every time is a number of hours"
    times = checked_numbers(time_h, field="time_h", expected=expected)
    times = times if times.ndim else times.reshape(1)
    if times.ndim != 1:
        raise DifferentLengths(field="time_h", value=times.shape, expected="give one list of times for everyone")
    if not times.size:
        raise NothingAsked(field="time_h", value=[], expected="give at least one time in hours")
    if math.isfinite(times[0]) and math.isfinite(times[-1]) and (times[1:] > times[:-1]).all():
        return times
    if not np.isfinite(times).all():
        raise NotANumber(field="time_h", value=times[~np.isfinite(times)][0], expected=expected)
    at = int(np.argmax(np.diff(times) <= 0))
    raise TimesOutOfOrder(
        field="time_h",
        value=[float(times[at]), float(times[at + 1])],
        expected="each time is later than the one before it",
    )


def check(system: System, inputs: Sequence[Input]) -> int:
    """How many subjects these quantities describe; 1 when every quantity is one number.

    Raises a PharmacologyError that names the field of what cannot be solved.
    """
    one_of(System, system, field="system", expected="give a System")
    each_of(Input, inputs, field="inputs", expected="give a list of Input(state, amount_mg, …)")
    _check_names(system, inputs)
    numbers = _numbers(system, inputs)
    if _right_at_a_glance(system, inputs, numbers):
        return 1
    for flow in system.flows:
        if not _never_below_0(flow.rate_per_h):
            raise NotANumber(field=_rate_of(flow), value=flow.rate_per_h, expected="a rate per hour is 0 or more")
        if not _never_below_0(flow.fraction):
            raise NotANumber(field=_fraction_of(flow), value=flow.fraction, expected="a fraction is 0 or more")
    for output in system.outputs:
        if not _never_below_0(output.factor):
            field = f"factor of {output.name}"
            raise NotANumber(field=field, value=output.factor, expected="a factor is 0 or more")
        if not _all(output.volume_l, above=0.0):
            raise NotANumber(field=f"volume of {output.name}", value=output.volume_l, expected="a volume in L above 0")
    for given in inputs:
        _check_input(given)
    return _count_subjects(system, inputs, numbers)


def _right_at_a_glance(system: System, inputs: Sequence[Input], numbers: Sequence[Number]) -> bool:
    """Whether every quantity is one plain number within its bounds: true of one person, whose answer takes 50 µs."""
    if set(map(type, numbers)) != {float} or not (min(numbers) >= 0.0 and math.isfinite(sum(numbers))):
        return False
    volumes = [output.volume_l for output in system.outputs]
    durations = [given.duration_h for given in inputs if given.duration_h != 0.0]
    return bool(min(volumes) > 0.0 and (not durations or min(durations) >= SHORTEST_H))


def _count_subjects(system: System, inputs: Sequence[Input], numbers: Sequence[Number]) -> int:
    subjects = 1
    for place, number in enumerate(numbers):
        if isinstance(number, np.ndarray) and number.ndim:
            if number.ndim != 1 or (subjects > 1 and number.size not in {1, subjects}):
                field = list(_fields(system, inputs))[place]
                raise DifferentLengths(field=field, value=number.shape, expected="one number, or one value a subject")
            subjects = max(subjects, number.size)
    return subjects


def _rate_of(flow: Flow) -> str:
    return f"rate of {flow.source} → {flow.target or 'out'}"


def _fraction_of(flow: Flow) -> str:
    return f"fraction of {flow.source} → {flow.target or 'out'}"


def _check_input(given: Input) -> None:
    if not _finite(given.amount_mg):
        raise NotANumber(field="amount_mg", value=given.amount_mg, expected="an amount is a number of mg")
    if not _all(given.amount_mg, least=0.0):
        raise NegativeDose(field="amount_mg", value=given.amount_mg, expected="an amount is 0 mg or more")
    if not _finite(given.start_h):
        raise NotANumber(field="start_h", value=given.start_h, expected="a start is a number of hours")
    if not _numeric(given.duration_h) or (given.takes_time and not _all(given.duration_h, least=SHORTEST_H)):
        expected = f"a duration is above 0 h (from {SHORTEST_H:g} on), or 0 for everyone (a bolus)"
        raise MissingDuration(field="duration_h", value=given.duration_h, expected=expected)


def _check_names(system: System, inputs: Sequence[Input]) -> None:
    if not system.outputs:
        raise NothingAsked(field="outputs", value=(), expected="name at least one concentration")
    known = set(system.states)
    flows = [name for flow in system.flows for name in (flow.source, flow.target) if name is not None]
    outputs, inputs_to = [output.state for output in system.outputs], [given.state for given in inputs]
    for field, names in (("flow", flows), ("output", outputs), ("input", inputs_to)):
        if not known.issuperset(names):
            name = next(name for name in names if name not in known)
            raise UnknownState(field=field, value=name, expected=f"the states are {', '.join(system.states)}")


def _numbers(system: System, inputs: Sequence[Input]) -> list[Number]:
    """Each quantity, in the order of their names."""
    numbers = [number for flow in system.flows for number in (flow.rate_per_h, flow.fraction)]
    numbers += [number for output in system.outputs for number in (output.volume_l, output.factor)]
    numbers += [number for given in inputs for number in (given.amount_mg, given.start_h, given.duration_h)]
    return numbers


def _fields(system: System, inputs: Sequence[Input]) -> Iterator[str]:
    for flow in system.flows:
        yield from (_rate_of(flow), _fraction_of(flow))
    for output in system.outputs:
        yield from (f"volume of {output.name}", f"factor of {output.name}")
    for _given in inputs:
        yield from ("amount_mg", "start_h", "duration_h")


def _numeric(number: object) -> bool:
    """Whether this is a number, or an array of them, and neither text nor a list."""
    plain = isinstance(number, float) or isinstance(number, Real)  # noqa: SIM101  # to ask for Real takes eight times as long
    return plain or (isinstance(number, np.ndarray) and number.dtype.kind in "iuf")


def _finite(number: Number) -> bool:
    if isinstance(number, float):
        return math.isfinite(number)
    return _numeric(number) and bool(np.isfinite(number).all())


def _never_below_0(number: Number) -> bool:
    """Whether every value is finite, and 0 or more: asked of every rate."""
    return 0.0 <= number < math.inf if isinstance(number, float) else _all(number, least=0.0)


def _all(number: Number, *, least: float = -math.inf, above: float = -math.inf) -> bool:
    """Whether every value is finite and within its bound (a value that is not a number never is)."""
    if not isinstance(number, np.ndarray):
        return _numeric(number) and bool(least <= number < math.inf and number > above)
    return _numeric(number) and bool(((number >= least) & (number > above) & np.isfinite(number)).all())


def check_buffer(out: Profiles, shape: tuple[int, int, int]) -> Profiles:
    """A caller's buffer, when it fits. Raises WrongKind, DifferentLengths."""
    one_of(np.ndarray, out, field="out", expected=f"give an array of shape {shape}")
    if out.shape != shape or not (out.flags.c_contiguous and out.flags.aligned and out.flags.writeable):
        expected = f"give a C-contiguous, aligned, writable array of shape {shape}"
        raise DifferentLengths(field="out", value=out.shape, expected=expected)
    check_dtype("out", out.dtype)
    return out


def check_dtype(field: str, dtype: DTypeLike) -> np.dtype[Any]:
    """float64 or float32. Raises NotANumber."""
    try:
        named = np.dtype(dtype)
    except TypeError:
        raise NotANumber(field=field, value=dtype, expected="give float64 or float32") from None
    if named not in FLOATS:
        raise NotANumber(field=field, value=str(named), expected="give float64 or float32")
    return named
