"""A signed decision is open again after a positive bipolar screen, or psychosis or mania, until a prescriber decided anew."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

import pytest
from django_scopes import scope

from firstlight.clinical.protocols import rules
from firstlight.ground.people.errors import Refused
from firstlight.ground.safety.models import Concern
from firstlight.ground.worklist.models import Task
from firstlight.ground.worklist.services import finish
from firstlight.journey.eligibility.models import Kind
from firstlight.journey.eligibility.reopening import KIND, reopened, reopening
from firstlight.journey.eligibility.selectors import facts_for, latest_assessment, new_since
from firstlight.journey.eligibility.services import record_baseline
from firstlight.journey.screening.services import enter_paper, take_back_paper, tap
from tests.cast import NOW, House
from tests.journey.planning.telling import Story
from tests.journey.screening.telling import NEGATIVE, POSITIVE, ask, bring_text, screened
from tests.journey.screening.test_mind import note
from tests.support.reading import words_of
from tests.support.signed_in import client_of

FIRST_LINE = "The bipolar screen is positive: decide only after a psychiatric review."


@pytest.fixture(autouse=True)
def _inside_harbour(house: House) -> Iterator[None]:
    with scope(clinic=house.clinic.id):
        bring_text(house, "mdq")
        yield


def answered(story: Story, values: Mapping[str, int]) -> None:
    """Let Maya answer the bipolar screen on her phone."""
    screened(story.house, values, at=story.tick())


def fact(story: Story) -> object:
    return facts_for(story.house.mother.id, story.now).values.get("mdq_positive")


def the_task(finished: bool = False) -> Task:
    return Task.objects.get(kind=KIND, finished_at__isnull=not finished)


@pytest.fixture
def story(house: House) -> Story:
    """Maya, decided on as suitable."""
    story = Story(house)
    story.baseline()
    story.decide()
    return story


def test_list_names_rules_that_exist_and_each_only_once() -> None:
    named = [key for reason in reopening().reasons for key in reason.rules]

    assert len(named) == len(set(named))
    assert set(named) <= set(rules())


def test_positive_screen_sets_the_fact_and_asks_a_prescriber_before_any_decision(house: House) -> None:
    story = Story(house)

    answered(story, POSITIVE)

    known = facts_for(house.mother.id, story.now).known["mdq_positive"]
    assert (known.value, known.origin, known.at) == (True, "mdq", story.now)
    task = the_task()
    assert (task.title, task.role, task.cleared_by) == (
        "Before any treatment: ask about bipolar disorder", "prescriber", ["prescriber"]
    )  # fmt: skip
    assert task.reason.startswith(FIRST_LINE)
    assert not Concern.objects.exists()


def test_negative_screen_clears_the_fact_and_asks_nobody(house: House) -> None:
    story = Story(house)

    answered(story, NEGATIVE)

    assert fact(story) is False
    assert not Task.objects.filter(kind=KIND).exists()


def test_screen_that_was_passed_over_says_nothing(house: House) -> None:
    story = Story(house)
    question_set = ask(house, "highs", story.tick())
    for number in range(1, 14):
        tap(
            question_set=question_set, item=f"mdq:q{number}", value=None, by=house.actor("mother"), at=story.now
        )  # fmt: skip

    assert question_set.completed_at is not None
    assert fact(story) is None


def test_neither_a_later_form_nor_a_talk_undoes_a_positive_screen(house: House) -> None:
    story = Story(house)
    answered(story, POSITIVE)

    answered(story, NEGATIVE)
    story.now += timedelta(hours=1)
    note(house)

    assert fact(story) is True


def test_positive_screen_makes_a_run_old(house: House) -> None:
    story = Story(house)
    story.baseline()
    story.run()
    answered(story, POSITIVE)

    run = latest_assessment(house.episode)
    assert run is not None
    assert new_since(run)


def test_positive_screen_after_the_decision_stops_orders_until_it_is_decided_anew(story: Story) -> None:
    assert reopened(story.house.episode, story.now) is None

    answered(story, POSITIVE)

    why = reopened(story.house.episode, story.now)
    assert why is not None
    assert (why.rules, why.task) == (("mdq_positive",), the_task())
    with pytest.raises(Refused, match="Came up since the decision: The bipolar screen is positive"):
        story.order()

    story.decide()

    assert reopened(story.house.episode, story.now) is None
    assert the_task(finished=True).outcome == "Decided: Suitable for treatment."
    assert story.order().sessions


def test_what_was_decided_on_once_does_not_come_back_with_the_same_answer(story: Story) -> None:
    answered(story, POSITIVE)
    story.decide()

    answered(story, POSITIVE)

    assert reopened(story.house.episode, story.now) is None
    assert Task.objects.filter(kind=KIND).count() == 1


def test_task_that_is_open_keeps_it_stopped_though_the_answer_was_taken_back(story: Story) -> None:
    house = story.house
    question_set = enter_paper(
        episode=house.episode, instrument="mdq", values=POSITIVE, filled_in_date=NOW.date(), handed_in_by="parent",
        entered_twice=False, by=house.actor("nurse"), at=story.tick(),
    )  # fmt: skip
    take_back_paper(form=question_set.paper, reason="Another person's.", by=house.actor("nurse"), at=story.tick())

    assert fact(story) is False
    why = reopened(house.episode, story.now)
    assert why is not None
    assert why.texts == ("Before any treatment: ask about bipolar disorder.",)

    finish(task=the_task(), by=house.actor("prescriber"), at=story.tick(), outcome="Not hers.")
    assert reopened(house.episode, story.now) is None


def test_nurse_cannot_finish_the_task(story: Story) -> None:
    answered(story, POSITIVE)

    with pytest.raises(Refused, match="To be cleared by: Prescriber"):
        finish(task=the_task(), by=story.house.actor("nurse"), at=story.tick(), outcome="Seen.")


def test_yes_to_a_clinician_and_an_entry_on_the_list_join_the_open_task(story: Story) -> None:
    house = story.house
    story.now += timedelta(hours=1)
    note(house, named=1)
    first = the_task()

    record_baseline(
        parent=house.mother, kind=Kind.PROBLEM, value={"problem": "current_mania"}, by=house.actor("nurse"), at=story.tick()
    )  # fmt: skip

    task = the_task()
    assert (task.id, task.title) == (first.id, "Before any treatment: psychosis or mania")
    assert "Mania now: do not use." in task.reason
    assert FIRST_LINE in task.reason


def test_entry_before_a_decision_opens_no_task_since_the_run_says_it(house: House) -> None:
    story = Story(house)

    story.baseline(problem={"problem": "current_mania", "note": ""})

    assert not Task.objects.filter(kind=KIND).exists()


def test_page_says_what_came_up_since_the_decision(story: Story) -> None:
    house = story.house
    page = client_of(house.prescriber)
    address = f"/clinic/people/{house.mother.id}/assessment/"
    assert "Open again" not in words_of(page.get(address).content.decode())

    answered(story, POSITIVE)

    words = words_of(page.get(address).content.decode())
    assert "Open again: no dose starts until a prescriber has decided anew." in words
    assert FIRST_LINE in words
