"""In words why a total is compared with no other: it asks about days on both sides of a dose."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firstlight.clinical import instruments
from firstlight.journey.response.tracks import days_between


def mixed_words(name: str, dose_at: datetime, at: datetime) -> str:
    """Return how long an instrument asks back, and how long before its answers a dose was."""
    recall, days = instruments.instrument(name).recall_days or 0, days_between(dose_at, at)
    words = {"recall": recall, "days": days}
    if not days:
        return _("asks about %(recall)s days, a dose hours before") % words
    return (
        ngettext(
            "asks about %(recall)s days, a dose %(days)s day before",
            "asks about %(recall)s days, a dose %(days)s days before",
            days,
        )
        % words
    )
