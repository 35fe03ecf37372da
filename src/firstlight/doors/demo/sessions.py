"""A dosing day as the nurse charts it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from firstlight.doors.demo.cast import Role
from firstlight.doors.demo.house import House
from firstlight.ground.audit.actors import Actor
from firstlight.ground.ledger import services as ledger
from firstlight.ground.ledger.selectors import draws_of
from firstlight.ground.people.models import Episode, Parent
from firstlight.ground.people.selectors import parent_actor
from firstlight.ground.visits.models import Visit
from firstlight.journey.dosing import services
from firstlight.journey.dosing.models import Session
from firstlight.journey.dosing.selectors import sheet_of
from firstlight.journey.planning import services as planning
from firstlight.journey.planning.selectors import day_state

Story = Iterator[datetime]
MINUTE = timedelta(minutes=1)
# Minutes from the start of the infusion: when values are charted, and how far the pressure has risen by then.
COURSE = (
    (0, 0.0),
    (10, 0.45),
    (20, 0.8),
    (30, 1.0),
    (40, 0.95),
    (55, 0.55),
    (70, 0.3),
    (85, 0.15),
    (100, 0.08),
    (115, 0.0),
    (125, 0.0),
)
START_AFTER = 30


def dose(role: Role, house: House, episode: Episode, visit: Visit, number: int, now: datetime, random: Random) -> Story:
    """One session from the day plan to the door, as far as it has come by now."""
    yield from _day_planned(role, house, episode, visit)
    yield visit.starts_at
    nurse, second, prescriber = house.actor("nurse"), house.staff["second_nurse"], house.actor("prescriber")
    if visit.staff_id == second.id:
        nurse, second = house.actor("second_nurse"), house.staff["nurse"]
    opened = visit.starts_at
    session = services.open_session(visit=visit, by=nurse, at=opened)
    services.join(session=session, second=second, by=nurse, at=opened + MINUTE)
    services.mark(session=session, kind="safety_asked", by=nurse, at=opened + 2 * MINUTE)
    chart = _Chart(role, session, number, random)
    chart.write(opened + 5 * MINUTE, 0.0, nurse, dissociation=False)
    lot = house.lots[0]
    drawn_ul = lot.vial_volume_ul // 4
    services.prepare(session=session, lot=lot, drawn_ul=drawn_ul, by=nurse, at=opened + 12 * MINUTE)
    session.refresh_from_db()
    preparation = sheet_of(session).preparation
    if preparation is None:
        raise RuntimeError("A prepared session has its preparation.")
    other = house.actor("nurse" if second == house.staff["nurse"] else "second_nurse")
    services.second_check(session=session, volume_ul=preparation.volume_ul, by=other, at=opened + 15 * MINUTE)
    started = opened + START_AFTER * MINUTE
    chart.write(started - MINUTE, 0.0, nurse, dissociation=False)
    yield started
    services.start_infusion(session=session, by=nurse, at=started)
    for minutes, share in COURSE[1:]:
        at = started + minutes * MINUTE
        if at > now:
            return
        yield at
        if minutes == 55:
            _end(session, preparation.draw_id, house, started + 40 * MINUTE + 20 * MINUTE / 60, nurse, other)
        chart.write(at, share, nurse)
        chart.acknowledge(at + MINUTE, nurse)
    left = started + 131 * MINUTE
    if left > now:
        return
    yield left
    services.leave(
        session=session, escort_name="Ada Novak", gait_steady=True, oriented=True, by=prescriber, at=left,
        reason="Settled, and the pressure is back where it was.",
    )  # fmt: skip


def _end(session: Session, draw_id: UUID, house: House, at: datetime, nurse: Actor, other: Actor) -> None:
    services.end_infusion(session=session, by=nurse, at=at)
    for held in draws_of(nurse, session.id):
        if held.in_hand_ug:
            waste = ledger.waste(
                draw=held.draw, amount_ug=held.in_hand_ug, reason="Rest of the syringe and vial", by=nurse, at=at
            )
            ledger.witness_waste(waste=waste, amount_ug=waste.amount_ug, by=other, at=at + MINUTE)


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

    def acknowledge(self, at: datetime, by: Actor) -> None:
        for notice in sheet_of(self.session).open_notices:
            services.acknowledge_notice(notice=notice, action="rechecked", by=by, at=at)


def _day_planned(role: Role, house: House, episode: Episode, visit: Visit) -> Story:
    at = visit.starts_at - timedelta(hours=20)
    yield at
    parent = Parent.objects.select_related("family", "clinic", "account").get(id=episode.parent_id)
    zone = ZoneInfo(parent.timezone)
    morning = (visit.starts_at.astimezone(zone) + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
    planning.set_day_plan(
        parent=parent,
        visit=visit,
        escort_name="Ada Novak",
        escort_phone="+1 518 555 0177",
        escort_is_adult=True,
        childcare_name="Grandmother Vera",
        childcare_until=morning,
        by=parent_actor(parent),
        at=at,
    )
    state = day_state(visit, at)
    if state.needs_release and state.release is None:
        planning.release(
            episode=episode,
            text="Feed before you come. The next feed may follow when you are fully awake; watch that the baby is easy to wake and feeds well. "
            "Two small studies found little in milk; the label of a related medicine says not to breastfeed.",
            by=house.actor("prescriber"),
            at=at,
        )  # fmt: skip
