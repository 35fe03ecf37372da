"""A nurse finishes a task at the very moment in which an answer comes to it: the answer is kept, and is somebody's task."""

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.db import connections, transaction
from django_scopes import scope

from firstlight.ground.safety.models import Came, Concern
from firstlight.ground.safety.services import raise_concern
from firstlight.ground.worklist.models import OutboxMessage, Task, TaskEvent
from firstlight.ground.worklist.services import finish
from firstlight.journey.screening.models import Answer
from firstlight.journey.screening.services import answer
from tests.cast import NOW, House, harbour
from tests.journey.screening.telling import ask, was_told
from tests.journey.screening.test_passed_over import pass_over, week_set
from tests.support.interleaving import right_after_reading
from tests.support.signed_in import client_of

MINUTE = timedelta(minutes=1)


def said(house: House, strength: int, level: str = "L2") -> Task:
    """Let Maya have said something of question 9 already."""
    return raise_concern(
        parent=house.mother, level=level, source="screening:phq-9-item-9", reason="Item 9",
        asked="phq-9:q9", strength=strength, by=house.actor("mother"), at=NOW,
    ).task  # fmt: skip


def finishing(house: House, task: Task, who: str = "nurse") -> partial[Task]:
    return partial(finish, task=task, by=house.actor(who), at=NOW + MINUTE, outcome="I called her.")


@pytest.mark.parametrize(("value", "what"), [(3, "stronger"), (1, "the same")])
def test_answer_whose_task_is_finished_that_moment_is_kept_and_opens_its_own(
    house: House, value: int, what: str
) -> None:
    was_told(house)
    with scope(clinic=house.clinic.id):
        earlier = said(house, 1)
        question_set = ask(house, "week", NOW)
    with time_machine.travel(NOW + MINUTE, tick=False), scope(clinic=house.clinic.id):
        maya = client_of(house.mother)
        with right_after_reading("worklist_task", finishing(house, earlier)):
            sent = maya.post(f"/me/q/{question_set.id}/9/", {"item": "phq-9:q9", "value": str(value)})

        assert sent.status_code in {200, 302, 303}, what
        assert Answer.objects.get(item="q9").value == value
        concern = Concern.objects.order_by("-at", "-id")[0]
        assert (concern.came, concern.task.finished_at) == (Came.OPENED, None)
        assert concern.task_id != earlier.id
        assert OutboxMessage.objects.filter(task=concern.task).exists()


def test_answer_that_is_changed_while_its_task_is_finished_is_kept(house: House) -> None:
    with scope(clinic=house.clinic.id):
        question_set, by = ask(house, "week", NOW), house.actor("mother")
        answer(question_set=question_set, item="phq-9:q9", value=2, by=by, at=NOW)
        task = Task.objects.get(kind="concern")
        with right_after_reading("worklist_task", finishing(house, task)):
            answer(question_set=question_set, item="phq-9:q9", value=0, by=by, at=NOW + MINUTE)

        assert list(Answer.objects.order_by("answered_at").values_list("value", flat=True)) == [2, 0]
        assert TaskEvent.objects.filter(task=task).order_by("-sequence")[0].kind == "finished"


def test_question_passed_over_while_the_task_to_ask_aloud_is_finished_opens_its_own(house: House) -> None:
    pass_over(house, week_set(house), "phq-9:q9")
    with scope(clinic=house.clinic.id):
        earlier = Task.objects.get(kind="ask-aloud")
    with right_after_reading("worklist_task", finishing(house, earlier), naming="ask-aloud"):
        pass_over(house, week_set(house), "phq-9:q9")
    with scope(clinic=house.clinic.id):
        assert Task.objects.filter(kind="ask-aloud", finished_at=None).count() == 1
        assert Task.objects.filter(kind="ask-aloud").count() == 2


def together(*acts: Callable[[], None]) -> list[BaseException]:
    """Let each act run in a thread and on a connection of its own; return what went wrong."""
    troubles = list[BaseException]()

    def work(act: Callable[[], None]) -> None:
        try:
            act()
        except BaseException as trouble:  # noqa: BLE001 - the test looks at it
            troubles.append(trouble)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return troubles


def test_prescriber_finishes_in_one_transaction_while_the_answer_comes_in_another(own_database: None) -> None:
    """Two connections: the answer waits for the end of the task, and is then a task of its own."""
    house = harbour()
    finished = threading.Event()
    with scope(clinic=house.clinic.id):
        earlier = said(house, 1, "L3")
        question_set = ask(house, "week", NOW)

    def clear() -> None:
        with scope(clinic=house.clinic.id), transaction.atomic():
            finishing(house, earlier, "prescriber")()
            finished.set()
            threading.Event().wait(1.0)  # the answer comes now, before this is committed

    def say() -> None:
        finished.wait(timeout=30)
        with scope(clinic=house.clinic.id):
            by = house.actor("mother")
            answer(question_set=question_set, item="phq-9:q9", value=3, by=by, at=NOW + MINUTE)

    assert together(clear, say) == []
    with scope(clinic=house.clinic.id):
        assert Answer.objects.get(item="q9").value == 3
        assert Task.objects.filter(kind="concern", finished_at=None).exclude(id=earlier.id).count() == 1
