"""Where one parent stands now, read from the stages only as far as somebody asks."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.models import Episode, Parent
from firstlight.ground.safety.noticing import CLOSED, concern_notice
from firstlight.ground.safety.wording import sentences
from firstlight.ground.visits.models import Visit, VisitKind, VisitStatus
from firstlight.ground.visits.selectors import visits_about
from firstlight.ground.worklist.models import Task
from firstlight.journey.consent.selectors import ConsentState, consent_state, own_episode
from firstlight.journey.dosing.selectors import in_session
from firstlight.journey.eligibility.models import Decision
from firstlight.journey.eligibility.selectors import decision_of
from firstlight.journey.response.models import CheckIn
from firstlight.journey.response.selectors import coming_check_ins, looked_at
from firstlight.journey.response.stopped_pages import own_asking
from firstlight.journey.response.stopped_words import Asking
from firstlight.journey.screening.models import QuestionSet
from firstlight.journey.screening.selectors import is_expired, opens_at, sets_for
from firstlight.journey.timeline.selectors import OwnLine, own_line_of

PLANNED_AHEAD = timedelta(days=8)  # a day plan is asked for in the week before


@dataclass(frozen=True)
class Situation:
    """Where one parent stands now; every part is read when a step first asks for it."""

    actor: Actor
    parent: Parent
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.parent.timezone)

    @cached_property
    def sets(self) -> list[QuestionSet]:
        """Return all her question sets, newest first."""
        return sets_for(self.actor)

    @property
    def unfinished(self) -> list[QuestionSet]:
        """Return her question sets that are not finished and not over, earliest first."""
        found = [one for one in self.sets if one.completed_at is None and not is_expired(one, self.now)]
        return sorted(found, key=opens_at)

    @cached_property
    def coming_check_ins(self) -> list[CheckIn]:
        """Return the check-ins that open later, the next in front."""
        return coming_check_ins(self.actor, self.now)

    @cached_property
    def asking_after_stop(self) -> Asking | None:
        """Return what is still asked of her, where treatment was stopped."""
        return own_asking(self.parent, self.now)

    @cached_property
    def looked_at(self) -> Task | None:
        """Return the task in which somebody at the clinic looks at her answers since her doses."""
        return looked_at(self.parent)

    @property
    def told(self) -> list[str]:
        """Return what became of an answer that asked for help, as long as somebody at the clinic has it to do."""
        notice = concern_notice(self.parent, self.now)
        return [] if notice.text_key == CLOSED else sentences(notice, self.now, self.zone)

    @cached_property
    def episode(self) -> Episode | None:
        return own_episode(self.parent)

    @cached_property
    def decision(self) -> Decision | None:
        return decision_of(self.episode) if self.episode else None

    @cached_property
    def consent(self) -> ConsentState:
        return consent_state(self.episode, self.now) if self.episode else ConsentState.MISSING

    @cached_property
    def all_visits(self) -> list[Visit]:
        """Return all her visits, earliest first."""
        return sorted(visits_about(self.parent), key=lambda one: one.starts_at)

    @property
    def visits(self) -> list[Visit]:
        """Return her booked visits that are not over, earliest first."""
        return [one for one in self.all_visits if one.status == VisitStatus.BOOKED and one.ends_at > self.now]

    @property
    def had_a_dose(self) -> bool:
        return any(one.kind == VisitKind.DOSING and one.status == VisitStatus.HAPPENED for one in self.all_visits)

    @property
    def next_dosing(self) -> Visit | None:
        """Return her next day at the clinic when it is near enough to plan for."""
        found = next((one for one in self.visits if one.kind == VisitKind.DOSING), None)
        return found if found and found.starts_at - self.now <= PLANNED_AHEAD else None

    @cached_property
    def dosing_today(self) -> Visit | None:
        """Return the day at the clinic that is today: until it is over, or as long as its session goes on."""
        for visit in self.all_visits:
            booked = visit.kind == VisitKind.DOSING and visit.status == VisitStatus.BOOKED
            if booked and visit.starts_at.astimezone(self.zone).date() == self.now.astimezone(self.zone).date():
                return visit if visit.ends_at > self.now or in_session(self.parent, self.now) else None
        return None

    @property
    def quiet_until(self) -> datetime:
        """Return from when on questions may be said to come: after her day at the clinic, in which none opens, or now."""
        return max(self.now, self.dosing_today.ends_at) if self.dosing_today else self.now

    @cached_property
    def own_line(self) -> OwnLine | None:
        """Return her own line; None while fewer than two answers stand on it, and in the days before a dose.

        Those days belong to the plan, and the page keeps to its number of queries.
        """
        if self.next_dosing or not self.had_a_dose:
            return None
        own = own_line_of(self.actor, self.parent, self.now, visits=self.all_visits)
        answered = [answer for answer in own.line.answers if answer.value is not None]
        return own if len(answered) > 1 else None

    @property
    def suitable(self) -> bool:
        return self.decision is not None and self.decision.outcome == Decision.Outcome.SUITABLE
