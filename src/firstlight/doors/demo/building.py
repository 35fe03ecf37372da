"""Making the demo clinic: all stories at once, in the order of time, in one transaction."""

import heapq
from collections.abc import Callable, Iterator
from datetime import datetime
from random import Random

from django.db import transaction
from django_scopes import scope

from firstlight.doors.demo.cast import cast
from firstlight.doors.demo.house import House, check_again, found_house
from firstlight.doors.demo.lives import life
from firstlight.doors.demo.stories import tell
from firstlight.ground.people.models import Clinic

SEED = 20_261


def build(now: datetime, *, seed: int = SEED, told: Callable[[int], None] | None = None) -> House:
    """Make the demo clinic as it stands at `now`. The same seed and `now` give the same people, values and times.

    All or nothing: a build that is killed leaves an empty database.
    """
    with transaction.atomic():
        house = found_house(cast(), now)
        with scope(clinic=house.clinic.id):
            stories = [
                tell(role, house, now, Random(f"{seed}:{role.key}")) for role in cast().parents
            ]  # a story, not a secret
            stories += [life(role, house, now) for role in cast().parents]
            _run(stories, now, told)
            check_again(cast(), house, now)
    return house


def _run(stories: list[Iterator[datetime]], now: datetime, told: Callable[[int], None] | None) -> None:
    waiting: list[tuple[datetime, int]] = []
    for place, story in enumerate(stories):
        _queue(waiting, story, place, now)
    steps = 0
    while waiting:
        _at, place = heapq.heappop(waiting)
        _queue(waiting, stories[place], place, now)
        steps += 1
        if told:
            told(steps)


def _queue(waiting: list[tuple[datetime, int]], story: Iterator[datetime], place: int, now: datetime) -> None:
    """Take a story's step up to its next moment. What would lie after now does not happen."""
    at = next(story, None)
    if at is not None and at <= now:
        heapq.heappush(waiting, (at, place))


def built() -> bool:
    """Tell whether the demo clinic is there."""
    return Clinic.objects.filter(slug=cast().clinic["slug"]).exists()
