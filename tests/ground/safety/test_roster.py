"""Weekly hours by the clinic's own clocks: who answers, in which hours nobody does; a clock change loses and doubles no hour."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django_scopes import scope
from hypothesis import given
from hypothesis import strategies as some

from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Clinic, Membership
from firstlight.ground.safety.models import RosterSlot
from firstlight.ground.safety.selectors import covered, gaps, instant, shifts, slots_of, who_answers
from firstlight.ground.safety.services import add_slot, end_slot
from tests.cast import NOW, House
from tests.support.reading import words_of
from tests.support.signed_in import client_of

ZONE = ZoneInfo("America/New_York")
BEFORE = NOW - timedelta(days=200)
MONDAY, FRIDAY, SATURDAY = 0, 4, 5


@pytest.fixture(autouse=True)
def inside(request: pytest.FixtureRequest) -> Any:
    if "house" not in request.fixturenames:
        yield
        return
    with scope(clinic=request.getfixturevalue("house").clinic.id):
        yield


def wall(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


def slot(house: House, member: Membership, weekday: int, starts: str, ends: str, rank: int = 1) -> RosterSlot:
    return add_slot(
        member=member, weekday=weekday, starts=time.fromisoformat(starts), ends=time.fromisoformat(ends), rank=rank,
        by=house.actor("administrator"), at=BEFORE,
    )  # fmt: skip


def test_person_answers_from_start_until_end(house: House) -> None:
    slot(house, house.nurse, MONDAY, "09:00", "17:00")

    asked = [wall(2026, 11, 23, 8, 59), wall(2026, 11, 23, 9), wall(2026, 11, 23, 16, 59), wall(2026, 11, 23, 17)]
    assert [[], [house.nurse], [house.nurse], []] == [who_answers(house.clinic.id, at) for at in asked]


def test_first_person_comes_before_the_second(house: House) -> None:
    slot(house, house.prescriber, MONDAY, "08:00", "18:00", rank=2)
    slot(house, house.nurse, MONDAY, "09:00", "17:00")

    assert [house.nurse, house.prescriber] == who_answers(house.clinic.id, wall(2026, 11, 23, 10))


def test_night_reaches_into_the_next_day(house: House) -> None:
    slot(house, house.nurse, FRIDAY, "20:00", "08:00")

    assert [house.nurse] == who_answers(house.clinic.id, wall(2026, 11, 28, 7))
    assert who_answers(house.clinic.id, wall(2026, 11, 28, 8)) == []


def test_equal_start_and_end_are_a_whole_day(house: House) -> None:
    slot(house, house.nurse, MONDAY, "00:00", "00:00")

    assert gaps(slots_of(house.clinic.id, NOW), wall(2026, 11, 23, 0), wall(2026, 11, 24, 0)) == []


def test_hours_in_which_nobody_answers_are_seen(house: House) -> None:
    slot(house, house.nurse, MONDAY, "09:00", "12:00")
    slot(house, house.second_nurse, MONDAY, "13:00", "17:00")

    found = gaps(slots_of(house.clinic.id, NOW), wall(2026, 11, 23, 0), wall(2026, 11, 24, 0))
    hours = [(start.astimezone(ZONE).hour, end.astimezone(ZONE).hour) for start, end in found]
    assert hours == [(0, 9), (12, 13), (17, 0)]


@pytest.mark.parametrize(
    ("day", "hours"), [(wall(2027, 3, 13, 20), 11), (wall(2026, 10, 31, 20), 13), (wall(2026, 11, 7, 20), 12)]
)
def test_night_of_a_clock_change_is_as_long_as_it_is(house: House, day: datetime, hours: int) -> None:
    slot(house, house.nurse, SATURDAY, "20:00", "08:00")

    [night] = shifts(slots_of(house.clinic.id, NOW), day, day + timedelta(hours=2))
    assert night.ends_at - night.starts_at == timedelta(hours=hours)


@given(
    day=some.sampled_from([date(2027, 3, 14), date(2026, 11, 1), date(2026, 11, 23)]),
    handed_over=some.integers(min_value=1, max_value=24 * 60 - 1),
)
def test_two_who_share_a_day_cover_all_of_it(day: date, handed_over: int) -> None:
    clinic, split = Clinic(timezone="America/New_York"), time(handed_over // 60, handed_over % 60)
    slots = [
        RosterSlot(clinic=clinic, member=Membership(), weekday=day.weekday(), starts=starts, ends=ends)
        for starts, ends in ((time(0), split), (split, time(0)))
    ]
    begins, ends = instant(day, time(0), ZONE), instant(day + timedelta(days=1), time(0), ZONE)

    found = shifts(slots, begins, ends)

    assert gaps(slots, begins, ends) == []
    assert sum((shift.ends_at - shift.starts_at for shift in found), timedelta()) == ends - begins


@pytest.mark.parametrize("day", [wall(2027, 3, 14, 0), wall(2026, 11, 1, 0)])
def test_hand_over_inside_a_clock_change_opens_no_gap(house: House, day: datetime) -> None:
    slot(house, house.nurse, 6, "00:00", "02:30")
    slot(house, house.second_nurse, 6, "02:30", "00:00")

    end = instant(day.date() + timedelta(days=1), time(0), ZONE)
    assert gaps(slots_of(house.clinic.id, NOW), day.astimezone(UTC), end) == []


def test_ended_hours_count_no_more_but_their_past_stays(house: House) -> None:
    hours = slot(house, house.nurse, MONDAY, "09:00", "17:00")
    end_slot(slot=hours, by=house.actor("administrator"), at=NOW)

    assert who_answers(house.clinic.id, wall(2026, 11, 23, 10)) == []
    assert [house.nurse] == who_answers(house.clinic.id, wall(2026, 11, 16, 10))


def test_person_who_left_answers_no_more(house: House) -> None:
    slot(house, house.nurse, MONDAY, "09:00", "17:00")
    house.nurse.until_at = NOW - timedelta(days=1)
    house.nurse.save()

    assert who_answers(house.clinic.id, wall(2026, 11, 23, 10)) == []


def test_administrator_cannot_answer_for_what_she_may_not_read(house: House) -> None:
    with pytest.raises(Refused, match="may not read answers"):
        slot(house, house.administrator, MONDAY, "09:00", "17:00")


@pytest.mark.parametrize(("starts", "ends"), [("09:00", "17:00"), ("16:59", "18:00"), ("16:00", "02:00")])
def test_one_person_is_not_entered_twice_for_one_hour(house: House, starts: str, ends: str) -> None:
    slot(house, house.nurse, MONDAY, "09:00", "17:00")

    with pytest.raises(Refused, match="some of these hours"):
        slot(house, house.nurse, MONDAY, starts, ends)


def test_hours_that_only_touch_are_two_slots(house: House) -> None:
    slot(house, house.nurse, MONDAY, "09:00", "12:00")
    slot(house, house.nurse, MONDAY, "12:00", "17:00")

    assert len(slots_of(house.clinic.id, NOW)) == 2


def test_covered_time_is_counted_across_the_weekend(house: House) -> None:
    for day in (MONDAY, FRIDAY):
        slot(house, house.nurse, day, "09:00", "17:00")

    assert (wall(2026, 11, 30, 9, 55), house.nurse) == covered(house.clinic.id, wall(2026, 11, 27, 16, 55), 60)


def test_time_that_nobody_covers_never_passes(house: House) -> None:
    assert covered(house.clinic.id, NOW, 60) is None


def test_roster_of_one_clinic_covers_no_other(house: House, other_house: House) -> None:
    slot(house, house.nurse, MONDAY, "00:00", "00:00")

    assert who_answers(other_house.clinic.id, NOW) == []


def take_away(member: Membership, *permissions: str) -> None:
    member.denied = list(permissions)
    member.save()


@pytest.mark.parametrize("permission", ["answers.read", "tasks"])
def test_hours_of_somebody_who_may_not_read_or_take_anything_any_more_do_not_count(
    house: House, permission: str
) -> None:
    slot(house, house.nurse, MONDAY, "09:00", "17:00")
    take_away(house.nurse, permission)

    assert who_answers(house.clinic.id, wall(2026, 11, 23, 10)) == []
    assert covered(house.clinic.id, NOW, 60) is None
    take_away(house.nurse)
    assert who_answers(house.clinic.id, wall(2026, 11, 23, 10)) == [house.nurse]


@pytest.mark.parametrize(
    ("permission", "why"), [("answers.read", "may not read answers"), ("tasks", "may not take tasks")]
)
def test_nobody_goes_on_the_roster_who_may_not_read_and_take(house: House, permission: str, why: str) -> None:
    take_away(house.nurse, permission)

    with pytest.raises(Refused, match=f"Ruth Calder {why}, so cannot answer for them"):
        slot(house, house.nurse, MONDAY, "09:00", "17:00")


def test_nobody_goes_on_the_roster_who_has_left(house: House) -> None:
    house.nurse.until_at = BEFORE
    house.nurse.save()

    with pytest.raises(Refused, match="Ruth Calder does not work here any more"):
        slot(house, house.nurse, MONDAY, "09:00", "17:00")


@pytest.mark.parametrize("page", ["/clinic/", "/clinic/roster/"])
def test_pages_say_which_hours_do_not_count_and_why(house: House, other_house: House, page: str) -> None:
    def says(who: Membership) -> str:
        return words_of(client_of(who).get(page).content.decode())

    slot(house, house.nurse, MONDAY, "09:00", "17:00")
    slot(house, house.second_nurse, FRIDAY, "09:00", "17:00")
    with time_machine.travel(NOW, tick=False):
        assert "not count" not in says(house.administrator)
        take_away(house.nurse, "tasks")
        house.second_nurse.until_at = NOW - timedelta(days=1)
        house.second_nurse.save()

        for who in (house.administrator, house.prescriber):
            found = says(who)
            assert "Monday 09:00–17:00: Ruth Calder may not take tasks, so cannot answer for them." in found
            assert "Friday 09:00–17:00: Tomas Reyes does not work here any more." in found
        assert "Ruth Calder" not in says(other_house.administrator)


def test_hours_of_somebody_who_left_can_be_ended(house: House) -> None:
    hours = slot(house, house.nurse, MONDAY, "09:00", "17:00")
    house.nurse.until_at = NOW - timedelta(days=1)
    house.nurse.save()
    with time_machine.travel(NOW, tick=False):
        client = client_of(house.administrator)
        page = f'action="/clinic/roster/{hours.id}/end/"'
        assert page in client.get("/clinic/roster/").content.decode()
        client.post(f"/clinic/roster/{hours.id}/end/", {"once": str(uuid4())})

        assert "not count" not in words_of(client.get("/clinic/roster/").content.decode())
