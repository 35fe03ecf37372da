"""A paper form that was entered wrongly, its task finished and a safety plan written on it: the plan holds what was true."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django_scopes import scope
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firstlight.ground.safety.models import Came, Concern
from firstlight.ground.worklist.models import OutboxMessage, Task, TaskEvent
from firstlight.journey.screening.models import PaperForm
from firstlight.journey.screening.services import answer, correct_paper, enter_paper, take_back_paper
from tests.cast import NOW, House
from tests.journey.screening.telling import ask, bring_text
from tests.journey.screening.test_in_the_plan import close_tasks, plan_at, talked
from tests.support.reading import words_of
from tests.support.scale import STORIES
from tests.support.signed_in import client_of

DAY, WEEK = timedelta(days=1), timedelta(days=7)
CALM = {f"q{number}": 1 for number in range(1, 10)}
ASKED = "epds:q10"


@pytest.fixture(autouse=True)
def _inside_harbour(house: House) -> Iterator[None]:
    with time_machine.travel(NOW + 9 * WEEK, tick=False), scope(clinic=house.clinic.id):
        bring_text(house, "epds")
        yield


def on_paper(house: House, strength: int, *, weeks: float) -> PaperForm:
    """Enter Maya's EPDS so many weeks after the story began; it was filled in the day before."""
    at = NOW + weeks * WEEK
    kept = enter_paper(
        episode=house.episode,
        instrument="epds",
        values=CALM | {"q10": strength},
        filled_in_date=(at - DAY).date(),
        handed_in_by="parent",
        entered_twice=False,
        by=house.actor("nurse"),
        at=at,
    )
    return PaperForm.objects.get(question_set=kept)


def correct(house: House, form: PaperForm, strength: int | None, *, weeks: float, **items: int) -> PaperForm:
    kept = correct_paper(
        form=form,
        values=CALM | items | {"q10": strength},
        filled_in_date=form.filled_in_date,
        handed_in_by="parent",
        entered_twice=False,
        reason="Typed one line too low.",
        by=house.actor("nurse"),
        at=NOW + weeks * WEEK,
    )
    return PaperForm.objects.get(question_set=kept)


def say(house: House, strength: int, *, weeks: float) -> tuple[bool, bool]:
    """Let Maya answer EPDS 10 herself; return whether help fills the screen, and whether her plan holds it."""
    at = NOW + weeks * WEEK
    tapped = ask(house, "mood-birth", at)
    concern = answer(question_set=tapped, item=ASKED, value=strength, by=house.actor("mother"), at=at).concern
    assert concern is not None
    return concern.new, concern.planned


FILLS_THE_SCREEN, SHORT_CARD = (True, False), (False, True)


@pytest.mark.parametrize("become", [1, 0, None, "taken back"])
def test_true_answer_that_is_stronger_than_the_corrected_one_is_not_in_the_plan(
    house: House, become: int | str | None
) -> None:
    form = on_paper(house, 3, weeks=0)
    talked(house, NOW + WEEK)
    if become == "taken back":
        take_back_paper(form=form, reason="Another's.", by=house.actor("nurse"), at=NOW + 2 * WEEK)
    else:
        correct(house, form, become, weeks=2)

    assert say(house, 2, weeks=4) == FILLS_THE_SCREEN


def test_true_answer_as_strong_as_the_corrected_one_is_in_the_plan(house: House) -> None:
    form = on_paper(house, 3, weeks=0)
    talked(house, NOW + WEEK)
    correct(house, form, 2, weeks=2)

    assert say(house, 2, weeks=4) == SHORT_CARD


def test_corrected_answer_leaves_the_finished_task_as_it_was(house: House) -> None:
    form = on_paper(house, 3, weeks=0)
    talked(house, NOW + WEEK)
    task, pages = Task.objects.get(kind="concern"), OutboxMessage.objects.count()
    events = TaskEvent.objects.filter(task=task).count()

    correct(house, form, 1, weeks=2)

    assert TaskEvent.objects.filter(task=task).count() == events
    assert Task.objects.filter(kind="concern").count() == 1
    assert OutboxMessage.objects.count() == pages
    lowered = Concern.objects.get(came=Came.LOWERED)
    assert (lowered.task, lowered.strength, lowered.said_in) == (task, 1, form.question_set_id)


