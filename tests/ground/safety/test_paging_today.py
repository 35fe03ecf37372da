"""A concern for today pages the first on the roster when it comes and when it grows; at night it waits until somebody answers."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django_scopes import scope

from firstlight.ground.safety.services import add_slot, raise_concern
from firstlight.ground.worklist.models import OutboxMessage, Task, TaskEvent
from firstlight.ground.worklist.selectors import alarms, open_tasks, waiting
from firstlight.ground.worklist.services import acknowledge, tick
from tests.cast import NOW, House

MINUTE = timedelta(minutes=1)
NIGHT = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # Monday, 23:00 in New York
MORNING = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)  # Tuesday, 9:00


@pytest.fixture(autouse=True)
def inside(house: House) -> Any:
    with scope(clinic=house.clinic.id):
        yield


@pytest.fixture
def rostered(house: House) -> House:
    """Ruth answers first on Mondays and Tuesdays from nine to five, Tomas second."""
    for weekday in (0, 1):
        for rank, member in ((1, house.nurse), (2, house.second_nurse)):
            add_slot(
                member=member, weekday=weekday, starts=time(9), ends=time(17), rank=rank,
                by=house.actor("administrator"), at=NOW - timedelta(days=1),
            )  # fmt: skip
    return house


def concern(house: House, level: str = "L2", strength: int = 1, *, at: datetime = NOW) -> Task:
    return raise_concern(
        parent=house.mother, level=level, source="screening:phq-9-item-9", reason=f"Item 9: {strength}",
        asked="phq-9:q9", strength=strength, by=house.actor("mother"), at=at,
    ).task  # fmt: skip


def paged(house: House, at: datetime) -> set[str]:
    people = {
        getattr(house, role).account.email: role
        for role in ("prescriber", "nurse", "second_nurse", "therapist", "administrator")
    }
    return {people[message.to] for message in OutboxMessage.objects.filter(made_at=at)}


def kinds(task: Task) -> list[str]:
    return list(TaskEvent.objects.filter(task=task).values_list("kind", flat=True))


def test_first_on_the_roster_is_paged_when_it_comes_and_then_the_next(rostered: House) -> None:
    task = concern(rostered)
    tick(NOW + 60 * MINUTE)

    assert {"nurse"} == paged(rostered, NOW)
    assert {"second_nurse"} == paged(rostered, NOW + 60 * MINUTE)
    assert kinds(task) == ["opened", "paged", "escalated"]


def test_stronger_one_pages_the_first_again_also_when_somebody_has_the_task(rostered: House) -> None:
    acknowledge(task=concern(rostered), by=rostered.actor("second_nurse"), at=NOW + MINUTE)
    task = concern(rostered, strength=2, at=NOW + 2 * MINUTE)

    assert kinds(task)[-2:] == ["raised", "paged"]
    assert len(paged(rostered, NOW + 2 * MINUTE)) == 1


def test_unchanged_one_joins_and_pages_nobody(rostered: House) -> None:
    concern(rostered)
    concern(rostered, at=NOW + 2 * MINUTE)

    assert set() == paged(rostered, NOW + 2 * MINUTE)


def test_at_night_it_waits_for_the_first_who_answers(rostered: House) -> None:
    task = concern(rostered, at=NIGHT)
    assert task.escalates_at == MORNING
    tick(MORNING - MINUTE)
    assert not OutboxMessage.objects.filter(task=task).exists()

    tick(MORNING)
    tick(MORNING + MINUTE)

    assert {"nurse"} == paged(rostered, MORNING)
    assert set() == paged(rostered, MORNING + MINUTE)
    tick(MORNING + 60 * MINUTE)
    assert {"second_nurse"} == paged(rostered, MORNING + 60 * MINUTE)
    assert kinds(task) == ["opened", "paged", "escalated"]


def test_one_that_was_taken_in_the_night_pages_nobody_in_the_morning(rostered: House) -> None:
    acknowledge(task=concern(rostered, at=NIGHT), by=rostered.actor("nurse"), at=NIGHT + MINUTE)
    tick(MORNING)

    assert not OutboxMessage.objects.filter(made_at__gte=NIGHT, task__isnull=False).exists()


def test_high_risk_waits_for_nobody(rostered: House) -> None:
    concern(rostered, "L3", at=NIGHT)

    assert paged(rostered, NIGHT)


def test_low_risk_pages_nobody(rostered: House) -> None:
    concern(rostered, "L1")

    assert not OutboxMessage.objects.exists()


def test_with_nobody_on_the_roster_at_all_everybody_is_asked_at_once(house: House) -> None:
    concern(house)

    assert {"nurse", "second_nurse", "administrator"} == paged(house, NOW)


def test_page_says_nothing_of_what_it_is_about(rostered: House, mailoutbox: list[Any]) -> None:
    concern(rostered)
    tick(NOW)

    [page] = mailoutbox
    assert page.subject == "A task waits for you"
    assert "PHQ" not in page.body + page.subject


def test_one_that_nobody_takes_is_asked_about_again_while_somebody_answers_and_alarms(rostered: House) -> None:
    task = concern(rostered)
    everybody = {"nurse", "second_nurse", "administrator"}
    hours = [
        hour for hour in range(1, 30) if tick(NOW + hour * 60 * MINUTE) and paged(rostered, NOW + hour * 60 * MINUTE)
    ]
    task.refresh_from_db()

    # the second at 10, everybody at 11 and 15 o'clock; nobody through the night; everybody at 9 the next morning, and at 13
    assert hours == [1, 2, 6, 24, 28]
    assert all(paged(rostered, NOW + hour * 60 * MINUTE) == everybody for hour in hours[1:])
    assert task.escalates_at is not None
    [alarm] = alarms(rostered.actor("nurse"))
    assert str(task.id) in alarm.link_id


def test_one_that_somebody_takes_at_last_ends_pages_and_alarm(rostered: House) -> None:
    task = concern(rostered)
    for hour in (1, 2, 6):
        tick(NOW + hour * 60 * MINUTE)
    acknowledge(task=task, by=rostered.actor("nurse"), at=NOW + 361 * MINUTE)

    assert tick(NOW + 26 * 60 * MINUTE).escalated == 0
    assert not alarms(rostered.actor("nurse"))


def test_without_a_roster_everybody_is_asked_again_once_a_day(house: House) -> None:
    concern(house)
    hours = [hour for hour in range(1, 60) if tick(NOW + hour * 60 * MINUTE) and paged(house, NOW + hour * 60 * MINUTE)]

    assert hours == [24, 48]


def test_who_was_paged_finds_it_among_her_own_tasks_until_somebody_takes_it(rostered: House) -> None:
    """The therapist is no nurse and no prescriber, whose tasks these are: she is called because the roster says so."""
    for weekday in (0, 1):
        add_slot(
            member=rostered.therapist, weekday=weekday, starts=time(7), ends=time(9), rank=1,
            by=rostered.actor("administrator"), at=NOW - timedelta(days=1),
        )  # fmt: skip
    early = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)  # Monday, 8:00 in New York

    task = concern(rostered, at=early)
    tick(early)

    assert paged(rostered, early) == {"therapist"}
    assert open_tasks(rostered.actor("therapist")) == [task]
    assert waiting(rostered.actor("therapist")).count == 1
    assert open_tasks(rostered.actor("administrator")) == []
    acknowledge(task=task, by=rostered.actor("nurse"), at=early + MINUTE)
    assert open_tasks(rostered.actor("therapist")) == []
