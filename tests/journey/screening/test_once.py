"""An attempt in the past is recorded once: later sets do not ask again, raise nothing new by it, and still count it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django_scopes import scope

from firstlight.ground.safety.models import Concern
from firstlight.ground.worklist.models import OutboxMessage
from firstlight.journey.eligibility.models import Kind
from firstlight.journey.eligibility.selectors import facts_for
from firstlight.journey.eligibility.services import record_baseline
from firstlight.journey.screening.known import recorded_once
from firstlight.journey.screening.models import QuestionSet, Result
from firstlight.journey.screening.selectors import given_in, questions_of
from firstlight.journey.screening.services import answer, assign, complete
from tests.cast import NOW, House
from tests.journey.screening.telling import answer_all
from tests.support.reading import words_of
from tests.support.signed_in import client_of

YEAR = timedelta(days=365)


@pytest.fixture(autouse=True)
def _inside_harbour(house: House) -> Iterator[None]:
    with scope(clinic=house.clinic.id):
        yield


def first(house: House, at: datetime) -> QuestionSet:
    return assign(
        parent=house.mother, episode=house.episode, set_name="first", anchor=f"test:{at:%Y}", by=house.actor("nurse"), at=at
    )  # fmt: skip


def sent(house: House, at: datetime, **values: int) -> QuestionSet:
    question_set = first(house, at)
    answer_all(house, question_set, {f"asq:{item}": value for item, value in values.items()}, at=at)
    complete(question_set=question_set, by=house.actor("mother"), at=at + timedelta(hours=1))
    return question_set


def assessed(house: House) -> None:
    """Let the prescriber have assessed her the day after the first screen."""
    record_baseline(
        parent=house.mother, kind=Kind.CLEARANCE, value={"clearance": "brief_safety_assessment", "note": "Talked, with a plan."},
        by=house.actor("prescriber"), at=NOW + timedelta(days=1),
    )  # fmt: skip


def keys(question_set: QuestionSet) -> list[str]:
    return [question.key for question in questions_of(question_set, given_in(question_set))]


def test_yes_is_not_asked_again_and_thoughts_of_now_are(house: House) -> None:
    sent(house, NOW, q4=1)

    later = keys(first(house, NOW + YEAR))

    assert "asq:q4" not in later
    assert "asq:q5" in later


def test_no_and_no_answer_are_asked_again(house: House) -> None:
    sent(house, NOW, q4=0)
    assert "asq:q4" in keys(first(house, NOW + YEAR))
    sent(house, NOW + YEAR, q4=2)
    assert "asq:q4" in keys(first(house, NOW + 2 * YEAR))


def test_yes_that_was_corrected_is_asked_again(house: House) -> None:
    question_set = first(house, NOW)
    for value in (1, 0):
        answer(question_set=question_set, item="asq:q4", value=value, by=house.actor("mother"), at=NOW)

    assert recorded_once(house.mother.id) == []


def test_later_set_without_anything_new_raises_nothing_and_pages_nobody(house: House) -> None:
    sent(house, NOW, q4=1)
    concerns, pages = Concern.objects.count(), OutboxMessage.objects.count()

    sent(house, NOW + YEAR)

    assert (Concern.objects.count(), OutboxMessage.objects.count()) == (concerns, pages)


def test_later_result_still_counts_the_attempt_and_says_since_when(house: House) -> None:
    sent(house, NOW, q4=1)
    later = sent(house, NOW + YEAR)

    result = Result.objects.get(question_set=later, instrument="asq")
    assert result.band == "non-acute positive screen (potential risk)"
    assert result.complete
    [flag] = result.flags
    assert flag["item"] == "q4"
    assert datetime.fromisoformat(flag["recorded_at"]) - NOW < timedelta(minutes=1)


def test_clinic_reads_that_it_is_known_and_was_not_asked_again(house: House) -> None:
    sent(house, NOW, q4=1)
    sent(house, NOW + YEAR)

    with time_machine.travel(NOW + 2 * YEAR, tick=False):
        page = words_of(client_of(house.nurse).get(f"/clinic/people/{house.mother.id}/answers/").content.decode())

    assert "is on record since" in page
    assert "It was not asked again." in page


def test_assessment_after_the_first_time_stands_when_a_later_screen_says_nothing_new(house: House) -> None:
    sent(house, NOW, q4=1)
    assert facts_for(house.mother.id, NOW + YEAR).values["asq_positive_unassessed"] is True
    assessed(house)
    sent(house, NOW + YEAR)

    assert "brief_safety_assessment" in facts_for(house.mother.id, NOW + YEAR).values


def test_assessment_is_outdated_by_a_later_screen_that_says_something_new(house: House) -> None:
    sent(house, NOW, q4=1)
    assessed(house)
    sent(house, NOW + YEAR, q1=1)

    assert "brief_safety_assessment" not in facts_for(house.mother.id, NOW + 2 * YEAR).values


def test_other_parent_of_the_family_is_asked_for_himself(house: House) -> None:
    sent(house, NOW, q4=1)

    assert recorded_once(house.father.id) == []
