"""A dosing day: who goes home with the parent, who has the children, what was released about feeding."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Episode, Parent
from firstlight.ground.people.names import clean_phone
from firstlight.ground.visits.models import Visit, VisitKind, VisitStatus
from firstlight.journey.planning.defaults import defaults
from firstlight.journey.planning.feeds import MOST_FEEDS, clock_of, feed_hours
from firstlight.journey.planning.models import DayPlan, FeedingRelease
from firstlight.journey.planning.services.callers import account_of, membership_of, text_of

LONGEST_NAME = 120


@write
def set_day_plan(
    *,
    parent: Parent,
    visit: Visit,
    by: Actor,
    at: datetime,
    escort_name: str = "",
    escort_phone: str = "",
    escort_is_adult: bool = False,
    childcare_name: str = "",
    childcare_until: datetime | None = None,
    no_children: bool = False,
    feeding: str = "",
    feeds_at: Sequence[datetime] = (),
) -> DayPlan:
    """Plan one dosing day, by the parent or by staff for her. What is not known yet may stay empty.

    Refused: another person's visit, one that is no dosing visit or over, a telephone number that cannot be,
    child care that ends before the next morning, children named and denied at once, feeds that are not full hours of the
    parent's clock between the dose and a day later.
    """
    _may_plan(visit, parent, at)
    childcare_name = text_of("childcare_name", childcare_name, longest=LONGEST_NAME)
    if no_children and childcare_name:
        message = _("You named somebody for the children. Then take the tick away.")
        raise Refused(message, field="no_children", value=True)
    if childcare_until is not None:
        _lasts_the_night(visit, parent, childcare_until)
    plan = DayPlan.objects.create(
        clinic_id=parent.clinic_id,
        visit=visit,
        parent=parent,
        escort_name=text_of("escort_name", escort_name, longest=LONGEST_NAME),
        escort_phone=_phone(escort_phone),
        escort_is_adult=escort_is_adult,
        no_children=no_children,
        childcare_name=childcare_name,
        childcare_until=None if no_children else childcare_until,
        feeding=text_of("feeding", feeding),
        feeds=_feeds(visit, parent, feeds_at),
        at=at,
        by_id=account_of(by),
    )
    record("day.planned", by=by, at=at, parent=parent.id, about=plan, detail={"visit": str(visit.id)})
    return plan


@write
def release(*, episode: Episode, text: str, by: Actor, at: datetime) -> FeedingRelease:
    """Release words about feeding to the parent, as a named clinician. Earlier words stay in the record."""
    row = FeedingRelease.objects.create(
        clinic_id=episode.clinic_id,
        episode=episode,
        parent=episode.parent,
        text=text_of("text", text, required=True),
        at=at,
        by_id=membership_of(by),
    )
    record("feeding.released", by=by, at=at, parent=episode.parent_id, about=row)
    return row


def _may_plan(visit: Visit, parent: Parent, at: datetime) -> None:
    if visit.parent_id != parent.id or visit.kind != VisitKind.DOSING:
        raise Refused(_("There is no dosing day of this kind."), field="visit", value=visit.id)
    if visit.status != VisitStatus.BOOKED or visit.ends_at < at:
        raise Refused(_("This day is over, or no longer booked."), field="visit", value=visit.status)


def _lasts_the_night(visit: Visit, parent: Parent, until: datetime) -> None:
    zone = ZoneInfo(parent.timezone)
    morning = visit.starts_at.astimezone(zone) + timedelta(days=1)
    earliest = morning.replace(hour=defaults().childcare_until_hour, minute=0, second=0, microsecond=0)
    if until < earliest:
        words = {"clock": f"{earliest:%H:%M}", "given": f"{until.astimezone(zone):%H:%M}"}
        message = _("%(given)s is too early. The other adult stays until at least %(clock)s the next morning.") % words
        raise Refused(message, field="childcare_until", value=until)


def _feeds(visit: Visit, parent: Parent, feeds_at: Sequence[datetime]) -> list[str] | None:
    """Return planned feeds as they are kept, earliest first; None where none is planned."""
    allowed, zone = list(feed_hours(visit, parent.timezone)), parent.timezone
    for at in feeds_at:
        if at not in allowed:
            words = {
                "given": clock_of(at, zone),
                "first": clock_of(allowed[0], zone),
                "last": clock_of(allowed[-1], zone),
            }
            message = _(
                "A feed at %(given)s cannot be planned. Choose full hours from %(first)s to %(last)s the next day."
            )
            raise Refused(message % words, field="feeds_at", value=at)
    if len(feeds_at) > MOST_FEEDS:
        words = {"given": str(len(feeds_at)), "most": str(MOST_FEEDS)}
        message = _("%(given)s feeds are too many. Choose at most %(most)s.") % words
        raise Refused(message, field="feeds_at", value=len(feeds_at))
    return [at.astimezone(UTC).isoformat() for at in sorted({*feeds_at})] or None


def _phone(given: str) -> str:
    if not given.strip():
        return ""
    try:
        return clean_phone(given)
    except Refused as refused:
        raise Refused(refused.message, field="escort_phone", value=given[:60]) from None
