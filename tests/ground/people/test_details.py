"""Details are corrected, never silently; impossible ones are refused by name."""

import re
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django_scopes import scope
from time_machine import Traveller

from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Account, DetailChange, Parent
from firstlight.ground.people.services import amend_details, contact, invite, log_enquiry
from firstlight.ground.vault.keyring import blind_index
from firstlight.ground.worklist.models import OutboxMessage
from tests.cast import NOW, House
from tests.ground.people.hands import once
from tests.support.signed_in import client_of


@pytest.fixture
def maya(house: House) -> Parent:
    with scope(clinic=house.clinic.id):
        return Parent.objects.select_related("clinic", "family", "account").get(id=house.mother.id)


def amend(house: House, maya: Parent, **details: Any) -> list[DetailChange]:
    with scope(clinic=house.clinic.id):
        return amend_details(parent=maya, by=house.actor("nurse"), at=NOW, **details)


def form_of(maya: Parent, **changed: str) -> dict[str, str]:
    """Return the details page as it would be sent."""
    names = ("name", "birth_date", "relation", "phone", "email", "address", "timezone")
    kept = {name: str(getattr(maya, name)) for name in names}
    return kept | {"gave_birth_date": "2026-07-06"} | changed | once()


def test_a_correction_keeps_what_stood_there_and_who_changed_it(house: House, maya: Parent) -> None:
    amend(house, maya, name="Maya Lindqvist-Berg", birth_date=date(1993, 4, 18))

    with scope(clinic=house.clinic.id):
        assert Parent.objects.get(id=maya.id).name == "Maya Lindqvist-Berg"
        changes = {change.name: (change.before, change.after, change.by_id) for change in DetailChange.objects.all()}
    assert changes == {
        "name": ("Maya Lindqvist", "Maya Lindqvist-Berg", house.nurse.account_id),
        "birth_date": ("1993-04-17", "1993-04-18", house.nurse.account_id),
    }
    assert AuditEvent.objects.get(action="parent.amended").detail == {"details": ["birth_date", "name"]}


def test_what_does_not_change_is_not_written(house: House, maya: Parent) -> None:
    assert amend(house, maya, name=" Maya  Lindqvist ", phone=maya.phone) == []
    assert not AuditEvent.objects.filter(action="parent.amended").exists()


@pytest.mark.parametrize(
    ("detail", "value", "why"),
    [
        ("birth_date", NOW.date() + timedelta(days=1), "in the future"),
        ("birth_date", date(1893, 4, 17), "133 years old"),
        ("birth_date", date(2023, 4, 17), "3 years old"),
        ("gave_birth_date", NOW.date() + timedelta(days=1), "in the future"),
        ("gave_birth_date", date(1926, 7, 6), "more than fifty years ago"),
        ("name", " ", "Write the name"),
        ("phone", "none", "not a telephone number"),
        ("email", "maya", "not an email address"),
        ("email", "", "used for signing in"),
        ("timezone", "Atlantis/Capital", "Choose a time zone"),
        ("hand", "both", "left or right"),
        ("address", "a" * 100_000, "at most 300"),
    ],
)
def test_impossible_details_are_refused_and_nothing_changes(
    house: House, maya: Parent, detail: str, value: Any, why: str
) -> None:
    with pytest.raises(Refused, match=why) as refused:
        amend(house, maya, **{detail: value})

    assert refused.value.field == detail
    with scope(clinic=house.clinic.id):
        assert not DetailChange.objects.exists()


def test_somebody_must_stay_reachable(house: House, maya: Parent) -> None:
    maya.account = None
    with pytest.raises(Refused, match="Keep a telephone number or an email address"):
        amend(house, maya, phone="", email="")


def test_a_new_address_is_where_she_signs_in_from_now_on(house: House, maya: Parent) -> None:
    amend(house, maya, email="maya@new.example")

    assert Account.objects.get_by_natural_key("maya@new.example").id == maya.account_id
    assert not Account.objects.filter(email_index=house.mother.account.email_index).exists()  # type: ignore[union-attr]  # she has an account


def test_a_new_address_ends_what_went_to_the_earlier_one(house: House, maya: Parent, clock: Traveller) -> None:
    """The earlier address may have been a stranger's: her session, her code and her link open nothing any more."""
    phone, stranger = client_of(house.mother), Client()
    stranger.post("/me/sign-in/", {"email": maya.email})
    with scope(clinic=house.clinic.id):
        code = str(OutboxMessage.objects.latest("made_at").context["code"])
        link = invite(episode=house.episode, by=house.actor("nurse"), at=NOW - timedelta(hours=1)).link
    clock.shift(timedelta(minutes=1))
    assert phone.get("/me/you/").status_code == 200
    with scope(clinic=house.clinic.id):
        amend_details(parent=maya, by=house.actor("nurse"), at=NOW + timedelta(minutes=1), email="maya@new.example")

    assert phone.get("/me/you/").status_code == 302
    assert stranger.post("/me/sign-in/code/", {"code": code}).status_code == 422
    assert stranger.get(urlsplit(link).path).status_code == 410
    record = client_of(house.nurse).get(f"/clinic/people/{maya.id}/").content.decode()
    assert "because the email address was changed" in record


