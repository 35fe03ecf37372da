"""The demo clinic itself: people, rooms, stock, roster."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django_scopes import scope

from firstlight.doors.demo.cast import Cast, cast
from firstlight.ground.audit.actors import Actor
from firstlight.ground.ledger import services as ledger
from firstlight.ground.ledger.models import Lot
from firstlight.ground.people import services as people
from firstlight.ground.people.models import Clinic, Membership, Parent
from firstlight.ground.people.selectors import parent_actor, staff_actor
from firstlight.ground.safety.services import add_slot
from firstlight.ground.visits.clocktimes import day_of
from firstlight.ground.visits.models import Room
from firstlight.ground.visits.services import add_room
from firstlight.ground.worklist.services import set_delivery_address
from firstlight.journey.learn.services import set_price
from firstlight.journey.screening.selectors import open_sets_for
from firstlight.journey.therapists import services as therapists

HIRED_DAYS_AGO = 400
DAILY = "day"


@dataclass(frozen=True, slots=True)
class House:
    """What stories need of the clinic."""

    clinic: Clinic
    staff: dict[str, Membership]
    rooms: dict[str, Room]
    lots: tuple[Lot, ...]

    def actor(self, key: str) -> Actor:
        """Return somebody of the staff as an actor."""
        return staff_actor(self.staff[key])

    @property
    def clinic_id(self) -> UUID:
        return self.clinic.id


def found_house(players: Cast, now: datetime) -> House:
    """Found the clinic and hire its people, long enough ago that every story fits."""
    since = now - timedelta(days=HIRED_DAYS_AGO)
    clinic = people.found_clinic(**players.clinic, at=since)
    system = Actor.system(clinic.id)
    with scope(clinic=clinic.id):
        staff = {entry["key"]: _hire(clinic, entry, system, since) for entry in players.staff}
        administrator, nurse = staff_actor(staff["administrator"]), staff_actor(staff["nurse"])
        for entry in players.staff:
            _license(staff, entry, administrator, since)
        rooms = {name: add_room(clinic_id=clinic.id, name=name, by=administrator, at=since) for name in players.rooms}
        lots = tuple(_receive(clinic, dict(entry), nurse, now) for entry in players.lots)
        for item, cents in players.prices_cents.items():
            set_price(
                clinic=clinic,
                item=item,
                amount_cents=cents,
                from_date=day_of(since, clinic.timezone),
                by=administrator,
                at=since,
            )
        _roster(staff, administrator, now)
        set_delivery_address(clinic=clinic, address="desk@lantern-house.example", by=administrator, at=since)
    return House(clinic, staff, rooms, lots)


def _hire(clinic: Clinic, entry: dict[str, Any], system: Actor, since: datetime) -> Membership:
    return people.hire(
        clinic=clinic,
        email=f"{entry['key']}@{clinic.slug}.example",
        name=entry["name"],
        role=entry["role"],
        title=entry["title"],
        by=system,
        at=since,
    )


def _license(staff: dict[str, Membership], entry: dict[str, Any], by: Actor, at: datetime) -> None:
    if "licence" not in entry:
        return
    member, checker = staff[entry["key"]], staff["administrator"]
    checked = day_of(at, member.clinic.timezone)
    people.add_credential(
        membership=member,
        kind=f"Licence ({entry['licence']})",
        number=entry["number"],
        region="NY",
        expires_date=checked + timedelta(days=730),
        checked_date=checked,
        checked_by=checker,
        by=by,
        at=at,
    )
    if "works_with" in entry:
        _describe(member, entry, checker, by, checked, at)


def check_again(players: Cast, house: House, now: datetime) -> None:
    """Look every licence up again, as a careful clinic does each month."""
    for entry in players.staff:
        _license(house.staff, entry, house.actor("administrator"), now - timedelta(days=12))


def _describe(
    member: Membership, entry: dict[str, Any], checker: Membership, by: Actor, checked: date, at: datetime
) -> None:
    profile = therapists.write_profile(
        membership=member,
        works_with=entry["works_with"],
        languages=entry["speaks"],
        perinatal_training=entry["training"],
        about=entry["about"],
        by=by,
        at=at,
    )
    therapists.vet(profile=profile, on=checked, vetted_by=checker, by=by, at=at)


def _receive(clinic: Clinic, entry: dict[str, Any], nurse: Actor, now: datetime) -> Lot:
    expires = day_of(now + timedelta(days=entry.pop("expires_in_days")), clinic.timezone)
    return ledger.receive(clinic_id=clinic.id, **entry, expires_date=expires, by=nurse, at=now - timedelta(days=70))


def _roster(staff: dict[str, Membership], by: Actor, now: datetime) -> None:
    """Weekdays by day the nurse, then the prescriber; nights and Sundays stay open, so that the honest words are seen."""
    for weekday in range(5):
        add_slot(
            member=staff["nurse"], weekday=weekday, starts=time(8), ends=time(18), by=by, at=now - timedelta(days=60)
        )
        add_slot(
            member=staff["prescriber"],
            weekday=weekday,
            starts=time(8),
            ends=time(20),
            rank=2,
            by=by,
            at=now - timedelta(days=60),
        )
    add_slot(member=staff["prescriber"], weekday=5, starts=time(9), ends=time(13), by=by, at=now - timedelta(days=60))


def house_of(clinic: Clinic) -> House:
    """Return the house of a demo clinic that was made before."""
    by_name = {
        member.public_name: member for member in Membership.objects.filter(clinic=clinic).select_related("account")
    }
    staff = {entry["key"]: by_name[entry["name"]] for entry in cast().staff}
    rooms = {room.name: room for room in Room.objects.all()}
    return House(clinic, staff, rooms, tuple(Lot.objects.order_by("concentration_ug_per_ml")))


def demo_clinic() -> Clinic | None:
    """Return the demo's clinic; None where there is none."""
    return Clinic.objects.filter(slug=cast().clinic["slug"]).first()


def asked_today(clinic: Clinic, now: datetime) -> set[str]:
    """Return the addresses of those who have a daily check-in to answer."""
    return {
        one.email
        for one in parents_of(clinic)
        if any(found.set_name == DAILY for found in open_sets_for(parent_actor(one), now))
    }


def parents_of(clinic: Clinic) -> list[Parent]:
    """Return the demo's parents who can sign in."""
    return list(Parent.objects.filter(clinic=clinic, account__isnull=False).select_related("account"))
