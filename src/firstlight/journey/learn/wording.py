"""What somebody who asks for a call may count on."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from firstlight.ground.design.clocks import day_text, time_text
from firstlight.ground.safety.selectors import WatchNotice

BY_NAME_FROM_DAYS = 2


def read_by(notice: WatchNotice, now: datetime, zone: ZoneInfo) -> str:
    """Return by when a request that comes in now is read, true at whatever moment the page is seen; else nothing."""
    if notice.until is None:
        return ""
    words = {"day": day_text(notice.until, now, zone), "time": time_text(notice.until, zone)}
    days = (notice.until.astimezone(zone).date() - now.astimezone(zone).date()).days
    if days < BY_NAME_FROM_DAYS:
        return _("A request that comes in now is read %(day)s by %(time)s.") % words
    return _("A request that comes in now is read on %(day)s by %(time)s.") % words
