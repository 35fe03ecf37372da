"""A question about harm that was passed over is asked aloud: one task, nobody paged, nothing opened by a quiet no."""

from datetime import timedelta

import pytest
from django_scopes import scope

from firstlight.clinical.instruments import instrument
from firstlight.ground.safety.models import Concern
from firstlight.ground.worklist.models import Task, TaskEvent
from firstlight.journey.screening.models import QuestionSet
from firstlight.journey.screening.services import assign, complete, enter_paper, skip
from tests.cast import NOW, House
from tests.journey.screening.telling import answer_all, bring_text, was_told
from tests.support.signed_in import client_of


def week_set(house: House) -> QuestionSet:
    was_told(house)
    with scope(clinic=house.clinic.id):
        return assign(
            parent=house.mother, episode=house.episode, set_name="week", by=house.actor("nurse"),
            at=NOW,
        )  # fmt: skip


def pass_over(house: House, question_set: QuestionSet, key: str) -> None:
    """Answer calmly, but pass one question over."""
    answer_all(house, question_set, leave=key, at=NOW)
    with scope(clinic=house.clinic.id):
        skip(question_set=question_set, item=key, by=house.actor("mother"), at=NOW)
    answer_all(house, question_set, at=NOW)
    with scope(clinic=house.clinic.id):
        complete(question_set=question_set, by=house.actor("mother"), at=NOW)


def test_question_about_death_that_was_passed_over_is_asked_aloud(house: House, other_house: House) -> None:
    pass_over(house, week_set(house), "phq-9:q9")
    with scope(clinic=house.clinic.id):
        task = Task.objects.get(kind="ask-aloud")
        kinds = list(TaskEvent.objects.filter(task=task).values_list("kind", flat=True))

        assert (task.parent_id, task.role, task.urgency) == (house.mother.id, "nurse", "routine")
        assert "ask aloud" in task.title
        assert "question 9: Thoughts that you would be better off dead" in task.reason
        assert kinds == ["opened"]
        assert not Concern.objects.exists()
    assert client_of(other_house.nurse).get(f"/clinic/tasks/{task.id}/").status_code == 404


def test_another_question_that_was_passed_over_opens_nothing(house: House) -> None:
    pass_over(house, week_set(house), "phq-9:q2")
    with scope(clinic=house.clinic.id):
        assert not Task.objects.filter(kind="ask-aloud").exists()


def test_again_passed_over_it_joins_the_task_that_is_open(house: House) -> None:
    for _time in range(2):
        pass_over(house, week_set(house), "phq-9:q9")
    with scope(clinic=house.clinic.id):
        task = Task.objects.get(kind="ask-aloud")
        assert list(TaskEvent.objects.filter(task=task).values_list("kind", flat=True)) == ["opened", "joined"]


@pytest.mark.parametrize(("item_10", "asked"), [(None, 1), (0, 0)])
def test_empty_box_of_a_paper_form_is_asked_aloud_too(house: House, item_10: int | None, asked: int) -> None:
    values = {f"q{number}": 0 for number in range(1, 10)} | {"q10": item_10}
    with scope(clinic=house.clinic.id):
        enter_paper(
            episode=house.episode, instrument="epds", values=values, filled_in_date=(NOW - timedelta(days=1)).date(),
            handed_in_by="parent", entered_twice=False, by=house.actor("nurse"), at=NOW,
        )  # fmt: skip
        assert Task.objects.filter(kind="ask-aloud").count() == asked


def test_questions_that_a_paper_form_does_not_put_are_not_asked_aloud(house: House) -> None:
    """The C-SSRS goes on to questions 3 to 5 only after a yes to 2: left empty after a no, they were not passed over."""
    keys = instrument("c-ssrs").keys
    bring_text(house, "c-ssrs")
    values = dict.fromkeys(keys) | {"q1": 0, "q2": 0, "q6": 0}
    with scope(clinic=house.clinic.id):
        enter_paper(
            episode=house.episode, instrument="c-ssrs", values=values, filled_in_date=(NOW - timedelta(days=1)).date(),
            handed_in_by="parent", entered_twice=False, by=house.actor("nurse"), at=NOW,
        )  # fmt: skip
        assert not Task.objects.filter(kind="ask-aloud").exists()


def test_task_is_to_be_taken_within_the_minutes_of_the_ladder(house: House) -> None:
    pass_over(house, week_set(house), "phq-9:q9")
    with scope(clinic=house.clinic.id):
        assert Task.objects.get(kind="ask-aloud").acknowledge_by == NOW + timedelta(minutes=1440)
