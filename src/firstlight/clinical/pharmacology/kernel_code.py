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

from firstlight.clinical.pharmacology.systems import Profiles

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
build: Any = cgutils  # it has no types
Function = TypeVar("Function", bound=Callable[..., Any])

LANES = 8  # people side by side
DOUBLINGS = 5
BLOCK = 2**DOUBLINGS  # times that one vector of amounts answers for
EARLY = 8  # times that people take side by side
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
        vector_of = ir.VectorType(ir.DoubleType() if right.dtype == types.float64 else ir.FloatType(), width)
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

            def found(values: Any, start: Any, apart: Any, place: Any) -> Any:
                number = builder.load(builder.gep(numbers, [place]))
                return builder.gep(values, [builder.add(start, builder.mul(apart, number))])

            def vector(place: Any) -> Any:
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


def _spread(builder: Any, value: Any, vector_of: ir.VectorType) -> Any:
    """One value in every lane."""
    nothing = ir.Constant(vector_of, ir.Undefined)
    if value.type != vector_of.element:
        value = builder.fptrunc(value, vector_of.element)
    first = builder.insert_element(nothing, value, ir.Constant(ir.IntType(32), 0))
    return builder.shuffle_vector(first, nothing, ir.Constant(ir.VectorType(ir.IntType(32), vector_of.count), None))


_add_up = _addition(LANES, spread=False)
_add_eight = _addition(8, spread=True)
_add_sixteen = _addition(16, spread=True)
_add_block = _addition(BLOCK, spread=True)


class Program(NamedTuple):
    """Sums of products, one after another: the n-th adds ``pairs`` number ``cuts[n]`` … ``cuts[n + 1] − 1``.

    First those of a product of matrices, one for each of ``entries``: (entry of the left, entry of the right).
    Then those of a step, one for each of ``states``: (entry, state).
    Then those of what an output will be for 1 mg in a state that feeds it, one for each of ``rows``: (entry, row).
    Last those of the outputs from the amounts: (state, row).
    """

    states: int
    entries: int
    rows: int
    diagonal: Whole  # (states,) the entries of states with themselves
    filled: Whole  # (filled, 2) entries that are not 0 in K itself, and their places there
    read: Whole  # (rows,) the output whose own state the row stands for, or −1
    pairs: Whole  # (pairs, 2)
    cuts: Whole


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
    """Where things stand in the room for eight people: matrices, one number each, vectors, early rows, the ladder."""

    one: int  # 1, a, a² and a³ of a = (K + q) × base_h stand behind each other
    base: int
    squared: int
    cubed: int
    spare: int
    fastest: int
    base_h: int
    halvings: int
    gap_h: int
    share: int
    factor: int
    amounts: int
    here: int
    passed: int
    terms: int  # four
    early: int
    ladder: int


class Desk(NamedTuple):
    """What eight people are worked out with: their numbers, what is shown of them, and whole numbers of each."""

    room: Array
    shown: Profiles  # each person's own rows of BLOCK times, then the amounts at the start of each block
    marks: Whole  # (3, LANES): steps to take, start and end in times
    place: Places
    program: Program


@_compiled
def solve(out: Profiles, people: int, first: int, *loose: Any) -> None:
    """Subjects of a task, by a program, handed over loose: numba looks into a tuple anew at each call."""
    task, program = Task(*loose[:FIELDS]), Program(*loose[FIELDS:])
    place, doublings = _places(program), _doublings(task)
    rungs = _most_halvings(task) + doublings + 1
    room = _aligned(np.empty(place.ladder + rungs * program.entries * LANES + LANES))
    room[: place.squared] = 0.0  # where K is 0 nothing is laid
    for state in range(program.states):
        for lane in range(LANES):
            room[place.one + program.diagonal[state] * LANES + lane] = 1.0
    blocks = len(task.times_h) // BLOCK + 2
    shown = _aligned(np.empty((program.rows * BLOCK + blocks * program.states) * LANES + 3 * BLOCK, dtype=out.dtype))
    desk = Desk(room, shown, np.empty((3, LANES), dtype=np.int64), place, program)
    for whose in range(0, len(task.rates_per_h), LANES):
        highest = _lay_base(desk, task, whose)
        _lay_ladder(desk, task.taylor, highest, highest + doublings)
        _lay_rows(desk, task.scales, whose, highest)
        _walk(out, people, first + whose, whose, task, desk, highest)


