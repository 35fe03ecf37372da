"""Standard normal draws by subject number: the same person gets the same draws, whoever asks and in whatever portion."""

import numpy as np
from numpy.typing import NDArray

from firstlight.clinical.pharmacology.accepting import whole

SUBJECTS_A_BLOCK = 1024  # each block of subjects has a generator of its own
LARGEST_SEED = 2**64 - 1


def normals(seed: int, *, first: int, count: int, dimensions: int, stream: int = 0) -> NDArray[np.float64]:
    """Draws ``(count, dimensions)`` of subjects ``first`` … ``first + count − 1``.

    Philox keyed by seed and block (Salmon 2011, doi 10.1145/2063384.2063405); ``stream`` sets draws for another purpose
    apart. Raises NotANumber for a seed that is no whole number from 0 to 2^64 − 1.
    """
    whole(seed, field="seed", least=0, most=LARGEST_SEED, expected="give a whole number from 0 to 2^64 − 1")
    drawn = np.empty((count, dimensions))
    done = 0
    while done < count:
        block, skip = divmod(first + done, SUBJECTS_A_BLOCK)
        some = min(count - done, SUBJECTS_A_BLOCK - skip)
        drawn[done : done + some] = _block(seed, block, stream, skip + some, dimensions)[skip:]
        done += some
    return drawn


def _block(seed: int, block: int, stream: int, rows: int, dimensions: int) -> NDArray[np.float64]:
    key = np.array([seed, block], dtype=np.uint64)
    counter = np.array([0, 0, 0, stream], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=counter)).standard_normal((rows, dimensions))
