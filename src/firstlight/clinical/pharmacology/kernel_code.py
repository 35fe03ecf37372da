"""What `kernel` compiles. All of it stands in one file: machine code that was kept is known by this file's time.

Matrices are kept transposed, in rows of a multiple of 8: what arrives in a state is then one vector, and `_combine` is all
there is. No index is checked: `kernel` lays the room out.
"""

import math
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple, TypeVar

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic
from numpy.typing import NDArray

from firstlight.clinical.pharmacology.systems import Profiles

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
build: Any = cgutils  # it has no types
Function = TypeVar("Function", bound=Callable[..., Any])

DOUBLINGS = 5
BLOCK = 2**DOUBLINGS  # times that one vector of amounts answers for
COUNTED_AT_ONCE = 16  # times: a line of the cache


def _compiled(function: Function) -> Function:
    """Compile at the first call, and keep the machine code beside this file or in the user's cache."""
    compile_later: Any = partial(njit, nogil=True, fastmath={"contract"}, error_model="numpy")
    try:
        made: Function = compile_later(cache=True)(function)
    except RuntimeError:  # neither folder can be written: compiled anew in each process
        made = compile_later()(function)
    return made


def _combination(width: int) -> Any:
    """out[to + i] = Σₖ row[at + k] × matrix[start + k × stride + i] for i below ``width``, in the machine's vectors."""

    @intrinsic
    def combine(  # type: ignore[no-untyped-def]  # arguments are numba's types here, whatever they hold
        _typing, row, at, matrix, start, stride, terms, out, to
    ):
        vector_of = ir.VectorType(ir.DoubleType() if row.dtype == types.float64 else ir.FloatType(), width)
        name = f"llvm.fmuladd.v{width}f{row.dtype.bitwidth}"
        align = row.dtype.bitwidth // 8

        def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]  # likewise
            row, at, matrix, start, stride, terms, out, to = arguments
            rows, matrices, outs = (
                context.make_array(signature.args[place])(context, builder, array).data
                for place, array in ((0, row), (2, matrix), (6, out))
            )
            multiply_add = build.get_or_insert_function(
                builder.module, ir.FunctionType(vector_of, [vector_of] * 3), name
            )
            total = build.alloca_once_value(builder, ir.Constant(vector_of, None))
            with build.for_range(builder, terms) as loop:
                factor = builder.load(builder.gep(rows, [builder.add(at, loop.index)]))
                place = builder.gep(matrices, [builder.add(start, builder.mul(stride, loop.index))])
                values = builder.load(builder.bitcast(place, vector_of.as_pointer()), align=align)
                spread = _spread(builder, factor, vector_of)
                builder.store(builder.call(multiply_add, [spread, values, builder.load(total)]), total)
            place = builder.bitcast(builder.gep(outs, [to]), vector_of.as_pointer())
            builder.store(builder.load(total), place, align=align)
            return context.get_dummy_value()

        number = types.intp
        return types.void(row, number, matrix, number, number, number, out, number), generate

    return combine


def _spread(builder: Any, value: Any, vector_of: ir.VectorType) -> Any:
    """One value in every lane."""
    nothing = ir.Constant(vector_of, ir.Undefined)
    first = builder.insert_element(nothing, value, ir.Constant(ir.IntType(32), 0))
    return builder.shuffle_vector(first, nothing, ir.Constant(ir.VectorType(ir.IntType(32), vector_of.count), None))


_combine = _combination(8)
_combine_block = _combination(BLOCK)


