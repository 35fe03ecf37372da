"""The lists of tasks and the help screens know the safety plan; a headline that was wrong does not stay."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from firstlight.ground.safety.models import Concern
from firstlight.ground.safety.said import tasks_in_plan
from firstlight.ground.safety.services import raise_concern
from firstlight.ground.worklist.models import Task, TaskEvent
from firstlight.ground.worklist.selectors import all_shown_to, open_tasks
from firstlight.journey.screening.services import link_for
from tests.cast import NOW, House
from tests.journey.screening.telling import answer_all, ask, was_told
from tests.journey.screening.test_correcting_paper import CALM, correct, enter, take_back
from tests.journey.screening.test_in_the_plan import DAY, WEEK, close_tasks, ease, plan_at, say, talked
from tests.support.reading import words_of
from tests.support.signed_in import client_of


@pytest.fixture(autouse=True)
def _inside_harbour(house: House) -> Iterator[None]:
    with time_machine.travel(NOW + 2 * WEEK, tick=False), scope(clinic=house.clinic.id):
        yield


def rows(house: House, role: str = "nurse") -> list[str]:
    """Return what the list says beside each open concern of a role."""
    actor = house.actor(role)
    concerns = [task for task in open_tasks(actor) if task.kind == "concern"]
    return [one.note.says if one.note else "" for one in all_shown_to(actor, concerns)]


def in_the_plan(house: House) -> Concern:
    say(house, "week", "phq-9:q9", 1, NOW)
    talked(house, NOW + DAY)
    say(house, "week", "phq-9:q9", 1, NOW + WEEK)
    return Concern.objects.order_by("-at")[0]


def test_row_of_what_the_plan_holds_says_so_with_a_link(house: House) -> None:
    in_the_plan(house)

    page = client_of(house.nurse).get("/clinic/tasks/").content.decode()

    assert "In the safety plan" in page
    assert f'href="/clinic/people/{house.mother.id}/safety-plan/"' in page


def test_first_page_of_the_clinic_says_so_too(house: House) -> None:
    in_the_plan(house)

    assert "In the safety plan" in words_of(client_of(house.nurse).get("/clinic/").content.decode())


@pytest.mark.parametrize("story", ["no plan", "stronger", "eased", "another question", "older plan"])
def test_row_of_what_no_plan_holds_says_nothing(house: House, story: str) -> None:
    if story == "older plan":
        plan_at(house, NOW - DAY)
    say(house, "week", "phq-9:q9", 1, NOW)
    if story not in {"no plan", "older plan"}:
        talked(house, NOW + DAY)
    if story == "eased":
        ease(house, "week", "phq-9:q9", NOW + 2 * DAY)
    if story == "another question":
        say(house, "day", "check-in:harm", 1, NOW + WEEK)
    elif story not in {"no plan", "older plan"}:
        say(house, "week", "phq-9:q9", 2 if story == "stronger" else 1, NOW + WEEK)

    assert rows(house) == [""]


def test_task_that_rests_on_something_else_as_well_says_nothing(house: House) -> None:
    in_the_plan(house)
    say(house, "day", "check-in:harm", 1, NOW + WEEK + DAY)

    assert rows(house) == [""]


def test_thoughts_of_dying_now_are_in_no_plan(house: House) -> None:
    say(house, "first", "asq:q5", 1, NOW)
    talked(house, NOW + DAY)
    say(house, "first", "asq:q5", 1, NOW + WEEK)

    assert rows(house, "prescriber") == [""]


def test_answer_whose_ground_was_wrong_is_in_the_plan_no_more(house: House) -> None:
    wrong = enter(house, CALM | {"q10": 3})
    talked(house, NOW + DAY)
    raise_concern(
        parent=house.mother, level="L2", source="screening:epds-item-10", asked="epds:q10", strength=2,
        reason="Said.", by=house.actor("mother"), at=NOW + 2 * DAY,
    )  # fmt: skip
    source = Concern.objects.order_by("at")[0].source
    assert source == "screening:epds-item-10"
    assert rows(house) == ["In the safety plan"]

    correct(house, wrong, CALM | {"q10": 1}, at=NOW + 3 * DAY)

    assert rows(house) == [""]


def test_wrong_form_that_is_corrected_to_what_the_plan_holds_leaves_a_task_that_says_so(house: House) -> None:
    enter(house, CALM | {"q10": 1}, day=NOW.date() - timedelta(days=9))
    talked(house, NOW + DAY)
    wrong = enter(house, CALM | {"q10": 3}, at=NOW + 2 * DAY)
    assert rows(house) == [""]

    correct(house, wrong, CALM | {"q10": 1}, at=NOW + 3 * DAY)

    assert rows(house) == ["In the safety plan"]


def test_administrator_and_outsider_read_nothing_of_a_plan(house: House, other_house: House) -> None:
    concern = in_the_plan(house)
    task = Task.objects.get(id=concern.task_id)
    task.role = "administrator"
    task.save(update_fields=["role"])

    assert "safety plan" not in words_of(client_of(house.administrator).get("/clinic/tasks/").content.decode()).lower()
    with scope(clinic=other_house.clinic.id):
        assert rows(other_house) == []


def test_longer_list_asks_no_more_queries(house: House) -> None:
    def asked() -> int:
        tasks = open_tasks(house.actor("nurse"))
        with CaptureQueriesContext(connection) as queries:
            all_shown_to(house.actor("nurse"), tasks)
        return len(queries)

    in_the_plan(house)
    before = asked()
    for number in range(5):
        by, at = house.actor("father"), NOW + number * DAY
        raise_concern(
            parent=house.father, level="L2", source="x", asked=f"x:{number}", strength=1, reason="Said.", by=by, at=at
        )
        close_tasks(house, at) if number < 4 else None
    say(house, "week", "phq-9:q9", 1, NOW + WEEK + DAY)

    assert asked() == before


def test_tasks_of_nobody_are_in_no_plan() -> None:
    assert tasks_in_plan([]) == {}


# The headline of a task that was wrong


def test_headline_of_a_task_that_rests_on_nothing_any_more_says_so_and_the_old_one_stays_in_its_history(
    house: House,
) -> None:
    wrong = enter(house, CALM | {"q10": 3})
    task = Task.objects.get(kind="concern")
    before = task.title

    take_back(house, wrong)

    task.refresh_from_db()
    note = TaskEvent.objects.filter(task=task).order_by("-sequence")[0]
    assert task.title == "Safety: entered wrongly, look and finish"
    assert "Scored: 3" not in task.reason
    assert "should not stand in this record" in task.reason
    assert before in note.note
    assert "Scored: 3" in note.note
    assert (task.finished_at, task.urgency) == (None, "today")


def test_headline_names_what_is_left_of_a_task(house: House) -> None:
    by = house.actor("mother")
    raise_concern(parent=house.mother, level="L1", source="y", reason="A hard night.", by=by, at=NOW - DAY)
    wrong = enter(house, CALM | {"q10": 3})
    task = Task.objects.get(kind="concern")
    assert task.title == "Safety: contact today"

    take_back(house, wrong)

    task.refresh_from_db()
    assert task.title == "Safety: low risk, look at the answers"
    assert task.reason.startswith("A hard night.")


def test_answer_that_still_asks_for_help_keeps_its_headline_with_what_is_right(house: House) -> None:
    wrong = enter(house, CALM | {"q10": 3})

    correct(house, wrong, CALM | {"q10": 1})

    task = Task.objects.get(kind="concern")
    assert task.title == "Safety: contact today"
    assert "Question 10: entered as 3, it is 1." in task.reason
    assert "A clinician talks with the parent the same day" in task.reason


# Help on the parent's screen


@pytest.mark.parametrize("plan", [True, False])
def test_help_of_the_check_in_leads_to_her_plan_when_there_is_one(house: House, plan: bool) -> None:
    was_told(house)
    if plan:
        plan_at(house, NOW)
    question_set = ask(house, "day", NOW + WEEK)
    answer_all(house, question_set, leave="check-in:harm", at=NOW + WEEK)
    maya = client_of(house.mother)

    check_in = maya.get(f"/me/q/{question_set.id}/4/").content.decode()
    sent = maya.post(f"/me/q/{question_set.id}/4/", {"item": "check-in:harm", "value": "1"})
    page = maya.get(sent["Location"]).content.decode()

    help_screen = check_in[check_in.index("data-help hidden") : check_in.index("data-go-on")]
    assert ('href="/me/help/#plan"' in help_screen) is plan
    assert "help" in sent["Location"]
    assert ('href="/me/help/#plan"' in page) is plan


def test_link_without_sign_in_names_no_plan(house: House) -> None:
    was_told(house)
    plan_at(house, NOW)
    question_set = ask(house, "day", NOW + WEEK)
    address = link_for(question_set=question_set, by=house.actor("nurse"), at=NOW + WEEK)
    answer_all(house, question_set, leave="check-in:harm", at=NOW + WEEK)
    nobody = Client()

    page = nobody.get(f"{address}4/").content.decode()
    sent = nobody.post(f"{address}4/", {"item": "check-in:harm", "value": "1"})

    assert "data-help hidden" in page
    assert "#plan" not in page
    assert "#plan" not in nobody.get(sent["Location"]).content.decode()
