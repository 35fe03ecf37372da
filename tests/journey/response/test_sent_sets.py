"""A set that somebody of the clinic sends: the parent is told, and reminded, neutrally, in her hours, one message a day."""

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
from firstlight.journey.response.arranging import Ended
from firstlight.journey.response.models import CheckIn, SentSet
from firstlight.journey.response.schedule import schedule
from firstlight.journey.response.services import telling
from firstlight.journey.screening.models import QuestionSet, SetLink
from firstlight.journey.screening.selectors import given_in, open_sets_for
from firstlight.journey.screening.services import answer, assign, complete, send_set, take_back
from tests.cast import NOW, House
from tests.journey.screening.telling import answer_all
from tests.support.reading import words_of
from tests.support.scale import count
from tests.support.signed_in import client_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ZONE, RULE = ZoneInfo("America/New_York"), schedule().sent_sets
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


def test_parent_is_told_and_the_link_opens_the_set(house: House) -> None:
    question_set = send(house)

    for minutes in (5, 10, 60 * 24, 60 * 72):
        services.remind_due(NOW + timedelta(minutes=minutes))

    (message,) = messages(house)
    assert message.made_at == NOW + timedelta(minutes=5)
    assert SentSet.objects.get().told_at == message.made_at
    page = Client().get(path_of(message.context["link"]), follow=True)
    assert page.status_code == 200
    assert SetLink.objects.get().question_set_id == question_set.id
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


BEAT_HOURS = count(reduced=3, full=1)


def remind_for(days: int, first: datetime = NOW) -> None:
    """Let the worker look every hour, or every third."""
    for hours in range(0, 24 * days, BEAT_HOURS):
        services.remind_due(first + hours * HOUR)


def test_what_stays_open_is_reminded_of_as_often_and_as_late_as_the_schedule_says(house: House) -> None:
    question_set = send(house)

    remind_for(20)

    first, second = messages(house)
    assert second.made_at - first.made_at >= RULE.after
    assert (first.key, second.key) == (f"sent-set:{question_set.id}:1", f"sent-set:{question_set.id}:2")
    assert RULE.reminders == 1
    sent = SentSet.objects.get()
    assert (sent.told_at, sent.reminded_at, sent.reminders) == (first.made_at, second.made_at, 1)
    assert AuditEvent.objects.get(action="set.reminded").detail == {"number": 1}
    assert Client().get(path_of(second.context["link"]), follow=True).status_code == 200
    said = render_to_string(second.template, second.context)
    assert [word for word in NOT_ON_THE_OUTSIDE if word.casefold() in said.casefold()] == []


def test_reminder_waits_for_her_hours_on_her_own_clock(house: House) -> None:
    house.mother.timezone = "Asia/Kathmandu"
    house.mother.save(update_fields=["timezone"])
    services.choose_hours(
        parent=house.mother, parts=["early", "morning"], quiet_from=5, quiet_to=10, by=house.actor("mother"), at=NOW
    )
    send(house)

    remind_for(8)

    assert [one.made_at.astimezone(ZoneInfo("Asia/Kathmandu")).hour for one in messages(house)] == [10, 10]


def test_reminder_that_could_not_go_out_within_its_window_never_does(house: House) -> None:
    send(house)
    services.remind_due(NOW)
    services.stop_messages(parent=house.mother, by=house.actor("mother"), at=NOW + HOUR)
    remind_for(14, NOW + HOUR)
    services.allow_messages(parent=house.mother, by=house.actor("mother"), at=NOW + RULE.within)

    remind_for(6, NOW + RULE.within)

    assert len(messages(house)) == 1


AFTER_TOLD = NOW + DAY
SOON = timedelta(minutes=1)


@pytest.mark.parametrize("why", ["answered", "taken back", "paused", "stopped", "closed", "loss", "no messages"])
def test_nobody_is_reminded_any_more(house: House, why: str) -> None:
    """A set about the baby that was begun before a loss is taken back too: it would stand on her first page."""
    question_set = send(house, "bond" if why == "loss" else "trauma")
    services.remind_due(NOW)
    if why == "answered":
        answer_all(house, question_set, at=AFTER_TOLD)
        complete(question_set=question_set, by=house.actor("mother"), at=AFTER_TOLD)
    elif why == "taken back":
        assert take_back(question_set=question_set, by=house.actor("nurse"), at=AFTER_TOLD)
    elif why == "loss":
        answer(question_set=question_set, item="pbq:q1", value=1, by=house.actor("mother"), at=AFTER_TOLD)
        record_loss(family=house.mother.family, by=house.actor("nurse"), at=AFTER_TOLD)
        assert open_sets_for(house.actor("mother"), AFTER_TOLD + SOON) == []
        assert given_in(question_set) == {"pbq": {"q1": 1}}
    elif why == "no messages":
        services.stop_messages(parent=house.mother, by=house.actor("mother"), at=AFTER_TOLD)
    else:
        house.episode.state = EpisodeState(why)
        house.episode.save(update_fields=["state"])

    remind_for(6, AFTER_TOLD)

    assert len(messages(house)) == 1


