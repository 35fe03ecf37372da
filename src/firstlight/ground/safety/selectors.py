"""Who answers when, by the roster, and what of it may honestly be said to a parent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _
from django_scopes import scope

from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.models import Clinic, Membership
from firstlight.ground.people.permissions import Permission, Role, effective
from firstlight.ground.people.selectors import parent_for
from firstlight.ground.safety.ladder import ladder
from firstlight.ground.safety.models import Came, Concern, RosterSlot, SafetyPlan
from firstlight.ground.worklist.models import Task
from firstlight.ground.worklist.selectors import Watching, delivery_state

LOOKS_AHEAD = timedelta(days=8)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Shift:
    """One slot on one day, as instants."""

    member: Membership
    starts_at: datetime
    ends_at: datetime
    rank: int
    slot_id: UUID


@dataclass(frozen=True, slots=True)
class WatchNotice:
    """Whether a human reads this, who, and by when. `text_key`: now, later or nobody; `who` is a role.

    Of an answer that was given (see `noticing`) also: taken and closed, which lie behind; late; and called, when somebody is
    paged though nobody is on duty.

    `only_role`: nobody of another role answers until then, so that whoever reads it is of this one. `there_until`: somebody is on
    duty now, until then, and nobody again for a while before `until`.
    """

    text_key: str
    who: str = ""
    until: datetime | None = None
    reason: str = ""
    only_role: bool = False
    there_until: datetime | None = None

    @property
    def watched(self) -> bool:
        return self.text_key != "nobody"


def instant(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """Return when a clock on the wall shows a time.

    A time that the spring change skips counts as if the clock had not been changed yet; of a time that autumn shows twice,
    the first counts. An end and a start of the same wall time therefore meet, and a change opens no gap.
    """
    return datetime.combine(day, wall, tzinfo=zone).astimezone(ZoneInfo("UTC"))


def slots_of(clinic_id: UUID, at: datetime) -> list[RosterSlot]:
    """Return the slots that count at a moment: of people who work here then, and may read answers and take tasks."""
    return [slot for slot in standing_slots(clinic_id, at) if not why_not(slot.member, at)]


def standing_slots(clinic_id: UUID, at: datetime) -> list[RosterSlot]:
    """Return the slots that nobody has ended, also of people who cannot answer any more."""
    standing = Q(ended_at__isnull=True) | Q(ended_at__gt=at)
    with scope(clinic=clinic_id):
        found = RosterSlot.objects.filter(standing, added_at__lte=at, clinic_id=clinic_id)
        return list(found.select_related("member__account", "clinic").order_by("weekday", "starts", "rank"))


def why_not(member: Membership, at: datetime) -> str:
    """Return why somebody cannot answer for what parents write, for whoever keeps the roster; empty when she can."""
    name = {"name": member.public_name}
    if member.until_at is not None and member.until_at <= at:
        return _("%(name)s does not work here any more.") % name
    may = effective(Role(member.role), member.denied)
    if Permission.ANSWERS_READ not in may:
        return _("%(name)s may not read answers, so cannot answer for them.") % name
    if Permission.TASKS not in may:
        return _("%(name)s may not take tasks, so cannot answer for them.") % name
    return ""


@dataclass(frozen=True, slots=True)
class Uncounted:
    """Hours of the roster that do not count, and why."""

    slot: RosterSlot
    why: str


def uncounted(actor: Actor, now: datetime) -> list[Uncounted]:
    """Return the hours of the actor's clinic that do not count, for whoever may take tasks there."""
    if actor.clinic_id is None or not actor.may(Permission.TASKS):
        return []
    found = ((slot, why_not(slot.member, now)) for slot in standing_slots(actor.clinic_id, now))
    return [Uncounted(slot, why) for slot, why in found if why]


def shifts(slots: Sequence[RosterSlot], starts_at: datetime, ends_at: datetime) -> list[Shift]:
    """Return every shift that touches a span of time, in order."""
    found = []
    for slot in slots:
        zone = ZoneInfo(slot.clinic.timezone)
        for day in _days(starts_at.astimezone(zone).date() - DAY, ends_at.astimezone(zone).date()):
            if day.weekday() == slot.weekday:
                last_day = day if slot.ends > slot.starts else day + DAY
                begins, ends = instant(day, slot.starts, zone), instant(last_day, slot.ends, zone)
                if ends > starts_at and begins < ends_at:
                    found.append(Shift(slot.member, begins, ends, slot.rank, slot.id))
    return sorted(found, key=lambda shift: (shift.starts_at, shift.rank))


def who_answers(clinic_id: UUID, at: datetime) -> list[Membership]:
    """Return who answers in a clinic at a moment, first rank first."""
    return _on_duty(slots_of(clinic_id, at), at)


def _on_duty(slots: Sequence[RosterSlot], at: datetime) -> list[Membership]:
    on_duty = [one for one in shifts(slots, at, at + timedelta(minutes=1)) if one.starts_at <= at]
    people: dict[UUID, Membership] = {}
    for shift in sorted(on_duty, key=lambda shift: shift.rank):
        people.setdefault(shift.member.id, shift.member)
    return list(people.values())


