"""Words of the session page."""

from django.utils.translation import gettext_lazy as _

from firstlight.journey.dosing.models import DISCARDED

# What can be noted, in the order in which it is offered.
MARKS = {
    "headache": _("Headache"),
    "vision_change": _("Change of vision"),
    "chest_pain": _("Chest pain"),
    "focal_deficit": _("Weakness, numbness or trouble speaking"),
    "breathlessness": _("Breathlessness"),
    "nausea_vomiting": _("Vomiting"),
    "agitation": _("Agitation"),
    "distress": _("Distress"),
    "medicine_given": _("Medicine given"),
    "prescriber_called": _("Prescriber called"),
    "touch": _("Touch, as agreed"),
    "safety_asked": _("Asked what changed since the last visit"),
    "safety_changed": _("Something is new or worse since the last visit"),
    "other": _("Something else"),
}
# One tap each on the emergency card.
EMERGENCY_MARKS = {
    "help_called": _("Help called in the clinic"),
    "ems_called": _("Emergency services called"),
    "airway_opened": _("Airway opened"),
    "oxygen_given": _("Oxygen given"),
    "medicine_at_once": _("Medicine given, details follow"),
    "ems_arrived": _("Emergency services here"),
}
# Written by a step of the session itself.
OWN_MARKS = {DISCARDED: _("Syringe discarded")}
NEEDS_WORDS = ("medicine_given", "safety_changed", "other")
ACTIONS = {
    "rechecked": _("Read again"),
    "paused": _("Paused"),
    "prescriber_called": _("Prescriber called"),
    "medicine_given": _("Medicine given"),
    "watching": _("Seen, watching"),
}
STEPS = {
    "start": _("Infusion started"),
    "rate": _("Rate changed"),
    "pause": _("Infusion paused"),
    "resume": _("Infusion resumed"),
    "end": _("Infusion ended"),
}
CRITERIA = {
    "time": _("Time since start and end"),
    "moaas": _("Alertness (MOAA/S)"),
    "dissociation": _("Dissociation"),
    "pressure": _("Blood pressure"),
    "gait": _("Walks steadily"),
    "oriented": _("Oriented"),
    "escort": _("Escort is here"),
}


def mark_name(kind: str) -> str:
    """Return what a mark is called."""
    return str({**MARKS, **EMERGENCY_MARKS, **OWN_MARKS}[kind])
