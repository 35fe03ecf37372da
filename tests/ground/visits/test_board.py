"""The board of a day: every visit where its time is, nothing twice, every row equally long."""

from datetime import UTC, date, datetime, timedelta

from firstlight.ground.people.models import Membership, Parent
from firstlight.ground.visits.board import Board, board
from firstlight.ground.visits.models import Room, Visit

NEW_YORK = "America/New_York"
ON = date(2026, 11, 24)
TEN = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
ROOM = Room(name="Room 1")
NURSE = Membership(public_name="Ruth Calder", title="Registered nurse")


def visit(starts_at: datetime, minutes: int, room: Room | None = ROOM) -> Visit:
    made = Visit(parent=Parent(name="Maya Lindqvist"), staff=NURSE, room=room, kind="talk")
    made.place(starts_at, minutes)
    return made


def laid_out(*visits: Visit) -> Board:
    return board(visits, [ROOM], [NURSE], ON, NEW_YORK, TEN)


def test_every_row_is_as_long_as_the_day() -> None:
    shown = laid_out(visit(TEN, 50), visit(TEN + timedelta(minutes=50), 7), visit(TEN + timedelta(hours=3), 180))

    assert shown.steps == 10 * 12
    assert [sum(cell.steps for cell in row.cells) for row in (*shown.rooms, *shown.people)] == [shown.steps] * 2


def test_visit_stands_where_its_time_is() -> None:
    first = visit(TEN, 50)
    cells = laid_out(first).rooms[0].cells

    before = [cell.steps for cell in cells[: [cell.visit for cell in cells].index(first)]]
    assert sum(before) == 24  # two hours after eight, in steps of five minutes
    assert next(cell.steps for cell in cells if cell.visit) == 10


def test_visits_that_follow_at_odd_minutes_both_stay() -> None:
    first, second = visit(TEN, 32), visit(TEN + timedelta(minutes=32), 3)
    row = laid_out(first, second).rooms[0]

    assert [cell.visit for cell in row.cells if cell.visit] == [first, second]


def test_call_stands_with_the_person_only() -> None:
    shown = laid_out(visit(TEN, 15, room=None))

    assert not any(cell.visit for cell in shown.rooms[0].cells)
    assert [cell.narrow for cell in shown.people[0].cells if cell.visit] == ["ML"]


def test_day_grows_to_its_earliest_and_latest_visit() -> None:
    shown = laid_out(visit(TEN - timedelta(hours=4), 30), visit(TEN + timedelta(hours=9), 60))

    local = [mark.at.astimezone(UTC).hour for mark in shown.hours]
    assert (local[0], len(local)) == (11, 14)  # 06:00 to 20:00 in New York


def test_hour_of_now_is_marked_once() -> None:
    assert [mark.at for mark in laid_out().hours if mark.is_now] == [TEN]
