"""A body as a linear compartment system: amounts in states, first-order flows between them, inputs, outputs.

Time is in hours, amounts in milligrams, volumes in litres, concentrations in ng/mL. A quantity is one number for
everyone or an array of shape ``(S,)``, one value a subject.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Number = float | NDArray[np.float64]

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
