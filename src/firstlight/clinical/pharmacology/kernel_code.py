"""What `kernel` compiles. All of it stands in one file: machine code that was kept is known by this file's time.

Eight people lie side by side: a number of one of them stands beside the same number of the seven others, and one vector
of the machine holds it for all. Which numbers there are and what is added up says a `Program`; `_add_up` is all there is.
What comes of it goes to each person's own row. No index is checked: `kernel` and `_places` lay the room out.
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

from firstlight.clinical.pharmacology.programs import Program
from firstlight.clinical.pharmacology.systems import Profiles

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
build: Any = cgutils  # it has no types
Function = TypeVar("Function", bound=Callable[..., Any])

LANES = 8  # people side by side
DOUBLINGS = 5
BLOCK = 2**DOUBLINGS  # times that one vector of amounts answers for
EARLY = 3  # doublings that people take side by side
TIMES_COUNTED_AT_ONCE = np.uintp(16)  # a line of the cache
PEOPLE_COUNTED_AT_ONCE = np.uintp(512)  # whose lines stay in the nearest cache


def _compiled(function: Function) -> Function:
    """Compile at the first call, and keep the machine code beside this file or in the user's cache."""
    compile_later: Any = partial(njit, nogil=True, fastmath={"contract"}, error_model="numpy")
    try:
        made: Function = compile_later(cache=True)(function)
    except RuntimeError:  # neither folder can be written: compiled anew in each process
        made = compile_later()(function)
    return made


def _addition(width: int, *, spread: bool) -> Any:
    """out[to + i] = Σₚ left[at + across × pairs[p, 0] (+ i)] × right[start + apart × pairs[p, 1] + i], i below ``width``.

    Over the pairs of one cut; ``spread`` takes one number of the left for all of the right.
    """

    @intrinsic
    def add_up(  # type: ignore[no-untyped-def]  # arguments are numba's types here, whatever they hold
        _typing, pairs, first, last, left, at, across, right, start, apart, out, to
    ):
        vector_of = _vector(right.dtype, width)
        name = f"llvm.fmuladd.v{width}f{right.dtype.bitwidth}"
        align = right.dtype.bitwidth // 8

        def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]  # likewise
            pairs, first, last, left, at, across, right, start, apart, out, to = arguments
            numbers, lefts, rights, outs = (
                context.make_array(signature.args[place])(context, builder, array).data
                for place, array in ((0, pairs), (3, left), (6, right), (9, out))
            )
            multiply_add = build.get_or_insert_function(
                builder.module, ir.FunctionType(vector_of, [vector_of] * 3), name
            )

            def found(values, start, apart, place):  # type: ignore[no-untyped-def]  # likewise
                number = builder.load(builder.gep(numbers, [place]))
                return builder.gep(values, [builder.add(start, builder.mul(apart, number))])

            def vector(place):  # type: ignore[no-untyped-def]  # likewise
                return builder.load(builder.bitcast(place, vector_of.as_pointer()), align=align)

            two = ir.Constant(ir.IntType(64), 2)
            total = build.alloca_once_value(builder, ir.Constant(vector_of, None))
            with build.for_range(builder, builder.sub(last, first)) as loop:
                pair = builder.mul(builder.add(loop.index, first), two)
                factor = found(lefts, at, across, pair)
                factors = _spread(builder, builder.load(factor), vector_of) if spread else vector(factor)
                values = vector(found(rights, start, apart, builder.add(pair, ir.Constant(ir.IntType(64), 1))))
                builder.store(builder.call(multiply_add, [factors, values, builder.load(total)]), total)
            place = builder.bitcast(builder.gep(outs, [to]), vector_of.as_pointer())
            builder.store(builder.load(total), place, align=align)
            return context.get_dummy_value()

        n = types.intp
        return types.void(pairs, n, n, left, n, n, right, n, n, out, n), generate

    return add_up


def _vector(of: Any, width: int) -> ir.VectorType:
    return ir.VectorType(ir.DoubleType() if of == types.float64 else ir.FloatType(), width)


def _spread(builder: Any, value: Any, vector_of: ir.VectorType) -> Any:
    """One value in every lane."""
    nothing = ir.Constant(vector_of, ir.Undefined)
    if value.type != vector_of.element:
        value = builder.fptrunc(value, vector_of.element)
    first = builder.insert_element(nothing, value, ir.Constant(ir.IntType(32), 0))
    return builder.shuffle_vector(first, nothing, ir.Constant(ir.VectorType(ir.IntType(32), vector_of.count), None))


