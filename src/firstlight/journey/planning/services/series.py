"""A series: preparation before the first dose, doses apart, an integration visit soon after each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.design.clocks import date_text
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Episode, Membership
from firstlight.ground.visits.clocktimes import day_of, moment_of
from firstlight.ground.visits.models import Room, Visit, VisitKind
from firstlight.ground.visits.selectors import clashes_with, visits_of
from firstlight.ground.visits.services import book
from firstlight.journey.eligibility.models import Decision
from firstlight.journey.eligibility.selectors import decision_of
from firstlight.journey.planning.defaults import defaults
from firstlight.journey.planning.models import Order
from firstlight.journey.planning.selectors import STANDING, current_order, laid_out
from firstlight.journey.therapists.selectors import therapist_of

SATURDAY = 5
SLOT = timedelta(minutes=30)
# From the weekday of the first dose (Monday 0) to the second dose of the week: neither falls on a weekend.
SECOND_OF_WEEK = {0: 3, 1: 3, 2: 2, 3: 4, 4: 4, 5: 3, 6: 3}


@dataclass(frozen=True, slots=True)
class Proposal:
    """One visit that is not booked yet."""

    kind: str
    staff: Membership
    starts_at: datetime
    minutes: int
    room: Room | None = None


def propose_series(
    *,
    episode: Episode,
    nurse: Membership,
    first_date: date,
    at: datetime,
    dosing_room: Room | None = None,
    therapy_room: Room | None = None,
) -> list[Proposal]:
    """Propose dates for the whole order, each at a time when staff, room and parent are free. Writes nothing.

    Refused like `book_series`, and when a day has no free time.
    """
    order, therapist = _ready(episode)
    laid = _Layout(episode, order, therapist, nurse, dosing_room, therapy_room, at)
    return laid.proposals(first_date)


@dataclass(frozen=True, slots=True)
class _Layout:
    episode: Episode
    order: Order
    therapist: Membership
    nurse: Membership
    dosing_room: Room | None
    therapy_room: Room | None
    at: datetime

    def proposals(self, first: date) -> list[Proposal]:
        plan = defaults()
        today = day_of(self.at, self.episode.clinic.timezone)
        if first <= today:
            raise Refused(
                _("Choose a first day after today: preparation comes before it."), field="first_date", value=first
            )
        found: list[Proposal] = []
        for number in range(plan.preparation_count, 0, -1):
            wanted = _workday_before(first, plan.preparation_days_before + number - 1)
            found.append(self._preparation(max(wanted, today), first, found))
        for dose_date in dose_dates(first, self.order.sessions):
            found.append(self._dose(dose_date, found))
            after = _workday_from(dose_date + timedelta(days=plan.integration_days_after))
            found.append(self._therapy(VisitKind.INTEGRATION, after, plan.integration_minutes, found))
        return sorted(found, key=lambda one: one.starts_at)

    def _preparation(self, on: date, first: date, found: Sequence[Proposal]) -> Proposal:
        """Return a talk on the wanted day or, when nothing is free any more, on a later workday before the first dose."""
        minutes = defaults().preparation_minutes
        try:
            return self._therapy(VisitKind.PREPARATION, on, minutes, found)
        except Refused:
            later = _workday_from(on + timedelta(days=1))
            if later >= first:
                raise
            return self._preparation(later, first, found)

    def _dose(self, on: date, found: Sequence[Proposal]) -> Proposal:
        hour, minutes = defaults().dosing_starts_hour, defaults().dosing_minutes
        return self._free(VisitKind.DOSING, self.nurse, self.dosing_room, on, hour, minutes, found)

    def _therapy(self, kind: str, on: date, minutes: int, found: Sequence[Proposal]) -> Proposal:
        return self._free(kind, self.therapist, self.therapy_room, on, defaults().therapy_starts_hour, minutes, found)

    def _free(
        self,
        kind: str,
        staff: Membership,
        room: Room | None,
        on: date,
        hour: int,
        minutes: int,
        found: Sequence[Proposal],
    ) -> Proposal:
        """Return the wanted hour, or the nearest one that day at which nobody and nothing is taken."""
        wanted = moment_of(on, time(hour), self.episode.clinic.timezone)
        latest = moment_of(on, time(defaults().latest_hour), self.episode.clinic.timezone)
        for step in range(20):
            for sign in (1, -1) if step else (1,):
                proposal = Proposal(kind, staff, wanted + sign * step * SLOT, minutes, room)
                ends_at = proposal.starts_at + timedelta(minutes=minutes)
                if self.at < proposal.starts_at and ends_at <= latest and self._fits(proposal, found):
                    return proposal
        message = _("There is no free time on %(day)s for %(staff)s.")
        raise Refused(message % {"day": date_text(on), "staff": staff.public_name}, field="first_date", value=on)

    def _fits(self, proposal: Proposal, found: Sequence[Proposal]) -> bool:
        visit = _unsaved(self.episode, proposal)
        if clashes_with(visit):
            return False
        others = [_unsaved(self.episode, other) for other in found]
        return not any(other.starts_at < visit.ends_at and visit.starts_at < other.ends_at for other in others)


def dose_dates(first: date, sessions: int) -> list[date]:
    """Return the days of a series: two a week, none on a weekend unless the first one is."""
    second = first + timedelta(days=SECOND_OF_WEEK[first.weekday()])
    weeks = (sessions + 1) // 2
    days = [day + timedelta(weeks=week) for week in range(weeks) for day in (first, second)]
    return days[:sessions]


@write
def book_series(*, episode: Episode, visits: Sequence[Proposal], by: Actor, at: datetime) -> list[Visit]:
    """Book the visits of a series, all or none.

    Refused: no suitable decision, no order, no therapist; no preparation with that therapist before the first dose;
    a dose without an integration visit within the hours allowed; doses too close; more doses than ordered; a clash.
    Consent may come later: without it no session can start.
    """
    order, therapist = _ready(episode)
    standing = [visit for visit in visits_of(by, episode.parent_id) if visit.status in STANDING]
    _holds_together([*standing, *(_unsaved(episode, visit) for visit in visits)], visits, order, therapist)
    booked = [
        book(
            kind=one.kind,
            parent=episode.parent,
            staff=one.staff,
            room=one.room,
            starts_at=one.starts_at,
            minutes=one.minutes,
            by=by,
            at=at,
        )
        for one in sorted(visits, key=lambda one: one.starts_at)
    ]
    record("series.booked", by=by, at=at, parent=episode.parent_id, about=order, detail={"visits": len(booked)})
    return booked


def _ready(episode: Episode) -> tuple[Order, Membership]:
    decision, order, therapist = decision_of(episode), current_order(episode), therapist_of(episode)
    if decision is None or decision.outcome != Decision.Outcome.SUITABLE:
        raise Refused(_("There is no decision that treatment is suitable. Decide first."), field="episode")
    if order is None:
        raise Refused(_("There is no signed order. Sign one first."), field="order")
    if therapist is None:
        raise Refused(_("No therapist was chosen yet. Preparation is with the chosen therapist."), field="therapist")
    return order, therapist


def _holds_together(together: list[Visit], new: Sequence[Proposal], order: Order, therapist: Membership) -> None:
    series = laid_out(together)
    if len(series.doses) > order.sessions:
        words = {"given": len(series.doses), "most": order.sessions}
        raise Refused(
            _("%(given)d doses, but the order is for %(most)d.") % words, field="doses", value=len(series.doses)
        )
    _prepared(together, new, therapist)
    for earlier, later in zip(series.doses, series.doses[1:], strict=False):
        days = (later.visit.starts_at - earlier.visit.starts_at) / timedelta(days=1)
        if days < defaults().dosing_days_apart - 0.5:
            words = {"days": defaults().dosing_days_apart}
            raise Refused(_("Two doses lie at least %(days)d days apart.") % words, field="doses")
    if lacking := [dose for dose in series.doses if len(dose.integration) < defaults().integration_count]:
        day, hours = day_of(lacking[0].visit.starts_at, order.clinic.timezone), defaults().integration_within_hours
        message = _("The dose of %(day)s has no integration visit within %(hours)s h after it.")
        raise Refused(message % {"day": date_text(day), "hours": hours}, field="integration")


def _prepared(together: list[Visit], new: Sequence[Proposal], therapist: Membership) -> None:
    series = laid_out(together)
    if not series.doses:
        return
    first = series.doses[0].visit.starts_at
    before = [visit for visit in series.preparation if visit.ends_at <= first]
    if len(before) < defaults().preparation_count:
        message = _("A preparation visit with %(therapist)s comes before the first dose.")
        raise Refused(message % {"therapist": therapist.public_name}, field="preparation")
    talks = [one for one in new if one.kind in {VisitKind.PREPARATION, VisitKind.INTEGRATION}]
    if any(one.staff.id != therapist.id for one in talks):
        message = _("Preparation and integration are with %(therapist)s, whom the parent chose.")
        raise Refused(message % {"therapist": therapist.public_name}, field="therapist")


def _unsaved(episode: Episode, proposal: Proposal) -> Visit:
    visit = Visit(
        clinic_id=episode.clinic_id,
        kind=proposal.kind,
        parent=episode.parent,
        staff=proposal.staff,
        room=proposal.room,
        status=STANDING[0],
    )
    visit.place(proposal.starts_at, proposal.minutes)
    return visit


def _workday_before(day: date, count: int) -> date:
    while count > 0:
        day -= timedelta(days=1)
        count -= day.weekday() < SATURDAY
    return day


def _workday_from(day: date) -> date:
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return day