def test_what_she_had_said_before_the_wrong_form_is_what_the_plan_holds(house: House) -> None:
    say(house, 1, weeks=0)
    wrong = on_paper(house, 3, weeks=1)
    talked(house, NOW + 2 * WEEK)
    take_back_paper(form=wrong, reason="Another's.", by=house.actor("nurse"), at=NOW + 3 * WEEK)

    assert say(house, 1, weeks=4) == SHORT_CARD
    close_tasks(house, NOW + 5 * WEEK)
    assert say(house, 2, weeks=6) == FILLS_THE_SCREEN


def test_wrong_form_after_the_plan_does_not_make_her_known_answer_new(house: House) -> None:
    say(house, 1, weeks=0)
    talked(house, NOW + WEEK)
    wrong = on_paper(house, 3, weeks=2)
    close_tasks(house, NOW + 3 * WEEK)
    correct(house, wrong, 1, weeks=3)

    assert say(house, 1, weeks=5) == SHORT_CARD


def test_answer_that_grew_after_a_corrected_one_is_new_until_the_next_plan(house: House) -> None:
    form = on_paper(house, 3, weeks=0)
    plan_at(house, NOW + WEEK)
    correct(house, form, 1, weeks=2)
    close_tasks(house, NOW + 2 * WEEK + DAY)
    assert say(house, 2, weeks=4) == FILLS_THE_SCREEN
    close_tasks(house, NOW + 5 * WEEK)

    assert say(house, 2, weeks=6) == FILLS_THE_SCREEN
    close_tasks(house, NOW + 7 * WEEK)
    plan_at(house, NOW + 7 * WEEK, words="A walk, then Ada.")
    assert say(house, 2, weeks=8) == SHORT_CARD


def test_correction_of_a_correction_reaches_what_the_first_form_brought(house: House) -> None:
    """The second form left question 10 alone, and told nobody again: what stands of it is the first form's."""
    first = on_paper(house, 3, weeks=0)
    talked(house, NOW + WEEK)
    second = correct(house, first, 3, weeks=2, q3=3)
    assert Concern.objects.count() == 1
    correct(house, second, 1, weeks=3, q3=3)

    assert say(house, 3, weeks=5) == FILLS_THE_SCREEN


def test_stronger_correction_after_the_plan_is_new_and_not_in_it(house: House) -> None:
    form = on_paper(house, 1, weeks=0)
    talked(house, NOW + WEEK)
    correct(house, form, 3, weeks=2)

    assert Concern.objects.order_by("-at")[0].is_new
    close_tasks(house, NOW + 3 * WEEK)
    assert say(house, 3, weeks=5) == FILLS_THE_SCREEN


def test_her_own_answer_in_the_open_task_stays_known_when_the_paper_beside_it_was_wrong(house: House) -> None:
    wrong = on_paper(house, 3, weeks=0)
    say(house, 2, weeks=2)
    correct(house, wrong, 1, weeks=3)

    say(house, 2, weeks=5)

    assert Concern.objects.order_by("-at")[0].came == Came.JOINED


def test_task_no_longer_says_that_the_plan_holds_an_answer_whose_ground_was_wrong(house: House) -> None:
    wrong = on_paper(house, 3, weeks=0)
    talked(house, NOW + WEEK)
    say(house, 2, weeks=2)
    task, nurse = Task.objects.get(kind="concern", finished_at=None), client_of(house.nurse)
    before = words_of(nurse.get(f"/clinic/tasks/{task.id}/").content.decode())

    correct(house, wrong, 1, weeks=3)

    assert "The same answer stood before it was written." in before
    after = words_of(nurse.get(f"/clinic/tasks/{task.id}/").content.decode())
    assert "The same answer stood before it was written." not in after
    assert "It was taken as known. What it was taken from is corrected, so that it counts as new." in after


@pytest.mark.parametrize("become", [1, None, "taken back"])
def test_answer_that_the_plan_held_wrongly_opens_a_task_with_a_clock_when_its_own_was_finished(
    house: House, become: int | str | None
) -> None:
    wrong = on_paper(house, 3, weeks=0)
    talked(house, NOW + WEEK)
    assert say(house, 2, weeks=2) == SHORT_CARD
    close_tasks(house, NOW + 2 * WEEK + DAY)
    if become == "taken back":
        take_back_paper(form=wrong, reason="Another's.", by=house.actor("nurse"), at=NOW + 3 * WEEK)
    else:
        correct(house, wrong, become, weeks=3)

    task = Task.objects.get(kind="concern", finished_at=None)
    concern = Concern.objects.get(task=task)
    assert (concern.came, concern.is_new, concern.strength, concern.at) == (Came.OPENED, True, 2, NOW + 3 * WEEK)
    assert task.acknowledge_by is not None
    assert task.acknowledge_by > NOW + 3 * WEEK
    close_tasks(house, NOW + 4 * WEEK)
    assert say(house, 2, weeks=5) == FILLS_THE_SCREEN


