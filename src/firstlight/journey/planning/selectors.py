"""Orders, series and day plans. Callers look the parent up first, as the person who asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.models import Child, Episode, Parent
from firstlight.ground.visits.models import Visit, VisitKind, VisitStatus
from firstlight.ground.visits.selectors import visits_of
from firstlight.journey.eligibility.selectors import facts_for
from firstlight.journey.planning.defaults import defaults
from firstlight.journey.planning.models import DayPlan, FeedingRelease, Order, OrderStop

STANDING = (VisitStatus.BOOKED, VisitStatus.HAPPENED)
BABY_MONTHS = 24


@dataclass(frozen=True, slots=True)
class PlannedDose:
    """One dosing visit with the integration visits in time after it."""

    visit: Visit
    integration: tuple[Visit, ...]

    @property
    def lacks_integration(self) -> bool:
        return not self.integration


@dataclass(frozen=True, slots=True)
class Series:
    """What is booked for one parent: preparation, doses, and what belongs to no dose."""

    preparation: tuple[Visit, ...]
    doses: tuple[PlannedDose, ...]
    others: tuple[Visit, ...]


@dataclass(frozen=True, slots=True)
class DayState:
    """A dosing day as it stands: the plan, the feeding words released, and what is missing, by key."""

    visit: Visit
    plan: DayPlan | None
    release: FeedingRelease | None
    needs_release: bool
    about: str
    missing: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        return not self.missing


def orders_of(episode: Episode) -> list[Order]:
    """Return every order of an episode, newest first."""
    found = Order.objects.filter(episode=episode).select_related("by", "weight", "document", "stopped_by__by")
    return list(found.order_by("-at"))


def current_order(episode: Episode) -> Order | None:
    """Return the order that counts: the newest one, unless it was stopped."""
    newest = Order.objects.filter(episode=episode).select_related("by", "weight", "document").order_by("-at").first()
    if newest is None or OrderStop.objects.filter(order=newest).exists():
        return None
    return newest


def series_of(actor: Actor, parent_id: UUID) -> Series:
    """Return a parent's visits laid out as a series; cancelled and missed ones are left out."""
    return laid_out([visit for visit in visits_of(actor, parent_id) if visit.status in STANDING])


def laid_out(visits: list[Visit]) -> Series:
    """Lay visits out as a series: an integration visit belongs to the last dose before it, within the hours allowed."""
    within = timedelta(hours=defaults().integration_within_hours)
    ordered = sorted(visits, key=lambda visit: visit.starts_at)
    doses = [visit for visit in ordered if visit.kind == VisitKind.DOSING]
    after: dict[int, list[Visit]] = {place: [] for place in range(len(doses))}
    others = []
    for visit in ordered:
        if visit.kind == VisitKind.INTEGRATION:
            place = sum(dose.ends_at <= visit.starts_at for dose in doses) - 1
            if place >= 0 and visit.starts_at - doses[place].ends_at <= within:
                after[place].append(visit)
            else:
                others.append(visit)
        elif visit.kind == VisitKind.TALK:
            others.append(visit)
    preparation = tuple(visit for visit in ordered if visit.kind == VisitKind.PREPARATION)
    planned = tuple(PlannedDose(dose, tuple(after[place])) for place, dose in enumerate(doses))
    return Series(preparation, planned, tuple(others))


def day_plan_of(visit: Visit) -> DayPlan | None:
    """Return the newest plan for a dosing day; None while there is none."""
    return DayPlan.objects.filter(visit=visit).select_related("by").order_by("-at").first()


def last_plan_of(parent: Parent) -> DayPlan | None:
    """Return the newest plan of any day: most people ask the same two again."""
    return DayPlan.objects.filter(parent=parent).select_related("visit").order_by("-at").first()


def feeding_release_of(parent: Parent) -> FeedingRelease | None:
    """Return the newest words about feeding that a clinician released to a parent."""
    return FeedingRelease.objects.filter(parent=parent).select_related("by").order_by("-at").first()


def day_state(visit: Visit, now: datetime) -> DayState:
    """Say how a dosing day stands and what is missing."""
    return day_states(visit.parent, [visit], now)[0]


def day_states(parent: Parent, visits: Sequence[Visit], now: datetime) -> list[DayState]:
    """Say how several dosing days of one parent stand.

    Keys of `missing`: escort_name escort_phone escort_is_adult childcare_name childcare_until feeding_release.
    """
    plans: dict[UUID, DayPlan] = {}
    for plan in DayPlan.objects.filter(visit__in=visits).select_related("by").order_by("at"):
        plans[plan.visit_id] = plan
    release, silent = feeding_release_of(parent), parent.family.silent_about_baby
    needs_release = not silent and bool(facts_for(parent.id, now).values.get("breastfeeding"))
    about = "silent" if silent else "baby" if _has_baby(parent, local_day(parent, now)) else "children"
    found = []
    for visit in visits:
        missing = _missing_of(plans.get(visit.id))
        if needs_release and release is None:
            missing.append("feeding_release")
        found.append(DayState(visit, plans.get(visit.id), release, needs_release, about, tuple(missing)))
    return found


def _missing_of(plan: DayPlan | None) -> list[str]:
    if plan is None:
        return ["escort_name", "escort_phone", "childcare_name"]
    missing = [name for name in ("escort_name", "escort_phone") if not getattr(plan, name)]
    if plan.escort_name and not plan.escort_is_adult:
        missing.append("escort_is_adult")
    if not plan.no_children:
        missing += [name for name in ("childcare_name", "childcare_until") if not getattr(plan, name)]
    return missing


def _has_baby(parent: Parent, on: date) -> bool:
    return Child.objects.filter(
        family_id=parent.family_id, birth_date__gt=on - timedelta(days=BABY_MONTHS * 30)
    ).exists()


def next_dosing_visits(actor: Actor, parent_id: UUID, now: datetime) -> list[Visit]:
    """Return the booked dosing visits that are not over, earliest first."""
    return [
        visit
        for visit in visits_of(actor, parent_id)
        if visit.kind == VisitKind.DOSING and visit.status == VisitStatus.BOOKED and visit.ends_at > now
    ]


def local_day(parent: Parent, at: datetime) -> date:
    """Return the calendar day where the parent is."""
    return at.astimezone(ZoneInfo(parent.timezone)).date()
