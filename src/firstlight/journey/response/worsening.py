"""From where on a change the wrong way counts, in words: beside a figure, and in the task that follows."""

from django.utils.translation import gettext as _

from firstlight.clinical import instruments
from firstlight.clinical.evidence import Tag, text


def worse_words(definition: instruments.Instrument, language: str) -> str:
    """Return which published value makes a change the wrong way worse, and how far it was checked if nobody checked it."""
    value = definition.reliable_change or definition.important_difference
    if definition.worse_from is None or value is None:
        return _("No published value says from where on it is worse: a change is shown, and raises no task.")
    if definition.reliable_change is not None:
        words = _("Worse from %(points)s points on: more than chance seldom makes.")
    else:
        words = _("Worse from %(points)s points on: a difference that matters; no reliable change is published.")
    unchecked = f" ({text(value.tag.meaning, language)})" if value.tag is Tag.UNCHECKED else ""
    return words % {"points": f"{definition.worse_from:g}"} + unchecked
