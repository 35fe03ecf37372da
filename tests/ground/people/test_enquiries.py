"""The door: a call is logged, answered, and never forgotten or doubled."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope
from time_machine import Traveller

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people import services
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Episode, EpisodeEvent, Parent
from tests.cast import NOW, House
from tests.ground.people.hands import once
from tests.support.signed_in import client_of

Heard = dict[str, Any]
DOOR = "/clinic/enquiries/"
LOG = f"{DOOR}log/"
FORM = {
    "name": "Grace Obi",
    "relation": "mother",
    "phone": "+1 518 555 0177",
    "best_time": "after 16:00",
    "source": "referral",
    "referred_by": "Dr Lin",
    "concern": "Cannot sleep even when the baby sleeps.",
}


def call(house: House, hours: float = 0, **about: Any) -> Episode:
    """Log a call some hours ago."""
    with scope(clinic=house.clinic.id):
        about = {"name": "Grace Obi", "phone": "+1 518 555 0177"} | about
        at = NOW - timedelta(hours=hours)
        return services.log_enquiry(clinic_id=house.clinic.id, **about, by=house.actor("nurse"), at=at)


@pytest.fixture
def nurse(house: House, clock: Traveller, announced: Heard) -> Client:
    """Ruth's browser."""
    return client_of(house.nurse)


def test_a_referral_is_logged_with_all_that_was_said(house: House, nurse: Client, announced: Heard) -> None:
    made = nurse.post(LOG, FORM | once())

    page = nurse.get(made["Location"]).content.decode()
    for said in ("Grace Obi", "+1 518 555 0177", "after 16:00", "Dr Lin", "Cannot sleep even when the baby sleeps."):
        assert said in page
    with scope(clinic=house.clinic.id):
        episode = Episode.objects.exclude(id=house.episode.id).get()
        assert (episode.state, episode.source, episode.parent.relation) == ("logged", "referral", "mother")
        assert [event.state for event in EpisodeEvent.objects.filter(episode=episode)] == ["logged"]
        assert announced["episode.logged"]["episode"] == episode
    assert AuditEvent.objects.filter(action="episode.logged").count() == 1


def test_the_front_door_logs_without_anybody_signed_in(house: House, announced: Heard) -> None:
    anyone = Actor(role="anyone", clinic_id=house.clinic.id)

    episode = services.log_enquiry(
        clinic_id=house.clinic.id, name="Grace Obi", email="grace@obi.example", source="self", by=anyone, at=NOW
    )

    assert (episode.source, episode.clinic_id) == ("self", house.clinic.id)
    assert AuditEvent.objects.get(action="episode.logged").chain == str(house.clinic.id)


@pytest.mark.parametrize(
    ("changed", "field", "why"),
    [
        ({"name": ""}, "name", "This field is required"),
        ({"name": "  \t "}, "name", "This field is required"),
        ({"name": "a" * 100_000}, "name", "at most 120 characters (it has 100000)"),
        ({"name": "Grace\u202eObi"}, "name", "characters that cannot be shown"),
        ({"phone": "", "email": ""}, "phone", "so that someone can answer"),
        ({"phone": "call me"}, "phone", "not a telephone number"),
        ({"phone": "12"}, "phone", "not a telephone number"),
        ({"phone": "+1 518 555 0177 0177 0177"}, "phone", "not a telephone number"),
        ({"email": "grace@"}, "email", "not an email address"),
        ({"email": "grace obi@example.org"}, "email", "not an email address"),
        ({"concern": "a" * 100_000}, "concern", "at most 4000 characters (it has 100000)"),
        ({"relation": "baby"}, "relation", "not one of the available choices"),
        ({"source": "self"}, "source", "not one of the available choices"),
    ],
)
def test_what_is_wrong_is_named_at_its_field_and_nothing_is_lost(
    house: House, nurse: Client, changed: dict[str, str], field: str, why: str
) -> None:
    response = nurse.post(LOG, FORM | changed | once())

    page = response.content.decode()
    assert response.status_code == 422
    assert why in page.partition(f'id="id_{field}_error"')[2].partition("</p>")[0]
    assert "Dr Lin" in page
    with scope(clinic=house.clinic.id):
        assert Parent.objects.count() == 2


