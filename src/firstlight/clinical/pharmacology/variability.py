"""Who varies how: blocks of omega, the covariances of a paper's parameters between people or between visits."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from firstlight.clinical.pharmacology.systems import Number


class Scale(StrEnum):
    LOG = "log"
    LOGIT = "logit"


@dataclass(frozen=True, slots=True)
class Variability:
    """One block of omega: the lower triangle of the covariance of log or logit deviations, one row a symbol.

    `per_visit` marks variability between occasions; one simulation is one visit, so it adds to that between people.
    """

    symbols: tuple[str, ...]
    lower: tuple[tuple[float, ...], ...]
    scale: Scale = Scale.LOG
    per_visit: bool = False

    @property
    def size(self) -> int:
        return len(self.symbols)

    def apply(self, values: dict[str, Number], normals: NDArray[np.float64]) -> None:
        """Replace the typical values of this block by one value a subject; `normals` has shape (S, size)."""
        deviations = normals @ self.cholesky().T
        for symbol, deviation in zip(self.symbols, deviations.T, strict=True):
            values[symbol] = _deviated(values[symbol], deviation, self.scale)

    def cholesky(self) -> NDArray[np.float64]:
        return _cholesky(self.lower)


@lru_cache(maxsize=256)
def _cholesky(lower: tuple[tuple[float, ...], ...]) -> NDArray[np.float64]:
    half = np.zeros((len(lower), len(lower)))
    for row, entries in enumerate(lower):
        half[row, : row + 1] = entries
    return np.asarray(np.linalg.cholesky(half + np.tril(half, -1).T), dtype=np.float64)


def alone(variances: Mapping[str, float], *, scale: Scale = Scale.LOG, per_visit: bool = False) -> list[Variability]:
    """Blocks of one for symbols whose deviations are independent."""
    return [Variability((symbol,), ((variance,),), scale, per_visit) for symbol, variance in variances.items()]


def variance_of_cv(percent: float) -> float:
    """The variance of the log of a log-normal value with this coefficient of variation: ln(1 + CV²)."""
    return math.log1p((percent / 100) ** 2)


def _deviated(value: Number, deviation: NDArray[np.float64], scale: Scale) -> NDArray[np.float64]:
    if scale is Scale.LOG:
        return np.asarray(value * np.exp(deviation))
    odds = np.log(value / (1 - value)) + deviation
    return np.asarray(1 / (1 + np.exp(-odds)))
