"""A concern for today is finished: one dated task to call the parent again, and no more after that."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django_scopes import scope

from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.models import EpisodeState
from firstlight.ground.people.permissions import Role
from firstlight.ground.safety.following import CONTACT
from firstlight.ground.safety.ladder import ladder
from firstlight.ground.safety.services import Lowered, contact_again, lower_concerns, raise_concern
from firstlight.ground.worklist.models import OutboxMessage, Task
from firstlight.ground.worklist.services import acknowledge, finish, open_task, tick
from tests.cast import NOW, House
from tests.support.signed_in import client_of

HOUR = timedelta(hours=1)
SAID_IN = uuid4()


@pytest.fixture(autouse=True)
def inside(house: House) -> Any:
    with scope(clinic=house.clinic.id):
        yield


def concern(house: House, level: str = "L2", *, source: str = "phq-9", at: datetime = NOW) -> Task:
    return raise_concern(
        parent=house.mother, level=level, source=source, reason="Item 9: 1", asked="phq-9:q9", strength=1, said_in=SAID_IN,
        by=house.actor("mother"), at=at,
    ).task  # fmt: skip


def finished(house: House, task: Task, at: datetime = NOW + HOUR) -> Task:
    return finish(task=task, by=house.actor("prescriber"), at=at, outcome="Talked, with a plan.")


def contacts() -> list[Task]:
    return list(Task.objects.filter(kind=CONTACT))


def test_hours_are_those_of_the_reference() -> None:
    # clinical-facts section 5, escalation ladder (ours): L2 contact 24-72 h; no other level names one
    contact = ladder().levels["L2"].contact_again

    assert contact is not None
    assert (contact.not_before_hours, contact.due_hours) == (24, 72)
    assert {key for key, level in ladder().levels.items() if level.contact_again} == {"L2"}


def test_finished_concern_for_today_opens_one_dated_task(house: House) -> None:
    task = concern(house)
    finished(house, task, datetime(2026, 11, 23, 15, 0, tzinfo=UTC))
    [call] = contacts()

    assert call.acknowledge_by == datetime(2026, 11, 26, 15, 0, tzinfo=UTC)
    assert (call.parent_id, call.role, call.urgency, call.owner) == (house.mother.id, Role.NURSE, "routine", None)
    assert call.cleared_by == ["prescriber", "nurse", "therapist"]
    assert (call.link_name, call.link_id) == ("worklist:task", str(task.id))
    # 15:00 in UTC is 10:00 in New York
    assert call.title == "Safety: call again by Thu 26 Nov 2026, 10:00"
    assert call.reason.startswith("Not before Tue 24 Nov 2026, 10:00.")
    assert AuditEvent.objects.filter(action="task.opened", about_id=str(call.id)).count() == 1


def test_call_is_paged_when_it_may_be_made_and_not_before(house: House) -> None:
    finished(house, concern(house))
    before = OutboxMessage.objects.count()
    tick(NOW + 24 * HOUR)
    [call] = contacts()

    assert OutboxMessage.objects.count() == before
    tick(NOW + 25 * HOUR)
    assert OutboxMessage.objects.filter(task=call, made_at=NOW + 25 * HOUR).exists()


def test_call_that_nobody_made_is_passed_on(house: House) -> None:
    finished(house, concern(house))
    tick(NOW + 25 * HOUR)
    tick(NOW + 74 * HOUR)

    [call] = contacts()
    assert (call.for_everyone, call.finished_at) == (True, None)


def test_finished_call_ends_it(house: House) -> None:
    finished(house, concern(house))
    [call] = contacts()
    acknowledge(task=call, by=house.actor("nurse"), at=NOW + 30 * HOUR)
    finish(task=call, by=house.actor("nurse"), at=NOW + 30 * HOUR, outcome="She is well.")
    tick(NOW + 200 * HOUR)

    assert [one.id for one in contacts()] == [call.id]
    assert contact_again(task=Task.objects.get(id=call.id), by=house.actor("nurse"), at=NOW + 31 * HOUR) is None


def test_same_finished_concern_opens_it_once(house: House) -> None:
    task = finished(house, concern(house))
    again = contact_again(task=task, by=house.actor("nurse"), at=NOW + 5 * HOUR)

    assert contacts() == [again]


@pytest.mark.parametrize("level", ["L1", "L3", "L4"])
def test_other_levels_open_none(house: House, level: str) -> None:
    finished(house, concern(house, level))

    assert contacts() == []


def test_higher_concern_in_the_same_task_takes_its_place(house: House) -> None:
    concern(house)
    finished(house, concern(house, "L3", source="asq"))

    assert contacts() == []


def test_concern_that_was_entered_wrongly_opens_none(house: House) -> None:
    task = concern(house)
    lowered = [Lowered("phq-9", "phq-9:q9", 0)]
    lower_concerns(
        parent=house.mother, said_in=[SAID_IN], lowered=lowered, reason="Wrong box.", by=house.actor("nurse"), at=NOW
    )
    finished(house, task)

    assert contacts() == []


@pytest.mark.parametrize("state", ["declined", "stopped", "transferred", "closed"])
def test_care_that_has_ended_opens_none(house: House, state: str) -> None:
    house.episode.state = EpisodeState(state)
    house.episode.save()
    finished(house, concern(house))

    assert contacts() == []


def test_other_tasks_open_none(house: House) -> None:
    task = open_task(
        clinic_id=house.clinic.id, parent=house.mother, kind="by-hand", title="Call", reason="", role=Role.NURSE,
        acknowledge_by=NOW + HOUR, urgency="today", by=house.actor("nurse"), at=NOW,
    )  # fmt: skip
    finished(house, task)

    assert contacts() == []


def test_page_of_the_call_leads_to_the_finished_concern_and_an_outsider_does_not_reach_it(
    house: House, other_house: House
) -> None:
    task = finished(house, concern(house))
    address = f"/clinic/tasks/{contacts()[0].id}/"

    assert f"/clinic/tasks/{task.id}/" in client_of(house.nurse).get(address).content.decode()
    assert client_of(other_house.nurse).get(address).status_code == 404
