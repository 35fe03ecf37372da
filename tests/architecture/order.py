"""The order of the floors and of the rooms on each, read from the import contracts: one list for code and for strings."""

import tomllib
from functools import cache
from typing import Any

from tests.architecture.source import ROOT

FLOORS = ("ground", "journey", "doors")


@cache
def ranks() -> dict[str, tuple[int, int]]:
    """Return where each app stands, by its label; what is higher may know what is lower."""
    contracts = _contracts()
    floors = list(reversed(contracts["floors"]["layers"]))
    return {
        name.strip("() "): (floors.index(floor), place)
        for floor in FLOORS
        for place, layer in enumerate(reversed(contracts[floor]["layers"]))
        for name in layer.split("|")
    }


def may_know(app: str, other: str) -> bool:
    """Tell whether one app may name another: itself, or what stands lower. `conf` and Django itself have no rank."""
    if app == other:
        return True
    return ranks()[app] > ranks()[other]


def _contracts() -> dict[str, Any]:
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    return {contract["id"]: contract for contract in tool["importlinter"]["contracts"]}
