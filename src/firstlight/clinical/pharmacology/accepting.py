"""What a caller gave, taken as what it must be or refused by name: a word of a list, a number, a whole number."""

import math
import os
from collections.abc import Iterable
from enum import StrEnum
from itertools import pairwise
from numbers import Integral, Real
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from firstlight.clinical.pharmacology.errors import (
    DifferentLengths,
    NotANumber,
    NothingAsked,
    TimesOutOfOrder,
    UnknownWord,
    WrongKind,
)

Kind = TypeVar("Kind", bound=StrEnum)
One = TypeVar("One")


def chosen(kind: type[Kind], word: str, *, field: str) -> Kind:
    """The member of this name. Raises UnknownWord, naming all there are."""
    try:
        return kind(word)
    except ValueError:
        raise UnknownWord(field=field, value=word, expected=f"give one of {', '.join(kind)}") from None


def one_of(kind: type[One], value: object, *, field: str, expected: str) -> One:
    """What this argument takes. Raises WrongKind."""
    if not isinstance(value, kind):
        raise WrongKind(field=field, value=value, expected=expected)
    return value


def heard_by(progress: object) -> None:
    """What is told how far the work is, or nothing. Raises WrongKind."""
    if progress is not None:
        called(
            progress,
            field="progress",
            expected="give something that is called with (done, of), such as Bar(sys.stderr)",
        )


def called(value: object, *, field: str, expected: str) -> None:
    """Something that can be called. Raises WrongKind."""
    if not callable(value):
        raise WrongKind(field=field, value=value, expected=expected)


def each_of(kind: type[One], values: object, *, field: str, expected: str) -> tuple[One, ...]:
    """Several of what this argument takes, in their order. A text is no list of names. Raises WrongKind."""
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise WrongKind(field=field, value=values, expected=expected)
    found = tuple(values)
    for value in found:
        if not isinstance(value, kind):
            raise WrongKind(field=field, value=value, expected=expected)
    return found


def checked_numbers(values: ArrayLike, *, field: str, expected: str) -> NDArray[np.float64]:
    """Numbers as an array of its own shape; they may be infinite. Text, truth and lists of uneven lengths are refused.

    Raises NotANumber.
    """
    try:
        found = np.asarray(values)
    except ValueError:
        raise NotANumber(field=field, value=values, expected=expected) from None
    if found.dtype.kind not in "iuf" and found.size:
        raise NotANumber(field=field, value=values, expected=expected)
    return found.astype(np.float64, copy=False)


def checked_number(value: object, *, field: str, expected: str) -> float:
    """A number that is no text, no truth and not NaN. Raises NotANumber."""
    if isinstance(value, bool) or not isinstance(value, Real) or math.isnan(value):
        raise NotANumber(field=field, value=value, expected=expected)
    return float(value)


def whole(value: object, *, field: str, expected: str, least: int = 1, most: float = math.inf) -> int:
    """A whole number within its bounds. Raises NotANumber."""
    if isinstance(value, bool) or not isinstance(value, Integral) or not least <= int(value) <= most:
        raise NotANumber(field=field, value=value, expected=expected)
    return int(value)


def threads(workers: int | None) -> int:
    """How many threads to use; None: as many as there are cores. Raises NotANumber."""
    if workers is None:
        return os.cpu_count() or 1
    return whole(workers, field="workers", expected="give a whole number of threads from 1 on, or None for all cores")


def rising(values: ArrayLike, *, field: str, expected: str, most: float = math.inf) -> NDArray[np.float64]:
    """One list of times from 0 to `most`, each later than the one before. Raises NothingAsked, NotANumber, TimesOutOfOrder."""
    times = np.atleast_1d(checked_numbers(values, field=field, expected=expected))
    if times.ndim != 1:
        raise DifferentLengths(field=field, value=times.shape, expected="give one list of times")
    if not times.size:
        raise NothingAsked(field=field, value=[], expected=expected)
    for time in times.tolist():
        if not 0 <= time <= most or math.isinf(time):
            raise NotANumber(field=field, value=time, expected=expected)
    for earlier, later in pairwise(times.tolist()):
        if later <= earlier:
            expected = "each time is later than the one before it"
            raise TimesOutOfOrder(field=field, value=[earlier, later], expected=expected)
    return times


def checked_level(level: object) -> float:
    """A quantile's level. Raises NotANumber."""
    expected = "give the share of people as 0 to 1, such as 0.95"
    share = checked_number(level, field="level", expected=expected)
    if not 0 <= share <= 1:
        raise NotANumber(field="level", value=level, expected=expected)
    return share
