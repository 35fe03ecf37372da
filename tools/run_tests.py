"""`make test` and `make prove`: the checks, then the same tests on SQLite, on PostgreSQL and in Chromium.

Four lanes for two cores: a browser and a server that is killed make the processor wait, and what only computes lets
them go first. `--full` repeats every property as often as it was promised, takes pages and journeys to PostgreSQL too,
and writes docs/TRUST.md.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.support.installed import chromium, postgresql
from tests.support.migrated_postgresql import migrated_cluster
from tests.support.postgresql import ClusterFailed
from tools.run_checks import run_checks
from tools.steps import OUTPUT, Runner, Step, summary
from tools.trust import write_trust

JOURNEY = "tests/journey"
NO_CHROMIUM = "no Chromium was found (Debian, Ubuntu: apt-get install chromium)."
NO_POSTGRESQL = "no PostgreSQL server was found (Debian, Ubuntu: apt-get install postgresql)."


class Suite:
    """The steps of one run, of one size, with a scratch folder."""

    def __init__(self, *, full: bool, measure: bool, scratch: Path) -> None:
        self.full, self.measure = full, measure
        self.scratch = scratch
        self.kept_cluster = scratch / "migrated-postgresql"

    def step(
        self,
        name: str,
        marked: str,
        database_url: str = "",
        *,
        where: tuple[str, ...] = (),
        measured: bool = True,
        patient: bool = False,
    ) -> Step:
        """Return one pytest run over the tests that a marker expression selects; a patient one lets others go first.

        `where` says among which files, in pytest's own words; without it among all.

        `--measure` counts the lines that they reach, but not under a browser: there coverage has to follow Playwright's
        greenlets, and was seen to spin for ever while one of them was collected.
        """
        counts = self.scratch / f"{name.replace(' ', '-').replace(',', '')}.xml"
        coverage = ("-m", "coverage", "run") if self.measure and measured else ()
        command = (
            *(("nice", "-n", "10") if patient else ()),
            sys.executable,
            *coverage,
            "-m",
            "pytest",
            "-q",
            "-m",
            marked,
            f"--junitxml={counts}",
            "--durations=15",
            *where,
        )
        environment = {
            "SCALE": "full" if self.full else "1",
            "DATABASE_URL": database_url,
            "MIGRATED": str(self.scratch / "migrated.sqlite3"),
            "MIGRATED_POSTGRESQL": str(self.kept_cluster),
            "TRUST_FIGURES": str(self.scratch / "figures.jsonl"),
            "COVERAGE_FILE": str(self.scratch / f"coverage.{counts.stem}"),
            "TMPDIR": str(self.scratch),  # what a killed step leaves behind goes with the rest
        }
        cache = self.scratch / f"cache-{counts.stem}"
        return Step(name, (*command, "-o", f"cache_dir={cache}"), environment, counts)

    def on_sqlite(self, runner: Runner) -> None:
        """Run units, services and database tests on SQLite, but for those of the parent's journey."""
        where = (f"--ignore={JOURNEY}", "tests")
        runner.run(self.step("tests on SQLite", self._plain(), where=where, patient=True))

    def on_installations(self, runner: Runner) -> None:
        """Run what starts, kills and restores whole installations, then the journey on SQLite: this lane is done first."""
        runner.run(self.step("installations", "installed and not demo and not browser"))
        runner.run(self.step("journey on SQLite", self._plain(), where=(JOURNEY,), patient=True))

    def _plain(self) -> str:
        return "not browser and not demo and not installed" + (" and not exact" if self.full else "")

    def on_postgresql(self, runner: Runner) -> None:
        """Run services and database tests on a cluster that lives as long as they do."""
        name = "database tests on PostgreSQL"
        folder = postgresql()
        if folder is None:
            runner.miss(name, NO_POSTGRESQL)
            return
        try:
            with migrated_cluster(folder, self.kept_cluster) as made:
                pages = "" if self.full else " and not page"
                marked = f"database and not browser{pages}"
                runner.run(self.step(name, marked, made.url, measured=False, patient=True))
                if self.full and chromium():
                    runner.run(self.step("journeys on PostgreSQL", "browser", made.url, measured=False))
        except ClusterFailed as failed:
            runner.fail(name, f"PostgreSQL did not start:\n{failed}")

    def in_chromium(self, runner: Runner) -> None:
        """Run journeys and accessibility in a real browser, and all that needs the demo clinic."""
        name, found = "journeys in Chromium", chromium() is not None
        if not found:
            runner.miss(name, NO_CHROMIUM)
        if self.full or not found:
            runner.run(self.step("demo clinic", "demo and not browser"))
        if found and self.full:
            runner.run(self.step(name, "browser", measured=False))
        elif found:
            runner.run(self.step(f"{name}, demo clinic", "browser or demo", measured=False))
        if self.full:
            runner.run(self.step("accuracy against fifty digits", "exact", measured=False))

    def checks_and_postgresql(self, runner: Runner) -> None:
        """Run the checks, then PostgreSQL."""
        run_checks(runner)
        self.on_postgresql(runner)


def report_reach(scratch: Path) -> None:
    """Print which statements and branches of src no test outside the browser reaches."""
    environment = os.environ | {"COVERAGE_FILE": str(scratch / "coverage")}
    for verb in (["combine", "--quiet"], ["report", "--skip-covered"]):
        subprocess.run([sys.executable, "-m", "coverage", *verb], env=environment, check=True)


def main() -> None:
    """Run everything and end with the totals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="the counts that were promised; writes docs/TRUST.md")
    parser.add_argument("--measure", action="store_true", help="count the lines that tests outside the browser reach")
    options = parser.parse_args()
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    runner = Runner()
    with tempfile.TemporaryDirectory(prefix="firstlight-run-") as scratch:
        suite = Suite(full=options.full, measure=options.measure, scratch=Path(scratch))
        runner.lanes([suite.on_sqlite, suite.on_installations, suite.in_chromium, suite.checks_and_postgresql])
        if options.full:
            write_trust(runner.outcomes, Path(scratch))
        if options.measure:
            report_reach(Path(scratch))
    closing = summary(runner.outcomes)
    OUTPUT.mkdir(parents=True, exist_ok=True)
    (OUTPUT / "summary.txt").write_text(f"{closing}\n")
    print(closing, flush=True)
    raise SystemExit(any(outcome.failed for outcome in runner.outcomes))


if __name__ == "__main__":
    main()
