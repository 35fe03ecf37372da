"""A system as matrices, in an order in which everything flows forward.

States that reach no output are left out. A zero-order input is one more state, a pump: it holds a rate in mg/h, never
empties, and flows into its target, so that infusions need no formula of their own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from firstlight.clinical.pharmacology.systems import NG_PER_ML_IN_MG_PER_L, Input, Number, System

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reading:
    """An output: ``scale`` ``(S,)`` × the amount in the state at ``index``, which only the first ``reach`` states feed."""

    name: str
    index: int
    reach: int
    scale: Array


@dataclass(frozen=True, slots=True)
class Matrices:
    """Flow matrix ``rates_per_h`` ``(S, n, n)``, where the amounts and rates of inputs go, and the outputs.

    ``filled`` are the places of a matrix, as target × states + source, at which it may not be 0.
    """

    rates_per_h: Array
    filled: tuple[int, ...]
    position: dict[str, int]
    pumps: dict[str, int]
    readings: tuple[Reading, ...]


def matrices(system: System, inputs: Sequence[Input], *, subjects: int) -> Matrices:
    """Lay a checked system out for solving."""
    pumped = frozenset(given.state for given in inputs if given.takes_time)
    ways = tuple((flow.source, flow.target) for flow in system.flows)
    order, reach = _order(tuple(system.states), ways, pumped, tuple(output.state for output in system.outputs))
    at = {state: index for index, state in enumerate(order)}
    readings = tuple(
        Reading(
            name=output.name,
            index=at[output.state],
            reach=reach[output.state],
            scale=_for_each(NG_PER_ML_IN_MG_PER_L * output.factor / output.volume_l, subjects),
        )
        for output in system.outputs
    )
    rates_per_h, filled = _rates(system, at, pumped, subjects)
    return Matrices(
        rates_per_h=rates_per_h,
        filled=filled,
        position={state: index for state, index in at.items() if not state.startswith(PUMP)},
        pumps={state: at[PUMP + state] for state in pumped if PUMP + state in at},
        readings=readings,
    )


PUMP = "pump into "
Ways = tuple[tuple[str, str | None], ...]  # of flows, from where to where


def _for_each(number: Number, subjects: int) -> Array:
    return np.full(subjects, number) if np.ndim(number) == 0 else np.broadcast_to(number, (subjects,))


@lru_cache(maxsize=256)
def _order(
    states: tuple[str, ...], ways: Ways, pumped: frozenset[str], read: tuple[str, ...]
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


def _ancestors(states: Iterable[str], ways: Ways, pumped: Iterable[str]) -> dict[str, set[str]]:
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


def _rates(system: System, at: dict[str, int], pumped: Iterable[str], subjects: int) -> tuple[Array, tuple[int, ...]]:
    states = len(at)
    entries: dict[int, Number] = {}  # by target × states + source
    for flow in system.flows:
        source, target = at.get(flow.source), at.get(flow.target or "")
        if source is None:
            continue
        if flow.drains:
            leaving = source * states + source
            entries[leaving] = entries.get(leaving, 0.0) - flow.rate_per_h
        if target is not None:
            arriving = target * states + source
            entries[arriving] = entries.get(arriving, 0.0) + flow.rate_per_h * flow.fraction
    entries |= {at[state] * states + at[PUMP + state]: 1.0 for state in pumped if state in at}
    rates = np.empty((subjects, states * states))
    rates[:] = [entry if isinstance(entry := entries.get(place, 0.0), float) else 0.0 for place in range(states**2)]
    for place, entry in entries.items():
        if not isinstance(entry, float):
            rates[:, place] = entry
    return rates.reshape(subjects, states, states), tuple(entries)
