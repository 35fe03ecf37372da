"""Which numbers of a body's matrices are not 0, and which products lead to them: worked out once for every body of a shape.

Everything flows forward, so of exp(K h) about half is 0, and so is most of what a product of two such matrices adds up.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from firstlight.clinical.pharmacology.kernel_vectors import Program

Pair = tuple[int, int]


@lru_cache(maxsize=256)
def program(states: int, filled: tuple[int, ...], read: tuple[int, ...]) -> Program:
    """For matrices that are 0 but at ``filled`` (target × states + source), and outputs of the states ``read``."""
    ways = _ways(states, filled)
    entry = {way: number for number, way in enumerate(ways)}
    rows = [
        (output, source) for output, state in enumerate(read) for source in range(states) if (state, source) in entry
    ]
    row = {one: number for number, one in enumerate(rows)}
    between = range(states)
    sums: list[list[Pair]] = []
    sums += [[(entry[t, k], entry[k, s]) for k in between if (t, k) in entry and (k, s) in entry] for t, s in ways]
    sums += [[(entry[t, s], s) for s in between if (t, s) in entry] for t in between]
    sums += [[(entry[k, s], row[o, k]) for k in between if (k, s) in entry and (o, k) in row] for o, s in rows]
    sums += [[(s, row[o, s]) for s in between if (o, s) in row] for o in range(len(read))]
    return Program(
        states=states,
        entries=len(ways),
        rows=len(rows),
        diagonal=np.array([entry[state, state] for state in between]),
        filled=np.array([(entry[divmod(place, states)], place) for place in filled]).reshape(-1, 2),
        read=np.array([output if read[output] == source else -1 for output, source in rows]),
        pairs=np.array([pair for one in sums for pair in one]),
        cuts=np.cumsum([0, *map(len, sums)]),
    )


def _ways(states: int, filled: Sequence[int]) -> list[Pair]:
    """(target, source) wherever something gets from source to target, itself included."""
    gets = np.eye(states, dtype=bool)
    gets.reshape(-1)[list(filled)] = True
    for state in range(states):
        gets |= gets[:, state, None] & gets[state]
    return [(int(target), int(source)) for target, source in np.argwhere(gets)]