def test_pasted_script_is_text(nurse: Client) -> None:
    script = "<script>alert(1)</script>"
    made = nurse.post(
        LOG, FORM | {"name": script, "concern": script, "referred_by": script, "best_time": script} | once()
    )

    for page in (nurse.get(made["Location"]), nurse.get(DOOR)):
        assert page.status_code == 200
        assert script not in page.content.decode()
        assert "&lt;script&gt;" in page.content.decode()


def test_who_waits_longest_stands_first_and_the_invited_apart(house: House, nurse: Client) -> None:
    call(house, 3, name="Ana Cruz", phone="+1 518 555 0101")
    call(house, 30, name="Hannah Weiss", phone="+1 518 555 0102")

    page = nurse.get(DOOR).content.decode()

    waiting, _, invited = page.partition(">Invited<")
    assert waiting.index("Hannah Weiss") < waiting.index("Ana Cruz")
    assert "Maya Lindqvist" in invited
    assert "yesterday 03:00" in waiting


def test_an_empty_door_says_who_acts_next(house: House, nurse: Client) -> None:
    page = nurse.get(DOOR).content.decode()

    assert "Nobody is waiting" in page
    assert "Checked at 09:00" in page


@pytest.mark.parametrize("same", [{"phone": "(518) 555-0142"}, {"email": "MAYA@harbour-families.example", "phone": ""}])
def test_somebody_known_is_noticed_before_a_second_record_is_made(
    house: House, nurse: Client, same: dict[str, str]
) -> None:
    with scope(clinic=house.clinic.id):
        mother = Parent.objects.get(id=house.mother.id)
        services.amend_details(parent=mother, address="1 Quay Street", by=house.actor("nurse"), at=NOW)
    form = FORM | same | once()

    asked = nurse.post(LOG, form)

    page = asked.content.decode()
    assert asked.status_code == 422
    assert "in the records already" in page
    assert "Maya Lindqvist: a new enquiry of the same person" in page
    assert "Grace Obi" in page
    assert nurse.post(LOG, form | {"same": "another"}).status_code == 303


def test_a_known_person_with_an_open_episode_is_not_opened_twice(house: House, nurse: Client) -> None:
    with scope(clinic=house.clinic.id):
        mother = Parent.objects.get(id=house.mother.id)
        with pytest.raises(Refused, match=r"has an open episode already \(“Invited”\)"):
            services.reopen(parent=mother, by=house.actor("nurse"), at=NOW)


def test_a_known_person_whose_episode_ended_begins_a_new_one(house: House, nurse: Client) -> None:
    episode = call(house, 50)
    with scope(clinic=house.clinic.id):
        services.decline(episode=episode, reason="Lived abroad.", by=house.actor("nurse"), at=NOW - timedelta(hours=40))

    made = nurse.post(LOG, FORM | {"same": str(episode.parent_id)} | once())

    with scope(clinic=house.clinic.id):
        assert Episode.objects.filter(parent_id=episode.parent_id).count() == 2
        assert Parent.objects.count() == 3
    assert "Logged" in nurse.get(made["Location"]).content.decode()


def test_a_second_parent_joins_the_family(house: House, nurse: Client) -> None:
    episode = call(house, 50)

    nurse.post(LOG, FORM | {"name": "Tunde Obi", "relation": "father", "same": f"family:{episode.parent_id}"} | once())

    with scope(clinic=house.clinic.id):
        assert Parent.objects.filter(family_id=episode.parent.family_id).count() == 2


def test_the_door_marks_who_is_perhaps_known(house: House, nurse: Client) -> None:
    call(house, 5)
    call(house, 4, name="Tunde Obi")
    call(house, 3, name="Ana Cruz", phone="+1 518 555 0101")

    page = nurse.get(DOOR).content.decode()

    assert page.count("Perhaps known already") == 2


