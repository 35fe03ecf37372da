"""A form that met an ended session is kept for its sender, offered once more, and never done twice."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope
from time_machine import Traveller

from firstlight.ground.people.models import Episode, Held
from firstlight.ground.people.services import sweep
from tests.cast import NOW, PASSWORD, House
from tests.ground.people.hands import CODE, app_code, once, with_app
from tests.support.signed_in import client_of

LOG = "/clinic/enquiries/log/"
FORM = {"name": "Grace Obi", "phone": "+1 518 555 0177", "relation": "mother", "source": "call", "concern": "No sleep."}


@pytest.fixture
def late(house: House, clock: Traveller) -> Client:
    """Ruth's browser, idle for forty minutes over an open form."""
    client = client_of(house.nurse)
    clock.shift(timedelta(minutes=40))
    return client


def sign_in_again(client: Client, house: House, who: str = "nurse", page: str = "/clinic/sign-in/") -> Any:
    member = getattr(house, who)
    with_app(member)
    client.post(page, {"email": member.account.email, "password": PASSWORD})
    return client.post(CODE, {"code": app_code()})


def count(house: House) -> int:
    with scope(clinic=house.clinic.id):
        return Episode.objects.filter(state="logged").count()


def test_what_was_sent_too_late_is_offered_after_signing_in(house: House, late: Client, announced: Any) -> None:
    form = FORM | once()
    sent = late.post(LOG, form)
    assert sent["Location"].startswith("/clinic/sign-in/")
    assert "is kept for one hour" in late.get(sent["Location"]).content.decode()
    assert count(house) == 0

    offered = late.get(sign_in_again(late, house, page=sent["Location"])["Location"])

    page = offered.content.decode()
    assert "Not sent yet" in page
    assert "09:40" in page  # when the button was pressed, in the clinic's time
    assert f'action="{LOG}"' in page
    assert all(f'name="{name}" value="{value}"' in page for name, value in form.items())


def test_sending_it_now_does_it_once(house: House, late: Client, announced: Any) -> None:
    form = FORM | once()
    late.post(LOG, form)
    offer = sign_in_again(late, house)["Location"]

    first, second = late.post(LOG, form), late.post(LOG, form)

    assert first["Location"] == second["Location"]
    assert count(house) == 1
    assert not Held.objects.exists()
    assert late.get(offer)["Location"] == "/clinic/"


def test_question_of_a_second_window_that_met_the_same_end_takes_nothing_from_the_form(
    house: House, late: Client
) -> None:
    """Both windows ask with the old cookie at once; the answer to the slower one arrives last."""
    before = late.cookies["fl_clinic"].value
    ask = {"headers": {"X-Firstlight-Poll": "1"}}
    late.get("/clinic/awake/", **ask)
    slower = Client()
    slower.cookies["fl_clinic"] = before

    late.cookies.update(slower.get("/clinic/awake/", **ask).cookies)

    sent = late.post(LOG, FORM | once())
    assert "is kept for one hour" in late.get(sent["Location"]).content.decode()


def test_script_that_a_browser_fetches_by_itself_takes_nothing_from_the_form(house: House, clock: Traveller) -> None:
    """A phone that lay for two hours fetches its worker in the moment in which a form is sent: both with the old cookie."""
    client = client_of(house.mother)
    clock.shift(timedelta(hours=2))
    before = client.cookies["fl_me"].value
    assert client.get("/me/worker.js", headers={"Service-Worker": "script"}).status_code == 200
    client.cookies["fl_me"] = before

    sent = client.post("/me/you/", {"hand": "left", "timezone": "America/Denver", **once()})

    assert "is kept for one hour" in client.get(sent["Location"]).content.decode()


def test_it_is_sealed_while_it_waits(house: House, late: Client) -> None:
    from django.db import connection

    late.post(LOG, FORM | once())
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM people_held")
        stored = cursor.fetchone()[0]

    assert "Grace" not in stored
    assert Held.objects.get().account_id == house.nurse.account_id


def test_somebody_else_at_the_same_computer_is_not_offered_it(house: House, late: Client) -> None:
    late.post(LOG, FORM | once())

    response = sign_in_again(late, house, who="prescriber")

    assert response["Location"] == "/clinic/"
    held = Held.objects.get()
    assert late.get(f"/clinic/held/{held.id}/")["Location"] == "/clinic/"


