"""Sessions: how long they last, what keeps them awake, and where their cookies go."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client

from firstlight.ground.people.lasting import lasting
from firstlight.ground.people.services import sign_out_everywhere
from tests.cast import NOW, House
from tests.support.signed_in import client_of

Clock = time_machine.Traveller
PAGES = {"nurse": "/clinic/enquiries/", "mother": "/me/you/"}
IDLE = {"nurse": 30, "mother": 60}
HOURS = {"nurse": 12, "mother": 24}


@pytest.mark.parametrize("who", ["nurse", "mother"])
def test_an_idle_session_ends_and_says_so(house: House, clock: Clock, who: str) -> None:
    client = client_of(getattr(house, who))
    clock.shift(timedelta(minutes=IDLE[who] - 1))
    assert client.get(PAGES[who]).status_code == 200
    clock.shift(timedelta(minutes=IDLE[who], seconds=1))

    response = client.get(PAGES[who], follow=True)

    assert response.redirect_chain[0][0].startswith(PAGES[who].split("/")[1].join("//") + "sign-in/")
    assert "You were signed out, because nobody touched this page" in response.content.decode()


@pytest.mark.parametrize("who", ["nurse", "mother"])
def test_a_session_in_use_ends_when_the_day_is_over(house: House, clock: Clock, who: str) -> None:
    client = client_of(getattr(house, who))
    step = timedelta(minutes=IDLE[who] * 0.8)
    for _step in range(timedelta(hours=HOURS[who]) // step):
        clock.shift(step)
        last = client.get(PAGES[who])
    assert last.status_code == 200
    clock.shift(step)

    assert client.get(PAGES[who]).status_code == 302


def test_values_charted_every_fifteen_minutes_keep_a_nurse_signed_in_and_one_may_be_late(
    house: House, clock: Clock
) -> None:
    client = client_of(house.nurse)

    for minutes in (15, 15, 15, 29, 15):
        clock.shift(timedelta(minutes=minutes))
        assert client.get(PAGES["nurse"]).status_code == 200


def test_limits_lie_inside_what_their_source_allows() -> None:
    for limits in lasting().values():
        assert limits.idle <= timedelta(hours=1)
        assert limits.total <= timedelta(hours=24)
        assert timedelta() < limits.warn < limits.idle


def left(client: Client, *, touched: bool = False) -> dict[str, object]:
    """Ask how long a sign-in lasts, as the page does by itself, or after a touch."""
    found: dict[str, object] = client.get(
        "/clinic/awake/", headers={} if touched else {"X-Firstlight-Poll": "1"}
    ).json()
    return found


def test_page_learns_when_the_sign_in_ends_and_a_touch_moves_it(house: House, clock: Clock) -> None:
    client = client_of(house.nurse)
    clock.shift(timedelta(minutes=26))

    assert left(client) == {"seconds": 4 * 60, "can_stay": True}
    assert left(client, touched=True) == {"seconds": 30 * 60, "can_stay": True}
    clock.shift(timedelta(minutes=31))
    assert client.get("/clinic/awake/").status_code == 401


def test_no_touch_moves_the_end_of_the_day(house: House, clock: Clock) -> None:
    client = client_of(house.nurse)
    for _half_hour in range(23):
        clock.shift(timedelta(minutes=29))
        client.get(PAGES["nurse"])
    clock.shift(timedelta(minutes=28))

    assert left(client, touched=True) == {"seconds": 720 * 60 - (23 * 29 + 28) * 60, "can_stay": False}


def test_a_poll_keeps_no_session_awake(house: House, clock: Clock) -> None:
    client = client_of(house.nurse)
    for _minute in range(31):
        clock.shift(timedelta(minutes=1))
        last = client.get(PAGES["nurse"], headers={"X-Firstlight-Poll": "1"})

    assert last.status_code == 302


def test_a_script_of_ours_gets_a_status_instead_of_a_sign_in_page(db: None, client: Client) -> None:
    assert client.get(PAGES["nurse"], headers={"Sec-Fetch-Mode": "cors"}).status_code == 401


def test_htmx_is_told_to_load_the_sign_in_page(db: None, client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/clinic/people/"}
    response = client.get(PAGES["nurse"], headers=headers)

    assert response["HX-Redirect"] == "/clinic/sign-in/?next=%2Fclinic%2Fpeople%2F"


@pytest.mark.parametrize(("who", "cookie"), [("nurse", "fl_clinic"), ("mother", "fl_me")])
def test_a_cookie_stays_in_its_realm_and_away_from_scripts(house: House, clock: Clock, who: str, cookie: str) -> None:
    client = client_of(getattr(house, who))
    clock.shift(timedelta(minutes=2))

    sent = client.get(PAGES[who]).cookies[cookie]

    assert (sent["path"], sent["httponly"], sent["samesite"]) == (f"/{PAGES[who].split('/')[1]}/", True, "Lax")


def test_a_staff_session_opens_nothing_of_the_parents_realm(house: House, clock: Clock) -> None:
    client = client_of(house.nurse)
    client.cookies["fl_me"] = client.cookies["fl_clinic"].value

    assert client.get("/me/you/").status_code == 302


def test_a_parents_session_opens_nothing_of_the_clinic(house: House, clock: Clock) -> None:
    client = client_of(house.mother)
    client.cookies["fl_clinic"] = client.cookies["fl_me"].value

    for page in ("/clinic/enquiries/", "/clinic/account/", f"/clinic/people/{house.mother.id}/"):
        assert client.get(page).status_code == 302


def test_signing_out_everywhere_ends_every_session_that_began_before(house: House, clock: Clock) -> None:
    phones = [client_of(house.mother) for _number in range(2)]
    clock.shift(timedelta(minutes=1))
    account = house.mother.account
    assert account is not None
    sign_out_everywhere(account=account, by=house.actor("mother"), at=NOW + timedelta(minutes=1))
    later = client_of(house.mother)

    assert [phone.get("/me/you/").status_code for phone in [*phones, later]] == [302, 302, 200]


def test_a_session_that_ended_meanwhile_is_no_error(
    house: House, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.contrib.sessions.models import Session

    from firstlight.ground.people.views import enquiries

    client = client_of(house.nurse)
    clock.shift(timedelta(minutes=2))
    found = enquiries.enquiries_of
    monkeypatch.setattr(enquiries, "enquiries_of", lambda actor: (Session.objects.all().delete(), found(actor))[1])

    assert client.get(PAGES["nurse"]).status_code == 200
    assert client.get(PAGES["nurse"]).status_code == 302


def test_pages_of_a_realm_are_never_stored(house: House, clock: Clock) -> None:
    for client, page in (
        (client_of(house.nurse), "/clinic/enquiries/"),
        (client_of(house.mother), "/me/you/"),
        (Client(), "/clinic/sign-in/"),
        (Client(), "/me/i/none/"),
    ):
        assert client.get(page)["Cache-Control"] == "no-store"


def test_the_page_speaks_in_the_clinics_time(house: House, clock: Clock) -> None:
    page = client_of(house.nurse).get("/clinic/people/?state=declined").content.decode()

    assert "Checked at 09:00" in page  # 14:00 UTC in New York


@pytest.mark.parametrize("who", ["nurse", "mother"])
def test_page_that_cannot_be_read_as_an_address_leads_to_sign_in_all_the_same(db: None, who: str) -> None:
    """A script says on which page it stands; anybody can write anything there."""
    answer = Client().get(PAGES[who], headers={"HX-Request": "true", "HX-Current-URL": "http://["})

    assert "sign-in/" in answer["HX-Redirect"]


@pytest.mark.parametrize("who", ["nurse", "mother"])
def test_copy_of_the_database_signs_nobody_in(house: House, clock: Clock, who: str) -> None:
    """A thief reads each stored key, and sends it as the cookie."""
    client = client_of(getattr(house, who))
    assert client.get(PAGES[who]).status_code == 200
    name = {"nurse": "fl_clinic", "mother": "fl_me"}[who]

    stored = list(Session.objects.values_list("session_key", flat=True))

    assert len(stored) == 1
    assert client.cookies[name].value not in stored
    thief = Client()
    thief.cookies[name] = stored[0]
    assert thief.get(PAGES[who]).status_code == 302


@pytest.mark.parametrize("cookie", ["x", "\x00", "a" * 5_000, "é"])
def test_cookie_that_nobody_gave_leads_to_sign_in(db: None, cookie: str) -> None:
    client = Client()
    client.cookies["fl_clinic"] = cookie

    assert client.get(PAGES["nurse"]).status_code == 302


def test_session_that_ended_is_gone_from_the_database(house: House, clock: Clock) -> None:
    client = client_of(house.nurse)
    client.get(PAGES["nurse"])
    assert Session.objects.count() == 1

    assert client.post("/clinic/sign-out/", {}).status_code == 303

    assert not Session.objects.exists()


@pytest.mark.parametrize(
    "path", ["/clinic/people/6f1f3c5e-0000-4000-8000-000000000000/", "/clinic/nothing/", "/clinic/people"]
)
def test_answer_that_refuses_or_leads_on_is_kept_in_no_cache(house: House, clock: Clock, path: str) -> None:
    """It shows who is signed in, and how much waits."""
    client = client_of(house.nurse)

    answers = [client.get(path), client.put(path), Client(enforce_csrf_checks=True).post(path)]

    assert {answer.status_code for answer in answers} <= {301, 403, 404, 405}
    assert {answer.get("Cache-Control") for answer in answers} == {"no-store"}
    assert {answer.get("X-Frame-Options") for answer in answers} == {"DENY"}


@pytest.mark.parametrize("who", ["nurse", "mother"])
def test_session_from_a_future_that_was_a_wrong_clock_ends(house: House, clock: Clock, who: str) -> None:
    """It would last a day longer than allowed, and signing out everywhere would not reach it."""
    clock.shift(timedelta(days=1))
    client = client_of(getattr(house, who))
    assert client.get(PAGES[who]).status_code == 200
    clock.shift(timedelta(seconds=-30))
    assert client.get(PAGES[who]).status_code == 200
    clock.shift(timedelta(days=-1))

    assert client.get(PAGES[who]).status_code == 302
