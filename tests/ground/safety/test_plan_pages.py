"""The pages of the safety plan: the record's, hers, and what a concern's task says of it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.models import Loss, Membership
from firstlight.ground.safety.models import SafetyPlan
from firstlight.ground.safety.services import raise_concern, write_safety_plan
from firstlight.ground.worklist.models import Task
from firstlight.ground.worklist.services import finish, open_task
from tests.cast import House
from tests.site.bare import bare_texts
from tests.support.pseudo import pseudo_locale
from tests.support.reading import words_of
from tests.support.signed_in import client_of

pytestmark = pytest.mark.django_db
WORDS = {"signs": "I stop answering my sister.", "home": "Ada keeps the tablets."}
CLINICIANS = ("prescriber", "nurse", "therapist")


def address(house: House, page: str = "") -> str:
    return f"/clinic/people/{house.mother.id}/safety-plan/{page}"


def plan_of(house: House, **more: Any) -> SafetyPlan:
    facts: dict[str, Any] = {"parent": house.mother, "steps": WORDS, "by": house.actor("nurse"), "at": timezone.now()}
    with scope(clinic=house.clinic.id):
        return write_safety_plan(**(facts | more))


def concern_of(house: House) -> Task:
    with scope(clinic=house.clinic.id):
        return raise_concern(
            parent=house.mother, level="L2", source="screening:x", asked="x:1", strength=1, reason="She said so.",
            by=house.actor("mother"), at=timezone.now(),
        ).task  # fmt: skip


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return words_of(answer.content.decode())


def send(client: Client, house: House, **fields: str) -> HttpResponse:
    sent: Any = client.post(address(house, "write/"), {"once": str(uuid4()), "expected": "0"} | fields)
    return sent


@pytest.mark.parametrize("who", CLINICIANS)
def test_clinician_writes_a_plan_that_the_parent_finds_under_help(house: House, who: str) -> None:
    client = client_of(getattr(house, who))
    assert "No safety plan yet" in text_of(client, address(house))

    sent = send(client, house, signs="I stop answering.\r\nI do not eat.", alone="")
    page, hers = text_of(client, sent["Location"]), text_of(client_of(house.mother), "/me/help/")

    assert sent.status_code == 303
    assert "Safety plan, version 1" in page
    assert getattr(house, who).public_name in page
    for shown in (page, hers):
        assert "What tells me that it is getting worse" in shown
        assert "I do not eat." in shown
        assert "What I can do by myself" not in shown
    assert "My plan" in hers
    assert f"Written with {getattr(house, who).public_name} on" in hers


def test_form_holds_what_stands_and_the_next_version_takes_its_place(house: House) -> None:
    plan_of(house)
    client = client_of(house.prescriber)
    assert "Ada keeps the tablets." in client.get(address(house, "write/")).content.decode()

    send(client, house, signs="I stop answering my sister.", home="Jonas keeps the tablets.", expected="1")
    page, hers = text_of(client, address(house)), text_of(client_of(house.mother), "/me/help/")

    assert "Safety plan, version 2" in page
    assert "Version 1, Ruth Calder" in page
    assert "Ada keeps the tablets." in page
    assert "Jonas keeps the tablets." in hers
    assert "Ada keeps the tablets." not in hers


def test_form_that_is_sent_twice_makes_one_version(house: House) -> None:
    client, form = client_of(house.nurse), {"once": str(uuid4()), "expected": "0", "alone": "A walk."}
    answers = [client.post(address(house, "write/"), form) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    with scope(clinic=house.clinic.id):
        assert SafetyPlan.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Nothing is written yet. Fill in at least one step."),
        ({"alone": "x" * 2_001}, "This step has 2,001 characters; it may have 2,000."),
    ],
)
def test_impossible_plan_is_refused_and_what_was_typed_stays(house: House, fields: dict[str, str], said: str) -> None:
    answer = send(client_of(house.nurse), house, **fields)
    page = answer.content.decode()

    assert answer.status_code == 422
    assert said in page
    assert fields.get("alone", "") in page


def test_plan_that_somebody_else_changed_meanwhile_is_shown_beside_what_was_typed(house: House) -> None:
    plan_of(house)
    answer = send(client_of(house.therapist), house, alone="A bath.", expected="0")
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "Ruth Calder wrote version 1 meanwhile." in page
    assert "A bath." in page
    assert "Ada keeps the tablets." in page
    assert 'name="expected" value="1"' in page


def test_hint_after_a_loss_speaks_of_no_child(house: House) -> None:
    client = client_of(house.nurse)
    assert "who takes the children" in text_of(client, address(house, "write/"))
    with scope(clinic=house.clinic.id):
        Loss.objects.create(
            clinic=house.clinic, family=house.mother.family, recorded_at=timezone.now(), recorded_by=house.nurse.account
        )

    assert "children" not in text_of(client, address(house, "write/"))


@pytest.mark.parametrize("page", ["", "write/"])
def test_plan_is_unknown_to_outsiders(house: House, other_house: House, page: str) -> None:
    plan_of(house)
    outsiders = [house.administrator, other_house.prescriber, other_house.nurse, other_house.administrator]
    for outsider in outsiders:
        client = client_of(outsider)
        assert client.get(address(house, page)).status_code == 404
        assert client.post(address(house, "write/"), {"alone": "A walk."}).status_code == 404
    with scope(clinic=house.clinic.id):
        assert SafetyPlan.objects.count() == 1


@pytest.mark.parametrize("page", ["", "write/"])
def test_parents_do_not_reach_the_record(house: House, page: str) -> None:
    for parent in (house.mother, house.father):
        assert "/sign-in/" in client_of(parent).get(address(house, page))["Location"]


def test_clinician_whose_right_was_taken_finds_no_plan(house: House) -> None:
    plan_of(house)
    with scope(clinic=house.clinic.id):
        Membership.objects.filter(id=house.nurse.id).update(denied=["answers.read"])
        task = concern_of(house)
    client, link = client_of(house.nurse), f'href="{address(house)}"'

    assert client.get(address(house)).status_code == 404
    assert link not in client.get(f"/clinic/tasks/{task.id}/").content.decode()
    assert link not in client.get(f"/clinic/people/{house.mother.id}/").content.decode()
    assert link in client_of(house.therapist).get(f"/clinic/people/{house.mother.id}/").content.decode()


def test_plan_is_hers_alone(house: House, other_house: House) -> None:
    plan_of(house)
    for other in (house.father, other_house.mother):
        page = text_of(client_of(other), "/me/help/")
        assert "My plan" not in page
        assert "sister" not in page


def test_help_without_a_plan_speaks_of_none(house: House) -> None:
    assert "My plan" not in text_of(client_of(house.mother), "/me/help/")


def test_public_help_knows_no_plan_also_for_somebody_who_is_signed_in(house: House) -> None:
    plan_of(house)
    for client in (Client(), client_of(house.mother)):
        page = text_of(client, "/help/")
        assert "My plan" not in page
        assert "sister" not in page


def test_title_of_her_page_stays_neutral(house: House) -> None:
    plan_of(house)

    assert "<title>Help</title>" in client_of(house.mother).get("/me/help/").content.decode()


def test_reading_a_plan_is_in_the_audit(house: House) -> None:
    plan_of(house)
    client_of(house.nurse).get(address(house))
    client_of(house.mother).get("/me/help/")

    read = AuditEvent.objects.filter(action="read.safety_plan", parent_id=house.mother.id)
    assert [event.role for event in read.order_by("sequence")] == ["nurse", "parent"]


def test_task_of_a_concern_says_that_there_is_no_plan_and_then_since_when(house: House) -> None:
    task = concern_of(house)
    client = client_of(house.nurse)
    before = text_of(client, f"/clinic/tasks/{task.id}/")
    plan_of(house)
    after = client.get(f"/clinic/tasks/{task.id}/").content.decode()

    assert "Safety plan None is written yet." in before
    assert "Version 1, since" in words_of(after)
    assert f'href="{address(house)}"' in after


def test_task_says_that_the_same_answer_stood_before_the_plan(house: House) -> None:
    first = concern_of(house)
    plan_of(house)
    with scope(clinic=house.clinic.id):
        finish(task=first, by=house.actor("prescriber"), at=timezone.now(), outcome="We talked.")
    second = concern_of(house)
    client = client_of(house.nurse)

    assert "The same answer stood before it was written." in text_of(client, f"/clinic/tasks/{second.id}/")
    assert "The same answer stood before" not in text_of(client, f"/clinic/tasks/{first.id}/")


def test_other_tasks_say_nothing_of_a_plan(house: House) -> None:
    plan_of(house)
    now = timezone.now()
    with scope(clinic=house.clinic.id):
        task = open_task(
            clinic_id=house.clinic.id, parent=house.mother, kind="call", title="Call Maya back", reason="She asked.",
            role="nurse", acknowledge_by=now + timedelta(hours=1), urgency="today", by=house.actor("nurse"), at=now,
        )  # fmt: skip

    assert "Version 1, since" not in text_of(client_of(house.nurse), f"/clinic/tasks/{task.id}/")


def test_administrator_who_sees_a_concern_passed_on_reads_nothing_of_the_plan(house: House) -> None:
    plan_of(house)
    task = concern_of(house)
    with scope(clinic=house.clinic.id):
        Task.objects.filter(id=task.id).update(for_everyone=True)
    page = text_of(client_of(house.administrator), f"/clinic/tasks/{task.id}/")

    assert "A task about a person in care" in page
    assert "Version 1" not in page


def test_pages_cost_few_queries(house: House, django_assert_max_num_queries: Any) -> None:
    for number in range(6):
        plan_of(house, steps={"alone": f"Walk {number}."})
    task = concern_of(house)
    nurse, maya = client_of(house.nurse), client_of(house.mother)
    for client, path in (
        (nurse, address(house)),
        (nurse, address(house, "write/")),
        (nurse, f"/clinic/tasks/{task.id}/"),
        (maya, "/me/help/"),
    ):
        with django_assert_max_num_queries(20):
            client.get(path)


def test_no_word_is_unmarked(house: House) -> None:
    client, maya = client_of(house.nurse), client_of(house.mother)
    with pseudo_locale():
        bare = bare_texts(client.get(address(house)).content.decode())
        plan_of(house)
        plan_of(house, steps={"alone": "A walk."})
        task = concern_of(house)
        for page in (address(house), address(house, "write/"), f"/clinic/tasks/{task.id}/"):
            bare += bare_texts(client.get(page).content.decode())
        bare += bare_texts(maya.get("/me/help/").content.decode())

    assert bare == []
