"""A concern that is raised while a dose is given stands above the live session, and is a task at the chair. Charting goes on."""

from typing import Any

import pytest

from firstlight.ground.people.permissions import Permission
from firstlight.ground.safety.services import raise_concern
from firstlight.ground.worklist.models import OutboxMessage, Task
from firstlight.ground.worklist.services import finish
from firstlight.journey.dosing.models import SessionState
from firstlight.journey.dosing.raised import raised_in
from firstlight.journey.dosing.services import pause_infusion
from tests.journey.dosing.telling import Chair
from tests.support.signed_in import client_of


def concern(chair: Chair, level: str = "L4", source: str = "screening:mind-talk-psychosis", **more: Any) -> Any:
    said = {"reason": "Hears voices.", "by": chair.by("therapist"), "at": chair.now} | more
    return chair.scoped(lambda: raise_concern(parent=chair.house.mother, level=level, source=source, **said))


def chair_tasks(chair: Chair) -> list[Task]:
    return chair.scoped(lambda: list(Task.objects.filter(kind="at-the-chair")))


@pytest.mark.begins("infusing")
def test_it_is_a_task_at_the_chair_that_pages_the_nurse_there(chair: Chair) -> None:
    concern(chair)

    [task] = chair_tasks(chair)
    assert (task.owner, task.urgency, task.link_id) == (chair.house.nurse, "now", str(chair.open.id))
    assert "Hears voices." in task.reason
    nurse = chair.house.nurse.account.email
    assert nurse in chair.scoped(lambda: [one.to for one in OutboxMessage.objects.filter(task=task)])


@pytest.mark.begins("infusing")
def test_one_task_a_session_is_raised_again_by_what_comes_next(chair: Chair) -> None:
    concern(chair)
    concern(chair, "L2", "screening:phq-9-item-9", reason="Item 9: 2")

    [task] = chair_tasks(chair)
    assert "Item 9: 2" in task.reason


@pytest.mark.begins("infusing")
def test_banner_names_what_was_raised_and_by_which_rule_and_charting_stays(
    chair: Chair, django_assert_max_num_queries: Any
) -> None:
    concern(chair)
    client = client_of(chair.house.nurse)
    with django_assert_max_num_queries(20):
        page = client.get(f"/clinic/sessions/{chair.open.id}/live/").content.decode()

    assert "Safety: danger now, call" in page
    assert "Hears voices." in page
    assert "Rule: mind-talk-psychosis" in page
    # what is locked is the start of a dose: a session that runs is not, and no sentence says so
    assert "No dose starts until a prescriber has cleared it. This session is charted to its end." in page
    assert "locked" not in page
    whole = client.get(f"/clinic/sessions/{chair.open.id}/").content.decode()
    assert whole.index("Hears voices.") < whole.index('data-region="readings"')
    chair.chart(sbp=120, dbp=80)
    chair.scoped(lambda: pause_infusion(session=chair.open, reason="To look.", by=chair.by("nurse"), at=chair.now))
    assert chair.open.state == SessionState.PAUSED


@pytest.mark.begins("infusing")
def test_what_was_finished_or_stood_before_the_start_is_in_no_banner(chair: Chair) -> None:
    assert chair.scoped(lambda: raised_in(chair.open, chair.by("nurse"))) == []
    task = concern(chair).task
    assert len(chair.scoped(lambda: raised_in(chair.open, chair.by("nurse")))) == 1

    chair.scoped(lambda: finish(task=task, by=chair.by("prescriber"), at=chair.now, outcome="Seen, and safe."))

    assert chair.scoped(lambda: raised_in(chair.open, chair.by("nurse"))) == []


@pytest.mark.begins("infusing")
def test_who_may_read_no_answers_sees_the_level_and_not_the_words(chair: Chair) -> None:
    concern(chair)
    chair.house.nurse.denied = [Permission.ANSWERS_READ]

    [one] = chair.scoped(lambda: raised_in(chair.open, chair.by("nurse")))

    assert (one.title, one.said, one.rule, one.note) == ("Safety: danger now, call", "", "", "")


@pytest.mark.begins("infusing")
def test_low_risk_and_what_was_charted_there_make_no_task_at_the_chair(chair: Chair) -> None:
    concern(chair, "L1", "screening:pcl-5-item-16")
    concern(chair, "L3", "session:changed")

    assert chair_tasks(chair) == []


@pytest.mark.begins("infusing")
def test_concern_about_somebody_who_sits_in_no_chair_is_no_task_there(chair: Chair) -> None:
    chair.scoped(
        lambda: raise_concern(
            parent=chair.house.father, level="L4", source="screening:asq-acute", reason="Yes.",
            by=chair.by("father"), at=chair.now,
        )
    )  # fmt: skip

    assert chair_tasks(chair) == []


@pytest.mark.begins("infusing")
def test_task_at_the_chair_is_closed_with_its_concern(chair: Chair) -> None:
    task = concern(chair).task
    chair.scoped(lambda: finish(task=task, by=chair.by("prescriber"), at=chair.now, outcome="Seen, and safe."))

    [at_the_chair] = chair_tasks(chair)
    assert (at_the_chair.finished_at, at_the_chair.outcome) == (chair.now, "The concern was cleared.")


@pytest.mark.begins("infusing")
def test_task_at_the_chair_that_somebody_finished_lets_the_concern_stand(chair: Chair) -> None:
    task = concern(chair).task
    chair.scoped(lambda: finish(task=chair_tasks(chair)[0], by=chair.by("nurse"), at=chair.now, outcome="Looked."))

    assert chair.scoped(lambda: Task.objects.get(id=task.id)).finished_at is None