def gaps(slots: Sequence[RosterSlot], starts_at: datetime, ends_at: datetime) -> list[tuple[datetime, datetime]]:
    """Return the spans in which nobody answers."""
    found, covered_until = [], starts_at
    for shift in shifts(slots, starts_at, ends_at):
        if shift.starts_at > covered_until:
            found.append((covered_until, shift.starts_at))
        covered_until = max(covered_until, shift.ends_at)
    if covered_until < ends_at:
        found.append((covered_until, ends_at))
    return found


def covered(clinic_id: UUID, now: datetime, minutes: int) -> tuple[datetime, Membership] | None:
    """Return when so many minutes of covered time have passed, and who is on duty then; None when it takes over a week."""
    return _covered(slots_of(clinic_id, now), now, minutes)


def _covered(slots: Sequence[RosterSlot], now: datetime, minutes: int) -> tuple[datetime, Membership] | None:
    left, reached = timedelta(minutes=minutes), now
    for shift in shifts(slots, now, now + LOOKS_AHEAD):
        begins = max(shift.starts_at, reached)
        if shift.ends_at - begins >= left:
            return begins + left, shift.member
        if shift.ends_at > begins:
            left, reached = left - (shift.ends_at - begins), shift.ends_at
    return None


def watch_notice(clinic: Clinic, now: datetime) -> WatchNotice:
    """Tell who reads what a parent writes now, and by when.

    Promised only while today's delivery test passed and the roster names somebody; else nobody is watching.
    """
    state = delivery_state(clinic.id, now)
    if not isinstance(state, Watching):
        return WatchNotice("nobody", reason=state.reason)
    slots = slots_of(clinic.id, now)
    reads = _covered(slots, now, ladder().reads_within_minutes)
    if reads is None:
        return WatchNotice("nobody", reason="no-roster")
    until, reader = reads
    roles = {shift.member.role for shift in shifts(slots, now, until)}
    return WatchNotice(
        soon(slots, now, until),
        reader.role,
        _quarter(until),
        only_role=len(roles) == 1,
        there_until=there_until(slots, now, until),
    )


def soon(slots: Sequence[RosterSlot], now: datetime, until: datetime) -> str:
    """Return "now" where somebody is on duty and reads within hours, else "later"."""
    return "now" if _on_duty(slots, now) and until - now <= DAY / 4 else "later"


def there_until(slots: Sequence[RosterSlot], now: datetime, until: datetime) -> datetime | None:
    """Return when whoever is on duty now has gone, where nobody follows at once; None where nobody is there, or all along."""
    alone = next(iter(gaps(slots, now, until)), None)
    return alone[0] if alone is not None and alone[0] > now else None


def _quarter(at: datetime) -> datetime:
    """Round a moment up to the next quarter of an hour: people read that more easily, and it promises no more."""
    return at + (datetime.min.replace(tzinfo=at.tzinfo) - at) % timedelta(minutes=15)


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += DAY


def slot_for(actor: Actor, slot_id: UUID) -> RosterSlot:
    """Return a standing slot of the actor's clinic."""
    if actor.clinic_id is None or not actor.may(Permission.ROSTER_WRITE):
        raise Http404
    found = RosterSlot.objects.filter(id=slot_id, clinic_id=actor.clinic_id, ended_at__isnull=True).first()
    if found is None:
        raise Http404
    return found


def open_concern(parent_id: UUID) -> Concern | None:
    """Return the strongest concern about a parent whose task is open; of equals the latest."""
    found = Concern.objects.filter(parent_id=parent_id, task__finished_at__isnull=True).select_related(
        "task__acknowledged_by"
    )
    return found.order_by("-level", "-at", "-id").first()


def open_concerns_since(parent_id: UUID, at: datetime) -> list[Concern]:
    """Return what was raised since a moment, new or stronger, and stands in an open task; the latest first.

    Whether the asking person may know it, the caller has settled.
    """
    found = Concern.objects.filter(parent_id=parent_id, at__gte=at, task__finished_at__isnull=True)
    return list(found.filter(came__in=(Came.OPENED, Came.RAISED)).order_by("-at", "-id"))


def latest_concern(task: Task) -> Concern | None:
    """Return what came last to a concern's task."""
    return Concern.objects.filter(task=task).order_by("-at", "-id").first()


def current_plan(parent_id: UUID) -> SafetyPlan | None:
    """Return the safety plan that stands: the latest version. Whether the asking person may read it, the caller has settled."""
    found = SafetyPlan.objects.filter(parent_id=parent_id).select_related("written_by")
    return found.order_by("-number").first()


def has_plan(parent_id: UUID) -> bool:
    """Tell whether a safety plan stands. Whether the asking person may know it, the caller has settled."""
    return SafetyPlan.objects.filter(parent_id=parent_id).exists()


def plans_for(actor: Actor, parent_id: UUID) -> list[SafetyPlan]:
    """Return every version of a parent's safety plan, the standing one first, for whoever may read her answers."""
    parent_for(actor, parent_id)
    if not actor.may(Permission.ANSWERS_READ):
        raise Http404
    return list(SafetyPlan.objects.filter(parent_id=parent_id).select_related("written_by").order_by("-number"))


def own_plan(actor: Actor) -> SafetyPlan | None:
    """Return the plan that stands for a signed-in parent; earlier versions are the record's."""
    if actor.parent_id is None:
        raise Http404
    return current_plan(actor.parent_id)