class Task(NamedTuple):
    """What is asked of every subject; an array's axis of subjects has length 1 where all are alike."""

    rates_per_h: Array  # (S, n, n)
    scales: Array  # (outputs, S)
    indices: Whole  # (outputs,)
    reaches: Whole  # (outputs,)
    moments_h: Array  # (events, 1 or S)
    bolus_states: Whole  # (states that boluses come into,)
    boluses_mg: Array  # (events, 1 or S, those states)
    pumps: Whole  # (pumps,)
    pump_rates: Array  # (events, 1 or S, pumps)
    times_h: Array  # (T,)
    step_h: float
    doublings: int  # the longest gap between an event and the next, or the next time, is below 2^(this + 1) steps
    # What is imported is handed over: machine code that was kept knows this file's constants and no other's.
    taylor: tuple[float, ...]
    longest_step: float
    rounding: float


class Pace(NamedTuple):
    """How one subject's time is cut: 2^``halvings`` steps of ``base_h`` make ``step_h``."""

    taylor: tuple[float, ...]
    rounding: float
    step_h: float
    base_h: float
    halvings: int
    fastest_per_h: float


class Places(NamedTuple):
    """Where things stand in the room for one subject: square matrices, vectors, rows, and the ladder last.

    A matrix has a row for each of ``states``, of ``size`` values: what is beyond the states stays 0.
    """

    states: int
    size: int
    base: int
    squared: int
    cubed: int
    spare: int
    amounts: int
    here: int
    passed: int
    term: int
    rows: int
    ladder: int


