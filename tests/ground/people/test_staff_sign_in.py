"""Staff come in by two factors, whoever they are not look alike, and guessing is slow."""

from datetime import timedelta
from typing import Any
from unittest.mock import ANY

import pytest
import time_machine
from django.test import Client

from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.models import Authenticator, RecoveryCode
from firstlight.ground.people.services import end_membership, hire, send_start_link
from tests.cast import NOW, PASSWORD, House
from tests.ground.people.hands import (
    CODE,
    SIGN_IN,
    app_code,
    give_password,
    recovery_codes_of,
    sign_in,
    text_of,
    with_app,
)
from tests.support.signed_in import client_of

ENQUIRIES = "/clinic/enquiries/"
Clock = time_machine.Traveller


def test_password_and_app_open_the_clinic_in_a_new_session(house: House, client: Client, clock: Clock) -> None:
    with_app(house.nurse)
    client.get(SIGN_IN)
    give_password(client, house.nurse.account.email)
    halfway = client.cookies["fl_clinic"].value

    response = client.post(CODE, {"code": app_code()})

    assert (response.status_code, response["Location"]) == (303, "/clinic/")
    assert client.cookies["fl_clinic"].value != halfway
    assert client.get(ENQUIRIES).status_code == 200
    assert AuditEvent.objects.filter(action="signed_in", account_id=house.nurse.account_id).count() == 1


def test_a_session_says_when_it_began_and_for_which_place(house: House, client: Client, clock: Clock) -> None:
    with_app(house.nurse)
    sign_in(client, house.nurse)

    session = client_session(client)
    expected = {"began_at": NOW.isoformat(), "second_factor": True, "membership_id": str(house.nurse.id)}
    assert {name: session[name] for name in expected} == expected
    assert "halfway" not in session


def client_session(client: Client) -> Any:
    from firstlight.ground.people.sessions import new_session

    return new_session(client.cookies["fl_clinic"].value)


def test_the_password_alone_opens_nothing(house: House, client: Client, clock: Clock) -> None:
    with_app(house.nurse)
    response = give_password(client, house.nurse.account.email)

    assert response["Location"] == CODE
    assert client.get(ENQUIRIES).status_code == 302


def test_whoever_has_no_business_here_gets_the_same_answer(house: House, clock: Clock) -> None:
    end_membership(membership=house.second_nurse, by=house.actor("administrator"), at=NOW - timedelta(days=1))
    mother = house.mother.account
    assert mother is not None
    tries = {
        "wrong password": (house.nurse.account.email, "not-the-password-at-all"),
        "unknown address": ("nobody@harbour.example", PASSWORD),
        "no address": ("hello", PASSWORD),
        "a parent": (mother.email, PASSWORD),
        "left the clinic": (house.second_nurse.account.email, PASSWORD),
    }

    answers = {why: give_password(Client(), *given) for why, given in tries.items()}

    pages = {text_of(answer).replace(tries[why][0], "") for why, answer in answers.items()}
    assert {answer.status_code for answer in answers.values()} == {422}
    assert len(pages) == 1
    assert "do not open anything here" in pages.pop()


def test_the_first_sign_in_sets_up_the_app_and_shows_ten_codes_once(house: House, client: Client, clock: Clock) -> None:
    response = give_password(client, house.nurse.account.email)
    assert response["Location"] == "/clinic/sign-in/app/"
    page = client.get("/clinic/sign-in/app/").content.decode()
    secret = Authenticator.objects.get(user=house.nurse.account).secret
    assert '<svg role="img"' in page
    assert "style=" not in page.partition("<svg role")[2].partition("</svg>")[0]
    wrong = client.post("/clinic/sign-in/app/", {"code": app_code(steps=40, secret=secret)})
    assert wrong.status_code == 422
    too_soon = client.post("/clinic/sign-in/app/", {"code": app_code(secret=secret)})
    assert "looked at from" in too_soon.content.decode()
    clock.shift(timedelta(seconds=30))

    done = client.post("/clinic/sign-in/app/", {"code": app_code(secret=secret)})

    codes = [line.partition("</code>")[0] for line in done.content.decode().split('<code class="secret">')[1:]]
    assert (done.status_code, len(set(codes))) == (200, 10)
    assert client.get(ENQUIRIES).status_code == 200
    assert client.get("/clinic/sign-in/app/").status_code == 303
    kept = str(list(RecoveryCode.objects.values_list("digest", flat=True)))
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)


