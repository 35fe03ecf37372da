"""A parent chooses the hours in which she is asked, and whether messages come at all."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Parent
from firstlight.journey.response.hours import without
from firstlight.journey.response.models import AskingHours
from firstlight.journey.response.schedule import schedule


@write
def choose_hours(
    *,
    parent: Parent,
    parts: Sequence[str],
    quiet_from: int | None = None,
    quiet_to: int | None = None,
    by: Actor,
    at: datetime,
) -> AskingHours:
    """Keep the parts of the day in which a parent may be asked, and a quiet time in them. Refuses a day without an hour."""
    known = schedule().parts
    if unknown := [key for key in parts if key not in known]:
        raise Refused(_("This is no part of the day."), field="parts", value=unknown)
    if (quiet_from is None) != (quiet_to is None):
        raise Refused(_("Give both ends of the quiet time, or neither."), field="quiet_from", value=quiet_from)
    hours = frozenset(hour for key in parts for hour in known[key].hours)
    if not without(hours, quiet_from, quiet_to):
        raise Refused(_("Leave at least one hour open. To get no messages, stop them."), field="parts", value=parts)
    chosen = _own(parent, at)
    chosen.parts = [key for key in known if key in parts]
    chosen.quiet_from, chosen.quiet_to, chosen.set_at = quiet_from, quiet_to, at
    chosen.save()
    record("asking_hours.chosen", by=by, at=at, parent=parent.id, about=chosen, detail={"parts": chosen.parts})
    return chosen


@write
def stop_messages(*, parent: Parent, by: Actor, at: datetime) -> AskingHours:
    """Send this parent no message about check-ins any more. They still open on her own pages."""
    chosen = _own(parent, at)
    if chosen.messages_off_at is None:
        chosen.messages_off_at = at
        chosen.save()
        record("messages.stopped", by=by, at=at, parent=parent.id, about=chosen)
    return chosen


@write
def allow_messages(*, parent: Parent, by: Actor, at: datetime) -> AskingHours:
    """Send this parent messages about check-ins again."""
    chosen = _own(parent, at)
    if chosen.messages_off_at is not None:
        chosen.messages_off_at = None
        chosen.save()
        record("messages.allowed", by=by, at=at, parent=parent.id, about=chosen)
    return chosen


def _own(parent: Parent, at: datetime) -> AskingHours:
    """Return her row, locked; until she chooses anything else it holds the schedule's own parts of the day."""
    defaults = {"clinic_id": parent.clinic_id, "parts": list(schedule().default_parts), "set_at": at}
    chosen, _made = AskingHours.objects.select_for_update().get_or_create(parent=parent, defaults=defaults)
    return chosen
