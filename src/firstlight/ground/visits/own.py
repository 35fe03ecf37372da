"""A parent's own visits as she reads them: before or after which day at the clinic, and whether they rest with her care."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from firstlight.ground.people.models import EpisodeState
from firstlight.ground.visits.models import Visit, VisitKind, VisitStatus


@dataclass(frozen=True, slots=True)
class OwnVisit:
    """One visit. `day_at`: the day at the clinic that it prepares or follows. `rests`: it waits for a decision to go on."""

    visit: Visit
    day_at: datetime | None
    rests: bool


def own_visits(visits: Sequence[Visit], now: datetime, *, state: str) -> list[OwnVisit]:
    """Return a parent's visits in their order.

    While care is paused no day at the clinic comes, and no talk after one that did not.
    """
    doses = [one for one in visits if one.kind == VisitKind.DOSING and one.status != VisitStatus.CANCELLED]
    return [_own(visit, doses, now, paused=state == EpisodeState.PAUSED) for visit in visits]


def _own(visit: Visit, doses: Sequence[Visit], now: datetime, *, paused: bool) -> OwnVisit:
    dose = visit if visit.kind == VisitKind.DOSING else _beside(visit, doses)
    waits = visit.kind in {VisitKind.DOSING, VisitKind.INTEGRATION} and dose is not None and dose.starts_at > now
    about = dose.starts_at if dose is not None and dose is not visit else None
    return OwnVisit(visit, about, rests=paused and waits and visit.status == VisitStatus.BOOKED)


def _beside(visit: Visit, doses: Sequence[Visit]) -> Visit | None:
    """Return the next day at the clinic after a talk before it, and the last one before a talk after it."""
    if visit.kind == VisitKind.PREPARATION:
        return min((one for one in doses if one.starts_at >= visit.starts_at), key=_start, default=None)
    if visit.kind == VisitKind.INTEGRATION:
        return max((one for one in doses if one.starts_at <= visit.starts_at), key=_start, default=None)
    return None


def _start(visit: Visit) -> datetime:
    return visit.starts_at
