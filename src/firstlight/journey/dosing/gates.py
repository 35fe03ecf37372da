"""What must be true before the pump starts, and what each gate rests on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from firstlight.clinical.protocols.session import day_pressure, figures
from firstlight.ground.audit.actors import Actor
from firstlight.ground.safety.selectors import open_concern
from firstlight.ground.visits.models import VisitKind, VisitStatus
from firstlight.ground.visits.selectors import visits_of
from firstlight.journey.consent.selectors import ConsentState, consent_state
from firstlight.journey.dosing.selectors import Sheet
from firstlight.journey.planning.selectors import current_order, day_state

BASELINE_WITHIN = timedelta(minutes=30)
OPEN, CLOSED, OPENED = "open", "closed", "opened"


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition. `state`: open, closed, or opened by a prescriber. The sentence says what is there or missing."""

    key: str
    title: str
    state: str
    sentence: str
    basis: str
    can_be_opened: bool = True


def gates(sheet: Sheet, now: datetime) -> tuple[Gate, ...]:
    """Return every gate of a session, in the order in which the day meets them."""
    opened = {override.gate: override for override in sheet.overrides}
    found = (gate for check in CHECKS if (gate := check(sheet, now)) is not None)
    return tuple(_with_override(gate, opened) for gate in found)


def standing_closed(found: tuple[Gate, ...]) -> list[Gate]:
    """Return the gates that are still closed."""
    return [gate for gate in found if gate.state == CLOSED]


def _with_override(gate: Gate, opened: Mapping[str, object]) -> Gate:
    if gate.state == CLOSED and gate.can_be_opened and gate.key in opened:
        return replace(gate, state=OPENED)
    return gate


def _state(holds: bool) -> str:
    return OPEN if holds else CLOSED


def _system(sheet: Sheet) -> Actor:
    return Actor.system(sheet.session.clinic_id)


def _consent(sheet: Sheet, now: datetime) -> Gate:
    holds = consent_state(sheet.session.episode, now) == ConsentState.CURRENT
    said = _("Signed, current version.") if holds else _("The agreement is not signed, or was withdrawn.")
    return Gate("consent", _("Agreement"), _state(holds), said, _("Rule of this clinic"), can_be_opened=False)


def _order(sheet: Sheet, now: datetime) -> Gate:
    order = current_order(sheet.session.episode)
    holds = order is not None and order.id == sheet.session.order_id
    said = _("Signed order stands.") if holds else _("The order was stopped or replaced: open the session anew.")
    return Gate("order", _("Signed order"), _state(holds), said, _("Rule of this clinic"), can_be_opened=False)


def _weight(sheet: Sheet, now: datetime) -> Gate:
    oldest = figures()["weight"]["oldest_days"]
    days = (now - sheet.session.order.weight.at).days if sheet.session.number == 1 else 0
    said = _("Measured %(days)s days ago; at most %(oldest)s before the first dose.") % {"days": days, "oldest": oldest}
    return Gate("weight", _("Weight"), _state(days <= oldest), said, _("Ours, no source"))


def _preparation(sheet: Sheet, now: datetime) -> Gate:
    visits = visits_of(_system(sheet), sheet.session.parent_id)
    before = [visit for visit in visits if visit.kind == VisitKind.PREPARATION and visit.status == VisitStatus.HAPPENED]
    said = _("Preparation with %(who)s.") % {"who": before[-1].staff.public_name} if before else ""
    said = said or _("No preparation visit has taken place.")
    return Gate("preparation", _("Preparation"), _state(bool(before)), said, _("Rule of this clinic"))


def _integration(sheet: Sheet, now: datetime) -> Gate:
    visits = visits_of(_system(sheet), sheet.session.parent_id)
    after = [
        visit
        for visit in visits
        if visit.kind == VisitKind.INTEGRATION and visit.status == VisitStatus.BOOKED and visit.starts_at > now
    ]
    said = _("Booked with %(who)s.") % {"who": after[0].staff.public_name} if after else ""
    said = said or _("No integration visit is booked after this dose.")
    return Gate("integration", _("Integration"), _state(bool(after)), said, _("Rule of this clinic"))


