"""A "no" counts for so long, and within one episode: then it is unknown, and the assessment says that it is asked again."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django_scopes import scope

from firstlight.clinical.instruments import instrument
from firstlight.ground.people.models import Episode, EpisodeState
from firstlight.journey.eligibility.limits import limits
from firstlight.journey.eligibility.selectors import episode_of, facts_for, outcomes_of
from firstlight.journey.eligibility.services import assess_now
from firstlight.journey.screening.services import complete
from tests.cast import NOW, House
from tests.journey.screening.telling import NEGATIVE, POSITIVE, answer_all, bring_text, first_set, screened
from tests.journey.screening.test_mind import note
from tests.support.reading import words_of
from tests.support.signed_in import client_of

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _inside_harbour(house: House) -> Iterator[None]:
    with scope(clinic=house.clinic.id):
        yield


def known(house: House, name: str, at: datetime) -> object:
    return facts_for(house.mother.id, at).values.get(name)


def first_answers(house: House, **said: int) -> None:
    """Let Maya answer the first questions; what she says to the health questions is no unless given."""
    question_set = first_set(house)
    answer_all(house, question_set, {f"health-10:{key}": value for key, value in said.items()})
    complete(question_set=question_set, by=house.actor("mother"), at=NOW + timedelta(minutes=5))


def another_episode(house: House, at: datetime) -> Episode:
    """Let Maya be invited once more."""
    return Episode.objects.create(
        clinic=house.clinic, parent=house.mother, state=EpisodeState.INVITED, source="call", opened_at=at, moved_at=at
    )


def test_limits_name_questions_that_exist_and_a_time_for_the_rest() -> None:
    assert set(limits().no_counts) == {"asq", "health-10", "mind-talk", "mdq"}
    for name, days in limits().no_counts.items():
        assert "every" in days
        assert set(days) - {"every"} <= set(instrument(name).keys)


@pytest.mark.parametrize(
    ("fact", "days"),
    [("active_psychosis", 30), ("current_mania", 30), ("mdq_positive", 180), ("first_degree_psychosis", 180)],
)
def test_no_in_the_talk_counts_for_its_days_and_is_asked_again(house: House, fact: str, days: int) -> None:
    note(house)

    assert known(house, fact, NOW + days * DAY) is False
    later = facts_for(house.mother.id, NOW + days * DAY + timedelta(minutes=1))
    assert fact not in later.values
    assert fact in later.to_ask
    assert later.lapsed[fact] == NOW


@pytest.mark.parametrize(
    ("fact", "days"), [("new_headache", 7), ("sud_active", 90), ("hypersensitivity", 180), ("asq_acute", 30)]
)
def test_no_of_the_first_questions_counts_for_its_days(house: House, fact: str, days: int) -> None:
    first_answers(house)

    assert known(house, fact, NOW + days * DAY) is False
    later = facts_for(house.mother.id, NOW + (days + 1) * DAY)
    assert fact not in later.values
    assert fact in later.to_ask


def test_no_of_an_earlier_episode_says_nothing_in_the_next(house: House) -> None:
    note(house)
    first_answers(house)
    later = NOW + 3 * DAY
    another_episode(house, later)

    found = facts_for(house.mother.id, later)

    cleared = {
        fact for fact in found.known.values() if fact.value is False and fact.origin in {"health", "asked", "screen"}
    }
    assert cleared == set()
    assert {"active_psychosis", "current_mania", "new_headache", "asq_acute"} <= set(found.to_ask)


def test_yes_stays_whatever_its_age_and_episode(house: House) -> None:
    bring_text(house, "mdq")
    note(house, family=1)
    screened(house, POSITIVE, at=NOW)
    later = NOW + 500 * DAY
    another_episode(house, later)

    assert known(house, "first_degree_psychosis", later) is True
    assert known(house, "mdq_positive", later) is True


def test_negative_bipolar_screen_counts_for_a_year_of_its_episode(house: House) -> None:
    bring_text(house, "mdq")
    screened(house, NEGATIVE, at=NOW)

    assert known(house, "mdq_positive", NOW + 365 * DAY) is False
    assert known(house, "mdq_positive", NOW + 366 * DAY) is None


def test_assessment_and_baseline_say_that_it_is_asked_again(house: House) -> None:
    note(house)
    at = NOW + 40 * DAY
    episode = episode_of(house.mother)
    assert episode is not None
    run = assess_now(episode=episode, by=house.actor("prescriber"), at=at)

    gaps = {one.rule: one.gaps for one in outcomes_of(run)}

    again = "ask again: the “no” of Mon 23 Nov 2026 counts no more"
    assert gaps["active_psychosis"] == (again,)
    assert gaps["first_degree_psychosis"] == ()
    page = client_of(house.prescriber).get(f"/clinic/people/{house.mother.id}/assessment/")
    assert f"Missing: {again}" in words_of(page.content.decode())
