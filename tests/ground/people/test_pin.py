"""A PIN keeps others out of a phone that was put down."""

from datetime import timedelta

import pytest
from django.test import Client
from time_machine import Traveller

from firstlight.ground.people.errors import Refused
from firstlight.ground.people.services import set_pin
from firstlight.ground.people.sessions import new_session
from tests.cast import NOW, House
from tests.ground.people.hands import once
from tests.support.signed_in import client_of

YOU = "/me/you/"
LOCK = "/me/lock/"


@pytest.fixture
def phone(house: House, clock: Traveller) -> Client:
    """Maya's phone: a PIN is asked for after five minutes."""
    client = client_of(house.mother)
    assert client.post("/me/you/pin/", {"pin": "2580", "minutes": 5, **once()})["Location"] == "/me/"
    return client


def test_a_phone_in_use_is_not_locked(phone: Client, clock: Traveller) -> None:
    for _minute in range(10):
        clock.shift(timedelta(minutes=1))
        assert phone.get(YOU).status_code == 200


def test_an_idle_phone_asks_for_the_pin_and_goes_on_where_it_was(phone: Client, clock: Traveller) -> None:
    clock.shift(timedelta(minutes=5))

    asked = phone.get(YOU)
    assert asked["Location"] == "/me/lock/?next=%2Fme%2Fyou%2F"
    opened = phone.post(asked["Location"], {"pin": "2580"})

    assert opened["Location"] == YOU
    assert phone.get(YOU).status_code == 200


def test_a_locked_phone_shows_nothing_of_hers(phone: Client, clock: Traveller) -> None:
    clock.shift(timedelta(minutes=5))

    page = phone.get(YOU, follow=True).content.decode()

    assert "Maya" not in page
    assert "Sign out" not in page


def test_going_to_another_page_does_not_open_a_locked_phone(phone: Client, clock: Traveller) -> None:
    clock.shift(timedelta(minutes=5))
    phone.get(YOU)

    assert [phone.get(YOU).status_code for _time in range(3)] == [302, 302, 302]


def test_five_wrong_pins_end_the_session(phone: Client, clock: Traveller) -> None:
    clock.shift(timedelta(minutes=5))
    for left in (4, 3, 2, 1):
        answer = phone.post(LOCK, {"pin": "1357"})
        assert answer.status_code == 422
        assert f"Tries left: {left}" in answer.content.decode()

    assert phone.post(LOCK, {"pin": "1357"})["Location"] == "/me/sign-in/"
    assert "five wrong PINs" in phone.get("/me/sign-in/").content.decode()
    assert phone.post(LOCK, {"pin": "2580"})["Location"] == "/me/sign-in/"
    assert phone.get(YOU).status_code == 302


def test_wrong_pins_that_are_sent_at_once_are_counted_one_after_the_other(phone: Client, clock: Traveller) -> None:
    """Each request read the session before any other wrote it: what the session holds must not be what counts."""
    clock.shift(timedelta(minutes=5))
    phone.get(YOU)
    key = phone.cookies["fl_me"].value
    before = new_session(key).load()
    answers = []
    for pin in ("1357", "1358", "1359", "1360", "1361", "2580"):
        answers.append(phone.post(LOCK, {"pin": pin}).status_code)
        again = new_session(key)
        again.update(before)
        again.save()
        phone.cookies["fl_me"] = key

    assert answers == [422, 422, 422, 422, 303, 303]
    assert phone.get(YOU)["Location"].startswith("/me/sign-in/")


def test_the_right_pin_forgives_the_wrong_ones(phone: Client, clock: Traveller) -> None:
    for _day in range(3):
        clock.shift(timedelta(minutes=5))
        answers = [
            phone.post(LOCK, {"pin": pin})["Location" if pin == "2580" else "Content-Type"]
            for pin in ("1", "2", "3", "2580")
        ]
        assert answers[-1] == "/me/"


def test_five_wrong_pins_end_her_other_sessions_too(house: House, phone: Client, clock: Traveller) -> None:
    tablet = client_of(house.mother)
    clock.shift(timedelta(minutes=5))
    for _time in range(5):
        phone.post(LOCK, {"pin": "1357"})

    assert tablet.get(LOCK)["Location"] == "/me/sign-in/"


def test_the_phone_can_be_locked_at_once(phone: Client) -> None:
    phone.get(LOCK)

    assert phone.get(YOU).status_code == 302


def test_the_pin_can_be_dropped(phone: Client, clock: Traveller) -> None:
    phone.post("/me/you/pin/", {"do": "drop", **once()})
    clock.shift(timedelta(minutes=30))

    assert phone.get(YOU).status_code == 200


def test_there_is_nothing_to_open_without_a_pin(house: House, clock: Traveller) -> None:
    assert client_of(house.mother).get(LOCK)["Location"] == "/me/"
    assert Client().get(LOCK)["Location"] == "/me/sign-in/"


def test_the_pin_is_not_stored(house: House, phone: Client) -> None:
    account = house.mother.account
    assert account is not None
    account.refresh_from_db()

    assert "2580" not in account.pin


@pytest.mark.parametrize(
    ("pin", "why"),
    [
        ("123", "4 to 6 figures"),
        ("1234567", "4 to 6 figures"),
        ("12a4", "4 to 6 figures"),
        ("", "4 to 6 figures"),
        ("٢٥٨٠", "4 to 6 figures"),
        ("0000", "easy to guess"),
        ("123456", "easy to guess"),
        ("9876", "easy to guess"),
    ],
)
def test_a_pin_that_is_none_or_guessed_first_is_refused(house: House, pin: str, why: str) -> None:
    account = house.mother.account
    assert account is not None
    with pytest.raises(Refused, match=why) as refused:
        set_pin(account=account, pin=pin, minutes=5, by=house.actor("mother"), at=NOW)

    assert refused.value.field == "pin"


@pytest.mark.parametrize("minutes", [0, 2, 60])
def test_other_minutes_are_refused(house: House, minutes: int) -> None:
    account = house.mother.account
    assert account is not None

    with pytest.raises(Refused, match="1, 5 or 15"):
        set_pin(account=account, pin="2580", minutes=minutes, by=house.actor("mother"), at=NOW)
