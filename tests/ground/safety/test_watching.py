"""A page says that somebody reads it only when that is so, and by when; otherwise that nobody is watching."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django_scopes import scope

from firstlight.ground.safety.noticing import concern_notice, open_answer
from firstlight.ground.safety.selectors import WatchNotice, watch_notice
from firstlight.ground.safety.services import add_slot, raise_concern
from firstlight.ground.safety.wording import sentences, standing_sentences
from firstlight.ground.worklist.models import Task
from firstlight.ground.worklist.services import acknowledge, finish, set_delivery_address, tick
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
    assert said(rostered, MONDAY_TEN) == "A nurse at the clinic reads this today by 11:00."


def test_time_is_rounded_up_never_down(rostered: House) -> None:
    assert said(rostered, MONDAY_TEN + timedelta(minutes=1)) == "A nurse at the clinic reads this today by 11:15."


def test_friday_night_says_monday_and_that_nobody_reads_tonight(rostered: House) -> None:
    assert (
        said(rostered, FRIDAY_NIGHT) == "A nurse at the clinic reads this on Monday by 10:00. Nobody reads it tonight."
    )


def test_saturday_noon_says_that_nobody_reads_before_monday(rostered: House) -> None:
    at = datetime(2026, 11, 28, 12, 0, tzinfo=ZONE)

    assert said(rostered, at) == "A nurse at the clinic reads this on Monday by 10:00. Nobody reads it before then."


def test_three_at_night_says_this_morning(rostered: House) -> None:
    at = datetime(2026, 11, 24, 3, 0, tzinfo=ZONE)

    assert said(rostered, at) == "A nurse at the clinic reads this today by 10:00. Nobody reads it tonight."


def test_minutes_before_closing_are_not_a_promise_for_today(rostered: House) -> None:
    at = datetime(2026, 11, 23, 16, 50, tzinfo=ZONE)

    assert said(rostered, at) == (
        "A nurse at the clinic reads this tomorrow by 10:00. "
        "Whoever is there until 17:00 may read it sooner. After that nobody does before then."
    )


def test_somebody_who_is_there_now_is_not_said_to_be_nobody(tested: House) -> None:
    """Sixty minutes of duty end on the next Monday; the one who was paged just now is there for another forty."""
    add(tested, "nurse", time(9), time(10, 40))

    assert said(tested, MONDAY_TEN) == (
        "A nurse at the clinic reads this on Mon 30 Nov by 09:30. "
        "Whoever is there until 10:40 may read it sooner. After that nobody does before then."
    )


def test_parent_elsewhere_reads_her_own_clock(rostered: House) -> None:
    assert said(rostered, MONDAY_TEN, "America/Los_Angeles") == "A nurse at the clinic reads this today by 08:00."


def add(house: House, who: str, starts: time, ends: time, *, rank: int = 1) -> None:
    add_slot(
        member=getattr(house, who), weekday=0, starts=starts, ends=ends, rank=rank,
        by=house.actor("administrator"), at=MONDAY_TEN - timedelta(days=30),
    )  # fmt: skip


def test_role_is_named_where_only_one_answers_and_never_as_the_parents_own(tested: House) -> None:
    # an invited parent has no prescriber yet: whoever stands on the roster reads it
    add(tested, "prescriber", time(9), time(17))

    assert said(tested, MONDAY_TEN) == "A prescriber at the clinic reads this today by 11:00."


def test_two_roles_on_the_roster_are_somebody_at_the_clinic(rostered: House) -> None:
    # what is for a prescriber pages the prescriber first, the rest the nurse: nobody can tell which of them reads it
    add(rostered, "prescriber", time(9), time(17), rank=2)

    assert said(rostered, MONDAY_TEN) == "Somebody at the clinic reads this today by 11:00."


def test_shift_that_changes_before_the_time_said_is_somebody_at_the_clinic(tested: House) -> None:
    add(tested, "nurse", time(9), time(10, 30))
    add(tested, "therapist", time(10, 30), time(17))

    assert said(tested, MONDAY_TEN) == "Somebody at the clinic reads this today by 11:00."
    assert said(tested, MONDAY_TEN + timedelta(minutes=30)) == "A therapist at the clinic reads this today by 11:30."


def test_shift_that_starts_later_counts_as_well_when_nobody_answers_now(tested: House) -> None:
    add(tested, "nurse", time(12), time(17))
    add(tested, "prescriber", time(12, 30), time(17), rank=2)

    assert said(tested, MONDAY_TEN) == "Somebody at the clinic reads this today by 13:00. Nobody reads it before then."


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


def heard(house: House, at: datetime) -> str:
    tick(at)
    return " ".join(sentences(concern_notice(house.mother, at), at, ZONE))


def raised(house: House, level: str, at: datetime, source: str = "screening:asq-acute") -> Task:
    by = house.actor("mother")
    return raise_concern(parent=house.mother, level=level, source=source, reason=level, by=by, at=at).task


@pytest.mark.parametrize(("level", "by"), [("L2", "11:00"), ("L3", "10:15"), ("L4", "10:05")])
def test_answer_is_read_by_the_clock_of_its_own_task(rostered: House, level: str, by: str) -> None:
    task = raised(rostered, level, MONDAY_TEN)

    assert f"{task.acknowledge_by.astimezone(ZONE):%H:%M}" == by
    assert heard(rostered, MONDAY_TEN) == f"A nurse at the clinic reads this today by {by}."


def test_at_night_the_clock_that_runs_says_so_and_the_one_that_waits_for_hours_too(rostered: House) -> None:
    waits = raised(rostered, "L2", FRIDAY_NIGHT)
    assert (
        heard(rostered, FRIDAY_NIGHT) == "A nurse at the clinic reads this on Monday by 10:00. Nobody reads it tonight."
    )

    runs = raised(rostered, "L3", FRIDAY_NIGHT)
    assert waits.id == runs.id
    assert heard(rostered, FRIDAY_NIGHT) == (
        "Nobody is on duty now. Somebody is called all the same, to read it today by 22:15. Do not wait for an answer here."
    )


def test_answer_that_nobody_took_in_time_says_so_and_one_that_was_taken_by_whom(rostered: House) -> None:
    task, later = raised(rostered, "L3", MONDAY_TEN), MONDAY_TEN + timedelta(minutes=15)
    late = "It was to be read today by 10:15, and nobody has taken it yet. Do not wait for an answer here."
    assert heard(rostered, later) == late

    acknowledge(task=task, by=rostered.actor("nurse"), at=later)
    assert heard(rostered, later) == "A nurse at the clinic has seen it: today 10:15."

    finish(task=task, outcome="Talked.", by=rostered.actor("prescriber"), at=later)
    assert heard(rostered, later) == "Somebody at the clinic has read it."


def test_clock_promises_nothing_where_nobody_watches(tested: House) -> None:
    raised(tested, "L3", MONDAY_TEN)

    assert heard(tested, MONDAY_TEN) == "Nobody at the clinic is watching this now. Do not wait for an answer here."


def test_what_staff_raised_is_no_answer_of_hers(rostered: House) -> None:
    raised(rostered, "L3", MONDAY_TEN, "fact:active_psychosis")

    assert open_answer(rostered.mother) is None


def test_notice_needs_no_scope(rostered: House) -> None:
    tick(MONDAY_TEN)
    with scope(clinic=None):
        assert watch_notice(rostered.clinic, MONDAY_TEN).watched


def test_notice_costs_few_queries(rostered: House, django_assert_max_num_queries: Any) -> None:
    tick(MONDAY_TEN)
    with django_assert_max_num_queries(6):
        watch_notice(rostered.clinic, MONDAY_TEN)
