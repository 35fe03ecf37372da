"""The pharmacology engine beside other ways to the same numbers, in one run: `python -m benchmarks.pharmacology`.

SciPy must be there (`pip install scipy`); R with deSolve, and Dask, are measured where they are installed.
"""

import argparse
import importlib.util
import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

from benchmarks.pharmacology import comparators
from benchmarks.pharmacology.problems import TIMES_H, Problem, film, infusion
from firstlight.clinical.pharmacology.asking import ask
from firstlight.clinical.pharmacology.cluster import SUBJECTS_A_TASK
from firstlight.clinical.pharmacology.population import question
from firstlight.clinical.pharmacology.solving import concentrations

WORKERS = 2
REPEATS = 5
TRIMS = "MALLOC_TRIM_THRESHOLD_"  # set by Dask for its workers: each array is then new memory from the system
WITH_KERNEL = importlib.util.find_spec("numba") is not None
KERNELS = (False, True) if WITH_KERNEL else (False,)


@dataclass(frozen=True)
class Row:
    """One way: people a second on the clock, people a second of processor time, and its distance from the engine."""

    way: str
    people_per_s: float
    people_per_cpu_s: float | None = None
    error: float | None = None

    @classmethod
    def of(cls, way: str, people: int, seconds: tuple[float, float], error: float | None = None) -> Self:
        """From seconds on the clock and of processor time."""
        return cls(way, people / seconds[0], people / seconds[1], error)


def main() -> None:
    """Measure, and print the tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=16_384, help="how many at once (16384)")
    options.add_argument("--counted", type=int, default=1_000_000, help="how many for quantiles (1000000)")
    asked = options.parse_args()
    print(
        f"Load before: {os.getloadavg()[0]:.2f} on {os.cpu_count()} processors; above 0.5 the figures are no evidence.\n"
    )
    print_table("Reference problem: Otto 2021, 5 states and effect site, 3 outputs, 481 times", reference(asked.people))
    print_table("Film: Simons 2022, absorption ends at another time for each person, 481 times", films(asked.people))
    print_table("Quantiles at 481 times, nothing kept", quantiles(asked.counted))
    one_person()
    an_answer()
    first_call()


def reference(people: int) -> list[Row]:
    """The engine and the others; errors are the largest against the engine, in parts of each profile's peak."""
    problem = infusion()
    few = problem(0, 200)
    exact = np.zeros((3, 200, len(TIMES_H)))
    concentrations(*few, TIMES_H, out=exact)
    rows = [of_scipy(problem, exact, 40), *of_r(problem, exact, 40), of_eigenvectors(problem, exact)]
    for dtype in (np.float64, np.float32):
        rows += of_engine(problem, people, dtype)
        if WITH_KERNEL:
            rows += of_engine(problem, people, dtype, kernel=True)
        buffer = np.zeros((3, people, len(TIMES_H)), dtype=dtype)
        seconds = best(partial(comparators.write, buffer, WORKERS))
        rows.append(Row.of(f"bound: writing {np.dtype(dtype).name} into a warm buffer", people, seconds))
    return rows


def of_scipy(problem: Problem, exact: NDArray[np.float64], people: int) -> Row:
    found = comparators.scipy_lsoda(problem, people)
    seconds = best(lambda: comparators.scipy_lsoda(problem, people), repeats=2)
    return Row.of("SciPy solve_ivp LSODA", people, seconds, distance(found, exact))


def of_r(problem: Problem, exact: NDArray[np.float64], people: int) -> list[Row]:
    done = comparators.r_desolve(problem, people)
    if done is None:
        print("SKIPPED: R deSolve (apt-get install r-base-core r-cran-desolve)", file=sys.stderr)
        return []
    found, *seconds = done
    return [Row("R deSolve lsoda", people / seconds[0], people / seconds[1], distance(found, exact))]


def of_eigenvectors(problem: Problem, exact: NDArray[np.float64]) -> Row:
    found = comparators.numpy_eigenvectors(problem, exact.shape[1])
    seconds = best(lambda: comparators.numpy_eigenvectors(problem, 2_000), repeats=3)
    return Row.of("NumPy batched eigenvectors", 2_000, seconds, distance(found, exact))


def of_engine(problem: Problem, people: int, dtype: DTypeLike, *, kernel: bool = False) -> list[Row]:
    """Concentrations of people that are already drawn."""
    system, inputs = problem(0, people)
    name = f"{np.dtype(dtype).name}{', kernel' if kernel else ''}"
    buffer = np.zeros((len(system.outputs), people, len(TIMES_H)), dtype=dtype)
    ways: dict[str, Callable[[], Any]] = {
        "warm buffer": lambda: concentrations(system, inputs, TIMES_H, out=buffer, workers=WORKERS, kernel=kernel),
        "new memory": lambda: concentrations(system, inputs, TIMES_H, dtype=dtype, workers=WORKERS, kernel=kernel),
    }
    return [Row.of(f"Firstlight {name}, {way}, {WORKERS} threads", people, best(run)) for way, run in ways.items()]


