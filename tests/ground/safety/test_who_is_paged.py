"""A stronger concern reaches who answers now and may clear it, not only who had the task: she may have gone home."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django_scopes import scope

from firstlight.ground.safety.noticing import concern_notice
from firstlight.ground.safety.services import add_slot, raise_concern
from firstlight.ground.safety.wording import sentences
from firstlight.ground.worklist.models import OutboxMessage, Task
from firstlight.ground.worklist.services import acknowledge, hand_over, set_delivery_address, tick
from tests.cast import NOW, House

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
NIGHT = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)  # Tuesday, 2:00 in New York


@pytest.fixture(autouse=True)
def inside(house: House) -> Any:
    with scope(clinic=house.clinic.id):
        yield


def answers(house: House, who: str, starts: int, ends: int, *, rank: int = 1) -> None:
    """Put somebody on the roster for these hours of Monday."""
    add_slot(
        member=getattr(house, who), weekday=0, starts=time(starts), ends=time(ends), rank=rank,
        by=house.actor("administrator"), at=NOW - DAY,
    )  # fmt: skip


@pytest.fixture
def rostered(house: House) -> House:
    """Ruth answers on Monday from nine to five, and Amara, who prescribes, through the night."""
    answers(house, "nurse", 9, 17)
    answers(house, "prescriber", 17, 9)
    return house


def taken(house: House, who: str = "nurse") -> Task:
    """Let somebody take a concern for today, at five past nine."""
    task = raise_concern(
        parent=house.mother, level="L2", source="screening:phq-9-item-9", reason="Item 9: 1",
        asked="phq-9:q9", strength=1, by=house.actor("mother"), at=NOW,
    ).task  # fmt: skip
    return acknowledge(task=task, by=house.actor(who), at=NOW + 5 * MINUTE)


def danger(house: House, at: datetime, level: str = "L4") -> Task:
    return raise_concern(
        parent=house.mother, level=level, source="screening:asq-acute", reason="Question 5: yes",
        asked="asq:q5", strength=2, by=house.actor("mother"), at=at,
    ).task  # fmt: skip


def paged(house: House, at: datetime) -> set[str]:
    people = {
        getattr(house, role).account.email: role
        for role in ("prescriber", "nurse", "second_nurse", "therapist", "administrator")
    }
    return {people[message.to] for message in OutboxMessage.objects.filter(made_at=at) if message.to in people}


def test_danger_in_the_night_pages_who_is_on_call_and_the_nurse_who_had_the_task_at_once(rostered: House) -> None:
    taken(rostered)
    danger(rostered, NIGHT)

    assert {"prescriber", "nurse"} == paged(rostered, NIGHT)
    tick(NIGHT + 5 * MINUTE)
    assert {"prescriber", "administrator"} <= paged(rostered, NIGHT + 5 * MINUTE)


def test_owner_on_duty_who_may_clear_it_is_asked_alone_and_then_the_next(rostered: House) -> None:
    taken(rostered, "prescriber")
    danger(rostered, NIGHT)

    assert {"prescriber"} == paged(rostered, NIGHT)


def test_owner_on_duty_who_may_not_clear_it_is_not_asked_alone(house: House) -> None:
    answers(house, "nurse", 9, 17)
    answers(house, "prescriber", 9, 17, rank=2)
    taken(house)
    danger(house, NOW + 60 * MINUTE)

    assert {"prescriber", "nurse"} == paged(house, NOW + 60 * MINUTE)


def test_owner_is_the_only_one_on_duty_and_may_not_clear_it_so_everybody_who_may_is_asked(house: House) -> None:
    answers(house, "nurse", 9, 17)
    taken(house)
    danger(house, NOW + 60 * MINUTE)

    assert {"prescriber", "nurse", "administrator"} == paged(house, NOW + 60 * MINUTE)


def test_nobody_on_duty_everybody_is_asked_with_the_owner(house: House) -> None:
    answers(house, "nurse", 9, 17)
    taken(house)
    danger(house, NIGHT)

    assert {"prescriber", "nurse", "administrator"} == paged(house, NIGHT)


def test_stronger_one_for_today_pages_in_the_morning_who_answers_then_and_the_owner(house: House) -> None:
    answers(house, "nurse", 9, 17)
    add_slot(
        member=house.therapist, weekday=1, starts=time(9), ends=time(17), by=house.actor("administrator"), at=NOW - DAY
    )
    taken(house)
    danger(house, NIGHT, "L2")
    assert set() == paged(house, NIGHT)

    tick(NIGHT + 7 * 60 * MINUTE)

    assert {"therapist", "nurse"} == paged(house, NIGHT + 7 * 60 * MINUTE)


def test_owner_who_may_take_no_tasks_any_more_is_paged_no_more(rostered: House) -> None:
    taken(rostered)
    rostered.nurse.denied = ["tasks"]
    rostered.nurse.save()
    danger(rostered, NIGHT)

    assert {"prescriber"} == paged(rostered, NIGHT)


def test_nobody_on_duty_whoever_may_take_no_tasks_is_not_asked_with_everybody(house: House) -> None:
    house.prescriber.denied = ["tasks"]
    house.prescriber.save()
    danger(house, NIGHT)

    assert {"administrator"} == paged(house, NIGHT)


def heard(house: House, at: datetime) -> str:
    tick(at)
    zone = ZoneInfo("America/New_York")
    return " ".join(sentences(concern_notice(house.mother, at), at, zone))


def test_parent_reads_of_a_role_only_where_all_who_were_paged_are_of_it(rostered: House) -> None:
    set_delivery_address(
        clinic=rostered.clinic, address="desk@harbour.example", by=rostered.actor("administrator"), at=NOW - DAY
    )
    task = danger(rostered, NIGHT)
    assert heard(rostered, NIGHT) == "A prescriber at the clinic reads this today by 02:05."

    hand_over(task=task, to=rostered.nurse, by=rostered.actor("prescriber"), at=NIGHT + MINUTE)

    assert "Somebody at the clinic reads this today by" in heard(rostered, NIGHT + MINUTE)


def test_parent_whose_stronger_answer_paged_two_roles_reads_of_somebody_at_the_clinic(rostered: House) -> None:
    set_delivery_address(
        clinic=rostered.clinic, address="desk@harbour.example", by=rostered.actor("administrator"), at=NOW - DAY
    )
    taken(rostered)
    danger(rostered, NIGHT)

    assert heard(rostered, NIGHT) == "Somebody at the clinic reads this today by 02:05."