@intrinsic
def _turn(_typing, values, at, out, to, apart):  # type: ignore[no-untyped-def]  # arguments are numba's types here
    """out[to + j × apart + i] = values[at + i × LANES + j], both below LANES."""

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]  # likewise
        values, at, out, to, apart = arguments
        source, target = (
            context.make_array(signature.args[place])(context, builder, array).data
            for place, array in ((0, values), (2, out))
        )
        vector_of, shown = _vector(signature.args[0].dtype, LANES), _vector(signature.args[2].dtype, LANES)
        number = ir.IntType(64)
        rows = []
        for row in range(LANES):
            place = builder.gep(source, [builder.add(at, ir.Constant(number, row * LANES))])
            rows.append(builder.load(builder.bitcast(place, vector_of.as_pointer()), align=8))
        mask = ir.VectorType(ir.IntType(32), LANES)
        for half in (4, 2, 1):
            low = [lane + (LANES - half if lane & half else 0) for lane in range(LANES)]
            turned = list(rows)
            for row in range(LANES):
                if not row & half:
                    pair = rows[row], rows[row + half]
                    turned[row] = builder.shuffle_vector(*pair, ir.Constant(mask, low))
                    turned[row + half] = builder.shuffle_vector(*pair, ir.Constant(mask, [one + half for one in low]))
            rows = turned
        for lane, row in enumerate(rows):
            place = builder.gep(target, [builder.add(to, builder.mul(apart, ir.Constant(number, lane)))])
            value = row if shown == vector_of else builder.fptrunc(row, shown)
            builder.store(value, builder.bitcast(place, shown.as_pointer()), align=4)
        return context.get_dummy_value()

    n = types.intp
    return types.void(values, n, out, n, n), generate


_add_up = _addition(LANES, spread=False)
_add_eight = _addition(8, spread=True)
_add_sixteen = _addition(16, spread=True)
_add_block = _addition(BLOCK, spread=True)


class Task(NamedTuple):
    """What is asked of every subject; an array's axis of subjects has length 1 where all are alike."""

    rates_per_h: Array  # (S, n, n)
    scales: Array  # (outputs, S)
    moments_h: Array  # (events, 1 or S)
    boluses: int  # states that boluses come into
    given_to: Whole  # those states, then the pumps
    given: Array  # (events, 1 or S, both): amounts that are added, then rates that are set
    times_h: Array  # (T,)
    step_h: float
    # What is imported is handed over: machine code that was kept knows this file's constants and no other's.
    taylor: Array
    longest_step: float
    rounding: float


FIELDS = len(Task._fields)


class Places(NamedTuple):
    """Where things stand in the room for eight people; the ladder comes last."""

    base: int
    squared: int
    cubed: int
    spare: int
    fastest: int
    base_h: int
    halvings: int
    gap: int
    share: int
    factor: int
    amounts: int
    here: int
    passed: int
    terms: int
    early: int
    ladder: int


