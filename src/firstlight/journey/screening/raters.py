"""Who may have rated a parent."""

from datetime import datetime
from uuid import UUID

from firstlight.ground.people.models import Membership
from firstlight.ground.people.permissions import Permission, Role, effective
from firstlight.ground.people.selectors import staff_of


def raters(clinic_id: UUID | None, now: datetime) -> list[Membership]:
    """Return the clinicians of a clinic who may read a parent's answers, and so may rate one."""
    people = staff_of(clinic_id, now) if clinic_id else []
    return [one for one in people if Permission.ANSWERS_READ in effective(Role(one.role), one.denied)]
