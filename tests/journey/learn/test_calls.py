"""Somebody without an account asks for a call: logged once, owned by a task with a clock, and told honestly by when."""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.models import Episode, Parent, Submission
from firstlight.ground.people.services import contact, log_enquiry
from firstlight.ground.safety.services import add_slot
from firstlight.ground.worklist.models import Task
from firstlight.ground.worklist.services import set_delivery_address, tick
from firstlight.journey.learn.models import Asking
from firstlight.journey.learn.services import TooOften, ask_for_call, sweep
from firstlight.journey.learn.services.calls import AT_MOST
from tests.cast import NOW, House
from tests.journey.learn.visiting import once_of, page
from tests.support.signed_in import client_of

ZONE = ZoneInfo("America/New_York")
MONDAY_TEN = datetime(2026, 11, 23, 10, 0, tzinfo=ZONE)
FRIDAY_NIGHT = datetime(2026, 11, 27, 22, 0, tzinfo=ZONE)
ADA = {"name": "Ada Miller", "phone": "+1 518 555 0177", "best_time": "after nine at night", "relation": "father"}


def send(**fields: str) -> HttpResponse:
    """Fill in the form as it came, and send it."""
    visitor = Client()
    key = once_of(visitor.get("/call/").content.decode())
    answer: HttpResponse = visitor.post("/call/", {"once": key, **fields})  # type: ignore[assignment]  # the test client's own class
    return answer


def asked(house: House, *, at: datetime = NOW, address: str = "203.0.113.7", **fields: str) -> Episode:
    by = Actor(role="anyone", clinic_id=house.clinic.id)
    return ask_for_call(clinic=house.clinic, **(ADA | fields), address=address, by=by, at=at)


def tasks(house: House) -> list[Task]:
    with scope(clinic=house.clinic.id):
        return list(Task.objects.filter(kind="call").order_by("opened_at"))


@pytest.fixture
def rostered(house: House) -> House:
    """Ruth answers on weekdays from 9 to 17, and today's test message went out."""
    before, by = MONDAY_TEN - timedelta(days=30), house.actor("administrator")
    with scope(clinic=house.clinic.id):
        set_delivery_address(clinic=house.clinic, address="desk@harbour.example", by=by, at=before)
        for weekday in range(5):
            add_slot(member=house.nurse, weekday=weekday, starts=time(9), ends=time(17), by=by, at=before)
    return house


def test_request_is_logged_and_opens_a_task_in_one_go(house: House) -> None:
    answer = send(**ADA, concern="I am so tired.")

    assert (answer.status_code, answer["Location"]) == (303, "/call/thanks/")
    with scope(clinic=house.clinic.id):
        episode = Episode.objects.select_related("parent").get(source="self")
        parent = episode.parent
        task = Task.objects.get(kind="call")
        chain = set(AuditEvent.objects.filter(action="episode.logged").values_list("chain", flat=True))
        assert (parent.name, parent.phone, parent.relation) == ("Ada Miller", "+1 518 555 0177", "father")
        assert (episode.concern, episode.best_time, episode.state) == (
            "I am so tired.",
            "after nine at night",
            "logged",
        )
        assert (task.link_name, task.link_id) == ("people:enquiry", str(episode.id))
        assert "after nine at night" in task.reason
    assert chain == {str(house.clinic.id)}


def test_failing_task_leaves_no_request_behind(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_facts: object) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr("firstlight.journey.learn.services.calls.open_task", fail)

    with pytest.raises(RuntimeError, match="planted"):
        asked(house)

    with scope(clinic=house.clinic.id):
        assert not Episode.objects.filter(source="self").exists()
    assert not Asking.objects.exists()


def test_thanks_page_knows_nothing_of_who_asked(house: House) -> None:
    answer = send(**ADA, concern="I am so tired.")
    html = page(answer["Location"])

    assert "?" not in answer["Location"]
    assert not [known for known in ("Ada", "0177", "nine at night", "tired") if known in html]
    assert "988" in html


def test_page_says_that_nobody_is_watching_when_nobody_is(house: House) -> None:
    for address in ("/call/", "/call/thanks/"):
        html = page(address)
        assert "Nobody is watching for requests now." in html
        assert "call +1 518 555 0100" in html
        assert "is read" not in html


@pytest.mark.parametrize(
    ("at", "promised"), [(MONDAY_TEN, "is read today by 11:00."), (FRIDAY_NIGHT, "is read on Monday by 10:00.")]
)
def test_page_names_the_time_and_the_task_keeps_it(rostered: House, at: datetime, promised: str) -> None:
    with time_machine.travel(at, tick=False):
        tick(at)
        html = page("/call/")
        thanks = page(send(**ADA)["Location"])

    task = tasks(rostered)[0]
    assert promised in html
    assert promised in thanks
    assert not [said for said in ("Your nurse", "Your prescriber", "reads this") if said in thanks]
    assert f"{task.acknowledge_by.astimezone(ZONE):%H:%M}" in promised
    assert (task.role, task.urgency) == ("nurse", "today")


def test_request_that_nobody_watches_for_goes_to_the_administrator_within_a_day(house: House) -> None:
    asked(house)

    task = tasks(house)[0]
    assert (task.role, task.urgency, task.acknowledge_by) == ("administrator", "routine", NOW + timedelta(days=1))


def test_noting_the_call_finishes_the_task(house: House) -> None:
    episode = asked(house)

    with scope(clinic=house.clinic.id):
        contact(episode=episode, by=house.actor("nurse"), at=NOW + timedelta(hours=1))

    task = tasks(house)[0]
    assert task.finished_at == NOW + timedelta(hours=1)


