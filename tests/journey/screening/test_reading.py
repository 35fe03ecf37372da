"""Answers as a clinician reads them."""

from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from firstlight.ground.audit.models import AuditEvent
from firstlight.journey.screening.services import complete
from tests.cast import NOW, House
from tests.journey.screening.telling import answer_all, first_set
from tests.support.reading import words_of
from tests.support.signed_in import client_of

MOST_QUERIES = 20


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_answers_of_one_parent_are_read_by_staff_with_one_read_event(house: House) -> None:
    question_set = first_set(house)
    with scope(clinic=house.clinic.id):
        answer_all(house, question_set, {"phq-9:q9": 2})
        complete(question_set=question_set, by=house.actor("mother"), at=NOW)

    prescriber = client_of(house.prescriber)
    with CaptureQueriesContext(connection) as asked:
        page = prescriber.get(f"/clinic/people/{house.mother.id}/answers/")

    shown = words_of(page.content.decode())
    for said in (
        "10 of 27",
        "moderate",
        "negative screen",
        "7 of 21",
        "Brief safety assessment",
        "More than half the days",
    ):
        assert said in shown
    assert len(asked) <= MOST_QUERIES
    events = AuditEvent.objects.filter(action="read.answers", parent_id=house.mother.id)
    assert events.count() == 1


def test_changed_answer_shows_what_it_replaced(house: House) -> None:
    question_set, maya = first_set(house), client_of(house.mother)
    for value in (3, 0):
        maya.post(f"/me/q/{question_set.id}/13/", {"item": "phq-9:q9", "value": value})

    shown = words_of(client_of(house.nurse).get(f"/clinic/people/{house.mother.id}/answers/").content.decode())

    assert "before: Nearly every day" in shown
    assert "Brief safety assessment" in shown


@pytest.mark.parametrize("role", ["administrator", "stranger"])
def test_answers_are_not_there_for_whoever_may_not_read_them(house: House, other_house: House, role: str) -> None:
    client = client_of(house.administrator if role == "administrator" else other_house.prescriber)

    assert client.get(f"/clinic/people/{house.mother.id}/answers/").status_code == 404
