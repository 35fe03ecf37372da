"""Exposure of each subject: area under the curve in closed form; peak, its time and the time above a level from a profile."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from firstlight.clinical.pharmacology.checking import check
from firstlight.clinical.pharmacology.errors import NeverEliminated
from firstlight.clinical.pharmacology.matrices import matrices
from firstlight.clinical.pharmacology.systems import Input, Profiles, System

Array = NDArray[np.float64]

MOST_TURNOVERS = 1e12  # a stay this many times longer than the fastest state's is a rounding of no way out


def total_exposure(system: System, inputs: Sequence[Input]) -> dict[str, Array]:
    """Area under each output from the first input to the end of time, in ng·h/mL, ``(S,)``: −K⁻¹ × what was given.

    Raises NeverEliminated when something stays in a state for ever, and the errors of `concentrations`.
    """
    subjects = check(system, inputs)
    boluses = [replace(given, start_h=0.0, duration_h=0.0) for given in inputs]
    laid_out = matrices(system, boluses, subjects=subjects)
    given_mg = np.zeros(laid_out.rates_per_h.shape[:2])
    for given in boluses:
        if given.state in laid_out.shape.position:
            given_mg[:, laid_out.shape.position[given.state]] += given.amount_mg
    stays = _stays(-laid_out.rates_per_h, given_mg, system)
    return {reading.name: reading.scale * stays[:, reading.index] for reading in laid_out.readings}


def _stays(leaving: Array, given_mg: Array, system: System) -> Array:
    """How long how much stays in each state, in mg·h."""
    rates = np.diagonal(leaving, axis1=1, axis2=2)
    try:
        stays = np.asarray(np.linalg.solve(leaving, given_mg[:, :, None])[:, :, 0], dtype=np.float64)
    except np.linalg.LinAlgError:
        stays = np.full(given_mg.shape, np.nan)
    turnovers = stays * rates.max(axis=1)[:, None]
    if rates.min() <= 0 or not (turnovers <= MOST_TURNOVERS * given_mg.sum(axis=1)[:, None]).all():
        raise NeverEliminated(
            field="flows", value=system.states, expected="from every state there is a way out of the body"
        )
    return np.maximum(stays, 0.0)


def peaks(profiles: Profiles, time_h: Array) -> tuple[Array, Array]:
    """The highest of the values ``(…, T)`` and when it is first reached: as fine as the times are."""
    at = np.argmax(profiles, axis=-1)
    return np.take_along_axis(profiles, at[..., None], axis=-1)[..., 0].astype(np.float64), time_h[at]


def hours_above(profiles: Profiles, time_h: Array, level_ng_per_ml: float) -> Array:
    """For how long values ``(…, T)`` lie above a level, drawn as straight lines between the times."""
    over = profiles.astype(np.float64) - level_ng_per_ml
    early, late = over[..., :-1], over[..., 1:]
    rise = np.abs(late - early)
    higher = np.maximum(np.maximum(early, late), 0.0)
    share = np.divide(higher, rise, out=(higher > 0).astype(np.float64), where=rise > 0)
    hours: Array = (np.minimum(share, 1.0) * np.diff(time_h)).sum(axis=-1)
    return hours
