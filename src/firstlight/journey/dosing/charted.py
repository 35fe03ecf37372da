"""Pressures and ratings of several sessions as plain rows, for a chart. The caller has the sessions from `sessions_of`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from firstlight.journey.dosing.models import Observation, Session


@dataclass(frozen=True, slots=True)
class Charted:
    """What stands of one set of values: pressure in mmHg and the rating of dissociation, None where it was not charted."""

    happened_at: datetime
    sbp: int | None
    dbp: int | None
    dissociation: int | None


def charted_in(sessions: Sequence[Session]) -> dict[UUID, list[Charted]]:
    """Return the standing values of sessions in the order of time, in one query; an amended row is left out."""
    found: dict[UUID, list[Charted]] = {session.id: [] for session in sessions}
    asked = Observation.objects.filter(session__in=sessions).order_by("happened_at", "sequence")
    rows = list(asked.values_list("id", "amends_id", "session_id", "happened_at", "sbp", "dbp", "dissociation"))
    amended = {amends_id for _id, amends_id, *_rest in rows}
    for row_id, _amends_id, session_id, happened_at, sbp, dbp, dissociation in rows:
        if row_id not in amended:
            found[session_id].append(Charted(happened_at, sbp, dbp, dissociation))
    return found
