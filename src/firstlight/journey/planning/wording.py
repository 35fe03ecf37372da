"""Orders, limits and what is missing, in words."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firstlight.clinical.protocols.session import figures
from firstlight.clinical.quantities import DosePerKilogram, Mass, QuantityError
from firstlight.clinical.quantities import Weight as BodyWeight
from firstlight.ground.design.clocks import date_text
from firstlight.ground.people.errors import Refused
from firstlight.journey.eligibility.selectors import Weight
from firstlight.journey.planning.models import Order

FIELDS = {
    "dose per kilogram": "mg_per_kg",
    "minutes": "minutes",
    "dose": "mg_per_kg",
    "weight": "weight",
    "route": "route",
}


def refused_words(error: QuantityError, weight: Weight) -> Refused:
    """Say a refusal of the dose rules in the language of the page."""
    words = {"value": error.value, "expected": error.expected}
    field = FIELDS.get(error.field, error.field)
    if error.code == "old_weight":
        days = {"day": date_text(weight.at.date()), "oldest": figures()["weight"]["oldest_days"]}
        message = _("The weight is of %(day)s. Weigh again: at most %(oldest)d days before the order.") % days
        return Refused(message, field=field, value=str(error.value))
    if field == "mg_per_kg" and error.code == "too_large":
        limits = figures()["routes"]["intravenous"]["limits"]
        most = {"per_kg": DosePerKilogram(limits["hard_ug_per_kg"]).text(), "mass": Mass(limits["hard_ug"]).text()}
        message = _("This is above the limit of %(per_kg)s and %(mass)s. It cannot be ordered here.") % most
        return Refused(message, field=field, value=str(error.value))
    return Refused(_("%(value)s cannot be used: %(expected)s.") % words, field=field, value=str(error.value))


def order_words(order: Order) -> str:
    """Say an order in one line, safe to read aloud."""
    words = {
        "dose": Mass(order.dose_ug).text(),
        "per_kg": DosePerKilogram(order.ug_per_kg).text(),
        "medicine": order.medicine,
        "route": order.route,
        "minutes": order.minutes,
    }
    return _("%(medicine)s %(dose)s (%(per_kg)s), %(route)s, over %(minutes)d min") % words


def sessions_words(sessions: int, weeks: int) -> str:
    """Say how many sessions in how many weeks."""
    counted = ngettext("%(count)d session", "%(count)d sessions", sessions) % {"count": sessions}
    span = ngettext("%(count)d week", "%(count)d weeks", weeks) % {"count": weeks}
    return _("%(sessions)s in %(weeks)s") % {"sessions": counted, "weeks": span}


def order_blocks(order: Order) -> list[dict[str, Any]]:
    """Return the body of an order's document."""
    weighed = {"weight": BodyWeight(order.weight_g).text(), "day": date_text(order.weight.at.date())}
    limits = figures()["routes"][order.route]["limits"]
    bounds = {
        "soft": DosePerKilogram(limits["soft_ug_per_kg"]).text(),
        "hard": DosePerKilogram(limits["hard_ug_per_kg"]).text(),
        "mass": Mass(limits["hard_ug"]).text(),
    }
    rows = [
        [_("Medicine"), order.medicine],
        [_("Dose"), Mass(order.dose_ug).text()],
        [_("Dose per kilogram"), DosePerKilogram(order.ug_per_kg).text()],
        [_("Route"), order.route],
        [_("Duration"), _("%(minutes)d min") % {"minutes": order.minutes}],
        [_("Course"), sessions_words(order.sessions, order.weeks)],
        [_("Weight"), _("%(weight)s, measured %(day)s") % weighed],
        [_("Reason"), order.reason or _("None needed")],
    ]
    limit_words = _(
        "Above %(soft)s a reason is needed; above %(hard)s or %(mass)s nothing can be ordered. Limits are ours."
    )
    return [
        {"heading": _("Order"), "table": {"columns": [_("What"), _("Ordered")], "rows": rows}},
        {"heading": _("Limits"), "paragraphs": [limit_words % bounds]},
    ]


def missing_words(key: str, about: str) -> str:
    """Say one thing that a dosing day lacks. `about`: baby, children, or silent after a loss."""
    children = {
        "baby": _("who stays with the baby overnight"),
        "children": _("who stays with your children overnight"),
        "silent": _("who stays with other children overnight, if there are any"),
    }
    words = {
        "escort_name": _("who takes you home"),
        "escort_phone": _("the telephone number of who takes you home"),
        "escort_is_adult": _("whether the person who takes you home is 18 or older"),
        "childcare_name": children[about],
        "childcare_until": _("until when that person stays"),
        "feeding_release": _("your feeding plan, which the clinic writes"),
    }
    return words[key]


def missing_sentence(missing: list[str], about: str, day: str) -> str:
    """Say what is missing for a day, as one sentence. Nothing missing gives nothing."""
    if not missing:
        return ""
    listed = [missing_words(key, about) for key in missing]
    if len(listed) == 1:
        return _("One thing is missing for %(day)s: %(what)s.") % {"day": day, "what": listed[0]}
    words = {"count": len(listed), "day": day, "what": "; ".join(listed)}
    return _("%(count)d things are missing for %(day)s: %(what)s.") % words
