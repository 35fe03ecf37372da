"""A set that somebody of the clinic sends: the parent is told once, neutrally, in her hours, not beside another message."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction
from django.template.loader import render_to_string
from django.test import Client
from django_scopes import scope
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.models import EpisodeState
from firstlight.ground.people.services import record_loss
from firstlight.ground.worklist.models import OutboxMessage
from firstlight.journey.response import services
from firstlight.journey.response.models import CheckIn, SentSet
from firstlight.journey.screening.models import QuestionSet
from firstlight.journey.screening.services import assign, complete, send_set, take_back
from tests.cast import NOW, House
from tests.journey.screening.telling import answer_all
from tests.support.reading import words_of
from tests.support.scale import STORIES
from tests.support.signed_in import client_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ZONE = ZoneInfo("America/New_York")
NOT_ON_THE_OUTSIDE = ("ketamine", "mood", "Maya", "Harbour", "clinic", "dose", "depress", "trauma", "hard")


@pytest.fixture(autouse=True)
def _inside_harbour(house: House) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False), scope(clinic=house.clinic.id):
        yield


def send(house: House, name: str = "trauma", at: datetime = NOW) -> QuestionSet:
    return send_set(episode=house.episode, set_name=name, by=house.actor("nurse"), at=at)


def messages(house: House) -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(template=services.MESSAGE, parent=house.mother).order_by("made_at"))


def check_in(house: House, due_at: datetime, rule: str = "day-1") -> CheckIn:
    """Let a check-in of Maya's wait."""
    return CheckIn.objects.create(
        clinic=house.clinic,
        parent=house.mother,
        episode=house.episode,
        rule=rule,
        due_at=due_at,
        open_by=due_at + 2 * DAY,
    )


def path_of(address: str) -> str:
    return "/" + address.split("/", 3)[3]


def test_parent_is_told_once_and_the_link_opens_the_set(house: House) -> None:
    question_set = send(house)

    for minutes in (5, 10, 60 * 24, 60 * 72):
        services.remind_due(NOW + timedelta(minutes=minutes))

    (message,) = messages(house)
    assert message.made_at == NOW + timedelta(minutes=5)
    assert SentSet.objects.get().told_at == message.made_at
    page = Client().get(path_of(message.context["link"]), follow=True)
    assert page.status_code == 200
    question_set.refresh_from_db()
    assert question_set.link_digest
    assert AuditEvent.objects.filter(action="set.told", about_id=str(question_set.id)).count() == 1


def test_message_says_nothing_of_what_it_is_about(house: House) -> None:
    send(house)
    services.remind_due(NOW)

    (message,) = messages(house)
    said = render_to_string(message.template, message.context)
    assert [word for word in NOT_ON_THE_OUTSIDE if word.casefold() in said.casefold()] == []


def test_message_waits_for_her_hours(house: House) -> None:
    services.choose_hours(
        parent=house.mother, parts=["evening"], quiet_from=None, quiet_to=None, by=house.actor("mother"), at=NOW
    )
    send(house)

    for hours in range(24):
        services.remind_due(NOW + hours * HOUR)

    (message,) = messages(house)
    assert message.made_at.astimezone(ZONE).hour >= 17
    assert message.made_at - NOW < DAY


def test_set_that_opens_another_day_is_told_of_on_that_day(house: House) -> None:
    assign(parent=house.mother, episode=house.episode, set_name="week", by=house.actor("nurse"), at=NOW)
    question_set = send(house)
    assert question_set.due_at is not None

    services.remind_due(NOW + HOUR)
    assert messages(house) == []

    services.remind_due(question_set.due_at + HOUR)
    assert len(messages(house)) == 1


def test_check_in_that_comes_within_half_a_day_takes_it_along(house: House) -> None:
    """One message, with a link to each."""
    send(house)
    check_in(house, NOW + 6 * HOUR)

    services.remind_due(NOW + HOUR)
    assert messages(house) == []

    services.remind_due(NOW + 6 * HOUR)
    (message,) = messages(house)
    opened = [
        Client().get(path_of(address), follow=True) for address in (message.context["link"], *message.context["also"])
    ]
    assert [page.status_code for page in opened] == [200, 200]
    assert len(message.context["also"]) == 1
    assert SentSet.objects.get().told_at == NOW + 6 * HOUR
    assert "This is open too:" in render_to_string(message.template, message.context)


def test_check_in_that_comes_later_does_not_hold_it_back(house: House) -> None:
    send(house)
    check_in(house, NOW + 14 * HOUR)

    services.remind_due(NOW + HOUR)

    (message,) = messages(house)
    assert message.context["also"] == []


