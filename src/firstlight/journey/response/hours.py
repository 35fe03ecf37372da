"""The hours of a day in which a parent may be asked, on her own clock. Pure: no database, no clock of its own."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

HOURS_A_DAY = 24
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LONGEST_SEARCH = timedelta(days=3)
"""Long enough for the one hour of a day that a change of the clock leaves out."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Some of the hours 0 to 23, never none of them."""

    allowed: frozenset[int]

    def __post_init__(self) -> None:
        """Refuse hours that no day has, and a day without any."""
        if not self.allowed or not self.allowed <= set(range(HOURS_A_DAY)):
            raise ValueError(f"These are not hours of a day: {sorted(self.allowed)}")

    def admits(self, at: datetime, zone: ZoneInfo) -> bool:
        """Tell whether a moment lies in these hours on a clock of that zone."""
        return at.astimezone(zone).hour in self.allowed

    def next_moment(self, after: datetime, zone: ZoneInfo) -> datetime:
        """Return the first moment at or after `after` that lies in these hours.

        It walks on from one full hour of the local clock to the next, in time that really passes: an hour that a spring
        morning leaves out is never named, and one that an autumn night has twice counts from its first beginning.
        """
        moment = after.astimezone(UTC)
        while not self.admits(moment, zone):
            moment = _next_full_hour(moment, zone)
            if moment - after > LONGEST_SEARCH:
                raise ValueError(f"{zone.key} has none of the hours {sorted(self.allowed)} within days")
        return moment


def _next_full_hour(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return when the hour on the local clock changes next; a clock may be set while the hour runs."""
    past = moment.astimezone(zone)
    ahead = HOUR - timedelta(minutes=past.minute, seconds=past.second, microseconds=past.microsecond)
    before_change = past.utcoffset()
    if (moment + ahead - timedelta(microseconds=1)).astimezone(zone).utcoffset() == before_change:
        return moment + ahead
    return _first_minute_of_another_hour(moment, zone)


def _first_minute_of_another_hour(moment: datetime, zone: ZoneInfo) -> datetime:
    hour = moment.astimezone(zone).hour
    whole = moment.replace(second=0, microsecond=0)
    return next(
        at
        for at in (whole + minute * MINUTE for minute in range(1, 3 * 60))
        if at > moment and at.astimezone(zone).hour != hour
    )


def without(hours: frozenset[int], quiet_from: int | None, quiet_to: int | None) -> frozenset[int]:
    """Return hours without a quiet time, which may reach over midnight. From and to the same is no quiet time."""
    if quiet_from is None or quiet_to is None:
        return hours
    quiet = {(quiet_from + step) % HOURS_A_DAY for step in range((quiet_to - quiet_from) % HOURS_A_DAY)}
    return hours - quiet
