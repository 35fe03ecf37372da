"""The coverage roster: who answers in which hours of the week."""

from datetime import datetime, time

from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Membership
from firstlight.ground.safety.models import RosterSlot, Weekday
from firstlight.ground.safety.selectors import standing_slots, why_not


@write
def add_slot(
    *, member: Membership, weekday: int, starts: time, ends: time, rank: int = 1, by: Actor, at: datetime
) -> RosterSlot:
    """Say that somebody answers in these hours of each week.

    Refused for people who do not work here any more, or may not read what parents answer or take tasks.
    """
    if by.membership_id is None:
        raise Refused(_("Only staff can change the roster."), field="by", value=by.role)
    if reason := why_not(member, at):
        raise Refused(reason, field="member", value=member.id)
    same = [
        slot for slot in standing_slots(member.clinic_id, at) if slot.member_id == member.id and slot.weekday == weekday
    ]
    if any(_overlap(slot.starts, slot.ends, starts, ends) for slot in same):
        raise Refused(
            _("%(name)s answers in some of these hours already.") % {"name": member.public_name},
            field="starts",
            value=starts,
        )
    slot = RosterSlot.objects.create(
        clinic_id=member.clinic_id,
        member=member,
        weekday=Weekday(weekday),
        starts=starts,
        ends=ends,
        rank=rank,
        added_at=at,
        added_by_id=by.membership_id,
    )
    record(
        "roster.added", by=by, at=at, about=slot, detail={"member": str(member.id), "weekday": weekday, "rank": rank}
    )
    return slot


@write
def end_slot(*, slot: RosterSlot, by: Actor, at: datetime) -> RosterSlot:
    """End a slot from now on. What it said about the past stays."""
    slot.ended_at, slot.ended_by_id = at, by.membership_id
    slot.save(update_fields=["ended_at", "ended_by"])
    record("roster.ended", by=by, at=at, about=slot)
    return slot


def _overlap(one_starts: time, one_ends: time, two_starts: time, two_ends: time) -> bool:
    """Tell whether two slots of one weekday share time; an end that is not after its start lies on the next day."""
    one_end, two_end = _minutes(one_ends, one_starts), _minutes(two_ends, two_starts)
    return _minutes(one_starts) < two_end and _minutes(two_starts) < one_end


def _minutes(wall: time, after: time | None = None) -> int:
    minutes = wall.hour * 60 + wall.minute
    return minutes + 24 * 60 if after is not None and wall <= after else minutes
