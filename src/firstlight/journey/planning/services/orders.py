"""A prescriber's order: computed from a fresh weight, held against limits, signed."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from firstlight.clinical.protocols import dose
from firstlight.clinical.protocols.session import figures
from firstlight.clinical.quantities import DosePerKilogram, Mass, Minutes, QuantityError
from firstlight.clinical.quantities import Weight as BodyWeight
from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import announce, record, write
from firstlight.ground.documents.services import file_document, sign
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Episode, EpisodeState, Parent
from firstlight.ground.people.services.episodes import move
from firstlight.journey.eligibility.models import Decision
from firstlight.journey.eligibility.reopening import reopened
from firstlight.journey.eligibility.selectors import Weight, decision_of, measures_of
from firstlight.journey.planning.defaults import defaults
from firstlight.journey.planning.models import Order, OrderStop
from firstlight.journey.planning.selectors import current_order
from firstlight.journey.planning.services.callers import membership_of, text_of
from firstlight.journey.planning.wording import order_blocks, refused_words

TREATED = (EpisodeState.ASSESSED, EpisodeState.ACTIVE)


@dataclass(frozen=True, slots=True)
class Computed:
    """An order before it is signed: the amount, and why a reason is asked for (empty: it is not)."""

    plan: dose.DosePlan
    weight: Weight
    reasons: tuple[str, ...]

    @property
    def mass(self) -> Mass:
        return self.plan.mass


def compute(
    *,
    parent: Parent,
    mg_per_kg: Decimal | str,
    route: str,
    minutes: int,
    weight: Weight | None,
    height_cm: int | None,
    at: datetime,
) -> Computed:
    """Compute an ordered amount. Refused without a fresh weight and beyond a hard limit; writes nothing."""
    if weight is None:
        raise Refused(_("There is no weight yet. Enter one in the baseline, of today."), field="weight")
    if minutes < 1:
        raise Refused(_("A dose takes at least 1 min, by any route."), field="minutes", value=minutes)
    zone = ZoneInfo(parent.clinic.timezone)
    try:
        per_kilogram = DosePerKilogram.of_mg(mg_per_kg)
        today, measured = at.astimezone(zone).date(), weight.at.astimezone(zone).date()
        dose.check_weight(BodyWeight(weight.grams), measured_date=measured, today=today)
        plan = dose.order(
            weight=BodyWeight(weight.grams), per_kilogram=per_kilogram, minutes=Minutes(minutes), route=route
        )
    except QuantityError as error:
        raise refused_words(error, weight, zone) from error
    return Computed(plan, weight, _reasons(plan, weight, height_cm))


def _reasons(plan: dose.DosePlan, weight: Weight, height_cm: int | None) -> tuple[str, ...]:
    reasons = []
    if plan.needs_reason:
        reasons.append("soft_limit")
    if height_cm is not None and weight.grams * 10 >= figures()["weight"]["bmi_choice_from"] * height_cm * height_cm:
        reasons.append("bmi")
    return tuple(reasons)


@write
def sign_order(
    *,
    episode: Episode,
    mg_per_kg: Decimal | str,
    by: Actor,
    at: datetime,
    route: str = "intravenous",
    minutes: int = 40,
    sessions: int = 6,
    weeks: int = 3,
    weight: Weight | None = None,
    reason: str = "",
) -> Order:
    """Sign an order for racemic ketamine. Without `weight` the newest one counts. An order that stands is replaced.

    Refused: no decision that treatment is suitable, a weight older than the limits allow, a dose beyond the hard limit,
    above the soft limit (or from a body mass index of 30) without a reason, more sessions or weeks than allowed.
    """
    _is_suitable(episode, at)
    measures = measures_of(episode.parent)
    computed = compute(
        parent=episode.parent,
        mg_per_kg=mg_per_kg,
        route=route,
        minutes=minutes,
        weight=weight or measures.weight,
        height_cm=measures.height_cm,
        at=at,
    )
    _in_range("sessions", sessions, defaults().sessions)
    _in_range("weeks", weeks, defaults().weeks)
    reason = text_of("reason", reason)
    if computed.reasons and not reason:
        raise Refused(_("This dose needs a reason in words."), field="reason", value="")
    order = Order(
        clinic_id=episode.clinic_id,
        episode=episode,
        parent=episode.parent,
        medicine=figures()["routes"][route]["medicine"],
        route=route,
        ug_per_kg=computed.plan.per_kilogram.ug_per_kg,
        minutes=minutes,
        sessions=sessions,
        weeks=weeks,
        weight=computed.weight.entry,
        weight_g=computed.weight.grams,
        dose_ug=computed.mass.ug,
        reason=reason,
        replaces=current_order(episode),
        at=at,
        by_id=membership_of(by),
    )
    return _filed(order, by, at)


def _filed(order: Order, by: Actor, at: datetime) -> Order:
    body = order_blocks(order)
    document = file_document(kind="order", parent=order.parent, title=_("Order"), body=body, by=by, at=at)
    sign(document=document, meaning="ordered", by=by, at=at)
    order.document = document
    order.save(force_insert=True)
    detail = {"dose_ug": order.dose_ug, "ug_per_kg": order.ug_per_kg, "sessions": order.sessions}
    record("order.signed", by=by, at=at, parent=order.parent_id, about=order, detail=detail)
    if order.episode.state == EpisodeState.ASSESSED:
        move(episode=order.episode, to=EpisodeState.ACTIVE, by=by, at=at)
    announce("order.signed", order=order, by=by, at=at)
    return order


@write
def stop_order(*, order: Order, reason: str, by: Actor, at: datetime) -> OrderStop:
    """Stop an order: no dose is given on it any more. Refused when it no longer counts."""
    current = current_order(order.episode)
    if current is None or current.id != order.id:
        raise Refused(_("This order no longer counts: it was stopped or replaced."), field="order", value=order.id)
    stop = OrderStop.objects.create(
        clinic_id=order.clinic_id,
        order=order,
        parent=order.parent,
        reason=text_of("reason", reason, required=True),
        at=at,
        by_id=membership_of(by),
    )
    record("order.stopped", by=by, at=at, parent=order.parent_id, about=order)
    return stop


def _is_suitable(episode: Episode, at: datetime) -> None:
    decision = decision_of(episode)
    if decision is None or decision.outcome != Decision.Outcome.SUITABLE:
        raise Refused(_("There is no decision that treatment is suitable. Decide first."), field="episode")
    if (why := reopened(episode, at)) is not None and why.stops:
        message = _("Came up since the decision: %(what)s Run the rules again and decide first.")
        raise Refused(message % {"what": " ".join(why.texts)}, field="episode")
    if episode.state not in TREATED:
        message = _("This episode is “%(state)s”: no order can be signed.")
        raise Refused(message % {"state": EpisodeState(episode.state).label}, field="episode", value=episode.state)


def _in_range(field: str, value: int, limits: tuple[int, int]) -> None:
    low, high = limits
    if not low <= value <= high:
        words = {"given": value, "low": low, "high": high}
        message = _("%(given)d cannot be used. Choose %(low)d to %(high)d.") % words
        raise Refused(message, field=field, value=value)
