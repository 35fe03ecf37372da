"""Step matrices exp(K h), computed by sums of non-negative terms only.

K is a flow matrix: what leaves stands on the diagonal, what arrives beside it. With q the fastest rate of leaving,
K + q is non-negative and exp(K h) = e^(−q h) exp((K + q) h): a Taylor series, products and squares in which nothing is
ever subtracted (uniformisation; Jensen 1953). Each entry keeps its relative accuracy, whether rates coincide, nearly
coincide or lie far apart; no eigenvalue is sought, so none can be confluent.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from firstlight.clinical.pharmacology.rooms import Room

Array = NDArray[np.float64]
Subjects = slice | NDArray[np.int64]  # everyone, or some by number

# Longest step of the series in units of 1/q: the first term left out of degree 12 is then 0.28^13 / 13! = 1e-17.
LONGEST_STEP = 0.28
TAYLOR = tuple(1.0 / math.factorial(k) for k in range(13))
ROUNDING = 8 * float(np.finfo(np.float64).eps)


class Ladder:
    """exp(K h), exp(2 K h), exp(4 K h) … for each subject, and what they make of amounts.

    ``rates_per_h`` is ``(S, n, n)`` and h is ``step_h``. Each subject's series is taken for a step that is halved until it
    holds, and squared back, so that one fast subject costs the others nothing and changes none of their digits.
    """

    def __init__(self, rates_per_h: Array, step_h: float, room: Room) -> None:
        fastest = -np.diagonal(rates_per_h, axis1=1, axis2=2).min(axis=1)
        halvings = np.ceil(np.log2(np.maximum(fastest * step_h / LONGEST_STEP, 1.0)))
        self.step_h = step_h
        self._room = room
        self._base_h = (step_h / 2**halvings)[:, None, None]
        self._fastest = fastest[:, None, None]
        self._powers = _powers(rates_per_h, self._fastest, self._base_h, room)
        step = _series(self._powers, room)
        step *= np.exp(-self._fastest * self._base_h)
        self._below: list[tuple[float, Subjects, Array]] = []
        most, fewest = int(halvings.max()), int(halvings.min())
        for halving in range(most, 0, -1):
            everyone = halving <= fewest
            subjects = slice(None) if everyone else np.flatnonzero(halvings >= halving)
            matrices = step if everyone else step[subjects]
            self._below.insert(0, (step_h / 2**halving, subjects, matrices))
            if everyone:
                step = self._squared(matrices, f"half {halving}")
            else:
                step[subjects] = self._squared(matrices, "halves of some")
        self._rungs: list[Array] = [step]

    def steps(self, doublings: int) -> Array:
        """The step matrices ``(S, n, n)`` of ``step_h`` × 2^doublings."""
        while len(self._rungs) <= doublings:
            self._rungs.append(self._squared(self._rungs[-1], f"rung {len(self._rungs)}"))
        return self._rungs[doublings]

    def _squared(self, matrices: Array, name: str) -> Array:
        return np.matmul(matrices, matrices, out=self._room.take(name, matrices.shape))

    def after(self, gap_h: Array, amounts: Array) -> Array:
        """Amounts ``(S, n, T)`` when ``gap_h`` ``(1 or S, T)``, all 0 or more, has passed."""
        if not np.count_nonzero(gap_h):
            return amounts
        whole, rest_h = self._split(gap_h)
        for level in range(int(whole.max()).bit_length()):
            taken = (whole >> level) & 1 == 1
            if np.count_nonzero(taken):
                amounts = _passed(self.steps(level), taken, amounts)
        return self._less_than_a_step(rest_h, amounts) if np.count_nonzero(rest_h) else amounts

    def _split(self, gap_h: Array) -> tuple[NDArray[np.int64], Array]:
        """Whole steps and the rest; a gap that is whole but for rounding has no rest."""
        steps = gap_h / self.step_h
        near = np.rint(steps)
        exact = np.abs(steps - near) <= ROUNDING * np.maximum(near, 1.0)
        whole = np.where(exact, near, np.floor(steps))
        return whole.astype(np.int64), np.where(exact, 0.0, np.maximum(gap_h - whole * self.step_h, 0.0))

    def _less_than_a_step(self, rest_h: Array, amounts: Array) -> Array:
        if not all(isinstance(subjects, slice) for _, subjects, _ in self._below):
            rest_h = np.broadcast_to(rest_h, (len(amounts), rest_h.shape[1])).copy()
        amounts = amounts.copy()
        for step_h, subjects, matrices in self._below:
            taken = rest_h[subjects] >= step_h
            if np.count_nonzero(taken):
                amounts[subjects] = _passed(matrices, taken, amounts[subjects])
                rest_h[subjects] -= np.where(taken, step_h, 0.0)
        return self._short(rest_h, amounts)

    def _short(self, gap_h: Array, amounts: Array) -> Array:
        """Amounts after gaps of at most one base step: the same series, applied to them."""
        share = gap_h[:, None, :] / self._base_h
        shares = (share, share * share, share * share * share)
        terms = [amounts, *((power @ amounts) * some for power, some in zip(self._powers, shares, strict=True))]
        total: Array = _part(3, terms) + TAYLOR[12] * terms[3]
        for part in (2, 1, 0):
            total = (self._powers[2] @ total) * shares[2]
            total += _part(part, terms)
        total *= np.exp(-self._fastest * gap_h[:, None, :])
        return total


def _part(part: int, terms: Sequence[Array]) -> Array:
    """One of the four sums of which the series is made: of terms 0, 1 and 2."""
    one, first, second = TAYLOR[3 * part : 3 * part + 3]
    total: Array = one * terms[0] + first * terms[1] + second * terms[2]
    return total


def _passed(matrices: Array, taken: NDArray[np.bool_], amounts: Array) -> Array:
    """Amounts ``(S, n, T)`` with the matrices' step behind them where ``taken`` ``(1 or S, T)``."""
    if np.count_nonzero(taken) == taken.size:
        return matrices @ amounts
    if taken.shape[0] > 1:
        return np.where(taken[:, None, :], matrices @ amounts, amounts)
    amounts = amounts.copy()
    amounts[:, :, taken[0]] = matrices @ amounts[:, :, taken[0]]
    return amounts


