"""Who plays in the demo, read from data/cast.yaml. Everybody is invented."""

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from firstlight.clinical.evidence import data_file


@dataclass(frozen=True, slots=True)
class Role:
    """One parent's part: who she is, and which story is told. `because`: why care rested or ended; `again`: what came of it."""

    key: str
    name: str
    relation: str
    born: date
    story: str
    birth_weeks_ago: int | None = None
    child_weeks_ago: int | None = None
    fed: str = "unknown"
    weight_kg: int = 0
    first_dose_days_ago: int = 0
    phq: tuple[int, ...] = ()
    gad: int = 0
    mood: tuple[int, ...] = ()
    pressure: int = 120
    rise: int = 0
    dissociation: tuple[int, ...] = ()
    misses: tuple[str, ...] = ()
    phone: str = ""
    hope: str = ""
    note: str = ""
    because: str = ""
    again: str = ""
    plan: dict[str, str] = field(default_factory=dict)
    loss: bool = False

    @property
    def email(self) -> str:
        """Return an address that no mail server will ever take."""
        return f"{self.key}@families.example"


@dataclass(frozen=True, slots=True)
class Cast:
    """Clinic, staff, rooms, stock and parents."""

    clinic: dict[str, str]
    rooms: tuple[str, ...]
    staff: tuple[dict[str, Any], ...]
    lots: tuple[dict[str, Any], ...]
    prices_cents: dict[str, int]
    parents: tuple[Role, ...] = field(default_factory=tuple)

    def parent(self, key: str) -> Role:
        """Return one part by its key; KeyError for an unknown one."""
        return {role.key: role for role in self.parents}[key]


@cache
def cast() -> Cast:
    """Return the cast."""
    page = data_file("firstlight.doors.demo", "data/cast.yaml")
    return Cast(
        clinic=page["clinic"],
        rooms=tuple(page["rooms"]),
        staff=tuple(page["staff"]),
        lots=tuple(page["lots"]),
        prices_cents=page["prices_cents"],
        parents=tuple(_role(entry) for entry in page["parents"]),
    )


def _role(entry: dict[str, Any]) -> Role:
    fields: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}
    return Role(**fields)
