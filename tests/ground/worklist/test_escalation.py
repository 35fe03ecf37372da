"""A task that nobody takes goes from person to person, at last to everybody, and every step is written down."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django_scopes import scope

from firstlight.ground.safety.services import add_slot
from firstlight.ground.worklist.models import OutboxMessage, Task, TaskEvent
from firstlight.ground.worklist.services import acknowledge, hand_over, open_task, tick
from tests.cast import NOW, House
from tests.support.reading import words_of
from tests.support.signed_in import client_of

MINUTE = timedelta(minutes=1)
MIDNIGHT = time(0, 0)


@pytest.fixture(autouse=True)
def inside(house: House) -> Any:
    with scope(clinic=house.clinic.id):
        yield


@pytest.fixture
def rostered(house: House) -> House:
    """Ruth answers first on Mondays, the prescriber second. NOW is a Monday."""
    for member, rank in ((house.nurse, 1), (house.prescriber, 2)):
        add_slot(
            member=member, weekday=0, starts=MIDNIGHT, ends=MIDNIGHT, rank=rank,
            by=house.actor("administrator"), at=NOW - timedelta(days=1),
        )  # fmt: skip
    return house


def alarm(house: House, **values: Any) -> Task:
    facts: dict[str, Any] = {
        "clinic_id": house.clinic.id, "kind": "call", "title": "Call", "reason": "", "role": "nurse",
        "acknowledge_by": NOW + 15 * MINUTE, "urgency": "now", "page_minutes": (5, 10),
        "by": house.actor("prescriber"), "at": NOW,
    }  # fmt: skip
    return open_task(**facts | values)


def paged(house: House, at: datetime) -> set[str]:
    """Return the names of those to whom a page was written at a moment."""
    people = {
        getattr(house, role).account.email: role
        for role in ("prescriber", "nurse", "second_nurse", "therapist", "administrator")
    }
    return {people[message.to] for message in OutboxMessage.objects.filter(made_at=at)}


def test_urgent_task_pages_who_is_first_on_the_roster(rostered: House) -> None:
    alarm(rostered)

    assert {"nurse"} == paged(rostered, NOW)


def test_owner_is_paged_before_the_roster(rostered: House) -> None:
    alarm(rostered, owner=rostered.second_nurse)
    assert {"second_nurse"} == paged(rostered, NOW)

    tick(NOW + 5 * MINUTE)

    assert {"nurse"} == paged(rostered, NOW + 5 * MINUTE)


def test_page_of_the_task_says_by_name_and_role_whom_each_page_went_to(rostered: House, other_house: House) -> None:
    task = alarm(rostered)
    for minutes in (5, 10):
        tick(NOW + minutes * MINUTE)
    hand_over(task=task, to=rostered.second_nurse, by=rostered.actor("nurse"), at=NOW + 11 * MINUTE)
    address = f"/clinic/tasks/{task.id}/"
    page = words_of(client_of(rostered.nurse).get(address).content.decode())

    assert "Page sent to Ruth Calder (Nurse)" in page
    assert "Not taken in time: passed on to Amara Okafor (Prescriber)" in page
    assert "passed on to Lena Brandt (Administrator), Ruth Calder (Nurse), Tomas Reyes (Nurse)" in page
    assert "Handed over to Tomas Reyes (Nurse)" in page
    assert client_of(other_house.nurse).get(address).status_code == 404
    assert client_of(rostered.mother).get(address).status_code == 302


def test_unanswered_page_goes_to_the_next_and_then_to_everybody(rostered: House) -> None:
    task = alarm(rostered)
    for minutes in (4, 5, 10, 20):
        tick(NOW + minutes * MINUTE)

    assert set() == paged(rostered, NOW + 4 * MINUTE)
    assert {"prescriber"} == paged(rostered, NOW + 5 * MINUTE)
    assert {"nurse", "second_nurse", "administrator"} == paged(rostered, NOW + 10 * MINUTE)
    assert {"nurse", "second_nurse", "administrator"} == paged(rostered, NOW + 20 * MINUTE)
    events = TaskEvent.objects.filter(task=task)
    assert [event.kind for event in events] == ["opened", "paged", "escalated", "escalated", "escalated"]
    assert [str(rostered.prescriber.id)] == events[2].detail["to"]


def test_everybody_is_paged_at_once_when_nobody_is_on_the_roster(house: House) -> None:
    task = alarm(house)

    assert {"nurse", "second_nurse", "administrator"} == paged(house, NOW)
    assert task.for_everyone


def test_task_that_was_taken_goes_no_further(rostered: House) -> None:
    task = alarm(rostered)
    acknowledge(task=task, by=rostered.actor("nurse"), at=NOW + MINUTE)

    assert tick(NOW + 60 * MINUTE).escalated == 0


def test_task_of_today_pages_nobody_until_its_time_has_passed(rostered: House) -> None:
    alarm(rostered, urgency="today", page_minutes=(), acknowledge_by=NOW + 60 * MINUTE)
    assert set() == paged(rostered, NOW)

    tick(NOW + 60 * MINUTE)

    assert {"prescriber"} == paged(rostered, NOW + 60 * MINUTE)


def test_task_that_is_not_urgent_asks_everybody_once_and_no_more(house: House) -> None:
    task = alarm(house, urgency="today", page_minutes=())
    tick(NOW + 15 * MINUTE)
    task.refresh_from_db()

    assert task.for_everyone
    assert task.escalates_at is None


def test_beating_twice_at_one_moment_passes_a_task_on_once(rostered: House) -> None:
    alarm(rostered)

    assert [tick(NOW + 5 * MINUTE).escalated for _ in range(2)] == [1, 0]
    assert OutboxMessage.objects.filter(made_at=NOW + 5 * MINUTE).count() == 1


def test_page_says_nothing_of_what_it_is_about(rostered: House, mailoutbox: list[Any]) -> None:
    alarm(rostered, parent=rostered.mother, title="Maya thinks of death", reason="PHQ-9 item 9")
    tick(NOW)

    [page] = mailoutbox
    assert page.subject == "A task waits for you"
    for word in ("Maya", "death", "PHQ", "nurse", "ketamine"):
        assert word not in page.subject + page.body
    assert "/clinic/tasks/" in page.body


def test_owner_who_left_the_clinic_is_not_paged(rostered: House) -> None:
    rostered.second_nurse.until_at = NOW - MINUTE
    rostered.second_nurse.save()
    alarm(rostered, owner=rostered.second_nurse)

    assert {"nurse"} == paged(rostered, NOW)
