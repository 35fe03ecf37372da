"""Where one parent stands now, read from the stages only as far as somebody asks."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.models import Episode, Parent
from firstlight.ground.visits.models import Visit, VisitStatus
from firstlight.ground.visits.selectors import visits_of
from firstlight.journey.consent.selectors import ConsentState, consent_state, own_episode
from firstlight.journey.eligibility.models import Decision
from firstlight.journey.eligibility.selectors import decision_of
from firstlight.journey.screening.models import QuestionSet
from firstlight.journey.screening.selectors import is_expired, opens_at, sets_for


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
    def episode(self) -> Episode | None:
        return own_episode(self.parent)

    @cached_property
    def decision(self) -> Decision | None:
        return decision_of(self.episode) if self.episode else None

    @cached_property
    def consent(self) -> ConsentState:
        return consent_state(self.episode, self.now) if self.episode else ConsentState.MISSING

    @cached_property
    def visits(self) -> list[Visit]:
        """Return her booked visits that are not over, earliest first."""
        found = [one for one in visits_of(self.actor, self.parent.id) if one.status == VisitStatus.BOOKED]
        return sorted((one for one in found if one.ends_at > self.now), key=lambda one: one.starts_at)

    @property
    def suitable(self) -> bool:
        return self.decision is not None and self.decision.outcome == Decision.Outcome.SUITABLE
