"""The tenth question of the PHQ-9: how difficult it was. Asked where it fits, shown with the answers, counted nowhere."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django_scopes import scope

from firstlight.clinical.evidence import text
from firstlight.clinical.instruments import ScoringError, answers_of, instrument, score
from firstlight.journey.screening.asking import UnknownQuestion, find
from firstlight.journey.screening.holding import ItemWords, Wording
from firstlight.journey.screening.models import QuestionSet, Result
from firstlight.journey.screening.selectors import given_in, questions_of
from firstlight.journey.screening.services import complete, hold
from tests.cast import NOW, House
from tests.journey.screening.telling import answer_all, ask, first_set, was_told
from tests.support.reading import words_of
from tests.support.signed_in import client_of

KEY = "phq-9:difficulty"
CALM = {f"phq-9:q{number}": 0 for number in range(1, 10)}
(DIFFICULTY,) = instrument("phq-9").unscored


@pytest.fixture(autouse=True)
def _inside_harbour(house: House) -> Iterator[None]:
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False), scope(clinic=house.clinic.id):
        was_told(house)
        yield


def asked_in(question_set: QuestionSet) -> list[str]:
    return [one.key for one in questions_of(question_set, given_in(question_set))]


def test_it_follows_the_nine_items_once_something_was_bothersome(house: House) -> None:
    week = ask(house, "week", NOW)
    assert KEY not in asked_in(week)

    answer_all(house, week, CALM | {"phq-9:q4": 1}, leave=KEY)

    asked = asked_in(week)
    assert asked[asked.index("phq-9:q9") + 1] == KEY


def test_it_is_not_asked_when_nothing_was_bothersome(house: House) -> None:
    week = ask(house, "week", NOW)

    taps = answer_all(house, week, CALM)

    assert KEY not in asked_in(week)
    assert taps == 16


def test_first_questions_stay_as_short_as_they_were(house: House) -> None:
    first = first_set(house)

    taps = answer_all(house, first)

    assert KEY not in asked_in(first)
    assert taps == 30


def test_it_changes_no_score(house: House) -> None:
    week = ask(house, "week", NOW)
    answer_all(house, week, {KEY: 3})

    complete(question_set=week, by=house.actor("mother"), at=NOW)

    result = Result.objects.get(instrument="phq-9")
    assert (result.total, result.maximum, result.complete) == (8, 27, True)


def test_passed_over_leaves_the_nine_items_scored(house: House) -> None:
    week, maya = ask(house, "week", NOW), client_of(house.mother)
    answer_all(house, week, leave=KEY)

    maya.post(f"/me/q/{week.id}/10/", {"item": KEY, "pass": "1"})
    answer_all(house, week)
    complete(question_set=week, by=house.actor("mother"), at=NOW)

    assert given_in(week)["phq-9"]["difficulty"] is None
    assert Result.objects.get(instrument="phq-9").total == 8


def test_page_asks_it_in_the_words_of_the_form_without_what_stands_above_the_items(house: House) -> None:
    week, maya = ask(house, "week", NOW), client_of(house.mother)
    answer_all(house, week, leave=KEY)

    page = words_of(maya.get(f"/me/q/{week.id}/10/").content.decode())

    assert text(DIFFICULTY.text) in page
    assert all(text(option.label) in page for option in DIFFICULTY.options)
    assert "how often have you been bothered" not in page


def test_clinician_reads_it_after_the_items_as_no_part_of_the_score(house: House) -> None:
    week = ask(house, "week", NOW)
    answer_all(house, week, {KEY: 3})
    complete(question_set=week, by=house.actor("mother"), at=NOW)

    page = words_of(client_of(house.nurse).get(f"/clinic/people/{house.mother.id}/answers/").content.decode())

    assert "8 of 27" in page
    asked = page.index("10 If you checked off any problems")
    assert "Extremely difficult not part of the score" in page[asked:]
    assert page.index("8 Moving or speaking") < asked


def test_clinic_that_holds_the_items_alone_asks_the_items_alone(house: House) -> None:
    """Nine questions in one language and a tenth in another would be worse than nine."""
    answers = ("Nunca", "Varios días", "Más de la mitad", "Casi todos")
    items = {f"q{number}": ItemWords(f"Pregunta {number}", answers) for number in range(1, 10)}
    hold(
        definition=instrument("phq-9"),
        wordings=[Wording("es", "", items)],
        permission="Free to use",
        holder="Pfizer",
        by=house.actor("administrator"),
        at=NOW,
    )
    week = ask(house, "week", NOW)

    answer_all(house, week)

    assert KEY not in asked_in(week)


def test_nine_values_are_scored_as_ever_and_ten_are_refused() -> None:
    phq = instrument("phq-9")

    assert score(phq, answers_of(phq, [1] * 9)).total == 9
    with pytest.raises(ScoringError, match="10 answers were given; it has 9"):
        answers_of(phq, [1] * 10)


def test_question_that_there_is_not_is_still_unknown() -> None:
    with pytest.raises(UnknownQuestion):
        find(["gad-7"], "gad-7:difficulty")
