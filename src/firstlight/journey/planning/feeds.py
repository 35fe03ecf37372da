"""When a baby would feed after a dose: full hours of the parent's clock, from the dose until a day after the visit begins."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from firstlight.ground.visits.models import Visit
from firstlight.journey.planning.defaults import defaults

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOST_FEEDS = 12


def expected_start(visit: Visit) -> datetime:
    """Return when the infusion of a dosing visit is expected to begin."""
    return visit.starts_at + timedelta(minutes=defaults().dosing_infusion_after_minutes)


def feed_hours(visit: Visit, zone: str) -> Iterator[datetime]:
    """Yield every moment at which a feed can be planned."""
    full = expected_start(visit).astimezone(ZoneInfo(zone)).replace(minute=0, second=0, microsecond=0)
    moment = full.astimezone(ZoneInfo("UTC")) + HOUR
    while moment <= visit.starts_at + DAY:
        yield moment
        moment += HOUR


def clock_of(moment: datetime, zone: str) -> str:
    """Return what the parent's clock shows."""
    return f"{moment.astimezone(ZoneInfo(zone)):%H:%M}"
