"""Who clears a concern: a prescriber what is high risk, a clinician the rest. Anybody with tasks takes it and notes."""

from typing import Any
from uuid import uuid4

import pytest
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django_scopes import scope

from firstlight.ground.people.errors import Refused
from firstlight.ground.safety.ladder import ladder
from firstlight.ground.safety.selectors import open_concern
from firstlight.ground.safety.services import raise_concern
from firstlight.ground.worklist.models import Task, TaskEvent
from firstlight.ground.worklist.services import acknowledge, finish, hand_over, note_on
from tests.cast import NOW, House
from tests.support.signed_in import client_of

STAFF = ("prescriber", "nurse", "therapist", "administrator")
CLEARS = {
    "L1": ("prescriber", "nurse", "therapist"),
    "L2": ("prescriber", "nurse", "therapist"),
    "L3": ("prescriber",),
    "L4": ("prescriber",),
}


def concern(house: House, level: str, source: str = "phq-9", at: Any = NOW) -> Task:
    with scope(clinic=house.clinic.id):
        return raise_concern(
            parent=house.mother, level=level, source=source, reason="Item 9: 2", by=house.actor("mother"), at=at
        ).task


def test_ladder_says_who_clears_each_level() -> None:
    assert {key: level.cleared_by for key, level in ladder().levels.items()} == CLEARS


@pytest.mark.parametrize("role", STAFF)
@pytest.mark.parametrize("level", CLEARS)
def test_concern_is_cleared_by_the_roles_of_its_level_and_by_nobody_else(house: House, level: str, role: str) -> None:
    task = concern(house, level)
    with scope(clinic=house.clinic.id):
        if role in CLEARS[level]:
            finish(task=task, by=house.actor(role), at=NOW, outcome="Talked, with a plan.")
            assert open_concern(house.mother.id) is None
        else:
            with pytest.raises(Refused, match="To be cleared by: Prescriber"):
                finish(task=task, by=house.actor(role), at=NOW, outcome="She is fine.")
            assert open_concern(house.mother.id) is not None


def test_nurse_takes_a_high_risk_notes_what_she_found_and_hands_it_to_the_prescriber(house: House) -> None:
    task = concern(house, "L3")
    with scope(clinic=house.clinic.id):
        acknowledge(task=task, by=house.actor("nurse"), at=NOW)
        note_on(task=task, note="She is with me.", by=house.actor("nurse"), at=NOW)
        hand_over(task=task, to=house.prescriber, by=house.actor("nurse"), at=NOW)
        finish(task=task, by=house.actor("prescriber"), at=NOW, outcome="Assessed.")

        kinds = list(TaskEvent.objects.filter(task=task).values_list("kind", flat=True))
    assert kinds == ["opened", "paged", "acknowledged", "noted", "handed-over", "paged", "finished"]


def test_concern_that_grows_to_high_risk_is_the_prescribers_to_clear_and_stays_so(house: House) -> None:
    concern(house, "L2")
    concern(house, "L3", source="asq")
    task = concern(house, "L2", source="check-in")

    with scope(clinic=house.clinic.id), pytest.raises(Refused):
        finish(task=task, by=house.actor("nurse"), at=NOW, outcome="Talked.")


def test_prescriber_who_may_have_no_tasks_clears_nothing(house: House) -> None:
    house.prescriber.denied = ["tasks"]
    house.prescriber.save()
    task = concern(house, "L3")

    with scope(clinic=house.clinic.id), pytest.raises(Refused):
        finish(task=task, by=house.actor("prescriber"), at=NOW, outcome="Assessed.")


def test_outsider_prescriber_does_not_reach_the_task(house: House, other_house: House) -> None:
    task = concern(house, "L3", at=timezone.now())
    answer = client_of(other_house.prescriber).post(f"/clinic/tasks/{task.id}/finish/", {"outcome": "Cleared."})

    assert answer.status_code == 404


def test_page_offers_a_nurse_no_finishing_and_says_who_clears_it(house: House) -> None:
    task, client = concern(house, "L4", at=timezone.now()), client_of(house.nurse)
    page = client.get(f"/clinic/tasks/{task.id}/").content.decode()
    answer = client.post(f"/clinic/tasks/{task.id}/finish/", {"outcome": "She is fine.", "once": str(uuid4())})

    assert "Finish the task" not in page
    assert "Amara Okafor, Psychiatrist" in page
    assert "Who clears it" in page
    assert 'href="tel:+15185550142"' in page
    assert "Take this task" in page
    assert answer.status_code == 422
    assert "To be cleared by: Prescriber." in answer.content.decode()
    assert "Finish the task" in client_of(house.prescriber).get(f"/clinic/tasks/{task.id}/").content.decode()


def test_note_is_written_on_the_page_and_stands_in_what_happened(
    house: House, django_assert_max_num_queries: Any
) -> None:
    task, client = concern(house, "L3", at=timezone.now()), client_of(house.nurse)
    address = f"/clinic/tasks/{task.id}/"
    answer = client.post(f"{address}note/", {"words": "She is with me now.", "once": str(uuid4())})
    empty = client.post(f"{address}note/", {"words": " "})

    assert (answer.status_code, answer["Location"]) == (303, address)
    assert empty.status_code == 422
    assert "Write the note." in empty.content.decode()
    with django_assert_max_num_queries(20):
        assert "She is with me now." in client.get(address).content.decode()


def test_administrator_writes_no_note_on_what_she_may_not_read(house: House) -> None:
    task = concern(house, "L3", at=timezone.now())
    with scope(clinic=house.clinic.id):
        Task.objects.filter(id=task.id).update(for_everyone=True)
    client = client_of(house.administrator)

    assert "Keep the note" not in client.get(f"/clinic/tasks/{task.id}/").content.decode()
    assert client.post(f"/clinic/tasks/{task.id}/note/", {"words": "Hello."}).status_code == 404


def test_open_concern_of_before_gets_those_who_clear_it(house: House) -> None:
    high, today = concern(house, "L3"), None
    with scope(clinic=house.clinic.id):
        today = raise_concern(
            parent=house.father, level="L2", source="phq-9", reason="Item 9: 1", by=house.actor("father"), at=NOW
        ).task
        Task.objects.update(cleared_by=[])
    from django.apps import apps
    from django.db import connection

    migration = MigrationExecutor(connection).loader.get_migration("worklist", "0003_who_may_finish")
    migration.operations[1].code(apps, connection.schema_editor())
    with scope(clinic=house.clinic.id):
        kept = {task.id: task.cleared_by for task in Task.objects.all()}
    assert kept == {high.id: ["prescriber"], today.id: ["prescriber", "nurse", "therapist"]}
