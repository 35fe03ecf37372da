"""Writes of safety."""

from firstlight.ground.safety.services.changing import note_changed
from firstlight.ground.safety.services.concerns import raise_concern, weigh_fact
from firstlight.ground.safety.services.contacting import contact_again
from firstlight.ground.safety.services.handover import hand_over
from firstlight.ground.safety.services.lowering import Lowered, lower_concerns
from firstlight.ground.safety.services.plans import write_safety_plan
from firstlight.ground.safety.services.roster import add_slot, end_slot

__all__ = [
    "Lowered",
    "add_slot",
    "contact_again",
    "end_slot",
    "hand_over",
    "lower_concerns",
    "note_changed",
    "raise_concern",
    "weigh_fact",
    "write_safety_plan",
]
