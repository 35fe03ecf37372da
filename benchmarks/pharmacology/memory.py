"""Quantiles of many people in a process of its own: prints people a second, people a second of
processor time, and the most memory it held in MB."""

import sys
import time
from pathlib import Path

from benchmarks.pharmacology.problems import TIMES_H, infusion
from firstlight.clinical.pharmacology.asking import ask
from firstlight.clinical.pharmacology.population import question


def main() -> None:
    """Count the people whose number is given, by so many threads, with or without the kernel."""
    people, workers, kernel = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "kernel"
    asked = question(TIMES_H, kernel=kernel)
    ask(infusion(), asked, people=1)
    began, began_cpu = time.perf_counter(), time.process_time()
    answer = ask(infusion(), asked, people=people, workers=workers)
    seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - began_cpu
    assert answer.subjects == people
    print(people / seconds, people / cpu_seconds, most_memory_mb())


def most_memory_mb() -> float:
    """Linux's high-water mark of this program (getrusage would remember that of the program that started it)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    main()