def test_answer_that_the_plan_held_wrongly_starts_the_clock_of_its_open_task_again_and_once(house: House) -> None:
    wrong = on_paper(house, 3, weeks=0)
    talked(house, NOW + WEEK)
    say(house, 2, weeks=2)
    task = Task.objects.get(kind="concern", finished_at=None)
    second = correct(house, wrong, 1, weeks=3)

    again = Task.objects.get(kind="concern", finished_at=None)
    assert again.id == task.id
    assert again.acknowledge_by is not None
    assert again.acknowledge_by > NOW + 3 * WEEK
    take_back_paper(form=second, reason="Another's.", by=house.actor("nurse"), at=NOW + 4 * WEEK)
    assert Concern.objects.filter(task=task, came=Came.RAISED).count() == 1


def test_answer_that_the_plan_still_holds_after_the_correction_pages_nobody(house: House) -> None:
    wrong = on_paper(house, 3, weeks=0)
    talked(house, NOW + WEEK)
    say(house, 2, weeks=2)
    close_tasks(house, NOW + 2 * WEEK + DAY)

    correct(house, wrong, 2, weeks=3)

    assert not Task.objects.filter(kind="concern", finished_at=None).exists()


@pytest.mark.parametrize("become", [1, None, "taken back"])
def test_answer_that_joined_a_task_opened_by_a_wrong_form_starts_its_clock_when_the_form_is_corrected(
    house: House, become: int | str | None
) -> None:
    """There is no plan. Two answers were taken as the same again; the stronger of them, the later of equals, counts as new."""
    wrong = on_paper(house, 3, weeks=0)
    say(house, 2, weeks=1)
    say(house, 2, weeks=2)
    task = Task.objects.get(kind="concern")
    if become == "taken back":
        take_back_paper(form=wrong, reason="Another's.", by=house.actor("nurse"), at=NOW + 3 * WEEK)
    else:
        correct(house, wrong, become, weeks=3)

    raised = Concern.objects.get(came=Came.RAISED)
    assert (raised.task, raised.strength, raised.at) == (task, 2, NOW + 3 * WEEK)
    task.refresh_from_db()
    assert task.clock_began_at == NOW + 3 * WEEK
    assert "What it was taken from is corrected, so that it counts as new." in task.reason


def test_answer_that_is_the_same_again_beside_the_corrected_form_pages_nobody(house: House) -> None:
    wrong = on_paper(house, 3, weeks=0)
    say(house, 2, weeks=1)
    correct(house, wrong, 2, weeks=3)

    assert not Concern.objects.filter(came=Came.RAISED).exists()
    assert Task.objects.get(kind="concern").clock_began_at == NOW


def test_answer_whose_task_somebody_finished_with_it_stays_finished_when_the_form_is_corrected(house: House) -> None:
    """Whoever finished it had read the answer, beside a form that said more than was true."""
    wrong = on_paper(house, 3, weeks=0)
    say(house, 2, weeks=1)
    close_tasks(house, NOW + 2 * WEEK)
    correct(house, wrong, 1, weeks=3)

    assert not Task.objects.filter(kind="concern", finished_at=None).exists()


STEP = st.tuples(st.sampled_from(["paper", "say"]), st.integers(1, 3), st.integers(0, 3)).map(
    lambda step: (step[0], step[1], min(step[1], step[2]))
)


@settings(max_examples=STORIES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=1, max_size=4), again=st.integers(1, 3))
def test_after_all_corrections_the_plan_holds_what_it_would_hold_had_nobody_slipped(
    house: House, steps: list[tuple[str, int, int]], again: int
) -> None:
    """Each step: how, as entered, and as it is, never stronger; her own answers are as entered. Corrections follow the plan."""

    def story(*, slips: bool) -> tuple[bool, bool]:
        with transaction.atomic():
            wrong: list[tuple[PaperForm, int]] = []
            for number, (how, entered, true) in enumerate(steps):
                if how == "say":
                    say(house, entered, weeks=number * 0.5)
                else:
                    form = on_paper(house, entered if slips else true, weeks=number * 0.5)
                    wrong += [(form, true)] if slips and true < entered else []
            talked(house, NOW + 3 * WEEK)
            for form, true in wrong:
                correct(house, form, true, weeks=4)
            said = say(house, again, weeks=6)
            transaction.set_rollback(True)
        return said

    assert story(slips=True) == story(slips=False)