def films(people: int) -> list[Row]:
    """Ketamine and norketamine; and with HNK, whose short chain asks for finer steps."""
    rows = []
    for analytes in (("ketamine", "norketamine"), ("ketamine", "norketamine", "hnk")):
        problem = film(analytes)
        for dtype, kernel in product((np.float64, np.float32), KERNELS):
            row = of_engine(problem, people // 4, dtype, kernel=kernel)[0]
            rows.append(Row(f"{row.way}: {', '.join(analytes)}", row.people_per_s, row.people_per_cpu_s))
    return rows


def quantiles(people: int) -> list[Row]:
    """Drawing, solving and counting together: threads, and where Dask is installed its workers."""
    rows = []
    for kernel, workers in product(KERNELS, (1, WORKERS)):
        way = "kernel" if kernel else "NumPy"
        said = subprocess.run(
            [sys.executable, "-m", "benchmarks.pharmacology.memory", str(people), str(workers), way],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        rate, cpu_rate, memory_mb = map(float, said.stdout.split())
        rows.append(Row(f"{way}, {workers} threads, {people:,} people, {memory_mb:.0f} MB", rate, cpu_rate))
    return rows + of_dask(people)


def of_dask(people: int) -> list[Row]:
    if importlib.util.find_spec("distributed") is None:
        print("SKIPPED: Dask (pip install distributed)", file=sys.stderr)
        return []
    import dask
    from distributed import Client, LocalCluster

    rows = []
    usual = dask.config.get("distributed.nanny.pre-spawn-environ")
    keeping = {name: value for name, value in usual.items() if name != TRIMS}
    # Without the kernel, which a worker may not have. What Dask sets once stays in this process, and so for all workers after it.
    for environment, workers in product((keeping, usual), (1, WORKERS)):
        settings = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": None, "host": "127.0.0.1"}
        with dask.config.set({"distributed.nanny.pre-spawn-environ": environment}):
            cluster = LocalCluster(**settings)  # type: ignore[no-untyped-call]  # distributed leaves it bare
        with cluster, Client(cluster) as client:  # type: ignore[no-untyped-call]  # likewise
            ask(infusion(), question(TIMES_H), people=2_048 * workers, on=client, chunk=2_048)
            began = time.perf_counter()
            ask(infusion(), question(TIMES_H), people=people, on=client)
            way = f"Dask, {workers} workers, {people:,} people{'' if environment is usual else f', without {TRIMS}'}"
            rows.append(Row(way, people / (time.perf_counter() - began)))
    return rows


def an_answer() -> None:
    """What travels from a worker to its caller for each portion."""
    answer = ask(infusion(), question(TIMES_H), people=SUBJECTS_A_TASK)
    packed = pickle.dumps(answer, protocol=5)
    packing, _cpu = best(lambda: pickle.dumps(answer, protocol=5))
    unpacking, _cpu = best(lambda: pickle.loads(packed))
    merging, _cpu = best(lambda: answer.merge(pickle.loads(packed)))
    print(
        f"The answer of {SUBJECTS_A_TASK:,} people: {len(packed) / 1e6:.1f} MB, packed in {packing * 1e3:.0f} ms, "
        f"unpacked in {unpacking * 1e3:.0f} ms, unpacked and added in {merging * 1e3:.0f} ms."
    )


def one_person() -> None:
    """A prescriber's case: one person, checked and solved at 481 times."""
    system, inputs = infusion().typical()
    for kernel in KERNELS:
        wall, cpu = best(partial(concentrations, system, inputs, TIMES_H, kernel=kernel), repeats=1_000)
        print(
            f"One person, checks included, 3 outputs at 481 times{', kernel' if kernel else ''}: "
            f"{wall * 1e3:.3f} ms ({cpu * 1e3:.3f} ms of processor time)."
        )
    wall, _cpu = best(lambda: ask(infusion(), question(TIMES_H), people=1_000, workers=WORKERS), repeats=3)
    print(f"Quantiles of 1,000 people, drawn and counted: {wall * 1e3:.0f} ms.")


def first_call() -> None:
    """What the kernel costs a process that has never used it, and one that finds it compiled."""
    if not WITH_KERNEL:
        return
    with tempfile.TemporaryDirectory() as compiled:
        for known in ("compiled anew", "found compiled"):
            began = time.perf_counter()
            subprocess.run(
                [sys.executable, "-m", "benchmarks.pharmacology.memory", "1", "1", "kernel"],
                env=os.environ | {"NUMBA_CACHE_DIR": compiled}, stdout=subprocess.DEVNULL, check=True,
            )  # fmt: skip
            print(f"A process that counts one person, kernel {known}: {time.perf_counter() - began:.1f} s.")


def best(run: Callable[[], Any], repeats: int = REPEATS) -> tuple[float, float]:
    """The shortest of some runs after one for warmth: seconds on the wall clock and of processor time."""
    run()
    walls, cpus = [], []
    for _ in range(repeats):
        wall, cpu = time.perf_counter(), time.process_time()
        run()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return min(walls), min(cpus)


def distance(found: NDArray[np.float64], exact: NDArray[np.float64]) -> float:
    """The largest difference, in parts of its profile's peak."""
    exact = exact[:, : found.shape[1]]
    return float((np.abs(found - exact) / exact.max(axis=2, keepdims=True)).max())


def print_table(title: str, rows: list[Row]) -> None:
    """As Markdown, with each row's ratio of processor time to the first."""
    print(f"### {title}\n")
    print("| way | people/s on the clock | people/s of processor time | × first row | differs from the engine by |")
    print("|---|---|---|---|---|")
    first = rows[0].people_per_cpu_s
    for row in rows:
        cpu = row.people_per_cpu_s
        ratio = f"{cpu / first:,.3g}" if cpu and first else ""
        error = f"{row.error:.0e} of the peak" if row.error is not None else ""
        print(f"| {row.way} | {row.people_per_s:,.0f} | {f'{cpu:,.0f}' if cpu else ''} | {ratio} | {error} |")
    print(flush=True)


if __name__ == "__main__":
    main()
