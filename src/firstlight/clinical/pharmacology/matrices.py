"""A system as matrices, in an order in which everything flows forward.

States that reach no output are left out. A zero-order input is one more state, a pump: it holds a rate in mg/h, never
empties, and flows into its target, so that infusions need no formula of their own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from firstlight.clinical.pharmacology.systems import NG_PER_ML_IN_MG_PER_L, Input, System

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
    """Flow matrix ``rates_per_h`` ``(S, n, n)``, where the amounts and rates of inputs go, and the outputs."""

    rates_per_h: Array
    position: dict[str, int]
    pumps: dict[str, int]
    readings: tuple[Reading, ...]


def matrices(system: System, inputs: Sequence[Input], *, subjects: int) -> Matrices:
    """Lay a checked system out for solving."""
    pumped = {given.state for given in inputs if given.takes_time}
    before = _ancestors(system, pumped)
    order: list[str] = []
    reach: dict[str, int] = {}
    for output in sorted(system.outputs, key=lambda output: len(before[output.state])):
        new = before[output.state] - set(order)
        order += sorted(new, key=lambda state: (len(before[state]), state))
        reach[output.state] = len(order)
    at = {state: index for index, state in enumerate(order)}
    readings = tuple(
        Reading(
            name=output.name,
            index=at[output.state],
            reach=reach[output.state],
            scale=np.broadcast_to(NG_PER_ML_IN_MG_PER_L * output.factor / output.volume_l, (subjects,)),
        )
        for output in system.outputs
    )
    return Matrices(
        rates_per_h=_rates(system, at, pumped, subjects),
        position={state: index for state, index in at.items() if not state.startswith(PUMP)},
        pumps={state: at[PUMP + state] for state in pumped if PUMP + state in at},
        readings=readings,
    )


PUMP = "pump into "


def _ancestors(system: System, pumped: Iterable[str]) -> dict[str, set[str]]:
    """For each state, itself and all from which something can come into it.

    A state's set holds those of its ancestors, so that sorting by size is a topological order.
    """
    sources: dict[str, set[str]] = {state: set() for state in system.states}
    for flow in system.flows:
        if flow.target is not None:
            sources[flow.target].add(flow.source)
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


def _rates(system: System, at: dict[str, int], pumped: Iterable[str], subjects: int) -> Array:
    rates = np.zeros((subjects, len(at), len(at)))
    for flow in system.flows:
        source, target = at.get(flow.source), at.get(flow.target or "")
        if source is None:
            continue
        if flow.drains:
            rates[:, source, source] -= flow.rate_per_h
        if target is not None:
            rates[:, target, source] += flow.rate_per_h * flow.fraction
    for state in pumped:
        if state in at:
            rates[:, at[state], at[PUMP + state]] = 1.0
    return rates