def test_day_that_had_its_message_has_no_second_one(house: House) -> None:
    check_in(house, NOW)
    services.remind_due(NOW)
    SentSet.objects.create(clinic=house.clinic, parent=house.mother, question_set=at_once(house, NOW + HOUR))

    services.remind_due(NOW + 2 * HOUR)
    assert len(messages(house)) == 1

    services.remind_due(NOW + DAY)
    assert len(messages(house)) == 2


def at_once(house: House, at: datetime) -> QuestionSet:
    """Let a set stand open from a moment, also on a day that has another one."""
    return assign(
        parent=house.mother,
        episode=house.episode,
        set_name="trauma",
        anchor=f"sent:{at}",
        by=house.actor("nurse"),
        at=at,
    )


def test_told_of_a_sent_set_no_check_in_writes_on_the_same_day(house: House) -> None:
    send(house)
    services.remind_due(NOW)
    check_in(house, NOW + HOUR)

    services.remind_due(NOW + 2 * HOUR)

    assert len(messages(house)) == 1


def test_who_wants_no_messages_gets_none_and_still_finds_the_set(house: House) -> None:
    services.stop_messages(parent=house.mother, by=house.actor("mother"), at=NOW)
    question_set = send(house)

    services.remind_due(NOW + HOUR)

    assert messages(house) == []
    assert f"/me/q/{question_set.id}/" in client_of(house.mother).get("/me/").content.decode()


def test_who_has_no_address_gets_no_message(house: House) -> None:
    house.mother.email = ""
    house.mother.save(update_fields=["email"])
    send(house)

    services.remind_due(NOW + HOUR)

    assert messages(house) == []


@pytest.mark.parametrize("gone", ["taken back", "sent", "paused", "loss"])
def test_nobody_is_told_of_what_is_not_open(house: House, gone: str) -> None:
    question_set = send(house, "bond" if gone == "loss" else "trauma")
    if gone == "taken back":
        take_back(question_set=question_set, by=house.actor("nurse"), at=NOW + timedelta(minutes=1))
    elif gone == "sent":
        answer_all(house, question_set)
        complete(question_set=question_set, by=house.actor("mother"), at=NOW + timedelta(minutes=3))
    elif gone == "paused":
        house.episode.state = EpisodeState.PAUSED
        house.episode.save(update_fields=["state"])
    else:
        record_loss(family=house.mother.family, by=house.actor("nurse"), at=NOW + timedelta(minutes=1))

    services.remind_due(NOW + HOUR)

    assert messages(house) == []


def test_set_that_a_schedule_asks_is_not_told_of_twice(house: House) -> None:
    assign(parent=house.mother, episode=house.episode, set_name="week", by=house.actor("nurse"), at=NOW)

    services.remind_due(NOW + HOUR)

    assert messages(house) == []
    assert SentSet.objects.count() == 0


def test_other_parent_and_other_clinic_are_told_nothing(house: House, other_house: House) -> None:
    send(house)
    services.remind_due(NOW)

    assert OutboxMessage.objects.filter(template=services.MESSAGE).exclude(parent=house.mother).count() == 0
    with scope(clinic=other_house.clinic.id):
        assert OutboxMessage.objects.filter(template=services.MESSAGE).count() == 0


def test_page_says_that_a_message_goes_out(house: House) -> None:
    page = words_of(client_of(house.nurse).get(f"/clinic/people/{house.mother.id}/answers/sets/").content.decode())

    assert "a neutral message says so once" in page


EVENTS = st.tuples(st.integers(0, 5 * 24), st.sampled_from(["trauma", "habits", "check-in"]))


@settings(max_examples=STORIES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=st.lists(EVENTS, max_size=5, unique_by=lambda event: event[0]), first=st.integers(0, 23))
def test_whatever_is_sent_there_is_at_most_one_message_a_day_and_in_the_end_one_of_everything(
    house: House, events: list[tuple[int, str]], first: int
) -> None:

    with transaction.atomic():
        for number, (hours, what) in enumerate(sorted(events)):
            at = NOW + (first + hours) * HOUR
            if what == "check-in":
                check_in(house, at, rule=("day-1", "day-3", "week-1", "week-3", "month-5")[number])
            else:
                SentSet.objects.create(clinic=house.clinic, parent=house.mother, question_set=at_once(house, at))
        for hours in range(12 * 24):
            services.remind_due(NOW + hours * HOUR)
        days = [one.made_at.astimezone(ZONE).date() for one in messages(house)]
        untold = SentSet.objects.filter(told_at=None).count()
        transaction.set_rollback(True)

    assert len(days) == len(set(days))
    assert untold == 0
