"""The live session's page: everything its template needs, for each state of the session."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.forms import Form
from django.utils.translation import gettext as _

from firstlight.clinical.protocols.session import earliest_leave
from firstlight.clinical.quantities import Concentration, DosePerKilogram, Mass, Volume
from firstlight.ground.audit.actors import Actor
from firstlight.ground.design.clocks import date_text
from firstlight.ground.ledger.models import Lot
from firstlight.ground.ledger.selectors import draws_of, lots_in_stock
from firstlight.ground.people.permissions import Permission, Role
from firstlight.ground.people.selectors import staff_of
from firstlight.journey.dosing import board
from firstlight.journey.dosing.forms import (
    ChartForm,
    LeaveForm,
    MarkForm,
    PrepareForm,
    RateForm,
    ReasonForm,
    SecondCheckForm,
    SecondPersonForm,
)
from firstlight.journey.dosing.gates import gates, standing_closed
from firstlight.journey.dosing.models import SessionState
from firstlight.journey.dosing.readiness import readiness
from firstlight.journey.dosing.selectors import Sheet
from firstlight.journey.dosing.trend import trend_of
from firstlight.journey.dosing.words import ACTIONS, MARKS

BEFORE = (SessionState.GATES, SessionState.PREPARED)


def live_context(sheet: Sheet, now: datetime) -> dict[str, Any]:
    """Return what changes while the session runs: readings, notices, pump, trend, log."""
    due = board.due_at(sheet)
    dose_ug = sheet.preparation.dose_ug if sheet.preparation else sheet.session.order.dose_ug
    return {
        "session": sheet.session,
        "sheet": sheet,
        "readings": board.readings(sheet, now),
        "notices": board.notice_rows(sheet),
        "log": board.log(sheet),
        "due": due,
        "overdue": due is not None and now >= due,
        "dose": Mass(dose_ug).text(),
        "delivered": Mass(round(sheet.delivered_ug(now), -2)).text(),
        "planned_end": sheet.planned_end(now) if board.running(sheet) else None,
        "trend": trend_of(sheet, now),
        "actions": ACTIONS.items(),
        "zone": sheet.session.clinic.timezone,
    }


def page_context(sheet: Sheet, actor: Actor, now: datetime, bound: dict[str, Form]) -> dict[str, Any]:
    """Return the whole page. `bound` holds forms that were refused, by name."""
    session = sheet.session
    context = {**live_context(sheet, now), "parent": session.parent, "may_chart": actor.may(Permission.SESSION_CHART)}
    context |= {
        "forms": {**_forms(sheet, actor, now), **bound},
        "may_prescribe": actor.may(Permission.SESSION_PRESCRIBE),
    }
    if session.state in BEFORE:
        found = gates(sheet, now)
        context |= {"gates": found, "closed": standing_closed(found)}
    if session.state == SessionState.RECOVERING and session.started_at and session.ended_at:
        context["criteria"] = readiness(sheet, now)
        context["earliest"] = earliest_leave(started_at=session.started_at, ended_at=session.ended_at)
    if actor.may(Permission.STOCK_READ):
        context["held"] = [Mass(held.in_hand_ug).text() for held in draws_of(actor, session.id) if held.in_hand_ug]
    if sheet.preparation:
        context["syringe"] = _syringe(sheet)
    return context


def _syringe(sheet: Sheet) -> dict[str, str]:
    preparation = sheet.preparation
    if preparation is None:
        return {}
    per_kilogram_ug = round(preparation.dose_ug * 1000 / sheet.session.order.weight_g)
    return {
        "volume": Volume(preparation.volume_ul).text(),
        "concentration": Concentration(preparation.concentration_ug_per_ml).text(),
        "per_kilogram": DosePerKilogram(per_kilogram_ug).text(),
    }


def _forms(sheet: Sheet, actor: Actor, now: datetime) -> dict[str, Form]:
    session = sheet.session
    forms: dict[str, Form] = {
        "chart": ChartForm(initial={"client_id": uuid4()}),
        "mark": MarkForm(kinds=mark_choices()),
    }
    if session.state == SessionState.GATES:
        forms |= {"prepare": PrepareForm(lots=lot_choices(actor, now)), "gate": ReasonForm()}
    if session.state in BEFORE:
        forms |= {
            "second": SecondPersonForm(people=people_choices(sheet, now)),
            "cancel": ReasonForm(),
            "gate": ReasonForm(),
        }
    if session.state == SessionState.PREPARED:
        forms["check"] = SecondCheckForm()
    if session.state in {SessionState.INFUSING, SessionState.PAUSED}:
        forms |= {"rate": RateForm(), "pause": ReasonForm(), "end": ReasonForm()}
    if session.state == SessionState.RECOVERING:
        forms["leave"] = LeaveForm()
    return forms


def mark_choices() -> list[tuple[str, Any]]:
    return list(MARKS.items())


def lot_choices(actor: Actor, now: datetime) -> list[tuple[str, str]]:
    """Return the lots that can be drawn from: strength first, and what one vial holds in all."""
    if not actor.may(Permission.STOCK_WRITE):
        return []
    return [
        (str(stocked.lot.id), _label(stocked.lot))
        for stocked in lots_in_stock(actor)
        if stocked.lot.expires_date >= now.date()
    ]


def people_choices(sheet: Sheet, now: datetime) -> list[tuple[str, str]]:
    """Return who can be the second person: clinical staff other than the nurse in charge."""
    staff = staff_of(sheet.session.clinic_id, now, (Role.NURSE, Role.PRESCRIBER))
    return [(str(member.id), str(member)) for member in staff if member.id != sheet.session.nurse_id]


def _label(lot: Lot) -> str:
    return _("%(strength)s, vial of %(volume)s holding %(total)s in all, lot %(lot)s, until %(until)s") % {
        "strength": Concentration(lot.concentration_ug_per_ml).text(),
        "volume": Volume(lot.vial_volume_ul).text(),
        "total": Mass(lot.vial_ug).text(),
        "lot": lot.lot_number,
        "until": date_text(lot.expires_date),
    }