def test_a_link_that_went_to_a_mistyped_address_opens_nothing_once_it_is_corrected(
    house: House, clock: Traveller
) -> None:
    """Nobody has an account yet: whoever opens the link first would be taken for the parent."""
    with scope(clinic=house.clinic.id):
        nurse = house.actor("nurse")
        grace = log_enquiry(clinic_id=house.clinic.id, name="Grace Obi", email="grace@ob.example", by=nurse, at=NOW)
        contact(episode=grace, by=nurse, at=NOW)
        link = urlsplit(invite(episode=grace, by=nurse, at=NOW).link).path
        amend_details(parent=grace.parent, by=nurse, at=NOW, email="grace@obi.example")

    assert Client().post(link, {"way": "code", **once()}).status_code == 410
    assert not Account.objects.filter(
        email_index__in=[blind_index("grace@ob.example"), blind_index("grace@obi.example")]
    )


def test_an_address_that_is_taken_is_refused(house: House, maya: Parent) -> None:
    with pytest.raises(Refused, match="Someone else signs in"):
        amend(house, maya, email=house.father.email)


def test_the_page_shows_the_correction_in_the_record(house: House, maya: Parent, clock: Traveller) -> None:
    client, record = client_of(house.nurse), f"/clinic/people/{maya.id}/"

    assert client.post(f"{record}details/", form_of(maya, birth_date="1992-04-17"))["Location"] == record

    page = client.get(record).content.decode()
    assert "Fri 17 Apr 1992" in page
    assert "34 years" in page
    assert "Date of birth: 1993-04-17 → 1992-04-17" in page


def test_two_who_correct_at_once_do_not_undo_one_another(house: House, maya: Parent, clock: Traveller) -> None:
    """Both opened the page. The first one to save changed the telephone; the second one's form still has the old one."""
    page, address = client_of(house.second_nurse), f"/clinic/people/{maya.id}/details/"
    opened = re.search(r'name="expected" value="(\d+)"', page.get(address).content.decode())
    assert opened
    first = client_of(house.nurse).post(address, form_of(maya, phone="+1 518 555 0177", expected=opened[1]))

    second = page.post(address, form_of(maya, address="1 Quay Street", expected=opened[1]))

    shown = second.content.decode()
    assert (first.status_code, second.status_code) == (303, 422)
    assert "It now says: Phone: +1 518 555 0177" in shown
    assert "1 Quay Street" in shown
    with scope(clinic=house.clinic.id):
        assert Parent.objects.get(id=maya.id).phone == "+1 518 555 0177"
    again = re.search(r'name="expected" value="(\d+)"', shown)
    assert again
    sent = page.post(address, form_of(maya, phone="+1 518 555 0177", address="1 Quay Street", expected=again[1]))
    assert sent.status_code == 303


@pytest.mark.parametrize("born", ["1993-02-30", "17/04/1993", "2031-01-01", "a" * 100_000])
def test_an_impossible_day_keeps_what_else_was_typed(house: House, maya: Parent, clock: Traveller, born: str) -> None:
    client = client_of(house.nurse)

    response = client.post(
        f"/clinic/people/{maya.id}/details/", form_of(maya, birth_date=born, address="1 Quay Street")
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert 'id="id_birth_date_error"' in page
    assert "1 Quay Street" in page
    assert "born</span> <time" in page  # the bar still says who this is


def test_her_own_settings(house: House, clock: Traveller) -> None:
    client = client_of(house.mother)

    client.post("/me/you/", {"hand": "left", "timezone": "America/Los_Angeles", **once()})

    page = client.get("/me/you/").content.decode()
    assert 'data-hand="left"' in page
    assert '<option value="America/Los_Angeles" selected>' in page
    with scope(clinic=house.clinic.id):
        assert {change.name for change in DetailChange.objects.all()} == {"hand", "timezone"}


@pytest.mark.parametrize(
    "changed", [{"hand": "both"}, {"timezone": "Mars/Base"}, {"timezone": "<script>alert(1)</script>"}]
)
def test_her_settings_refuse_what_there_is_not(
    house: House, client: Client, clock: Traveller, changed: dict[str, str]
) -> None:
    form = {"hand": "left", "timezone": "America/Denver"} | changed | once()

    response = client_of(house.mother).post("/me/you/", form)

    assert response.status_code == 422
    assert b"<script>alert" not in response.content
