"""Sentences of fact over the charts. They say what was measured, never why it changed."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firstlight.clinical.instruments import Change
from firstlight.journey.response.selectors import Measure


def course_sentence(measure: Measure, change: Change | None, unanswered: tuple[int, int]) -> tuple[str, str]:
    """Return title and subtitle of the clinic's chart."""
    name = measure.key.upper()
    if not measure.answered:
        return _("%(name)s: no answer yet.") % {"name": name}, _missing(*unanswered)
    first = measure.answered[0].value
    if change is None:
        return _("%(name)s: %(first)s, measured once.") % {"name": name, "first": first}, _missing(*unanswered)
    title = _("%(name)s: %(first)s at first, %(last)s now.") % {
        "name": name,
        "first": change.first,
        "last": change.last,
    }
    return title, " ".join(part for part in (_certainty(change), _missing(*unanswered)) if part)


def _certainty(change: Change) -> str:
    if change.reliable is None:
        return _("There is no published value for a reliable change.")
    if change.reliable and change.direction == "worse":
        return _("Worse, by more than answering differently by chance would give.")
    if change.reliable:
        return _("More change than answering differently by chance would give.")
    return _("No more change than answering differently by chance could give.")


def _missing(missing: int, asked: int) -> str:
    if not asked:
        return ""
    return ngettext(
        "%(missing)d of %(asked)d question sets has no answer.",
        "%(missing)d of %(asked)d question sets have no answer.",
        missing,
    ) % {"missing": missing, "asked": asked}


def parent_sentence(measure: Measure, change: Change | None) -> str:
    """Return the one sentence over a parent's own line."""
    if change is None:
        return _("Your line begins here.")
    if not change.reliable:
        return _("About the same as when you began.")
    if change.direction == "better":
        return _("Lower than when you began.")
    return _("Higher than when you began.")