def _escort(sheet: Sheet, now: datetime) -> Gate:
    day = day_state(sheet.session.visit, now)
    holds = day.plan is not None and not {"escort_name", "escort_phone", "escort_is_adult"} & set(day.missing)
    said = _("%(name)s takes her or him home.") % {"name": day.plan.escort_name} if holds and day.plan else ""
    said = said or _("Name and phone of an adult who goes home with the parent are missing in the day plan.")
    return Gate("escort", _("Escort"), _state(holds), said, _("Labels of ketamine and esketamine"))


def _child_care(sheet: Sheet, now: datetime) -> Gate | None:
    day = day_state(sheet.session.visit, now)
    if day.plan is not None and day.plan.no_children:
        return None
    holds = day.plan is not None and not {"childcare_name", "childcare_until"} & set(day.missing)
    said = _("%(name)s, until tomorrow morning.") % {"name": day.plan.childcare_name} if holds and day.plan else ""
    said = said or _("Nobody is named for the children until tomorrow morning.")
    return Gate("child_care", _("Child care"), _state(holds), said, _("Ours, no source"))


def _feeding(sheet: Sheet, now: datetime) -> Gate | None:
    day = day_state(sheet.session.visit, now)
    if not day.needs_release:
        return None
    said = (
        _("A clinician released the words about feeding.")
        if day.release
        else _("No clinician released words about feeding.")
    )
    return Gate(
        "feeding", _("Feeding plan"), _state(day.release is not None), said, _("Sources conflict: both are shown")
    )


def _safety(sheet: Sheet, now: datetime) -> Gate:
    asked = any(mark.kind == "safety_asked" for mark in sheet.marks)
    concern = open_concern(sheet.session.parent_id)
    if concern is not None:
        said = _("A safety concern is open: it is cleared in the tasks first.")
        return Gate("safety", _("Safety"), CLOSED, said, _("Escalation ladder, ours"), can_be_opened=False)
    said = _("Asked today.") if asked else _("Ask what changed since the last visit, and note it below.")
    return Gate(
        "safety", _("Safety"), _state(asked), said, _("Project's rule: lifetime is asked once, change each time")
    )


def _pressure(sheet: Sheet, now: datetime) -> Gate:
    row = sheet.latest("sbp")
    title = _("Blood pressure before")
    if row is None or row.sbp is None or row.dbp is None or now - row.happened_at > BASELINE_WITHIN:
        return Gate(
            "pressure", title, CLOSED, _("Chart a resting pressure, not older than 30 min."), _("Ours, no source")
        )
    found = day_pressure(row.sbp, row.dbp)
    basis = ", ".join(found.sources) or _("Ours, no source")
    value = {"value": f"{row.sbp}/{row.dbp}", "limit": found.limit}
    if found.state == "fine":
        return Gate("pressure", title, OPEN, _("%(value)s mmHg, not above %(limit)s.") % value, basis)
    said = {
        "decide": _("%(value)s mmHg is above %(limit)s: read again in 10 to 15 min, or a prescriber decides."),
        "hold": _("%(value)s mmHg is above %(limit)s: hold today, read again in 10 to 15 min."),
        "contraindicated": _("%(value)s mmHg is above %(limit)s: a labelled contraindication."),
    }[found.state] % value
    return Gate("pressure", title, CLOSED, said, basis, can_be_opened=found.state != "contraindicated")


def _second_person(sheet: Sheet, now: datetime) -> Gate:
    second = sheet.session.second_person
    said = _("%(who)s is on site.") % {"who": second.public_name} if second else _("Name a second person on site.")
    return Gate(
        "second_person",
        _("Two people on site"),
        _state(second is not None),
        said,
        _("Practice; ours"),
        can_be_opened=False,
    )


CHECKS: tuple[Callable[[Sheet, datetime], Gate | None], ...] = (
    _consent,
    _order,
    _weight,
    _preparation,
    _integration,
    _escort,
    _child_care,
    _feeding,
    _second_person,
    _safety,
    _pressure,
)
