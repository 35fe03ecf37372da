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
    rows = Observation.objects.filter(session__in=sessions, amended_by__isnull=True).order_by("happened_at", "sequence")
    for session_id, *values in rows.values_list("session_id", "happened_at", "sbp", "dbp", "dissociation"):
        found[session_id].append(Charted(*values))
    return found
