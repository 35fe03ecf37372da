"""Booking: who can be where when, and what stays known of every change."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.http import Http404
from django_scopes import scope

from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Membership, Parent
from firstlight.ground.visits import services
from firstlight.ground.visits.models import Room, Visit, VisitEvent
from firstlight.ground.visits.selectors import day, history_of, hours_of_therapy, next_visit, visit_for, visits_of
from tests.cast import NOW, SINCE, House, parent_of

TOMORROW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)  # 10:00 in New York
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def inside(house: House) -> Iterator[None]:
    with scope(clinic=house.clinic.id):
        yield


@pytest.fixture
def room(house: House) -> Room:
    return services.add_room(clinic_id=house.clinic.id, name="Room 1", by=house.actor("administrator"), at=NOW)


@pytest.fixture
def stranger(house: House) -> Parent:
    return parent_of(house.mother.family, "Rosa Delgado", "mother")


def booked(
    house: House,
    *,
    staff: Membership | None = None,
    parent: Parent | None = None,
    room: Room | None = None,
    starts_at: datetime = TOMORROW,
    kind: str = "preparation",
    minutes: int = 60,
) -> Visit:
    return services.book(
        kind=kind,
        parent=parent or house.mother,
        staff=staff or house.therapist,
        room=room,
        starts_at=starts_at,
        minutes=minutes,
        by=house.actor("nurse"),
        at=NOW,
    )


def test_booked_visit_ends_after_its_minutes(house: House, room: Room) -> None:
    visit = booked(house, room=room, minutes=50)

    assert visit.ends_at == TOMORROW + timedelta(minutes=50)
    assert visits_of(house.actor("mother"), house.mother.id) == [visit]
    assert next_visit(house.actor("mother"), house.mother.id, NOW) == visit


def test_two_visits_follow_each_other_without_a_gap(house: House, room: Room) -> None:
    booked(house, room=room)

    after = booked(house, room=room, starts_at=TOMORROW + HOUR)

    assert after.starts_at == TOMORROW + HOUR


def test_person_is_in_one_visit_at_a_time(house: House, stranger: Parent) -> None:
    booked(house)

    with pytest.raises(Refused, match="Ines Haddad has another visit from 10:00 to 11:00") as refused:
        booked(house, parent=stranger, starts_at=TOMORROW + HOUR / 2)

    assert refused.value.field == "staff"


def test_room_has_one_visit_at_a_time(house: House, stranger: Parent, room: Room) -> None:
    booked(house, room=room)

    with pytest.raises(Refused, match="Room 1 is taken from 10:00 to 11:00") as refused:
        booked(house, parent=stranger, staff=house.nurse, room=room, starts_at=TOMORROW - HOUR / 2)

    assert refused.value.field == "room"


def test_parent_is_in_one_visit_at_a_time_and_the_refusal_names_no_other_parent(house: House) -> None:
    booked(house)

    with pytest.raises(Refused, match="with Ines Haddad from 10:00 to 11:00") as refused:
        booked(house, staff=house.nurse)

    assert "Lindqvist" not in refused.value.message


def test_calls_need_no_room(house: House, stranger: Parent) -> None:
    booked(house, kind="talk")

    assert booked(house, parent=stranger, staff=house.nurse, kind="talk").room is None


def test_cancelled_visit_frees_its_time(house: House) -> None:
    services.cancel(visit=booked(house), reason="Fever", by=house.actor("nurse"), at=NOW)

    assert booked(house).status == "booked"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts_at": NOW - timedelta(days=1)}, "date"),
        ({"starts_at": NOW + timedelta(days=500)}, "date"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": -60}, "minutes"),
        ({"minutes": 24 * 60}, "minutes"),
        ({"kind": "party"}, "kind"),
    ],
)
def test_impossible_visit_is_refused_by_its_field(house: House, changes: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refused:
        booked(house, **changes)  # type: ignore[arg-type]  # one wrong value at a time

    assert refused.value.field == field
    assert not Visit.objects.exists()


def test_visit_is_booked_with_people_of_the_parents_clinic_only(house: House, other_house: House) -> None:
    with pytest.raises(Refused, match="of the parent's clinic"):
        booked(house, staff=other_house.nurse)


def test_visit_is_not_booked_with_somebody_who_will_have_left(house: House) -> None:
    house.therapist.until_at = TOMORROW - HOUR
    house.therapist.save()

    with pytest.raises(Refused, match="no longer works here"):
        booked(house)


def test_moved_visit_keeps_where_it_was(house: House, room: Room) -> None:
    visit = booked(house, room=room)

    moved = services.move(
        visit=visit, starts_at=TOMORROW + 2 * HOUR, reason="Child care", by=house.actor("nurse"), at=NOW + HOUR
    )
    call = services.move(visit=moved, starts_at=TOMORROW + 3 * HOUR, room=None, by=house.actor("nurse"), at=NOW + HOUR)

    assert (moved.room, call.room) == (room, None)
    steps = [(event.what, event.starts_at, event.reason) for event in history_of(visit)]
    assert steps == [
        ("booked", TOMORROW, ""),
        ("moved", TOMORROW + 2 * HOUR, "Child care"),
        ("moved", TOMORROW + 3 * HOUR, ""),
    ]


def test_visit_may_move_within_its_own_time(house: House) -> None:
    visit = services.move(visit=booked(house), starts_at=TOMORROW + HOUR / 2, by=house.actor("nurse"), at=NOW)

    assert visit.starts_at == TOMORROW + HOUR / 2


@pytest.mark.parametrize("service", [services.mark_happened, services.mark_missed])
def test_nothing_is_said_of_a_visit_before_it_begins(house: House, service: object) -> None:
    visit = booked(house)

    with pytest.raises(Refused, match="not begun"):
        service(visit=visit, by=house.actor("nurse"), at=TOMORROW - HOUR)  # type: ignore[operator]  # either service


def test_visit_ends_once(house: House) -> None:
    visit = booked(house)
    services.mark_missed(visit=visit, by=house.actor("nurse"), at=TOMORROW + HOUR)

    with pytest.raises(Refused, match="no longer booked: Missed"):
        services.mark_happened(visit=visit, by=house.actor("nurse"), at=TOMORROW + HOUR)


def test_therapy_is_what_took_place_before_and_after_doses(house: House) -> None:
    nurse = house.actor("nurse")
    for hours, kind, minutes in [(0, "preparation", 70), (2, "dosing", 180), (6, "integration", 50)]:
        visit = booked(house, kind=kind, starts_at=TOMORROW + hours * HOUR)
        services.mark_happened(visit=visit, minutes=minutes, by=nurse, at=TOMORROW + 10 * HOUR)
    booked(house, kind="integration", starts_at=TOMORROW + 12 * HOUR)

    assert hours_of_therapy(nurse, house.mother.id) == timedelta(minutes=120)
    assert hours_of_therapy(nurse, house.mother.id, until=TOMORROW + HOUR) == timedelta(minutes=70)


def test_day_holds_what_touches_it_where_the_clinic_stands(house: House, stranger: Parent) -> None:
    late = booked(house, starts_at=datetime(2026, 11, 25, 4, 30, tzinfo=UTC))  # 23:30 on the 24th in New York
    next_day = booked(house, parent=stranger, starts_at=datetime(2026, 11, 25, 15, 0, tzinfo=UTC))
    nurse = house.actor("nurse")

    assert day(nurse, date(2026, 11, 24)) == [late]
    assert day(nurse, date(2026, 11, 25)) == [late, next_day]


def test_visits_are_seen_by_nobody_else(house: House, other_house: House) -> None:
    visit = booked(house)

    for actor in (house.actor("father"), other_house.actor("nurse"), other_house.actor("mother")):
        with pytest.raises(Http404):
            visits_of(actor, house.mother.id)
        with pytest.raises(Http404):
            visit_for(actor, visit.id)
    with pytest.raises(Http404):
        day(house.actor("mother"), TOMORROW.date())


def test_every_change_is_audited_without_its_reason(house: House) -> None:
    services.cancel(visit=booked(house), reason="Fever", by=house.actor("nurse"), at=NOW)

    events = AuditEvent.objects.filter(about_kind="visits.visit")
    assert [event.action for event in events.order_by("sequence")] == ["visit.booked", "visit.cancelled"]
    assert "Fever" not in str([event.detail for event in events])
    assert VisitEvent.objects.filter(by=house.nurse.account_id).count() == 2


def test_rooms_of_one_clinic_have_different_names(house: House, room: Room) -> None:
    with pytest.raises(Refused, match="of that name"):
        services.add_room(clinic_id=house.clinic.id, name="Room 1", by=house.actor("administrator"), at=SINCE)
