"""Other ways to the same concentrations, and the least that writing them costs. Each returns ``(outputs, S, T)``."""

import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.pharmacology.problems import TIMES_H, Problem, laid_out

Array = NDArray[np.float64]
TOLERANCES = {"rtol": 1e-8, "atol": 1e-10}
R_PROGRAM = Path(__file__).with_name("desolve.R")


def scipy_lsoda(problem: Problem, people: int) -> Array:
    """SciPy's `solve_ivp` with LSODA, one person after the other, from the start and from the end of the infusion."""
    from scipy.integrate import solve_ivp

    flows, infusion, scales = laid_out(problem, people)
    end = float(infusion.duration_h)
    during = end >= TIMES_H
    found = np.empty((len(scales), people, len(TIMES_H)))
    for person, rates in enumerate(flows.rates_per_h):
        inflow = np.zeros(len(rates))
        inflow[flows.shape.position["central"]] = infusion.amount_mg / end
        first = solve_ivp(
            lambda _t, x, k=rates, u=inflow: k @ x + u,
            (0.0, end), np.zeros(len(rates)), method="LSODA", t_eval=[*TIMES_H[during & (end > TIMES_H)], end], **TOLERANCES,
        )  # fmt: skip
        then = solve_ivp(
            lambda _t, x, k=rates: k @ x,
            (end, TIMES_H[-1]), first.y[:, -1], method="LSODA", t_eval=TIMES_H[~during], **TOLERANCES,
        )  # fmt: skip
        amounts = np.concatenate([first.y[:, : int(during.sum())], then.y], axis=1)
        for row, reading in enumerate(flows.readings):
            found[row, person] = scales[row, person] * amounts[reading.index]
    return found


def numpy_eigenvectors(problem: Problem, people: int) -> Array:
    """All people's eigenvectors in one call, then an exponential at each time."""
    flows, infusion, scales = laid_out(problem, people)
    values, vectors = np.linalg.eig(flows.rates_per_h)
    inflow = np.zeros((people, vectors.shape[1]))
    inflow[:, flows.shape.position["central"]] = infusion.amount_mg / infusion.duration_h
    weights = np.linalg.solve(vectors, inflow[:, :, None])[:, :, 0] / values
    begun = np.expm1(values[:, :, None] * TIMES_H)
    ended = np.expm1(values[:, :, None] * np.maximum(TIMES_H - infusion.duration_h, 0.0))
    amounts = vectors.real @ (weights[:, :, None] * (begun - ended)).real
    return np.stack([scales[row][:, None] * amounts[:, one.index] for row, one in enumerate(flows.readings)])


def r_desolve(problem: Problem, people: int) -> tuple[Array, float, float] | None:
    """R's deSolve with LSODA, its seconds and processor seconds without start-up; None when R or the package is missing."""
    if shutil.which("Rscript") is None:
        return None
    flows, infusion, scales = laid_out(problem, people)
    with tempfile.TemporaryDirectory() as folder:
        np.savetxt(f"{folder}/rates.csv", flows.rates_per_h.reshape(people, -1), delimiter=",")
        np.savetxt(f"{folder}/times.csv", TIMES_H, delimiter=",")
        amount, end, state = float(infusion.amount_mg), float(infusion.duration_h), flows.shape.position["central"] + 1
        told = subprocess.run(
            ["Rscript", str(R_PROGRAM), folder, str(amount), repr(end), str(state)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if told.returncode:
            return None
        seconds, cpu_seconds = map(float, told.stdout.split()[-2:])
        amounts = np.loadtxt(f"{folder}/amounts.csv", delimiter=",").reshape(people, len(TIMES_H), -1)
    rows = [scales[row][:, None] * amounts[:, :, one.index] for row, one in enumerate(flows.readings)]
    return np.stack(rows), seconds, cpu_seconds


def write(buffer: NDArray[Any], workers: int) -> None:
    """Write one row of numbers into all of a buffer: nothing that fills it can be faster."""
    row = np.arange(buffer.shape[2], dtype=buffer.dtype)

    def fill(part: NDArray[Any]) -> None:
        for first in range(0, part.shape[1], 256):
            part[:, first : first + 256] = row

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(fill, np.array_split(buffer, workers, axis=1)))
