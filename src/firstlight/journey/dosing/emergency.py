"""The emergency card: whom to call, what to say, what to do. All of it stands in the page, so it is there offline."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from firstlight.clinical.protocols import vitals
from firstlight.clinical.quantities import DosePerKilogram, Mass, Weight
from firstlight.ground.design.clocks import time_text
from firstlight.ground.safety.helplines import helplines
from firstlight.ground.safety.selectors import who_answers
from firstlight.journey.dosing.basis import basis
from firstlight.journey.dosing.selectors import Sheet

LEVEL = "emergency"


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody to call: who, and the number where there is one."""

    who: str
    number: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on the emergency card of one session."""

    calls: tuple[Call, ...]
    steps: tuple[str, ...]
    basis: str
    say: tuple[str, ...]


def card_of(sheet: Sheet, now: datetime) -> Card:
    """Return the card: call list from the clinic's own data, figures from the signed order and the chart."""
    return Card(
        calls=_calls(sheet, now),
        steps=vitals.steps("", LEVEL, get_language() or "en"),
        basis=basis("ours"),
        say=_say(sheet, now),
    )


def _calls(sheet: Sheet, now: datetime) -> tuple[Call, ...]:
    session = sheet.session
    clinic = session.clinic
    services = [Call(line.name, line.shown_number, clinic.address) for line in helplines() if line.kind == "emergency"]
    house = [Call(clinic.name, clinic.phone)]
    here = [Call(session.nurse.public_name, detail=_("in charge"))]
    if session.second_person:
        here.append(Call(session.second_person.public_name, detail=_("second person on site")))
    here.append(Call(session.order.by.public_name, detail=_("signed the order")))
    named = {call.who for call in here}
    # Before the start nobody has been given anything: the roster is asked once the pump runs.
    on_duty = who_answers(session.clinic_id, now) if session.started_at else []
    duty = [Call(one.public_name, detail=_("answers now")) for one in on_duty if one.public_name not in named]
    return (*services, *house, *here, *duty)


def _say(sheet: Sheet, now: datetime) -> tuple[str, ...]:
    session, order = sheet.session, sheet.session.order
    shown = {
        "medicine": order.medicine,
        "dose": Mass(order.dose_ug).text(),
        "per_kg": DosePerKilogram(order.ug_per_kg).text(),
        "route": order.route,
        "weight": Weight(order.weight_g).text(),
        "given": Mass(round(sheet.delivered_ug(now), -2)).text(),
        "start": time_text(session.started_at, session.clinic.timezone) if session.started_at else "",
    }
    said = [_("Weight %(weight)s.") % shown]
    said.append(_("Ordered: %(medicine)s %(dose)s (%(per_kg)s), %(route)s.") % shown)
    said.append(_("Given: %(given)s since %(start)s.") % shown if session.started_at else _("Nothing is given yet."))
    return tuple(said)
