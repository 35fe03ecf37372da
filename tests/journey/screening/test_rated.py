"""What a clinician rates about a parent: who rated, when, every item; never sent to a parent, and beside the dose."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django_scopes import scope

from firstlight.ground.people.errors import Refused
from firstlight.journey.screening.corrections import sheet_of
from firstlight.journey.screening.models import Answer, PaperForm, QuestionSet, Result
from firstlight.journey.screening.paper import Rated, on_paper, rated_forms
from firstlight.journey.screening.selectors import open_sets_for
from firstlight.journey.screening.services import correct_paper, enter_paper, take_back_paper
from firstlight.journey.screening.sets import SETS
from firstlight.journey.timeline.lanes import lanes
from tests.cast import NOW, House
from tests.support.reading import words_of
from tests.support.signed_in import client_of

FORTY_MINUTES_IN = NOW - timedelta(hours=2)
SIX = {f"q{number}": 2 for number in range(1, 7)}


@pytest.fixture(autouse=True)
def _today() -> None:
    with time_machine.travel(NOW, tick=False):
        yield


def rate(
    house: House, values: dict[str, int | None] = SIX, *, at: datetime = FORTY_MINUTES_IN, **changed: Any
) -> QuestionSet:
    """Let the nurse enter what the prescriber rated."""
    facts: dict[str, Any] = {
        "episode": house.episode,
        "instrument": "cadss-6",
        "values": values,
        "filled_in_date": at.date(),
        "handed_in_by": "clinician",
        "entered_twice": False,
        "by": house.actor("nurse"),
        "at": NOW,
        "rated": Rated(house.prescriber.id, at),
    }
    with scope(clinic=house.clinic.id):
        return enter_paper(**(facts | changed))


def url(house: House, rest: str = "cadss-6/") -> str:
    return f"/clinic/people/{house.mother.id}/answers/paper/{rest}"


def fields(digits: str = "222222", **more: str) -> dict[str, str]:
    """Return what the grid sends."""
    cells = {f"q{number}": digit.strip(".") for number, digit in enumerate(digits, 1)}
    return cells | {"filled_in_date": "2026-11-23", "rated_time": "07:00", "mode": "scores"} | more


def test_forms_are_those_without_text_that_a_clinician_rates() -> None:
    assert {"cadss", "cadss-6", "bprs-4"} <= {one.name for one in rated_forms()}
    assert not {one.name for one in rated_forms()} & {one.name for one in on_paper()}


def test_no_set_puts_one_to_a_parent(house: House) -> None:
    rate(house)

    asked = {name for plan in SETS.values() for name in plan.instruments}
    assert not asked & {one.name for one in rated_forms()}
    with scope(clinic=house.clinic.id):
        assert open_sets_for(house.actor("mother"), NOW) == []


def test_rating_counts_for_its_moment_and_says_who_rated(house: House) -> None:
    question_set = rate(house)

    with scope(clinic=house.clinic.id):
        form = PaperForm.objects.get()
        result = Result.objects.get()
        assert {row.answered_at for row in Answer.objects.all()} == {FORTY_MINUTES_IN}
    assert (form.rated_by_id, form.rated_at, form.entered_by_id) == (
        house.prescriber.id, FORTY_MINUTES_IN, house.nurse.account_id
    )  # fmt: skip
    assert (question_set.due_at, result.total, result.maximum) == (FORTY_MINUTES_IN, 12, 24)


def test_two_ratings_of_a_day_both_count_and_the_same_minute_once(house: House) -> None:
    rate(house)
    rate(house, at=FORTY_MINUTES_IN + timedelta(minutes=40))

    with pytest.raises(Refused, match="of that minute was entered already"):
        rate(house)
    with scope(clinic=house.clinic.id):
        assert Result.objects.count() == 2


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"values": SIX | {"q4": None}}, "values"),
        ({"values": SIX | {"q4": 5}}, "values"),
        ({"rated": None}, "rated_by"),
        ({"handed_in_by": "parent"}, "rated_by"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(house: House, changed: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        rate(house, **changed)

    assert refused.value.field == field
    with scope(clinic=house.clinic.id):
        assert QuestionSet.objects.count() == 0


def test_time_to_come_a_stranger_and_somebody_without_answers_rate_nobody(house: House, other_house: House) -> None:
    with pytest.raises(Refused, match="This time has not come yet"):
        rate(house, at=NOW + timedelta(minutes=1))
    for person in (other_house.nurse, house.administrator):
        with pytest.raises(Refused, match="Choose a clinician who works here"):
            rate(house, rated=Rated(person.id, FORTY_MINUTES_IN))


def test_parent_form_has_no_rater(house: House) -> None:
    epds = {f"q{number}": 0 for number in range(1, 11)}

    with pytest.raises(Refused, match="A parent fills in this form"):
        rate(house, epds, instrument="epds")


def test_rating_is_corrected_and_taken_back_with_a_reason(house: House) -> None:
    with scope(clinic=house.clinic.id):
        form = rate(house).paper
        facts = {
            "filled_in_date": NOW.date(),
            "handed_in_by": "clinician",
            "entered_twice": False,
            "reason": "Mistyped.",
        }
        later = Rated(house.nurse.id, FORTY_MINUTES_IN + timedelta(minutes=5))
        right = correct_paper(form=form, values=SIX | {"q1": 4}, rated=later, by=house.actor("nurse"), at=NOW, **facts)

        assert sheet_of(right.paper).rated == later
        take_back_paper(form=right.paper, reason="Another person's.", by=house.actor("nurse"), at=NOW)
        assert not QuestionSet.objects.filter(superseded_at=None).exists()


def test_database_holds_rater_and_time_together(house: House) -> None:
    form = rate(house).paper

    form.id, form.question_set_id, form.rated_at = None, rate(house, at=NOW).id, None
    with scope(clinic=house.clinic.id), pytest.raises(IntegrityError), transaction.atomic():
        form.save(force_insert=True)


def test_nurse_enters_a_rating_on_its_page_and_reads_it(house: House) -> None:
    ruth = client_of(house.nurse)
    assert "Rated by a clinician" in words_of(ruth.get(url(house, "")).content.decode())
    assert "never sent to a parent" in words_of(ruth.get(url(house)).content.decode())

    empty = ruth.post(url(house), fields("22222.", rated_by=str(house.prescriber.id)))
    assert empty.status_code == 422
    assert "Item 6 is empty." in words_of(empty.content.decode())

    kept = ruth.post(url(house), fields(rated_by=str(house.prescriber.id)))
    assert kept.status_code == 303
    words = words_of(ruth.get(kept["Location"]).content.decode())
    assert "by Amara Okafor; entered" in words
    with scope(clinic=house.clinic.id):
        form = PaperForm.objects.get()
    assert form.rated_at is not None
    assert form.rated_at.hour == 12  # seven in the morning in Albany

    page = words_of(ruth.get(url(house, f"kept/{form.id}/")).content.decode())
    assert "Correct a paper form" in page


def test_outsiders_reach_none_of_it(house: House, other_house: House) -> None:
    for person in (other_house.nurse, house.administrator):
        assert client_of(person).get(url(house)).status_code in {403, 404}
        assert client_of(person).post(url(house), fields()).status_code in {403, 404}


def test_first_view_of_the_timeline_shows_ratings_beside_the_dose(house: House) -> None:
    assert {"cadss-6", "cadss", "bprs-4"} <= set(lanes().opening)
    rate(house)

    ruth = client_of(house.nurse)

    assert "CADSS-6" in words_of(ruth.get(f"/clinic/people/{house.mother.id}/timeline/").content.decode())


def test_response_reads_no_change_from_ratings_around_a_dose(house: House) -> None:
    rate(house)
    rate(house, dict.fromkeys(SIX, 0), at=FORTY_MINUTES_IN + timedelta(minutes=40))

    words = words_of(client_of(house.nurse).get(f"/clinic/people/{house.mother.id}/response/").content.decode())

    assert "CADSS-6" not in words
