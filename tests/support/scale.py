"""Two sizes of the same tests: `make test` repeats a property a few times, `make prove` as often as was promised."""

import os

FULL = os.environ.get("SCALE", "1") == "full"


def count(*, reduced: int, full: int) -> int:
    """Return how often to repeat something in this run."""
    return full if FULL else reduced


STORIES = count(reduced=6, full=300)
"""How often a property is repeated whose every example walks through the database."""
