"""Figures for docs/TRUST.md: a test that counts something says what and how much."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

Figure = Callable[[str, object], None]


@pytest.fixture(scope="session")
def figure() -> Figure:
    """Give a function `figure(promise, counted)`, such as `figure("route × role × object requests", 5_712)`."""
    path = os.environ.get("TRUST_FIGURES")

    def note(promise: str, counted: object) -> None:
        if path:
            with Path(path).open("a") as handle:
                handle.write(json.dumps({"promise": promise, "figure": str(counted)}) + "\n")

    return note
