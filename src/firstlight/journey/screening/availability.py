"""Whether an instrument can be put to a parent here: shipped or imported, each question with its text, in words that fit."""

from collections.abc import Collection
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from firstlight.clinical import instruments
from firstlight.ground.people.models import Parent, Relation
from firstlight.journey.screening.holding import held_names


def has_text(name: str, held: Collection[str]) -> bool:
    """Tell whether the questions of an instrument can be read here: shipped, or among those that the clinic holds."""
    return name in held or instruments.instrument(name).worded


def speaks_to(name: str, held: Collection[str], relation: str) -> bool:
    """Tell whether the words that stand here fit a parent: those that ship may speak to a mother.

    A clinic's text of what ships with words is those words, or a translation of them: it speaks to nobody else. Where none
    ship, a clinic's own are its own.
    """
    definition = instruments.instrument(name)
    own = name in held and not definition.worded
    return relation == Relation.MOTHER or own or not definition.says_mother


def cannot_be_asked(name: str, clinic_id: UUID, held: Collection[str] | None = None) -> str | Promise:
    """Return why nobody can be asked an instrument in a clinic, in words for the clinic; nothing when it can be.

    `held`: what the clinic holds, where a page has read it already.
    """
    if name not in instruments.instruments():
        return _("This questionnaire is not part of Firstlight yet.")
    if not has_text(name, ()) and not has_text(name, held_names(clinic_id) if held is None else held):
        return _("The text is licensed and is not here. A clinic that holds the licence imports it.")
    return ""


def speaks_to_another(name: str, parent: Parent, held: Collection[str] | None = None) -> str | Promise:
    """Return why the words of an instrument do not fit a parent, in words for the clinic; nothing when they do.

    `held`: what the clinic holds, where a page has read it already.
    """
    relation = parent.relation
    if speaks_to(name, (), relation):
        return ""
    if speaks_to(name, held_names(parent.clinic_id) if held is None else held, relation):
        return ""
    return _("The words speak to a mother.")
