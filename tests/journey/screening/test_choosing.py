"""The one item that a parent chooses for the daily check-in: hers from one to the next, and never about a child after a loss."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django_scopes import scope

from firstlight.clinical.evidence import DataError
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Child, Loss
from firstlight.journey.screening import settling
from firstlight.journey.screening.models import ItemChoice, QuestionSet
from firstlight.journey.screening.selectors import given_in, questions_of, replies_in
from firstlight.journey.screening.services import answer, prefer, tap
from firstlight.journey.screening.settling import default_item, settled
from tests.cast import NOW, House
from tests.journey.screening.telling import day_set
from tests.support.signed_in import client_of


@pytest.fixture(autouse=True)
def _today(house: House) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False), scope(clinic=house.clinic.id):
        yield


def asked(question_set: QuestionSet) -> list[str]:
    return [one.item.key for one in questions_of(question_set, given_in(question_set))]


def tomorrow(house: House) -> QuestionSet:
    """Ask again, a day later."""
    QuestionSet.objects.update(anchor="dose:before")
    return day_set(house)


def lose(house: House) -> None:
    Loss.objects.create(
        clinic=house.clinic, family=house.mother.family, recorded_at=NOW, recorded_by=house.nurse.account
    )


def test_check_in_is_mood_one_item_side_effects_and_safety(house: House) -> None:
    assert asked(day_set(house)) == ["mood", "sleep", "side_effects", "harm"]


@pytest.mark.parametrize(
    ("births", "silent", "item"),
    [
        ([], False, "anxiety"),
        ([date(2026, 11, 1)], False, "sleep"),
        ([date(2020, 1, 1), date(2026, 11, 1)], False, "sleep"),
        ([date(2025, 11, 23)], False, "sleep"),
        ([date(2025, 11, 22)], False, "anxiety"),
        ([date(2026, 11, 1)], True, "anxiety"),
    ],
)
def test_item_fits_the_situation_until_she_chooses(births: list[date], silent: bool, item: str) -> None:
    assert default_item(births=births, today=date(2026, 11, 23), silent_about_baby=silent) == item


def test_choice_stays_from_one_check_in_to_the_next(house: House) -> None:
    question_set = day_set(house)

    prefer(question_set=question_set, item="tension", by=house.actor("mother"), at=NOW)

    assert asked(question_set)[1] == "tension"
    assert asked(tomorrow(house))[1] == "tension"


def test_item_that_was_answered_instead_is_the_chosen_one_from_then_on(house: House) -> None:
    tap(question_set=day_set(house), item="check-in:anxiety", value=4, by=house.actor("mother"), at=NOW)

    assert asked(tomorrow(house))[1] == "anxiety"


def test_what_is_chosen_already_is_not_written_again(house: House) -> None:
    question_set = day_set(house)

    for item in ("sleep", "tension", "tension"):
        prefer(question_set=question_set, item=item, by=house.actor("mother"), at=NOW)

    assert [one.item for one in ItemChoice.objects.all()] == ["tension"]


def test_choice_made_after_an_answer_asks_nothing_twice(house: House) -> None:
    question_set = day_set(house)
    answer(question_set=question_set, item="check-in:sleep", value=4, by=house.actor("mother"), at=NOW)

    prefer(question_set=question_set, item="tension", by=house.actor("mother"), at=NOW)

    assert asked(question_set) == ["mood", "sleep", "side_effects", "harm"]


@pytest.mark.parametrize("item", ["mood", "harm", "", "nothing", "check-in:sleep"])
def test_what_is_no_choice_is_refused(house: House, item: str) -> None:
    with pytest.raises(Refused, match="cannot be chosen"):
        prefer(question_set=day_set(house), item=item, by=house.actor("mother"), at=NOW)


def test_after_a_loss_a_choice_about_the_child_counts_no_more(house: House) -> None:
    question_set = day_set(house)
    prefer(question_set=question_set, item="closeness", by=house.actor("mother"), at=NOW)
    lose(house)

    assert asked(question_set) == ["mood", "anxiety", "side_effects", "harm"]
    with pytest.raises(Refused, match="cannot be chosen"):
        prefer(question_set=question_set, item="closeness", by=house.actor("mother"), at=NOW)


def test_after_a_loss_the_page_offers_nothing_about_the_child(house: House) -> None:
    question_set = day_set(house)
    lose(house)

    page = client_of(house.mother).get(f"/me/q/{question_set.id}/2/").content.decode().lower()

    assert "closeness" not in page
    assert "child" not in page


def test_four_taps_finish_it_without_script(house: House) -> None:
    question_set, maya = day_set(house), client_of(house.mother)
    page = maya.get(f"/me/q/{question_set.id}/", follow=True)
    assert page.redirect_chain == [(f"/me/q/{question_set.id}/1/", 302)]

    for place, key in enumerate(asked(question_set), 1):
        led = maya.post(f"/me/q/{question_set.id}/{place}/", {"item": f"check-in:{key}", "value": 0})

    assert led["Location"] == f"/me/q/{question_set.id}/done/"


def test_item_is_changed_with_one_tap_without_script(house: House) -> None:
    question_set, maya = day_set(house), client_of(house.mother)
    here = f"/me/q/{question_set.id}/2/"

    led = maya.post(here, {"instead": "tension"})

    assert (led.status_code, led["Location"]) == (303, here)
    assert "How tense was your body?" in maya.get(here).content.decode().split("data-check-in")[0]
    assert ItemChoice.objects.get().chosen_by_id == house.mother.account_id
    assert maya.post(here, {"instead": "mood"}).status_code == 422


def test_outsiders_choose_nothing(house: House, other_house: House) -> None:
    here = f"/me/q/{day_set(house).id}/2/"

    for stranger in (client_of(other_house.mother), client_of(house.father)):
        assert stranger.post(here, {"instead": "tension"}).status_code == 404
    assert Client().post(here, {"instead": "tension"}).status_code in {302, 303}
    assert ItemChoice.objects.count() == 0


def test_all_questions_are_asked_in_the_full_set(house: House) -> None:
    question_set = day_set(house)
    QuestionSet.objects.update(set_name="day-full")
    question_set.refresh_from_db()

    assert {"anxiety", "tension", "sleep", "closeness"} < set(asked(question_set))


def test_second_answered_item_is_kept_beside_the_first(house: House) -> None:
    question_set = day_set(house)
    for place, item in enumerate(("check-in:sleep", "check-in:tension")):
        at = NOW + timedelta(seconds=place)
        tap(question_set=question_set, item=item, value=4, by=house.actor("mother"), at=at)

    assert {one.item for one in replies_in([question_set.id])[question_set.id]} == {"sleep", "tension"}
    assert set(asked(question_set)) == {"mood", "sleep", "tension", "side_effects", "harm"}


def test_grown_child_does_not_make_the_nights_the_default(house: House) -> None:
    Child.objects.update(birth_date=date(2020, 1, 1))

    assert asked(day_set(house))[1] == "anxiety"


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ([{"item": "closeness", "because": "x"}], "about a child"),
        ([{"item": "mood", "because": "x"}], "cannot be chosen"),
        ([{"item": "sleep", "youngest_child_days": 1, "because": "x"}], "fit everybody"),
        ([], "fit everybody"),
    ],
)
def test_data_that_could_ask_something_wrong_is_refused(
    monkeypatch: pytest.MonkeyPatch, lines: list[dict[str, object]], problem: str
) -> None:
    page = {
        "version": 1, "tag": "ours", "default_item": lines, "arrives_within_days": 7, "clock_named_from_minutes": 5,
        "boxes_a_set": 60,
    }  # fmt: skip
    monkeypatch.setattr(settling, "data_file", lambda *_names: page)
    settled.cache_clear()

    with pytest.raises(DataError, match=problem):
        settled()
    settled.cache_clear()
