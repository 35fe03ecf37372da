"""The figures of a session: read from data/session.yaml, with tag and sources."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from firstlight.clinical.evidence import data_file
from firstlight.clinical.protocols.rules import Rule, rules


@cache
def figures() -> Mapping[str, Any]:
    """All of data/session.yaml."""
    content: Mapping[str, Any] = data_file("firstlight.clinical.protocols", "data/session.yaml")
    return content


@dataclass(frozen=True, slots=True)
class DayPressure:
    """What a resting pressure on the day means. state: fine, decide, hold or contraindicated."""

    state: str
    limit: str
    tag: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A time around a dose at which staff chart, counted from the start of the infusion."""

    key: str
    since: timedelta
    until: timedelta

    def from_to(self, started_at: datetime) -> tuple[datetime, datetime]:
        """When it begins and when it is over, for one infusion."""
        return started_at + self.since, started_at + self.until

    def holds(self, at: datetime, started_at: datetime) -> bool:
        """Whether a moment lies in it."""
        begins_at, ends_at = self.from_to(started_at)
        return begins_at <= at <= ends_at


@cache
def points() -> Mapping[str, Point]:
    """The times around a dose at which staff chart, first to last."""
    found = ((key, entry) for key, entry in figures()["points"].items() if isinstance(entry, dict))
    return {
        key: Point(key, timedelta(minutes=entry["from_minutes"]), timedelta(minutes=entry["to_minutes"]))
        for key, entry in found
    }


# The rules of eligibility about the pressure, gravest first.
_DAY_RULES = (("contraindicated", "resting_bp"), ("hold", "day_bp_160_100"), ("decide", "day_bp_140_90"))


def day_pressure(sbp: int, dbp: int) -> DayPressure:
    """Hold a resting pressure against the day's rules. In mmHg. `limit` is the one exceeded, or the lowest one."""
    for state, key in _DAY_RULES:
        if rules()[key].when.holds({"sbp": sbp, "dbp": dbp}).truth:
            return _day_pressure(state, rules()[key])
    return _day_pressure("fine", rules()[_DAY_RULES[-1][1]])


def _day_pressure(state: str, rule: Rule) -> DayPressure:
    limits = rule.when.limits
    return DayPressure(state, f"{limits['sbp']}/{limits['dbp']}", rule.tag, rule.sources)


def next_due(*, started_at: datetime, ended_at: datetime | None, last_at: datetime | None) -> datetime:
    """When the next set of values is due: every 10 minutes while the pump runs, every 15 after it."""
    monitoring = figures()["monitoring"]
    minutes = monitoring["after_minutes"] if ended_at else monitoring["during_minutes"]
    return max(last_at or started_at, started_at) + timedelta(minutes=minutes)


def earliest_leave(*, started_at: datetime, ended_at: datetime) -> datetime:
    """The earliest moment to leave: both the time from the start and the time after the end have passed."""
    staying = figures()["staying"]
    from_start = started_at + timedelta(minutes=staying["from_start_minutes"])
    return max(from_start, ended_at + timedelta(minutes=staying["after_end_minutes"]))