@pytest.mark.parametrize("why", ["new dose", "loss", "loss, begun", "expired"])
def test_check_in_that_is_over_or_is_silent_is_not_reminded_of(house: House, why: str) -> None:
    check_in(house, NOW, rule="bond-1")
    services.remind_due(NOW)
    opened = CheckIn.objects.filter(rule="bond-1")
    if why == "new dose":
        opened.update(ended_at=AFTER_TOLD, ended_why=Ended.NEW_DOSE)
    elif why == "expired":
        opened.update(expires_at=AFTER_TOLD)
    else:
        asked = opened[0].question_set
        assert asked is not None
        if why == "loss, begun":
            answer(question_set=asked, item="pbq:q1", value=1, by=house.actor("mother"), at=AFTER_TOLD)
        record_loss(family=house.mother.family, by=house.actor("nurse"), at=AFTER_TOLD)
        assert open_sets_for(house.actor("mother"), AFTER_TOLD + SOON) == []
        assert opened[0].ended_why == "loss"

    remind_for(8, AFTER_TOLD)

    assert len(messages(house)) == 1


def test_check_in_about_the_child_is_reminded_of_where_nothing_ended_it(house: House) -> None:
    check_in(house, NOW, rule="bond-1")
    services.remind_due(NOW)

    remind_for(8, AFTER_TOLD)

    assert len(messages(house)) == 2


def test_reminder_goes_along_with_a_check_in_of_its_day(house: House) -> None:
    """One message, with a link to each; the check-in of the same half day is waited for."""
    send(house)
    services.remind_due(NOW)
    check_in(house, NOW + RULE.after + 6 * HOUR)

    remind_for(1, NOW + RULE.after)

    _first, second = messages(house)
    assert second.made_at == NOW + RULE.after + 6 * HOUR
    assert len(second.context["also"]) == 1
    assert SentSet.objects.get().reminded_at == second.made_at


def test_day_that_had_its_reminder_has_no_second_message(house: House) -> None:
    send(house)
    services.remind_due(NOW)
    services.remind_due(NOW + RULE.after)
    check_in(house, NOW + RULE.after + HOUR)

    services.remind_due(NOW + RULE.after + 2 * HOUR)
    assert len(messages(house)) == 2

    services.remind_due(NOW + RULE.after + DAY)
    assert len(messages(house)) == 3


@pytest.mark.parametrize("step", ["_send", "send", "record", "link_for"])
def test_worker_that_dies_between_two_steps_reminds_no_less_and_not_twice(
    house: House, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """It dies right after the step: what it wrote so far goes with it, and the next beat does the whole of it, once."""
    send(house)
    services.remind_due(NOW)
    whole = getattr(telling, step)

    def dies_after(*args: object, **named: object) -> None:
        whole(*args, **named)
        raise SystemExit

    at = NOW + RULE.after
    with monkeypatch.context() as dying:
        dying.setattr(telling, step, dies_after)
        with pytest.raises(SystemExit):
            services.remind_due(at)
    assert (len(messages(house)), SentSet.objects.get().reminders, SetLink.objects.count()) == (1, 0, 1)

    services.remind_due(at)
    services.remind_due(at + timedelta(minutes=5))

    assert (len(messages(house)), SentSet.objects.get().reminders, SetLink.objects.count()) == (2, 1, 2)
    opened = [Client().get(path_of(one.context["link"]), follow=True).status_code for one in messages(house)]
    assert opened == [200, 200]
    assert AuditEvent.objects.filter(action="set.reminded").count() == 1


def test_staff_read_which_messages_went_out_and_how_reminders_follow(house: House) -> None:
    send(house)
    services.remind_due(NOW)
    services.remind_due(NOW + RULE.after)

    with time_machine.travel(NOW + RULE.after, tick=False):
        page = words_of(client_of(house.nurse).get(f"/clinic/people/{house.mother.id}/response/").content.decode())

    assert "Hard experiences (when asked for)" in page
    assert "2 messages" in page
    assert "Sent from the record: 1 reminder, 3 days after the first message, within 14 days of it." in page


def test_parent_reads_that_a_reminder_may_follow(house: House) -> None:
    page = words_of(client_of(house.mother).get("/me/hours/").content.decode())

    assert "We remind you of questions that stay open, 2 times at most." in page


def test_page_says_that_a_message_goes_out(house: House) -> None:
    page = words_of(client_of(house.nurse).get(f"/clinic/people/{house.mother.id}/answers/sets/").content.decode())

    assert "a neutral message says so, with a reminder if it stays open" in page


EVENTS = st.tuples(st.integers(0, 5 * 24), st.sampled_from(["trauma", "habits", "check-in"]))


@settings(max_examples=count(reduced=5, full=300), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=st.lists(EVENTS, max_size=5, unique_by=lambda event: event[0]), first=st.integers(0, 23))
def test_whatever_is_sent_there_is_at_most_one_message_a_day_and_in_the_end_all_of_everything(
    house: House, events: list[tuple[int, str]], first: int
) -> None:

    with transaction.atomic():
        for number, (hours, what) in enumerate(sorted(events)):
            at = NOW + (first + hours) * HOUR
            if what == "check-in":
                check_in(house, at, rule=("day-1", "day-3", "week-1", "week-3", "month-5")[number])
            else:
                SentSet.objects.create(clinic=house.clinic, parent=house.mother, question_set=at_once(house, at))
        remind_for(12)
        days = [one.made_at.astimezone(ZONE).date() for one in messages(house)]
        untold = SentSet.objects.filter(told_at=None).count()
        reminded = set(SentSet.objects.values_list("reminders", flat=True))
        transaction.set_rollback(True)

    assert len(days) == len(set(days))
    assert untold == 0
    assert reminded <= {RULE.reminders}
