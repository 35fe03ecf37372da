"""Sums of products in the machine's vectors, and what they are made of and with: what all of the kernel's files share.

Nothing is kept from here: `kernel_code` keeps machine code, under a digest of all of these files.
"""

from collections.abc import Callable
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
HOW: dict[str, Any] = {"nogil": True, "fastmath": {"contract"}, "error_model": "numpy"}


def compiled(function: Function) -> Function:
    """Compile into whatever calls it."""
    compile_later: Any = njit(**HOW)
    made: Function = compile_later(function)
    return made


def addition(width: int, *, spread: bool) -> Any:
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


add_up = addition(LANES, spread=False)
add_eight = addition(8, spread=True)
add_sixteen = addition(16, spread=True)
add_block = addition(BLOCK, spread=True)


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