def _powers(rates_per_h: Array, fastest: Array, base_h: Array, room: Room) -> Array:
    """a, a² and a³ of a = (K + q) × base step, in shape ``(3, S, n, n)``."""
    a, square, cube = powers = room.take("powers", (3, *rates_per_h.shape))
    np.copyto(a, rates_per_h)
    diagonal = _diagonal(a)
    diagonal += fastest[:, :, 0]
    a *= base_h
    np.matmul(a, a, out=square)
    np.matmul(square, a, out=cube)
    return powers


def _series(powers: Array, room: Room) -> Array:
    """exp(a) to degree 12 with five products (Paterson and Stockmeyer 1973, doi 10.1137/0202007).

    As ((B₃ a³ + B₂) a³ + B₁) a³ + B₀, where each B is a sum of 1, a, a² and, in the highest, a³.
    """
    total, other, term = (room.take(f"series {number}", powers.shape[1:]) for number in range(3))
    np.multiply(powers[2], TAYLOR[12], out=other)
    for part in (3, 2, 1, 0):
        if part < 3:
            np.matmul(total, powers[2], out=other)
        total, other = other, total
        for degree in (1, 2):
            total += np.multiply(powers[degree - 1], TAYLOR[3 * part + degree], out=term)
        diagonal = _diagonal(total)
        diagonal += TAYLOR[3 * part]
    return total


def _diagonal(matrices: Array) -> Array:
    """The diagonals ``(S, n)`` of contiguous matrices, to be written to."""
    subjects, states = matrices.shape[:2]
    return matrices.reshape(subjects, states * states, copy=False)[:, :: states + 1]
