"""docs/TRUST.md shows a full run in which everything passed, or stays as it was."""

import json
from pathlib import Path

import pytest

from tools import trust
from tools.steps import Outcome

PASSED = Outcome("tests on SQLite", passed=812, seconds=61.4)


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write to a scratch page that already says something."""
    page = tmp_path / "docs" / "TRUST.md"
    page.parent.mkdir()
    page.write_text("the run before")
    monkeypatch.setattr(trust, "ROOT", tmp_path)
    monkeypatch.setattr(trust, "TRUST", page)
    monkeypatch.setattr(trust, "_git", lambda *arguments: "0123456789ab" if arguments[0] == "rev-parse" else "")
    return page


def test_full_run_is_shown_with_its_commit_and_figures(page: Path, tmp_path: Path) -> None:
    figure = json.dumps({"promise": "requests, route by role by object", "figure": "5712"})
    (tmp_path / "figures.jsonl").write_text(f"{figure}\n{figure}\n")

    trust.write_trust([PASSED], tmp_path)

    text = page.read_text()
    assert "- Commit: 0123456789ab\n" in text
    assert "| tests on SQLite | 812 | 0 | 0 | 61 s |" in text
    assert text.count("| requests, route by role by object | 5712 |") == 1


@pytest.mark.parametrize("other", [Outcome("types", failed=1), Outcome("journeys", missing="no Chromium was found.")])
def test_run_that_failed_or_missed_something_is_not_shown(page: Path, tmp_path: Path, other: Outcome) -> None:
    trust.write_trust([PASSED, other], tmp_path)

    assert page.read_text() == "the run before"
