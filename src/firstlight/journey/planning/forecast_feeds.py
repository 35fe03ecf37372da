"""The feeds with which a forecast begins, and whose they are."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from firstlight.ground.design.clocks import date_text, local
from firstlight.ground.people.models import Parent
from firstlight.journey.planning.defaults import defaults
from firstlight.journey.planning.feeds import clock_of, expected_start
from firstlight.journey.planning.models import DayPlan
from firstlight.journey.planning.selectors import plan_with_feeds

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Feeds:
    """`typed`: hours after the start as the form begins with them; `said`: where they come from."""

    typed: str
    said: str


def usual_feeds() -> str:
    """Return the clinic's default, as it is typed."""
    return ", ".join(map(str, defaults().feed_hours))


def feeds_of(parent: Parent, now: datetime) -> Feeds:
    """Return the feeds of a day plan, else the clinic's default, which is said to be one."""
    plan = plan_with_feeds(parent, now)
    if plan is None:
        said = _("No day plan names a feed. The clinic's default, which is ours: %(hours)s h after the start.")
        return Feeds(usual_feeds(), said % {"hours": usual_feeds()})
    start = expected_start(plan.visit)
    minutes = [(at - start) // MINUTE for at in plan.feeds_at if at > start]
    return Feeds(", ".join(map(_typed, minutes)), _said(plan, parent))


def _typed(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours}:{rest:02}" if rest else f"{hours}"


def _said(plan: DayPlan, parent: Parent) -> str:
    zone, visit = parent.timezone, plan.visit
    words = {
        "day": date_text(local(visit.starts_at, zone).date()),
        "clocks": ", ".join(clock_of(at, zone) for at in plan.feeds_at),
        "start": clock_of(expected_start(visit), zone),
        "minutes": str(defaults().dosing_infusion_after_minutes),
    }
    if plan.by_id == parent.account_id:
        message = _(
            "From the day plan of %(day)s, as the parent filled it: about %(clocks)s. Counted from %(start)s: the "
            "infusion is expected %(minutes)s min after the visit begins (ours)."
        )
    else:
        message = _(
            "From the day plan of %(day)s, as the clinic filled it: about %(clocks)s. Counted from %(start)s: the "
            "infusion is expected %(minutes)s min after the visit begins (ours)."
        )
    return message % words
