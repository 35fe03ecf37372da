"""A concern for today is finished: one dated task to call the parent again, and no more after that."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from django_scopes import scope

from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import EpisodeState
from firstlight.ground.people.permissions import Role
from firstlight.ground.safety.following import CONTACT
from firstlight.ground.safety.ladder import ladder
from firstlight.ground.safety.services import Lowered, contact_again, lower_concerns, raise_concern
from firstlight.ground.worklist.models import OutboxMessage, Task, TaskEvent
from firstlight.ground.worklist.services import acknowledge, finish, note_on, open_task, tick
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
    assert call.not_before_at == datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
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


def second(house: House, hours: int) -> Task:
    """Raise another concern and finish it so many hours after the first was finished."""
    at = NOW + HOUR + hours * HOUR
    task = raise_concern(
        parent=house.mother, level="L2", source="screening:pbq-harm", reason="Item 18: 1", asked="pbq:q18", strength=1,
        by=house.actor("mother"), at=at - HOUR / 2,
    ).task  # fmt: skip
    return finished(house, task, at)


def test_second_concern_finished_before_the_call_may_be_made_joins_it_between_the_hours_of_both(house: House) -> None:
    first = finished(house, concern(house))
    again = second(house, 10)
    [call] = contacts()

    assert call.link_id == str(first.id)
    assert call.not_before_at == NOW + 35 * HOUR  # 24 hours after the second
    assert call.acknowledge_by == NOW + 73 * HOUR  # 72 hours after the first
    assert ("Item 9: 1" in call.reason, "Item 18: 1" in call.reason) == (True, True)
    joined = TaskEvent.objects.get(task=call, kind="joined")
    assert joined.detail["after"] == str(again.id)
    assert joined.note == (
        "One more concern was finished: this call does for both."
        " It said before: from Tue 24 Nov 2026, 10:00 to Thu 26 Nov 2026, 10:00."
    )
    assert joined.detail["before"]["not_before_at"] == (NOW + 25 * HOUR).isoformat()
    assert AuditEvent.objects.filter(action="task.joined", about_id=str(call.id)).count() == 1
    assert contact_again(task=again, by=house.actor("nurse"), at=NOW + 12 * HOUR) == call
    assert TaskEvent.objects.filter(task=call, kind="joined").count() == 1


def test_concern_finished_when_the_call_may_be_made_was_a_contact_so_that_its_own_hours_count(house: House) -> None:
    finished(house, concern(house))
    second(house, 60)
    [call] = contacts()

    assert (call.not_before_at, call.acknowledge_by) == (NOW + 85 * HOUR, NOW + 133 * HOUR)


def test_joined_call_is_paged_at_its_new_time_only(house: House) -> None:
    finished(house, concern(house))
    second(house, 10)
    before = OutboxMessage.objects.count()
    tick(NOW + 25 * HOUR)
    assert OutboxMessage.objects.count() == before

    tick(NOW + 35 * HOUR)
    assert OutboxMessage.objects.filter(task=contacts()[0], made_at=NOW + 35 * HOUR).exists()


def test_call_that_somebody_took_stays_hers_when_another_concern_joins(house: House) -> None:
    finished(house, concern(house))
    acknowledge(task=contacts()[0], by=house.actor("nurse"), at=NOW + 2 * HOUR)
    second(house, 10)
    tick(NOW + 40 * HOUR)
    [call] = contacts()

    assert (call.owner_id, call.not_before_at) == (house.nurse.id, NOW + 35 * HOUR)
    assert not OutboxMessage.objects.filter(task=call).exists()


def test_concern_after_a_finished_call_opens_its_own(house: House) -> None:
    finished(house, concern(house))
    finish(task=contacts()[0], by=house.actor("nurse"), at=NOW + 30 * HOUR, outcome="She is well.")
    second(house, 60)

    assert len(contacts()) == 2


def test_call_of_another_parent_is_not_joined(house: House) -> None:
    finished(house, concern(house))
    other = raise_concern(
        parent=house.father, level="L2", source="phq-9", reason="Item 9: 1", by=house.actor("father"), at=NOW
    )
    finished(house, other.task)

    assert {call.parent_id for call in contacts()} == {house.mother.id, house.father.id}


def test_call_made_too_early_is_a_note_and_finished_only_with_a_reason(house: House) -> None:
    finished(house, concern(house))
    [call] = contacts()
    nurse, early = house.actor("nurse"), NOW + 20 * HOUR
    with pytest.raises(Refused, match="Say why it is finished before its time"):
        finish(task=call, by=nurse, at=early, outcome="Talked.", early_because=" ")
    note_on(task=call, note="Talked, she is well.", by=nurse, at=early)
    finish(task=call, by=nurse, at=early, outcome="Talked.", early_because="She is in hospital now.")

    last = TaskEvent.objects.filter(task=call).last()
    assert last is not None
    assert (last.kind, last.note) == ("finished", "Before its time: She is in hospital now.")
    assert AuditEvent.objects.get(action="task.finished", about_id=str(call.id)).detail == {"early": True}


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


def test_page_of_the_call_says_not_before_and_asks_why_earlier(house: House) -> None:
    now = timezone.now()
    finished(house, concern(house, at=now), now)
    again = raise_concern(
        parent=house.mother, level="L2", source="screening:pbq-harm", reason="Item 18: 1", by=house.actor("mother"), at=now
    ).task  # fmt: skip
    finished(house, again, now)
    [call] = contacts()
    nurse, address = client_of(house.nurse), f"/clinic/tasks/{call.id}/"
    page = nurse.get(address).content.decode()
    assert "Not before" in page
    assert "Why before its time" in page
    assert f"/clinic/tasks/{again.id}/" in page
    assert "not before" in nurse.get("/clinic/tasks/").content.decode()

    refused = nurse.post(f"{address}finish/", {"outcome": "Talked.", "early_because": "", "once": str(uuid4())})
    assert refused.status_code == 422
    assert "Say why it is finished before its time." in refused.content.decode()
    form = {"outcome": "Talked.", "early_because": "She called herself.", "once": str(uuid4())}
    assert nurse.post(f"{address}finish/", form).status_code == 303
    assert "Before its time: She called herself." in nurse.get(address).content.decode()
