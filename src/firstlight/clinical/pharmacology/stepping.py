"""Step matrices exp(K h), computed by sums of non-negative terms only.

K is a flow matrix: what leaves stands on the diagonal, what arrives beside it. With q the fastest rate of leaving,
K + q is non-negative and exp(K h) = e^(−q h) exp((K + q) h): a Taylor series, products and squares in which nothing is
ever subtracted (uniformisation; Jensen 1953). Each entry keeps its relative accuracy, whether rates coincide, nearly
coincide or lie far apart; no eigenvalue is sought, so none can be confluent.
"""

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Longest step of the series in units of 1/q: the first term left out of degree 12 is then 0.28^13 / 13! = 1e-17.
LONGEST_STEP = 0.28
_TAYLOR = [1.0 / math.factorial(k) for k in range(13)]
_PARTS = np.array([[*_TAYLOR[3 * part : 3 * part + 3], _TAYLOR[12] if part == 3 else 0.0] for part in range(4)])
_ROUNDING = 8 * float(np.finfo(np.float64).eps)


class Ladder:
    """exp(K h), exp(2 K h), exp(4 K h) … for each subject, and what they make of amounts.

    ``rates_per_h`` is ``(S, n, n)``. ``step_h`` is halved until the series holds for the fastest subject.
    """

    def __init__(self, rates_per_h: Array, step_h: float) -> None:
        fastest = -np.diagonal(rates_per_h, axis1=1, axis2=2).min(axis=1)
        halvings = max(0, math.ceil(math.log2(max(float(fastest.max()) * step_h / LONGEST_STEP, 1.0))))
        self.step_rung = halvings
        self.base_h = step_h / 2**halvings
        self._fastest = fastest[:, None, None]
        shifted = rates_per_h + self._fastest * np.eye(rates_per_h.shape[1])
        self._powers = _powers(shifted * self.base_h)
        self._rungs: list[Array] = [_series(self._powers) * np.exp(-self._fastest * self.base_h)]

    def rung(self, level: int) -> Array:
        """The step matrices ``(S, n, n)`` of ``base_h`` × 2^level."""
        while len(self._rungs) <= level:
            self._rungs.append(self._rungs[-1] @ self._rungs[-1])
        return self._rungs[level]

    def steps(self, doublings: int) -> Array:
        """The step matrices of ``step_h`` × 2^doublings."""
        return self.rung(self.step_rung + doublings)

    def after(self, gap_h: Array, amounts: Array) -> Array:
        """Amounts ``(S, n, T)`` when ``gap_h`` ``(1 or S, T)``, all 0 or more, has passed."""
        whole, rest_h = self._split(gap_h)
        for level in range(int(whole.max()).bit_length()):
            taken = (whole >> level) & 1 == 1
            if taken.all():
                amounts = self.rung(level) @ amounts
            elif taken.shape[0] == 1 and taken.any():
                amounts = amounts.copy()
                amounts[:, :, taken[0]] = self.rung(level) @ amounts[:, :, taken[0]]
            elif taken.any():
                amounts = np.where(taken[:, None, :], self.rung(level) @ amounts, amounts)
        return self._short(rest_h, amounts) if rest_h.any() else amounts

    def _split(self, gap_h: Array) -> tuple[NDArray[np.int64], Array]:
        """Whole base steps and the rest; a gap that is whole but for rounding has no rest."""
        steps = gap_h / self.base_h
        near = np.rint(steps)
        exact = np.abs(steps - near) <= _ROUNDING * np.maximum(near, 1.0)
        whole = np.where(exact, near, np.floor(steps))
        return whole.astype(np.int64), np.where(exact, 0.0, np.maximum(gap_h - whole * self.base_h, 0.0))

    def _short(self, gap_h: Array, amounts: Array) -> Array:
        """Amounts after gaps below one base step: the same series, applied to them."""
        share = (gap_h / self.base_h)[:, None, :]
        cubed = self._powers[:, 3]
        terms = np.stack([(self._powers[:, k] @ amounts) * share**k if k else amounts for k in range(4)], axis=1)
        parts = (_PARTS @ terms.reshape(len(amounts), 4, -1)).reshape(terms.shape)
        total: Array = parts[:, 3]
        for part in (2, 1, 0):
            total = (cubed @ total) * share**3 + parts[:, part]
        total *= np.exp(-self._fastest * gap_h[:, None, :])
        return total


def _powers(a: Array) -> Array:
    """1, a, a² and a³, in shape ``(S, 4, n, n)``."""
    subjects, states = a.shape[:2]
    powers = np.empty((subjects, 4, states, states))
    powers[:, 0], powers[:, 1] = np.eye(states), a
    np.matmul(a, a, out=powers[:, 2])
    np.matmul(powers[:, 2], a, out=powers[:, 3])
    return powers


def _series(powers: Array) -> Array:
    """exp(a) to degree 12 with five products (Paterson and Stockmeyer 1973, doi 10.1137/0202007).

    As ((B₃ a³ + B₂) a³ + B₁) a³ + B₀, where each B is a sum of 1, a, a² and, in the highest, a³.
    """
    parts = (_PARTS @ powers.reshape(len(powers), 4, -1)).reshape(powers.shape)
    total: Array = parts[:, 3]
    for part in (2, 1, 0):
        total = total @ powers[:, 3]
        total += parts[:, part]
    return total