def test_the_other_clinics_people_are_not_noticed(house: House, other_house: House, nurse: Client) -> None:
    call(other_house, 5, name="Zelda Quartz")

    assert nurse.post(LOG, FORM | once()).status_code == 303


def test_the_steps_of_an_enquiry_lead_to_an_invitation(house: House, nurse: Client, announced: Heard) -> None:
    episode = call(house, 2, email="grace@obi.example")
    base = f"/clinic/episodes/{episode.id}"
    page = nurse.get(f"{DOOR}{episode.id}/").content.decode()
    assert f'class="button main" href="{base}/contact/"' in page

    nurse.post(f"{base}/contact/", {"reason": "Spoke for ten minutes.", "expected": "logged", **once()})
    assert f'class="button main" href="{base}/invite/"' in nurse.get(f"{DOOR}{episode.id}/").content.decode()
    nurse.post(f"{base}/invite/", {"expected": "contacted", **once()})

    assert announced["episode.invited"]["link"].startswith("http")
    page = nurse.get(f"{DOOR}{episode.id}/").content.decode()
    assert "Spoke for ten minutes." in page
    assert "The link was sent" in page


def test_declining_asks_for_the_reason_on_the_page(house: House, nurse: Client) -> None:
    episode = call(house, 2)

    response = nurse.post(f"/clinic/episodes/{episode.id}/decline/", {"reason": "", "expected": "logged", **once()})

    assert response.status_code == 422
    assert "Write the reason" in response.content.decode()


def test_whoever_declines_is_told_that_the_person_reads_the_reason(house: House, nurse: Client) -> None:
    page = nurse.get(f"/clinic/episodes/{call(house, 2).id}/decline/").content.decode()

    assert "your reason, word for word" in page
    assert "Reason, as the person reads it" in page


def test_a_step_taken_meanwhile_by_a_colleague_is_named(house: House, nurse: Client) -> None:
    episode = call(house, 2)
    with scope(clinic=house.clinic.id):
        services.decline(episode=episode, reason="Lives abroad.", by=house.actor("prescriber"), at=NOW)

    response = nurse.post(f"/clinic/episodes/{episode.id}/contact/", {"reason": "", "expected": "logged", **once()})

    assert response.status_code == 422
    assert "moved this to “Declined” meanwhile" in response.content.decode()


def test_the_administrator_answers_the_door_and_opens_no_record(
    house: House, clock: Traveller, announced: Heard
) -> None:
    client = client_of(house.administrator)
    episode = call(house, 2)

    page = client.get(f"{DOOR}{episode.id}/")

    assert page.status_code == 200
    assert "Open the record" not in page.content.decode()
    assert client.get(f"/clinic/people/{episode.parent_id}/").status_code == 404


def test_therapists_and_other_clinics_find_nothing_at_the_door(
    house: House, other_house: House, clock: Traveller, announced: Heard
) -> None:
    episode = call(house, 2)

    for person in (house.therapist, other_house.nurse):
        client = client_of(person)
        assert client.get(f"{DOOR}{episode.id}/").status_code == 404
        assert client.post(f"/clinic/episodes/{episode.id}/contact/", once()).status_code == 404
    assert client_of(house.therapist).get(DOOR).status_code == 404
    assert AuditEvent.objects.filter(outcome="refused").count() == 5


def test_each_screen_leaves_one_read_event(house: House, nurse: Client) -> None:
    episode = call(house, 2)

    nurse.get(DOOR)
    nurse.get(f"{DOOR}{episode.id}/")

    read = AuditEvent.objects.filter(action__startswith="read.").values_list("action", "parent_id")
    assert list(read) == [("read.enquiries", None), ("read.enquiry", episode.parent_id)]


def test_a_long_list_costs_no_more_queries_than_a_short_one(house: House, nurse: Client) -> None:
    for number in range(15):
        call(house, number, name=f"Person {number}", phone=f"+1 518 555 1{number:03}")
    nurse.get(DOOR)

    with CaptureQueriesContext(connection) as captured:
        nurse.get(DOOR)

    assert len(captured) <= 20