def test_it_waits_one_hour(house: House, late: Client, clock: Traveller) -> None:
    late.post(LOG, FORM | once())
    clock.shift(timedelta(minutes=61))

    assert sign_in_again(late, house)["Location"] == "/clinic/"
    sweep(NOW + timedelta(hours=3))
    assert not Held.objects.exists()


def test_it_can_be_dropped(house: House, late: Client) -> None:
    late.post(LOG, FORM | once())
    offer = sign_in_again(late, house)["Location"]

    assert late.post(offer)["Location"] == "/clinic/"

    assert not Held.objects.exists()
    assert count(house) == 0


def test_pressing_twice_keeps_it_once(house: House, late: Client) -> None:
    form = FORM | once()
    for _press in range(2):
        late.post(LOG, form)

    assert Held.objects.count() == 1


def test_a_stranger_without_a_session_is_kept_nothing(house: House, client: Client) -> None:
    client.post(LOG, FORM | once())

    assert not Held.objects.exists()


@pytest.mark.parametrize("extra", [{"once": "no key"}, {"password": "secret"}, {"pin": "2580"}])
def test_what_cannot_be_sent_twice_or_must_not_be_kept_is_not(
    house: House, late: Client, extra: dict[str, str]
) -> None:
    late.post(LOG, FORM | once() | extra)

    assert not Held.objects.exists()


def test_of_one_person_five_forms_are_kept(house: House, late: Client) -> None:
    for _number in range(7):
        late.post(LOG, FORM | once())

    assert Held.objects.count() == 5


def test_a_form_of_another_site_is_not_kept(house: House, clock: Traveller) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = client_of(house.nurse).cookies
    client.get("/clinic/enquiries/log/")
    clock.shift(timedelta(minutes=40))

    response = client.post(LOG, FORM | once())

    assert response.status_code == 403
    assert not Held.objects.exists()


def test_a_form_of_ours_is_recognised_although_its_session_has_ended(house: House, clock: Traveller) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = client_of(house.nurse).cookies
    page = client.get("/clinic/enquiries/log/").content.decode()
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    clock.shift(timedelta(minutes=40))

    response = client.post(LOG, FORM | once() | {"csrfmiddlewaretoken": token})

    assert response.status_code == 303
    assert "csrfmiddlewaretoken" not in str(Held.objects.get().body)


@pytest.mark.parametrize(
    ("origin", "kept"), [("http://testserver", True), ("http://other.example", False), ("null", False)]
)
def test_a_form_from_before_signing_in_again_elsewhere_is_offered(house: House, origin: str, kept: bool) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = client_of(house.nurse).cookies
    stale = client.get(LOG).content.decode().partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    client.cookies = client_of(house.nurse).cookies

    answer = client.post(LOG, FORM | once() | {"csrfmiddlewaretoken": stale}, headers={"Origin": origin})

    assert answer.status_code == (303 if kept else 403)
    assert Held.objects.exists() == kept
    assert count(house) == 0
    assert not kept or FORM["concern"] in client.get(answer["Location"]).content.decode()


def test_a_parents_form_waits_behind_the_pin(house: House, clock: Traveller) -> None:
    client = client_of(house.mother)
    client.post("/me/you/pin/", {"pin": "2580", "minutes": 1, **once()})
    clock.shift(timedelta(minutes=2))
    form = {"hand": "left", "timezone": "America/Denver", **once()}
    asked = client.post("/me/you/", form)

    offered = client.post(asked["Location"], {"pin": "2580"})["Location"]

    assert 'name="hand" value="left"' in client.get(offered).content.decode()
    client.post("/me/you/", form)
    house.mother.refresh_from_db()
    assert (house.mother.hand, house.mother.timezone) == ("left", "America/Denver")


def test_another_parents_form_is_never_shown(house: House, clock: Traveller) -> None:
    client = client_of(house.mother)
    clock.shift(timedelta(hours=2))
    client.post("/me/you/", {"hand": "left", "timezone": "America/Denver", **once()})
    held = Held.objects.get()

    assert client_of(house.father).get(f"/me/held/{held.id}/")["Location"] == "/me/"
