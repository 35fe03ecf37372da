"""The same answer again: known and unchanged it joins the open task; new, stronger, or back after easing it asks anew."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django_scopes import scope

from firstlight.ground.safety.models import Came, Concern
from firstlight.ground.worklist.models import OutboxMessage, Task, TaskEvent
from firstlight.ground.worklist.services import acknowledge, finish, hand_over
from firstlight.journey.screening.models import Result
from firstlight.journey.screening.services import Concern as SetOff
from firstlight.journey.screening.services import answer, complete, link_for
from tests.cast import NOW, House
from tests.journey.screening.telling import answer_all, ask, bring_text
from tests.support.reading import words_of
from tests.support.signed_in import client_of

WEEK = timedelta(days=14)


@pytest.fixture(autouse=True)
def _inside_harbour(house: House) -> Iterator[None]:
    with scope(clinic=house.clinic.id):
        yield


def say(house: House, name: str, item: str, value: int, at: datetime) -> SetOff | None:
    """Answer one question of a new set."""
    question_set = ask(house, name, at)
    return answer(question_set=question_set, item=item, value=value, by=house.actor("mother"), at=at).concern


def told(concern: SetOff | None) -> bool:
    assert concern is not None
    return concern.new


def take(house: House, at: datetime) -> Task:
    """Let Ruth take the concern that is open."""
    return acknowledge(task=Task.objects.get(kind="concern", finished_at=None), by=house.actor("nurse"), at=at)


def kinds(task: Task) -> list[str]:
    return list(TaskEvent.objects.filter(task=task).values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("name", "item", "value"),
    [
        ("week", "phq-9:q9", 1),
        ("day", "check-in:harm", 1),
        ("first", "asq:q3", 1),
        ("mood-birth", "epds:q10", 1),
        ("bond", "pbq:q18", 2),
        ("bond", "pbq:q24", 1),
    ],
)
def test_unchanged_answer_is_a_short_card_and_a_note_on_the_open_task(
    house: House, name: str, item: str, value: int
) -> None:
    bring_text(house, "epds")
    assert told(say(house, name, item, value, NOW))
    task = Task.objects.get(kind="concern")
    acknowledge(task=task, by=house.actor("nurse"), at=NOW)
    pages = OutboxMessage.objects.count()

    assert not told(say(house, name, item, value, NOW + WEEK))

    task.refresh_from_db()
    assert kinds(task)[-1] == "joined"
    assert "question" in TaskEvent.objects.filter(task=task).order_by("-sequence")[0].note
    assert task.acknowledged_at == NOW
    assert OutboxMessage.objects.count() == pages
    assert list(Concern.objects.order_by("at").values_list("came", flat=True)) == [Came.OPENED, Came.JOINED]


@pytest.mark.parametrize("value", [3, 1])
def test_answer_to_a_task_that_nobody_has_taken_fills_the_screen_again_joins_it_and_pages_nobody(
    house: House, value: int
) -> None:
    say(house, "week", "phq-9:q9", 3, NOW)
    pages = OutboxMessage.objects.count()

    assert told(say(house, "week", "phq-9:q9", value, NOW + WEEK))

    assert kinds(Task.objects.get(kind="concern"))[-1] == "joined"
    assert OutboxMessage.objects.count() == pages


def test_unchanged_answer_to_a_task_that_went_to_a_colleague_who_has_not_taken_it_fills_the_screen(
    house: House,
) -> None:
    say(house, "week", "phq-9:q9", 1, NOW)
    task = take(house, NOW)
    hand_over(task=task, to=house.second_nurse, by=house.actor("nurse"), at=NOW)

    assert told(say(house, "week", "phq-9:q9", 1, NOW + WEEK))


def test_unchanged_answer_of_one_sitting_fills_the_screen_once(house: House) -> None:
    question_set, by = ask(house, "first", NOW), house.actor("mother")
    said = [
        answer(question_set=question_set, item=item, value=1, by=by, at=NOW).concern for item in ("asq:q1", "asq:q2")
    ]

    assert [told(one) for one in said] == [True, False]


def test_weaker_answer_joins_too(house: House) -> None:
    say(house, "week", "phq-9:q9", 3, NOW)
    take(house, NOW)

    assert not told(say(house, "week", "phq-9:q9", 1, NOW + WEEK))


def test_stronger_answer_fills_the_screen_and_starts_the_clock_again(house: House) -> None:
    say(house, "week", "phq-9:q9", 1, NOW)
    task = Task.objects.get(kind="concern")
    acknowledge(task=task, by=house.actor("nurse"), at=NOW)

    assert told(say(house, "week", "phq-9:q9", 2, NOW + WEEK))

    task.refresh_from_db()
    assert "raised" in kinds(task)
    assert task.acknowledged_at is None


def test_answer_that_had_gone_and_came_back_is_new(house: House) -> None:
    say(house, "week", "phq-9:q9", 2, NOW)
    assert say(house, "week", "phq-9:q9", 0, NOW + WEEK) is None

    assert told(say(house, "week", "phq-9:q9", 2, NOW + 2 * WEEK))


def test_other_question_is_new(house: House) -> None:
    say(house, "week", "phq-9:q9", 2, NOW)

    assert told(say(house, "day", "check-in:harm", 1, NOW + WEEK))


def test_answer_after_the_task_was_finished_is_new(house: House) -> None:
    say(house, "week", "phq-9:q9", 1, NOW)
    finish(task=Task.objects.get(kind="concern"), by=house.actor("nurse"), at=NOW, outcome="We talked.")

    assert told(say(house, "week", "phq-9:q9", 1, NOW + WEEK))
    assert Task.objects.filter(kind="concern").count() == 2


def test_yes_after_not_wanting_to_answer_is_stronger_and_the_other_way_round_is_not(house: House) -> None:
    assert told(say(house, "first", "asq:q1", 2, NOW))
    assert told(say(house, "first", "asq:q1", 1, NOW + WEEK))
    take(house, NOW + WEEK)
    assert not told(say(house, "first", "asq:q1", 2, NOW + 2 * WEEK))


def test_thoughts_of_dying_now_always_fill_the_screen_and_page(house: House) -> None:
    say(house, "first", "asq:q1", 1, NOW)
    pages = OutboxMessage.objects.count()

    assert told(say(house, "first", "asq:q5", 1, NOW + WEEK))
    assert OutboxMessage.objects.count() > pages


def test_thoughts_of_dying_now_are_never_old_news(house: House) -> None:
    for at in (NOW, NOW + WEEK):
        assert told(say(house, "first", "asq:q5", 1, at))
        assert OutboxMessage.objects.filter(made_at=at).exists()


def test_low_total_hides_nothing(house: House) -> None:
    """A total of 1 of 27, and that 1 is question 9."""
    question_set = ask(house, "week", NOW)
    answer_all(house, question_set, {f"phq-9:q{number}": 0 for number in range(1, 9)} | {"phq-9:q9": 1})
    complete(question_set=question_set, by=house.actor("mother"), at=NOW + timedelta(minutes=2))

    result = Result.objects.get(instrument="phq-9")
    assert (result.total, result.band) == (1, "minimal")
    assert [flag["rule"] for flag in result.flags] == ["phq-9-item-9"]
    assert Task.objects.filter(kind="concern", finished_at=None).count() == 1


def test_unchanged_answer_leads_to_what_follows_with_a_short_card(house: House) -> None:
    say(house, "day", "check-in:harm", 1, NOW)
    take(house, NOW)
    question_set = ask(house, "day", NOW + WEEK)
    answer_all(house, question_set, leave="check-in:harm", at=NOW + WEEK)
    with time_machine.travel(NOW + WEEK + timedelta(minutes=5), tick=False):
        maya = client_of(house.mother)
        sent = maya.post(f"/me/q/{question_set.id}/7/", {"item": "check-in:harm", "value": "1"})
        page = words_of(maya.get(sent["Location"]).content.decode())

    assert sent["Location"] == f"/me/q/{question_set.id}/5/?h=1"
    assert "Somebody is there at any hour." in page
    assert "wished you were dead" in page


def test_unchanged_last_answer_through_a_link_is_a_short_card(house: House) -> None:
    say(house, "day", "check-in:harm", 1, NOW)
    take(house, NOW)
    question_set = ask(house, "day", NOW + WEEK)
    address = link_for(question_set=question_set, by=house.actor("nurse"), at=NOW + WEEK)
    answer_all(house, question_set, leave="check-in:harm", at=NOW + WEEK)
    with time_machine.travel(NOW + WEEK + timedelta(minutes=5), tick=False):
        nobody = Client()
        sent = nobody.post(f"{address}7/", {"item": "check-in:harm", "value": "1"})
        page = words_of(nobody.get(sent["Location"]).content.decode())

    assert "Somebody is there at any hour." in page
