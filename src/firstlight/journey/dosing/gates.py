"""What must be true before the pump starts, and what each gate rests on."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from firstlight.clinical.protocols import vitals
from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.models import Child
from firstlight.ground.visits.selectors import visits_of
from firstlight.ground.worklist.selectors import tasks_about
from firstlight.journey.consent.selectors import consent_state
from firstlight.journey.dosing.selectors import Sheet
from firstlight.journey.planning.selectors import current_order, day_plan_of

BASELINE_WITHIN = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition. `state` is open, closed, or opened (by a prescriber); the sentence says what is there or missing."""

    key: str
    title: str
    state: str
    sentence: str
    basis: str
    can_be_opened: bool = True


def standing_open(found: tuple[Gate, ...]) -> list[Gate]:
    """Return the gates that are still closed."""
    return [gate for gate in found if gate.state == "closed"]
