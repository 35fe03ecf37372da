"""A page says that somebody reads it only when that is so, and by when; otherwise that nobody is watching."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django_scopes import scope

from firstlight.ground.safety.selectors import WatchNotice, watch_notice
from firstlight.ground.safety.services import add_slot
from firstlight.ground.safety.wording import sentences, standing_sentences
from firstlight.ground.worklist.services import set_delivery_address, tick
from tests.cast import House

ZONE = ZoneInfo("America/New_York")
MONDAY_TEN = datetime(2026, 11, 23, 10, 0, tzinfo=ZONE)
FRIDAY_NIGHT = datetime(2026, 11, 27, 22, 0, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def inside(house: House) -> Any:
    with scope(clinic=house.clinic.id):
        yield


@pytest.fixture
def tested(house: House) -> House:
    """Give the clinic a mailbox; each test lets the worker beat when it looks."""
    before = MONDAY_TEN - timedelta(days=30)
    set_delivery_address(
        clinic=house.clinic, address="desk@harbour.example", by=house.actor("administrator"), at=before
    )
    return house


@pytest.fixture
def rostered(tested: House) -> House:
    """Ruth answers on weekdays from 9 to 17."""
    for weekday in range(5):
        add_slot(
            member=tested.nurse, weekday=weekday, starts=time(9), ends=time(17), by=tested.actor("administrator"),
            at=MONDAY_TEN - timedelta(days=30),
        )  # fmt: skip
    return tested


def notice(house: House, at: datetime) -> WatchNotice:
    tick(at)
    return watch_notice(house.clinic, at)


def said(house: House, at: datetime, zone: str = "America/New_York") -> str:
    return " ".join(sentences(notice(house, at), at, ZoneInfo(zone)))


def test_somebody_on_duty_reads_within_the_hour(rostered: House) -> None:
    assert said(rostered, MONDAY_TEN) == "Your nurse reads this today by 11:00."


def test_time_is_rounded_up_never_down(rostered: House) -> None:
    assert said(rostered, MONDAY_TEN + timedelta(minutes=1)) == "Your nurse reads this today by 11:15."


def test_friday_night_says_monday_and_that_nobody_reads_tonight(rostered: House) -> None:
    assert said(rostered, FRIDAY_NIGHT) == "Your nurse reads this on Monday by 10:00. Nobody reads it tonight."


def test_saturday_noon_says_that_nobody_reads_before_monday(rostered: House) -> None:
    at = datetime(2026, 11, 28, 12, 0, tzinfo=ZONE)

    assert said(rostered, at) == "Your nurse reads this on Monday by 10:00. Nobody reads it before then."


def test_three_at_night_says_this_morning(rostered: House) -> None:
    at = datetime(2026, 11, 24, 3, 0, tzinfo=ZONE)

    assert said(rostered, at) == "Your nurse reads this today by 10:00. Nobody reads it tonight."


def test_minutes_before_closing_are_not_a_promise_for_today(rostered: House) -> None:
    at = datetime(2026, 11, 23, 16, 50, tzinfo=ZONE)

    assert said(rostered, at) == "Your nurse reads this tomorrow by 10:00. Nobody reads it before then."


def test_parent_elsewhere_reads_her_own_clock(rostered: House) -> None:
    assert said(rostered, MONDAY_TEN, "America/Los_Angeles") == "Your nurse reads this today by 08:00."


def stands(house: House, at: datetime, *, asked: bool) -> str:
    return " ".join(standing_sentences(notice(house, at), at, ZONE, asked=asked))


def test_page_from_which_nothing_is_sent_says_so_and_when_an_answer_is_read(rostered: House) -> None:
    sent = "Nothing is sent to the clinic from this page."
    reads = f"{sent} If one of your answers asks for help, somebody at the clinic reads it"

    assert stands(rostered, MONDAY_TEN, asked=True) == f"{reads} today by 11:00."
    assert stands(rostered, FRIDAY_NIGHT, asked=True) == f"{reads} on Monday by 10:00. Nobody reads it tonight."
    assert stands(rostered, MONDAY_TEN, asked=False) == stands(rostered, FRIDAY_NIGHT, asked=False) == sent


def test_page_from_which_nothing_is_sent_says_that_nobody_watches(house: House) -> None:
    for asked in (True, False):
        assert stands(house, MONDAY_TEN, asked=asked).endswith("this page. Nobody at the clinic is watching now.")


def test_tested_channel_without_a_roster_promises_nothing(tested: House) -> None:
    assert WatchNotice("nobody", reason="no-roster") == notice(tested, MONDAY_TEN)
    assert said(tested, MONDAY_TEN) == "Nobody at the clinic is watching this now. Do not wait for an answer here."


def test_roster_without_todays_test_promises_nothing(rostered: House) -> None:
    assert WatchNotice("nobody", reason="untested") == watch_notice(rostered.clinic, MONDAY_TEN)


def test_dead_worker_ends_the_promise(rostered: House) -> None:
    tick(MONDAY_TEN)

    assert not watch_notice(rostered.clinic, MONDAY_TEN + timedelta(minutes=3)).watched


def test_notice_needs_no_scope(rostered: House) -> None:
    tick(MONDAY_TEN)
    with scope(clinic=None):
        assert watch_notice(rostered.clinic, MONDAY_TEN).watched


def test_notice_costs_few_queries(rostered: House, django_assert_max_num_queries: Any) -> None:
    tick(MONDAY_TEN)
    with django_assert_max_num_queries(6):
        watch_notice(rostered.clinic, MONDAY_TEN)