@_compiled
def solve(out: Profiles, people: int, first: int, task: Task, rungs: int) -> None:
    subjects, states = task.rates_per_h.shape[0], task.rates_per_h.shape[1]
    outputs, size = len(task.indices), -(-states // 8) * 8
    place = _places(states, size, outputs)
    room = np.zeros(place.ladder + rungs * size * size)
    shown = np.zeros(outputs * size * BLOCK + size + BLOCK, dtype=out.dtype)
    for subject in range(subjects):
        pace = _pace(task.rates_per_h[subject], task)
        _lay_ladder(room, place, task.rates_per_h[subject], pace, pace.halvings + task.doublings)
        for output in range(outputs):
            _lay_rows(room, place, output, task.indices[output], task.reaches[output], pace.halvings)
            scale, start = task.scales[output, subject], output * size * BLOCK
            for at in range(start, start + task.reaches[output] * BLOCK):
                shown[at] = room[place.rows + at] * scale
        _walk(out, people, first + subject, subject, task, room, shown, place, pace)


@_compiled
def _places(states: int, size: int, outputs: int) -> Places:
    square = size * size
    vectors = 4 * square
    rows = vectors + 4 * size
    ladder = rows + outputs * size * BLOCK
    amounts, here, passed, term = vectors, vectors + size, vectors + 2 * size, vectors + 3 * size
    return Places(states, size, 0, square, 2 * square, 3 * square, amounts, here, passed, term, rows, ladder)


@_compiled
def _pace(rates_per_h: Array, task: Task) -> Pace:
    fastest, base_h, halvings = 0.0, task.step_h, 0
    for state in range(len(rates_per_h)):
        fastest = max(fastest, -rates_per_h[state, state])
    while fastest * base_h > task.longest_step:
        base_h *= 0.5
        halvings += 1
    return Pace(task.taylor, task.rounding, task.step_h, base_h, halvings, fastest)


@_compiled
def _multiply(room: Array, left: int, right: int, to: int, place: Places) -> None:
    """Matrices, each at its place."""
    for row in range(0, place.states * place.size, place.size):
        for column in range(0, place.size, 8):
            _combine(room, left + row, room, right + column, place.size, place.states, room, to + row + column)


@_compiled
def _lay_ladder(room: Array, place: Places, rates_per_h: Array, pace: Pace, highest: int) -> None:
    """exp(K base_h), and its squares, up to rung ``highest``: Paterson and Stockmeyer as in `stepping`."""
    size, square, total = place.size, place.size * place.size, place.ladder
    filled = place.states * size
    for source in range(len(rates_per_h)):
        for target in range(len(rates_per_h)):
            room[place.base + source * size + target] = rates_per_h[target, source] * pace.base_h
        rest_per_h = rates_per_h[source, source] + pace.fastest_per_h
        room[place.base + source * size + source] = rest_per_h * pace.base_h
    _multiply(room, place.base, place.base, place.squared, place)
    _multiply(room, place.squared, place.base, place.cubed, place)
    for at in range(filled):
        room[place.spare + at] = room[place.cubed + at] * pace.taylor[12]
    for part in range(9, -1, -3):
        if part < 9:
            _multiply(room, total, place.cubed, place.spare, place)
        linear, quadratic = pace.taylor[part + 1], pace.taylor[part + 2]
        for at in range(filled):
            above = room[place.squared + at] * quadratic + room[place.spare + at]
            room[total + at] = room[place.base + at] * linear + above
        for at in range(0, filled, size + 1):
            room[total + at] += pace.taylor[part]
    decay = math.exp(-pace.fastest_per_h * pace.base_h)
    for at in range(total, total + filled):
        room[at] *= decay
    for below in range(total, total + highest * square, square):
        _multiply(room, below, below, below + square, place)


@_compiled
def _lay_rows(room: Array, place: Places, output: int, index: int, reach: int, halvings: int) -> None:
    """What the output's state will hold after 0 … BLOCK − 1 steps, for 1 mg in each state, as in `grids`."""
    size, start = place.size, place.rows + output * place.size * BLOCK
    for state in range(reach):
        room[start + state * BLOCK] = 1.0 if state == index else 0.0
    for doubling in range(DOUBLINGS):
        done, step = 2**doubling, place.ladder + (halvings + doubling) * size * size
        for state in range(reach):
            at, to = step + state * size, start + state * BLOCK + done
            for ahead in range(0, done, 8):  # of the first eight some are not there yet: the next doubling writes them
                _combine(room, at, room, start + ahead, BLOCK, reach, room, to + ahead)


@_compiled
def _walk(
    out: Profiles,
    people: int,
    row: int,
    subject: int,
    task: Task,
    room: Array,
    shown: Profiles,
    place: Places,
    pace: Pace,
) -> None:
    """From event to event, and over the times between them."""
    count, events = len(task.times_h), len(task.moments_h)
    whose = 0 if task.moments_h.shape[1] == 1 else subject
    given = 0 if task.boluses_mg.shape[1] == 1 else subject
    end = _first_at(task.times_h, task.moments_h[0, whose], task.step_h) if events else count
    for output in range(len(task.indices)):
        at = (output * people + row) * count
        for early in range(at, at + end):
            out[early] = 0.0
    for state in range(place.size):
        room[place.amounts + state] = 0.0
    for event in range(events):
        time_h, start = task.moments_h[event, whose], end
        if start == count:
            break
        if event:
            _pass(time_h - task.moments_h[event - 1, whose], room, place.amounts, place, pace)
        _give(task, room, place.amounts, event, given)
        last = event + 1 == events
        end = count if last else _first_at(task.times_h, task.moments_h[event + 1, whose], task.step_h)
        if start < end:
            for state in range(place.size):
                room[place.here + state] = room[place.amounts + state]
            _pass(task.times_h[start] - time_h, room, place.here, place, pace)
            to = row * count + start
            _write(out, to, people * count, task.reaches, room, shown, place, pace.halvings, end - start, count - start)


@_compiled
def _give(task: Task, room: Array, amounts: int, event: int, given: int) -> None:
    """The boluses of an event, and the rates from it on."""
    for number in range(len(task.bolus_states)):
        room[amounts + task.bolus_states[number]] += task.boluses_mg[event, given, number]
    for number in range(len(task.pumps)):
        room[amounts + task.pumps[number]] = task.pump_rates[event, given, number]


@_compiled
def _first_at(times_h: Array, moment_h: float, step_h: float) -> int:
    """The number of the first time at or after a moment; how many times there are when none is."""
    count = len(times_h)
    index = int(min(max((moment_h - times_h[0]) / step_h, 0.0), float(count)))
    while index > 0 and times_h[index - 1] >= moment_h:
        index -= 1
    while index < count and times_h[index] < moment_h:
        index += 1
    return index


@_compiled
def _pass(gap_h: float, room: Array, amounts: int, place: Places, pace: Pace) -> None:
    """Amounts after a gap, in place: whole steps, then base steps, then the series itself."""
    if gap_h <= 0.0:
        return
    steps = gap_h / pace.step_h
    near = np.rint(steps)
    exact = abs(steps - near) <= pace.rounding * max(near, 1.0)
    whole = int(near) if exact else int(steps)
    rest_h = 0.0 if exact else max(gap_h - whole * pace.step_h, 0.0)
    parts = int(rest_h / pace.base_h)
    rest_h = max(rest_h - parts * pace.base_h, 0.0)
    taken, rung = (whole << pace.halvings) + parts, place.ladder
    while taken:
        if taken & 1:
            _step(room, rung, amounts, place)
        taken >>= 1
        rung += place.size * place.size
    if rest_h:
        _short(rest_h, room, amounts, place, pace)


@_compiled
def _step(room: Array, matrix: int, amounts: int, place: Places) -> None:
    for column in range(0, place.size, 8):
        _combine(room, amounts, room, matrix + column, place.size, place.states, room, place.passed + column)
    for state in range(place.size):
        room[amounts + state] = room[place.passed + state]


@_compiled
def _short(gap_h: float, room: Array, amounts: int, place: Places, pace: Pace) -> None:
    """Less than one base step."""
    share = gap_h / pace.base_h
    for state in range(place.size):
        room[place.term + state] = room[amounts + state]
    for power in range(1, len(pace.taylor)):
        _step(room, place.base, place.term, place)
        for state in range(place.size):
            room[place.term + state] *= share / power
            room[amounts + state] += room[place.term + state]
    decay = math.exp(-pace.fastest_per_h * gap_h)
    for state in range(place.size):
        room[amounts + state] *= decay


@_compiled
def _write(
    out: Profiles,
    to: int,
    apart: int,
    reaches: Whole,
    room: Array,
    shown: Profiles,
    place: Places,
    halvings: int,
    times: int,
    space: int,
) -> None:
    """``times`` values of each output, ``apart`` from each other, from the amounts in ``here`` on.

    A block may write later times of the same row, up to ``space``: what follows writes them again.
    """
    here, rest = len(reaches) * place.size * BLOCK, len(reaches) * place.size * BLOCK + place.size
    over_block = place.ladder + (halvings + DOUBLINGS) * place.size * place.size
    for done in range(0, times, BLOCK):
        if done:
            _step(room, over_block, place.here, place)
        for state in range(place.size):
            shown[here + state] = room[place.here + state]
        whole = done + BLOCK <= space
        for output in range(len(reaches)):
            rows, at = output * place.size * BLOCK, to + output * apart + done
            if whole:
                _combine_block(shown, here, shown, rows, BLOCK, reaches[output], out, at)
                continue
            _combine_block(shown, here, shown, rows, BLOCK, reaches[output], shown, rest)
            for ahead in range(space - done):
                out[at + ahead] = shown[rest + ahead]


@_compiled
def count(bits: NDArray[np.int32], counts: NDArray[np.uint32], shift: int, below_first: int) -> None:
    """What `Histograms.add` counts of the bits of values ``(subjects, rows)``, into its ``counts`` ``(rows, bins)``."""
    for first in range(0, bits.shape[1], COUNTED_AT_ONCE):
        for row in range(first, min(first + COUNTED_AT_ONCE, bits.shape[1])):
            for subject in range(bits.shape[0]):
                found = (bits[subject, row] >> shift) - below_first
                counts[row, min(max(found, 0), counts.shape[1] - 1)] += 1
