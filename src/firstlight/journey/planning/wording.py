"""Orders, limits and what is missing, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from firstlight.clinical.evidence import Tag, sources, text
from firstlight.clinical.protocols.session import figures
from firstlight.clinical.quantities import DosePerKilogram, Mass, QuantityError
from firstlight.clinical.quantities import Weight as BodyWeight
from firstlight.ground.design.clocks import date_text, local
from firstlight.ground.people.errors import Refused
from firstlight.journey.eligibility.selectors import Weight
from firstlight.journey.planning.models import Order

CHILD_CARE = {
    "baby": _lazy("who stays with the baby overnight"),
    "children": _lazy("who stays with the children overnight"),
    "silent": _lazy("who stays with other children overnight, if there are any"),
}
FIELDS = {
    "dose per kilogram": "mg_per_kg",
    "minutes": "minutes",
    "dose": "mg_per_kg",
    "weight": "weight",
    "route": "route",
}


def refused_words(error: QuantityError, weight: Weight, zone: ZoneInfo) -> Refused:
    """Say a refusal of the dose rules in the language of the page."""
    words = {"value": error.value, "expected": error.expected}
    field = FIELDS.get(error.field, error.field)
    if error.code == "old_weight":
        days = {"day": date_text(local(weight.at, zone).date()), "oldest": figures()["weight"]["oldest_days"]}
        message = _("The weight is of %(day)s. Weigh again: at most %(oldest)d days before the order.") % days
        return Refused(message, field=field, value=str(error.value))
    if field == "mg_per_kg" and error.code == "too_large":
        limits = figures()["routes"]["intravenous"]["limits"]
        most = {"per_kg": DosePerKilogram(limits["hard_ug_per_kg"]).text(), "mass": Mass(limits["hard_ug"]).text()}
        message = _("This is above the limit of %(per_kg)s and %(mass)s. It cannot be ordered here.") % most
        return Refused(message, field=field, value=str(error.value))
    return Refused(_("%(value)s cannot be used: %(expected)s.") % words, field=field, value=str(error.value))


def route_words(route: str) -> str:
    """Return how a route is said."""
    return {"intravenous": _("intravenous"), "intramuscular": _("intramuscular")}.get(route, route)


def order_words(order: Order) -> str:
    """Say an order in one line, safe to read aloud."""
    words = {
        "dose": Mass(order.dose_ug).text(),
        "per_kg": DosePerKilogram(order.ug_per_kg).text(),
        "medicine": order.medicine[:1].upper() + order.medicine[1:],
        "route": route_words(order.route),
        "minutes": order.minutes,
    }
    return _("%(medicine)s: %(dose)s (%(per_kg)s), %(route)s, over %(minutes)d min") % words


def sessions_words(sessions: int, weeks: int) -> str:
    """Say how many sessions in how many weeks."""
    counted = ngettext("%(count)d session", "%(count)d sessions", sessions) % {"count": sessions}
    span = ngettext("%(count)d week", "%(count)d weeks", weeks) % {"count": weeks}
    return _("%(sessions)s in %(weeks)s") % {"sessions": counted, "weeks": span}


def order_blocks(order: Order) -> list[dict[str, Any]]:
    """Return the body of an order's document."""
    weighed = {
        "weight": BodyWeight(order.weight_g).text(),
        "day": date_text(local(order.weight.at, order.clinic.timezone).date()),
    }
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
        [_("Route"), route_words(order.route)],
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


def missing_for_staff(key: str, about: str) -> str:
    """Say to the clinic one thing that a dosing day lacks."""
    words = {
        "escort_name": _("who takes the parent home"),
        "escort_phone": _("that person's telephone number"),
        "escort_is_adult": _("whether that person is 18 or older"),
        "childcare_name": CHILD_CARE[about],
        "childcare_until": _("until when the other adult stays"),
        "feeding_release": _("words about feeding, released by a prescriber"),
    }
    return str(words[key])


