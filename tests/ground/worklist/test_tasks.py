"""A task has an owner and a clock; whoever takes it, hands it over or finishes it leaves a trace."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.http import Http404
from django_scopes import scope, scopes_disabled

from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.errors import Refused
from firstlight.ground.worklist import selectors
from firstlight.ground.worklist.models import OutboxMessage, Task, TaskEvent
from firstlight.ground.worklist.services import acknowledge, finish, hand_over, join, open_task, put_first, raise_again
from tests.cast import NOW, House

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def inside(house: House) -> Any:
    with scope(clinic=house.clinic.id):
        yield


def opened(house: House, **values: Any) -> Task:
    """Let the prescriber ask the nurses to call Maya."""
    facts: dict[str, Any] = {
        "clinic_id": house.clinic.id,
        "parent": house.mother,
        "kind": "call",
        "title": "Call Maya back",
        "reason": "She asked for it.",
        "role": "nurse",
        "acknowledge_by": NOW + HOUR,
        "urgency": "today",
        "by": house.actor("prescriber"),
        "at": NOW,
    }
    return open_task(**facts | values)


def kinds(task: Task) -> list[str]:
    return list(TaskEvent.objects.filter(task=task).values_list("kind", flat=True))


def test_task_waits_for_everybody_of_its_role(house: House) -> None:
    task = opened(house)

    assert [task] == selectors.open_tasks(house.actor("nurse"))
    assert [task] == selectors.open_tasks(house.actor("second_nurse"))
    assert selectors.open_tasks(house.actor("therapist")) == []
    assert [task] == selectors.other_tasks(house.actor("therapist"))


def test_task_with_an_owner_waits_for_nobody_else(house: House) -> None:
    task = opened(house, owner=house.second_nurse)

    assert selectors.open_tasks(house.actor("nurse")) == []
    assert [task] == selectors.open_tasks(house.actor("second_nurse"))


def test_overdue_tasks_come_first_and_taken_ones_last(house: House) -> None:
    later, taken, overdue = opened(house), opened(house), opened(house, acknowledge_by=NOW - HOUR)
    acknowledge(task=taken, by=house.actor("nurse"), at=NOW)

    assert [overdue, later, taken] == selectors.open_tasks(house.actor("nurse"))


def test_what_is_urgent_now_is_everybodys_who_may_take_it_whichever_role_it_was_passed_to(house: House) -> None:
    owned = {"owner": house.second_nurse, "urgency": "now", "role": "prescriber"}
    task = opened(house, **owned)

    for who in ("nurse", "second_nurse", "prescriber", "therapist"):
        assert [task] == selectors.open_tasks(house.actor(who))
        assert selectors.other_tasks(house.actor(who)) == []
        assert selectors.waiting(house.actor(who)).count == 1
    assert selectors.open_tasks(house.actor("administrator")) == []
    assert selectors.waiting(house.actor("mother")).count == 0


def test_urgent_task_that_somebody_took_is_only_hers(house: House) -> None:
    task = opened(house, urgency="now", role="prescriber")
    task = acknowledge(task=task, by=house.actor("prescriber"), at=NOW)

    assert [task] == selectors.open_tasks(house.actor("prescriber"))
    assert selectors.open_tasks(house.actor("nurse")) == []
    assert selectors.waiting(house.actor("nurse")).count == 0


def test_alarm_of_the_machinery_is_in_no_other_roles_list(house: House) -> None:
    opened(house, kind="message-failed", parent=None, role="administrator", urgency="now")

    assert selectors.open_tasks(house.actor("nurse")) == []
    assert selectors.waiting(house.actor("nurse")).count == 0


def test_danger_comes_before_lateness(house: House) -> None:
    late = opened(house, urgency="routine", acknowledge_by=NOW - 200 * HOUR)
    today = opened(house, acknowledge_by=NOW - 100 * HOUR)
    safety = opened(house, kind="concern")
    high_risk = opened(house, urgency="now", acknowledge_by=NOW + timedelta(minutes=15), at=NOW)
    of_nobody = opened(house, urgency="now", parent=None, acknowledge_by=NOW)
    danger = opened(house, urgency="now", acknowledge_by=NOW + timedelta(minutes=25), at=NOW + timedelta(minutes=20))

    assert [danger, high_risk, of_nobody, safety, today, late] == selectors.open_tasks(house.actor("nurse"))


def test_task_stops_its_clock_when_taken(house: House) -> None:
    task = acknowledge(task=opened(house), by=house.actor("nurse"), at=NOW, note="I call at three.")

    assert task.owner == house.nurse
    assert task.acknowledged_by == house.nurse
    assert task.escalates_at is None
    assert kinds(task) == ["opened", "acknowledged"]


def test_task_taken_twice_by_one_person_is_taken_once(house: House) -> None:
    task = opened(house)
    for _ in range(2):
        acknowledge(task=task, by=house.actor("nurse"), at=NOW)

    assert kinds(task) == ["opened", "acknowledged"]


def test_task_that_somebody_has_is_refused_to_another(house: House) -> None:
    task = opened(house)
    acknowledge(task=task, by=house.actor("nurse"), at=NOW)

    with pytest.raises(Refused, match="Ruth Calder has taken this"):
        acknowledge(task=task, by=house.actor("second_nurse"), at=NOW)


@pytest.mark.parametrize("name", ["mother", "father"])
def test_parent_cannot_take_a_task(house: House, name: str) -> None:
    with pytest.raises(Refused):
        acknowledge(task=opened(house), by=house.actor(name), at=NOW)


def test_colleague_must_take_what_was_handed_over(house: House) -> None:
    task = acknowledge(task=opened(house), by=house.actor("nurse"), at=NOW)

    task = hand_over(task=task, to=house.therapist, by=house.actor("nurse"), at=NOW + HOUR)

    assert task.acknowledged_at is None
    assert task.acknowledge_by == NOW + 5 * HOUR
    assert [task] == selectors.open_tasks(house.actor("therapist"))
    assert selectors.open_tasks(house.actor("nurse")) == []


def test_task_goes_to_nobody_outside_the_clinic(house: House, other_house: House) -> None:
    with pytest.raises(Refused, match="works in this clinic"):
        hand_over(task=opened(house), to=other_house.nurse, by=house.actor("nurse"), at=NOW)


def test_urgent_task_pages_whom_it_is_handed_to(house: House) -> None:
    task = opened(house, urgency="now", owner=house.nurse)
    hand_over(task=task, to=house.second_nurse, by=house.actor("nurse"), at=NOW)

    assert {house.nurse.account.email, house.second_nurse.account.email} == {
        message.to for message in OutboxMessage.objects.all()
    }


def test_finished_task_keeps_what_came_of_it(house: House) -> None:
    task = finish(task=opened(house), by=house.actor("nurse"), at=NOW, outcome="Maya is fine.")

    assert task.outcome == "Maya is fine."
    assert task.owner == house.nurse
    assert selectors.open_tasks(house.actor("nurse")) == []
    assert kinds(task) == ["opened", "finished"]


def test_task_is_not_finished_without_an_outcome(house: House) -> None:
    with pytest.raises(Refused, match="what came of it"):
        finish(task=opened(house), by=house.actor("nurse"), at=NOW, outcome="  ")


@pytest.mark.parametrize("verb", [acknowledge, finish, join])
def test_finished_task_takes_no_more(house: House, verb: Any) -> None:
    task = finish(task=opened(house), by=house.actor("nurse"), at=NOW, outcome="Done.")
    more = {"outcome": "Again."} if verb is finish else {}

    with pytest.raises(Refused, match="finished already"):
        verb(task=task, by=house.actor("second_nurse"), at=NOW, **more)


def test_raised_task_must_be_taken_again_and_keeps_its_past(house: House) -> None:
    task = acknowledge(task=opened(house), by=house.actor("nurse"), at=NOW)

    task = raise_again(
        task=task,
        title="Call Maya now",
        reason="She wrote again.",
        role="prescriber",
        acknowledge_by=NOW + HOUR,
        urgency="now",
        by=house.actor("mother"),
        at=NOW,
    )

    assert task.acknowledged_at is None
    assert kinds(task) == ["opened", "acknowledged", "raised", "paged"]
    past = TaskEvent.objects.get(task=task, kind="raised")
    assert past.note == "Call Maya back\nShe asked for it."
    assert past.detail["before"]["acknowledged_by"] == str(house.nurse.id)


def put(task: Task, line: str, house: House, about: str = "asq:q1") -> Task:
    return put_first(task=task, line=line, about=about, by=house.actor("mother"), at=NOW)


def test_what_holds_now_takes_the_place_of_what_held_before_and_each_stays_a_note(house: House) -> None:
    task = opened(house)
    for line in ("Question 1 now: No.", "Question 1 now: Yes.", "Question 1 now: No."):
        task = put(task, line, house)
    task = put(task, "Question 2 now: No.", house, about="asq:q2")
    task = put(task, "Question 1 now: No.", house)

    assert task.reason.split("\n") == ["Question 2 now: No.", "Question 1 now: No.", "She asked for it."]
    assert [one.note for one in TaskEvent.objects.filter(task=task, kind="noted")] == [
        "Question 1 now: No.",
        "Question 1 now: Yes.",
        "Question 1 now: No.",
        "Question 2 now: No.",
    ]
    assert kinds(task) == ["opened", *["noted"] * 4]


def test_raised_task_keeps_its_past_without_what_stands_in_notes_already(house: House) -> None:
    task = put(opened(house), "Question 1 now: No.", house)
    task = raise_again(
        task=task,
        title="Call Maya now",
        reason="She wrote again.",
        role="prescriber",
        acknowledge_by=NOW + HOUR,
        urgency="now",
        by=house.actor("mother"),
        at=NOW,
    )

    assert TaskEvent.objects.get(task=task, kind="raised").note == "Call Maya back\nShe asked for it."


def test_every_step_is_in_the_audit(house: House) -> None:
    task = opened(house)
    acknowledge(task=task, by=house.actor("nurse"), at=NOW)
    finish(task=task, by=house.actor("nurse"), at=NOW, outcome="Done.")

    events = AuditEvent.objects.filter(about_id=str(task.id)).order_by("sequence")
    assert [(event.action, event.role) for event in events] == [
        ("task.opened", "prescriber"),
        ("task.acknowledged", "nurse"),
        ("task.finished", "nurse"),
    ]
    assert {house.mother.id} == {event.parent_id for event in events}


def test_words_of_a_task_are_not_in_the_database_in_clear(house: House) -> None:
    task = opened(house)
    with scopes_disabled():
        stored = Task.objects.extra(select={"words": "title || reason"}).values_list("words").get(id=task.id)[0]

    assert "Maya" not in stored
    assert "asked" not in stored


@pytest.mark.parametrize("break_it", [lambda event: event.update(kind="finished"), lambda event: event.delete()])
def test_events_of_a_task_cannot_be_changed_or_removed(house: House, break_it: Any) -> None:
    event = TaskEvent.objects.filter(task=opened(house))

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        break_it(event)


def test_administrator_sees_that_a_clinical_task_waits_but_not_what_it_is(house: House) -> None:
    task = opened(house)
    Task.objects.filter(id=task.id).update(for_everyone=True)
    task.refresh_from_db()

    assert [task] == selectors.open_tasks(house.actor("administrator"))
    assert not selectors.shows_content(house.actor("administrator"), task)
    assert selectors.shows_content(house.actor("nurse"), task)


def test_administrator_reaches_no_clinical_task_that_was_not_passed_on(house: House) -> None:
    task = opened(house)

    assert selectors.other_tasks(house.actor("administrator")) == []
    with pytest.raises(Http404):
        selectors.task_for(house.actor("administrator"), task.id)


def test_people_of_another_clinic_see_nothing(house: House, other_house: House) -> None:
    task = opened(house)
    outsider = other_house.actor("nurse")

    with scope(clinic=other_house.clinic.id):
        assert selectors.open_tasks(outsider) == []
        assert selectors.other_tasks(outsider) == []
        assert selectors.waiting(outsider).count == 0
        with pytest.raises(Http404):
            selectors.task_for(outsider, task.id)
        with pytest.raises(Http404):
            selectors.tasks_about(outsider, house.mother.id)


def test_count_tells_how_many_wait_for_this_person(house: House) -> None:
    taken = opened(house)
    opened(house)
    acknowledge(task=taken, by=house.actor("nurse"), at=NOW)

    assert selectors.waiting(house.actor("nurse")).count == 1
    assert selectors.waiting(house.actor("mother")).count == 0


def test_tasks_about_a_parent_are_those_of_her_alone(house: House) -> None:
    task = opened(house)
    opened(house, parent=house.father)

    assert [task] == selectors.tasks_about(house.actor("therapist"), house.mother.id)
