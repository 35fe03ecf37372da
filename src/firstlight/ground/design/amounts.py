"""Why an amount that somebody typed cannot be used, in words that say what would be right."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from firstlight.clinical.quantities import QuantityError

WHY_WRONG: Mapping[str, Callable[[], str]] = {
    "unit": lambda: _("Leave the unit as it stands beside the field."),
    "negative": lambda: _("An amount is never negative."),
    "naked_decimal": lambda: _("Write a zero before the point."),
    "trailing_zero": lambda: _("Leave out the zero at the end."),
    "bare_point": lambda: _("Leave out the point at the end."),
    "leading_zero": lambda: _("Leave out the zero at the front."),
    "exponent": lambda: _("Write the number in full."),
    "too_fine": lambda: _("That is finer than can be measured."),
    "too_large": lambda: _("That is more than can be."),
    "too_small": lambda: _("That is less than can be."),
}


def why_wrong(error: QuantityError) -> str:
    """Return the sentence for what is wrong with an amount; nothing when it is no number at all."""
    why = WHY_WRONG.get(error.code)
    return why() if why else ""
