"""What happens when a page reaches nobody, or everybody was asked and nobody came: the clinic sees it on every page."""

from datetime import time, timedelta
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django_scopes import scope

from firstlight.ground.safety.services import add_slot
from firstlight.ground.worklist.models import OutboxMessage, Task
from firstlight.ground.worklist.selectors import PAGE_FAILED, UNANSWERED, Ringing, waiting
from firstlight.ground.worklist.services import acknowledge, open_task, tick
from tests.cast import NOW, House
from tests.support.reading import words_of
from tests.support.signed_in import client_of

MINUTE = timedelta(minutes=1)
MIDNIGHT = time(0, 0)
STAFF = ("prescriber", "nurse", "second_nurse", "therapist", "administrator")


class DeadMail:
    """A mail server that takes nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError("no mail server at mail.harbour.example")


@pytest.fixture(autouse=True)
def inside(house: House) -> Any:
    with scope(clinic=house.clinic.id), time_machine.travel(NOW, tick=False):
        yield


def answers(house: House, *names: str) -> None:
    """Put people on Monday's roster, in this order of rank. NOW is a Monday."""
    for rank, name in enumerate(names, 1):
        add_slot(
            member=getattr(house, name), weekday=0, starts=MIDNIGHT, ends=MIDNIGHT, rank=rank,
            by=house.actor("administrator"), at=NOW - timedelta(days=1),
        )  # fmt: skip


def urgent(house: House) -> Task:
    return open_task(
        clinic_id=house.clinic.id, parent=house.mother, kind="concern", title="Safety: Maya Lindqvist", reason="PHQ-9",
        role="prescriber", acknowledge_by=NOW + 15 * MINUTE, urgency="now", page_minutes=(5, 10),
        by=house.actor("mother"), at=NOW,
    )  # fmt: skip


def beats(*minutes: float) -> None:
    for minute in minutes:
        tick(NOW + minute * MINUTE)


def paged(house: House, minute: float) -> set[str]:
    """Return the names of those to whom a page was written at a minute."""
    people = {getattr(house, name).account.email: name for name in STAFF}
    return {people[message.to] for message in OutboxMessage.objects.filter(made_at=NOW + minute * MINUTE)}


def ringing(house: House, name: str) -> list[Ringing]:
    return list(waiting(house.actor(name)).ringing)


def page_of(house: House, name: str, address: str = "/clinic/") -> str:
    client = client_of(getattr(house, name))
    return words_of(client.get(address, follow=True).content.decode())


def test_everybody_was_asked_and_nobody_came_alarms_on_every_page(house: House) -> None:
    answers(house, "prescriber", "nurse")
    urgent(house)

    beats(5, 10)
    assert ringing(house, "nurse") == []
    beats(20)

    for name in STAFF:
        assert "Nobody has taken an urgent task" in page_of(house, name)
    assert paged(house, 20) == {"prescriber", "administrator"}


def test_alarm_leads_to_the_task_and_says_nothing_of_what_it_is_about(house: House) -> None:
    task = urgent(house)
    beats(5)

    [ring] = ringing(house, "therapist")
    assert ring.task_id == str(task.id)
    alarm = Task.objects.get(kind=UNANSWERED)
    assert alarm.parent_id is None
    for word in ("Maya", "PHQ", "Safety"):
        assert word not in alarm.title + alarm.reason


def test_nobody_on_the_roster_asks_everybody_at_once_and_alarms_five_minutes_later(house: House) -> None:
    urgent(house)

    assert paged(house, 0) == {"prescriber", "administrator"}
    assert ringing(house, "nurse") == []
    beats(5)
    assert len(ringing(house, "nurse")) == 1


def test_clinic_without_anybody_to_ask_alarms_all_the_same(house: House) -> None:
    for name in ("prescriber", "administrator"):
        member = getattr(house, name)
        member.until_at = NOW - MINUTE
        member.save()
    urgent(house)

    beats(5)

    assert paged(house, 5) == set()
    assert "Nobody has taken an urgent task" in page_of(house, "nurse")


def test_whoever_takes_the_task_ends_its_alarm(house: House) -> None:
    task = urgent(house)
    beats(5)

    acknowledge(task=task, by=house.actor("nurse"), at=NOW + 6 * MINUTE)

    assert ringing(house, "nurse") == []
    assert Task.objects.get(kind=UNANSWERED).finished_at == NOW + 6 * MINUTE


def test_alarm_that_was_taken_rings_again_while_its_task_was_not(house: House) -> None:
    urgent(house)
    beats(5)
    acknowledge(task=Task.objects.get(kind=UNANSWERED), by=house.actor("nurse"), at=NOW + 6 * MINUTE)
    assert ringing(house, "nurse") == []

    beats(10)

    assert len(ringing(house, "nurse")) == 1


def test_person_whose_shift_begins_meanwhile_is_asked_and_nobody_twice(house: House) -> None:
    answers(house, "prescriber")
    add_slot(
        member=house.nurse,
        weekday=0,
        starts=time(9, 3),
        ends=time(17),
        rank=1,
        by=house.actor("administrator"),
        at=NOW - timedelta(days=1),
    )  # fmt: skip - NOW is 09:00 on the clinic's walls
    urgent(house)

    beats(5)

    assert paged(house, 0) == {"prescriber"}
    assert paged(house, 5) == {"nurse"}


def test_page_that_did_not_go_out_alarms_on_every_page_and_the_next_is_asked_at_once(house: House) -> None:
    answers(house, "prescriber", "nurse")
    task = urgent(house)
    with patch("django.core.mail.backends.locmem.EmailBackend", DeadMail):
        beats(0, 20 / 60, 80 / 60, 260 / 60)

    [ring] = ringing(house, "therapist")
    assert ring.title == "A page did not go out"
    beats(4.5)
    assert paged(house, 4.5) == {"nurse"}
    for name in STAFF:
        assert "A page did not go out" in page_of(house, name)
    assert Task.objects.get(kind=PAGE_FAILED).link_id == str(task.id)


def test_alarm_is_gone_from_the_pages_once_somebody_took_it(house: House) -> None:
    urgent(house)
    with patch("django.core.mail.backends.locmem.EmailBackend", DeadMail):
        beats(0, 20 / 60, 80 / 60, 260 / 60)
    acknowledge(task=Task.objects.get(kind=PAGE_FAILED), by=house.actor("administrator"), at=NOW + 5 * MINUTE)

    assert "A page did not go out" not in page_of(house, "nurse")


def test_other_clinic_hears_nothing(house: House, other_house: House) -> None:
    urgent(house)
    beats(5)

    assert ringing(other_house, "nurse") == []


def test_parent_sees_no_alarm(house: House) -> None:
    urgent(house)
    beats(5)

    assert ringing(house, "mother") == []
