"""A clock that stands still, and ears for what is announced."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Stand at the stories' present; the clock moves only when told."""
    from tests.cast import NOW

    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Any]]:
    """Hear every announcement of people's services instead of running what follows."""
    heard: dict[str, dict[str, Any]] = {}

    def hear(event: str, **payload: Any) -> None:
        heard[event] = payload

    for name in ("enquiries", "entry", "episodes", "families", "inviting", "staffing"):
        monkeypatch.setattr(f"firstlight.ground.people.services.{name}.announce", hear)
    return heard
