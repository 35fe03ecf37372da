"""A clinic's own therapists: described, looked over by somebody else, and then open to choice. All on the pages."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from firstlight.journey.therapists.selectors import profiles
from tests.cast import NOW, House
from tests.support.signed_in import client_of

WORDS = {
    "works_with": "birth trauma, fathers, birth trauma",
    "languages": "English, Arabic",
    "perinatal_training": "PMH-C, 2022",
    "about": "I work slowly.",
}


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def lena(house: House) -> Client:
    return client_of(house.administrator)


def profile_of(house: House) -> str:
    return reverse("therapists:profile", args=[house.therapist.id])


def send(client: Client, address: str, **typed: str) -> Any:
    return client.post(address, {"once": str(uuid4()), **typed})


def open_to_choice(house: House) -> list[str]:
    with scope(clinic=house.clinic.id):
        return [one.name for one in profiles(house.clinic.id, NOW)]


def license_of(lena: Client, house: House, kind: str = "Psychologist license") -> None:
    typed = {
        "kind": kind,
        "number": "017226",
        "region": "NY",
        "expires_date": "2028-01-31",
        "checked_date": "2026-11-20",
    }
    send(lena, reverse("people:credential", args=[house.therapist.id]), **typed)


@pytest.mark.parametrize("kind", ["Psychologist license", "Licence (PhD)", "RN licence"])
def test_administrator_opens_a_therapist_to_choice(house: House, lena: Client, kind: str) -> None:
    assert "not described yet" in lena.get(reverse("therapists:team")).content.decode()
    send(lena, profile_of(house), **WORDS)
    assert "not looked over yet" in lena.get(reverse("therapists:team")).content.decode()
    send(lena, profile_of(house), do="vet")
    assert "no licence today" in lena.get(reverse("therapists:team")).content.decode()
    license_of(lena, house, kind)

    assert "parents can choose" in lena.get(reverse("therapists:team")).content.decode()
    assert open_to_choice(house) == [house.therapist.public_name]
    assert "birth trauma, fathers" in client_of(house.mother).get(reverse("therapists:others")).content.decode()


def test_changed_description_waits_until_it_is_looked_over_again(house: House, lena: Client) -> None:
    license_of(lena, house)
    send(lena, profile_of(house), **WORDS)
    send(lena, profile_of(house), do="vet")
    send(lena, profile_of(house), **WORDS | {"about": "I work fast."})

    assert open_to_choice(house) == []
    assert "I work fast." in lena.get(profile_of(house)).content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"languages": ""}, "This field is required"),
        ({"works_with": ", ".join(str(number) for number in range(13))}, "Twelve entries at most."),
        ({"about": "x" * 100_000}, "at most 600 characters"),
    ],
)
def test_description_that_does_not_fit_keeps_what_was_typed(
    house: House, lena: Client, typed: dict[str, str], words: str
) -> None:
    answer = send(lena, profile_of(house), **WORDS | typed)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "PMH-C, 2022" in answer.content.decode()


def test_nobody_but_a_therapist_is_described(house: House, lena: Client) -> None:
    assert lena.get(reverse("therapists:profile", args=[house.nurse.id])).status_code == 404
    assert send(lena, profile_of(house), do="vet").status_code == 404
