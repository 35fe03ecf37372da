"""An agreement opened by its parent: whose it is, in which episode, and the words that she is shown."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404

from firstlight.ground.people.models import Episode, Parent
from firstlight.ground.people.steps import ENDED
from firstlight.journey.consent.agreements import Edition
from firstlight.journey.consent.selectors import edition_for, own_episode


@dataclass(frozen=True, slots=True)
class Opened:
    parent: Parent
    episode: Episode
    shown: Edition

    @property
    def ended(self) -> bool:
        """Tell whether care has ended, so that there is nothing to answer or sign."""
        return self.episode.state in ENDED


def opened_by(parent: Parent, now: datetime) -> Opened:
    """Return a parent's own agreement as she is shown it now. Without an episode there is none."""
    episode = own_episode(parent)
    if episode is None:
        raise Http404
    return Opened(parent, episode, edition_for(parent, now))
