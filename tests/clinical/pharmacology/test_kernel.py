"""The compiled kernel says what NumPy says: for any body, however the people are cut, and where it is not installed."""

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstlight.clinical import pharmacology
from firstlight.clinical.pharmacology import kernel_code, solving
from firstlight.clinical.pharmacology.asking import ask
from firstlight.clinical.pharmacology.cohorts import cohort
from firstlight.clinical.pharmacology.doses import Route
from firstlight.clinical.pharmacology.errors import DifferentLengths, KernelMissing, NotANumber
from firstlight.clinical.pharmacology.histograms import Histograms
from firstlight.clinical.pharmacology.kernel import solve_on_grid
from firstlight.clinical.pharmacology.matrices import matrices
from firstlight.clinical.pharmacology.population import question
from firstlight.clinical.pharmacology.solving import SUBJECTS_AT_ONCE, concentrations
from firstlight.clinical.pharmacology.stepping import A_CROWD
from firstlight.clinical.pharmacology.systems import Flow, Input, Output, System, part
from tests.clinical.pharmacology.asking import dose
from tests.clinical.pharmacology.asking import given as planned
from tests.clinical.pharmacology.bodies import Case
from tests.clinical.pharmacology.people import Drawn

CASES = st.integers(10**6, 10**12).map(Case)
ONE = System(("central",), (Flow("central", None, 0.5),), (Output("ketamine", "central", 100.0),))
TIMES = np.arange(481) / 60  # one minute apart for eight hours


def both(system, inputs, time_h, **options) -> tuple[np.ndarray, np.ndarray]:
    """All profiles ``(outputs, S, T)``, without the kernel and with it."""
    found = (concentrations(system, inputs, time_h, kernel=kernel, **options) for kernel in (False, True))
    plain, compiled = (np.stack(list(profiles.values())) for profiles in found)
    return plain, compiled


def assert_same(plain: np.ndarray, compiled: np.ndarray) -> None:
    """Within what either may differ from the exact solution."""
    peak = plain.max(axis=2, keepdims=True)
    assert (np.abs(compiled - plain) <= 1e-9 * plain + 1e-12 * peak).all()


@settings(deadline=None)  # the first one compiles
@given(CASES, st.integers(3, 200))
def test_any_body_comes_out_the_same(case, count) -> None:
    plain, compiled = both(case.system, case.inputs, np.linspace(0, case.time_h[-1], count))

    assert_same(plain, compiled)


@given(CASES, st.floats(-2.0, 5.0), st.floats(0.01, 5.0))
def test_times_may_start_before_or_after_the_doses(case, start_h, length_h) -> None:
    plain, compiled = both(case.system, case.inputs, np.linspace(start_h, start_h + length_h, 70))

    assert_same(plain, compiled)


def test_people_whose_absorption_ends_at_different_times_come_out_the_same() -> None:
    people = cohort(planned("simons2022", dose("simons2022", 50.0, Route.FILM)))
    system, inputs = people(0, 300)
    plain, compiled = both(system, inputs, TIMES)

    assert_same(plain, compiled)
    assert len(np.unique(compiled[0].argmax(axis=1))) > 10


def test_single_precision_is_as_exact_as_without() -> None:
    system, inputs = Drawn()(0, 200)
    exact, _ = both(system, inputs, TIMES)
    plain, compiled = both(system, inputs, TIMES, dtype=np.float32)

    peak = exact.max(axis=2, keepdims=True)
    assert plain.dtype == compiled.dtype == np.float32
    assert (np.abs(compiled - exact) <= 1e-6 * peak).all()


@pytest.mark.parametrize("kernel", [False, True])
def test_people_are_solved_alike_in_any_portion_and_by_any_thread(kernel) -> None:
    system, inputs = Drawn()(0, 9_000)
    together = np.full((len(system.outputs), 9_000, 61), np.nan)
    concentrations(system, inputs, TIMES[:61], out=together, kernel=kernel, workers=3)

    some, given_them = part(system, inputs, slice(4_000, 5_000))
    alone = concentrations(some, given_them, TIMES[:61], kernel=kernel)

    np.testing.assert_array_equal(together[:, 4_000:5_000], np.stack(list(alone.values())))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_as_many_people_as_are_solved_at_once_come_out_as_each_alone(dtype) -> None:
    system, inputs = Drawn()(0, SUBJECTS_AT_ONCE)
    together = np.stack(list(concentrations(system, inputs, TIMES, dtype=dtype).values()))

    for person in (*range(0, SUBJECTS_AT_ONCE, 97), SUBJECTS_AT_ONCE - 1):
        one, given_her = part(system, inputs, slice(person, person + 1))
        alone = np.stack(list(concentrations(one, given_her, TIMES, dtype=dtype).values()))
        np.testing.assert_array_equal(together[:, person], alone[:, 0])


