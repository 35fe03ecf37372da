"""Whether an instrument can be put to a parent here: it is shipped or imported, and every question has its text."""

from collections.abc import Collection
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from firstlight.clinical import instruments
from firstlight.journey.screening.holding import held_names


def has_text(name: str, held: Collection[str]) -> bool:
    """Tell whether the questions of an instrument can be read here: shipped, or among those that the clinic holds."""
    return name in held or instruments.instrument(name).worded


def cannot_be_asked(name: str, clinic_id: UUID, held: Collection[str] | None = None) -> str | Promise:
    """Return why nobody can be asked an instrument in a clinic, in words for the clinic; nothing when it can be.

    `held`: what the clinic holds, where a page has read it already.
    """
    if name not in instruments.instruments():
        return _("This questionnaire is not part of Firstlight yet.")
    if not has_text(name, ()) and not has_text(name, held_names(clinic_id) if held is None else held):
        return _("Its text is licensed and is not here. A clinic that holds the licence imports it.")
    return ""
