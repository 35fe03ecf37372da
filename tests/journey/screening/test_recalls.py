"""Recall periods count from the answers: not from sending, from finishing a set, or from when a phone had a network."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django_scopes import scope

from firstlight.clinical.instruments import instruments
from firstlight.journey.response.services.telling import facts_of
from firstlight.journey.screening.models import QuestionSet, Result
from firstlight.journey.screening.recalls import LONGEST_RECALL, answered_since, standing_open
from firstlight.journey.screening.services import complete, send_set, tap
from tests.cast import NOW, House
from tests.journey.screening.telling import answer_all, ask
from tests.journey.screening.test_sets import refused, sent
from tests.support.signed_in import client_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CALM = {f"phq-9:q{number}": 0 for number in range(1, 10)}
AT_RISK = CALM | {"phq-9:q9": 1, "phq-9:difficulty": 0}


@pytest.fixture(autouse=True)
def _inside_harbour(house: House) -> Iterator[None]:
    with scope(clinic=house.clinic.id):
        yield


def week(house: House, at: datetime, *, days_open: int = 4) -> QuestionSet:
    question_set = ask(house, "week", at)
    question_set.expires_at = at + days_open * DAY
    question_set.save(update_fields=["expires_at"])
    return question_set


def tapped(house: House, question_set: QuestionSet, values: dict[str, int], at: datetime) -> None:
    for item, value in values.items():
        tap(question_set=question_set, item=item, value=value, by=house.actor("mother"), at=at)


def asked_at(house: House, at: datetime) -> dict[str, datetime]:
    """Return when each was answered last, to the hour: answers to one set are seconds apart. What stands open counts as now."""
    facts = facts_of(house.mother, at)
    found = {**facts.asked_at, **dict.fromkeys(facts.standing, at)}
    return {name: answered_at.replace(minute=NOW.minute, second=NOW.second) for name, answered_at in found.items()}


def test_no_recall_period_is_longer_than_what_is_looked_up() -> None:
    longest = max(one.recall_days or 0 for one in instruments().values())

    assert timedelta(days=longest) <= LONGEST_RECALL


def test_recall_counts_from_the_answer_not_from_when_it_was_sent_or_the_set_finished(house: House) -> None:
    question_set = week(house, NOW - 2 * DAY)
    tapped(house, question_set, CALM, NOW)
    answer_all(house, question_set, CALM, at=NOW + DAY)
    complete(question_set=question_set, by=house.actor("mother"), at=NOW + DAY)

    assert asked_at(house, NOW + 2 * DAY) == {"phq-9": NOW, "gad-7": NOW + DAY}


def test_recall_counts_from_the_tap_of_a_phone_without_a_network(house: House) -> None:
    question_set = week(house, NOW)
    answer_all(house, question_set, CALM, at=NOW + HOUR)
    complete(question_set=question_set, by=house.actor("mother"), at=NOW + 3 * DAY, tapped_at=NOW + HOUR)

    assert set(asked_at(house, NOW + 3 * DAY).values()) == {NOW + HOUR}


def test_questionnaire_that_was_scored_keeps_its_recall_though_what_followed_was_left(house: House) -> None:
    question_set = week(house, NOW)
    tapped(house, question_set, AT_RISK, NOW + HOUR)

    assert "asq" in QuestionSet.objects.get(id=question_set.id).instruments
    assert asked_at(house, NOW + DAY)["phq-9"] == NOW + HOUR
    assert asked_at(house, NOW + 10 * DAY) == {"phq-9": NOW + HOUR}


def test_questionnaire_that_was_only_begun_is_asked_again(house: House) -> None:
    question_set = week(house, NOW)
    tapped(house, question_set, {"phq-9:q1": 1}, NOW + HOUR)

    assert asked_at(house, NOW + DAY) == {"phq-9": NOW + DAY, "gad-7": NOW + DAY}
    assert asked_at(house, NOW + 5 * DAY) == {}


def test_what_was_sent_from_the_record_and_stands_open_is_not_asked_beside_it_but_blocks_for_two_weeks_only(
    house: House,
) -> None:
    sent(house, "trauma")
    names = set(asked_at(house, NOW + HOUR))

    assert names == {"pc-ptsd-5"}
    assert set(asked_at(house, NOW + 13 * DAY)) == names
    assert asked_at(house, NOW + 15 * DAY) == {}


def test_what_opens_later_or_was_taken_back_does_not_stand_open(house: House) -> None:
    later = send_set(episode=house.episode, set_name="trauma", by=house.actor("nurse"), at=NOW)
    QuestionSet.objects.filter(id=later.id).update(due_at=NOW + DAY)

    assert standing_open(house.mother.id, NOW, NOW - 14 * DAY) == set()
    assert standing_open(house.mother.id, NOW + DAY, NOW - 14 * DAY) == {"pc-ptsd-5"}


def test_set_is_not_sent_while_the_same_questionnaire_stands_open_in_another(house: House) -> None:
    question_set = week(house, NOW - DAY, days_open=9)
    question_set.instruments = ["phq-2", "gad-7"]
    question_set.save(update_fields=["instruments"])

    assert "stands open among other questions" in refused(house, "brief")


def test_set_is_sent_again_two_weeks_after_its_answers_however_late_it_was_finished(house: House) -> None:
    question_set = sent(house, "brief")
    answer_all(house, question_set, dict.fromkeys(("phq-2:q1", "phq-2:q2"), 0), at=NOW)
    complete(question_set=question_set, by=house.actor("mother"), at=NOW + 5 * DAY, tapped_at=NOW)

    assert "14 days" in refused(house, "brief", at=NOW + 13 * DAY)
    assert sent(house, "brief", at=NOW + 14 * DAY + HOUR)


def test_answers_of_another_clinics_parent_count_nowhere_here(house: House, other_house: House) -> None:
    with scope(clinic=other_house.clinic.id):
        theirs = week(other_house, NOW)
        tapped(other_house, theirs, AT_RISK, NOW)

    assert asked_at(house, NOW + DAY) == {}
    assert answered_since(other_house.mother.id, NOW - DAY) == {}


@pytest.mark.parametrize(("days", "total"), [(13, 15), (60, None)])
def test_answers_of_two_stretches_of_time_have_no_total_together(house: House, days: int, total: int | None) -> None:
    """Four of the nine on one day, the rest long after it in a set that closes on no day."""
    question_set = ask(house, "week", NOW)
    tapped(house, question_set, {f"phq-9:q{number}": 3 for number in (1, 2, 3, 4, 9)}, NOW)
    answer_all(house, question_set, {f"phq-9:q{number}": 0 for number in range(5, 9)}, at=NOW + days * DAY)
    complete(question_set=question_set, by=house.actor("mother"), at=NOW + days * DAY)

    result = Result.objects.get(question_set=question_set, instrument="phq-9", amended_by=None)
    assert (result.total, result.complete) == (total, total is not None)
    assert [flag["item"] for flag in result.flags] == ["q9"]  # what asks for help stands
    with time_machine.travel(NOW + 61 * DAY, tick=False):
        page = client_of(house.nurse).get(f"/clinic/people/{house.mother.id}/answers/").content.decode()
    assert ("answered over more days than it asks about" in page) is (total is None)