@pytest.mark.parametrize(("people", "workers"), [(1_401, 2), (2_801, 2), (4_300, 3), (1_500, 1)])
def test_portions_are_even_between_threads(monkeypatch: pytest.MonkeyPatch, people: int, workers: int) -> None:
    """None waits for another, and an odd number of rows shares no lines of the cache."""
    sizes: list[int] = []

    def laid_out(*args, subjects: int):
        sizes.append(subjects)
        return matrices(*args, subjects=subjects)

    monkeypatch.setattr(solving, "matrices", laid_out)
    concentrations(*Drawn()(0, people), TIMES[:61], workers=workers)

    assert sum(sizes) == people
    assert len(sizes) % workers == 0
    assert max(sizes) <= SUBJECTS_AT_ONCE + 1
    assert max(sizes) - min(sizes) <= len(sizes)
    assert max(sizes) % 2 == 1


def varied(random, people: int) -> tuple[System, list[Input]]:
    """People whose rates lie up to a million times apart, so that their steps are halved from never to often."""
    rates = (10 ** random.uniform(-2, 4, people) for _ in range(7))
    system = System(
        ("depot", "central", "far", "effect"),
        (
            Flow("depot", "central", next(rates), fraction=random.uniform(0.1, 0.9, people)),
            Flow("central", "far", next(rates)),
            Flow("far", "central", next(rates)),
            Flow("central", None, next(rates)),
            Flow("central", "effect", effect := next(rates), drains=False),
            Flow("effect", None, effect),
        ),
        (Output("ketamine", "central", random.uniform(50, 150, people)), Output("effect", "effect", 100.0)),
    )
    start_h, end_h = random.uniform(-1, 4, (2, people))
    given_them = [
        Input("depot", random.uniform(1, 50, people), start_h=end_h),
        Input("central", 10.0, start_h=start_h, duration_h=random.uniform(0.1, 2.0, people)),
        Input("central", random.uniform(1, 50, people), start_h=start_h, duration_h=random.uniform(0.5, 3.0, people)),
    ]
    return system, given_them


@pytest.mark.parametrize("kernel", [False, True])
@given(st.integers(0, 2**32), st.integers(3, 150), st.sampled_from([np.float64, np.float32]), st.booleans())
def test_nobody_changes_a_digit_of_who_stands_beside_her(kernel, seed, count, dtype, even) -> None:
    people = A_CROWD + 3
    system, inputs = varied(np.random.default_rng(seed), people)
    times = np.linspace(0, 5, count) if even else 5 * np.linspace(0, 1, count) ** 2

    def solved(chosen: slice) -> np.ndarray:
        profiles = concentrations(*part(system, inputs, chosen), times, dtype=dtype, kernel=kernel)
        return np.stack(list(profiles.values()))

    together = solved(slice(None))

    np.testing.assert_array_equal(solved(slice(None, None, -1)), together[:, ::-1])
    np.testing.assert_array_equal(solved(slice(5, 16)), together[:, 5:16])
    for person in range(0, people, 3):
        np.testing.assert_array_equal(solved(slice(person, person + 1)), together[:, person : person + 1])


@given(st.integers(0, 2**32), st.integers(3, 150))
def test_people_of_any_pace_come_out_the_same(seed, count) -> None:
    system, inputs = varied(np.random.default_rng(seed), 11)
    plain, compiled = both(system, inputs, np.linspace(0, 5, count))

    assert_same(plain, compiled)


def test_kept_machine_code_is_known_by_all_files_that_it_was_made_from() -> None:
    folder = Path(kernel_code.__file__).parent

    assert set(kernel_code.PARTS) == {file.name for file in folder.glob("kernel_*.py")}
    assert [cell.cell_contents for cell in kernel_code.solve.py_func.__closure__] == [kernel_code.VERSION]


def test_nothing_is_written_outside_the_people_who_were_laid_out() -> None:
    system, inputs = Drawn()(0, 5)
    out = np.full((len(system.outputs), 9, 45), -1.0)

    solve_on_grid(out, matrices(system, inputs, subjects=5), inputs, TIMES[:45], 1 / 60, first=2)

    assert (out[:, [0, 1, 7, 8]] == -1.0).all()
    assert (out[:, 2:7] >= 0.0).all()


