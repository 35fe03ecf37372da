"""docs/TRUST.md: what a full run counted, on which commit and which machine."""

import json
import os
import platform
import sqlite3
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tools.steps import ROOT, Outcome

TRUST = ROOT / "docs" / "TRUST.md"
HEAD = """# What was checked, and how often

Written by `make prove`, which runs every test at the counts that Firstlight promises. `make test` runs the same tests
at reduced counts. Do not edit: run it again.

"""


def write_trust(outcomes: Sequence[Outcome], scratch: Path) -> None:
    """Write the page when every step ran and passed; leave the old one alone otherwise."""
    if any(outcome.failed or outcome.missing for outcome in outcomes):
        print(f"{TRUST.relative_to(ROOT)} was not written: it only ever shows a full run in which everything passed.")
        return
    TRUST.parent.mkdir(exist_ok=True)
    parts = [_circumstances(), _steps(outcomes), _figures(scratch / "figures.jsonl")]
    TRUST.write_text(HEAD + "\n\n".join(parts) + "\n")


def _circumstances() -> str:
    commit = _git("rev-parse", "--short=12", "HEAD")
    changed = ", with changes that were not committed" if _git("status", "--porcelain", "--", "src", "tests") else ""
    return "\n".join(
        [
            f"- Commit: {commit}{changed}",
            f"- Date: {datetime.now(UTC):%Y-%m-%d}",
            f"- Machine: {os.cpu_count()} cores, {platform.system()} {platform.machine()}",
            f"- Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}",
        ]
    )


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def _steps(outcomes: Sequence[Outcome]) -> str:
    rows = [f"| {one.name} | {one.passed} | {one.failed} | {one.skipped} | {one.seconds:.0f} s |" for one in outcomes]
    return "\n".join(["| step | passed | failed | skipped | time |", "|---|---|---|---|---|", *rows])


def _figures(path: Path) -> str:
    lines = path.read_text().splitlines() if path.exists() else []
    rows = sorted({f"| {one['promise']} | {one['figure']} |" for one in map(json.loads, lines)})
    return "\n".join(["| what | counted |", "|---|---|", *rows])
