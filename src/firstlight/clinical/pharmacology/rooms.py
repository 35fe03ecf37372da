"""Memory that is used again: the system takes as long to hand new memory out as solving people in it takes."""

import math
import threading

import numpy as np
from numpy.typing import NDArray


class Room(threading.local):
    """Arrays by name, each thread its own. Whoever takes a name again gets the same memory, with what was left in it."""

    def __init__(self) -> None:
        self._kept: dict[str, NDArray[np.uint8]] = {}

    def take(self, name: str, shape: tuple[int, ...]) -> NDArray[np.float64]:
        """An array of this shape, contiguous and in C order."""
        return self._bytes(name, 8 * math.prod(shape)).view(np.float64).reshape(shape)

    def single(self, name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
        """The same in single precision."""
        return self._bytes(name, 4 * math.prod(shape)).view(np.float32).reshape(shape)

    def _bytes(self, name: str, size: int) -> NDArray[np.uint8]:
        kept = self._kept.get(name)
        if kept is None or kept.size < size:
            kept = self._kept[name] = np.empty(size, dtype=np.uint8)
        return kept[:size]