@pytest.mark.parametrize("inputs", [[], [Input("central", 50.0, start_h=9.0)]], ids=["nothing given", "given later"])
def test_nothing_is_there_before_anything_is_given(inputs) -> None:
    out = np.full((1, 1, 481), -1.0)

    concentrations(ONE, inputs, TIMES, out=out, kernel=True)

    assert (out == 0.0).all()


def test_a_dose_two_days_before_the_times_still_counts() -> None:
    # 50 mg in 100 L, 48 hours at 0.5/h before the first time.
    found = concentrations(ONE, [Input("central", 50.0, start_h=-48.0)], TIMES, kernel=True)["ketamine"][0]

    np.testing.assert_allclose(found, 500 * np.exp(-0.5 * (48 + TIMES)), rtol=1e-11)


@given(st.lists(st.floats(0.0, width=32, allow_nan=False, allow_infinity=False), min_size=1, max_size=60))
def test_any_values_are_counted_the_same(values) -> None:
    rows = np.array(values, dtype=np.float32).reshape(1, -1)
    plain, compiled = Histograms.empty(rows.shape[1]), Histograms.empty(rows.shape[1])

    plain.add(rows)
    compiled.add(rows, kernel=True)

    np.testing.assert_array_equal(plain.counts, compiled.counts)


def test_a_thousand_people_are_counted_the_same() -> None:
    rows = np.random.default_rng(1).lognormal(3, 2, (1_100, 37)).astype(np.float32)
    rows[7, :3] = -1e-12, -0.0, 3e9  # rounded below 0, and beyond the last bin
    plain, compiled = Histograms.empty(37), Histograms.empty(37)

    plain.add(rows)
    compiled.add(rows, kernel=True)

    np.testing.assert_array_equal(plain.counts, compiled.counts)


@pytest.mark.parametrize("value", [np.nan, -1.0, np.inf, -np.nan])
@pytest.mark.parametrize("row", [3, 36])
def test_nothing_is_counted_where_one_value_is_refused(value: float, row: int) -> None:
    values, counted = np.ones((5, 37), dtype=np.float32), Histograms.empty(37)
    counted.add(values, kernel=True)
    values[2, row] = value

    with pytest.raises(NotANumber, match="0 or more"):
        counted.add(values, kernel=True)

    assert counted.counts.sum(axis=1).tolist() == [5] * 37


@pytest.mark.parametrize(("workers", "chunk"), [(2, 1), (1, 2_048), (3, 1_500)])
def test_counts_are_the_same_for_any_chunk_and_any_workers(workers, chunk) -> None:
    asked = question(TIMES[::8], exposure=True, kernel=True)

    whole = ask(Drawn(), asked, people=2_500)
    cut = ask(Drawn(), asked, people=2_500, workers=workers, chunk=chunk)

    np.testing.assert_array_equal(whole.profiles.counts, cut.profiles.counts)


def test_quantiles_are_those_without_it_but_for_a_neighbouring_bin() -> None:
    plain, compiled = (
        ask(Drawn(), question(TIMES[::8], kernel=kernel), people=2_500).quantile(0.5) for kernel in (False, True)
    )

    for name, values in plain.items():
        np.testing.assert_allclose(compiled[name], values, rtol=0.02)


def test_without_its_compiler_the_kernel_is_refused_and_the_rest_works(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "firstlight.clinical.pharmacology.kernel", None)
    monkeypatch.delattr(pharmacology, "kernel")

    with pytest.raises(KernelMissing, match=r"firstlight\[kernel\]"):
        concentrations(ONE, [Input("central", 50.0)], TIMES, kernel=True)
    with pytest.raises(KernelMissing, match=r"firstlight\[kernel\]"):
        ask(Drawn(), question(TIMES, kernel=True), people=10)
    assert concentrations(ONE, [Input("central", 50.0)], TIMES)["ketamine"][0, 0] == 500.0


def test_values_that_do_not_fit_the_rows_are_refused() -> None:
    for values in (np.ones((4, 7), dtype=np.float32), np.ones(5, dtype=np.float32)):
        for kernel in (False, True):
            with pytest.raises(DifferentLengths, match="one column for each of 5 rows"):
                Histograms.empty(5).add(values, kernel=kernel)


def test_many_doses_of_many_people_come_out_the_same() -> None:
    random = np.random.default_rng(1)
    doses = [Input("central", random.uniform(1, 2, 200), start_h=random.uniform(0, 8, 200)) for _ in range(20)]

    plain, compiled = both(ONE, doses, TIMES)

    assert_same(plain, compiled)
