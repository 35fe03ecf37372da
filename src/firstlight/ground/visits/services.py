"""Booking visits, moving them, and saying how they went."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _
from django_scopes import scope

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Clinic, Membership, Parent
from firstlight.ground.people.permissions import Permission
from firstlight.ground.safety.following import followed
from firstlight.ground.safety.ladder import ladder
from firstlight.ground.visits.again import due_in
from firstlight.ground.visits.clocktimes import day_of
from firstlight.ground.visits.models import AskAgain, Room, Visit, VisitEvent, VisitKind, VisitStatus
from firstlight.ground.visits.selectors import clashes_with
from firstlight.ground.worklist.models import Task

SHORTEST, LONGEST = 5, 12 * 60
HORIZON = timedelta(days=400)


@write
def add_room(*, clinic_id: UUID, name: str, by: Actor, at: datetime) -> Room:
    """Open a room. Refused when the clinic has one of that name."""
    if Room.objects.filter(clinic_id=clinic_id, name=name).exists():
        raise Refused(_("There is a room of that name."), field="name", value=name)
    room = Room.objects.create(clinic_id=clinic_id, name=name)
    record("room.opened", by=by, at=at, about=room)
    return room


@write
def book(
    *,
    kind: str,
    parent: Parent,
    staff: Membership,
    starts_at: datetime,
    minutes: int,
    by: Actor,
    at: datetime,
    room: Room | None = None,
) -> Visit:
    """Book a visit. Refused when the person, the room or the parent is taken then; the refusal names the clash."""
    if kind not in VisitKind.values:
        raise Refused(_("Choose what the visit is for."), field="kind", value=kind)
    visit = Visit(clinic_id=parent.clinic_id, kind=kind, parent=parent, staff=staff, room=room)
    visit.place(starts_at, _length(minutes))
    _fit(visit, at)
    visit.save(force_insert=True)
    _note("booked", visit, by, at)
    return visit


@write
def move(
    *,
    visit: Visit,
    starts_at: datetime,
    by: Actor,
    at: datetime,
    minutes: int | None = None,
    staff: Membership | None = None,
    room: Room | Literal["same"] | None = "same",
    reason: str = "",
) -> Visit:
    """Move a booked visit. What is not given stays as it is; room None makes it a call. Refused like a booking."""
    visit = _still_booked(visit)
    visit.staff = staff or visit.staff
    visit.room = visit.room if room == "same" else room
    visit.place(starts_at, _length(visit.minutes if minutes is None else minutes))
    _fit(visit, at)
    visit.save()
    _note("moved", visit, by, at, reason)
    return visit


@write
def cancel(*, visit: Visit, reason: str = "", by: Actor, at: datetime) -> Visit:
    """Cancel a booked visit. A parent needs no reason."""
    return _end(_still_booked(visit), VisitStatus.CANCELLED, by, at, reason)


@write
def mark_missed(*, visit: Visit, reason: str = "", by: Actor, at: datetime) -> Visit:
    """Say that nobody came. Refused before the visit's start."""
    visit = _still_booked(visit)
    _not_before_start(visit, at)
    return _end(visit, VisitStatus.MISSED, by, at, reason)


@write
def mark_happened(*, visit: Visit, by: Actor, at: datetime, minutes: int | None = None) -> Visit:
    """Say that a visit took place, and how long it took in minutes (not given: as booked). Refused before its start."""
    visit = _still_booked(visit)
    _not_before_start(visit, at)
    visit.place(visit.starts_at, _length(visit.minutes if minutes is None else minutes))
    return _end(visit, VisitStatus.HAPPENED, by, at)


@write
def ask_again(*, task: Task, by: Actor, at: datetime) -> AskAgain | None:
    """Leave the mark that a parent's next visit shows, where a finished concern's level asks for it. Follows task.finished."""
    with scope(clinic=task.clinic_id):
        concern = followed(task)
        if concern is None or not ladder().levels[concern.level].asks_again:
            return None
        kept = {"clinic_id": task.clinic_id, "parent_id": concern.parent_id, "says": concern.reason, "opened_at": at}
        mark, is_new = AskAgain.objects.get_or_create(task=task, defaults=kept)
        if is_new:
            record("ask_again.opened", by=by, at=at, parent=mark.parent_id, about=mark)
        return mark


