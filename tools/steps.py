"""Steps of a check or test run: each a command with its own output file, run in lanes side by side."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
OUTPUT = ROOT / "build" / "test-output"
KILLED_AFTER_SECONDS = 1.5
# A run starts Python two hundred times: what one process compiled, the others read, also where a shell forbids to keep it.
COMPILED_ONCE = {"PYTHONDONTWRITEBYTECODE": ""}


@dataclass(frozen=True)
class Step:
    """One command. With `counts`, pytest writes its totals to that file."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    counts: Path | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of a step. A check counts as one."""

    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    missing: str = ""

    def line(self) -> str:
        """Return one line of the summary."""
        if self.missing:
            return f"  {self.name:<34} MISSING: {self.missing}"
        verdict = "FAILED" if self.failed else "ok"
        return f"  {self.name:<34} {verdict:<7}{self.passed:>6}{self.failed:>8}{self.skipped:>9}{self.seconds:>9.1f} s"


Lane = Callable[["Runner"], None]


class Runner:
    """Runs steps, keeps their outcomes, ends every process it started when it is told to end."""

    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []
        self.stopping = threading.Event()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()

    def run(self, step: Step) -> None:
        """Run one step to its end and print its line; print what it said when it failed."""
        OUTPUT.mkdir(parents=True, exist_ok=True)
        said = OUTPUT / f"{step.name.replace(' ', '-').replace(',', '')}.txt"
        began = time.monotonic()
        with said.open("wb") as output, self._started(step, output.fileno()) as process:
            status = process.wait() if process else 1
        if self.stopping.is_set():
            return
        passed, failed, skipped = read_counts(step.counts, status)
        self._keep(Outcome(step.name, passed, failed, skipped, time.monotonic() - began), said if failed else None)

    def miss(self, name: str, what: str) -> None:
        """Note that a step cannot run here. Where every step must run (CI=true), that is a failure."""
        strict = os.environ.get("CI") == "true"
        self._keep(Outcome(name, failed=int(strict), missing=what), None)

    def fail(self, name: str, why: str) -> None:
        """Note that a step could not even begin."""
        print(why, file=sys.stderr)
        self._keep(Outcome(name, failed=1), None)

    def lanes(self, lanes: Sequence[Lane]) -> None:
        """Run lanes side by side, each from first to last step."""
        with ended_by_signals(self.stop), ThreadPoolExecutor(max_workers=len(lanes)) as pool:
            for running in [pool.submit(lane, self) for lane in lanes]:
                running.result()

    def stop(self) -> None:
        """End every running step: politely, then not."""
        self.stopping.set()
        with self._lock:
            running = list(self._running)
        for process in running:
            signal_group(process, signal.SIGINT)
        deadline = time.monotonic() + KILLED_AFTER_SECONDS
        while any(process.poll() is None for process in running) and time.monotonic() < deadline:
            time.sleep(0.05)
        for process in running:
            signal_group(process, signal.SIGKILL)

    @contextmanager
    def _started(self, step: Step, output: int) -> Iterator[subprocess.Popen[bytes] | None]:
        with self._lock:
            process = None if self.stopping.is_set() else _start(step, output)
            self._running |= {process} if process else set()
        try:
            yield process
        finally:
            with self._lock:
                self._running -= {process} if process else set()

    def _keep(self, outcome: Outcome, said: Path | None) -> None:
        with self._lock:
            self.outcomes.append(outcome)
            print(outcome.line(), flush=True)
            if said:
                print(said.read_text(errors="replace").rstrip(), flush=True)


def _start(step: Step, output: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        step.command,
        cwd=ROOT,
        env=os.environ | COMPILED_ONCE | dict(step.environment),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        process_group=0,  # no session: Linux gives each an equal share of the processors, whatever its niceness
    )


def signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Send a signal to a step and everything it started."""
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return


@contextmanager
def ended_by_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Turn Ctrl-C and SIGTERM into one orderly end."""

    def end(number: int, frame: FrameType | None) -> None:
        stop()
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def read_counts(path: Path | None, status: int) -> tuple[int, int, int]:
    """Return passed, failed and skipped. A run that broke off before it could count is one failure."""
    if path is None:
        return int(status == 0), int(status != 0), 0
    try:
        suites = list(ElementTree.parse(path).iter("testsuite"))
    except (FileNotFoundError, ElementTree.ParseError):
        return 0, 1, 0
    totals = {
        name: sum(int(suite.get(name, "0")) for suite in suites) for name in ("tests", "failures", "errors", "skipped")
    }
    failed = totals["failures"] + totals["errors"]
    passed = totals["tests"] - failed - totals["skipped"]
    return passed, max(failed, int(status != 0)), totals["skipped"]


def summary(outcomes: Sequence[Outcome]) -> str:
    """Return the table of a run; its last line is the totals alone."""
    head = f"  {'':<34} {'':<7}{'passed':>6}{'failed':>8}{'skipped':>9}{'time':>11}"
    loud = [f"!!! NOT RUN: {outcome.name}. {outcome.missing}" for outcome in outcomes if outcome.missing]
    totals = [sum(getattr(outcome, name) for outcome in outcomes) for name in ("passed", "failed", "skipped")]
    closing = "{} passed, {} failed, {} skipped".format(*totals)
    return "\n".join(["", head, *(outcome.line() for outcome in outcomes), "", *loud, closing])
