"""Pressures and ratings of several sessions as plain rows, for a chart. The caller has the sessions from `sessions_of`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from firstlight.journey.dosing.models import Acknowledgement, Notice, Observation, Session


@dataclass(frozen=True, slots=True)
class Charted:
    """What stands of one set of values: pressure in mmHg and the rating of dissociation, None where it was not charted."""

    happened_at: datetime
    sbp: int | None
    dbp: int | None
    dissociation: int | None


@dataclass(frozen=True, slots=True)
class Sheets:
    """The standing values of sessions, and in which of them a notice waits for somebody."""

    rows: Mapping[UUID, Sequence[Charted]]
    waiting: frozenset[UUID]


def charted_in(sessions: Sequence[Session], kinds: Sequence[str]) -> Sheets:
    """Return what stands of sessions in the order of time, and the notices of some kinds, in one query."""
    seen = Acknowledgement.objects.filter(notice=OuterRef("pk"))
    waits = Notice.objects.filter(~Exists(seen), session=OuterRef("session"), kind__in=kinds)
    asked = Observation.objects.filter(session__in=sessions).annotate(waits=Exists(waits.order_by()))
    columns = ("id", "amends_id", "session_id", "waits", "happened_at", "sbp", "dbp", "dissociation")
    rows = list(asked.order_by("happened_at", "sequence").values_list(*columns))
    amended = {amends_id for _id, amends_id, *_rest in rows}
    found: dict[UUID, list[Charted]] = {session.id: [] for session in sessions}
    for row_id, _amends_id, session_id, _waits, happened_at, sbp, dbp, dissociation in rows:
        if row_id not in amended:
            found[session_id].append(Charted(happened_at, sbp, dbp, dissociation))
    return Sheets(found, frozenset(session_id for _id, _amends, session_id, waiting, *_rest in rows if waiting))
