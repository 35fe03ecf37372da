"""The gates themselves: each looks at what is known and says in one sentence what is there or missing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from firstlight.clinical.evidence import text
from firstlight.clinical.protocols.session import day_pressure, figures
from firstlight.ground.design.clocks import date_text, local
from firstlight.ground.people.permissions import Role
from firstlight.ground.safety.ladder import ladder
from firstlight.ground.safety.models import Concern
from firstlight.ground.visits.clocktimes import day_of
from firstlight.ground.visits.models import Visit, VisitKind, VisitStatus
from firstlight.journey.consent.agreements import current_template
from firstlight.journey.consent.selectors import ConsentState, Touch
from firstlight.journey.dosing.basis import basis
from firstlight.journey.dosing.selectors import Sheet
from firstlight.journey.eligibility.models import Decision
from firstlight.journey.eligibility.reopening import Reopened
from firstlight.journey.planning.selectors import DayState

BASELINE_WITHIN = timedelta(minutes=30)
OPEN, CLOSED, OPENED = "open", "closed", "opened"
ESCORT = {"escort_name", "escort_phone", "escort_is_adult"}
CHILD_CARE = {"childcare_name", "childcare_until"}
GATE_NAMES = {
    "consent": gettext_lazy("Agreement"),
    "touch": gettext_lazy("Touch"),
    "decision": gettext_lazy("Decision on treatment"),
    "review": gettext_lazy("Prescriber's review"),
    "order": gettext_lazy("Signed order"),
    "weight": gettext_lazy("Weight"),
    "preparation": gettext_lazy("Preparation"),
    "integration": gettext_lazy("Integration"),
    "escort": gettext_lazy("Escort"),
    "child_care": gettext_lazy("Child care"),
    "feeding": gettext_lazy("Feeding plan"),
    "second_person": gettext_lazy("Two people on site"),
    "safety": gettext_lazy("Safety"),
    "pressure": gettext_lazy("Blood pressure before"),
}


@dataclass(frozen=True, slots=True)
class Known:
    """What the gates look at, read once."""

    sheet: Sheet
    now: datetime
    consent: ConsentState
    touch: Touch
    decision: Decision | None
    reopened: Reopened | None
    order: bool
    therapy: tuple[Visit, ...]
    day: DayState
    concern: Concern | None
    attempt_at: datetime | None


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition. `state`: open, closed, or opened by a prescriber. The sentence says what is there or missing.

    `since`: an override counts only when it was written after this entry, because it was about what stood there. `about`: what
    stands there, where that can become more: an override counts only for what it was about.
    """

    key: str
    state: str
    sentence: str
    basis: str
    can_be_opened: bool = True
    since: int = 0
    about: tuple[str, ...] = ()
    opened_by: str = ""
    reason: str = ""

    @property
    def title(self) -> str:
        """Return the gate's name."""
        return str(GATE_NAMES[self.key])


Condition = Callable[[Known], Gate | None]


def _state(holds: bool) -> str:
    return OPEN if holds else CLOSED


def _house_rule() -> str:
    return _("Rule of Firstlight: cannot be switched off")


def _consent(known: Known) -> Gate:
    said = {
        ConsentState.CURRENT: _("Signed, current version."),
        ConsentState.MISSING: _("The agreement is not signed."),
        ConsentState.OUTDATED: _("An earlier version is signed. The current one is signed first."),
        ConsentState.WITHDRAWN: _("The agreement was withdrawn. Nothing is given."),
    }[known.consent]
    holds = known.consent == ConsentState.CURRENT
    return Gate("consent", _state(holds), said, _house_rule(), can_be_opened=False)


def _touch(known: Known) -> Gate:
    holds = known.touch.at is not None
    said = (
        _("Agreed: %(kinds)s.")
        % {"kinds": touch_kinds(known.touch, day_of(known.now, known.sheet.session.clinic.timezone))}
        if holds
        else ""
    )
    said = said or _("Nothing was chosen about touch.")
    return Gate("touch", _state(holds), said, _house_rule(), can_be_opened=False)


def touch_kinds(touch: Touch, today: date) -> str:
    """Say which touch was agreed to while sober, in the parent's own words; none is the default."""
    kinds = current_template(today).touch_kinds
    agreed = [text(kinds[kind], get_language() or "en") for kind in touch.allowed if kind in kinds]
    return "; ".join(agreed) or _("none, except for care")


def _decision(known: Known) -> Gate:
    decision = known.decision
    if known.reopened is not None and known.reopened.stops:
        said = _("Came up since the decision: %(what)s A prescriber runs the rules again and decides first.")
        said = said % {"what": " ".join(known.reopened.texts)}
    elif decision is None or decision.outcome != Decision.Outcome.SUITABLE:
        said = _("There is no decision that treatment is suitable.")
    else:
        day = date_text(local(decision.at, known.sheet.session.clinic.timezone).date())
        said = _("Suitable, decided by %(who)s on %(day)s.") % {"who": decision.by.public_name, "day": day}
        return Gate("decision", OPEN, said, _house_rule(), can_be_opened=False)
    return Gate("decision", CLOSED, said, _house_rule(), can_be_opened=False)


def _review(known: Known) -> Gate | None:
    """Wait for a prescriber on what came up since the decision and does not open it again. None came up: no such gate."""
    due = known.reopened.due if known.reopened else ()
    if not due:
        return None
    said = _("Came up since the decision: %(what)s A prescriber decides anew, or opens this for today with the reason.")
    said = said % {"what": " ".join(one.told for one in due)}
    bases = dict.fromkeys(one.basis for one in due)
    return Gate("review", CLOSED, said, "; ".join(bases), about=tuple(one.about for one in due))


