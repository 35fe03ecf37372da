"""What happens to each parent, told through the services only.

A story is a generator: it yields the moment of its next step and takes the step when it is resumed. All stories are
resumed in the order of time, so that the demo's audit reads like a clinic's year and not like eighteen lives one by one.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random

from firstlight.doors.demo import endings
from firstlight.doors.demo.cast import Role
from firstlight.doors.demo.entering import accepted, baseline, enquire, first_answers, into_care, tasks_done
from firstlight.doors.demo.house import House
from firstlight.doors.demo.series import finished, planned, running
from firstlight.ground.people import services as people
from firstlight.ground.people.models import Episode
from firstlight.journey.eligibility import services as eligibility

Story = Iterator[datetime]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def tell(role: Role, house: House, now: datetime, random: Random) -> Story:
    """Return one parent's story from the first call on."""
    return STORIES[role.story](role, house, now, random)


def _logged(role: Role, house: House, now: datetime, random: Random) -> Story:
    yield now - 5 * HOUR
    enquire(role, house, now - 5 * HOUR)


def _contacted(role: Role, house: House, now: datetime, random: Random) -> Story:
    at = now - 2 * DAY
    yield at
    episode = enquire(role, house, at, source="referral")
    yield at + 4 * HOUR
    people.contact(
        episode=episode, note="Talked for ten minutes; thinks it over.", by=house.actor("nurse"), at=at + 4 * HOUR
    )


def _declined(role: Role, house: House, now: datetime, random: Random) -> Story:
    at = now - 9 * DAY
    yield at
    episode = enquire(role, house, at, source="referral")
    yield at + DAY
    people.contact(episode=episode, note="Wants help for sleep; no depression.", by=house.actor("nurse"), at=at + DAY)
    episode.refresh_from_db()
    yield at + 2 * DAY
    people.decline(
        episode=episode,
        reason="Sleeplessness without depression: this treatment was not studied for it.",
        by=house.actor("prescriber"),
        at=at + 2 * DAY,
    )


def _answering(role: Role, house: House, now: datetime, random: Random) -> Story:
    at = now - 2 * DAY
    yield at
    episode = enquire(role, house, at)
    yield from accepted(role, house, episode, at + 3 * HOUR)
    yield from first_answers(role, episode, random, now - 20 * HOUR, only=12)


def _concern(role: Role, house: House, now: datetime, random: Random) -> Story:
    at = now - 3 * DAY
    yield at
    episode = enquire(role, house, at)
    yield from accepted(role, house, episode, at + 3 * HOUR)
    yield from first_answers(role, episode, random, now - 50 * timedelta(minutes=1))


def _held(role: Role, house: House, now: datetime, random: Random) -> Story:
    at = now - 8 * DAY
    yield at
    episode = enquire(role, house, at)
    yield from accepted(role, house, episode, at + 3 * HOUR)
    yield from first_answers(role, episode, random, at + DAY)
    yield from baseline(role, house, episode, now - DAY)
    yield now - DAY + HOUR
    episode.refresh_from_db()
    eligibility.assess_now(episode=episode, by=house.actor("prescriber"), at=now - DAY + HOUR)
    tasks_done(house, episode, now - DAY + HOUR)


def _suitable(role: Role, house: House, now: datetime, random: Random) -> Story:
    yield from into_care(role, house, now - 6 * DAY, random, [])


def _series(tell_series: Callable[..., Story], days_before: int) -> Callable[..., Story]:
    def story(role: Role, house: House, now: datetime, random: Random) -> Story:
        found: list[Episode] = []
        first_dose = now - timedelta(days=role.first_dose_days_ago)
        yield from into_care(role, house, first_dose - timedelta(days=days_before), random, found)
        yield from tell_series(role, house, found[0], now, random)

    return story


STORIES: dict[str, Callable[[Role, House, datetime, Random], Story]] = {
    "logged": _logged,
    "contacted": _contacted,
    "declined": _declined,
    "answering": _answering,
    "concern": _concern,
    "held": _held,
    "suitable": _suitable,
    "planned": _series(planned, 7),
    "running": _series(running, 11),
    "finished": _series(finished, 11),
    "declined at risk": endings.declined_at_risk,
    "paused": endings.paused,
    "resumed": endings.resumed,
    "stopped": endings.stopped,
    "transferred": endings.transferred,
    "closed": endings.closed,
}
