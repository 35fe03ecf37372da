"""The live session's page: everything its template needs, for each state of the session."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.forms import Form
from django.utils.translation import gettext as _

from firstlight.clinical.protocols import dose
from firstlight.clinical.protocols.session import earliest_leave
from firstlight.clinical.quantities import POSSIBLE, Concentration, DosePerKilogram, Mass, QuantityError, Volume
from firstlight.ground.audit.actors import Actor
from firstlight.ground.design.clocks import date_text
from firstlight.ground.design.fields import FieldParts, parts
from firstlight.ground.ledger.models import Lot
from firstlight.ground.ledger.selectors import draws_of, lots_in_stock
from firstlight.ground.people.permissions import Permission, Role
from firstlight.ground.people.selectors import staff_of
from firstlight.ground.visits.clocktimes import day_of
from firstlight.journey.dosing import board
from firstlight.journey.dosing.conditions import OPEN, touch_kinds
from firstlight.journey.dosing.emergency import card_of
from firstlight.journey.dosing.entries import entries
from firstlight.journey.dosing.forecast import forecast_of
from firstlight.journey.dosing.forms import (
    ChartForm,
    LeaveForm,
    MarkForm,
    PrepareForm,
    RateForm,
    ReasonForm,
    RecoveryForm,
    RightNowForm,
    SecondCheckForm,
    SecondPersonForm,
)
from firstlight.journey.dosing.gates import agreement_now, gates, standing_closed
from firstlight.journey.dosing.models import Session, SessionState
from firstlight.journey.dosing.raised import raised_in
from firstlight.journey.dosing.readiness import readiness
from firstlight.journey.dosing.recovery import definition, latest_shown
from firstlight.journey.dosing.right_now import BEFORE as BEFORE_THE_DOSE
from firstlight.journey.dosing.right_now import asked_in, basis_text, says_urge, words_of
from firstlight.journey.dosing.right_now import definition as questions
from firstlight.journey.dosing.selectors import Sheet
from firstlight.journey.dosing.trend import trend_of
from firstlight.journey.dosing.words import ACTIONS, EMERGENCY_MARKS, MARKS

BEFORE = (SessionState.GATES, SessionState.PREPARED)
RUNNING = (SessionState.INFUSING, SessionState.PAUSED)
STEPS = {"sbp": 2, "dbp": 2}
STARTS = {"moaas": 5, "dissociation": 0, "nausea": 0}
"""Where a stepper begins when nothing was charted before: at the end of the scale that means nothing is wrong."""


@dataclass(frozen=True, slots=True)
class ValueRow:
    """One stepper of the chart form: the last charted value is offered, never filled in by itself."""

    part: FieldParts
    step: int
    last: int | None
    last_at: str


def session_context(sheet: Sheet, actor: Actor, now: datetime, bound: dict[str, Form] | None = None) -> dict[str, Any]:
    """Return the whole page. `bound` holds forms that were refused, by name."""
    session, bound = sheet.session, bound or {}
    forms = {**_forms(sheet, actor, now), **bound}
    context = {
        **_shown(sheet, now),
        "session": session,
        "sheet": sheet,
        "raised": raised_in(session, actor),
        "parent": session.parent,
        "forms": forms,
        "value_rows": value_rows(forms["chart"], sheet),
        "zone": session.clinic.timezone,
        "actions": ACTIONS.items(),
        "emergency_marks": EMERGENCY_MARKS.items(),
        "may_chart": actor.may(Permission.SESSION_CHART),
        "may_draw": actor.may(Permission.STOCK_WRITE),
        "may_prescribe": actor.may(Permission.SESSION_PRESCRIBE),
    }
    if session.live:
        context["card"] = card_of(sheet, now)
    if session.state != SessionState.CANCELLED:
        context |= _asked(sheet, forms, now)
    if session.live and actor.may(Permission.SESSION_CHART):
        context["forecast"] = forecast_of(sheet, now)
    if session.state in BEFORE:
        found = gates(sheet, now)
        rows = [(gate, bound.get(f"gate_{gate.key}")) for gate in found]
        context["gates"] = found
        context["open_gates"] = [row for row in rows if row[0].state == OPEN]
        context["shut_gates"] = sorted((row for row in rows if row[0].state != OPEN), key=lambda row: row[0].state)
        context["closed"] = standing_closed(found)
    elif session.live:
        context["touch"] = touch_kinds(agreement_now(session.episode).touch, day_of(now, session.clinic.timezone))
    if session.state == SessionState.RECOVERING and session.started_at and session.ended_at:
        context["criteria"] = readiness(sheet, now)
        context["score"] = latest_shown(sheet)
        context["table"] = definition()
        context["score_rows"] = score_rows(forms["recovery"])
        context["earliest"] = earliest_leave(started_at=session.started_at, ended_at=session.ended_at)
    if actor.may(Permission.STOCK_READ) and _in_hand_matters(sheet):
        context["held"] = [Mass(held.in_hand_ug).text() for held in draws_of(actor, session.id) if held.in_hand_ug]
    return context


def _asked(sheet: Sheet, forms: dict[str, Form], now: datetime) -> dict[str, Any]:
    """Return what the parent said of the moment, and the questions while somebody can ask them."""
    asked = [one for one in asked_in(sheet, now) if sheet.session.started_at or one.key == BEFORE_THE_DOSE]
    shown: dict[str, Any] = {"asked": asked, "urge": says_urge(sheet), "basis_of_ours": basis_text()}
    return shown | (asking_right_now(forms["right_now"]) if "right_now" in forms else {})


def ask_rows(form: Form) -> list[FieldParts]:
    """Return the rows of our questions for this moment, none ticked unless somebody ticked it."""
    return [parts(form[item.key], say_optional=False) for item in questions().items]


def asking_right_now(form: Form) -> dict[str, Any]:
    """Return our questions for this moment as a page shows them, and on what they rest."""
    return {"ask_rows": ask_rows(form), "stem": words_of(questions().stem or {}), "basis_of_ours": basis_text()}


def _in_hand_matters(sheet: Sheet) -> bool:
    """Tell whether what is in hand of a draw is a rest to be wasted, not the syringe in use."""
    discarded = len(sheet.preparations) > bool(sheet.preparation)
    return discarded or (bool(sheet.preparations) and sheet.session.state not in {*BEFORE, *RUNNING})


def _shown(sheet: Sheet, now: datetime) -> dict[str, Any]:
    """Return what the chart says now."""
    empty_at = sheet.empty_at()
    return {
        "large": board.large_readings(sheet, now),
        "small": board.small_readings(sheet, now),
        "open_notices": board.open_rows(sheet),
        "seen_notices": board.seen_rows(sheet),
        "log": list(reversed(entries(sheet))),
        "due": board.due_row(sheet, now),
        "dose": _dose(sheet),
        "delivered": Mass(round(sheet.delivered_ug(now), -2)).text(),
        "empty_at": empty_at,
        "is_empty": empty_at is not None and empty_at <= now,
        "trend": trend_of(sheet, now),
    }


def _dose(sheet: Sheet) -> dict[str, str]:
    """Return the dose as it is shown everywhere: mg first, then mg/kg; volume and vial once a syringe stands."""
    order, preparation = sheet.session.order, sheet.preparation
    dose_ug = preparation.dose_ug if preparation else order.dose_ug
    shown = {
        "mass": Mass(dose_ug).text(),
        "per_kg": DosePerKilogram(round(dose_ug * 1000 / order.weight_g)).text(),
        "minutes": str(order.minutes),
        "route": order.route,
    }
    if preparation and sheet.check and sheet.check.agrees:
        shown |= {
            "volume": Volume(preparation.volume_ul).text(),
            "strength": Concentration(preparation.concentration_ug_per_ml).text(),
            "vial": Mass(preparation.vial_ug).text(),
            "lot": preparation.lot_number,
        }
    return shown


def value_rows(form: Form, sheet: Sheet) -> list[ValueRow]:
    """Return the steppers of a chart form, with what was charted last of each kind."""
    last = board.last_values(sheet)
    rows = []
    for kind, (low, high, unit) in POSSIBLE.items():
        value, at = last.get(kind, (None, ""))
        about: dict[str, Any] = {"data_min": low, "data_max": high}
        about |= {"data_last": value} if value is not None else {}
        about |= {"data_start": STARTS[kind]} if kind in STARTS else {}
        part = parts(form[kind], unit=unit or f"{low}–{high}", **about)
        rows.append(ValueRow(part, STEPS.get(kind, 1), value, at))
    return rows


def score_rows(form: Form) -> list[FieldParts]:
    """Return the rows of a modified Aldrete, none ticked unless somebody ticked it."""
    return [parts(form[item.key], say_optional=False) for item in definition().items]


def _forms(sheet: Sheet, actor: Actor, now: datetime) -> dict[str, Form]:
    session = sheet.session
    forms: dict[str, Form] = {
        "chart": ChartForm(initial={"client_id": uuid4()}, auto_id="chart_%s"),
        "mark": MarkForm(kinds=mark_choices(), auto_id="mark_%s"),
    }
    if session.state in {*BEFORE, SessionState.RECOVERING}:
        forms["right_now"] = RightNowForm(initial={"client_id": uuid4()}, auto_id="right_now_%s")
    if session.state == SessionState.GATES:
        forms["prepare"] = PrepareForm(lots=lot_choices(session, actor, now), auto_id="prepare_%s")
    if session.state in BEFORE:
        forms["cancel"] = ReasonForm(auto_id="cancel_%s")
    if session.state in BEFORE and session.second_person is None:
        forms["second"] = SecondPersonForm(people=people_choices(session, now), auto_id="second_%s")
    if session.state == SessionState.PREPARED:
        forms |= {"check": SecondCheckForm(auto_id="check_%s"), "discard": ReasonForm(auto_id="discard_%s")}
    if session.state in RUNNING:
        forms |= {"rate": RateForm(auto_id="rate_%s"), "end": ReasonForm(auto_id="end_%s")}
    if session.state == SessionState.RECOVERING:
        forms["leave"] = LeaveForm(auto_id="leave_%s")
        forms["recovery"] = RecoveryForm(initial={"client_id": uuid4()}, auto_id="recovery_%s")
    return forms


def mark_choices() -> list[tuple[str, Any]]:
    """Return what can be noted in the form."""
    return list(MARKS.items())


def lot_choices(session: Session, actor: Actor, now: datetime) -> list[tuple[str, str]]:
    """Return the lots that can be drawn from: strength first, what this dose is at it, what one vial holds in all."""
    if not actor.may(Permission.STOCK_WRITE):
        return []
    today = day_of(now, session.clinic.timezone)
    return [
        (str(stocked.lot.id), _label(stocked.lot, session.order.dose_ug))
        for stocked in lots_in_stock(actor)
        if not stocked.expired_on(today)
    ]


def _label(lot: Lot, dose_ug: int) -> str:
    strength = Concentration(lot.concentration_ug_per_ml)
    shown = {
        "strength": strength.text(),
        "vial": Volume(lot.vial_volume_ul).text(),
        "total": Mass(lot.vial_ug).text(),
        "lot": lot.lot_number,
        "until": date_text(lot.expires_date),
    }
    said = _("%(strength)s: one vial of %(vial)s holds %(total)s in all. Lot %(lot)s, until %(until)s.") % shown
    try:
        syringe = dose.on_syringe(Mass(dose_ug), strength)
    except QuantityError:
        return said
    return f"{said} {_('%(mass)s are %(volume)s.') % {'mass': syringe.mass.text(), 'volume': syringe.volume.text()}}"


def people_choices(session: Session, now: datetime) -> list[tuple[str, str]]:
    """Return who can be the second person: clinical staff other than the nurse in charge."""
    staff = staff_of(session.clinic_id, now, (Role.NURSE, Role.PRESCRIBER))
    return [
        (str(member.id), f"{member.public_name}, {member.title}") for member in staff if member.id != session.nurse_id
    ]