def _order(known: Known) -> Gate:
    said = (
        _("The signed order stands.") if known.order else _("The order was stopped or replaced. Call this session off.")
    )
    return Gate("order", _state(known.order), said, _house_rule(), can_be_opened=False)


def _weight(known: Known) -> Gate:
    session, rule = known.sheet.session, figures()["weight"]
    zone = ZoneInfo(session.clinic.timezone)
    days = (known.now.astimezone(zone).date() - session.order.weight.at.astimezone(zone).date()).days
    holds = session.place > 1 or days <= rule["oldest_days"]
    said = _("Measured %(days)s days ago; at most %(oldest)s before the first dose of an order.")
    said = said % {"days": days, "oldest": rule["oldest_days"]}
    return Gate("weight", _state(holds), said, basis(rule["tag"], rule["sources"]))


def _preparation(known: Known) -> Gate:
    before = [
        visit for visit in known.therapy if visit.kind == VisitKind.PREPARATION and visit.status == VisitStatus.HAPPENED
    ]
    said = _("Preparation with %(who)s.") % {"who": before[-1].staff.public_name} if before else ""
    said = said or _("No preparation visit has taken place.")
    return Gate("preparation", _state(bool(before)), said, basis("ours"))


def _integration(known: Known) -> Gate:
    after = [
        visit
        for visit in known.therapy
        if visit.kind == VisitKind.INTEGRATION and visit.status == VisitStatus.BOOKED and visit.starts_at > known.now
    ]
    said = _("Booked with %(who)s.") % {"who": after[0].staff.public_name} if after else ""
    said = said or _("No integration visit is booked after this dose.")
    return Gate("integration", _state(bool(after)), said, basis("ours"))


def _escort(known: Known) -> Gate:
    plan = known.day.plan
    holds = plan is not None and not ESCORT & set(known.day.missing)
    said = _("%(name)s takes her or him home.") % {"name": plan.escort_name} if plan and holds else ""
    said = said or _("Name and phone of an adult who goes home with the parent are missing in the day plan.")
    return Gate("escort", _state(holds), said, basis("V2", ("S-LABEL", "K-US", "K-UK")))


def _child_care(known: Known) -> Gate | None:
    plan = known.day.plan
    if plan is not None and plan.no_children:
        return None
    holds = plan is not None and not CHILD_CARE & set(known.day.missing)
    said = _("%(name)s, until tomorrow morning.") % {"name": plan.childcare_name} if plan and holds else ""
    said = said or _("Nobody is named for the children until tomorrow morning.")
    return Gate("child_care", _state(holds), said, basis("ours"))


def _feeding(known: Known) -> Gate | None:
    if not known.day.needs_release:
        return None
    released = known.day.release
    said = _("A clinician released the words about feeding.") if released else ""
    said = said or _("No clinician released words about feeding.")
    return Gate("feeding", _state(released is not None), said, _("Sources conflict: both are shown"))


def _second_person(known: Known) -> Gate:
    second = known.sheet.session.second_person
    said = _("%(who)s is on site.") % {"who": second.public_name} if second else _("Name a second person on site.")
    return Gate("second_person", _state(second is not None), said, basis("ours"), can_be_opened=False)


def safety_was_asked(sheet: Sheet) -> bool:
    """Tell whether somebody asked today what changed since the last visit."""
    return any(mark.kind in {"safety_asked", "safety_changed"} for mark in sheet.marks)


def _safety(known: Known) -> Gate:
    if known.concern is not None:
        only_prescriber = ladder().levels[known.concern.level].cleared_by == (Role.PRESCRIBER,)
        said = (
            _("A safety concern is open: a prescriber clears it in the tasks first.")
            if only_prescriber
            else _("A safety concern is open: it is cleared in the tasks first.")
        )
        return Gate("safety", CLOSED, said, basis("ours"), can_be_opened=False)
    asked = safety_was_asked(known.sheet)
    said = _("Asked today.") if asked else _("Ask what changed since the last visit, and note it.")
    if known.attempt_at is not None:
        day = date_text(local(known.attempt_at, known.sheet.session.clinic.timezone).date())
        said = _("An attempt in the past is on record since %(day)s. %(ask)s") % {"day": day, "ask": said}
    return Gate("safety", _state(asked), said, basis("ours"))


def _pressure(known: Known) -> Gate:
    row = known.sheet.latest("sbp")
    if row is None or row.sbp is None or row.dbp is None or known.now - row.happened_at > BASELINE_WITHIN:
        said = _("Chart a resting pressure, not older than 30 min.")
        return Gate("pressure", CLOSED, said, basis("ours"), can_be_opened=False)
    found = day_pressure(row.sbp, row.dbp)
    shown = {"value": f"{row.sbp}/{row.dbp}", "limit": found.limit}
    said = {
        "fine": _("%(value)s mmHg, not above %(limit)s."),
        "decide": _("%(value)s mmHg is above %(limit)s: read again in 10 to 15 min, or a prescriber decides."),
        "hold": _("%(value)s mmHg is above %(limit)s: hold today, read again in 10 to 15 min."),
        "contraindicated": _("%(value)s mmHg is above %(limit)s: a labelled contraindication."),
    }[found.state] % shown
    return Gate(
        "pressure",
        _state(found.state == "fine"),
        said,
        basis(found.tag, found.sources),
        can_be_opened=found.state != "contraindicated",
        since=row.sequence,
    )


CONDITIONS: tuple[Condition, ...] = (
    _consent,
    _touch,
    _decision,
    _review,
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