@_compiled
def solve(out: Profiles, people: int, first: int, *loose: Any) -> None:
    """Subjects of a task, by a program, handed over loose: numba looks into a tuple anew at each call."""
    task, program = Task(*loose[:FIELDS]), Program(*loose[FIELDS:])
    subjects = len(task.rates_per_h)
    place, doublings = _places(program), _doublings(task)
    rungs = _most_halvings(task) + doublings + 1
    room = _aligned(np.empty(place.ladder + rungs * program.entries * LANES + LANES))
    room[: place.squared] = 0.0  # where K is 0 nothing is laid
    kept = program.rows * BLOCK * LANES
    columns = (len(task.times_h) // BLOCK + 2) * program.states * LANES
    shown = _aligned(np.empty(kept + columns + 2 * BLOCK, dtype=out.dtype))
    taken = np.empty((3, LANES), dtype=np.int64)
    for whose in range(0, subjects, LANES):
        highest = _lay_base(room, place, program, task, whose)
        _lay_ladder(room, place, program, task.taylor, highest, highest + doublings)
        _lay_rows(room, shown, place, program, task.scales, whose, min(LANES, subjects - whose), highest)
        _walk(out, people, first, whose, task, room, shown, taken, place, program, highest)


@_compiled
def _doublings(task: Task) -> int:
    """The longest gap from an event to the next one, or to the next time, is below 2^(this + 1) steps."""
    times_h, longest_h = task.times_h, task.times_h[1] - task.times_h[0]
    for event in range(len(task.moments_h)):
        for subject in range(task.moments_h.shape[1]):
            moment_h = task.moments_h[event, subject]
            longest_h = max(longest_h, times_h[0] - moment_h)
            if event:
                before_h = task.moments_h[event - 1, subject]
                longest_h = max(longest_h, min(moment_h, times_h[-1]) - before_h)
    doublings, steps = DOUBLINGS, int(longest_h / task.step_h + 1)
    while steps >> doublings + 1:
        doublings += 1
    return doublings


@_compiled
def _halvings(task: Task, subject: int) -> tuple[int, float]:
    """How often a subject's step is halved until the series holds, and her fastest rate."""
    fastest, base_h, halvings = 0.0, task.step_h, 0
    for state in range(task.rates_per_h.shape[1]):
        fastest = max(fastest, -task.rates_per_h[subject, state, state])
    while fastest * base_h > task.longest_step:
        base_h *= 0.5
        halvings += 1
    return halvings, fastest


@_compiled
def _most_halvings(task: Task) -> int:
    most = 0
    for subject in range(len(task.rates_per_h)):
        most = max(most, _halvings(task, subject)[0])
    return most


@_compiled
def _aligned(values: Profiles) -> Profiles:
    """From the next line of the cache on."""
    return values[(-values.ctypes.data % 64) // values.itemsize :]


@_compiled
def _places(program: Program) -> Places:
    square, vector = program.entries * LANES, program.states * LANES
    single = 4 * square
    vectors = single + 6 * LANES
    early = vectors + 7 * vector
    ladder = early + program.rows * 2**EARLY * LANES
    return Places(
        0, square, 2 * square, 3 * square,
        single, single + LANES, single + 2 * LANES, single + 3 * LANES, single + 4 * LANES, single + 5 * LANES,
        vectors, vectors + vector, vectors + 2 * vector, vectors + 3 * vector,
        early, ladder,
    )  # fmt: skip


@_compiled
def _lay_base(room: Array, place: Places, program: Program, task: Task, whose: int) -> int:
    """Each person's pace, and (K + q) × her base step. Gives the most halvings that one of them needs."""
    subjects, highest = len(task.rates_per_h), 0
    rates = task.rates_per_h.reshape(-1)
    for lane in range(LANES):
        subject = min(whose + lane, subjects - 1)
        halvings, fastest = _halvings(task, subject)
        base_h = task.step_h / 2.0**halvings
        highest = max(highest, halvings)
        room[place.fastest + lane], room[place.base_h + lane], room[place.halvings + lane] = fastest, base_h, halvings
        for number in range(len(program.filled)):
            entry, at = program.filled[number]
            room[place.base + entry * LANES + lane] = rates[subject * program.states**2 + at] * base_h
        for state in range(program.states):
            rest_per_h = task.rates_per_h[subject, state, state] + fastest
            room[place.base + program.diagonal[state] * LANES + lane] = rest_per_h * base_h
    return highest


@_compiled
def _multiply(room: Array, left: int, right: int, to: int, program: Program) -> None:
    """Matrices, each at its place."""
    for entry in range(program.entries):
        first, last = program.cuts[entry], program.cuts[entry + 1]
        _add_up(program.pairs, first, last, room, left, LANES, room, right, LANES, room, to + entry * LANES)


@_compiled
def _lay_ladder(
    room: Array, place: Places, program: Program, taylor: Array, halvings: int, highest: int
) -> None:
    """exp(K base_h), and its squares, up to rung ``highest``: Paterson and Stockmeyer as in `stepping`.

    Who needs fewer halvings than the others keeps her matrix for the first rungs, so that rung ``halvings`` is one step
    for all and nobody's digits depend on who stands beside her.
    """
    total, filled = place.ladder, program.entries * LANES
    _multiply(room, place.base, place.base, place.squared, program)
    _multiply(room, place.squared, place.base, place.cubed, program)
    for at in range(filled):
        room[place.spare + at] = room[place.cubed + at] * taylor[12]
    for part in range(9, -1, -3):
        if part < 9:
            _multiply(room, total, place.cubed, place.spare, program)
        linear, quadratic = taylor[part + 1], taylor[part + 2]
        for at in range(filled):
            above = room[place.squared + at] * quadratic + room[place.spare + at]
            room[total + at] = room[place.base + at] * linear + above
        for state in range(program.states):
            for lane in range(LANES):
                room[total + program.diagonal[state] * LANES + lane] += taylor[part]
    for lane in range(LANES):
        room[place.factor + lane] = math.exp(-room[place.fastest + lane] * room[place.base_h + lane])
    for entry in range(total, total + filled, LANES):
        for lane in range(LANES):
            room[entry + lane] *= room[place.factor + lane]
    for rung in range(highest):
        below = total + rung * filled
        above = below + filled
        _multiply(room, below, below, above, program)
        if rung < halvings:
            for entry in range(0, filled, LANES):
                for lane in range(LANES):
                    keeps = rung < halvings - room[place.halvings + lane]
                    room[above + entry + lane] = room[below + entry + lane] if keeps else room[above + entry + lane]


@_compiled
def _lay_rows(
    room: Array, shown: Profiles, place: Places, program: Program, scales: Array, whose: int, some: int, halvings: int
) -> None:
    """What each output will be after 0 … BLOCK − 1 steps, for 1 mg in each state, as in `grids`."""
    square, rows, ahead = program.entries * LANES, program.rows, 2**EARLY
    cut = program.entries + program.states
    for row in range(rows):
        output = program.read[row]
        for lane in range(LANES):
            subject = min(whose + lane, scales.shape[1] - 1)
            room[place.early + row * ahead * LANES + lane] = scales[output, subject] if output >= 0 else 0.0
    for doubling in range(EARLY):
        done, step = 2**doubling * LANES, place.ladder + (halvings + doubling) * square
        for row in range(rows):
            first, last, to = program.cuts[cut + row], program.cuts[cut + row + 1], place.early + row * ahead * LANES
            for at in range(0, done, LANES):
                _add_up(
                    program.pairs, first, last, room, step, LANES, room, place.early + at, ahead * LANES,
                    room, to + done + at,
                )  # fmt: skip
    for row in range(rows):
        _turn(room, place.early + row * ahead * LANES, shown, row * BLOCK, rows * BLOCK)
    for lane in range(some):
        start, step = lane * rows * BLOCK, place.ladder + (halvings + EARLY) * square + lane
        for row in range(rows):
            first, last, to = program.cuts[cut + row], program.cuts[cut + row + 1], start + row * BLOCK
            _add_eight(program.pairs, first, last, room, step, LANES, shown, start, BLOCK, shown, to + 8)
        step += square
        for row in range(rows):
            first, last, to = program.cuts[cut + row], program.cuts[cut + row + 1], start + row * BLOCK
            _add_sixteen(program.pairs, first, last, room, step, LANES, shown, start, BLOCK, shown, to + 16)


@_compiled
def _walk(
    out: Profiles,
    people: int,
    row: int,
    whose: int,
    task: Task,
    room: Array,
    shown: Profiles,
    taken: Whole,
    place: Places,
    program: Program,
    halvings: int,
) -> None:
    """From event to event, and over the times between them."""
    count, events, subjects = len(task.times_h), len(task.moments_h), len(task.rates_per_h)
    some = min(LANES, subjects - whose)
    starts, ends = taken[1], taken[2]
    alike = task.moments_h.shape[1] == 1
    for lane in range(LANES):
        subject = 0 if alike else min(whose + lane, subjects - 1)
        ends[lane] = _first_at(task.times_h, task.moments_h[0, subject], task.step_h) if events else count
    for output in range(len(task.scales)):
        for lane in range(some):
            at = (output * people + row + whose + lane) * count
            for early in range(at, at + ends[lane]):
                out[early] = 0.0
    for at in range(place.amounts, place.amounts + program.states * LANES):
        room[at] = 0.0
    for event in range(events):
        writes = False
        for lane in range(LANES):
            subject = 0 if alike else min(whose + lane, subjects - 1)
            time_h, starts[lane] = task.moments_h[event, subject], ends[lane]
            gap_h = time_h - task.moments_h[event - 1, subject] if event and starts[lane] < count else 0.0
            room[place.gap + lane] = max(gap_h, 0.0)
        _pass(room, taken, place.amounts, place, program, task, halvings)
        _give(task, room, place.amounts, event, whose)
        for lane in range(LANES):
            subject = 0 if alike else min(whose + lane, subjects - 1)
            time_h = task.moments_h[event, subject]
            last = event + 1 == events
            ends[lane] = count if last else _first_at(task.times_h, task.moments_h[event + 1, subject], task.step_h)
            here = starts[lane] < ends[lane]
            writes |= here
            room[place.gap + lane] = max(task.times_h[starts[lane]] - time_h, 0.0) if here else 0.0
        if writes:
            for at in range(program.states * LANES):
                room[place.here + at] = room[place.amounts + at]
            _pass(room, taken, place.here, place, program, task, halvings)
            _write(out, (row + whose) * count, people * count, count, some, task, room, shown, taken, place, program, halvings)


@_compiled
def _give(task: Task, room: Array, amounts: int, event: int, whose: int) -> None:
    """The boluses of an event, and the rates from it on."""
    alike, last = task.given.shape[1] == 1, len(task.rates_per_h) - 1
    for lane in range(LANES):
        subject = 0 if alike else min(whose + lane, last)
        for number in range(len(task.given_to)):
            at, value = amounts + task.given_to[number] * LANES + lane, task.given[event, subject, number]
            room[at] = room[at] + value if number < task.boluses else value


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
def _pass(room: Array, taken: Whole, amounts: int, place: Places, program: Program, task: Task, halvings: int) -> None:
    """Amounts after each person's gap, in place: whole steps, then base steps, then the series itself."""
    rest = False
    for lane in range(LANES):
        gap_h, base_h, own = room[place.gap + lane], room[place.base_h + lane], int(room[place.halvings + lane])
        steps = gap_h / task.step_h
        near = np.rint(steps)
        exact = abs(steps - near) <= task.rounding * max(near, 1.0)
        whole = int(near) if exact else int(steps)
        rest_h = 0.0 if exact else max(gap_h - whole * task.step_h, 0.0)
        parts = int(rest_h / base_h)
        room[place.gap + lane] = max(rest_h - parts * base_h, 0.0)
        rest |= room[place.gap + lane] > 0.0
        taken[0, lane] = ((whole << own) + parts) << (halvings - own)
    _climb(room, taken, amounts, place, program)
    if rest:
        _short(room, amounts, place, program, task.taylor)


@_compiled
def _climb(room: Array, taken: Whole, amounts: int, place: Places, program: Program) -> None:
    """Amounts after as many base steps, in place, as each person's number in ``taken`` says; it is used up."""
    anyone, rung = 0, place.ladder
    for lane in range(LANES):
        anyone |= taken[0, lane]
    while anyone:
        if anyone & 1:
            _step(room, rung, amounts, place.passed, program)
            for state in range(0, program.states * LANES, LANES):
                for lane in range(LANES):
                    passed = room[place.passed + state + lane]
                    room[amounts + state + lane] = passed if taken[0, lane] & 1 else room[amounts + state + lane]
        for lane in range(LANES):
            taken[0, lane] >>= 1
        anyone >>= 1
        rung += program.entries * LANES


@_compiled
def _step(room: Array, matrix: int, amounts: int, to: int, program: Program) -> None:
    for state in range(program.states):
        first, last = program.cuts[program.entries + state], program.cuts[program.entries + state + 1]
        _add_up(program.pairs, first, last, room, matrix, LANES, room, amounts, LANES, room, to + state * LANES)


@_compiled
def _short(room: Array, amounts: int, place: Places, program: Program, taylor: Array) -> None:
    """Less than one base step: the series of `_lay_ladder`, applied to amounts. Of some people's gaps nothing is left."""
    vector, square = program.states * LANES, program.entries * LANES
    for lane in range(LANES):
        room[place.share + lane] = room[place.gap + lane] / room[place.base_h + lane]
        room[place.factor + lane] = 1.0
    for power in range(1, 4):
        term = place.terms + power * vector
        _step(room, place.base + (power - 1) * square, amounts, term, program)
        for lane in range(LANES):
            room[place.factor + lane] *= room[place.share + lane]
        for state in range(0, vector, LANES):
            for lane in range(LANES):
                room[term + state + lane] *= room[place.factor + lane]
    for at in range(vector):
        room[place.terms + at] = room[amounts + at]
        room[amounts + at] = room[place.terms + 3 * vector + at] * taylor[12]
    for part in range(9, -1, -3):
        if part < 9:
            _step(room, place.cubed, amounts, place.passed, program)
            for state in range(0, vector, LANES):
                for lane in range(LANES):
                    room[amounts + state + lane] = room[place.passed + state + lane] * room[place.factor + lane]
        constant, linear, quadratic = taylor[part], taylor[part + 1], taylor[part + 2]
        for at in range(place.terms, place.terms + vector):
            above = room[at + 2 * vector] * quadratic + room[amounts - place.terms + at]
            room[amounts - place.terms + at] = room[at] * constant + (room[at + vector] * linear + above)
    for lane in range(LANES):
        room[place.factor + lane] = math.exp(-room[place.fastest + lane] * room[place.gap + lane])
    for state in range(amounts, amounts + vector, LANES):
        for lane in range(LANES):
            room[state + lane] *= room[place.factor + lane]


@_compiled
def _write(
    out: Profiles,
    to: int,
    apart: int,
    count: int,
    some: int,
    task: Task,
    room: Array,
    shown: Profiles,
    taken: Whole,
    place: Places,
    program: Program,
    halvings: int,
) -> None:
    """Each one's times from her start to her end, ``apart`` from each other, from the amounts in ``here`` on.

    A block may write later times of the same row, up to space: what follows writes them again.
    """
    vector, rows = program.states * LANES, program.rows * BLOCK
    columns, rest = rows * LANES, len(shown) - BLOCK
    over_block = place.ladder + (halvings + DOUBLINGS) * program.entries * LANES
    starts, ends = taken[1], taken[2]
    longest = 0
    for lane in range(LANES):
        longest = max(longest, ends[lane] - starts[lane])
        taken[0, lane] = (ends[lane] - starts[lane]) % BLOCK << halvings
    for at in range(vector):
        shown[columns + at] = room[place.here + at]
    _climb(room, taken, place.here, place, program)
    here, there = place.here, place.passed
    for column in range(1, longest // BLOCK + 1):
        for at in range(vector):
            shown[columns + column * vector + at] = room[here + at]
        _step(room, over_block, here, there, program)
        here, there = there, here
    cut = program.entries + program.states + program.rows
    for output in range(len(task.scales)):
        first, last = program.cuts[cut + output], program.cuts[cut + output + 1]
        for lane in range(some):
            start, end, at = starts[lane], ends[lane], to + output * apart + lane * count
            own, column = lane * rows, columns + lane
            early = (end - start) % BLOCK
            if early and start + BLOCK <= count:
                _add_block(program.pairs, first, last, shown, column, LANES, shown, own, BLOCK, out, at + start)
            elif early:
                _add_block(program.pairs, first, last, shown, column, LANES, shown, own, BLOCK, shown, rest)
                for ahead in range(early):
                    out[at + start + ahead] = shown[rest + ahead]
            for block in range(start + early, end, BLOCK):
                column += vector
                _add_block(program.pairs, first, last, shown, column, LANES, shown, own, BLOCK, out, at + block)


@_compiled
def count(bits: NDArray[np.int32], counts: NDArray[np.uint32], shift: int, below_first: int) -> None:
    """What `Histograms.add` counts of the bits of values ``(subjects, rows)``, into its ``counts`` ``(rows, bins)``.

    Unsigned numbers as indices save the question whether one counts from the end.
    """
    people, rows, last = np.uintp(bits.shape[0]), np.uintp(bits.shape[1]), counts.shape[1] - 1
    for ahead in range(np.uintp(0), people, PEOPLE_COUNTED_AT_ONCE):
        for first in range(np.uintp(0), rows, TIMES_COUNTED_AT_ONCE):
            for row in range(first, min(first + TIMES_COUNTED_AT_ONCE, rows)):
                for subject in range(ahead, min(ahead + PEOPLE_COUNTED_AT_ONCE, people)):
                    found = (np.int64(bits[subject, row]) >> shift) - below_first
                    counts[row, np.uintp(min(max(found, 0), last))] += 1
