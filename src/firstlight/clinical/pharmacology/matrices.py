"""A system as matrices, in an order in which everything flows forward.

States that reach no output are left out. A zero-order input is one more state, a pump: it holds a rate in mg/h, never
empties, and flows into its target, so that infusions need no formula of their own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from firstlight.clinical.pharmacology.systems import NG_PER_ML_IN_MG_PER_L, Input, Number, System

Array = NDArray[np.float64]
Ways = tuple[tuple[str, str | None, bool], ...]  # of flows: from where to where, and whether they drain
Outputs = tuple[tuple[str, str], ...]  # name and state

PUMP = "pump into "
STATES_A_PART = 3  # shorter runs step over more zeros in more calls, for which threads wait


@dataclass(frozen=True, slots=True)
class Reading:
    """An output: ``scale`` ``(S,)`` × the amount in the state at ``index``, which only the first ``reach`` states feed."""

    name: str
    index: int
    reach: int
    scale: Array


@dataclass(frozen=True, slots=True)
class Shape:
    """What follows from names alone, whatever the rates: places in a matrix are target × states + source."""

    states: int
    position: Mapping[str, int]
    pumps: Mapping[str, int]
    flows: tuple[tuple[int, int], ...]  # for each flow the place at which it leaves, and arrives; −1 where it does not
    pumping: tuple[int, ...]  # the places at which pumps flow into their targets
    filled: tuple[int, ...]  # the places that may not be 0
    read: tuple[tuple[str, int, int], ...]  # for each output its name, index and reach
    indices: tuple[int, ...]  # for each output its index
    parts: tuple[tuple[int, int], ...]  # runs of states into which nothing flows from later runs


@dataclass(frozen=True, slots=True)
class Matrices:
    """Flow matrix ``rates_per_h`` ``(S, n, n)``, the ``scales`` ``(outputs, S)`` of outputs, and where what stands."""

    rates_per_h: Array
    scales: Array
    shape: Shape

    @property
    def readings(self) -> tuple[Reading, ...]:
        return tuple(Reading(*read, scale) for read, scale in zip(self.shape.read, self.scales, strict=True))


def matrices(system: System, inputs: Sequence[Input], *, subjects: int) -> Matrices:
    """Lay a checked system out for solving."""
    pumped = frozenset(given.state for given in inputs if given.takes_time)
    ways = tuple((flow.source, flow.target, flow.drains) for flow in system.flows)
    shape = _shape(tuple(system.states), ways, pumped, tuple((output.name, output.state) for output in system.outputs))
    scales = np.empty((len(system.outputs), subjects))
    for row, output in enumerate(system.outputs):
        scales[row] = NG_PER_ML_IN_MG_PER_L * output.factor / output.volume_l
    return Matrices(_rates(system, shape, subjects), scales, shape)


@lru_cache(maxsize=256)
def _shape(states: tuple[str, ...], ways: Ways, pumped: frozenset[str], outputs: Outputs) -> Shape:
    arrows = tuple((source, target) for source, target, _drains in ways)
    order, reach = _order(states, arrows, pumped, tuple(state for _name, state in outputs))
    at = {state: index for index, state in enumerate(order)}
    pumps = {state: at[PUMP + state] for state in sorted(pumped) if PUMP + state in at}
    flows = tuple(_places(at, *way) for way in ways)
    pumping = tuple(at[state] * len(at) + pump for state, pump in pumps.items())
    backward = [divmod(place, len(at)) for _leaving, place in flows if place >= 0]
    return Shape(
        states=len(order),
        position={state: index for state, index in at.items() if not state.startswith(PUMP)},
        pumps=pumps,
        flows=flows,
        pumping=pumping,
        filled=tuple(sorted({place for flow in flows for place in flow if place >= 0} | set(pumping))),
        read=tuple((name, at[state], reach[state]) for name, state in outputs),
        indices=tuple(at[state] for _name, state in outputs),
        parts=_parts(len(at), backward),
    )


def _parts(states: int, backward: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Runs of at least ``STATES_A_PART`` states; ``backward``: for each flow the place that it reaches, and leaves."""
    ways = list(backward)
    ends = [0]
    for end in range(STATES_A_PART, states):
        closed = not any(reached < end <= left for reached, left in ways)
        if closed and end - ends[-1] >= STATES_A_PART:
            ends.append(end)
    return tuple(pairwise([*ends, states]))


def _places(at: Mapping[str, int], source: str, target: str | None, drains: bool) -> tuple[int, int]:
    start, end = at.get(source), at.get(target or "")
    leaving = start * len(at) + start if start is not None and drains else -1
    arriving = end * len(at) + start if start is not None and end is not None else -1
    return leaving, arriving


def _order(
    states: tuple[str, ...], ways: Iterable[tuple[str, str | None]], pumped: frozenset[str], read: tuple[str, ...]
) -> tuple[tuple[str, ...], dict[str, int]]:
    """The states that outputs need, and how many of the first of them feed each state that is read."""
    before = _ancestors(states, ways, pumped)
    order: list[str] = []
    reach: dict[str, int] = {}
    for output in sorted(read, key=lambda state: len(before[state])):
        new = before[output] - set(order)
        order += sorted(new, key=lambda state: (len(before[state]), state))
        reach[output] = len(order)
    return tuple(order), reach


def _ancestors(
    states: Iterable[str], ways: Iterable[tuple[str, str | None]], pumped: Iterable[str]
) -> dict[str, set[str]]:
    """For each state, itself and all from which something can come into it.

    A state's set holds those of its ancestors, so that sorting by size is a topological order.
    """
    sources: dict[str, set[str]] = {state: set() for state in states}
    for source, target in ways:
        if target is not None:
            sources[target].add(source)
    for state in pumped:
        sources[state].add(PUMP + state)
        sources[PUMP + state] = set()
    found = {}
    for state in sources:
        seen, waiting = {state}, [state]
        while waiting:
            new = sources[waiting.pop()] - seen
            seen |= new
            waiting += new
        found[state] = seen
    return found


def _rates(system: System, shape: Shape, subjects: int) -> Array:
    entries: list[Number] = [0.0] * shape.states**2
    for flow, (leaving, arriving) in zip(system.flows, shape.flows, strict=True):
        if leaving >= 0:
            entries[leaving] = entries[leaving] - flow.rate_per_h
        if arriving >= 0:
            entries[arriving] = entries[arriving] + flow.rate_per_h * flow.fraction
    for place in shape.pumping:
        entries[place] = 1.0
    if set(map(type, entries)) == {float} and subjects == 1:
        return np.array(entries).reshape(1, shape.states, shape.states)
    differing = {place: entry for place in shape.filled if isinstance(entry := entries[place], np.ndarray)}
    for place in differing:
        entries[place] = 0.0
    rates = np.array([entries], dtype=np.float64)
    rates = rates.repeat(subjects, axis=0) if subjects > 1 else rates
    for place, entry in differing.items():
        rates[:, place] = entry
    return rates.reshape(subjects, shape.states, shape.states)
