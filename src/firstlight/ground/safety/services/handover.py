"""Somebody at risk is declined: the door is not closed before another one is open."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import write
from firstlight.ground.people.models import Episode, Membership
from firstlight.ground.people.permissions import Role
from firstlight.ground.worklist.models import Task, Urgency
from firstlight.ground.worklist.services import open_task

HAND_OVER_WITHIN = timedelta(hours=1)  # ours: while the person who declined is still at work


@write
def hand_over(*, episode: Episode, reason: str, at_risk: bool, by: Actor, at: datetime) -> Task | None:
    """Open the task to hand a declined person over by telephone, for whoever declined. Follows episode.declined."""
    if not at_risk:
        return None
    owner = Membership.objects.filter(id=by.membership_id).first() if by.membership_id else None
    return open_task(
        clinic_id=episode.clinic_id,
        parent=episode.parent,
        kind="hand_over",
        title=_("Hand over by telephone: declined, and perhaps at risk"),
        reason=_("Speak with the next service and with the person, both by voice. Declined because: %(reason)s")
        % {"reason": reason},
        role=owner.role if owner else Role.PRESCRIBER,
        owner=owner,
        acknowledge_by=at + HAND_OVER_WITHIN,
        urgency=Urgency.NOW,
        link_name="people:enquiry",
        link_id=episode.id,
        by=by,
        at=at,
    )
