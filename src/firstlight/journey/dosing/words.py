"""Words of the session page."""

from django.utils.translation import gettext_lazy as _

MARKS = {
    "safety_asked": _("Asked what changed since the last visit"),
    "nausea_vomiting": _("Vomiting"),
    "headache": _("Headache"),
    "vision_change": _("Change of vision"),
    "chest_pain": _("Chest pain"),
    "breathlessness": _("Breathlessness"),
    "agitation": _("Agitation"),
    "distress": _("Distress"),
    "medicine_given": _("Medicine given"),
    "prescriber_called": _("Prescriber called"),
    "touch": _("Touch, as agreed"),
    "other": _("Something else"),
}
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
    "pressure": _("Blood pressure, not rising"),
    "gait": _("Walks steadily"),
    "oriented": _("Oriented"),
    "escort": _("Escort is here"),
}
