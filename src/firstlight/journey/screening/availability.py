"""Whether an instrument can be put to a parent here: it is shipped or imported, and every question has its text."""

from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from firstlight.clinical import instruments
from firstlight.journey.screening.holding import held_names


def cannot_be_asked(name: str, clinic_id: UUID) -> str | Promise:
    """Return why nobody can be asked an instrument in a clinic, in words for the clinic; nothing when it can be."""
    definition = instruments.instruments().get(name)
    if definition is None:
        return _("This questionnaire is not part of Firstlight yet.")
    if not definition.worded and name not in held_names(clinic_id):
        return _("Its text is licensed and is not here. A clinic that holds the licence imports it.")
    return ""
