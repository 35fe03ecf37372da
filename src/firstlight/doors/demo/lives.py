"""What else happened to the demo's parents: events that they, or the staff, noted on the day."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from firstlight.clinical.evidence import data_file
from firstlight.doors.demo.cast import Role
from firstlight.doors.demo.house import House
from firstlight.ground.design.clocks import local
from firstlight.ground.people.models import Parent
from firstlight.ground.people.selectors import parent_actor
from firstlight.ground.vault.keyring import blind_index
from firstlight.journey.timeline import services


@cache
def _lives() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = data_file("firstlight.doors.demo", "data/lives.yaml")
    return found


def life(role: Role, house: House, now: datetime) -> Iterator[datetime]:
    """Tell one parent's events in the order of time."""
    begin = now - timedelta(days=role.first_dose_days_ago)
    for event in sorted(_lives().get(role.key, ()), key=lambda one: int(one["days"])):
        at = begin + timedelta(days=event["days"], hours=3)
        yield at
        parent = Parent.objects.select_related("clinic", "family").get(email_index=blind_index(role.email))
        services.note_event(
            parent=parent,
            kind=event["kind"],
            words=event.get("words", ""),
            on_date=local(at, parent.timezone).date(),
            shared=event.get("shared", True),
            by=parent_actor(parent) if event["by"] == "parent" else house.actor(event["by"]),
            at=at,
        )
