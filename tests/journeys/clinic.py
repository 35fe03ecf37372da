"""Harbour Clinic before the story: people with passwords, rooms, licences, a mailbox and a roster. Through services."""

from datetime import datetime, time, timedelta

from django_scopes import scope

from firstlight.ground.audit.actors import Actor
from firstlight.ground.people import services as people
from firstlight.ground.people.models import Membership
from firstlight.ground.people.permissions import Role
from firstlight.ground.people.selectors import staff_actor
from firstlight.ground.safety.services import add_slot
from firstlight.ground.visits.services import add_room
from firstlight.ground.worklist.services import set_delivery_address
from firstlight.journey.therapists import services as therapists
from tests.cast import PASSWORD

STAFF = (
    ("Amara Okafor", Role.PRESCRIBER, "Psychiatrist"),
    ("Ruth Calder", Role.NURSE, "Registered nurse"),
    ("Tomas Reyes", Role.NURSE, "Registered nurse"),
    ("Ines Haddad", Role.THERAPIST, "Psychologist"),
    ("Lena Brandt", Role.ADMINISTRATOR, "Practice manager"),
)


def open_clinic(now: datetime) -> None:
    """Found the clinic some weeks before the story."""
    since = now - timedelta(days=60)
    clinic = people.found_clinic(name="Harbour Clinic", slug="harbour", phone="+1 518 555 0100", at=since)
    with scope(clinic=clinic.id):
        staff = {name: _hire(clinic, name, role, title, since) for name, role, title in STAFF}
        lena = staff_actor(staff["Lena Brandt"])
        for name in ("Room 1", "Talk room"):
            add_room(clinic_id=clinic.id, name=name, by=lena, at=since)
        set_delivery_address(clinic=clinic, address="desk@harbour.example", by=lena, at=since)
        for weekday in range(7):
            add_slot(member=staff["Ruth Calder"], weekday=weekday, starts=time(7), ends=time(21), by=lena, at=since)
        _license(staff["Ines Haddad"], staff["Lena Brandt"], lena, since)


def _hire(clinic: object, name: str, role: Role, title: str, at: datetime) -> Membership:
    email = f"{name.split()[-1].lower()}.{role}@harbour.example"
    member = people.hire(
        clinic=clinic,  # type: ignore[arg-type]  # the clinic founded above
        email=email, name=name, role=role, title=title, by=Actor.system(None), at=at,
    )  # fmt: skip
    start = people.send_start_link(membership=member, by=Actor.system(member.clinic_id), at=at)
    people.start(start_link=start.start_link, password=PASSWORD, by=staff_actor(member), at=at)
    return member


def _license(therapist: Membership, checker: Membership, by: Actor, at: datetime) -> None:
    people.add_credential(
        membership=therapist, kind="Licence (PhD)", number="017226", region="NY", checked_by=checker,
        expires_date=at.date() + timedelta(days=700), checked_date=at.date(), by=by, at=at,
    )  # fmt: skip
    profile = therapists.write_profile(
        membership=therapist, works_with=["birth trauma"], languages=["English"], by=by, at=at, about="I work slowly."
    )
    therapists.vet(profile=profile, on=at.date(), vetted_by=checker, by=by, at=at)
