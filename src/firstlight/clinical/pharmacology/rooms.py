"""Memory that is used again: the system takes as long to hand new memory out as solving people in it takes."""

import math

import numpy as np
from numpy.typing import DTypeLike, NDArray


class Room:
    """Arrays by name, for one thread. Whoever takes a name again gets the same memory, with what was left in it."""

    def __init__(self) -> None:
        self._kept: dict[str, NDArray[np.uint8]] = {}

    def take(self, name: str, shape: tuple[int, ...], dtype: DTypeLike = np.float64) -> NDArray[np.float64]:
        """An array of this shape, contiguous and in C order."""
        size = math.prod(shape) * np.dtype(dtype).itemsize
        kept = self._kept.get(name)
        if kept is None or kept.size < size:
            kept = self._kept[name] = np.empty(size, dtype=np.uint8)
        return kept[:size].view(dtype).reshape(shape)
