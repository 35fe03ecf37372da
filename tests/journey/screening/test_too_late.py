"""An answer that asks for help and came too late to be taken: told to the clinic, with help on the screen before all else."""

import re
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connections
from django.test import Client
from django_scopes import scope

from firstlight.ground.safety.models import Concern
from firstlight.ground.worklist.models import Task
from firstlight.ground.worklist.services import finish
from firstlight.journey.screening.models import Answer, QuestionSet
from firstlight.journey.screening.services import complete, link_for, take_back, tap
from tests.cast import NOW, House, harbour
from tests.journey.screening.telling import answer_all, day_set, first_set, was_told
from tests.support import reading
from tests.support.signed_in import client_of

CLOSES = NOW + timedelta(minutes=30)
HARM = {"item": "check-in:harm", "value": 1}
TOLD = "The clinic was told of your answer."
CLOSED = "These questions are closed. This answer is with the clinic but counts in no result."


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def words_of(page: Any) -> str:
    return reading.words_of(page.content.decode())


@pytest.fixture
def asked(house: House) -> QuestionSet:
    return day_set(house, set_name="day-full", expires_at=CLOSES)


def link_to(house: House, question_set: QuestionSet) -> str:
    with scope(clinic=house.clinic.id):
        return link_for(question_set=question_set, by=house.actor("nurse"), at=NOW)


def page_of(address: str) -> dict[str, str]:
    """Open the page about an urge to harm by its link; return what its form sends beside the answer."""
    page = Client().get(f"{address}8/").content.decode()
    assert "harm yourself" in page
    return dict(re.findall(r'name="(opened)" value="([^"]+)"', page))


def finished_elsewhere(house: House, question_set: QuestionSet) -> None:
    answer_all(house, question_set)
    with scope(clinic=house.clinic.id):
        complete(question_set=question_set, by=house.actor("mother"), at=NOW)


def told_of(house: House) -> list[tuple[str, datetime]]:
    """Return why each open task of a concern is there, and since when."""
    with scope(clinic=house.clinic.id):
        found = Concern.objects.filter(task__finished_at=None).order_by("at")
        return [(one.reason, one.at) for one in found]


def answers_to_harm(house: House) -> list[int | None]:
    with scope(clinic=house.clinic.id):
        return list(Answer.objects.filter(item="harm").values_list("value", flat=True))


def test_yes_a_moment_after_the_questions_closed_is_told_and_help_stands_first(
    house: House, asked: QuestionSet
) -> None:
    maya = client_of(house.mother)
    with time_machine.travel(CLOSES + timedelta(seconds=1), tick=False):
        page = maya.post(f"/me/q/{asked.id}/8/", HARM)
        after = maya.get(f"/me/q/{asked.id}/")

    words = words_of(page)
    assert page.status_code == 200
    assert 'href="tel:988"' in page.content.decode()
    assert words.index("Do you want to talk with someone now?") < words.index(TOLD) < words.index(CLOSED)
    assert f'href="/me/q/{asked.id}/"' in page.content.decode()
    assert "The time for these questions is over." in words_of(after)
    ((reason, at),) = told_of(house)
    assert (at, "after the questions were closed" in reason) == (CLOSES + timedelta(seconds=1), True)
    assert answers_to_harm(house) == []


def test_yes_after_another_window_sent_the_answers_is_told(house: House, asked: QuestionSet) -> None:
    maya = client_of(house.mother)
    finished_elsewhere(house, asked)

    page = maya.post(f"/me/q/{asked.id}/8/", HARM)

    assert (page.status_code, TOLD in words_of(page), CLOSED in words_of(page)) == (200, True, True)
    assert len(told_of(house)) == 1
    assert answers_to_harm(house) == [0]


