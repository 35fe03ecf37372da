"""How long a sign-in lasts: data with its source."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from types import MappingProxyType

from firstlight.clinical.evidence import Record, Tag, data_file, require_sources

STAFF, PARENT = "/clinic/", "/me/"


@dataclass(frozen=True, slots=True)
class Lasting:
    """Limits of one realm. `warn`: how long before the end a page says that it comes."""

    idle: timedelta
    total: timedelta
    warn: timedelta

    def end(self, *, began_at: datetime, seen_at: datetime) -> "End":
        """Return when a sign-in ends, if nobody touches the page again."""
        idle_at, total_at = seen_at + self.idle, began_at + self.total
        return End(min(idle_at, total_at), can_stay=idle_at < total_at)


@dataclass(frozen=True, slots=True)
class End:
    """The moment after which a sign-in is over. `can_stay`: a touch moves it."""

    at: datetime
    can_stay: bool


@cache
def lasting() -> Mapping[str, Lasting]:
    """Return the limits by realm."""
    record = Record(data_file("firstlight.ground.people", "data/sessions.yaml"), where="sessions.yaml")
    require_sources(record.strings("sources"), record=record)
    record.choice("tag", Tag)
    found = {realm: _lasting(record.record(name)) for realm, name in ((STAFF, "staff"), (PARENT, "parent"))}
    record.done()
    return MappingProxyType(found)


def _lasting(record: Record) -> Lasting:
    limits = Lasting(
        idle=timedelta(minutes=record.integer("idle_minutes")),
        total=timedelta(hours=record.integer("total_hours")),
        warn=timedelta(minutes=record.integer("warn_minutes")),
    )
    record.done()
    return limits
