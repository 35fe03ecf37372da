"""How care was declined with a hand-over, rested, went on, or ended: the stories of those who are not in a series now."""

from collections.abc import Generator, Iterator
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from firstlight.doors.demo.cast import Role
from firstlight.doors.demo.entering import enquire, into_care, measured
from firstlight.doors.demo.house import House
from firstlight.doors.demo.series import agreed, answers, book, lived, series
from firstlight.ground.people import services as people
from firstlight.ground.people.models import Episode
from firstlight.ground.worklist import services as worklist
from firstlight.ground.worklist.selectors import tasks_about
from firstlight.journey.planning import services as planning

Story = Iterator[datetime]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BEFORE_FIRST_DOSE = 11 * DAY
DOSED = 71 * MINUTE  # from the beginning of a visit to the end of its infusion


def declined_at_risk(role: Role, house: House, now: datetime, random: Random) -> Story:
    """Somebody at risk whom this treatment would not suit: handed over by voice on the same afternoon."""
    at, prescriber = now - 6 * DAY, house.actor("prescriber")
    yield at
    episode = enquire(role, house, at, source="referral")
    yield at + HOUR
    people.contact(episode=episode, note=role.note, by=prescriber, at=at + HOUR)
    episode.refresh_from_db()
    yield at + 2 * HOUR
    people.decline(episode=episode, reason=role.because, at_risk=True, by=prescriber, at=at + 2 * HOUR)
    yield at + 2 * HOUR + 20 * MINUTE
    for task in tasks_about(prescriber, episode.parent_id):
        worklist.finish(task=task, by=prescriber, at=at + 2 * HOUR + 20 * MINUTE, outcome=role.again)


def paused(role: Role, house: House, now: datetime, random: Random) -> Story:
    """Everything was booked; something came between, and treatment rests."""
    episode = yield from _ordered(role, house, now - 12 * DAY, random)
    at = now - 6 * DAY
    yield at
    book(house, episode, (now.astimezone(ZoneInfo(house.clinic.timezone)) + 4 * DAY).date(), at)
    yield now - DAY
    people.pause(episode=episode, reason=role.because, by=house.actor("nurse"), at=now - DAY)


def resumed(role: Role, house: House, now: datetime, random: Random) -> Story:
    """Treatment rested before it began, and goes on now: the check-in of the third day after the first dose is open."""
    begin = _due(house, now) - role.first_dose_days_ago * DAY - DOSED
    episode = yield from _ordered(role, house, begin - 20 * DAY, random)
    yield from answers(role, house, episode, begin - 15 * DAY, begin - 13 * DAY, random)
    yield begin - 13 * DAY
    people.pause(episode=episode, reason=role.because, by=house.actor("nurse"), at=begin - 13 * DAY)
    at = begin - 4 * DAY
    yield at
    people.resume(episode=episode, reason=role.again, by=house.actor("prescriber"), at=at)
    measured(role, house, episode, at)
    planning.sign_order(episode=episode, mg_per_kg="0.5", by=house.actor("prescriber"), at=at)
    yield at + HOUR
    days = [begin + timedelta(days=offset) for offset in (0, 7, 10, 14, 17, 21)]
    booked = series(house, episode, days, house.rooms["Room 2"], at + HOUR)
    yield from lived(role, house, episode, booked, now, random)


def _due(house: House, now: datetime) -> datetime:
    """Return when the check-in of the third day came due: at an hour at which it opens, and long enough ago to be open."""
    local = now.astimezone(ZoneInfo(house.clinic.timezone)).replace(minute=0, second=0, microsecond=0)
    hours = [local.replace(hour=hour) - days * DAY for days in (0, 1) for hour in (17, 14, 11, 9)]
    return next(one for one in hours if one <= now - 4 * HOUR)


def stopped(role: Role, house: House, now: datetime, random: Random) -> Story:
    """One dose, the talk after it, and the decision not to go on."""
    begin = now - timedelta(days=role.first_dose_days_ago)
    episode = yield from _ordered(role, house, begin - BEFORE_FIRST_DOSE, random)
    at = begin - 4 * DAY
    yield at
    booked = book(house, episode, begin.astimezone(ZoneInfo(house.clinic.timezone)).date(), at)
    first_three = sorted(booked, key=lambda one: one.starts_at)[:3]
    ends = first_three[-1].ends_at + HOUR
    yield from lived(role, house, episode, first_three, ends, random)
    yield ends
    people.stop(episode=episode, reason=role.because, by=house.actor("prescriber"), at=ends)
    yield from answers(role, house, episode, ends, now, random)


def transferred(role: Role, house: House, now: datetime, random: Random) -> Story:
    """Thought suitable; then the family moved away."""
    episode = yield from _in_care(role, house, now - 16 * DAY, random)
    yield now - 5 * DAY
    people.transfer(episode=episode, reason=role.because, by=house.actor("prescriber"), at=now - 5 * DAY)


def closed(role: Role, house: House, now: datetime, random: Random) -> Story:
    """Thought suitable; then another way was chosen."""
    episode = yield from _in_care(role, house, now - 25 * DAY, random)
    yield now - 13 * DAY
    people.close(episode=episode, reason=role.because, by=house.actor("prescriber"), at=now - 13 * DAY)


def _in_care(role: Role, house: House, at: datetime, random: Random) -> Generator[datetime, None, Episode]:
    found: list[Episode] = []
    yield from into_care(role, house, at, random, found)
    return found[0]


def _ordered(role: Role, house: House, at: datetime, random: Random) -> Generator[datetime, None, Episode]:
    episode = yield from _in_care(role, house, at, random)
    yield from agreed(role, house, episode, at + 5 * DAY)
    return episode
