"""The runner of `make test`: what it counts, what it says, and that it ends what it started."""

import sys
import threading
import time
from pathlib import Path

import pytest

from tools import steps
from tools.steps import Outcome, Runner, Step, read_counts, summary

PASSES = (sys.executable, "-c", "")
FAILS = (sys.executable, "-c", "print('what went wrong'); raise SystemExit(3)")


@pytest.fixture(autouse=True)
def output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the real run's output out of this one's way."""
    monkeypatch.setattr(steps, "OUTPUT", tmp_path / "output")
    return tmp_path / "output"


def test_check_counts_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    runner = Runner()

    runner.lanes([lambda lane: lane.run(Step("lint", PASSES)), lambda lane: lane.run(Step("types", FAILS))])

    assert {(one.name, one.passed, one.failed) for one in runner.outcomes} == {("lint", 1, 0), ("types", 0, 1)}
    assert "what went wrong" in capsys.readouterr().out


def test_what_a_step_compiles_is_kept_where_the_shell_forbids_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    runner = Runner()

    runner.run(Step("keeps", (sys.executable, "-c", "import sys; raise SystemExit(sys.dont_write_bytecode)")))

    assert runner.outcomes == [Outcome("keeps", passed=1, seconds=runner.outcomes[0].seconds)]


def test_last_line_is_the_totals_alone() -> None:
    outcomes = [Outcome("tests", passed=310, skipped=2), Outcome("types", failed=1), Outcome("lint", passed=1)]

    assert summary(outcomes).splitlines()[-1] == "311 passed, 1 failed, 2 skipped"


@pytest.mark.parametrize(("ci", "failed"), [("true", 1), ("", 0)])
def test_missing_browser_is_loud_and_fails_on_ci(ci: str, failed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", ci)
    runner = Runner()

    runner.miss("journeys in Chromium", "no Chromium was found.")

    assert runner.outcomes[0].failed == failed
    assert "!!! NOT RUN: journeys in Chromium. no Chromium was found." in summary(runner.outcomes)


def test_counts_of_a_run_are_read(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text('<testsuites><testsuite tests="9" failures="1" errors="2" skipped="3"/></testsuites>')

    assert read_counts(report, status=1) == (3, 3, 3)


@pytest.mark.parametrize("report", [None, "", "<testsuites><testsuite tests='2'/>"])
def test_run_that_broke_off_is_a_failure(tmp_path: Path, report: str | None) -> None:
    path = tmp_path / "report.xml"
    if report is not None:
        path.write_text(report)

    assert read_counts(path, status=2) == (0, 1, 0)


def test_run_in_which_nothing_was_counted_is_a_failure(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text('<testsuites><testsuite tests="0" failures="0" errors="0" skipped="0"/></testsuites>')

    assert read_counts(report, status=5) == (0, 1, 0)


def test_stop_ends_a_step_and_what_it_started(tmp_path: Path) -> None:
    note = tmp_path / "grandchild"
    program = (
        "import signal, subprocess, sys; signal.signal(signal.SIGINT, signal.SIG_IGN);"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        f"open({str(note)!r}, 'w').write(str(child.pid)); child.wait()"
    )
    runner = Runner()
    lane = threading.Thread(target=runner.run, args=[Step("stubborn", (sys.executable, "-c", program))])
    lane.start()
    try:
        while not (note.exists() and note.read_text()):
            lane.join(timeout=0.02)
            assert lane.is_alive()
    finally:
        runner.stop()
    lane.join(timeout=20)

    assert not lane.is_alive()
    deadline = time.monotonic() + 20  # a killed process may take a moment to be gone
    while _runs(int(note.read_text())) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _runs(int(note.read_text()))


def test_nothing_starts_after_a_stop(tmp_path: Path) -> None:
    runner = Runner()
    runner.stop()

    runner.run(Step("late", (sys.executable, "-c", f"open({str(tmp_path / 'trace')!r}, 'w')")))

    assert not (tmp_path / "trace").exists()
    assert runner.outcomes == []


def _runs(pid: int) -> bool:
    # Nobody waits for an orphan here, so it may remain as a zombie: dead, not yet counted.
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"