def test_a_code_of_the_app_counts_once(house: House, clock: Clock) -> None:
    with_app(house.nurse)
    assert sign_in(Client(), house.nurse).status_code == 303

    again = sign_in(Client(), house.nurse)

    assert again.status_code == 422
    assert "used already" in again.content.decode()


@pytest.mark.parametrize(("steps", "status"), [(-1, 303), (0, 303), (1, 303), (-2, 422), (2, 422)])
def test_a_clock_that_is_one_step_off_is_forgiven(
    house: House, client: Client, clock: Clock, steps: int, status: int
) -> None:
    with_app(house.nurse)
    give_password(client, house.nurse.account.email)

    assert client.post(CODE, {"code": app_code(steps)}).status_code == status


@pytest.mark.parametrize("given", ["", "12345", "abcdef", "\uff11" * 6, "0" * 100_000, "<script>alert(1)</script>"])
def test_what_is_no_code_is_refused_with_a_message(house: House, client: Client, clock: Clock, given: str) -> None:
    with_app(house.nurse)
    give_password(client, house.nurse.account.email)

    response = client.post(CODE, {"code": given})

    assert response.status_code == 422
    assert b"<script>alert" not in response.content


def test_each_wrong_code_doubles_the_wait(house: House, client: Client, clock: Clock) -> None:
    with_app(house.nurse)
    give_password(client, house.nurse.account.email)
    for wait in (1, 2, 4, 8):
        client.post(CODE, {"code": "000000"})
        clock.shift(timedelta(seconds=wait - 0.5))
        page = client.post(CODE, {"code": app_code()})
        assert page.status_code == 422
        assert "looked at from" in page.content.decode()
        clock.shift(timedelta(seconds=0.5))

    assert client.post(CODE, {"code": app_code()}).status_code == 303


def test_a_recovery_code_opens_once_however_it_is_typed(house: House, client: Client, clock: Clock) -> None:
    with_app(house.nurse)
    code = recovery_codes_of(house, house.nurse.account)[3]
    give_password(client, house.nurse.account.email)
    assert client.post("/clinic/sign-in/recovery/", {"code": code.lower().replace("-", " ")}).status_code == 303

    other = Client()
    give_password(other, house.nurse.account.email)
    again = other.post("/clinic/sign-in/recovery/", {"code": code})

    assert again.status_code == 422
    assert RecoveryCode.objects.filter(account=house.nurse.account, used_at=None).count() == 9


def test_somebody_elses_recovery_code_opens_nothing(house: House, client: Client, clock: Clock) -> None:
    with_app(house.nurse)
    with_app(house.prescriber)
    code = recovery_codes_of(house, house.prescriber.account)[0]
    give_password(client, house.nurse.account.email)

    assert client.post("/clinic/sign-in/recovery/", {"code": code}).status_code == 422


def test_the_second_step_waits_ten_minutes(house: House, client: Client, clock: Clock) -> None:
    with_app(house.nurse)
    give_password(client, house.nurse.account.email)
    clock.shift(timedelta(minutes=11))

    response = client.post(CODE, {"code": app_code()})

    assert (response.status_code, response["Location"]) == (303, SIGN_IN)


@pytest.mark.parametrize("page", [CODE, "/clinic/sign-in/recovery/", "/clinic/sign-in/app/"])
def test_the_second_step_without_the_first_leads_to_the_first(db: None, client: Client, page: str) -> None:
    assert client.get(page)["Location"] == SIGN_IN


