"""The named cast of every story. Harbour Clinic treats; Hillside Clinic and its people are the outsiders."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django_scopes import scope

from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.models import Account, Child, Clinic, Episode, EpisodeState, Family, Membership, Parent
from firstlight.ground.people.permissions import Role
from firstlight.ground.people.selectors import parent_actor, staff_actor
from firstlight.ground.vault.services import make_key

NOW = datetime(2026, 11, 23, 14, 0, 0, 250_000, tzinfo=UTC)
PASSWORD = "harbour-lamp-and-tide"
SINCE = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class House:
    """One clinic with one person a role, and one mother in care."""

    clinic: Clinic
    prescriber: Membership
    nurse: Membership
    second_nurse: Membership
    therapist: Membership
    administrator: Membership
    mother: Parent
    father: Parent
    episode: Episode

    def actor(self, name: str) -> Actor:
        """Return somebody of the house as an actor: a role's name, `mother` or `father`."""
        person = getattr(self, name)
        return parent_actor(person) if isinstance(person, Parent) else staff_actor(person)


def member(clinic: Clinic, name: str, role: Role, title: str) -> Membership:
    """Hire somebody."""
    email = f"{name.split()[-1].lower()}.{role}@{clinic.slug}.example"
    account = Account.objects.make(email=email, name=name, password=PASSWORD, at=SINCE)
    return Membership.objects.create(
        account=account, clinic=clinic, role=role, title=title, public_name=name, since_at=SINCE
    )


def parent_of(family: Family, name: str, relation: str, *, gave_birth: date | None = None) -> Parent:
    """Add a parent with an account of her or his own."""
    email = f"{name.split()[0].lower()}@{family.clinic.slug}-families.example"
    parent = Parent(
        clinic=family.clinic,
        family=family,
        account=Account.objects.make(email=email, name=name, password=PASSWORD, at=SINCE),
        name=name,
        birth_date="1993-04-17",
        phone="+1 518 555 0142",
        email=email,
        relation=relation,
        gave_birth_date=gave_birth,
        made_at=SINCE,
    )
    make_key(owner_id=parent.id, at=SINCE)
    parent.save()
    return parent


def make_house(name: str, slug: str, people: dict[str, str]) -> House:
    """Build a clinic through its models: the cast exists before any story begins."""
    clinic = Clinic.objects.create(name=name, slug=slug, phone="+1 518 555 0100")
    make_key(owner_id=clinic.id, at=SINCE)
    with scope(clinic=clinic.id):
        family = Family.objects.create(clinic=clinic)
        born = date(2026, 7, 6)
        Child.objects.create(clinic=clinic, family=family, birth_date=born, fed_how="breast", born_preterm=False)
        mother = parent_of(family, people["mother"], "mother", gave_birth=born)
        father = parent_of(family, people["father"], "father")
        episode = Episode.objects.create(
            clinic=clinic, parent=mother, state=EpisodeState.INVITED, source="call", opened_at=SINCE, moved_at=SINCE
        )
        return House(
            clinic=clinic,
            prescriber=member(clinic, people["prescriber"], Role.PRESCRIBER, "Psychiatrist"),
            nurse=member(clinic, people["nurse"], Role.NURSE, "Registered nurse"),
            second_nurse=member(clinic, people["second_nurse"], Role.NURSE, "Registered nurse"),
            therapist=member(clinic, people["therapist"], Role.THERAPIST, "Psychologist"),
            administrator=member(clinic, people["administrator"], Role.ADMINISTRATOR, "Practice manager"),
            mother=mother,
            father=father,
            episode=episode,
        )


def harbour() -> House:
    """Return the clinic of the stories: Maya and Jonas Lindqvist are in its care."""
    return make_house(
        "Harbour Clinic",
        "harbour",
        {
            "prescriber": "Amara Okafor",
            "nurse": "Ruth Calder",
            "second_nurse": "Tomas Reyes",
            "therapist": "Ines Haddad",
            "administrator": "Lena Brandt",
            "mother": "Maya Lindqvist",
            "father": "Jonas Lindqvist",
        },
    )


def hillside() -> House:
    """Return the other clinic: its people are outsiders everywhere in Harbour."""
    return make_house(
        "Hillside Clinic",
        "hillside",
        {
            "prescriber": "Victor Stone",
            "nurse": "Paula Winters",
            "second_nurse": "Greg Olsen",
            "therapist": "Mona Field",
            "administrator": "Carl Dunn",
            "mother": "Zelda Quartz",
            "father": "Boris Quartz",
        },
    )
