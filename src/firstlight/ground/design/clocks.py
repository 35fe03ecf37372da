"""Dates, times and spans in words, in the zone of the clinic or of the parent. The present is always passed in."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def local(at: datetime, zone: ZoneInfo | str | None = None) -> datetime:
    """Return an aware moment in `zone` (name or ZoneInfo), or in the active zone. A naive moment raises ValueError."""
    if timezone.is_naive(at):
        raise ValueError(f"A moment without a zone cannot be shown: {at!r}")
    return timezone.localtime(at, ZoneInfo(zone) if isinstance(zone, str) else zone)


def time_text(at: datetime, zone: ZoneInfo | str | None = None) -> str:
    """Return the time of day, as in 14:32."""
    return date_format(local(at, zone), "H:i")


def date_text(on: date) -> str:
    """Return a date that no country reads the other way round, as in Mon 3 Mar 2025."""
    return date_format(on, "D j M Y")


def day_text(at: datetime, now: datetime, zone: ZoneInfo | str | None = None) -> str:
    """Return the day as people say it: today, tomorrow, yesterday, a weekday within six days, else the date."""
    day, today = local(at, zone).date(), local(now, zone).date()
    near = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}
    distance = (day - today).days
    if distance in near:
        return near[distance]
    if 1 < distance < 7:
        return date_format(day, "l")
    return date_format(day, "D j M") if day.year == today.year else date_text(day)


def moment_text(at: datetime, now: datetime, zone: ZoneInfo | str | None = None) -> str:
    """Return day and time, as in tomorrow 14:32."""
    return _("%(day)s %(time)s") % {"day": day_text(at, now, zone), "time": time_text(at, zone)}


def span_text(span: timedelta) -> str:
    """Return a length of time in its largest one or two units, as in 1 h 5 min. The sign is dropped."""
    span = abs(span)
    if span < MINUTE:
        return _("under 1 min")
    if span < HOUR:
        return _("%(count)d min") % {"count": span // MINUTE}
    if span < DAY:
        return _hours_text(span)
    days = span // DAY
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


def whole_span_text(span: timedelta) -> str:
    """Return a length of time that keeps its minutes beyond a day, as in 3 days 17 min. The sign is dropped."""
    days, rest = divmod(abs(span), DAY)
    parts = [days * DAY] * bool(days) + [rest] * bool(rest or not days)
    return " ".join(map(span_text, parts))


def _hours_text(span: timedelta) -> str:
    hours, minutes = span // HOUR, span % HOUR // MINUTE
    if not minutes:
        return _("%(hours)d h") % {"hours": hours}
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}


def relative_text(at: datetime, now: datetime) -> str:
    """Return how far a moment is from now: in 12 min, 12 min ago, now."""
    if abs(at - now) < MINUTE:
        return _("now")
    phrase = _("in %(span)s") if at > now else _("%(span)s ago")
    return phrase % {"span": span_text(at - now)}


def due_text(at: datetime, now: datetime) -> str:
    """Return how a deadline stands: due in 12 min, due now, 12 min late."""
    if abs(at - now) < MINUTE:
        return _("due now")
    phrase = _("due in %(span)s") if at > now else _("%(span)s late")
    return phrase % {"span": span_text(at - now)}


def running_text(span: timedelta) -> str:
    """Return a running clock, as in 12:05 (minutes) or 1:02:05 (hours). Below zero it stands still at 0:00."""
    seconds = max(0, int(span.total_seconds()))
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"
