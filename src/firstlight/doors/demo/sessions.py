"""A dosing day as the nurse charts it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from firstlight.doors.demo.cast import Role
from firstlight.doors.demo.house import House
from firstlight.ground.audit.actors import Actor
from firstlight.ground.ledger import services as ledger
from firstlight.ground.ledger.selectors import draws_of
from firstlight.ground.people.models import Episode, Parent
from firstlight.ground.people.selectors import parent_actor, staff_actor
from firstlight.ground.visits.models import Visit
from firstlight.journey.dosing import services
from firstlight.journey.dosing.models import Notice, RecoveryScore, Session
from firstlight.journey.dosing.selectors import sheet_of
from firstlight.journey.planning import services as planning
from firstlight.journey.planning.feeds import feed_hours
from firstlight.journey.planning.selectors import day_state

Story = Iterator[datetime]
MINUTE = timedelta(minutes=1)
# Minutes from the start of the infusion: when values are charted, and how far the pressure has risen by then.
COURSE = (
    (10, 0.45), (20, 0.8), (30, 1.0), (40, 0.95), (55, 0.55), (70, 0.3), (85, 0.15), (100, 0.08), (115, 0.0), (125, 0.0),
)  # fmt: skip
START_AFTER = 30
FEEDING = (
    "Feed before you come. The next feed may follow when you are fully awake; watch that the baby is easy to wake and feeds "
    "well. Two small studies found little in milk; the label of a related medicine says not to breastfeed."
)


def dose(role: Role, house: House, episode: Episode, visit: Visit, number: int, now: datetime, random: Random) -> Story:
    """One session from the day plan to the door, as far as it has come by now."""
    yield from _day_planned(house, episode, visit)
    yield visit.starts_at
    session = _opened(role, house, visit, number, random)
    yield visit.starts_at + START_AFTER * MINUTE
    services.start_infusion(session=session, by=_nurse(session), at=visit.starts_at + START_AFTER * MINUTE)
    yield from _charted(role, house, session, number, now, random)


def close(session: Session, house: House, role: Role, now: datetime, random: Random) -> None:
    """Bring a session that was left running to its end, at the times at which it would have ended."""
    for _at in _charted(role, house, session, session.number - 1, now, random):
        pass


def _nurse(session: Session) -> Actor:
    return staff_actor(session.nurse)


def _opened(role: Role, house: House, visit: Visit, number: int, random: Random) -> Session:
    """Open the session, name the second person, ask, chart, draw, and have the syringe read again."""
    nurse, second = house.actor("nurse"), house.staff["second_nurse"]
    if visit.staff_id == second.id:
        nurse, second = house.actor("second_nurse"), house.staff["nurse"]
    opened, lot = visit.starts_at, house.lots[0]
    session = services.open_session(visit=visit, by=nurse, at=opened)
    services.join(session=session, second=second, by=nurse, at=opened + MINUTE)
    services.mark(session=session, kind="safety_asked", by=nurse, at=opened + 2 * MINUTE)
    chart = _Chart(role, session, number, random)
    chart.write(opened + 5 * MINUTE, 0.0, nurse, dissociation=False)
    chart.ask(opened + 7 * MINUTE, nurse, after=False)
    drawn_ul = lot.vial_volume_ul // 4
    preparation = services.prepare(session=session, lot=lot, drawn_ul=drawn_ul, by=nurse, at=opened + 12 * MINUTE)
    services.second_check(
        session=session, volume_ul=preparation.volume_ul, by=staff_actor(second), at=opened + 15 * MINUTE
    )
    chart.write(opened + (START_AFTER - 1) * MINUTE, 0.0, nurse, dissociation=False)
    return Session.objects.select_related("nurse", "second_person", "parent").get(id=session.id)


def _charted(role: Role, house: House, session: Session, number: int, now: datetime, random: Random) -> Story:
    """What is charted from the start of the pump on; what stands in the chart already is left as it is."""
    session = Session.objects.select_related("nurse", "second_person", "parent").get(id=session.id)
    if session.started_at is None:
        raise ValueError("Only a session that was started goes on.")
    chart, nurse = _Chart(role, session, number, random), _nurse(session)
    charted = max(row.happened_at for row in sheet_of(session).observations)
    for minutes, share in COURSE:
        at = session.started_at + minutes * MINUTE
        if at > now:
            return
        if at <= charted:
            continue
        yield at
        if minutes > 40 and Session.objects.get(id=session.id).ended_at is None:
            _end(session, session.started_at + 41 * MINUTE)
        chart.write(at, share, nurse)
        chart.acknowledge(at + MINUTE, nurse)
    yield from _left(house, session, chart, now)


def _left(house: House, session: Session, chart: "_Chart", now: datetime) -> Story:
    at = (session.started_at or now) + 131 * MINUTE
    if at <= now:
        yield at
        chart.ask(at, _nurse(session), after=True)
        services.score_recovery(
            session=session,
            client_id=uuid5(session.id, "recovery"),
            values=dict.fromkeys(RecoveryScore.ROWS, 2),
            by=_nurse(session),
            at=at,
        )
        services.leave(
            session=session,
            escort_name="Ada Novak",
            gait_steady=True,
            oriented=True,
            by=house.actor("prescriber"),
            at=at,
            reason="Settled, and the pressure is back where it was.",
        )


def _end(session: Session, at: datetime) -> None:
    """End the infusion; what is left in syringe and vial is wasted before the second person."""
    nurse, second = _nurse(session), session.second_person
    services.end_infusion(session=session, by=nurse, at=at)
    for held in draws_of(nurse, session.id):
        if held.in_hand_ug and second is not None:
            waste = ledger.waste(
                draw=held.draw, amount_ug=held.in_hand_ug, reason="Rest of syringe and vial", by=nurse, at=at
            )
            ledger.witness_waste(waste=waste, amount_ug=waste.amount_ug, by=staff_actor(second), at=at + MINUTE)


class _Chart:
    """Charts a plausible course: pressure rises and falls, dissociation with it."""

    def __init__(self, role: Role, session: Session, number: int, random: Random) -> None:
        self.role, self.session, self.number, self.random = role, session, number, random

    def write(self, at: datetime, share: float, by: Actor, *, dissociation: bool = True) -> None:
        role, random = self.role, self.random
        peak = role.dissociation[min(self.number, len(role.dissociation) - 1)] if role.dissociation else 4
        rise = int(role.rise * share) + random.randrange(-2, 3)
        sbp = role.pressure + rise
        values = {
            "sbp": sbp,
            "dbp": int(sbp * 0.62) + random.randrange(0, 4),
            "hr": 74 + int(14 * share) + random.randrange(-3, 4),
            "spo2": 98 - (1 if share > 0.7 else 0),
            "rr": 15 + random.randrange(-1, 2),
            "moaas": 4 if share > 0.6 else 5,
        }
        if dissociation:
            values |= {"dissociation": round(peak * min(1.0, share * 1.1)), "nausea": 1 if share > 0.5 else 0}
        services.chart(
            session=self.session, client_id=UUID(int=random.getrandbits(128), version=4), values=values, by=by, at=at
        )

    def ask(self, at: datetime, by: Actor, *, after: bool) -> None:
        """Ask how it is right now: before the dose the mood of the last days, after it that of the days to come."""
        moods = self.role.mood or (4,)
        mood = moods[max(0, min(self.number - (not after), len(moods) - 1))]
        fear = max(0, 9 - mood)
        values = {"mood": mood, "anxiety": fear, "tension": fear - (fear > 1), "side_effects": 2 * after, "harm": 0}
        services.chart_right_now(
            session=self.session,
            client_id=uuid5(self.session.id, "after" if after else "before"),
            values=values,
            by=by,
            at=at,
        )

    def acknowledge(self, at: datetime, by: Actor) -> None:
        for notice in Notice.objects.filter(session=self.session, acknowledgement=None):
            services.acknowledge_notice(notice=notice, action="rechecked", by=by, at=at)


def _day_planned(house: House, episode: Episode, visit: Visit) -> Story:
    at = visit.starts_at - timedelta(hours=20)
    yield at
    parent = Parent.objects.select_related("family", "clinic", "account").get(id=episode.parent_id)
    zone = ZoneInfo(parent.timezone)
    state = day_state(visit, at)
    feeds = list(feed_hours(visit, parent.timezone))[2::3] if state.needs_release else []
    morning = (visit.starts_at.astimezone(zone) + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
    planning.set_day_plan(
        parent=parent,
        visit=visit,
        escort_name="Ada Novak",
        escort_phone="+1 518 555 0177",
        escort_is_adult=True,
        childcare_name="Grandmother Vera",
        childcare_until=morning,
        feeds_at=feeds,
        by=parent_actor(parent),
        at=at,
    )
    if state.needs_release and state.release is None:
        planning.release(
            episode=episode,
            text=FEEDING,
            by=house.actor("prescriber"),
            at=at,
        )