@write
def asked_again(*, visit: Visit, answer: str, by: Actor, at: datetime) -> list[AskAgain]:
    """Say what came of it when somebody asked again in a visit: that ends what stood there. Refused when nothing does."""
    if by.membership_id is None or not by.may(Permission.ANSWERS_READ):
        raise Refused(_("Only staff who may read answers can do this."), field="by", value=by.role)
    if not answer.strip():
        raise Refused(_("Write what came of it."), field="answer", value=answer)
    Parent.objects.select_for_update().get(id=visit.parent_id)  # two that ask at once come one after the other
    marks = [one.mark for one in due_in([visit], at)]
    if not marks:
        raise Refused(_("Nothing is to be asked again in this visit."), field="visit", value=visit.id)
    for mark in marks:
        mark.asked_at, mark.asked_by_id, mark.asked_in, mark.answer = at, by.membership_id, visit, answer.strip()
        mark.save(update_fields=["asked_at", "asked_by", "asked_in", "answer"])
        record("ask_again.asked", by=by, at=at, parent=mark.parent_id, about=mark)
    return marks


def _end(visit: Visit, status: VisitStatus, by: Actor, at: datetime, reason: str = "") -> Visit:
    visit.status = status
    visit.save()
    _note(status.value, visit, by, at, reason)
    return visit


def _still_booked(visit: Visit) -> Visit:
    found = Visit.objects.select_for_update(of=("self",)).select_related("parent", "staff", "room", "clinic")
    visit = found.get(id=visit.id)
    if visit.status != VisitStatus.BOOKED:
        message = _("This visit is no longer booked: %(status)s.") % {"status": visit.get_status_display()}
        raise Refused(message, field="visit", value=visit.status)
    return visit


def _not_before_start(visit: Visit, at: datetime) -> None:
    if at < visit.starts_at:
        raise Refused(_("This visit has not begun yet."), field="visit", value=visit.starts_at)


def _length(minutes: int) -> int:
    if not SHORTEST <= minutes <= LONGEST:
        limits = {"shortest": SHORTEST, "longest": LONGEST}
        message = _("A visit takes %(shortest)d to %(longest)d minutes.") % limits
        raise Refused(message, field="minutes", value=minutes)
    return minutes


def _fit(visit: Visit, at: datetime) -> None:
    """Refuse a visit that cannot be: another clinic's people, a day that is over, or something taken."""
    clinic = Clinic.objects.select_for_update().get(id=visit.clinic_id)  # one booking of a clinic at a time
    if visit.staff.clinic_id != clinic.id or (visit.room and visit.room.clinic_id != clinic.id):
        raise Refused(_("Staff and room have to be of the parent's clinic."), field="staff", value=visit.staff_id)
    gone = Q(id=visit.staff_id, until_at__lte=visit.starts_at)
    if Membership.objects.filter(gone).exists():
        raise Refused(_("This person no longer works here then."), field="staff", value=visit.staff_id)
    if day_of(visit.starts_at, clinic.timezone) < day_of(at, clinic.timezone):
        raise Refused(_("That day is over. Choose today or a later day."), field="date", value=visit.starts_at)
    if visit.starts_at > at + HORIZON:
        raise Refused(_("That is more than a year ahead. Choose an earlier day."), field="date", value=visit.starts_at)
    if clashes := clashes_with(visit):
        raise _taken(visit, clashes[0], clinic)


def _taken(visit: Visit, other: Visit, clinic: Clinic) -> Refused:
    zone = ZoneInfo(clinic.timezone)
    span = {
        "begin": f"{other.starts_at.astimezone(zone):%H:%M}",
        "end": f"{other.ends_at.astimezone(zone):%H:%M}",
        "staff": other.staff.public_name,
        "room": other.room.name if other.room else "",
    }
    if other.staff_id == visit.staff_id:
        message = _("%(staff)s has another visit from %(begin)s to %(end)s.") % span
        return Refused(message, field="staff", value=visit.staff_id)
    if other.parent_id == visit.parent_id:
        message = _("The parent has another visit then, with %(staff)s from %(begin)s to %(end)s.") % span
        return Refused(message, field="time", value=visit.starts_at)
    message = _("%(room)s is taken from %(begin)s to %(end)s.") % span
    return Refused(message, field="room", value=visit.room_id)


def _note(what: str, visit: Visit, by: Actor, at: datetime, reason: str = "") -> None:
    VisitEvent.objects.create(
        clinic_id=visit.clinic_id,
        visit=visit,
        what=what,
        staff=visit.staff,
        room=visit.room,
        starts_at=visit.starts_at,
        minutes=visit.minutes,
        reason=reason,
        at=at,
        by_id=by.account_id,
    )
    record(
        f"visit.{what}",
        by=by,
        at=at,
        parent=visit.parent_id,
        about=visit,
        detail={"kind": visit.kind, "starts_at": visit.starts_at.isoformat(), "minutes": visit.minutes},
    )
