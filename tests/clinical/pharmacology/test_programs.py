"""What a program adds up is the product of whole matrices, without their zeros."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from firstlight.clinical.pharmacology.kernel_vectors import Program
from firstlight.clinical.pharmacology.programs import program


@st.composite
def shapes(draw) -> tuple[int, tuple[int, ...], tuple[int, ...]]:
    """Any number of states, places that are filled, and states that are read."""
    states = draw(st.integers(1, 7))
    filled = draw(st.sets(st.integers(0, states**2 - 1)))
    read = draw(st.lists(st.integers(0, states - 1), min_size=1, max_size=3))
    return states, tuple(sorted(filled)), tuple(read)


def reached(states: int, filled: tuple[int, ...]) -> np.ndarray:
    """From where to where something gets, by as many steps as there are states."""
    once = np.eye(states)
    once.reshape(-1)[list(filled)] = 1.0
    return np.linalg.matrix_power(once, states) > 0


def random_matrix(random, shape) -> np.ndarray:
    states, filled, _read = shape
    return np.where(reached(states, filled), random.uniform(1, 2, (states, states)), 0.0)


def added_up(one: Program, number: int, left, right) -> float:
    pairs = one.pairs[one.cuts[number] : one.cuts[number + 1]]
    return sum(left[first] * right[second] for first, second in pairs)


@given(shapes(), st.integers(0, 2**32))
def test_a_product_of_matrices_leaves_nothing_out(shape, seed) -> None:
    one, random = program(*shape), np.random.default_rng(seed)
    left, right = random_matrix(random, shape), random_matrix(random, shape)
    ways = np.nonzero(reached(*shape[:2]))

    found = np.zeros_like(left)
    found[ways] = [added_up(one, entry, left[ways], right[ways]) for entry in range(one.entries)]

    np.testing.assert_allclose(found, left @ right, rtol=1e-12)
    assert one.entries == len(ways[0])


@given(shapes(), st.integers(0, 2**32))
def test_a_step_takes_all_that_comes_into_a_state(shape, seed) -> None:
    one, random = program(*shape), np.random.default_rng(seed)
    matrix, amounts = random_matrix(random, shape), random.uniform(1, 2, shape[0])
    entries = matrix[np.nonzero(reached(*shape[:2]))]

    found = [added_up(one, one.entries + state, entries, amounts) for state in range(one.states)]

    np.testing.assert_allclose(found, matrix @ amounts, rtol=1e-12)


@given(shapes(), st.integers(0, 2**32))
def test_outputs_come_out_of_rows_and_amounts(shape, seed) -> None:
    one, random = program(*shape), np.random.default_rng(seed)
    matrix, amounts = random_matrix(random, shape), random.uniform(1, 2, shape[0])
    entries = matrix[np.nonzero(reached(*shape[:2]))]
    now = np.where(one.read >= 0, 1.0, 0.0)

    first = one.entries + one.states
    after = np.array([added_up(one, first + row, entries, now) for row in range(one.rows)])
    found = [added_up(one, first + one.rows + output, amounts, after) for output in range(len(shape[2]))]

    np.testing.assert_allclose(found, (matrix @ amounts)[list(shape[2])], rtol=1e-12)


def test_what_flows_forward_is_worked_out_with_few_products() -> None:
    # A pump into 1, which exchanges with 2 and flows on into 3: through the pump 1 × 4 ways, through
    # 1 and 2 each 3 × 3, through 3 4 × 1, of 64.
    one = program(4, (4, 5, 6, 9, 10, 13, 15), (3,))

    assert one.entries == 11
    assert one.cuts[one.entries] == 26
