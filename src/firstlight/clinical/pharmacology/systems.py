"""A body as a linear compartment system: amounts in states, first-order flows between them, inputs, outputs.

Time is in hours, amounts in milligrams, volumes in litres, concentrations in ng/mL. A quantity is one number for
everyone or an array of shape ``(S,)``, one value a subject.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Number = float | NDArray[np.float64]
Profiles = NDArray[np.float64] | NDArray[np.float32]

NG_PER_ML_IN_MG_PER_L = 1000.0


@dataclass(frozen=True, slots=True)
class Flow:
    """First-order transfer at ``rate_per_h`` of what is in ``source``.

    ``target=None`` leaves the body. ``fraction`` is how much of what leaves ``source`` arrives; the rest is lost.
    ``drains=False`` lets the target follow the source without taking from it, as an effect compartment does.
    """

    source: str
    target: str | None
    rate_per_h: Number
    fraction: Number = 1.0
    drains: bool = True


@dataclass(frozen=True, slots=True)
class Input:
    """An amount into one state: a bolus, or zero-order over ``duration_h``. Start and duration may differ by subject."""

    state: str
    amount_mg: Number
    start_h: Number = 0.0
    duration_h: Number = 0.0

    @property
    def takes_time(self) -> bool:
        """Whether this is no bolus."""
        return bool(np.any(self.duration_h)) if isinstance(self.duration_h, np.ndarray) else self.duration_h != 0.0

    @property
    def end_h(self) -> Number:
        return self.start_h + self.duration_h


@dataclass(frozen=True, slots=True)
class Output:
    """A concentration in ng/mL: 1000 × amount in ``state`` / ``volume_l`` × ``factor`` (such as a ratio of masses)."""

    name: str
    state: str
    volume_l: Number
    factor: Number = 1.0


@dataclass(frozen=True, slots=True)
class System:
    """What is solved: states, the flows between them, and the concentrations that are asked for."""

    states: tuple[str, ...]
    flows: tuple[Flow, ...]
    outputs: tuple[Output, ...]


def part(system: System, inputs: Sequence[Input], chosen: slice) -> tuple[System, list[Input]]:
    """The same for some of the subjects."""
    flows = tuple(
        replace(flow, rate_per_h=_of(flow.rate_per_h, chosen), fraction=_of(flow.fraction, chosen))
        for flow in system.flows
    )
    outputs = tuple(
        replace(output, volume_l=_of(output.volume_l, chosen), factor=_of(output.factor, chosen))
        for output in system.outputs
    )
    given = [
        replace(
            one,
            amount_mg=_of(one.amount_mg, chosen),
            start_h=_of(one.start_h, chosen),
            duration_h=_of(one.duration_h, chosen),
        )
        for one in inputs
    ]
    return replace(system, flows=flows, outputs=outputs), given


def _of(number: Number, chosen: slice) -> Number:
    """A number for everyone, or the values of the chosen."""
    if not isinstance(number, np.ndarray) or not number.ndim:
        return float(number)
    return number[chosen] if number.size > 1 else float(number[0])
