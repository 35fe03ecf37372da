"""Counts of values in bins of equal ratio: quantiles of any number of people in memory that does not grow with them.

A bin is an octave's 64th part, read off the bits of a float32, so its middle is within 0.8 % of every value in it. Counts
are whole numbers: merged in any order they are the same.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from firstlight.clinical.pharmacology.accepting import checked_level
from firstlight.clinical.pharmacology.errors import DifferentLengths, NotANumber

BINS_AN_OCTAVE = 64
SMALLEST_OCTAVE = -20  # below 2^-20, about 1e-6, a value counts as 0
OCTAVES = 44
BINS = OCTAVES * BINS_AN_OCTAVE + 1  # the first is for 0
VALUE_ERROR = 0.5 / BINS_AN_OCTAVE

SHIFT = 17  # of a float32's 23 bits of mantissa, 6 stay
BELOW_FIRST = ((127 + SMALLEST_OCTAVE) << 6) - 1
MOST_COUNTED = 2**32 - 1  # what a count of 32 bits can hold
INFINITE = 0x7F800000  # bits from here on, unsigned: infinite, no number, or with the sign of a minus
_ONE = np.uint32(1)
_LESS_ONE = np.uint32(MOST_COUNTED)  # a count of 32 bits begins again after it

Values = NDArray[np.float64] | NDArray[np.float32]


@dataclass(slots=True)
class Histograms:
    """One histogram a row: ``counts`` ``(rows, BINS)``."""

    counts: NDArray[np.uint32]

    @classmethod
    def empty(cls, rows: int) -> Self:
        return cls(np.zeros((rows, BINS), dtype=np.uint32))

    def add(self, values: Values, *, kernel: bool = False) -> None:
        """Count values ``(subjects, rows)``: the same with the kernel and without.

        Raises DifferentLengths, or NotANumber for a value that is no number or below 0 by more than rounding, and for more
        people than can be counted.
        """
        if values.ndim != 2 or values.shape[1] != len(self.counts):
            expected = f"give one column for each of {len(self.counts)} rows"
            raise DifferentLengths(field="values", value=values.shape, expected=expected)
        self._check_room(len(values))
        bits = np.ascontiguousarray(values, dtype=np.float32).view(np.int32)
        if kernel:
            self._count_compiled(values, bits)
            return
        if bits.size and bits.view(np.uint32).max() >= INFINITE:
            _refuse_impossible(values)
        bins = bits >> SHIFT
        bins -= BELOW_FIRST
        np.clip(bins, 0, BINS - 1, out=bins)
        starts = np.arange(len(self.counts), dtype=np.intp) * BINS
        np.add.at(self.counts.reshape(-1), (bins + starts).reshape(-1), _ONE)

    def _count_compiled(self, values: Values, bits: NDArray[np.int32]) -> None:
        from firstlight.clinical.pharmacology.kernel_code import count

        count(bits, self.counts, SHIFT, BELOW_FIRST, _ONE)
        if self.counts[:, -1].any():  # beyond all bins, with a minus, or no number: rare enough to count once more
            count(bits, self.counts, SHIFT, BELOW_FIRST, _LESS_ONE)
            _refuse_impossible(values)
            count(np.maximum(bits, 0), self.counts, SHIFT, BELOW_FIRST, _ONE)

    def __reduce__(self) -> tuple[object, ...]:
        """Only the bins that hold somebody travel between machines."""
        filled = np.flatnonzero(self.counts)
        return _unpacked, (self.counts.shape, filled.astype(np.uint32), self.counts.reshape(-1)[filled])

    def merge(self, other: "Histograms") -> None:
        """Add another's counts to these. Raises NotANumber where that is more people than can be counted."""
        self._check_room(other.subjects)
        self.counts += other.counts

    def _check_room(self, more: int) -> None:
        if len(self.counts) and self.subjects + more > MOST_COUNTED:
            expected = f"count at most {MOST_COUNTED:,} people together"
            raise NotANumber(field="people", value=self.subjects + more, expected=expected)

    @property
    def subjects(self) -> int:
        """How many values each row has counted."""
        return int(self.counts[0].sum(dtype=np.int64))

    def quantile(self, level: float) -> NDArray[np.float64]:
        """For each row the value that this share of subjects does not exceed, within 0.8 %; 0 exactly.

        Raises NotANumber for a level that is not 0 to 1.
        """
        rank = max(1, int(np.ceil(checked_level(level) * self.subjects - 1e-9)))
        reached = np.cumsum(self.counts, axis=1, dtype=np.int64) >= rank
        values: NDArray[np.float64] = _middles()[np.argmax(reached, axis=1)]
        return values


def _refuse_impossible(values: Values) -> None:
    possible = np.isfinite(values) & (values > -(2.0**SMALLEST_OCTAVE))
    if not possible.all():
        expected = "a value that is counted is a number, 0 or more"
        raise NotANumber(field="values", value=float(values[~possible][0]), expected=expected)


def _unpacked(shape: tuple[int, int], filled: NDArray[np.uint32], counts: NDArray[np.uint32]) -> Histograms:
    whole = np.zeros(shape, dtype=np.uint32)
    whole.reshape(-1)[filled] = counts
    return Histograms(whole)


def _middles() -> NDArray[np.float64]:
    """The middle of each bin; 0 for the first."""
    edges = (((np.arange(BINS, dtype=np.int32) + BELOW_FIRST + 1) << SHIFT).view(np.float32)).astype(np.float64)
    return np.concatenate([[0.0], (edges[:-1] + edges[1:]) / 2])