@_compiled
def _doublings(task: Task) -> int:
    """The longest gap from an event to the next one, or to the next time, is below 2^(this + 1) steps."""
    times_h, longest_h = task.times_h, task.times_h[1] - task.times_h[0]
    for event in range(len(task.moments_h)):
        for subject in range(task.moments_h.shape[1]):
            moment_h = task.moments_h[event, subject]
            longest_h = max(longest_h, times_h[0] - moment_h)
            if event:
                longest_h = max(longest_h, min(moment_h, times_h[-1]) - task.moments_h[event - 1, subject])
    doublings, steps = DOUBLINGS, int(longest_h / task.step_h + 1)
    while steps >> doublings + 1:
        doublings += 1
    return doublings


@_compiled
def _pace(task: Task, subject: int) -> tuple[int, float, float]:
    """How often a subject's step is halved until the series holds, what is left of it, and her fastest rate."""
    fastest, base_h, halvings = 0.0, task.step_h, 0
    for state in range(task.rates_per_h.shape[1]):
        fastest = max(fastest, -task.rates_per_h[subject, state, state])
    while fastest * base_h > task.longest_step:
        base_h *= 0.5
        halvings += 1
    return halvings, base_h, fastest


@_compiled
def _most_halvings(task: Task) -> int:
    most = 0
    for subject in range(len(task.rates_per_h)):
        most = max(most, _pace(task, subject)[0])
    return most


