"""Step matrices of eight people side by side, and what passes amounts over a gap with them."""

import math

import numpy as np

from firstlight.clinical.pharmacology.kernel_vectors import (
    BLOCK,
    EARLY,
    LANES,
    Array,
    Desk,
    Places,
    Program,
    Task,
    Whole,
    add_eight,
    add_sixteen,
    add_up,
    compiled,
)
from firstlight.clinical.pharmacology.systems import Profiles


@compiled
def pace(task: Task, subject: int) -> tuple[int, float, float]:
    """How often a subject's step is halved until the series holds, what is left of it, and her fastest rate."""
    fastest, base_h, halvings = 0.0, task.step_h, 0
    for state in range(task.rates_per_h.shape[1]):
        fastest = max(fastest, -task.rates_per_h[subject, state, state])
    while fastest * base_h > task.longest_step:
        base_h *= 0.5
        halvings += 1
    return halvings, base_h, fastest


@compiled
def lay_base(desk: Desk, task: Task, whose: int) -> int:
    """Each person's pace, and (K + q) × her base step. Gives the most halvings that one of them needs."""
    room, place, program = desk.room, desk.place, desk.program
    rates, states, highest = task.rates_per_h.reshape(-1), program.states, 0
    for lane in range(LANES):
        subject = min(whose + lane, len(task.rates_per_h) - 1)
        halvings, base_h, fastest = pace(task, subject)
        highest = max(highest, halvings)
        room[place.fastest + lane], room[place.base_h + lane], room[place.halvings + lane] = fastest, base_h, halvings
        for number in range(len(program.filled)):
            entry, at = program.filled[number, 0], program.filled[number, 1]
            room[place.base + entry * LANES + lane] = rates[subject * states * states + at] * base_h
        for state in range(states):
            rest_per_h = task.rates_per_h[subject, state, state] + fastest
            room[place.base + program.diagonal[state] * LANES + lane] = rest_per_h * base_h
    return highest


@compiled
def multiply(room: Array, left: int, right: int, to: int, program: Program) -> None:
    """Matrices, each at its place."""
    for entry in range(program.entries):
        first, last = program.cuts[entry], program.cuts[entry + 1]
        add_up(program.pairs, first, last, room, left, LANES, room, right, LANES, room, to + entry * LANES)


@compiled
def step(room: Array, matrix: int, amounts: int, to: int, program: Program) -> None:
    for state in range(program.states):
        first, last = program.cuts[program.entries + state], program.cuts[program.entries + state + 1]
        add_up(program.pairs, first, last, room, matrix, LANES, room, amounts, LANES, room, to + state * LANES)


@compiled
def add_part(room: Array, terms: int, size: int, above: int, to: int, taylor: Array, part: int) -> None:
    """Three terms of the series, and what is above them."""
    for at in range(size):
        higher = room[terms + 2 * size + at] * taylor[part + 2] + room[above + at]
        room[to + at] = room[terms + at] * taylor[part] + (room[terms + size + at] * taylor[part + 1] + higher)


@compiled
def copy(source: Profiles, at: int, target: Profiles, to: int, size: int) -> None:
    """As a loop: a copy of slices asks each time whether they overlap."""
    for ahead in range(size):
        target[to + ahead] = source[at + ahead]


@compiled
def scale(room: Array, first: int, last: int, factors: int) -> None:
    """Each person's numbers times her factor."""
    for at in range(first, last, LANES):
        for lane in range(LANES):
            room[at + lane] *= room[factors + lane]


@compiled
def decay(room: Array, place: Places, hours: int, first: int, last: int) -> None:
    for lane in range(LANES):
        room[place.factor + lane] = math.exp(-room[place.fastest + lane] * room[hours + lane])
    scale(room, first, last, place.factor)


@compiled
def choose(room: Array, new: int, old: int, to: int, size: int, chosen: Whole) -> None:
    """The new numbers for who is chosen by an odd number, the old ones for the others."""
    for at in range(0, size, LANES):
        for lane in range(LANES):
            room[to + at + lane] = room[new + at + lane] if chosen[lane] & 1 else room[old + at + lane]


