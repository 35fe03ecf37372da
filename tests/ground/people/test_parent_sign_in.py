"""A parent comes in by six figures or a password. The page never tells who is known."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from time_machine import Traveller

from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.models import EntryCode
from tests.cast import NOW, PASSWORD, House
from tests.ground.people.hands import text_of
from tests.support.signed_in import client_of

SIGN_IN = "/me/sign-in/"
CODE = "/me/sign-in/code/"
WITH_PASSWORD = "/me/sign-in/password/"
Heard = dict[str, dict[str, Any]]


def ask(client: Client, email: str) -> Any:
    return client.post(SIGN_IN, {"email": email})


def test_six_figures_open_her_own_pages(house: House, client: Client, clock: Traveller, announced: Heard) -> None:
    assert ask(client, house.mother.email)["Location"] == CODE
    heard = announced["code.wanted"]
    assert (heard["account"], heard["at"], len(heard["code"])) == (house.mother.account, NOW, 6)

    response = client.post(CODE, {"code": f" {heard['code'][:3]} {heard['code'][3:]} "})

    assert (response.status_code, response["Location"]) == (303, "/me/")
    page = client.get("/me/you/").content.decode()
    assert "Maya Lindqvist" in page
    assert "Jonas" not in page
    assert AuditEvent.objects.filter(action="signed_in", parent_id=house.mother.id).count() == 1


def test_the_figures_are_not_stored(house: House, client: Client, clock: Traveller, announced: Heard) -> None:
    ask(client, house.mother.email)

    assert announced["code.wanted"]["code"] not in str(list(EntryCode.objects.values()))


def test_known_and_unknown_addresses_look_alike_at_every_step(house: House, clock: Traveller, announced: Heard) -> None:
    addresses = [house.mother.email, "nobody@nowhere.example", house.nurse.account.email]
    people = {Client(REMOTE_ADDR=f"10.0.0.{number}"): email for number, email in enumerate(addresses)}
    asked = [ask(client, email) for client, email in people.items()]
    assert {(answer.status_code, answer["Location"]) for answer in asked} == {(303, CODE)}
    assert len({text_of(client.get(CODE)) for client in people}) == 1
    for _number in range(5):
        pages = {text_of(client.post(CODE, {"code": "no"})) for client in people}
        assert len(pages) == 1

    page = pages.pop()
    assert "Ask for a new one" in page


def test_staff_cannot_come_in_by_a_code(house: House, client: Client, clock: Traveller, announced: Heard) -> None:
    ask(client, house.nurse.account.email)

    assert "code.wanted" not in announced


def test_a_code_works_once(house: House, clock: Traveller, announced: Heard) -> None:
    first, second = Client(), Client()
    ask(second, house.mother.email)
    ask(first, house.mother.email)
    code = announced["code.wanted"]["code"]
    assert first.post(CODE, {"code": code}).status_code == 303

    assert second.post(CODE, {"code": code}).status_code == 422


def test_a_code_ends_after_ten_minutes(house: House, client: Client, clock: Traveller, announced: Heard) -> None:
    ask(client, house.mother.email)
    clock.shift(timedelta(minutes=10, seconds=1))

    assert client.post(CODE, {"code": announced["code.wanted"]["code"]}).status_code == 422


def test_a_newer_code_ends_the_older(house: House, client: Client, clock: Traveller, announced: Heard) -> None:
    ask(client, house.mother.email)
    older = announced["code.wanted"]["code"]
    ask(client, house.mother.email)
    newer = announced["code.wanted"]["code"]

    assert older == newer or client.post(CODE, {"code": older}).status_code == 422
    assert client.post(CODE, {"code": newer}).status_code == 303


def test_five_wrong_tries_end_a_code_also_from_several_browsers(
    house: House, clock: Traveller, announced: Heard
) -> None:
    guessing = Client()
    ask(guessing, house.mother.email)
    code = announced["code.wanted"]["code"]
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    for _number in range(5):
        assert guessing.post(CODE, {"code": wrong}).status_code == 422

    assert guessing.post(CODE, {"code": code}).status_code == 422


def test_there_are_five_codes_an_hour(house: House, client: Client, clock: Traveller, announced: Heard) -> None:
    for _number in range(5):
        ask(client, house.mother.email)
    announced.clear()
    clock.shift(timedelta(minutes=59))
    sixth = ask(client, house.mother.email)
    assert (sixth.status_code, announced) == (303, {})
    clock.shift(timedelta(minutes=2))
    ask(client, house.mother.email)

    assert "code.wanted" in announced


def test_ten_wrong_codes_lock_the_account(house: House, clock: Traveller, announced: Heard) -> None:
    for number in range(10):
        client = Client(REMOTE_ADDR=f"10.0.0.{number}")
        ask(client, house.mother.email)
        answer = client.post(CODE, {"code": "no"})

    assert answer.status_code == 429


def test_a_password_opens_her_pages_too(house: House, client: Client, clock: Traveller) -> None:
    response = client.post(WITH_PASSWORD, {"email": house.mother.email, "password": PASSWORD})

    assert (response.status_code, response["Location"]) == (303, "/me/")


@pytest.mark.parametrize("who", ["wrong password", "unknown", "staff"])
def test_a_password_that_opens_nothing_says_nothing_more(
    house: House, client: Client, clock: Traveller, who: str
) -> None:
    given = {
        "wrong password": (house.mother.email, "not-this-one-at-all"),
        "unknown": ("nobody@nowhere.example", PASSWORD),
        "staff": (house.nurse.account.email, PASSWORD),
    }[who]

    response = client.post(WITH_PASSWORD, {"email": given[0], "password": given[1]})

    assert response.status_code == 422
    assert "do not open anything here" in response.content.decode()


@pytest.mark.parametrize("email", ["", "maya", "maya@", "a" * 100_000 + "@x.example", "<script>alert(1)</script>@x"])
def test_what_is_no_address_is_named(db: None, client: Client, email: str) -> None:
    response = ask(client, email)

    assert response.status_code == 422
    assert b"<script>alert" not in response.content


def test_the_address_is_not_offered_again(db: None, client: Client) -> None:
    assert 'autocomplete="off"' in client.get(SIGN_IN).content.decode()


def test_the_code_page_without_an_address_leads_back(db: None, client: Client) -> None:
    assert client.get(CODE)["Location"] == SIGN_IN


def test_titles_and_addresses_are_neutral(house: House, clock: Traveller) -> None:
    told = client_of(house.mother)
    words = ("ketamine", "clinic", "depress", "mood", "score", "baby", "maya")
    before = [(Client(), page) for page in (SIGN_IN, WITH_PASSWORD, "/me/i/none/")]
    for client, page in [*before, (told, "/me/you/"), (told, "/me/you/pin/")]:
        title = client.get(page).content.decode().partition("<title>")[2].partition("</title>")[0].lower()
        assert title
        assert not any(word in title + page for word in words)


@pytest.mark.parametrize("send", ["get", "post"])
def test_leaving_ends_the_session_and_goes_to_a_neutral_site(
    house: House, clock: Traveller, settings: Any, send: str
) -> None:
    client = client_of(house.mother)
    key = client.cookies["fl_me"].value

    response = getattr(client, send)("/me/leave/")

    assert (response.status_code, response["Location"]) == (303, settings.QUICK_EXIT_ADDRESS)
    stolen = Client()
    stolen.cookies["fl_me"] = key
    assert stolen.get("/me/you/").status_code == 302


def test_leaving_works_for_whoever_is_not_signed_in(db: None, client: Client) -> None:
    assert client.get("/me/leave/").status_code == 303


def test_signing_out_everywhere_from_her_own_page(house: House, clock: Traveller) -> None:
    lost, own = client_of(house.mother), client_of(house.mother)
    clock.shift(timedelta(seconds=1))

    assert own.post("/me/you/everywhere/")["Location"] == SIGN_IN

    assert lost.get("/me/you/").status_code == 302
    assert own.get("/me/you/").status_code == 302
