"""The worklist's pages: what waits, taking it, handing it over, finishing it; a form sent twice, a form sent late."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.worklist.models import Task, TaskEvent
from firstlight.ground.worklist.services import acknowledge, open_task
from tests.cast import House
from tests.support.signed_in import client_of

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def task(house: House) -> Task:
    now = timezone.now()
    with scope(clinic=house.clinic.id):
        return open_task(
            clinic_id=house.clinic.id, parent=house.mother, kind="call", title="Call Maya back", reason="She asked.",
            role="nurse", acknowledge_by=now + timedelta(hours=1), urgency="today", by=house.actor("prescriber"), at=now,
        )  # fmt: skip


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def events(house: House, task: Task) -> list[str]:
    with scope(clinic=house.clinic.id):
        return list(TaskEvent.objects.filter(task=task).values_list("kind", flat=True))


def test_nurse_sees_what_waits_for_nurses(house: House, task: Task) -> None:
    page = text_of(client_of(house.nurse), "/clinic/tasks/")

    assert "Call Maya back" in page
    assert "Maya Lindqvist" in page
    assert "1 waits to be taken." in page


def test_first_page_says_whom_a_task_is_about(house: House, task: Task) -> None:
    page = text_of(client_of(house.nurse), "/clinic/")

    assert re.search(r"Call Maya back</strong>\s*<span[^>]*>Maya Lindqvist", page)


def test_urgent_task_has_a_word_and_a_shape_of_its_own_however_late_it_is(house: House, task: Task) -> None:
    """Routine lateness is a triangle; what must be taken now is an octagon and says so, also on the first page."""
    now = timezone.now()
    with scope(clinic=house.clinic.id):
        Task.objects.filter(id=task.id).update(acknowledge_by=now - timedelta(days=8), urgency="routine")
        open_task(
            clinic_id=house.clinic.id, parent=house.mother, kind="call", title="Danger now", reason="", role="prescriber",
            acknowledge_by=now - timedelta(minutes=5), urgency="now", by=house.actor("prescriber"), at=now - HOUR,
        )  # fmt: skip
    for address in ("/clinic/", "/clinic/tasks/"):
        page = text_of(client_of(house.nurse), address)
        urgent, routine = page.index("Danger now"), page.index("Call Maya back")
        assert urgent < routine
        assert re.search(r'state-stop">.*?Now, <time[^>]*>5 min late', page[urgent:routine], re.DOTALL)
        assert re.search(r'state-look">.*?8 days late', page[routine:], re.DOTALL)
    assert "1 task must be taken now." in text_of(client_of(house.nurse), "/clinic/")


def test_empty_list_says_when_it_was_checked(house: House) -> None:
    page = text_of(client_of(house.nurse), "/clinic/tasks/")

    assert "Nothing waits to be taken." in page
    assert "No tasks" in page
    assert re.search(r"Checked at \d\d:\d\d", page)


def test_administrator_reads_neither_name_nor_words_of_a_clinical_task(house: House, task: Task) -> None:
    with scope(clinic=house.clinic.id):
        Task.objects.filter(id=task.id).update(for_everyone=True)
    client = client_of(house.administrator)

    for address in ("/clinic/", "/clinic/tasks/", f"/clinic/tasks/{task.id}/"):
        page = text_of(client, address)
        assert "A task about a person in care" in page
        assert "Maya" not in page
        assert "She asked." not in page


@pytest.mark.parametrize("path", ["/clinic/tasks/{}/", "/clinic/tasks/{}/acknowledge/"])
def test_other_clinics_task_does_not_exist(task: Task, other_house: House, path: str) -> None:
    client = client_of(other_house.nurse)
    address = path.format(task.id)
    answer = client.post(address) if "acknowledge" in path else client.get(address)

    assert answer.status_code == 404
    assert "Maya" not in answer.content.decode()


def test_parent_does_not_reach_the_tasks(house: House, task: Task) -> None:
    assert client_of(house.mother).get("/clinic/tasks/").status_code == 302


def test_opening_the_list_writes_one_read_event(house: House, task: Task) -> None:
    client = client_of(house.nurse)
    before = AuditEvent.objects.filter(action="read.tasks").count()
    client.get("/clinic/tasks/")

    assert before + 1 == AuditEvent.objects.filter(action="read.tasks").count()


def test_task_is_taken_once_though_sent_twice(house: House, task: Task) -> None:
    client = client_of(house.nurse)
    form = {"once": str(uuid4())}
    answers = [client.post(f"/clinic/tasks/{task.id}/acknowledge/", form) for _ in range(2)]

    assert [(303, f"/clinic/tasks/{task.id}/")] * 2 == [(answer.status_code, answer["Location"]) for answer in answers]
    assert events(house, task) == ["opened", "acknowledged"]


def test_task_that_a_colleague_took_meanwhile_says_so(house: House, task: Task) -> None:
    with scope(clinic=house.clinic.id):
        acknowledge(task=task, by=house.actor("second_nurse"), at=timezone.now())
    answer = client_of(house.nurse).post(f"/clinic/tasks/{task.id}/acknowledge/", {"once": str(uuid4())})

    assert answer.status_code == 422
    assert "Tomas Reyes has taken this already." in answer.content.decode()


def test_task_is_finished_with_what_came_of_it(house: House, task: Task) -> None:
    client = client_of(house.nurse)
    client.post(f"/clinic/tasks/{task.id}/finish/", {"outcome": "Maya sleeps again.", "once": str(uuid4())})

    page = text_of(client, f"/clinic/tasks/{task.id}/")
    assert "Maya sleeps again." in page
    assert "Finish the task" not in page


@pytest.mark.parametrize(("typed", "said"), [("", "Write what came of it."), ("x" * 2001, "at most 2000 characters")])
def test_outcome_that_cannot_be_kept_is_refused_and_kept_in_the_form(
    house: House, task: Task, typed: str, said: str
) -> None:
    answer = client_of(house.nurse).post(f"/clinic/tasks/{task.id}/finish/", {"outcome": typed})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert typed in page
    assert events(house, task) == ["opened"]


def test_pasted_script_is_shown_as_text(house: House, task: Task) -> None:
    client = client_of(house.nurse)
    client.post(f"/clinic/tasks/{task.id}/finish/", {"outcome": "<script>alert(1)</script>"})

    assert "<script>alert" not in text_of(client, f"/clinic/tasks/{task.id}/")


def test_task_is_handed_to_a_colleague(house: House, task: Task) -> None:
    form = {"to": str(house.therapist.id), "note": "You know her.", "once": str(uuid4())}
    answer = client_of(house.nurse).post(f"/clinic/tasks/{task.id}/hand-over/", form)

    assert answer.status_code == 303
    assert "Call Maya back" in text_of(client_of(house.therapist), "/clinic/tasks/")
    assert events(house, task) == ["opened", "handed-over"]


def test_task_is_not_handed_to_a_stranger(house: House, task: Task, other_house: House) -> None:
    form = {"to": str(other_house.nurse.id)}

    assert client_of(house.nurse).post(f"/clinic/tasks/{task.id}/hand-over/", form).status_code == 422


def test_new_task_is_given_once_though_sent_twice(house: House) -> None:
    client = client_of(house.nurse)
    form = {"title": "Order gloves", "reason": "", "role": "administrator", "urgency": "today", "once": str(uuid4())}
    for _ in range(2):
        assert client.post("/clinic/tasks/new/", form).status_code == 303

    with scope(clinic=house.clinic.id):
        assert [task.title for task in Task.objects.all()] == ["Order gloves"]
    assert "Order gloves" in text_of(client_of(house.administrator), "/clinic/tasks/")


@pytest.mark.parametrize(
    "change", [{"title": ""}, {"title": "x" * 121}, {"role": "parent"}, {"urgency": "whenever"}, {"reason": "x" * 2001}]
)
def test_new_task_with_impossible_values_is_not_given(house: House, change: dict[str, Any]) -> None:
    form = {"title": "Order gloves", "reason": "", "role": "nurse", "urgency": "today"} | change
    answer = client_of(house.nurse).post("/clinic/tasks/new/", form)

    assert answer.status_code == 422
    with scope(clinic=house.clinic.id):
        assert not Task.objects.exists()


def test_new_task_about_a_parent_needs_the_right_to_read_her_record(house: House) -> None:
    address = f"/clinic/tasks/new/?about={house.mother.id}"

    assert "Maya Lindqvist" in text_of(client_of(house.nurse), address)
    assert client_of(house.administrator).get(address).status_code == 404
    assert client_of(house.nurse).get("/clinic/tasks/new/?about=nonsense").status_code == 404


def test_alarm_stands_above_everybodys_list(house: House) -> None:
    from firstlight.ground.audit.actors import Actor
    from firstlight.ground.worklist.services.alarms import alarm

    alarm(
        clinic_id=house.clinic.id, kind="message-failed", reason="x", by=Actor.system(house.clinic.id), at=timezone.now()
    )  # fmt: skip

    assert "Pages may reach nobody." in text_of(client_of(house.therapist), "/clinic/tasks/")


def test_list_of_many_tasks_costs_few_queries(house: House, django_assert_max_num_queries: Any) -> None:
    now = timezone.now()
    with scope(clinic=house.clinic.id):
        for number in range(30):
            open_task(
                clinic_id=house.clinic.id, parent=house.mother, kind="call", title=f"Call {number}", reason="",
                role="nurse", acknowledge_by=now, urgency="today", by=house.actor("prescriber"), at=now,
            )  # fmt: skip
    client = client_of(house.nurse)

    with django_assert_max_num_queries(20):
        client.get("/clinic/tasks/")