def test_call_that_staff_logged_opens_no_task_and_a_referral_does(house: House) -> None:
    for source in ("call", "referral"):
        log_enquiry(
            clinic_id=house.clinic.id,
            name="Bo Lind",
            phone="518 555 0101",
            source=source,
            by=house.actor("nurse"),
            at=NOW,
        )

    assert [task.title for task in tasks(house)] == ["Call back: referral"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": ""}, "Write a name, so that we know whom to ask for."),
        ({"phone": ""}, "Write a telephone number or an email address"),
        ({"phone": "call me"}, "This is not a telephone number."),
        ({"phone": "", "email": "ada@"}, "This is not an email address."),
        ({"name": "A" * 121}, "at most 120 characters"),
        ({"concern": "x" * 100_000}, "at most 4000 characters"),
        ({"best_time": "x" * 61}, "at most 60 characters"),
        ({"relation": "landlord"}, "landlord is not one of the available choices"),
    ],
)
def test_wrong_field_is_named_and_nothing_typed_is_lost(house: House, fields: dict[str, str], said: str) -> None:
    answer = send(**(ADA | fields))
    html = answer.content.decode()

    assert answer.status_code == 422
    assert said in html
    assert "after nine at night" in html or "best_time" in fields
    assert tasks(house) == []


def test_form_without_its_key_is_not_taken(house: House) -> None:
    answer = Client().post("/call/", ADA)

    assert answer.status_code == 422
    assert "This page was too old." in answer.content.decode()
    assert tasks(house) == []


def test_form_sent_twice_is_one_request(house: House) -> None:
    visitor = Client()
    key = once_of(visitor.get("/call/").content.decode())

    answers = [visitor.post("/call/", ADA | {"once": key}) for _time in range(3)]

    assert {(one.status_code, one["Location"]) for one in answers} == {(303, "/call/thanks/")}
    assert len(tasks(house)) == 1
    assert Asking.objects.count() == 1


@pytest.mark.parametrize("headers", [{"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_form_of_another_site_is_refused(house: House, headers: dict[str, str]) -> None:
    visitor = Client(headers=headers)
    key = once_of(page("/call/"))

    assert visitor.post("/call/", ADA | {"once": key}).status_code == 403
    assert tasks(house) == []


def test_sixth_request_of_one_address_within_an_hour_is_refused(house: House) -> None:
    with time_machine.travel(NOW, tick=False):
        answers = [send(**ADA) for _time in range(AT_MOST + 1)]

    assert [answer.status_code for answer in answers] == [303] * AT_MOST + [429]
    refused = answers[-1].content.decode()
    assert "This connection has asked 5 times within an hour." in refused
    assert "Ada Miller" in refused
    assert len(tasks(house)) == AT_MOST


def test_limit_is_for_one_address_and_for_an_hour(house: House) -> None:
    for minutes in range(AT_MOST):
        asked(house, at=NOW + timedelta(minutes=minutes))

    with pytest.raises(TooOften):
        asked(house, at=NOW + timedelta(minutes=59))
    asked(house, at=NOW + timedelta(minutes=59), address="203.0.113.8")
    asked(house, at=NOW + timedelta(minutes=61))


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2001:db8:1:2::a", "2001:db8:1:2:ffff::b", True),  # one household
        ("2001:db8:1:2::a", "2001:db8:1:3::a", False),
        ("203.0.113.7", "203.0.113.70", False),
    ],
)
def test_household_counts_as_one_address(house: House, first: str, second: str, same: bool) -> None:
    for address in (first, second):
        asked(house, address=address)

    assert (Asking.objects.values("digest").distinct().count() == 1) == same


def test_address_is_kept_as_a_keyed_digest_and_only_for_an_hour(house: House) -> None:
    asked(house)
    kept = Asking.objects.get()

    assert re.fullmatch(r"[0-9a-f]{64}", kept.digest)
    sweep(NOW + timedelta(minutes=59))
    assert Asking.objects.exists()
    sweep(NOW + timedelta(minutes=60))
    assert not Asking.objects.exists()


@pytest.mark.parametrize("reader", ["nurse", "administrator", "prescriber"])
def test_pasted_script_reaches_staff_as_text(house: House, reader: str) -> None:
    script = '<script>alert("x")</script>'
    with time_machine.travel(NOW, tick=False):
        send(**(ADA | {"name": f"Ada {script}", "concern": script, "best_time": script}))
        with scope(clinic=house.clinic.id):
            episode = Episode.objects.get(source="self")
        client = client_of(getattr(house, reader))
        seen = [
            client.get(address).content.decode()
            for address in (
                reverse("people:enquiry", args=[episode.id]),
                reverse("people:enquiries"),
                reverse("worklist:task", args=[tasks(house)[0].id]),
            )
        ]

    assert all("<script>alert" not in html for html in seen)
    assert "&lt;script&gt;alert" in seen[0]


def test_request_is_sealed_and_its_form_is_not_kept(house: House) -> None:
    send(**ADA, concern="I am so tired.")

    submission = Submission.objects.get()
    assert "tired" not in str(submission.__dict__)
    with scope(clinic=house.clinic.id):
        raw = Parent.objects.filter(relation="father").exclude(id=house.father.id).values_list("id", flat=True)
        assert len(raw) == 1


def test_caller_who_leaves_open_what_she_is_to_the_child_is_not_written_down_as_something_else(house: House) -> None:
    send(name="Ada Miller", phone="+1 518 555 0177")
    with scope(clinic=house.clinic.id):
        ada = next(parent for parent in Parent.objects.all() if parent.name == "Ada Miller")
        assert (ada.relation, ada.get_relation_display()) == ("unknown", "Not said")


def test_call_without_a_clinic_is_no_page(db: None) -> None:
    assert Client().post("/call/", ADA).status_code == 404
    assert "This clinic is not open yet" in page("/call/")