@compiled
def lay_ladder(desk: Desk, taylor: Array, halvings: int, highest: int) -> None:
    """exp(K base_h), and its squares, up to rung ``highest``: Paterson and Stockmeyer as in `stepping`.

    Who needs fewer halvings than the others keeps her matrix for the first rungs, so that rung ``halvings`` is one step
    for all and nobody's digits depend on who stands beside her.
    """
    room, place, program = desk.room, desk.place, desk.program
    square = program.entries * LANES
    multiply(room, place.base, place.base, place.squared, program)
    multiply(room, place.squared, place.base, place.cubed, program)
    for at in range(square):
        room[place.spare + at] = room[place.cubed + at] * taylor[12]
    for part in range(9, -1, -3):
        if part < 9:
            multiply(room, place.ladder, place.cubed, place.spare, program)
        add_part(room, place.one, square, place.spare, place.ladder, taylor, part)
    decay(room, place, place.base_h, place.ladder, place.ladder + square)
    for rung in range(highest):
        below = place.ladder + rung * square
        multiply(room, below, below, below + square, program)
        if rung < halvings:
            for lane in range(LANES):
                desk.marks[0, lane] = rung >= halvings - room[place.halvings + lane]
            choose(room, below + square, below, below + square, square, desk.marks[0])


@compiled
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
                add_up(program.pairs, first, last, room, rung, LANES, room, early, EARLY * LANES, room, to + at)
        done, rung = 2 * done, rung + program.entries * LANES


@compiled
def lay_rows(desk: Desk, scales: Array, whose: int, halvings: int) -> None:
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
            add_eight(pairs, first, last, room, eight_steps, LANES, shown, own, BLOCK, shown, to)
        for row in range(rows):
            first, last, to = cuts[row], cuts[row + 1], own + row * BLOCK + 2 * EARLY
            add_sixteen(pairs, first, last, room, sixteen_steps, LANES, shown, own, BLOCK, shown, to)


@compiled
def pass_gaps(desk: Desk, amounts: int, task: Task, halvings: int) -> None:
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
    climb(desk, amounts)
    if any_rest:
        _short(desk, amounts, task.taylor)


@compiled
def climb(desk: Desk, amounts: int) -> None:
    """Amounts after as many steps of the lowest rung, in place, as each person's mark says; the marks are used up."""
    room, place, steps, rung, anyone = desk.room, desk.place, desk.marks[0], desk.place.ladder, 0
    for lane in range(LANES):
        anyone |= steps[lane]
    while anyone:
        if anyone & 1:
            step(room, rung, amounts, place.passed, desk.program)
            choose(room, place.passed, amounts, amounts, desk.program.states * LANES, steps)
        for lane in range(LANES):
            steps[lane] >>= 1
        anyone >>= 1
        rung += desk.program.entries * LANES


@compiled
def _short(desk: Desk, amounts: int, taylor: Array) -> None:
    """Less than one base step: the series of `lay_ladder`, applied to amounts. Of some people's gaps nothing is left."""
    room, place, program = desk.room, desk.place, desk.program
    vector, square = program.states * LANES, program.entries * LANES
    for lane in range(LANES):
        room[place.share + lane] = room[place.gap_h + lane] / room[place.base_h + lane]
        room[place.factor + lane] = 1.0
    for power in range(4):
        term = place.terms + power * vector
        step(room, place.one + power * square, amounts, term, program)
        scale(room, term, term + vector, place.factor)
        if power < 3:
            scale(room, place.factor, place.factor + LANES, place.share)
    for at in range(vector):
        room[place.passed + at] = room[place.terms + 3 * vector + at] * taylor[12]
    for part in range(9, -1, -3):
        if part < 9:
            step(room, place.cubed, amounts, place.passed, program)
            scale(room, place.passed, place.passed + vector, place.factor)
        add_part(room, place.terms, vector, place.passed, amounts, taylor, part)
    decay(room, place, place.gap_h, amounts, amounts + vector)
