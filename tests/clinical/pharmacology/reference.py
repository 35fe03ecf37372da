"""The exact answer, to 50 digits: mpmath's matrix exponential, from event to event."""

from collections.abc import Sequence

import mpmath

from firstlight.clinical.pharmacology.systems import Input, System

DIGITS = 50


def exact(system: System, inputs: Sequence[Input], times_h: Sequence[float]) -> dict[str, list[mpmath.mpf]]:
    """Concentrations in ng/mL of one person at rising times, each output by name."""
    with mpmath.workdps(DIGITS):
        moments = sorted({float(moment) for given in inputs for moment in _moments(given)} | set(map(float, times_h)))
        rates, inflow = _rates(system), {name: mpmath.mpf(0) for name in system.states}
        amounts = mpmath.zeros(len(system.states), 1)
        found: dict[str, list[mpmath.mpf]] = {output.name: [] for output in system.outputs}
        before = moments[0]
        for moment in moments:
            amounts = _after(rates, inflow, system, amounts, mpmath.mpf(moment) - mpmath.mpf(before))
            before = moment
            _happen(system, inputs, moment, amounts, inflow)
            if moment in times_h:
                for output in system.outputs:
                    amount = amounts[system.states.index(output.state)]
                    found[output.name].append(1000 * amount / mpmath.mpf(output.volume_l) * mpmath.mpf(output.factor))
        return found


def _moments(given: Input) -> list[float]:
    return [given.start_h, given.start_h + given.duration_h] if given.duration_h else [given.start_h]


def _rates(system: System) -> mpmath.matrix:
    at = {name: index for index, name in enumerate(system.states)}
    rates = mpmath.zeros(len(at))
    for flow in system.flows:
        rate = mpmath.mpf(flow.rate_per_h)
        if flow.drains:
            rates[at[flow.source], at[flow.source]] -= rate
        if flow.target is not None:
            rates[at[flow.target], at[flow.source]] += rate * mpmath.mpf(flow.fraction)
    return rates


def _happen(system: System, inputs: Sequence[Input], moment: float, amounts, inflow) -> None:
    for name in system.states:
        inflow[name] = mpmath.mpf(0)
    for given in inputs:
        if not given.duration_h and given.start_h == moment:
            amounts[system.states.index(given.state)] += mpmath.mpf(given.amount_mg)
        elif given.start_h <= moment < given.start_h + given.duration_h:
            # The engine's own rate and end, so that only its solving is judged.
            length = mpmath.mpf(given.start_h + given.duration_h) - mpmath.mpf(given.start_h)
            inflow[given.state] += mpmath.mpf(given.amount_mg) / length


def _after(rates, inflow, system: System, amounts, gap_h):
    """exp of the flows with one column more, the inflow."""
    size = len(system.states)
    whole = mpmath.zeros(size + 1)
    whole[:size, :size] = rates * gap_h
    for index, name in enumerate(system.states):
        whole[index, size] = inflow[name] * gap_h
    start = mpmath.zeros(size + 1, 1)
    start[:size, 0], start[size, 0] = amounts, 1
    return (mpmath.expm(whole, method="taylor") * start)[:size, 0]