def test_yes_to_questions_that_were_taken_back_is_told_with_the_words_for_now(house: House) -> None:
    asked = first_set(house)
    was_told(house)
    answer_all(house, asked, leave="asq:q5")
    with scope(clinic=house.clinic.id):
        take_back(question_set=asked, by=house.actor("nurse"), at=NOW, begun_too=True)

    with time_machine.travel(NOW + timedelta(seconds=2), tick=False):
        page = client_of(house.mother).post(f"/me/q/{asked.id}/4/", {"item": "asq:q4", "value": 1})

    assert 'href="tel:988"' in page.content.decode()
    ((reason, _at),) = told_of(house)
    assert "Answer: Yes." in reason


def test_harmless_answers_that_come_late_keep_their_words(house: House, asked: QuestionSet) -> None:
    maya, address = client_of(house.mother), link_to(house, asked)
    opened = page_of(address)
    harmless: list[dict[str, Any]] = [
        {"item": "check-in:harm", "value": 0}, {"item": "check-in:mood", "value": 1}, {"item": "check-in:harm", "pass": 1},
        {"item": "phq-9:q9", "value": 3}, {"item": "check-in:harm", "value": 99}, {"item": "", "value": ""}, {},
    ]  # fmt: skip

    with time_machine.travel(CLOSES, tick=False):
        for answer in harmless:
            assert maya.post(f"/me/q/{asked.id}/8/", answer).status_code == 410
            assert Client().post(f"{address}8/", answer | opened).status_code == 404

    assert told_of(house) == []


def test_two_taps_on_the_last_answer_are_one_answer_and_both_lead_to_help(house: House) -> None:
    asked, maya = first_set(house), client_of(house.mother)
    answer_all(house, asked, {"asq:q1": 1}, leave="asq:q5")
    with scope(clinic=house.clinic.id):
        before = Concern.objects.count()
        answer_all(house, asked, {"asq:q5": 0})
        QuestionSet.objects.filter(id=asked.id).update(completed_at=NOW)

    again = maya.post(f"/me/q/{asked.id}/1/", {"item": "asq:q1", "value": 1})

    assert TOLD in words_of(again)
    assert "Your answers are sent." in words_of(again)
    assert CLOSED not in words_of(again)
    with scope(clinic=house.clinic.id):
        assert Concern.objects.count() == before


def test_late_yes_is_told_once_while_somebody_has_its_task_and_again_when_it_was_finished(
    house: House, asked: QuestionSet
) -> None:
    maya = client_of(house.mother)
    with time_machine.travel(CLOSES, tick=False):
        for _ in range(3):
            assert TOLD in words_of(maya.post(f"/me/q/{asked.id}/8/", HARM))
        assert len(told_of(house)) == 1
        with scope(clinic=house.clinic.id):
            finish(task=Task.objects.get(kind="concern"), by=house.actor("nurse"), at=CLOSES, outcome="We talked.")
        maya.post(f"/me/q/{asked.id}/8/", HARM)

    assert len(told_of(house)) == 1
    with scope(clinic=house.clinic.id):
        assert Task.objects.filter(kind="concern").count() == 2


def test_yes_after_a_no_that_was_sent_is_told_though_the_first_yes_has_its_task(
    house: House, asked: QuestionSet
) -> None:
    with scope(clinic=house.clinic.id):
        for value in (1, 0):
            tap(question_set=asked, item="check-in:harm", value=value, by=house.actor("mother"), at=NOW)
    finished_elsewhere(house, asked)

    client_of(house.mother).post(f"/me/q/{asked.id}/8/", HARM)

    assert [("after the questions were closed" in reason) for reason, _at in told_of(house)] == [False, True]


