"""Times as a clinic's wall clock shows them, and the moments they mean."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from firstlight.ground.people.errors import Refused


def moment_of(on: date, clock: time, zone: str) -> datetime:
    """Return the moment at which the clinic's clock shows a time. Refused on the two nights when clocks change.

    Then a time is shown twice or never, and a booking would mean another hour than somebody thinks.
    """
    earlier = datetime.combine(on, clock, ZoneInfo(zone))
    later = earlier.replace(fold=1)
    if earlier.utcoffset() == later.utcoffset():
        return earlier.astimezone(UTC)
    shown = {"time": f"{clock:%H:%M}", "day": on.isoformat()}
    if earlier.astimezone(UTC).astimezone(ZoneInfo(zone)).time() != clock:
        message = _("There is no %(time)s on %(day)s: clocks go forward in that hour. Choose another time.") % shown
    else:
        message = _("%(time)s comes twice on %(day)s: clocks go back in that hour. Choose another time.") % shown
    raise Refused(message, field="time", value=shown["time"])


def day_of(at: datetime, zone: str) -> date:
    """Return the clinic's calendar day at a moment."""
    return at.astimezone(ZoneInfo(zone)).date()


def bounds_of(on: date, zone: str) -> tuple[datetime, datetime]:
    """Return the moments at which a clinic's calendar day begins and ends; 23 or 25 hours apart when clocks change."""
    begin = datetime.combine(on, time(), ZoneInfo(zone))
    end = datetime.combine(on + timedelta(days=1), time(), ZoneInfo(zone))
    return begin.astimezone(UTC), end.astimezone(UTC)
