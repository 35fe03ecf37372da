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
A_CROWD = 32  # from so many subjects on zeros are stepped over: for fewer that takes longer than adding them
MANY_TIMES = 8  # from so many on BLAS is faster than sums side by side
ROUNDING = 8 * float(np.finfo(np.float64).eps)


class Ladder:
    """exp(K h), exp(2 K h), exp(4 K h) … for each subject, and what they make of amounts.

    ``rates_per_h`` is ``(S, n, n)``, h is ``step_h``, and ``parts`` are runs of states into which nothing flows from later
    runs. Each subject's series is taken for a step that is halved until it holds, and squared back, so that one fast
    subject costs the others nothing and changes none of their digits.

    Steps are ``(n, n, S)``: the state an amount comes from, the state it comes to, the subject. A product is then a few sums over
    all subjects side by side, which threads do at once; small products of BLAS wait for each other's memory. In each array
    the state summed over stands first, so that every sum runs in the order of the states, for one subject or a thousand.
    """

    def __init__(self, rates_per_h: Array, step_h: float, room: Room, parts: Sequence[tuple[int, int]] = ()) -> None:
        people, states, _states = rates_per_h.shape
        self.parts = tuple(parts) if parts and people >= A_CROWD else ((0, states),)
        flows = room.take("flows", rates_per_h.shape[::-1])
        np.copyto(flows, rates_per_h.transpose(2, 1, 0))
        fastest = -_diagonal(flows).min(axis=0)
        halvings = np.ceil(np.log2(np.maximum(fastest * step_h / LONGEST_STEP, 1.0)))
        self.step_h = step_h
        self._room = room
        self._base_h = step_h / 2**halvings
        self._fastest = fastest
        self._powers = self._powers_of(flows)
        step = self._series()
        step *= np.exp(-self._fastest * self._base_h)
        self._below: list[tuple[float, Subjects, Array]] = []
        most, fewest = int(halvings.max()), int(halvings.min())
        for halving in range(most, 0, -1):
            everyone = halving <= fewest
            subjects = slice(None) if everyone else np.flatnonzero(halvings >= halving)
            some = step if everyone else step[:, :, subjects]
            self._below.insert(0, (step_h / 2**halving, subjects, some))
            if everyone:
                step = self._twice(some, f"half {halving}")
            else:
                step[:, :, subjects] = self._twice(some, "halves of some")
        self._rungs: list[Array] = [step]

    def steps(self, doublings: int) -> Array:
        """The steps ``(n, n, S)`` of ``step_h`` × 2^doublings."""
        while len(self._rungs) <= doublings:
            self._rungs.append(self._twice(self._rungs[-1], f"rung {len(self._rungs)}"))
        return self._rungs[doublings]

    def _twice(self, step: Array, name: str) -> Array:
        return self._then(step, step, self._room.take(name, step.shape))

    def _then(self, first: Array, second: Array, out: Array) -> Array:
        """Both steps one after the other. From a part of the states to another it goes only through those between them."""
        for begin, end in self.parts:
            out[end:, begin:end] = 0.0
            for early, late in self.parts:
                if early <= begin:
                    np.einsum(
                        "kjs,jis->kis",
                        first[early:late, early:end],
                        second[early:end, begin:end],
                        out=out[early:late, begin:end],
                    )
        return out

    def _powers_of(self, flows: Array) -> Array:
        """a, a² and a³ of a = (K + q) × base step, in shape ``(3, n, n, S)``."""
        a, square, cube = powers = self._room.take("powers", (3, *flows.shape))
        np.copyto(a, flows)
        diagonal = _diagonal(a)
        diagonal += self._fastest
        a *= self._base_h
        self._then(a, a, square)
        self._then(a, square, cube)
        return powers

    def _series(self) -> Array:
        """exp(a) to degree 12 with five products (Paterson and Stockmeyer 1973, doi 10.1137/0202007).

        As ((B₃ a³ + B₂) a³ + B₁) a³ + B₀, where each B is a sum of 1, a, a² and, in the highest, a³.
        """
        powers = self._powers
        total, other, term = (self._room.take(f"series {number}", powers.shape[1:]) for number in range(3))
        np.multiply(powers[2], TAYLOR[12], out=other)
        for part in (3, 2, 1, 0):
            if part < 3:
                self._then(powers[2], total, other)
            total, other = other, total
            for degree in (1, 2):
                total += np.multiply(powers[degree - 1], TAYLOR[3 * part + degree], out=term)
            diagonal = _diagonal(total)
            diagonal += TAYLOR[3 * part]
        return total

    def after(self, gap_h: Array, amounts: Array) -> Array:
        """Amounts ``(n, S, T)`` when ``gap_h`` ``(1 or S, T)``, all 0 or more, has passed."""
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
            rest_h = np.broadcast_to(rest_h, (amounts.shape[1], rest_h.shape[1])).copy()
        amounts = amounts.copy()
        for step_h, subjects, steps in self._below:
            taken = rest_h[subjects] >= step_h
            if np.count_nonzero(taken):
                amounts[:, subjects] = _passed(steps, taken, amounts[:, subjects])
                rest_h[subjects] -= np.where(taken, step_h, 0.0)
        return self._short(rest_h, amounts)

    def _short(self, gap_h: Array, amounts: Array) -> Array:
        """Amounts after gaps of at most one base step: the same series, applied to them."""
        share = gap_h / self._base_h[:, None]
        shares = (share, share * share, share * share * share)
        terms = [amounts, *(_moved(power, amounts) * some for power, some in zip(self._powers, shares, strict=True))]
        total: Array = _part(3, terms) + TAYLOR[12] * terms[3]
        for part in (2, 1, 0):
            total = _moved(self._powers[2], total) * shares[2]
            total += _part(part, terms)
        total *= np.exp(-self._fastest[:, None] * gap_h)
        return total


def _part(part: int, terms: Sequence[Array]) -> Array:
    """One of the four sums of which the series is made: of terms 0, 1 and 2."""
    one, first, second = TAYLOR[3 * part : 3 * part + 3]
    total: Array = one * terms[0] + first * terms[1] + second * terms[2]
    return total


def _passed(steps: Array, taken: NDArray[np.bool_], amounts: Array) -> Array:
    """Amounts ``(n, S, T)`` with the step behind them where ``taken`` ``(1 or S, T)``."""
    if np.count_nonzero(taken) == taken.size:
        return _moved(steps, amounts)
    if taken.shape[0] > 1 or amounts.shape[2] >= MANY_TIMES:  # BLAS may sum a part of the times otherwise than all
        return np.where(taken, _moved(steps, amounts), amounts)
    amounts = amounts.copy()
    amounts[:, :, taken[0]] = _moved(steps, amounts[:, :, taken[0]])
    return amounts


def _moved(steps: Array, amounts: Array) -> Array:
    """Amounts ``(n, S, T)`` a step ``(n, n, S)`` later. How they are summed hangs on the times, never on other subjects."""
    moved: Array
    if amounts.shape[2] < MANY_TIMES:
        moved = np.einsum("jis,jst->ist", steps, amounts)
    else:
        moved = np.empty_like(amounts)
        by_subject = np.ascontiguousarray(steps.transpose(2, 1, 0))
        np.matmul(by_subject, amounts.transpose(1, 0, 2), out=moved.transpose(1, 0, 2))
    return moved


def _diagonal(steps: Array) -> Array:
    """The diagonals ``(n, S)`` of contiguous ``(n, n, S)``, to be written to."""
    states, _states, subjects = steps.shape
    return steps.reshape(states * states, subjects, copy=False)[:: states + 1]
