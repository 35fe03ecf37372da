"""What pages show of a stop: the parent's own, and the clinic's page of her response."""

from datetime import datetime

from firstlight.ground.people.models import Parent
from firstlight.journey.consent.selectors import own_episode
from firstlight.journey.response.selectors import Course, last_if_wanted, stopped_of
from firstlight.journey.response.stopped_words import Asking, asking_after


def own_asking(parent: Parent, now: datetime) -> Asking | None:
    """Return how a parent is asked after a stop, on her clock and in words for her; None while treatment was not stopped."""
    episode = own_episode(parent)
    stopped = stopped_of(episode) if episode is not None else None
    if episode is None or stopped is None:
        return None
    return asking_after(stopped, last_if_wanted(episode, now), now, parent.timezone)


def clinics_asking(course: Course, parent: Parent, now: datetime) -> Asking | None:
    """Return the same in words for the clinic, from what was read of her course."""
    if course.stopped is None:
        return None
    return asking_after(course.stopped, course.last_if_wanted(now), now, parent.clinic.timezone, staff=True)
