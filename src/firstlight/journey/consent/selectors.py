"""How a parent's agreement stands. Callers look the parent up first, as the person who asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from firstlight.ground.people.models import Episode, Parent, Relation
from firstlight.journey.consent.agreements import Edition, current_template, edition
from firstlight.journey.consent.models import Consent, TeachBackAnswer, TouchChoice


class ConsentState(StrEnum):
    """`outdated`: signed, but a newer version is in force, so it counts as missing."""

    MISSING = "missing"
    CURRENT = "current"
    OUTDATED = "outdated"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Touch:
    """What a parent agreed to, by kind; None of it unless she said so."""

    choices: Mapping[str, bool]
    at: datetime | None

    @property
    def allowed(self) -> tuple[str, ...]:
        return tuple(kind for kind, yes in self.choices.items() if yes)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Everything about one episode's agreement. `consents`: newest first; the rest in order of time."""

    episode: Episode
    consents: Sequence[Consent]
    touches: Sequence[TouchChoice]
    answers: Sequence[TeachBackAnswer]

    def state(self, now: datetime | None = None) -> ConsentState:
        """Say how it stands. With `now`, a newer version in force by then makes a signature outdated."""
        return state_of(self.consents[0] if self.consents else None, self.episode.parent, now)

    @property
    def touch(self) -> Touch:
        """Say which touch counts now: the newest choice, or none at all once the agreement was taken back."""
        if not self.touches or self.state() == ConsentState.WITHDRAWN:
            return Touch({}, None)
        return Touch(dict(self.touches[-1].choices), self.touches[-1].at)

    def answers_about(self, shown: Edition) -> list[TeachBackAnswer]:
        """Return the answers about one version."""
        return [answer for answer in self.answers if answer.version == shown.version]

    def understood(self, shown: Edition) -> frozenset[str]:
        """Return the parts whose question was answered right."""
        right = {answer.question for answer in self.answers_about(shown) if answer.right}
        return frozenset(right & set(shown.questions))

    def next_part(self, shown: Edition) -> int | None:
        """Return the number of the part to read next, from 1; None when every question has its right answer.

        Parts without a question count as read once the question after them was answered.
        """
        done = self.understood(shown)
        open_places = [place for place, part in enumerate(shown.parts) if part.question and part.key not in done]
        if not open_places:
            return None
        place = open_places[0]
        while place > 0 and shown.parts[place - 1].question is None:
            place -= 1
        return place + 1


def own_episode(parent: Parent) -> Episode | None:
    """Return a parent's newest episode; None when there is none."""
    found = Episode.objects.filter(parent=parent).order_by("-opened_at", "-id").first()
    if found is not None:
        found.parent = parent
    return found


def agreement_of(episode: Episode) -> Agreement:
    """Return everything about an episode's agreement."""
    consents = Consent.objects.filter(episode=episode).select_related("document", "by", "touch", "withdrawal__by")
    return Agreement(
        episode=episode,
        consents=list(consents.order_by("-at", "-id")),
        touches=list(TouchChoice.objects.filter(episode=episode).order_by("at", "id")),
        answers=list(TeachBackAnswer.objects.filter(episode=episode).order_by("at", "id")),
    )


def consent_of(episode: Episode) -> Consent | None:
    """Return the newest signature of an episode, withdrawn or not; None while nobody signed."""
    found = Consent.objects.filter(episode=episode).select_related("document", "touch", "withdrawal", "by")
    return found.order_by("-at", "-id").first()


def consent_state(episode: Episode, now: datetime | None = None) -> ConsentState:
    """Say how the agreement stands. With `now`, a newer version in force by then makes a signature outdated."""
    return state_of(consent_of(episode), episode.parent, now)


def state_of(consent: Consent | None, parent: Parent, now: datetime | None) -> ConsentState:
    """Say how the newest signature stands."""
    if consent is None:
        return ConsentState.MISSING
    if hasattr(consent, "withdrawal"):
        return ConsentState.WITHDRAWN
    if now is not None and consent.version != current_template(day_of(parent, now)).version:
        return ConsentState.OUTDATED
    return ConsentState.CURRENT


def touch_of(episode: Episode) -> Touch:
    """Return which touch counts now."""
    return agreement_of(episode).touch


def edition_for(parent: Parent, now: datetime) -> Edition:
    """Return the version in force as this parent is shown it."""
    gave_birth = parent.gave_birth_date is not None
    milk = gave_birth or parent.relation not in {Relation.FATHER, Relation.PARTNER}
    silent = parent.family.silent_about_baby
    return edition(current_template(day_of(parent, now)), silent=silent, milk=milk, language=parent.language)


def day_of(parent: Parent, now: datetime) -> date:
    """Return the calendar day where the parent is."""
    return now.astimezone(ZoneInfo(parent.timezone)).date()


@dataclass(frozen=True, slots=True)
class Signature:
    """When a version of the agreement was signed, and when that was taken back."""

    at: datetime
    version: int
    withdrawn_at: datetime | None


def signatures_about(parent: Parent) -> list[Signature]:
    """Return every signature of a parent, the first in front, without what was signed."""
    rows = Consent.objects.filter(parent=parent).order_by("at", "id")
    return [Signature(*row) for row in rows.values_list("at", "version", "withdrawal__at")]