def test_ten_wrong_passwords_lock_the_account_from_every_address(house: House, clock: Clock) -> None:
    email = house.nurse.account.email
    for number in range(10):
        answer = give_password(Client(), email, "wrong-wrong-wrong-wrong", REMOTE_ADDR=f"10.0.0.{number}")
    assert answer.status_code == 429

    locked = give_password(Client(), email, REMOTE_ADDR="10.9.9.9")
    other = give_password(Client(), house.prescriber.account.email, REMOTE_ADDR="10.9.9.9")

    assert locked.status_code == 429
    assert "again in 15 minutes" in locked.content.decode()
    assert other.status_code == 303


def test_ten_wrong_passwords_lock_the_address_for_every_account(house: House, clock: Clock) -> None:
    for number in range(10):
        give_password(Client(), f"guess{number}@harbour.example", REMOTE_ADDR="10.0.0.7")

    assert give_password(Client(), house.nurse.account.email, REMOTE_ADDR="10.0.0.7").status_code == 429
    assert give_password(Client(), house.nurse.account.email, REMOTE_ADDR="10.0.0.8").status_code == 303


def test_a_session_in_progress_goes_on_while_its_account_is_locked(house: House, clock: Clock) -> None:
    working = client_of(house.nurse)
    for _number in range(10):
        give_password(Client(), house.nurse.account.email, "wrong-wrong-wrong-wrong")
    assert give_password(Client(), house.nurse.account.email).status_code == 429

    assert working.get(ENQUIRIES).status_code == 200
    assert working.post("/clinic/enquiries/log/", {"name": ""}).status_code == 422


def test_a_lock_ends_after_fifteen_minutes(house: House, clock: Clock) -> None:
    for _number in range(10):
        give_password(Client(), house.nurse.account.email, "wrong-wrong-wrong-wrong")
    clock.shift(timedelta(minutes=15, seconds=1))

    assert give_password(Client(), house.nurse.account.email).status_code == 303


def test_the_list_of_attempts_holds_no_address(house: House, clock: Clock) -> None:
    from axes.models import AccessAttempt

    give_password(Client(), "canary@harbour.example", "canary-password-long")

    kept = str(list(AccessAttempt.objects.values()))
    assert "canary" not in kept


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/clinic/enquiries/", "/clinic/enquiries/"),
        ("/clinic/people/?search=a&state=", "/clinic/people/?search=a&state="),
        ("/me/you/", "/clinic/"),
        ("/", "/clinic/"),
        ("https://evil.example/clinic/", "/clinic/"),
        ("//evil.example/clinic/", "/clinic/"),
        ("/clinic/../me/", "/clinic/"),
        ("/clinic/\\evil.example", "/clinic/"),
        ("javascript:alert(1)", "/clinic/"),
        ("/clinic/sign-out/", "/clinic/"),
        ("/clinic/\r\nSet-Cookie: a=b", "/clinic/"),
    ],
)
def test_signing_in_leads_only_to_pages_of_the_clinic(
    house: House, client: Client, clock: Clock, wanted: str, led_to: str
) -> None:
    with_app(house.nurse)
    client.post(f"{SIGN_IN}", {"email": house.nurse.account.email, "password": PASSWORD, "next": wanted})

    assert client.post(CODE, {"code": app_code()})["Location"] == led_to


def test_a_page_asked_for_before_signing_in_is_reached_after_it(house: House, client: Client, clock: Clock) -> None:
    with_app(house.nurse)
    sent_to = client.get(ENQUIRIES)["Location"]
    client.post(sent_to, {"email": house.nurse.account.email, "password": PASSWORD})

    assert client.post(CODE, {"code": app_code()})["Location"] == ENQUIRIES


def test_a_form_of_another_site_cannot_sign_anybody_in(house: House, client: Client, clock: Clock) -> None:
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
    ):
        response = client.post(SIGN_IN, {"email": house.nurse.account.email, "password": PASSWORD}, headers=headers)
        assert response.status_code == 403


