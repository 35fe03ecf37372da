"""How a parent's agreement stands. A parent reaches her own, staff their clinic's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from firstlight.ground.people.models import Episode, Parent, Relation
from firstlight.journey.consent.agreements import Edition, current_template, edition
from firstlight.journey.consent.models import Consent, TeachBackAnswer, TouchChoice, Withdrawal


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


def own_episode(parent: Parent) -> Episode | None:
    """Return a parent's newest episode; None when there is none."""
    found = Episode.objects.filter(parent=parent).select_related("parent__family", "parent__clinic")
    return found.order_by("-opened_at").first()


def consent_of(episode: Episode) -> Consent | None:
    """Return the newest signature of an episode, withdrawn or not; None while nobody signed."""
    found = Consent.objects.filter(episode=episode).select_related("document", "touch", "withdrawal", "by")
    return found.order_by("-at").first()


def consent_state(episode: Episode, now: datetime | None = None) -> ConsentState:
    """Say how the agreement stands. With `now`, a newer version in force by then makes a signature outdated."""
    consent = consent_of(episode)
    if consent is None:
        return ConsentState.MISSING
    if Withdrawal.objects.filter(consent=consent).exists():
        return ConsentState.WITHDRAWN
    if now is not None and consent.version != current_template(day_of(episode.parent, now)).version:
        return ConsentState.OUTDATED
    return ConsentState.CURRENT


def touch_of(episode: Episode) -> Touch:
    """Return which touch counts now: the newest choice, or none at all once the agreement was taken back."""
    newest = TouchChoice.objects.filter(episode=episode).order_by("-at").first()
    if newest is None or consent_state(episode) == ConsentState.WITHDRAWN:
        return Touch({}, None)
    return Touch(dict(newest.choices), newest.at)


def touch_choices_of(episode: Episode) -> list[TouchChoice]:
    """Return every choice about touch, first one first."""
    return list(TouchChoice.objects.filter(episode=episode).order_by("at"))


def edition_for(parent: Parent, now: datetime) -> Edition:
    """Return the version in force as this parent is shown it."""
    gave_birth = parent.gave_birth_date is not None
    milk = gave_birth or parent.relation not in {Relation.FATHER, Relation.PARTNER}
    silent = parent.family.silent_about_baby
    return edition(current_template(day_of(parent, now)), silent=silent, milk=milk, language=parent.language)


def answers_of(episode: Episode, shown: Edition) -> list[TeachBackAnswer]:
    """Return every answer about this version, first one first."""
    return list(TeachBackAnswer.objects.filter(episode=episode, version=shown.version).order_by("at"))


def understood(episode: Episode, shown: Edition) -> frozenset[str]:
    """Return the parts whose question was answered right."""
    right = TeachBackAnswer.objects.filter(episode=episode, version=shown.version, right=True)
    return frozenset(right.values_list("question", flat=True)) & frozenset(shown.questions)


def day_of(parent: Parent, now: datetime) -> date:
    """Return the calendar day where the parent is."""
    return now.astimezone(ZoneInfo(parent.timezone)).date()


def next_part(episode: Episode, shown: Edition) -> int | None:
    """Return the number of the part to read next, from 1; None when every question has its right answer.

    Parts without a question count as read once the question after them was answered.
    """
    done = understood(episode, shown)
    open_places = [place for place, part in enumerate(shown.parts) if part.question and part.key not in done]
    if not open_places:
        return None
    place = open_places[0]
    while place > 0 and shown.parts[place - 1].question is None:
        place -= 1
    return place + 1


def withdrawals_of(episode: Episode) -> list[Withdrawal]:
    """Return every time an agreement was taken back, first one first."""
    return list(Withdrawal.objects.filter(episode=episode).select_related("by"))


def consents_of(episode: Episode) -> list[Consent]:
    """Return every signature of an episode, newest first."""
    found = Consent.objects.filter(episode=episode).select_related("document", "by", "withdrawal__by")
    return list(found.order_by("-at"))
