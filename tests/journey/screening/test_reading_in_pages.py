"""The answers of somebody who answered for a year: in pages, newest first, with nothing that asked for help out of sight."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from firstlight.journey.screening.models import Answer, QuestionSet
from firstlight.journey.screening.records import SETS_ON_A_PAGE, record_of, record_page
from tests.cast import NOW, House
from tests.support.reading import words_of
from tests.support.signed_in import client_of

DAYS = 2 * SETS_ON_A_PAGE + 5


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ruth(house: House) -> Client:
    return client_of(house.nurse)


def days(house: House, count: int = DAYS, *, at: datetime = NOW, harm: int = 0) -> list[QuestionSet]:
    """Let Maya have answered the check-in on so many days, the last one first."""
    with scope(clinic=house.clinic.id):
        sets = [
            QuestionSet(
                clinic=house.clinic,
                parent=house.mother,
                episode=house.episode,
                set_name="day",
                instruments=["check-in"],
                anchor=f"day:{at:%y%m%d}:{number}",
                assigned_at=at - timedelta(days=number),
                completed_at=at - timedelta(days=number),
            )
            for number in range(1, count + 1)
        ]
        QuestionSet.objects.bulk_create(sets)
        Answer.objects.bulk_create(
            Answer(
                clinic=house.clinic,
                question_set=one,
                instrument="check-in",
                item=item,
                value=value,
                answered_at=one.assigned_at,
            )
            for one in sets
            for item, value in (("mood", 4), ("harm", harm))
        )
    return sets


def read(house: House, client: Client, query: str = "") -> str:
    page = client.get(f"/clinic/people/{house.mother.id}/answers/{query}")
    assert page.status_code == 200
    return page.content.decode()


def shown_on(page: str) -> list[str]:
    return re.findall(r'<details class="answer-set" id="set-([0-9a-f-]+)"', page)


def test_pages_together_hold_every_set_once_newest_first(house: House, ruth: Client) -> None:
    sets = days(house)

    pages = [read(house, ruth, f"?page={number}") for number in (1, 2, 3)]

    assert [len(shown_on(page)) for page in pages] == [SETS_ON_A_PAGE, SETS_ON_A_PAGE, 5]
    assert [str(one.id) for one in sets] == [set_id for page in pages for set_id in shown_on(page)]


def test_page_says_which_sets_it_holds_and_leads_to_older_and_newer(house: House, ruth: Client) -> None:
    days(house)

    first, second, last = (read(house, ruth, f"?page={number}") for number in (1, 2, 3))

    assert f"Question sets 1 to {SETS_ON_A_PAGE} of {DAYS}" in words_of(first)
    assert 'rel="next" href="?page=2"' in first
    assert 'rel="prev"' not in first
    assert 'rel="prev" href="?page=1"' in second
    assert 'rel="next" href="?page=3"' in second
    assert 'rel="next"' not in last


def test_one_page_of_answers_has_no_links_to_others(house: House, ruth: Client) -> None:
    days(house, 3)

    assert "More answers" not in read(house, ruth)


@pytest.mark.parametrize(("page", "shows"), [("99", -1), ("0", -1), ("x", 0), ("", 0)])
def test_page_that_there_is_not_is_another_one(house: House, ruth: Client, page: str, shows: int) -> None:
    sets = days(house)

    assert str(sets[shows].id) in shown_on(read(house, ruth, f"?page={page}"))


def test_everything_is_on_one_page_to_print_and_unfolded(house: House, ruth: Client) -> None:
    sets = days(house)

    page = read(house, ruth, "?page=all")

    assert shown_on(page) == [str(one.id) for one in sets]
    assert "<details>" not in page[page.index('class="answer-set"') :].split('class="sources"')[0]
    with scope(clinic=house.clinic.id):
        assert len(record_of(house.actor("nurse"), house.mother.id).sets) == DAYS


def test_link_to_one_set_opens_it_on_its_page(house: House, ruth: Client) -> None:
    old = days(house)[-1]

    page = read(house, ruth, f"?set={old.id}")

    assert f'id="set-{old.id}" open' in page
    assert len(shown_on(page)) == 5


@pytest.mark.parametrize("asked", ["not-an-id", "5b0e1c9a-58f1-4f0e-8b51-0a4f3c6f8a11", ""])
def test_link_to_a_set_of_nobody_shows_the_first_page(house: House, ruth: Client, asked: str) -> None:
    newest = days(house)[0]

    assert shown_on(read(house, ruth, f"?set={asked}"))[0] == str(newest.id)


def test_answer_that_asked_for_help_is_named_on_every_other_page(house: House, ruth: Client) -> None:
    days(house)
    days(house, 2, at=NOW - timedelta(days=DAYS + 1), harm=1)

    first, last = words_of(read(house, ruth)), words_of(read(house, ruth, "?page=3"))

    assert "On other pages too: page 3, 2 question sets" in first
    assert "No answer on this page set off a safety rule." in first
    assert "On other pages too" not in last
    assert "No answer on this page" not in last


def test_answer_that_was_entered_wrongly_is_named_nowhere(house: House, ruth: Client) -> None:
    days(house)
    (wrong,) = days(house, 1, at=NOW - timedelta(days=DAYS + 1), harm=1)
    with scope(clinic=house.clinic.id):
        QuestionSet.objects.filter(id=wrong.id).update(superseded_at=NOW)

    assert "On other pages too" not in words_of(read(house, ruth))


def test_sets_of_one_moment_stand_in_the_same_order_on_every_look(house: House, ruth: Client) -> None:
    sets = days(house)
    with scope(clinic=house.clinic.id):
        QuestionSet.objects.update(assigned_at=NOW, completed_at=NOW)

    pages = [set_id for number in (1, 2, 3) for set_id in shown_on(read(house, ruth, f"?page={number}"))]

    assert sorted(pages) == sorted(str(one.id) for one in sets)
    assert shown_on(read(house, ruth, "?page=all")) == pages


def test_longer_record_asks_no_more_queries(house: House, ruth: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            read(house, ruth)
        return len(queries)

    days(house, SETS_ON_A_PAGE + 1)
    read(house, ruth)  # the first look after a sign-in asks for what is kept from then on
    before = asked()
    days(house, DAYS, at=NOW - timedelta(days=SETS_ON_A_PAGE + 2), harm=1)

    assert asked() == before


def test_results_leave_out_sets_that_come_to_no_score(house: House, ruth: Client) -> None:
    (day,) = days(house, 1)

    assert f'href="#set-{day.id}"' not in read(house, ruth)
    assert str(day.id) in shown_on(read(house, ruth))


def test_outsider_reads_no_page(house: House, other_house: House) -> None:
    sets = days(house)

    for query in ("", "?page=2", "?page=all", f"?set={sets[0].id}"):
        address = f"/clinic/people/{house.mother.id}/answers/{query}"
        assert client_of(other_house.prescriber).get(address).status_code == 404
        assert client_of(house.administrator).get(address).status_code == 404


def test_whole_record_and_its_pages_hold_the_same(house: House) -> None:
    days(house)
    actor, maya = house.actor("nurse"), house.mother.id

    with scope(clinic=house.clinic.id):
        whole = record_of(actor, maya)
        pages = [record_page(actor, maya, page=str(number)).record for number in (1, 2, 3)]

    assert whole.sets == tuple(one for page in pages for one in page.sets)
    assert whole.replies == {set_id: replies for page in pages for set_id, replies in page.replies.items()}
