"""What stands to be asked again, and in which visit: the next one, or one since that is over and in which nobody asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.permissions import Permission
from firstlight.ground.visits.models import AskAgain, Visit, VisitStatus


@dataclass(frozen=True, slots=True)
class ToAsk:
    """A mark in the visit that shows it."""

    visit_id: UUID
    mark: AskAgain


def asks_again(actor: Actor, visits: Sequence[Visit], now: datetime) -> list[ToAsk]:
    """Return what is asked again in some visits, for whoever may read answers. However many visits, two queries."""
    return due_in(visits, now) if actor.may(Permission.ANSWERS_READ) else []


def due_in(visits: Sequence[Visit], now: datetime) -> list[ToAsk]:
    """Return what is asked again in some visits; who may know it, the caller has settled."""
    marks = AskAgain.objects.filter(parent_id__in={visit.parent_id for visit in visits}, asked_at__isnull=True)
    standing = list(marks) if visits else []
    if not standing:
        return []
    coming = _coming({mark.parent_id for mark in standing}, now)
    shown = [one for one in visits if one.status == VisitStatus.HAPPENED or _is_next(one, coming, now)]
    return [
        ToAsk(visit.id, mark)
        for visit in shown
        for mark in standing
        if mark.parent_id == visit.parent_id and mark.opened_at < visit.starts_at
    ]


def asked_in(actor: Actor, visit: Visit) -> list[AskAgain]:
    """Return what was asked again in a visit, with what came of it, for whoever may read answers."""
    if not actor.may(Permission.ANSWERS_READ):
        return []
    return list(AskAgain.objects.filter(asked_in=visit).select_related("asked_by"))


def _is_next(visit: Visit, coming: dict[UUID, UUID], now: datetime) -> bool:
    is_over = visit.ends_at <= now
    return visit.status == VisitStatus.BOOKED and (is_over or coming.get(visit.parent_id) == visit.id)


def _coming(parents: set[UUID], now: datetime) -> dict[UUID, UUID]:
    """Return each parent's booked visit that is under way or comes next."""
    found = Visit.objects.filter(parent_id__in=parents, status=VisitStatus.BOOKED, ends_at__gt=now)
    latest_first = found.order_by("-starts_at").values_list("parent_id", "id")
    return dict(latest_first)
