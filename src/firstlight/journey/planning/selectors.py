"""Orders, series and day plans. Callers look the parent up first, as the person who asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef

from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.models import Child, Episode, Family, Loss, Parent
from firstlight.ground.visits.models import Visit, VisitKind, VisitStatus
from firstlight.ground.visits.selectors import visits_of
from firstlight.journey.eligibility.models import Decision
from firstlight.journey.eligibility.selectors import (
    Measures,
    breastfeeding_of,
    last_decision_about,
    measures_of,
)
from firstlight.journey.planning.defaults import defaults
from firstlight.journey.planning.models import DayPlan, FeedingRelease, Order

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
    return list(found.order_by("-at", "-id"))


def current_order(episode: Episode) -> Order | None:
    """Return the order that counts: the newest one, unless it was stopped."""
    return standing_order(orders_of(episode))


def series_of(actor: Actor, parent_id: UUID) -> Series:
    """Return a parent's visits laid out as a series; cancelled and missed ones are left out."""
    return laid_out([visit for visit in visits_of(actor, parent_id) if visit.status in STANDING])


def series_about(parent: Parent) -> Series:
    """Return the series of a parent whom the caller has looked up already."""
    found = Visit.objects.filter(parent=parent, status__in=STANDING).select_related("staff", "room")
    return laid_out(list(found))


def standing_order(orders: Sequence[Order]) -> Order | None:
    """Return the order that counts among an episode's, newest first: the newest one, unless it was stopped."""
    newest = next(iter(orders), None)
    return None if newest is None or hasattr(newest, "stopped_by") else newest


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
    return DayPlan.objects.filter(visit=visit).select_related("by").order_by("-at", "-id").first()


def last_plan_of(parent: Parent) -> DayPlan | None:
    """Return the newest plan of any day: most people ask the same two again."""
    return DayPlan.objects.filter(parent=parent).select_related("visit").order_by("-at", "-id").first()


def plan_with_feeds(parent: Parent, now: datetime) -> DayPlan | None:
    """Return the plan from which feeds are taken: of the next day to come whose plan names some, else of the last that did."""
    newest: dict[UUID, DayPlan] = {}
    plans = DayPlan.objects.filter(parent=parent, visit__status__in=STANDING).select_related("visit")
    for plan in plans.only("feeds", "by", "visit", "visit__starts_at", "visit__ends_at", "visit__status").order_by(
        "at", "id"
    ):
        newest[plan.visit_id] = plan
    fed = sorted((plan for plan in newest.values() if plan.feeds), key=lambda plan: plan.visit.starts_at)
    to_come = [plan for plan in fed if plan.visit.status == VisitStatus.BOOKED and plan.visit.ends_at > now]
    return next(iter([*to_come[:1], *fed[-1:]]), None)


def feeding_release_of(parent: Parent) -> FeedingRelease | None:
    """Return the newest words about feeding that a clinician released to a parent."""
    return FeedingRelease.objects.filter(parent=parent).select_related("by").order_by("-at", "-id").first()


@dataclass(frozen=True, slots=True)
class Household:
    """What a dosing day depends on at home: a loss, a baby, milk, and the words about it that were released last."""

    silent: bool
    has_baby: bool
    breastfeeding: bool
    release: FeedingRelease | None

    @property
    def needs_release(self) -> bool:
        return self.breastfeeding and not self.silent

    @property
    def about(self) -> str:
        return "silent" if self.silent else "baby" if self.has_baby else "children"


def household_of(
    parent: Parent, now: datetime, *, decision: Decision | None = None, measures: Measures | None = None
) -> Household:
    """Return a parent's household. `decision` and `measures`, if the caller has them already."""
    young = local_day(parent, now) - timedelta(days=BABY_MONTHS * 30)
    families = Family.objects.filter(id=parent.family_id).annotate(
        lost=Exists(Loss.objects.filter(family=OuterRef("pk"))),
        baby=Exists(Child.objects.filter(family=OuterRef("pk"), birth_date__gt=young)),
    )
    family = families.values("lost", "baby").get()
    breastfeeding = breastfeeding_of(measures or measures_of(parent), decision or last_decision_about(parent))
    return Household(family["lost"], family["baby"], breastfeeding, feeding_release_of(parent))


def day_state(visit: Visit, now: datetime) -> DayState:
    """Say how a dosing day stands and what is missing."""
    return day_states([visit], household_of(visit.parent, now))[0]


def day_states(visits: Sequence[Visit], home: Household) -> list[DayState]:
    """Say how several dosing days of one parent stand.

    Keys of `missing`: escort_name escort_phone escort_is_adult childcare_name childcare_until feeding_release.
    """
    plans: dict[UUID, DayPlan] = {}
    for plan in DayPlan.objects.filter(visit__in=visits).select_related("by").order_by("at", "id"):
        plans[plan.visit_id] = plan
    found = []
    for visit in visits:
        standing = plans.get(visit.id)
        missing = _missing_of(standing)
        if home.needs_release and home.release is None:
            missing.append("feeding_release")
        found.append(DayState(visit, standing, home.release, home.needs_release, home.about, tuple(missing)))
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
