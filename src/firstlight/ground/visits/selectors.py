"""The one door to visits: staff of the clinic who book or read records, and each parent for her own."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.models import Clinic, Parent
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.selectors import parent_for
from firstlight.ground.visits.clocktimes import bounds_of
from firstlight.ground.visits.models import Room, Visit, VisitEvent, VisitKind, VisitStatus

THERAPY = (VisitKind.PREPARATION, VisitKind.INTEGRATION)


def _all() -> QuerySet[Visit]:
    return Visit.objects.select_related("parent__family", "staff", "room", "clinic")


def visit_for(actor: Actor, visit_id: UUID) -> Visit:
    """Return a visit of a parent whom the actor may see."""
    visit = _all().filter(id=visit_id).first()
    if visit is None:
        raise Http404
    parent_for(actor, visit.parent_id)
    return visit


def visits_of(actor: Actor, parent_id: UUID) -> list[Visit]:
    """Return all visits of a parent, earliest first, cancelled ones too."""
    return visits_about(parent_for(actor, parent_id))


def visits_about(parent: Parent) -> list[Visit]:
    """Return all visits of a parent whom the caller has looked up already, earliest first, cancelled ones too."""
    return list(_all().filter(parent=parent))


def next_visit(actor: Actor, parent_id: UUID, now: datetime, kinds: Sequence[str] = ()) -> Visit | None:
    """Return the booked visit that is under way or comes next, of some kinds (none given: of any)."""
    parent_for(actor, parent_id)
    found = _all().filter(parent_id=parent_id, status=VisitStatus.BOOKED, ends_at__gt=now)
    return found.filter(kind__in=kinds).first() if kinds else found.first()


def day(actor: Actor, on: date) -> list[Visit]:
    """Return the clinic's visits that touch one of its calendar days, earliest first, cancelled ones too."""
    if actor.clinic_id is None or not (actor.may(Permission.VISITS_WRITE) or actor.role == "system"):
        raise Http404
    begin, end = bounds_of(on, Clinic.objects.get(id=actor.clinic_id).timezone)
    return list(_all().filter(starts_at__lt=end, ends_at__gt=begin))


def hours_of_therapy(actor: Actor, parent_id: UUID, until: datetime | None = None) -> timedelta:
    """Return how long preparation and integration took, of the visits that happened (by `until`, if given)."""
    parent_for(actor, parent_id)
    found = Visit.objects.filter(parent_id=parent_id, status=VisitStatus.HAPPENED, kind__in=THERAPY)
    if until is not None:
        found = found.filter(starts_at__lte=until)
    return timedelta(minutes=sum(found.values_list("minutes", flat=True)))


def history_of(visit: Visit) -> list[VisitEvent]:
    """Return what was done to a visit, first thing first."""
    return list(VisitEvent.objects.filter(visit=visit).select_related("visit", "staff", "room", "by"))


def rooms_of(actor: Actor) -> list[Room]:
    """Return the clinic's open rooms by name."""
    if actor.clinic_id is None or actor.role == "parent":
        raise Http404
    return list(Room.objects.filter(clinic_id=actor.clinic_id, is_open=True))


def room_for(actor: Actor, room_id: UUID) -> Room:
    """Return an open room of the actor's clinic."""
    found = next((room for room in rooms_of(actor) if room.id == room_id), None)
    if found is None:
        raise Http404
    return found


def clashes_with(visit: Visit) -> list[Visit]:
    """Return booked visits that need the same person, room or parent at the same time."""
    at_once = _all().filter(status=VisitStatus.BOOKED, starts_at__lt=visit.ends_at, ends_at__gt=visit.starts_at)
    return [
        other
        for other in at_once.exclude(id=visit.id)
        if other.staff_id == visit.staff_id
        or other.parent_id == visit.parent_id
        or (visit.room_id is not None and other.room_id == visit.room_id)
    ]
