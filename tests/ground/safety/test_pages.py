"""Help in one tap, for everybody, without script; and the roster, where the hours that nobody covers are plain."""

from datetime import time, timedelta
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.template import engines
from django.test import Client, RequestFactory
from django.utils import timezone
from django_scopes import scope

from firstlight.ground.people.models import Episode
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.safety.models import RosterSlot
from firstlight.ground.safety.selectors import WatchNotice
from firstlight.ground.safety.services import add_slot
from firstlight.ground.worklist.selectors import delivery_address
from tests.cast import House
from tests.support.signed_in import client_of

pytestmark = pytest.mark.django_db
SLOT = {"weekday": "0", "starts": "09:00", "ends": "17:00", "rank": "1"}


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_help_needs_no_account_no_cookie_and_no_clinic(client: Client) -> None:
    answer = client.get("/help/")

    assert answer.status_code == 200
    assert not answer.cookies
    for link in ("tel:988", "sms:988", "tel:911", "tel:+18338526262"):
        assert f'href="{link}"' in answer.content.decode()


def test_help_works_while_the_database_is_away(client: Client) -> None:
    with patch("firstlight.ground.safety.views.only_clinic", side_effect=OperationalError):
        assert 'href="tel:988"' in text_of(client, "/help/")


def test_help_is_small(client: Client, house: House) -> None:
    assert len(client.get("/help/").content) <= 20_000


def test_help_names_the_clinics_telephone_and_promises_no_reader(client: Client, house: House) -> None:
    page = text_of(client, "/help/")

    assert "tel:+1 518 555 0100" in page
    assert "Nobody at the clinic watches this page." in page


def test_help_has_a_neutral_title(client: Client, house: House) -> None:
    for page in (text_of(client, "/help/"), text_of(client_of(house.mother), "/me/help/")):
        assert "<title>Help</title>" in page


def test_parents_help_says_that_nobody_is_watching(house: House) -> None:
    page = text_of(client_of(house.mother), "/me/help/")

    assert "Nothing is sent to the clinic from this page. Nobody at the clinic is watching now." in page
    assert 'href="sms:988"' in page


@pytest.mark.parametrize(
    ("state", "asked"),
    [("invited", True), ("active", True), ("stopped", True), ("closed", False), ("transferred", False)],
)
def test_help_says_when_answers_are_read_to_a_parent_who_is_asked(house: House, state: str, asked: bool) -> None:
    client = client_of(house.mother)
    with scope(clinic=house.clinic.id):
        Episode.objects.filter(parent=house.mother).update(state=state)
    with patch("firstlight.ground.safety.cards.watch_notice") as notice:
        notice.return_value = WatchNotice("now", "prescriber", timezone.now())
        page = text_of(client, "/me/help/")

    assert "Nothing is sent to the clinic from this page." in page
    assert ("If one of your answers asks for help, somebody at the clinic reads it" in page) is asked
    assert "Your prescriber" not in page


def test_help_card_can_be_included_without_preparing_anything(house: House) -> None:
    request = RequestFactory().get("/me/check-in/")
    ours: ClinicRequest = request  # type: ignore[assignment]  # the middleware would have made it one
    ours.now, ours.clinic = timezone.now(), house.clinic
    card = engines["django"].from_string('{% include "safety/help_card.html" %}').render({}, request)

    assert 'href="tel:988"' in card
    assert "Nobody at the clinic watches this page." in card
    assert 'Call the clinic, <span class="whole-number">+1 518 555 0100</span>' in card


def test_number_to_text_stands_on_its_button(client: Client) -> None:
    page = text_of(client, "/help/")

    assert 'Text the hotline, <span class="whole-number">1-833-852-6262</span>' in page
    assert "<span>Text 988</span>" in page


def test_roster_shows_hours_that_nobody_covers(house: House) -> None:
    with scope(clinic=house.clinic.id):
        for weekday in range(7):
            add_slot(
                member=house.nurse, weekday=weekday, starts=time(9),
                ends=time(17), by=house.actor("administrator"),
                at=timezone.now() - timedelta(days=1),
            )  # fmt: skip
    page = text_of(client_of(house.nurse), "/clinic/roster/")

    assert "Ruth Calder" in page
    assert "00:00–09:00" in page
    assert "17:00–24:00" in page


def test_roster_says_that_parents_are_told_that_nobody_watches(house: House) -> None:
    page = text_of(client_of(house.administrator), "/clinic/roster/")

    assert "Parents are told that nobody is watching." in page
    assert "There is no mailbox for the daily test yet." in page


def test_administrator_adds_and_ends_hours(house: House) -> None:
    client = client_of(house.administrator)
    form = SLOT | {"member": str(house.nurse.id), "once": str(uuid4())}
    for _ in range(2):
        assert client.post("/clinic/roster/add/", form).status_code == 303
    with scope(clinic=house.clinic.id):
        slot = RosterSlot.objects.get()

    assert client.post(f"/clinic/roster/{slot.id}/end/", {"once": str(uuid4())}).status_code == 303
    assert "No hours yet" in text_of(client, "/clinic/roster/")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"starts": "25:00"}, "Enter a valid time."),
        ({"starts": ""}, "This field is required."),
        ({"weekday": "7"}, "not one of the available choices"),
        ({"member": "nobody"}, "not one of the available choices"),
    ],
)
def test_impossible_hours_are_refused(house: House, change: dict[str, str], said: str) -> None:
    form = SLOT | {"member": str(house.nurse.id)} | change
    answer = client_of(house.administrator).post("/clinic/roster/add/", form)

    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_hours_entered_twice_are_refused_beside_the_field(house: House) -> None:
    client = client_of(house.administrator)
    for _ in range(2):
        answer = client.post("/clinic/roster/add/", SLOT | {"member": str(house.nurse.id), "once": str(uuid4())})

    assert answer.status_code == 422
    assert "Ruth Calder answers in some of these hours already." in answer.content.decode()


def test_only_the_administrator_changes_the_roster(house: House) -> None:
    client = client_of(house.nurse)

    assert "Add the hours" not in text_of(client, "/clinic/roster/")
    assert client.post("/clinic/roster/add/", SLOT | {"member": str(house.nurse.id)}).status_code == 404
    assert client.post("/clinic/roster/mailbox/", {"address": "a@b.example"}).status_code == 404


def test_other_clinics_hours_cannot_be_ended(house: House, other_house: House) -> None:
    with scope(clinic=house.clinic.id):
        slot = add_slot(
            member=house.nurse, weekday=0, starts=time(0), ends=time(0),
            by=house.actor("administrator"), at=timezone.now(),
        )  # fmt: skip

    assert client_of(other_house.administrator).post(f"/clinic/roster/{slot.id}/end/").status_code == 404


def test_mailbox_is_set(house: House) -> None:
    client = client_of(house.administrator)

    assert client.post("/clinic/roster/mailbox/", {"address": "desk@harbour.example"}).status_code == 303
    assert delivery_address(house.clinic.id) == "desk@harbour.example"


def test_mailbox_that_is_none_is_refused(house: House) -> None:
    answer = client_of(house.administrator).post("/clinic/roster/mailbox/", {"address": "desk"})

    assert answer.status_code == 422
    assert "Write one e-mail address" in answer.content.decode()


def test_roster_costs_few_queries(house: House, django_assert_max_num_queries: Any) -> None:
    client = client_of(house.administrator)
    for weekday in range(7):
        client.post("/clinic/roster/add/", SLOT | {"weekday": str(weekday), "member": str(house.nurse.id)})

    with django_assert_max_num_queries(20):
        client.get("/clinic/roster/")