def test_nothing_is_told_when_its_task_cannot_be_opened(
    house: House, asked: QuestionSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import DatabaseError

    from firstlight.journey.screening.services import answering

    def fails(**anything: object) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(answering, "raise_concern", fails)
    maya = client_of(house.mother)
    maya.raise_request_exception = False
    with time_machine.travel(CLOSES, tick=False):
        assert maya.post(f"/me/q/{asked.id}/8/", HARM).status_code == 500


# Through a link, which ends with its set.


def test_yes_through_a_link_that_was_used_up_in_another_window_is_told(house: House, asked: QuestionSet) -> None:
    address = link_to(house, asked)
    opened = page_of(address)
    finished_elsewhere(house, asked)

    for _ in range(2):
        page = Client().post(f"{address}8/", HARM | opened)

    words = words_of(page)
    assert (page.status_code, TOLD in words, CLOSED in words) == (200, True, True)
    assert 'href="tel:988"' in page.content.decode()
    assert not re.search(r"Maya|Lindqvist", page.content.decode())
    assert len(told_of(house)) == 1


def test_yes_through_an_expired_link_is_told(house: House, asked: QuestionSet) -> None:
    address = link_to(house, asked)
    opened = page_of(address)

    with time_machine.travel(CLOSES, tick=False):
        assert TOLD in words_of(Client().post(f"{address}8/", HARM | opened))

    assert len(told_of(house)) == 1


def test_yes_through_a_link_that_opens_nothing_any_more_is_told_and_kept_as_no_answer(
    house: House, asked: QuestionSet
) -> None:
    older = link_to(house, asked)
    opened = page_of(older)
    with scope(clinic=house.clinic.id):
        take_back(question_set=asked, by=house.actor("nurse"), at=NOW)
        QuestionSet.objects.filter(id=asked.id).update(expires_at=CLOSES)  # the set is open, this link is not

    assert TOLD in words_of(Client().post(f"{older}8/", HARM | opened))
    ((reason, _at),) = told_of(house)
    assert "when this was no longer asked here" in reason
    assert answers_to_harm(house) == []


def test_link_that_never_was_or_whose_page_was_never_open_tells_nobody(
    house: House, other_house: House, asked: QuestionSet
) -> None:
    address, theirs = link_to(house, asked), link_to(other_house, day_set(other_house, set_name="day-full"))
    opened, other = page_of(address), page_of(theirs)
    tries = [
        ("/me/c/no-such-link/", opened), ("/me/c/no-such-link/", {}), (address, {}), (address, other),
        (address, {"opened": "x:y"}), (address, {"opened": str(asked.id)}), ("/me/c/no-such-link/", other),
    ]  # fmt: skip

    with time_machine.travel(CLOSES, tick=False):
        unknown = Client().get("/me/c/no-such-link/")
        for secret, form in tries:
            page = Client().post(f"{secret}8/", HARM | form)
            assert (page.status_code, page.content) == (404, unknown.content)

    assert told_of(house) == told_of(other_house) == []


def test_another_parents_late_yes_and_another_sites_tell_nobody(
    house: House, other_house: House, asked: QuestionSet
) -> None:
    address = link_to(house, asked)
    opened = page_of(address)
    with time_machine.travel(CLOSES, tick=False):
        for stranger in (house.father, other_house.mother):
            assert client_of(stranger).post(f"/me/q/{asked.id}/8/", HARM).status_code == 404
        from_afar, maya = {"Sec-Fetch-Site": "cross-site"}, client_of(house.mother)
        maya.handler.enforce_csrf_checks = True
        assert maya.post(f"/me/q/{asked.id}/8/", HARM, headers=from_afar).status_code == 403
        assert Client().post(f"{address}8/", HARM | opened, headers=from_afar).status_code == 403

    assert told_of(house) == []


def test_late_yes_in_many_windows_at_one_moment_is_told_once(own_database: None) -> None:
    house = harbour()
    asked = day_set(house, set_name="day-full", expires_at=CLOSES)
    clients, barrier, found = [client_of(house.mother) for _ in range(4)], threading.Barrier(4), list[int]()

    def work(maya: Client) -> None:
        try:
            barrier.wait(timeout=30)
            found.append(maya.post(f"/me/q/{asked.id}/8/", HARM).status_code)
        finally:
            connections.close_all()

    with time_machine.travel(CLOSES, tick=False):
        threads = [threading.Thread(target=work, args=[maya]) for maya in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)

    assert found == [200] * 4
    assert len(told_of(house)) == 1
