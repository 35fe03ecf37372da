"""A concern is somebody's task from the first moment; the same again is noted, anything new or stronger pages again."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation
from django_scopes import scope

from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.permissions import Role
from firstlight.ground.safety.models import Concern
from firstlight.ground.safety.services import add_slot, raise_concern
from firstlight.ground.worklist import selectors
from firstlight.ground.worklist.models import OutboxMessage, Task, TaskEvent
from firstlight.ground.worklist.services import acknowledge, finish
from tests.cast import NOW, House
from tests.support.reading import words_of
from tests.support.signed_in import client_of

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def inside(house: House) -> Any:
    with scope(clinic=house.clinic.id):
        yield


def concern(house: House, level: str = "L3", source: str = "phq-9", reason: str = "Item 9: 2", **more: Any) -> Task:
    facts: dict[str, Any] = {"by": house.actor("mother"), "at": NOW} | more
    return raise_concern(parent=house.mother, level=level, source=source, reason=reason, **facts).task


def kinds(task: Task) -> list[str]:
    return list(TaskEvent.objects.filter(task=task).values_list("kind", flat=True))


def test_high_risk_is_the_prescribers_within_15_minutes(house: House) -> None:
    task = concern(house, "L3")

    assert (task.role, task.urgency, task.acknowledge_by) == (Role.PRESCRIBER, "now", NOW + 15 * MINUTE)
    assert task.title == "Safety: high risk, act now"
    assert "Item 9: 2" in task.reason
    assert task.escalates_at == NOW + 5 * MINUTE
    assert [task] == selectors.open_tasks(house.actor("prescriber"))
    assert OutboxMessage.objects.filter(task=task).exists()


def test_low_risk_counts_covered_hours_only(house: House) -> None:
    add_slot(
        member=house.nurse, weekday=1, starts=time(9), ends=time(17), by=house.actor("administrator"),
        at=NOW - timedelta(days=1),
    )  # fmt: skip
    task = concern(house, "L1")

    assert task.acknowledge_by == datetime(2026, 11, 24, 15, 0, tzinfo=NOW.tzinfo)  # Tuesday, 10:00 in New York
    assert not OutboxMessage.objects.exists()


def test_low_risk_without_a_roster_runs_at_once(house: House) -> None:
    assert concern(house, "L2").acknowledge_by == NOW + 60 * MINUTE


def test_same_concern_again_joins_the_open_task_and_pages_nobody(house: House) -> None:
    task = concern(house)
    pages = OutboxMessage.objects.count()

    assert task == concern(house, at=NOW + MINUTE)
    assert pages == OutboxMessage.objects.count()
    assert kinds(task) == ["opened", "paged", "joined"]
    assert Concern.objects.count() == 2


@pytest.mark.parametrize("change", [{"level": "L4"}, {"source": "asq"}, {"reason": "Item 9: 3"}])
def test_stronger_or_new_concern_pages_again_even_when_somebody_has_the_task(
    house: House, change: dict[str, str]
) -> None:
    task = concern(house)
    acknowledge(task=task, by=house.actor("prescriber"), at=NOW + MINUTE)
    pages = OutboxMessage.objects.count()

    again = concern(house, **change, at=NOW + 2 * MINUTE)

    assert again == task
    assert again.acknowledged_at is None
    assert OutboxMessage.objects.count() > pages
    assert kinds(task)[-2:] == ["raised", "paged"]


def test_weaker_concern_never_weakens_the_task(house: House) -> None:
    concern(house, "L4")

    task = concern(house, "L2", source="asq", at=NOW + MINUTE)

    assert task.title == "Safety: danger now, call"
    assert task.urgency == "now"


def test_weaker_concern_of_the_same_words_joins(house: House) -> None:
    task = concern(house, "L3")
    concern(house, "L2", at=NOW + MINUTE)

    assert kinds(task)[-1] == "joined"


def test_concern_after_the_task_was_finished_is_a_task_of_its_own(house: House) -> None:
    first = concern(house)
    finish(task=first, by=house.actor("prescriber"), at=NOW + MINUTE, outcome="We talked. She has a plan.")

    assert concern(house, at=NOW + 2 * MINUTE) != first


def test_two_parents_of_one_family_have_a_task_each(house: House) -> None:
    task = concern(house)
    other = raise_concern(
        parent=house.father, level="L3", source="phq-9", reason="Item 9: 2", by=house.actor("father"), at=NOW
    ).task

    assert task != other


def test_answer_and_task_stand_or_fall_together(house: House) -> None:
    with transaction.atomic():
        concern(house)
        transaction.set_rollback(True)

    assert not Task.objects.exists()
    assert not Concern.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_concern_is_in_the_audit_without_its_words(house: House) -> None:
    concern(house)

    event = AuditEvent.objects.get(action="concern.raised")
    assert event.parent_id == house.mother.id
    assert event.detail == {"level": "L3", "source": "phq-9"}


def test_concern_cannot_be_removed(house: House) -> None:
    concern(house)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Concern.objects.all().delete()


def test_unknown_level_is_an_error(house: House) -> None:
    with pytest.raises(KeyError):
        concern(house, "L5")


def test_concern_from_a_link_without_sign_in_reaches_the_clinic(house: House) -> None:
    from firstlight.ground.audit.actors import Actor

    task = concern(house, by=Actor.system(house.clinic.id))

    assert [task] == selectors.tasks_about(house.actor("prescriber"), house.mother.id)


def test_clinic_reads_the_task_in_its_own_language(house: House) -> None:
    with translation.override("es"):
        task = concern(house)

    assert task.title == "Safety: high risk, act now"


def test_task_says_what_to_do_about_each_concern_of_its_level(house: House) -> None:
    task = concern(house, "L2", "screening:side-effects-blood", "Blood in the urine")
    assert "blood in the urine, and the prescriber says" in task.reason
    assert "safety plan" not in task.reason

    raised = concern(house, "L2", "screening:phq-9-item-9", "Item 9", at=NOW + MINUTE)

    assert raised.id == task.id
    assert "blood in the urine, and the prescriber says" in raised.reason
    assert "goes through the safety plan" in raised.reason


def test_concern_that_is_more_beside_another_is_asked_about_by_the_words_of_its_level(house: House) -> None:
    assert "Call emergency services" in concern(house, "L4", "screening:pbq-harm", "Item 18").reason


def test_task_that_rests_on_several_answers_names_each_above_the_fold(house: House, other_house: House) -> None:
    task = concern(house, "L2", "screening:side-effects-blood", "Blood in the urine")
    address = f"/clinic/tasks/{task.id}/"
    assert words_of(client_of(house.nurse).get(address).content.decode()).count("Blood in the urine") == 1

    concern(house, "L3", "screening:c-ssrs-high", "Question 5: yes", at=NOW + MINUTE)
    concern(house, "L2", "screening:side-effects-blood", "Blood in the urine", at=NOW + 2 * MINUTE)
    page = words_of(client_of(house.nurse).get(address).content.decode())
    stands = page[: page.index("What happened")]

    assert stands.index("Safety: high risk, act now Question 5: yes") < stands.index(
        "Safety: contact today Blood in the urine"
    )
    assert client_of(other_house.nurse).get(address).status_code == 404
