"""A concern that goes to a colleague keeps the clock of its level, and whoever it goes to is paged."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django_scopes import scope

from firstlight.ground.people.errors import Refused
from firstlight.ground.safety.services import add_slot, raise_concern
from firstlight.ground.worklist.models import OutboxMessage, Task
from firstlight.ground.worklist.services import acknowledge, finish, hand_over, open_task, tick
from tests.cast import NOW, House

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NIGHT = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # Monday, 23:00 in New York


@pytest.fixture(autouse=True)
def inside(house: House) -> Any:
    with scope(clinic=house.clinic.id):
        yield


@pytest.fixture
def rostered(house: House) -> House:
    """Amara answers on Monday and Tuesday from nine to five."""
    for weekday in (0, 1):
        add_slot(
            member=house.prescriber, weekday=weekday, starts=time(9), ends=time(17),
            by=house.actor("administrator"), at=NOW - timedelta(days=1),
        )  # fmt: skip
    return house


def concern(house: House, level: str, at: datetime = NOW) -> Task:
    return raise_concern(
        parent=house.mother, level=level, source="screening:x", reason="Said.", asked="x:1", strength=1,
        by=house.actor("mother"), at=at,
    ).task  # fmt: skip


def give(house: House, task: Task, who: str, at: datetime) -> Task:
    return hand_over(task=task, to=getattr(house, who), by=house.actor("prescriber"), at=at)


def paged(house: House, at: datetime) -> set[str]:
    people = {
        getattr(house, role).account.email: role
        for role in ("prescriber", "nurse", "second_nurse", "therapist", "administrator")
    }
    return {people[message.to] for message in OutboxMessage.objects.filter(made_at=at)}


def test_danger_that_nobody_had_taken_keeps_its_clock_and_its_pages_after_five_and_ten_minutes(rostered: House) -> None:
    task = give(rostered, concern(rostered, "L4"), "nurse", NOW + 2 * MINUTE)

    assert (task.acknowledge_by, task.escalates_at) == (NOW + 5 * MINUTE, NOW + 5 * MINUTE)
    assert {"nurse"} == paged(rostered, NOW + 2 * MINUTE)
    for minutes in (5, 10, 20):
        tick(NOW + minutes * MINUTE)
    assert {"prescriber"} == paged(rostered, NOW + 5 * MINUTE)
    everybody = {"prescriber", "nurse", "administrator"}
    assert everybody == paged(rostered, NOW + 10 * MINUTE) == paged(rostered, NOW + 20 * MINUTE)


def test_high_risk_that_is_handed_over_between_two_pages_goes_on_with_the_next(rostered: House) -> None:
    task = give(rostered, concern(rostered, "L3"), "nurse", NOW + 7 * MINUTE)

    assert (task.acknowledge_by, task.escalates_at) == (NOW + 15 * MINUTE, NOW + 10 * MINUTE)


def test_danger_that_somebody_had_taken_begins_its_clock_anew(rostered: House) -> None:
    task = acknowledge(task=concern(rostered, "L4"), by=rostered.actor("prescriber"), at=NOW + MINUTE)
    given = NOW + 3 * HOUR

    task = give(rostered, task, "nurse", given)

    assert (task.acknowledge_by, task.escalates_at) == (given + 5 * MINUTE, given + 5 * MINUTE)
    assert task.page_minutes == [5, 10]


def test_danger_that_is_late_begins_its_clock_anew(rostered: House) -> None:
    task = give(rostered, concern(rostered, "L4"), "nurse", NOW + 6 * MINUTE)

    assert task.acknowledge_by == NOW + 11 * MINUTE


def test_concern_for_today_pages_whom_it_goes_to_and_then_the_next(rostered: House) -> None:
    task = concern(rostered, "L2")
    task = give(rostered, task, "nurse", NOW + 2 * MINUTE)

    assert {"nurse"} == paged(rostered, NOW + 2 * MINUTE)
    assert task.acknowledge_by == NOW + HOUR
    tick(NOW + HOUR)
    assert {"prescriber"} == paged(rostered, NOW + HOUR)


def test_concern_for_today_that_was_taken_counts_its_hour_in_hours_in_which_somebody_answers(rostered: House) -> None:
    task = acknowledge(task=concern(rostered, "L2"), by=rostered.actor("prescriber"), at=NOW)

    task = give(rostered, task, "nurse", NIGHT)

    assert {"nurse"} == paged(rostered, NIGHT)
    assert task.acknowledge_by == datetime(2026, 11, 24, 15, 0, tzinfo=UTC)  # 10:00 in New York


def test_low_risk_is_handed_over_without_a_page(rostered: House) -> None:
    task = give(rostered, concern(rostered, "L1"), "nurse", NOW + MINUTE)

    assert set() == paged(rostered, NOW + MINUTE)
    assert task.acknowledge_by == NOW + HOUR


def test_call_that_is_to_be_made_tomorrow_keeps_its_dates_and_pages_then_whom_it_went_to(rostered: House) -> None:
    finish(task=concern(rostered, "L2"), by=rostered.actor("prescriber"), at=NOW, outcome="We talked.")
    call = Task.objects.get(kind="contact-again")
    until = call.acknowledge_by

    call = give(rostered, call, "nurse", NOW + HOUR)

    assert (call.acknowledge_by, set()) == (until, paged(rostered, NOW + HOUR))
    tick(NOW + 24 * HOUR)
    assert {"nurse"} == paged(rostered, NOW + 24 * HOUR)


def test_task_that_is_no_concern_gives_the_time_of_its_urgency_as_ever(rostered: House) -> None:
    task = open_task(
        clinic_id=rostered.clinic.id, kind="call", title="Call", role="nurse", reason="", urgency="now",
        acknowledge_by=NOW + 5 * MINUTE, page_minutes=(5, 10), by=rostered.actor("prescriber"), at=NOW,
    )  # fmt: skip

    assert give(rostered, task, "nurse", NOW + MINUTE).acknowledge_by == NOW + 16 * MINUTE


def test_concern_goes_to_nobody_outside_the_clinic(rostered: House, other_house: House) -> None:
    with pytest.raises(Refused, match="works in this clinic"):
        hand_over(task=concern(rostered, "L4"), to=other_house.prescriber, by=rostered.actor("nurse"), at=NOW + MINUTE)