def test_signing_out_ends_the_session_and_takes_a_post(house: House, clock: Clock) -> None:
    client = client_of(house.nurse)
    assert client.get("/clinic/sign-out/")["Location"] == "/clinic/"
    key = client.cookies["fl_clinic"].value

    assert client.post("/clinic/sign-out/")["Location"] == SIGN_IN

    stolen = Client()
    stolen.cookies["fl_clinic"] = key
    assert stolen.get(ENQUIRIES).status_code == 302
    assert AuditEvent.objects.filter(action="signed_out").count() == 1


def test_who_is_signed_in_is_not_asked_again(house: House, clock: Clock) -> None:
    assert client_of(house.nurse).get(SIGN_IN)["Location"] == "/clinic/"


def test_a_start_link_sets_the_password_once_and_ends_what_was_before(
    house: House, client: Client, clock: Clock, announced: dict[str, Any]
) -> None:
    with_app(house.nurse)
    working = client_of(house.nurse)
    started = send_start_link(membership=house.nurse, by=house.actor("administrator"), at=NOW)
    assert announced["staff.invited"] == {"membership": house.nurse, "link": started.link, "by": ANY, "at": NOW}
    page = f"/clinic/start/{started.token}/"
    assert client.post(page, {"password": "too-short-one"}).status_code == 422
    clock.shift(timedelta(seconds=1))

    assert client.post(page, {"password": "a whole new sentence"})["Location"] == SIGN_IN

    assert client.get(page).status_code == 410
    assert working.get(ENQUIRIES).status_code == 302
    assert give_password(client, house.nurse.account.email).status_code == 422
    assert (
        give_password(client, house.nurse.account.email, "a whole new sentence")["Location"] == "/clinic/sign-in/app/"
    )


def test_a_thief_who_knew_the_old_password_cannot_set_up_the_new_app(
    house: House, client: Client, clock: Clock
) -> None:
    """She stands between the two steps while the nurse sets a new password and begins to set up a new app."""
    with_app(house.nurse)
    thief = Client()
    give_password(thief, house.nurse.account.email)
    started = send_start_link(membership=house.nurse, by=house.actor("administrator"), at=NOW)
    client.post(f"/clinic/start/{started.token}/", {"password": "four-other-words-here"})
    give_password(client, house.nurse.account.email, "four-other-words-here")

    page = thief.get("/clinic/sign-in/app/")

    assert (page.status_code, page["Location"]) == (303, SIGN_IN)
    secret = Authenticator.objects.get(user=house.nurse.account).secret
    thief.post("/clinic/sign-in/app/", {"code": app_code(secret=secret)})
    assert thief.get(ENQUIRIES).status_code == 302
    assert client.get("/clinic/sign-in/app/").status_code == 200


@pytest.mark.parametrize("token", ["x", "a" * 43, "a" * 500])
def test_an_unknown_start_link_says_what_to_do(db: None, client: Client, token: str) -> None:
    response = client.get(f"/clinic/start/{token}/")

    assert response.status_code == 410
    assert "Ask the administrator" in response.content.decode()


def test_who_works_in_two_clinics_chooses_one(house: House, other_house: House, client: Client, clock: Clock) -> None:
    second = hire(
        clinic=other_house.clinic,
        email=house.nurse.account.email,
        name="Ruth Calder",
        role="nurse",
        title="Nurse",
        by=other_house.actor("administrator"),
        at=NOW,
    )
    with_app(house.nurse)
    assert sign_in(client, house.nurse)["Location"] == "/clinic/place/"

    assert client.post("/clinic/place/", {"place": str(other_house.nurse.id)}).status_code == 422
    client.post("/clinic/place/", {"place": str(second.id)})

    page = client.get(ENQUIRIES).content.decode()
    assert "Hillside Clinic" in page
