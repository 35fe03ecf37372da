"""The calendar, the record's visits and the parent's own list."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django_scopes import scope

from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.models import EpisodeState
from firstlight.ground.visits import services
from firstlight.ground.visits.models import Room, Visit
from tests.cast import NOW, House
from tests.support.reading import words_of
from tests.support.signed_in import client_of

TOMORROW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def room(house: House) -> Room:
    with scope(clinic=house.clinic.id):
        return services.add_room(clinic_id=house.clinic.id, name="Room 1", by=house.actor("administrator"), at=NOW)


@pytest.fixture
def visit(house: House, room: Room) -> Visit:
    with scope(clinic=house.clinic.id):
        return services.book(
            kind="dosing",
            parent=house.mother,
            staff=house.nurse,
            room=room,
            starts_at=TOMORROW,
            minutes=180,
            by=house.actor("nurse"),
            at=NOW,
        )


def typed(house: House, **changes: str) -> dict[str, Any]:
    return {
        "kind": "preparation",
        "date": "2026-11-24",
        "time": "10:00",
        "minutes": "60",
        "staff": str(house.therapist.id),
        "room": "call",
    } | changes


def test_booking_a_visit_twice_books_it_once(house: House) -> None:
    client, key = client_of(house.nurse), str(uuid4())
    address = reverse("visits:of_parent", args=[house.mother.id])

    answers = [client.post(address, typed(house, once=key)) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    with scope(clinic=house.clinic.id):
        assert [visit.starts_at for visit in Visit.objects.all()] == [TOMORROW]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"date": "2026-02-31"}, "date"),
        ({"date": "2026-11-22"}, "date"),
        ({"date": "9999-12-31"}, "date"),
        ({"time": "25:00"}, "time"),
        ({"date": "2027-03-14", "time": "02:30"}, "time"),
        ({"minutes": "-5"}, "minutes"),
        ({"minutes": "9" * 30}, "minutes"),
        ({"staff": str(uuid4())}, "staff"),
        ({"room": "<script>"}, "room"),
        ({"kind": ""}, "kind"),
    ],
)
def test_impossible_booking_is_named_and_kept(house: House, changes: dict[str, str], field: str) -> None:
    response = client_of(house.nurse).post(reverse("visits:of_parent", args=[house.mother.id]), typed(house, **changes))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    with scope(clinic=house.clinic.id):
        assert not Visit.objects.exists()


def test_clash_is_named_beside_its_field(house: House, visit: Visit) -> None:
    address = reverse("visits:of_parent", args=[house.father.id])
    response = client_of(house.nurse).post(address, typed(house, staff=str(house.nurse.id), time="11:00"))

    assert "Ruth Calder has another visit from 10:00 to 13:00." in response.content.decode()


def test_calendar_shows_the_day_by_room_and_person(house: House, visit: Visit) -> None:
    page = client_of(house.administrator).get(f"{reverse('visits:calendar')}?date=2026-11-24").content.decode()

    assert page.count("Maya Lindqvist") == 3  # in the room's row, in the nurse's row, in the list
    assert "Room 1" in page


@pytest.mark.parametrize("date", ["2026-02-31", "", "x" * 1000, "0001-01-01", "9999-12-31"])
def test_calendar_of_an_impossible_day_stays_a_page(house: House, date: str) -> None:
    response = client_of(house.nurse).get(reverse("visits:calendar"), {"date": date})

    assert response.status_code in {200, 422}
    assert "<h1>" in response.content.decode()


def test_calendar_shows_no_other_clinic(house: House, other_house: House, visit: Visit) -> None:
    outsider = client_of(other_house.nurse)

    assert "Lindqvist" not in outsider.get(f"{reverse('visits:calendar')}?date=2026-11-24").content.decode()
    for name, argument in (("of_parent", house.mother.id), ("visit", visit.id)):
        assert outsider.get(reverse(f"visits:{name}", args=[argument])).status_code == 404
    for name in ("move", "cancel", "happened", "missed"):
        assert outsider.post(reverse(f"visits:{name}", args=[visit.id])).status_code == 404


def test_visit_is_moved_cancelled_and_marked_from_its_page(house: House, visit: Visit) -> None:
    client = client_of(house.nurse)
    moved = typed(house, staff=str(house.second_nurse.id), time="12:00", reason="Child care")

    early = client.post(reverse("visits:happened", args=[visit.id]), {"minutes": "170"})
    client.post(reverse("visits:move", args=[visit.id]), moved)
    with time_machine.travel(TOMORROW + timedelta(hours=6), tick=False):
        done = client_of(house.nurse).post(reverse("visits:happened", args=[visit.id]), {"minutes": "170"})

    assert early.status_code == 422
    assert done.status_code == 303
    with scope(clinic=house.clinic.id):
        visit.refresh_from_db()
        assert (visit.status, visit.minutes, visit.staff) == ("happened", 170, house.second_nurse)


def test_opening_a_record_writes_one_read_event(house: House, visit: Visit) -> None:
    client_of(house.nurse).get(reverse("visits:visit", args=[visit.id]))

    assert list(AuditEvent.objects.filter(action="read.visit").values_list("parent_id", flat=True)) == [house.mother.id]


def test_parent_reads_her_visits_in_her_own_zone(house: House, visit: Visit) -> None:
    house.mother.timezone = "America/Los_Angeles"
    with scope(clinic=house.clinic.id):
        house.mother.save()

    page = client_of(house.mother).get(reverse("visits:mine")).content.decode()

    assert ">07:00<" in page
    assert ">10:00<" in page  # at the clinic
    assert "<title>Your visits</title>" in page
    assert "osing" not in page


def book(house: House, kind: str, starts_at: datetime) -> None:
    services.book(
        kind=kind, parent=house.mother, staff=house.therapist, room=None, starts_at=starts_at, minutes=60,
        by=house.actor("nurse"), at=NOW,
    )  # fmt: skip


def test_while_care_rests_her_days_wait_and_a_talk_says_before_what_it_is(house: House, visit: Visit) -> None:
    with scope(clinic=house.clinic.id):
        book(house, "preparation", TOMORROW - timedelta(hours=4))
        book(house, "integration", TOMORROW + timedelta(days=1))
        book(house, "talk", TOMORROW + timedelta(days=2))
    goes_on = words_of(client_of(house.mother).get(reverse("visits:mine")).content.decode())
    with scope(clinic=house.clinic.id):
        house.episode.state = EpisodeState.PAUSED
        house.episode.save()
    rests = words_of(client_of(house.mother).get(reverse("visits:mine")).content.decode())

    for page in (goes_on, rests):
        assert "Talk before the day at the clinic of Tue 24 Nov 2026, about 60 min" in page
        assert "Talk after the day at the clinic of Tue 24 Nov 2026, about 60 min" in page
    assert "rests" not in goes_on
    assert "Treatment rests for now. Your days at the clinic keep their dates and wait" in rests
    assert rests.count("Rests for now") == 2  # the day, and the talk after it


def test_father_does_not_see_her_visits(house: House, visit: Visit) -> None:
    page = client_of(house.father).get(reverse("visits:mine")).content.decode()

    assert "No visit is booked" in page
    assert "Ruth Calder" not in page
