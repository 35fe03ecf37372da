"""What a parent reads in the place of a plan while no dose is to come."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from firstlight.ground.people.models import EpisodeState, Parent
from firstlight.ground.people.steps import ENDED
from firstlight.journey.consent.selectors import ConsentState, consent_state, own_episode


@dataclass(frozen=True, slots=True)
class Resting:
    """Why no day is planned, and what that means for her."""

    title: str | Promise
    text: str | Promise


PAUSED = Resting(
    _("Treatment rests for now"),
    _("You do not need to fast or to arrange anything. A day that was booked counts again only when you and your "
      "prescriber have agreed to go on."),
)  # fmt: skip
WITHDRAWN = Resting(
    _("You have withdrawn your agreement"),
    _("Nothing is given without it. You do not need to fast or to arrange anything, and you need not say why."),
)
OVER = Resting(_("No day is planned"), _("Your treatment here has ended, so there is nothing to prepare."))


def resting(parent: Parent, now: datetime) -> Resting | None:
    """Return what stands in the place of a plan; None while care goes on."""
    episode = own_episode(parent)
    if episode is None:
        return None
    if episode.state in ENDED:
        return OVER
    if episode.state == EpisodeState.PAUSED:
        return PAUSED
    return WITHDRAWN if consent_state(episode, now) == ConsentState.WITHDRAWN else None
