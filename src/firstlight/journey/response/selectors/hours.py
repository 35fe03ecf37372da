"""In which hours a parent is asked, and whether messages come."""

from dataclasses import dataclass
from datetime import datetime

from firstlight.ground.people.models import Parent
from firstlight.journey.response.hours import Hours, without
from firstlight.journey.response.models import AskingHours
from firstlight.journey.response.schedule import schedule


@dataclass(frozen=True, slots=True)
class Chosen:
    """What one parent chose, or the schedule's own parts of the day while she chose nothing."""

    parts: tuple[str, ...]
    quiet_from: int | None = None
    quiet_to: int | None = None
    messages_off_at: datetime | None = None
    set_at: datetime | None = None

    @property
    def hours(self) -> Hours:
        """Return the hours of her day. Parts that a later schedule does not have any more are left out."""
        known = schedule().parts
        kept = [key for key in self.parts if key in known] or list(schedule().default_parts)
        all_hours = frozenset(hour for key in kept for hour in known[key].hours)
        return Hours(without(all_hours, self.quiet_from, self.quiet_to) or all_hours)


def hours_of(parent: Parent) -> Chosen:
    """Return the hours in which one parent is asked."""
    row = AskingHours.objects.filter(parent=parent).first()
    if row is None:
        return Chosen(schedule().default_parts)
    return Chosen(tuple(row.parts), row.quiet_from, row.quiet_to, row.messages_off_at, row.set_at)
