"""Check-in links: a secret in an address that opens one set, for writing."""

import secrets
from datetime import datetime

from django.urls import reverse

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.journey.screening.links import digest_of
from firstlight.journey.screening.models import QuestionSet
from firstlight.journey.screening.services.openness import locked_open

LINK_ROLE = "link"


@write
def link_for(*, question_set: QuestionSet, by: Actor, at: datetime) -> str:
    """Return the address under which this one set can be answered without signing in. An earlier link stops working.

    Only a digest of the token is stored. Raises Refused for a set that is finished or expired.
    """
    current = locked_open(question_set, at)
    token = secrets.token_urlsafe(24)
    current.link_digest = question_set.link_digest = digest_of(token)
    current.save(update_fields=["link_digest"])
    record("screening.link_made", by=by, at=at, parent=current.parent_id, about=current)
    return reverse("screening:link", args=[token])


def link_actor(question_set: QuestionSet) -> Actor:
    """Return who acts through a check-in link: nobody known, who may write this one set and reach nothing else."""
    return Actor(role=LINK_ROLE, clinic_id=question_set.clinic_id)
