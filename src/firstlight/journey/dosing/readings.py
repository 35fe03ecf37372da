"""What a charted value is called, and what it can be at all: a figure outside is a slip of the finger, not a reading."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from firstlight.clinical.quantities import POSSIBLE
from firstlight.ground.people.errors import Refused

NAMES = {
    "sbp": gettext_lazy("Systolic pressure"),
    "dbp": gettext_lazy("Diastolic pressure"),
    "hr": gettext_lazy("Heart rate"),
    "spo2": gettext_lazy("Oxygen saturation"),
    "rr": gettext_lazy("Breathing rate"),
    "moaas": gettext_lazy("Alertness (MOAA/S)"),
    "dissociation": gettext_lazy("Dissociation"),
    "nausea": gettext_lazy("Nausea"),
}


def check_values(values: Mapping[str, int]) -> None:
    """Refuse a set that cannot be: nothing in it, a figure out of range, half a pressure, diastolic above systolic."""
    if not values:
        raise Refused(_("Enter at least one value."), field="values")
    for kind, value in values.items():
        low, high, _unit = POSSIBLE[kind]
        if not low <= value <= high:
            raise Refused(
                _("%(name)s %(value)s cannot be. It should lie between %(low)s and %(high)s.")
                % {"name": NAMES[kind], "value": value, "low": low, "high": high},
                field=kind,
                value=value,
            )
    if ("sbp" in values) != ("dbp" in values):
        missing = "dbp" if "sbp" in values else "sbp"
        raise Refused(_("%(name)s is missing: a pressure has two figures.") % {"name": NAMES[missing]}, field=missing)
    if "sbp" in values and values["dbp"] >= values["sbp"]:
        raise Refused(
            _("Diastolic %(dbp)s is not below systolic %(sbp)s. Check which is which.")
            % {"dbp": values["dbp"], "sbp": values["sbp"]},
            field="dbp",
            value=values["dbp"],
        )
