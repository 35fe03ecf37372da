"""A concern of low risk is finished: the next visit says what to ask again, until somebody has asked."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scope

from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import EpisodeState
from firstlight.ground.safety.ladder import ladder
from firstlight.ground.safety.services import raise_concern
from firstlight.ground.visits import services
from firstlight.ground.visits.again import asks_again
from firstlight.ground.visits.models import AskAgain, Visit
from firstlight.ground.worklist.models import Task
from firstlight.ground.worklist.services import finish
from tests.cast import NOW, House
from tests.support.signed_in import client_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SAID = "A hard night."


@pytest.fixture(autouse=True)
def inside(house: House) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False), scope(clinic=house.clinic.id):
        yield


def cleared(house: House, level: str = "L1", at: Any = NOW) -> Task:
    task = raise_concern(
        parent=house.mother, level=level, source="y", reason=SAID, by=house.actor("mother"), at=at
    ).task  # fmt: skip
    return finish(task=task, by=house.actor("prescriber"), at=at, outcome="Read.")


def visit(house: House, after: timedelta) -> Visit:
    return services.book(
        kind="talk", parent=house.mother, staff=house.therapist, starts_at=NOW + after, minutes=50,
        by=house.actor("nurse"), at=NOW,
    )  # fmt: skip


def shown(house: House, *visits: Visit, at: Any = NOW, role: str = "nurse") -> list[Any]:
    current = list(Visit.objects.filter(id__in=[one.id for one in visits]))
    return [one.visit_id for one in asks_again(house.actor(role), current, at)]


def ask(house: House, found: Visit, answer: str = "It is better.", at: Any = NOW, role: str = "therapist") -> Any:
    return services.asked_again(visit=found, answer=answer, by=house.actor(role), at=at)


def test_only_low_risk_asks_again() -> None:
    # clinical-facts section 5, escalation ladder: L1 repeats at the next visit
    assert [key for key, level in ladder().levels.items() if level.asks_again] == ["L1"]


def test_next_visit_shows_it_and_the_one_after_does_not(house: House) -> None:
    first, second = visit(house, DAY), visit(house, 2 * DAY)
    task = cleared(house)

    mark = AskAgain.objects.get()
    assert (mark.task_id, mark.says, mark.asked_at) == (task.id, SAID, None)
    assert shown(house, first, second) == [first.id]
    assert AuditEvent.objects.filter(action="ask_again.opened", about_id=str(mark.id)).count() == 1


@pytest.mark.parametrize("how", ["missed", "cancelled"])
def test_visit_that_did_not_take_place_leaves_it_to_the_next(house: House, how: str) -> None:
    first, second = visit(house, DAY), visit(house, 2 * DAY)
    cleared(house)
    end = services.mark_missed if how == "missed" else services.cancel
    end(visit=first, by=house.actor("nurse"), at=NOW + DAY + HOUR)

    assert shown(house, first, second, at=NOW + DAY + HOUR) == [second.id]


def test_whoever_asks_ends_it_for_every_visit(house: House) -> None:
    first, second = visit(house, DAY), visit(house, 2 * DAY)
    cleared(house)
    [mark] = ask(house, first)

    assert (mark.asked_by_id, mark.asked_in_id, mark.answer) == (house.therapist.id, first.id, "It is better.")
    assert shown(house, first, second) == []
    assert AuditEvent.objects.filter(action="ask_again.asked", about_id=str(mark.id)).count() == 1
    with pytest.raises(Refused, match="Nothing is to be asked again"):
        ask(house, first)


def test_visit_that_took_place_may_be_written_up_afterwards(house: House) -> None:
    first = visit(house, DAY)
    cleared(house)
    services.mark_happened(visit=first, by=house.actor("therapist"), at=NOW + DAY + HOUR)

    assert ask(house, first, at=NOW + DAY + 2 * HOUR)


def test_visit_that_had_begun_before_is_not_the_next(house: House) -> None:
    earlier, later = visit(house, HOUR), visit(house, DAY)
    cleared(house, at=NOW + HOUR + timedelta(minutes=10))

    assert shown(house, earlier, later, at=NOW + 3 * HOUR) == [later.id]


@pytest.mark.parametrize("level", ["L2", "L3"])
def test_other_levels_leave_none(house: House, level: str) -> None:
    cleared(house, level)

    assert not AskAgain.objects.exists()


def test_care_that_has_ended_leaves_none(house: House) -> None:
    house.episode.state = EpisodeState.TRANSFERRED
    house.episode.save()
    cleared(house)

    assert not AskAgain.objects.exists()


def test_same_finished_concern_leaves_one(house: House) -> None:
    task = cleared(house)
    services.ask_again(task=task, by=house.actor("nurse"), at=NOW + DAY)

    assert AskAgain.objects.get().opened_at == NOW


@pytest.mark.parametrize(("role", "answer"), [("administrator", "Better."), ("nurse", " ")])
def test_asking_is_refused_to_who_reads_no_answers_and_without_words(house: House, role: str, answer: str) -> None:
    first = visit(house, DAY)
    cleared(house)

    with pytest.raises(Refused):
        ask(house, first, answer, role=role)
    assert shown(house, first, role="administrator") == []


def test_longer_list_asks_no_more_queries(house: House) -> None:
    visits = [visit(house, DAY)]
    cleared(house)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            asks_again(house.actor("nurse"), visits, NOW)
        return len(queries)

    before = asked()
    visits += [visit(house, day * DAY) for day in range(2, 6)]

    assert asked() == before == 2


def test_pages_show_it_and_a_nurse_ends_it_there(house: House, other_house: House) -> None:
    today = visit(house, 3 * HOUR)
    cleared(house)
    page, client = reverse("visits:visit", args=[today.id]), client_of(house.nurse)
    address = reverse("visits:asked_again", args=[today.id])

    for where in (page, reverse("visits:calendar"), reverse("desk:today"), f"/clinic/people/{house.mother.id}/visits/"):
        assert SAID in client.get(where).content.decode(), where
        assert SAID not in client_of(house.administrator).get(where).content.decode(), where
    assert client_of(other_house.nurse).post(address, {"answer": "Better."}).status_code == 404
    assert client.post(address, {"answer": "", "once": str(uuid4())}).status_code == 422
    assert client.post(address, {"answer": "Better now.", "once": str(uuid4())}).status_code == 303
    after = client.get(page).content.decode()
    assert "Better now." in after
    assert "It was asked" not in after
    assert SAID not in client.get(reverse("visits:calendar")).content.decode()
