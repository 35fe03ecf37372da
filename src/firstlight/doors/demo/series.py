"""A series of doses as it runs: agreement, order, visits, sessions, check-ins, notes."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from firstlight.doors.demo.answers import answer_set, beside, living, spread
from firstlight.doors.demo.cast import Role
from firstlight.doors.demo.house import House
from firstlight.doors.demo.sessions import dose
from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.models import Episode, Parent
from firstlight.ground.people.selectors import parent_actor
from firstlight.ground.safety import services as safety
from firstlight.ground.visits import services as visits
from firstlight.ground.visits.models import Room, Visit
from firstlight.journey.consent import services as consent
from firstlight.journey.consent.selectors import edition_for
from firstlight.journey.integration import services as integration
from firstlight.journey.planning import services as planning
from firstlight.journey.planning.services.series import Proposal
from firstlight.journey.response import services as response
from firstlight.journey.response.models import CheckIn
from firstlight.journey.response.selectors import hours_of
from firstlight.journey.therapists import services as therapists

Story = Iterator[datetime]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEKS = {"week-1": 1, "week-3": 2, "week-5": 3}  # which total of a course a check-in asks for
BEFORE_FIRST_DOSE = ("bond-0", "living-0")
OPENED_BEFORE_NOW = timedelta(minutes=55)


def _parent(episode: Episode) -> Parent:
    return Parent.objects.select_related("family", "clinic", "account").get(id=episode.parent_id)


def agreed(role: Role, house: House, episode: Episode, at: datetime, *, touch: bool = True) -> Story:
    """Choose a therapist, read and sign the agreement, and sign the order."""
    yield at
    episode.refresh_from_db()
    parent = _parent(episode)
    therapists.choose(episode=episode, therapist=house.staff["therapist"], by=parent_actor(parent), at=at)
    edition = edition_for(parent, at)
    consent.sign(
        parent=parent,
        episode=episode,
        name=parent.name,
        touch={"hand": touch, "steadying": True},
        teach_back={part: question.right for part, question in edition.questions.items()},
        by=parent_actor(parent),
        at=at,
    )
    yield at + HOUR
    planning.sign_order(episode=episode, mg_per_kg="0.5", by=house.actor("prescriber"), at=at + HOUR)
    episode.refresh_from_db()


def planned(role: Role, house: House, episode: Episode, now: datetime, random: Random) -> Story:
    """Everything is booked; one thing is missing for the first day."""
    yield from agreed(role, house, episode, now - DAY)
    yield now - DAY + 2 * HOUR
    zone = ZoneInfo(house.clinic.timezone)
    first = (now.astimezone(zone) + 3 * DAY).date()
    booked = book(house, episode, first, now - DAY + 2 * HOUR)
    day = next(visit for visit in booked if visit.kind == "dosing")
    yield now - 20 * HOUR
    planning.set_day_plan(
        parent=_parent(episode),
        visit=day,
        escort_name="Ada Becker",
        escort_phone="+1 518 555 0177",
        escort_is_adult=True,
        by=parent_actor(_parent(episode)),
        at=now - 20 * HOUR,
    )


def book(house: House, episode: Episode, first: date, at: datetime) -> list[Visit]:
    """Book a series as it is proposed, from a date on."""
    proposals = planning.propose_series(
        episode=episode,
        nurse=house.staff["nurse"],
        first_date=first,
        at=at,
        dosing_room=house.rooms["Room 1"],
        therapy_room=house.rooms["Talk room"],
    )
    return planning.book_series(episode=episode, visits=proposals, by=house.actor("nurse"), at=at)


def finished(role: Role, house: House, episode: Episode, now: datetime, random: Random) -> Story:
    """Six doses in three weeks, weeks ago, and everything that was answered since."""
    begin = now - timedelta(days=role.first_dose_days_ago)
    yield from agreed(role, house, episode, begin - 5 * DAY)
    at = begin - 5 * DAY + 3 * HOUR
    yield at
    first = begin.astimezone(ZoneInfo(house.clinic.timezone)).date()
    booked = book(house, episode, first, at)
    yield from lived(role, house, episode, booked, now, random)
    yield from _safety_plan(role, house, episode, now - 2 * HOUR)


def _safety_plan(role: Role, house: House, episode: Episode, at: datetime) -> Story:
    """What somebody does when it gets worse, written down with the nurse."""
    if role.plan:
        yield at
        safety.write_safety_plan(parent=_parent(episode), steps=role.plan, by=house.actor("nurse"), at=at)


def running(role: Role, house: House, episode: Episode, now: datetime, random: Random) -> Story:
    """Two doses given, the third under way now."""
    begin = now - timedelta(days=role.first_dose_days_ago)
    yield from agreed(role, house, episode, begin - 5 * DAY)
    at = begin - 5 * DAY + 3 * HOUR
    yield at
    moment = now - OPENED_BEFORE_NOW
    days = [moment + timedelta(days=offset) for offset in (-7, -4, 0, 3, 7, 10)]
    booked = series(house, episode, days, house.rooms["Garden room"], at)
    yield from lived(role, house, episode, booked, now, random)


def series(house: House, episode: Episode, days: list[datetime], room: Room, at: datetime) -> list[Visit]:
    """Book doses at these moments, a talk two days before the first one and one the day after each."""
    therapist = house.staff["therapist"]
    proposals = [Proposal("preparation", therapist, days[0] - 2 * DAY, 60, house.rooms["Talk room"])]
    for day in days:
        proposals.append(Proposal("dosing", house.staff["second_nurse"], day, 180, room))
        proposals.append(Proposal("integration", therapist, day + DAY, 50, None))
    return planning.book_series(episode=episode, visits=proposals, by=house.actor("nurse"), at=at)


def lived(role: Role, house: House, episode: Episode, booked: list[Visit], now: datetime, random: Random) -> Story:
    """Live through the visits and check-ins that lie before now, in the order of time."""
    number, since = 0, booked[0].starts_at
    for visit in sorted(booked, key=lambda one: one.starts_at):
        if visit.starts_at > now:
            break
        yield from answers(role, house, episode, since, visit.starts_at, random)
        since = visit.ends_at
        if visit.kind == "dosing":
            yield from dose(role, house, episode, visit, number, now, random)
            number += 1
        else:
            yield visit.ends_at
            visits.mark_happened(visit=visit, by=house.actor("therapist"), at=visit.ends_at)
            yield from _note(role, house, episode, visit, number)
    yield from answers(role, house, episode, since, now, random)


def _note(role: Role, house: House, episode: Episode, visit: Visit, number: int) -> Story:
    """What was agreed: a hope before the first dose, and how it went after the second or the last."""
    later = role.note if number == (2 if role.story == "running" else 6) else ""
    if text := role.hope if visit.kind == "preparation" else later:
        yield visit.ends_at + timedelta(minutes=10)
        integration.write_note(
            parent=_parent(episode), visit=visit, text=text, by=house.actor("therapist"),
            at=visit.ends_at + timedelta(minutes=10),
        )  # fmt: skip


def answers(role: Role, house: House, episode: Episode, since: datetime, until: datetime, random: Random) -> Story:
    """Open the check-ins that come due in a stretch of time, and answer them, but for those that this parent misses."""
    zone, moment = ZoneInfo(house.clinic.timezone), since
    waiting = CheckIn.objects.filter(parent_id=episode.parent_id, question_set=None, ended_at=None).order_by("due_at")
    while (coming := waiting.first()) is not None:
        moment = hours_of(_parent(episode)).hours.next_moment(max(moment, coming.due_at), zone)
        if moment + 3 * HOUR > until:
            return
        yield moment
        by = Actor.system(house.clinic_id)
        question_set = response.open_check_ins(parent=_parent(episode), by=by, at=moment)
        if question_set is None:
            moment += 6 * HOUR
            continue
        opened = list(CheckIn.objects.filter(question_set=question_set).select_related("session").order_by("due_at"))
        if not any(_misses(role, one) for one in opened):
            at = moment + timedelta(minutes=random.randrange(10, 160))
            yield at
            question_set.parent = _parent(episode)
            answer_set(question_set, parent_actor(question_set.parent), at, _wanted(role, opened[0], random))


def _misses(role: Role, check_in: CheckIn) -> bool:
    return check_in.rule in role.misses and check_in.session is not None and check_in.session.number in {1, 4}


def _wanted(role: Role, check_in: CheckIn, random: Random) -> dict[str, int]:
    """Return what this parent says on a day: own words of the moment, and totals along the course."""
    before, later = check_in.rule in BEFORE_FIRST_DOSE, check_in.rule.startswith(("bond", "living"))
    doses = 0 if before else len(role.mood) - 1
    place = check_in.session.number - 1 if check_in.session and check_in.rule.startswith("day") else doses
    mood = role.mood[min(place, len(role.mood) - 1)]
    fear = max(0, 9 - mood + random.randrange(-1, 2))
    week = 0 if before else len(role.phq) - 1 if later else WEEKS.get(check_in.rule, 0)
    total = role.phq[min(week, len(role.phq) - 1)]
    chance = Random(f"{role.key}:{check_in.rule}")  # a story; of its own, so that nothing else changes with it
    return {
        "check-in:mood": mood,
        "check-in:anxiety": min(10, fear),
        "check-in:tension": min(10, fear),
        "check-in:sleep": max(0, mood - 1),
        "check-in:closeness": min(10, mood + 2),
        "check-in:side_effects": random.randrange(4),
        **beside(mood),
        **living("daily-life", total, chance),
        **living("pbq", total, chance),
        **spread("phq-9", total, random, without=("q9",)),
        **spread("gad-7", min(21, round(role.gad * total / role.phq[0])), random),
    }
