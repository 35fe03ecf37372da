"""The rooms of a clinic, opened on a page by who runs it."""

from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse
from django_scopes import scope

from firstlight.ground.visits.models import Room
from tests.cast import House
from tests.support.signed_in import client_of


def add(client: Client, name: str) -> Any:
    return client.post(reverse("visits:rooms"), {"once": str(uuid4()), "name": name})


def test_administrator_adds_rooms_that_can_be_booked(house: House) -> None:
    lena = client_of(house.administrator)
    add(lena, "Room under the roof")

    assert "Room under the roof" in lena.get(reverse("visits:rooms")).content.decode()
    booking = client_of(house.nurse).get(reverse("visits:of_parent", args=[house.mother.id])).content.decode()
    assert "Room under the roof" in booking


def test_second_room_of_a_name_is_refused_and_the_name_stays(house: House) -> None:
    lena = client_of(house.administrator)
    add(lena, "Attic")
    refused = add(lena, "Attic")

    assert refused.status_code == 422
    assert "There is a room of that name." in refused.content.decode()
    assert 'value="Attic"' in refused.content.decode()
    with scope(clinic=house.clinic.id):
        assert Room.objects.filter(name="Attic").count() == 1
