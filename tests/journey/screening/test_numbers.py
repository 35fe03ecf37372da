"""An answer that is a number in a long range is written down, not chosen among a hundred buttons."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import BrowserContext, Page, expect

from firstlight.journey.screening.models import Answer, QuestionSet, Result
from firstlight.journey.screening.services import assign
from tests.cast import NOW, House, harbour
from tests.journey.screening.telling import bring_text, sign_in
from tests.support.reading import words_of
from tests.support.signed_in import client_of


def asked(house: House, at: Any = NOW) -> QuestionSet:
    """Maya is asked the EBI, six numbers from 0 to 100, in words that her clinic holds."""
    bring_text(house, "ebi", at=at - timedelta(minutes=5))
    with scope(clinic=house.clinic.id):
        return assign(parent=house.mother, episode=house.episode, set_name="one-ebi", by=house.actor("nurse"), at=at)


def answers(house: House) -> list[int | None]:
    with scope(clinic=house.clinic.id):
        return list(Answer.objects.order_by("item").values_list("value", flat=True))


def test_number_is_typed_kept_and_shown_again(house: House) -> None:
    with time_machine.travel(NOW, tick=False):
        url, maya = f"/me/q/{asked(house).id}/1/", client_of(house.mother)

        page = maya.get(url).content.decode()
        assert "A number from 0 to 100" in words_of(page)
        assert 'min="0" max="100"' in page
        assert page.count("<button") < 10

        refused = maya.post(url, {"item": "ebi:q1", "value": "101"})
        assert refused.status_code == 422
        assert "Possible are: 0 to 100." in words_of(refused.content.decode())
        assert answers(house) == []

        assert maya.post(url, {"item": "ebi:q1", "value": "73"}).status_code == 303
        assert answers(house) == [73]
        assert 'value="73"' in maya.get(url).content.decode()


@pytest.mark.slow
def test_numbers_on_a_phone_by_keys_and_one_passed_over(
    live: Any, own_database: None, phone: BrowserContext, axe: Callable[[Page], None]
) -> None:
    house = harbour()
    question_set = asked(house, timezone.now())
    sign_in(phone, house.mother)
    page = phone.new_page()
    page.goto(f"/me/q/{question_set.id}/1/")

    for place in range(1, 6):
        page.get_by_label("A number from 0 to 100").fill(str(place * 10))
        if place == 1:
            axe(page)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Question {place + 1}")
    page.get_by_label("A number from 0 to 100").fill("101")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Question 6")
    page.get_by_label("A number from 0 to 100").fill("")
    page.get_by_role("button", name="Pass over this question").click()

    page.wait_for_url("**/done/**")
    assert answers(house) == [10, 20, 30, 40, 50, None]
    with scope(clinic=house.clinic.id):
        assert Result.objects.get().total is None
