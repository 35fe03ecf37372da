"""What must be true before the pump starts: every gate, and who opened one that was closed."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from firstlight.ground.people.models import Episode
from firstlight.ground.safety.selectors import open_concern
from firstlight.ground.visits.models import Visit, VisitStatus
from firstlight.ground.visits.selectors import THERAPY
from firstlight.journey.consent.models import TouchChoice
from firstlight.journey.consent.selectors import Agreement, consent_of
from firstlight.journey.dosing.conditions import CLOSED, CONDITIONS, OPENED, Gate, Known, safety_was_asked
from firstlight.journey.dosing.models import GateOverride
from firstlight.journey.dosing.selectors import Sheet
from firstlight.journey.eligibility.reopening import reopened
from firstlight.journey.eligibility.selectors import decision_of
from firstlight.journey.planning.models import Order
from firstlight.journey.planning.selectors import day_state
from firstlight.journey.screening.known import recorded_once


def gates(sheet: Sheet, now: datetime) -> tuple[Gate, ...]:
    """Return every gate of a session, in the order in which the day meets them."""
    known = _known(sheet, now)
    found = (gate for condition in CONDITIONS if (gate := condition(known)) is not None)
    return tuple(_with_override(gate, sheet.overrides) for gate in found)


def standing_closed(found: tuple[Gate, ...]) -> list[Gate]:
    """Return the gates that are still closed."""
    return [gate for gate in found if gate.state == CLOSED]


def _known(sheet: Sheet, now: datetime) -> Known:
    session = sheet.session
    agreement, decision = agreement_now(session.episode), decision_of(session.episode)
    return Known(
        sheet=sheet,
        now=now,
        consent=agreement.state(now),
        touch=agreement.touch,
        decision=decision,
        reopened=reopened(session.episode, now, decision=decision),
        order=order_stands(session.order),
        therapy=tuple(_therapy_of(session.parent_id)),
        day=day_state(session.visit, now),
        concern=open_concern(session.parent_id),
        attempt_at=None
        if safety_was_asked(sheet)
        else next((one.at for one in recorded_once(session.parent_id)), None),
    )


def agreement_now(episode: Episode) -> Agreement:
    """Return the newest signature and what was chosen about touch, without the answers that led to it."""
    consent = consent_of(episode)
    touches = list(TouchChoice.objects.filter(episode=episode).order_by("at", "id"))
    return Agreement(episode, consents=[consent] if consent else [], touches=touches, answers=[])


def order_stands(order: Order) -> bool:
    """Tell whether an order still counts: neither stopped nor replaced."""
    return not hasattr(order, "stopped_by") and not hasattr(order, "replaced_by")


def _therapy_of(parent_id: UUID) -> Iterable[Visit]:
    standing = (VisitStatus.BOOKED, VisitStatus.HAPPENED)
    found = Visit.objects.filter(parent_id=parent_id, kind__in=THERAPY, status__in=standing)
    return found.select_related("staff").order_by("starts_at")


def _with_override(gate: Gate, overrides: tuple[GateOverride, ...]) -> Gate:
    counting = [one for one in overrides if one.gate == gate.key and _is_about(gate, one)]
    if gate.state != CLOSED or not gate.can_be_opened or not counting:
        return gate
    return replace(gate, state=OPENED, opened_by=counting[-1].by.name, reason=counting[-1].reason)


def _is_about(gate: Gate, override: GateOverride) -> bool:
    """Tell whether a gate was opened over all that stands there now."""
    return override.sequence > gate.since and set(gate.about) <= set(override.about or ())
