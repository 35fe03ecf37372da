"""An answer that the safety plan holds: still a task with its clock, but a short card for her who has said it before."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django_scopes import scope
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firstlight.ground.people.models import Parent
from firstlight.ground.safety.models import Came, Concern, SafetyPlan
from firstlight.ground.safety.said import plan_that_holds
from firstlight.ground.safety.services import raise_concern, write_safety_plan
from firstlight.ground.worklist.models import OutboxMessage, Task
from firstlight.ground.worklist.services import acknowledge, finish
from firstlight.journey.screening.services import Concern as SetOff
from firstlight.journey.screening.services import answer, link_for
from tests.cast import NOW, House
from tests.journey.screening.telling import answer_all, ask
from tests.support.reading import words_of
from tests.support.scale import STORIES
from tests.support.signed_in import client_of

DAY, WEEK = timedelta(days=1), timedelta(days=14)


@pytest.fixture(autouse=True)
def _inside_harbour(house: House) -> Iterator[None]:
    with scope(clinic=house.clinic.id):
        yield


def say(house: House, name: str, item: str, value: int, at: datetime) -> SetOff:
    """Answer one question of a new set, so that it asks for help."""
    concern = answer(question_set=ask(house, name, at), item=item, value=value, by=house.actor("mother"), at=at).concern
    assert concern is not None
    return concern


def ease(house: House, name: str, item: str, at: datetime) -> None:
    """Answer one question of a new set with a plain no."""
    kept = answer(question_set=ask(house, name, at), item=item, value=0, by=house.actor("mother"), at=at)
    assert kept.concern is None


def plan_at(house: House, at: datetime, *, parent: Parent | None = None, words: str = "A walk.") -> SafetyPlan:
    by = house.actor("nurse")
    return write_safety_plan(parent=parent or house.mother, steps={"alone": words}, by=by, at=at)


def close_tasks(house: House, at: datetime) -> None:
    for task in Task.objects.filter(kind="concern", finished_at=None):
        finish(task=task, by=house.actor("prescriber"), at=at, outcome="We talked and wrote the plan.")


def talked(house: House, at: datetime) -> SafetyPlan:
    """Write the plan and finish the task."""
    plan = plan_at(house, at)
    close_tasks(house, at)
    return plan


@pytest.mark.parametrize(
    ("name", "item", "value", "again"),
    [("week", "phq-9:q9", 2, 2), ("week", "phq-9:q9", 2, 1), ("day", "check-in:harm", 1, 1), ("first", "asq:q1", 1, 2)],
)
def test_unchanged_or_weaker_answer_after_the_plan_is_a_short_card_and_a_task_of_its_own(
    house: House, name: str, item: str, value: int, again: int
) -> None:
    assert say(house, name, item, value, NOW).new
    plan = talked(house, NOW + DAY)

    said = say(house, name, item, again, NOW + WEEK)

    assert (said.new, said.planned) == (False, True)
    task = Task.objects.get(kind="concern", finished_at=None)
    assert task.acknowledged_at is None
    assert task.opened_at == NOW + WEEK
    latest = Concern.objects.get(task=task)
    assert (latest.came, latest.known_in) == (Came.OPENED, plan)


def test_task_of_an_answer_in_the_plan_has_the_clock_and_the_page_of_its_level(house: House) -> None:
    """The first task and the one after the plan are told to the same people within the same minutes."""
    by, words = house.actor("mother"), {"level": "L3", "source": "screening:x", "reason": "Said.", "asked": "x:1"}
    first = raise_concern(parent=house.mother, **words, strength=1, by=by, at=NOW).task
    talked(house, NOW + DAY)

    again = raise_concern(parent=house.mother, **words, strength=1, by=by, at=NOW + WEEK)

    assert again.known_in is not None
    assert again.task.acknowledge_by - again.task.opened_at == first.acknowledge_by - first.opened_at
    assert (again.task.role, again.task.urgency, again.task.page_minutes) == (first.role, "now", first.page_minutes)
    assert OutboxMessage.objects.filter(task=again.task, made_at=NOW + WEEK, urgent=True).exists()


def test_stronger_answer_than_the_plan_holds_fills_the_screen(house: House) -> None:
    say(house, "week", "phq-9:q9", 1, NOW)
    talked(house, NOW + DAY)

    said = say(house, "week", "phq-9:q9", 2, NOW + WEEK)

    assert (said.new, said.planned) == (True, False)


def test_answer_of_a_higher_level_than_the_plan_holds_is_not_in_it(house: House) -> None:
    words = {"source": "screening:x", "asked": "x:1", "strength": 1}
    raise_concern(parent=house.mother, level="L2", reason="Said.", **words, by=house.actor("mother"), at=NOW)
    plan_at(house, NOW + DAY)

    assert plan_that_holds(house.mother.id, level="L2", **words) is not None
    assert plan_that_holds(house.mother.id, level="L3", **words) is None


def test_other_question_than_the_plan_holds_fills_the_screen(house: House) -> None:
    say(house, "week", "phq-9:q9", 1, NOW)
    talked(house, NOW + DAY)

    assert say(house, "day", "check-in:harm", 1, NOW + WEEK).new


def test_other_question_of_the_same_rule_is_not_in_the_plan(house: House) -> None:
    words = {"level": "L2", "source": "screening:x", "strength": 1}
    raise_concern(parent=house.mother, reason="Said.", asked="x:1", **words, by=house.actor("mother"), at=NOW)
    plan_at(house, NOW + DAY)

    assert plan_that_holds(house.mother.id, asked="x:1", **words) is not None
    assert plan_that_holds(house.mother.id, asked="x:2", **words) is None


def test_plan_that_is_older_than_the_answer_holds_nothing_of_it(house: House) -> None:
    plan_at(house, NOW - DAY)
    say(house, "week", "phq-9:q9", 1, NOW)
    close_tasks(house, NOW + DAY)

    assert say(house, "week", "phq-9:q9", 1, NOW + WEEK).new


def test_plan_of_the_same_moment_was_not_written_after_the_answer(house: House) -> None:
    say(house, "week", "phq-9:q9", 1, NOW)
    talked(house, NOW)

    assert say(house, "week", "phq-9:q9", 1, NOW + WEEK).new


def test_answer_that_eased_and_came_back_fills_the_screen_until_the_next_plan(house: House) -> None:
    say(house, "week", "phq-9:q9", 1, NOW)
    talked(house, NOW + DAY)
    ease(house, "week", "phq-9:q9", NOW + WEEK)

    assert say(house, "week", "phq-9:q9", 1, NOW + 2 * WEEK).new
    close_tasks(house, NOW + 2 * WEEK + DAY)
    assert say(house, "week", "phq-9:q9", 1, NOW + 3 * WEEK).new
    close_tasks(house, NOW + 3 * WEEK + DAY)

    plan_at(house, NOW + 3 * WEEK + DAY, words="A walk, then Ada.")
    assert not say(house, "week", "phq-9:q9", 1, NOW + 4 * WEEK).new


def test_stronger_answer_after_the_plan_makes_the_earlier_one_new_until_the_next_plan(house: House) -> None:
    say(house, "week", "phq-9:q9", 1, NOW)
    talked(house, NOW + DAY)
    say(house, "week", "phq-9:q9", 3, NOW + WEEK)
    close_tasks(house, NOW + WEEK + DAY)

    assert say(house, "week", "phq-9:q9", 1, NOW + 2 * WEEK).new
    close_tasks(house, NOW + 2 * WEEK + DAY)
    plan_at(house, NOW + 2 * WEEK + DAY, words="A walk, then Ada.")
    assert not say(house, "week", "phq-9:q9", 1, NOW + 3 * WEEK).new


def test_answer_that_got_weaker_and_strong_again_is_new_as_it_is_in_an_open_task(house: House) -> None:
    say(house, "week", "phq-9:q9", 2, NOW)
    talked(house, NOW + DAY)
    assert not say(house, "week", "phq-9:q9", 1, NOW + WEEK).new
    close_tasks(house, NOW + WEEK + DAY)

    assert say(house, "week", "phq-9:q9", 2, NOW + 2 * WEEK).new


def test_thoughts_of_dying_now_fill_the_screen_whatever_the_plan_says(house: House) -> None:
    say(house, "first", "asq:q5", 1, NOW)
    talked(house, NOW + DAY)

    said = say(house, "first", "asq:q5", 1, NOW + WEEK)

    assert (said.level, said.new, said.planned) == ("L4", True, False)
    assert OutboxMessage.objects.filter(made_at=NOW + WEEK, urgent=True).exists()


def test_plan_of_another_parent_holds_nothing(house: House) -> None:
    say(house, "week", "phq-9:q9", 1, NOW)
    plan_at(house, NOW + DAY, parent=house.father)
    close_tasks(house, NOW + DAY)

    assert say(house, "week", "phq-9:q9", 1, NOW + WEEK).new


def test_answer_in_the_plan_joins_the_open_task_of_another_question_and_pages_nobody(house: House) -> None:
    say(house, "week", "phq-9:q9", 1, NOW)
    talked(house, NOW + DAY)
    say(house, "day", "check-in:harm", 1, NOW + WEEK)
    pages = OutboxMessage.objects.count()

    said = say(house, "week", "phq-9:q9", 1, NOW + WEEK + DAY)

    assert (said.new, said.planned) == (False, True)
    assert Concern.objects.order_by("-at")[0].came == Came.JOINED
    assert Task.objects.filter(kind="concern", finished_at=None).count() == 1
    assert OutboxMessage.objects.count() == pages


def test_answer_in_the_plan_raises_an_open_task_of_a_lower_level_without_filling_the_screen(house: House) -> None:
    by, strong = house.actor("mother"), {"level": "L3", "source": "screening:x", "asked": "x:1", "strength": 1}
    raise_concern(parent=house.mother, reason="Said.", **strong, by=by, at=NOW)
    talked(house, NOW + DAY)
    low = raise_concern(parent=house.mother, level="L1", source="y", reason="Less.", by=by, at=NOW + WEEK).task

    again = raise_concern(parent=house.mother, reason="Said.", **strong, by=by, at=NOW + WEEK + DAY)

    low.refresh_from_db()
    assert (again.task, again.came, again.is_new) == (low, Came.RAISED, False)
    assert low.title == "Safety: high risk, act now"


def test_answer_of_no_named_question_is_in_no_plan(house: House) -> None:
    by = house.actor("mother")
    raise_concern(parent=house.mother, level="L2", source="late", reason="Said.", by=by, at=NOW)
    plan_at(house, NOW + DAY)

    assert plan_that_holds(house.mother.id, level="L2", source="late", asked="", strength=0) is None


class Told:
    """What a careful nurse would remember of one question: what the plan holds, what the task holds, what came last."""

    def __init__(self) -> None:
        self.in_plan = self.in_task = self.last = 0
        self.gone = False

    def say(self, strength: int) -> bool:
        """Return whether help fills the screen."""
        known = strength <= self.in_task or (strength <= self.in_plan and strength <= self.last)
        new = self.gone or not known
        if self.gone or strength > self.in_plan:
            self.in_plan = 0
        self.in_task = self.last = strength
        self.gone = False
        return new


STEPS = st.one_of(st.integers(1, 3), st.sampled_from(["plan", "plan and close", "close", "gone"]))


@settings(max_examples=STORIES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=3, max_size=9))
def test_any_story_shows_a_short_card_only_for_what_was_said_before_and_loses_nothing(
    house: House, steps: list[int | str]
) -> None:
    remembered = Told()
    with transaction.atomic():
        for number, step in enumerate(steps):
            at = NOW + number * DAY
            if step == "gone":
                remembered.gone = remembered.last > 0
            elif isinstance(step, str):
                if "plan" in step:
                    plan_at(house, at, words=f"Walk {number}.")
                    remembered.in_plan = remembered.last
                if "close" in step:
                    close_tasks(house, at)
                    remembered.in_task = 0
            else:
                eased = remembered.gone
                raised = raise_concern(
                    parent=house.mother, level="L2", source="screening:x", asked="x:1", strength=step, eased=eased,
                    reason=f"Said {step}.", by=house.actor("mother"), at=at,
                )  # fmt: skip
                assert raised.is_new == remembered.say(step), steps[: number + 1]
                assert raised.task.finished_at is None
        transaction.set_rollback(True)


def test_short_card_names_her_plan_and_leads_to_it_where_she_is_signed_in(house: House) -> None:
    say(house, "day", "check-in:harm", 1, NOW)
    talked(house, NOW + DAY)
    question_set = ask(house, "day", NOW + WEEK)
    answer_all(house, question_set, leave="check-in:harm", at=NOW + WEEK)
    with time_machine.travel(NOW + WEEK + timedelta(minutes=5), tick=False):
        maya = client_of(house.mother)
        sent = maya.post(f"/me/q/{question_set.id}/7/", {"item": "check-in:harm", "value": "1"})
        page = maya.get(sent["Location"]).content.decode()

    assert sent["Location"] == f"/me/q/{question_set.id}/5/?h=plan"
    assert "You have a plan for times like this." in words_of(page)
    assert 'href="/me/help/#plan"' in page
    assert "tel:988" in page


def test_short_card_between_two_questions_names_her_plan_too(house: House) -> None:
    say(house, "first", "asq:q1", 1, NOW)
    talked(house, NOW + DAY)
    question_set = ask(house, "first", NOW + WEEK)
    with time_machine.travel(NOW + WEEK + timedelta(minutes=5), tick=False):
        maya = client_of(house.mother)
        sent = maya.post(f"/me/q/{question_set.id}/1/", {"item": "asq:q1", "value": "1"})
        page = maya.get(sent["Location"]).content.decode()

    assert sent["Location"] == f"/me/q/{question_set.id}/2/?h=plan"
    assert 'href="/me/help/#plan"' in page


def test_short_card_behind_a_link_says_the_words_and_leads_nowhere(house: House) -> None:
    say(house, "day", "check-in:harm", 1, NOW)
    talked(house, NOW + DAY)
    question_set = ask(house, "day", NOW + WEEK)
    address = link_for(question_set=question_set, by=house.actor("nurse"), at=NOW + WEEK)
    answer_all(house, question_set, leave="check-in:harm", at=NOW + WEEK)
    with time_machine.travel(NOW + WEEK + timedelta(minutes=5), tick=False):
        nobody = Client()
        sent = nobody.post(f"{address}7/", {"item": "check-in:harm", "value": "1"})
        page = nobody.get(sent["Location"]).content.decode()

    assert "You have a plan for times like this. It stands under Help when you sign in." in words_of(page)
    assert "/me/help/" not in page
    assert "A walk." not in page
    assert "Maya" not in page


def test_short_card_without_a_plan_names_none(house: House) -> None:
    say(house, "day", "check-in:harm", 1, NOW)
    acknowledge(task=Task.objects.get(kind="concern"), by=house.actor("nurse"), at=NOW)
    question_set = ask(house, "day", NOW + WEEK)
    answer_all(house, question_set, leave="check-in:harm", at=NOW + WEEK)
    with time_machine.travel(NOW + WEEK + timedelta(minutes=5), tick=False):
        maya = client_of(house.mother)
        sent = maya.post(f"/me/q/{question_set.id}/7/", {"item": "check-in:harm", "value": "1"})
        page = words_of(maya.get(sent["Location"]).content.decode())

    assert sent["Location"].endswith("?h=1")
    assert "Somebody is there at any hour." in page
    assert "You have a plan" not in page
