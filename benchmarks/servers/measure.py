"""Compares WSGI servers on this machine: requests/s and latency of one page, memory, and how long they take to end.

`python benchmarks/servers/measure.py` with gunicorn and granian installed in the environment that runs it.
"""

import http.client
import multiprocessing
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

PORT = 8499
SECONDS = 8
CLIENTS = 8
BIN = Path(sys.executable).parent
HERE = Path(__file__).parent
SERVERS: dict[str, Sequence[str]] = {
    "gunicorn gthread 2×4": [
        f"{BIN}/gunicorn", "page:application", "--bind", f"127.0.0.1:{PORT}", "--worker-class", "gthread",
        "--workers", "2", "--threads", "4", "--graceful-timeout", "1", "--no-control-socket",
    ],
    "gunicorn gthread 1×8": [
        f"{BIN}/gunicorn", "page:application", "--bind", f"127.0.0.1:{PORT}", "--worker-class", "gthread",
        "--workers", "1", "--threads", "8", "--graceful-timeout", "1", "--no-control-socket",
    ],
    "granian wsgi 2×4": [
        f"{BIN}/granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(PORT), "--workers", "2",
        "--blocking-threads", "4", "--workers-kill-timeout", "1", "--no-ws", "--log-level", "error", "page:application",
    ],
    "granian wsgi 1×8": [
        f"{BIN}/granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(PORT), "--workers", "1",
        "--blocking-threads", "8", "--workers-kill-timeout", "1", "--no-ws", "--log-level", "error", "page:application",
    ],
}  # fmt: skip


def client(seconds: float, results: "multiprocessing.Queue[list[float]]") -> None:
    """Ask for the page again and again over one connection; put the latencies (seconds) into the queue."""
    asked = http.client.HTTPConnection("127.0.0.1", PORT)
    latencies = []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        began = time.perf_counter()
        try:
            asked.request("GET", "/")
            asked.getresponse().read()
        except (OSError, http.client.HTTPException):
            asked.close()  # the server closed a kept-alive connection: ask again on a new one
            continue
        latencies.append(time.perf_counter() - began)
    results.put(latencies)


def load(seconds: float) -> list[float]:
    """Return the latencies of all clients."""
    results: multiprocessing.Queue[list[float]] = multiprocessing.Queue()
    clients = [multiprocessing.Process(target=client, args=(seconds, results)) for _ in range(CLIENTS)]
    for one in clients:
        one.start()
    latencies = [latency for _ in clients for latency in results.get()]
    for one in clients:
        one.join()
    return latencies


def memory_mb(group: int) -> float:
    """Return the proportional memory of a process group, as Linux counts it."""
    kilobytes = 0
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(status.read_text().rsplit(") ", 1)[1].split()[2]) == group:
                rollup = (status.parent / "smaps_rollup").read_text()
                kilobytes += int(rollup.split("Pss:")[1].split()[0])
        except OSError:
            continue
    return kilobytes / 1024


def wait_for_answer() -> None:
    """Wait until the server answers."""
    asked = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
    while True:
        try:
            asked.request("GET", "/")
            asked.getresponse().read()
        except (OSError, http.client.HTTPException):
            asked.close()
            time.sleep(0.05)
        else:
            asked.close()
            return


def seconds_to_end(server: subprocess.Popen[bytes]) -> float:
    """Send SIGTERM with a request hanging; return how long every process of the group took to end (at most 20)."""
    hanging = http.client.HTTPConnection("127.0.0.1", PORT)
    hanging.request("GET", "/hang/")
    time.sleep(0.5)
    began = time.perf_counter()
    server.send_signal(signal.SIGTERM)
    while time.perf_counter() - began < 20:
        server.poll()
        try:
            os.killpg(server.pid, 0)
        except ProcessLookupError:
            break
        time.sleep(0.02)
    ended = time.perf_counter() - began
    hanging.close()
    if ended >= 20:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
    return ended


def measure(name: str, command: Sequence[str]) -> None:
    """Print one row."""
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen(
            command, cwd=HERE, start_new_session=True, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            env={**os.environ, "BENCHMARK_FOLDER": folder},
        )  # fmt: skip
        wait_for_answer()
        load(1)
        latencies = sorted(load(SECONDS))
        used = memory_mb(server.pid)
        ended = seconds_to_end(server)
    p95, p99 = (latencies[int(len(latencies) * share)] * 1000 for share in (0.95, 0.99))
    median = statistics.median(latencies) * 1000
    print(
        f"{name:<22}{len(latencies) / SECONDS:>8.0f}/s  p50 {median:5.1f} ms  p95 {p95:5.1f} ms  p99 {p99:5.1f} ms  "
        f"{used:5.0f} MB  ended in {ended:.2f} s",
        flush=True,
    )


if __name__ == "__main__":
    print(f"{CLIENTS} clients, {SECONDS} s, {os.cpu_count()} cores")
    for name, command in SERVERS.items():
        measure(name, command)
