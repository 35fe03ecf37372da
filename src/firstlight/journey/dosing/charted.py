"""What was charted in several sessions as plain rows, for a chart.

The caller has the sessions from `sessions_of`, or has looked the parent up already, as the person who asks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from firstlight.journey.dosing.models import Acknowledgement, Notice, Observation, RightNow, Session

VALUES = ("sbp", "dbp", "hr", "dissociation", "moaas")
ITEM_COLUMNS = tuple(f"right_now__{item}" for item in RightNow.ITEMS)


@dataclass(frozen=True, slots=True)
class Charted:
    """What stands of one set of values, None where it was not charted: pressure in mmHg, pulse a minute, two ratings."""

    happened_at: datetime
    sbp: int | None
    dbp: int | None
    hr: int | None
    dissociation: int | None
    moaas: int | None


@dataclass(frozen=True, slots=True)
class SaidNow:
    """What a parent said of one moment, by item; what was not answered is left out."""

    session_id: UUID
    at: datetime
    values: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Sheets:
    """The standing values of sessions, what the parent said of a moment, and in which of them a notice waits for somebody."""

    rows: Mapping[UUID, Sequence[Charted]]
    said: Sequence[SaidNow]
    waiting: frozenset[UUID]


def charted_in(sessions: Sequence[Session], kinds: Sequence[str]) -> Sheets:
    """Return what stands of sessions in the order of time, and the notices of some kinds, in one query."""
    seen = Acknowledgement.objects.filter(notice=OuterRef("pk"))
    waits = Notice.objects.filter(~Exists(seen), session=OuterRef("session"), kind__in=kinds)
    asked = Observation.objects.filter(session__in=sessions).annotate(waits=Exists(waits.order_by()))
    columns = ("session_id", "happened_at", *VALUES, "right_now__id", *ITEM_COLUMNS)
    rows = list(asked.order_by("happened_at", "sequence").values("id", "amends_id", "waits", *columns))
    amended = {row["amends_id"] for row in rows}
    found: dict[UUID, list[Charted]] = {session.id: [] for session in sessions}
    said = []
    for row in rows:
        if row["id"] in amended:
            continue
        if row["right_now__id"]:
            said.append(_said(row))
        else:
            found[row["session_id"]].append(Charted(row["happened_at"], *(row[value] for value in VALUES)))
    return Sheets(found, said, frozenset(row["session_id"] for row in rows if row["waits"]))


def _said(row: Mapping[str, Any]) -> SaidNow:
    items = {item: row[f"right_now__{item}"] for item in RightNow.ITEMS}
    values = {item: value for item, value in items.items() if value is not None}
    return SaidNow(row["session_id"], row["happened_at"], values)


def said_now_about(parent_id: UUID) -> list[SaidNow]:
    """Return what a parent said of the moment around her doses, in the order of time, each row that no later one amends."""
    asked = RightNow.objects.filter(session__parent_id=parent_id, session__started_at__isnull=False)
    rows = asked.filter(amended_by__isnull=True).order_by("happened_at", "sequence")
    return [SaidNow(row.session_id, row.happened_at, row.values()) for row in rows]
