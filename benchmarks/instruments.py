"""`firstlight score` on a long file: rows a second beside a plain program for the same questionnaire, and its memory.

`python -m benchmarks.instruments [--rows 1000000] [--only NAME …]`

The plain program is the second reading of the manuals in `tests/clinical/instruments/oracle.py`: it reads the same file,
knows one questionnaire, checks no value, scores the same and writes the total only. Both run one after the other, file by
file. Rates are by processor time, so that other work on the machine counts little; `wall` is what somebody waits.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from tests.clinical.instruments.oracle import PRINTED, SCORED

NAMES = ("phq-9", "pbq", "qids-sr16", "pcl-5", "city-bits")
CHILD = "--in-a-process-of-its-own"


def main() -> None:
    """Measure every questionnaire that was asked for and print one line for each."""
    if sys.argv[1:2] == [CHILD]:
        score_alone(sys.argv[2], sys.argv[3])
        return
    parser = argparse.ArgumentParser(description="firstlight score on a long file")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--only", nargs="+", choices=sorted(SCORED), default=NAMES)
    asked = parser.parse_args()
    print(f"load before: {os.getloadavg()[0]:.2f}; {asked.rows:,} rows each")
    print(f"{'':12} {'score, rows/s':>14} {'plain, rows/s':>14} {'ratio':>6} {'wall, s':>8} {'peak MB':>8}")
    with tempfile.TemporaryDirectory() as folder:
        for name in asked.only:
            path = Path(folder) / f"{name}.csv"
            write_rows(name, path, asked.rows)
            engine, wall, peak_mb = rate_of_command(name, path, asked.rows)
            plain = rate_of_oracle(name, path, asked.rows)
            print(
                f"{name:12} {engine:14,.0f} {plain:14,.0f} {engine / plain:6.2f} {wall:8.0f} {peak_mb:8.0f}", flush=True
            )
            path.unlink()
    print(f"load after: {os.getloadavg()[0]:.2f}")


def write_rows(name: str, path: Path, rows: int) -> None:
    """Write random answers, the same for the same name."""
    random = Random(name)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([random.choice(options) for options in PRINTED[name]] for _ in range(rows))


def rate_of_command(name: str, path: Path, rows: int) -> tuple[float, float, float]:
    """Rows a second of the whole command, start and JSON included; seconds waited; the most memory it held in MB."""
    output = path.with_suffix(".json")
    began = time.perf_counter()
    with output.open("wb") as file:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.instruments", CHILD, name, str(path)],
            check=True,
            stdout=file,
            stderr=subprocess.PIPE,
        )
    seconds = time.perf_counter() - began
    with output.open(encoding="utf-8") as file:
        written = sum(line.startswith("{") for line in file)
    output.unlink()
    if written != rows:
        raise SystemExit(f"{name}: {written} results of {rows} rows")
    busy, peak_mb = json.loads(done.stderr)
    return rows / busy, seconds, peak_mb


def rate_of_oracle(name: str, path: Path, rows: int) -> float:
    """Rows a second of the plain program."""
    scored, output = SCORED[name], path.with_suffix(".json")
    began = time.process_time()
    with path.open(encoding="utf-8", newline="") as file, output.open("w", encoding="utf-8") as found:
        for row in csv.reader(file):
            found.write(f"{scored([int(field) for field in row]).total}\n")
    busy = time.process_time() - began
    output.unlink()
    return rows / busy


def score_alone(name: str, path: str) -> None:
    """Run the command as from the command line, then print processor seconds and peak memory in MB on standard error."""
    from firstlight.__main__ import main as firstlight

    sys.argv = ["firstlight", "score", name, "--file", path, "--as", "scores", "--json"]
    firstlight()
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    peak_mb = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
    print(json.dumps([time.process_time(), peak_mb]), file=sys.stderr)


if __name__ == "__main__":
    main()
