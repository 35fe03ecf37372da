"""An error page stands in the frame of whoever asked, and tells nothing of whether a thing exists."""

from uuid import uuid4

import pytest
from django.test import Client

from tests.cast import House
from tests.support.reading import words_of
from tests.support.signed_in import client_of

pytestmark = pytest.mark.django_db


def test_staff_keep_the_clinics_frame_and_strangers_see_none_of_it(house: House) -> None:
    clients = client_of(house.nurse), Client()
    nurse, stranger = (client.get("/clinic/nothing/").content.decode() for client in clients)

    assert "There is nothing here for you." in nurse
    assert "There is nothing here for you." in stranger
    assert 'class="clinic-nav"' in nurse
    assert "Leave this page" not in nurse
    assert "clinic-nav" not in stranger


def test_unknown_and_forbidden_look_alike_to_staff(house: House, other_house: House) -> None:
    nurse = client_of(house.nurse)
    unknown, foreign = (nurse.get(f"/clinic/people/{known}/") for known in (uuid4(), other_house.mother.id))

    assert unknown.status_code == foreign.status_code == 404
    assert 'class="clinic-nav"' in unknown.content.decode()
    assert words_of(unknown.content.decode()) == words_of(foreign.content.decode())


def test_form_of_an_unknown_sender_is_refused_with_a_way_back(house: House) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = client_of(house.nurse).cookies
    refused = browser.post("/clinic/account/", {"name": "Ruth"})

    assert refused.status_code == 403
    assert "Nothing was sent. Go back, reload the page, and send it again." in words_of(refused.content.decode())
    assert "data-go-back" in refused.content.decode()