@_compiled
def _aligned(values: Any) -> Any:
    """From the next line of the cache on."""
    return values[(-values.ctypes.data % 64) // values.itemsize :]


@_compiled
def _places(program: Program) -> Places:
    square, vector = program.entries * LANES, program.states * LANES
    single = 5 * square
    amounts = single + 6 * LANES
    early = amounts + 7 * vector
    return Places(
        0, square, 2 * square, 3 * square, 4 * square,
        single, single + LANES, single + 2 * LANES, single + 3 * LANES, single + 4 * LANES, single + 5 * LANES,
        amounts, amounts + vector, amounts + 2 * vector, amounts + 3 * vector,
        early, early + program.rows * EARLY * LANES,
    )  # fmt: skip


@_compiled
def _lay_base(desk: Desk, task: Task, whose: int) -> int:
    """Each person's pace, and (K + q) × her base step. Gives the most halvings that one of them needs."""
    room, place, program = desk.room, desk.place, desk.program
    rates, states, highest = task.rates_per_h.reshape(-1), program.states, 0
    for lane in range(LANES):
        subject = min(whose + lane, len(task.rates_per_h) - 1)
        halvings, base_h, fastest = _pace(task, subject)
        highest = max(highest, halvings)
        room[place.fastest + lane], room[place.base_h + lane], room[place.halvings + lane] = fastest, base_h, halvings
        for number in range(len(program.filled)):
            entry, at = program.filled[number, 0], program.filled[number, 1]
            room[place.base + entry * LANES + lane] = rates[subject * states * states + at] * base_h
        for state in range(states):
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
def _step(room: Array, matrix: int, amounts: int, to: int, program: Program) -> None:
    for state in range(program.states):
        first, last = program.cuts[program.entries + state], program.cuts[program.entries + state + 1]
        _add_up(program.pairs, first, last, room, matrix, LANES, room, amounts, LANES, room, to + state * LANES)


@_compiled
def _add_part(room: Array, terms: int, size: int, above: int, to: int, taylor: Array, part: int) -> None:
    """Three terms of the series, and what is above them."""
    for at in range(size):
        higher = room[terms + 2 * size + at] * taylor[part + 2] + room[above + at]
        room[to + at] = room[terms + at] * taylor[part] + (room[terms + size + at] * taylor[part + 1] + higher)


@_compiled
def _copy(source: Profiles, at: int, target: Profiles, to: int, size: int) -> None:
    """As a loop: a copy of slices asks each time whether they overlap."""
    for ahead in range(size):
        target[to + ahead] = source[at + ahead]


@_compiled
def _scale(room: Array, first: int, last: int, factors: int) -> None:
    """Each person's numbers times her factor."""
    for at in range(first, last, LANES):
        for lane in range(LANES):
            room[at + lane] *= room[factors + lane]


@_compiled
def _decay(room: Array, place: Places, hours: int, first: int, last: int) -> None:
    for lane in range(LANES):
        room[place.factor + lane] = math.exp(-room[place.fastest + lane] * room[hours + lane])
    _scale(room, first, last, place.factor)


@_compiled
def _choose(room: Array, new: int, old: int, to: int, size: int, chosen: Whole) -> None:
    """The new numbers for who is chosen by an odd number, the old ones for the others."""
    for at in range(0, size, LANES):
        for lane in range(LANES):
            room[to + at + lane] = room[new + at + lane] if chosen[lane] & 1 else room[old + at + lane]


@_compiled
def _lay_ladder(desk: Desk, taylor: Array, halvings: int, highest: int) -> None:
    """exp(K base_h), and its squares, up to rung ``highest``: Paterson and Stockmeyer as in `stepping`.

    Who needs fewer halvings than the others keeps her matrix for the first rungs, so that rung ``halvings`` is one step
    for all and nobody's digits depend on who stands beside her.
    """
    room, place, program = desk.room, desk.place, desk.program
    square = program.entries * LANES
    _multiply(room, place.base, place.base, place.squared, program)
    _multiply(room, place.squared, place.base, place.cubed, program)
    for at in range(square):
        room[place.spare + at] = room[place.cubed + at] * taylor[12]
    for part in range(9, -1, -3):
        if part < 9:
            _multiply(room, place.ladder, place.cubed, place.spare, program)
        _add_part(room, place.one, square, place.spare, place.ladder, taylor, part)
    _decay(room, place, place.base_h, place.ladder, place.ladder + square)
    for rung in range(highest):
        below = place.ladder + rung * square
        _multiply(room, below, below, below + square, program)
        if rung < halvings:
            for lane in range(LANES):
                desk.marks[0, lane] = rung >= halvings - room[place.halvings + lane]
            _choose(room, below + square, below, below + square, square, desk.marks[0])


@_compiled
def _lay_early(desk: Desk, scales: Array, whose: int, rung: int) -> None:
    """What each output will be after 0 … EARLY − 1 steps of ``rung``, for 1 mg in each state, side by side."""
    room, place, program = desk.room, desk.place, desk.program
    cuts = program.cuts[program.entries + program.states :]
    for row in range(program.rows):
        for lane in range(LANES):
            subject, output = min(whose + lane, scales.shape[1] - 1), program.read[row]
            room[place.early + row * EARLY * LANES + lane] = scales[output, subject] if output >= 0 else 0.0
    done = LANES
    while done < EARLY * LANES:
        for row in range(program.rows):
            first, last, to = cuts[row], cuts[row + 1], place.early + row * EARLY * LANES + done
            for at in range(0, done, LANES):
                early = place.early + at
                _add_up(program.pairs, first, last, room, rung, LANES, room, early, EARLY * LANES, room, to + at)
        done, rung = 2 * done, rung + program.entries * LANES


@_compiled
def _lay_rows(desk: Desk, scales: Array, whose: int, halvings: int) -> None:
    """Each person's own rows of BLOCK steps, as in `grids`: the early ones, and what two doublings make of them."""
    room, shown, place, program = desk.room, desk.shown, desk.place, desk.program
    square, rows, pairs = program.entries * LANES, program.rows, program.pairs
    cuts, one_step = program.cuts[program.entries + program.states :], place.ladder + halvings * square
    _lay_early(desk, scales, whose, one_step)
    for lane in range(min(LANES, scales.shape[1] - whose)):
        own, eight_steps = lane * rows * BLOCK, one_step + 3 * square + lane
        sixteen_steps = eight_steps + square
        for row in range(rows):
            for at in range(EARLY):
                shown[own + row * BLOCK + at] = room[place.early + (row * EARLY + at) * LANES + lane]
        for row in range(rows):
            first, last, to = cuts[row], cuts[row + 1], own + row * BLOCK + EARLY
            _add_eight(pairs, first, last, room, eight_steps, LANES, shown, own, BLOCK, shown, to)
        for row in range(rows):
            first, last, to = cuts[row], cuts[row + 1], own + row * BLOCK + 2 * EARLY
            _add_sixteen(pairs, first, last, room, sixteen_steps, LANES, shown, own, BLOCK, shown, to)


@_compiled
def _walk(out: Profiles, people: int, row: int, whose: int, task: Task, desk: Desk, halvings: int) -> None:
    """From event to event, and over the times between them."""
    room, place, count = desk.room, desk.place, len(task.times_h)
    starts, ends = desk.marks[1], desk.marks[2]
    some, last = min(LANES, len(task.rates_per_h) - whose), task.moments_h.shape[1] - 1
    _look_ahead(task, 0, whose, ends)
    for output in range(len(task.scales)):
        for lane in range(some):
            at = (output * people + row + lane) * count
            out[at : at + ends[lane]] = 0.0
    room[place.amounts : place.here] = 0.0
    for event in range(len(task.moments_h)):
        for lane in range(LANES):
            who, starts[lane] = min(whose + lane, last), ends[lane]
            gap_h = task.moments_h[event, who] - task.moments_h[event - 1, who] if event else 0.0
            room[place.gap_h + lane] = gap_h if starts[lane] < count else 0.0
        _pass(desk, place.amounts, task, halvings)
        _give(task, room, place.amounts, event, whose)
        _look_ahead(task, event + 1, whose, ends)
        for lane in range(LANES):
            gap_h = task.times_h[min(starts[lane], count - 1)] - task.moments_h[event, min(whose + lane, last)]
            room[place.gap_h + lane] = gap_h if starts[lane] < ends[lane] else 0.0
        _copy(room, place.amounts, room, place.here, place.here - place.amounts)
        _pass(desk, place.here, task, halvings)
        _write(out, people, row, some, task, desk, halvings)


@_compiled
def _look_ahead(task: Task, event: int, whose: int, firsts: Whole) -> None:
    """For each person the number of the first time at or after an event; how many times there are when none is."""
    times_h, count = task.times_h, len(task.times_h)
    for lane in range(LANES):
        firsts[lane] = count
        if event < len(task.moments_h):
            moment_h = task.moments_h[event, min(whose + lane, task.moments_h.shape[1] - 1)]
            index = int(min(max((moment_h - times_h[0]) / task.step_h, 0.0), float(count)))
            while index > 0 and times_h[index - 1] >= moment_h:
                index -= 1
            while index < count and times_h[index] < moment_h:
                index += 1
            firsts[lane] = index


@_compiled
def _give(task: Task, room: Array, amounts: int, event: int, whose: int) -> None:
    """The boluses of an event, and the rates from it on."""
    for lane in range(LANES):
        subject = min(whose + lane, task.given.shape[1] - 1)
        for number in range(len(task.given_to)):
            at, value = amounts + task.given_to[number] * LANES + lane, task.given[event, subject, number]
            room[at] = room[at] + value if number < task.boluses else value


@_compiled
def _pass(desk: Desk, amounts: int, task: Task, halvings: int) -> None:
    """Amounts after each person's gap, in place: whole steps, then base steps, then the series itself."""
    room, place, any_rest = desk.room, desk.place, False
    for lane in range(LANES):
        gap_h, base_h, own = (
            max(room[place.gap_h + lane], 0.0),
            room[place.base_h + lane],
            int(room[place.halvings + lane]),
        )
        steps = gap_h / task.step_h
        near = np.rint(steps)
        exact = abs(steps - near) <= task.rounding * max(near, 1.0)
        whole = int(near) if exact else int(steps)
        rest_h = 0.0 if exact else max(gap_h - whole * task.step_h, 0.0)
        parts = int(rest_h / base_h)
        room[place.gap_h + lane] = max(rest_h - parts * base_h, 0.0)
        any_rest |= room[place.gap_h + lane] > 0.0
        desk.marks[0, lane] = ((whole << own) + parts) << (halvings - own)
    _climb(desk, amounts)
    if any_rest:
        _short(desk, amounts, task.taylor)


@_compiled
def _climb(desk: Desk, amounts: int) -> None:
    """Amounts after as many steps of the lowest rung, in place, as each person's mark says; the marks are used up."""
    room, place, steps, rung, anyone = desk.room, desk.place, desk.marks[0], desk.place.ladder, 0
    for lane in range(LANES):
        anyone |= steps[lane]
    while anyone:
        if anyone & 1:
            _step(room, rung, amounts, place.passed, desk.program)
            _choose(room, place.passed, amounts, amounts, desk.program.states * LANES, steps)
        for lane in range(LANES):
            steps[lane] >>= 1
        anyone >>= 1
        rung += desk.program.entries * LANES


@_compiled
def _short(desk: Desk, amounts: int, taylor: Array) -> None:
    """Less than one base step: the series of `_lay_ladder`, applied to amounts. Of some people's gaps nothing is left."""
    room, place, program = desk.room, desk.place, desk.program
    vector, square = program.states * LANES, program.entries * LANES
    for lane in range(LANES):
        room[place.share + lane] = room[place.gap_h + lane] / room[place.base_h + lane]
        room[place.factor + lane] = 1.0
    for power in range(4):
        term = place.terms + power * vector
        _step(room, place.one + power * square, amounts, term, program)
        _scale(room, term, term + vector, place.factor)
        if power < 3:
            _scale(room, place.factor, place.factor + LANES, place.share)
    for at in range(vector):
        room[place.passed + at] = room[place.terms + 3 * vector + at] * taylor[12]
    for part in range(9, -1, -3):
        if part < 9:
            _step(room, place.cubed, amounts, place.passed, program)
            _scale(room, place.passed, place.passed + vector, place.factor)
        _add_part(room, place.terms, vector, place.passed, amounts, taylor, part)
    _decay(room, place, place.gap_h, amounts, amounts + vector)


@_compiled
def _write(out: Profiles, people: int, row: int, some: int, task: Task, desk: Desk, halvings: int) -> None:
    """Each one's times from her start to her end, from the amounts in ``here`` on.

    What does not fill a block comes first, and goes on over later times of the same row, which the next blocks write.
    """
    program, shown, count, (steps, starts, ends) = desk.program, desk.shown, len(task.times_h), desk.marks
    columns, vector, longest = program.rows * BLOCK * LANES, program.states * LANES, 0
    for lane in range(LANES):
        longest = max(longest, ends[lane] - starts[lane])
        steps[lane] = (ends[lane] - starts[lane]) % BLOCK << halvings
    _lay_columns(desk, columns, longest // BLOCK, halvings)
    cuts = program.cuts[program.entries + program.states + program.rows :]
    spare = columns + (count // BLOCK + 2) * vector
    for output in range(len(task.scales)):
        first, last = cuts[output], cuts[output + 1]
        for lane in range(some):
            start, end, own, column = starts[lane], ends[lane], lane * program.rows * BLOCK, columns + lane
            to, few = (output * people + row + lane) * count, (end - start) % BLOCK
            if few and start + BLOCK <= count:
                _add_block(program.pairs, first, last, shown, column, LANES, shown, own, BLOCK, out, to + start)
            elif few:
                _add_block(program.pairs, first, last, shown, column, LANES, shown, own, BLOCK, shown, spare)
                _copy(shown, spare, out, to + start, few)
            for block in range(start + few, end, BLOCK):
                column += vector
                _add_block(program.pairs, first, last, shown, column, LANES, shown, own, BLOCK, out, to + block)


@_compiled
def _lay_columns(desk: Desk, columns: int, blocks: int, halvings: int) -> None:
    """The amounts in ``here``; those after each person's marked steps; and then those after one block, two blocks …"""
    room, shown, place, vector = desk.room, desk.shown, desk.place, desk.program.states * LANES
    over_block = place.ladder + (halvings + DOUBLINGS) * desk.program.entries * LANES
    _copy(room, place.here, shown, columns, vector)
    _climb(desk, place.here)
    here, there = place.here, place.passed
    for column in range(columns + vector, columns + (blocks + 1) * vector, vector):
        _copy(room, here, shown, column, vector)
        _step(room, over_block, here, there, desk.program)
        here, there = there, here


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