def missing_words(key: str, about: str) -> str:
    """Say to the parent one thing that a dosing day lacks. `about`: baby, children, or silent after a loss."""
    words = {
        "escort_name": _("who takes you home"),
        "escort_phone": _("the telephone number of who takes you home"),
        "escort_is_adult": _("whether the person who takes you home is 18 or older"),
        "childcare_name": CHILD_CARE[about],
        "childcare_until": _("until when that person stays"),
        "feeding_release": _("your feeding plan, which the clinic writes"),
    }
    return str(words[key])


def missing_sentences(missing: list[str], about: str, day: str) -> tuple[str, str]:
    """Say what is missing for a day: a short heading, and what it is where there are several. Nothing missing gives nothing."""
    if not missing:
        return "", ""
    listed = [missing_words(key, about) for key in missing]
    if len(listed) == 1:
        return _("One thing is missing for %(day)s: %(what)s.") % {"day": day, "what": listed[0]}, ""
    heading = _("%(count)d things are missing for %(day)s.") % {"count": len(listed), "day": day}
    return heading, _("Not known yet: %(what)s.") % {"what": "; ".join(listed)}


def limits_words() -> list[tuple[str, str]]:
    """Say each limit of an order, and where it comes from."""
    route, weight = figures()["routes"]["intravenous"], figures()["weight"]
    limits, usual, reported = route["limits"], route["usual"], route["reported"]
    low, high = (DosePerKilogram(ug).text() for ug in reported["ug_per_kg"])
    usual_words = {"dose": DosePerKilogram(usual["ug_per_kg"]).text(), "minutes": usual["minutes"]}
    return [
        (_("Usual: %(dose)s over %(minutes)d min") % usual_words, basis_words(usual)),
        (_("Reported: %(low)s to %(high)s") % {"low": low, "high": high}, basis_words(reported)),
        (
            _("A reason from above %(dose)s") % {"dose": DosePerKilogram(limits["soft_ug_per_kg"]).text()},
            basis_words(limits),
        ),
        (
            _("Never above %(dose)s or %(mass)s")
            % {"dose": DosePerKilogram(limits["hard_ug_per_kg"]).text(), "mass": Mass(limits["hard_ug"]).text()},
            basis_words(limits),
        ),
        (_("Not faster than %(minutes)d min") % {"minutes": limits["least_minutes"]}, basis_words(limits)),
        (_("Weight at most %(days)d days old, as measured") % {"days": weight["oldest_days"]}, basis_words(weight)),
        (_("A reason from a body mass index of %(bmi)d") % {"bmi": weight["bmi_choice_from"]}, basis_words(weight)),
    ]


def basis_words(figure: Mapping[str, Any]) -> str:
    """Say what a figure rests on: its sources, or that it is ours."""
    titles = [sources()[key].title for key in figure["sources"] if key in sources()]
    return "; ".join(titles) or text(Tag(figure["tag"]).meaning, get_language() or "en")


def reason_words(reason: str) -> str:
    """Say why an order asks for a reason."""
    soft = DosePerKilogram(figures()["routes"]["intravenous"]["limits"]["soft_ug_per_kg"]).text()
    words = {
        "soft_limit": _("This is above %(soft)s: say why.") % {"soft": soft},
        "bmi": _("The body mass index is %(bmi)d or more: say why the measured weight is used.")
        % {"bmi": figures()["weight"]["bmi_choice_from"]},
    }
    return words[reason]


@dataclass(frozen=True, slots=True)
class FeedingSource:
    """What one side says about milk; the two stand beside each other, never one alone."""

    title: str
    text: str
    keys: tuple[str, ...]


def feeding_sources() -> list[FeedingSource]:
    """Return both sides: the label against it, the guide for it with watching."""
    return [
        FeedingSource(
            _("One source says: do not"),
            _("The label of esketamine nasal spray says not to breastfeed during treatment."),
            ("S-LABEL",),
        ),
        FeedingSource(
            _("Another says: you can, and watch the baby"),
            _(
                "A guide on medicines and milk says that little ketamine gets into milk. Watch how the baby wakes, "
                "drinks and gains weight. Only eight women were tested."
            ),
            ("LACT", "WOLFSON-22", "MAJDINASAB-23"),
        ),
    ]
