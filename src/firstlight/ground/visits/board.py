"""One day of a clinic on a board: a row for each room and each person, time from left to right."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from firstlight.ground.people.models import Membership
from firstlight.ground.people.names import initials_of
from firstlight.ground.visits.models import Room, Visit

STEP = timedelta(minutes=5)
HALF_HOUR = timedelta(minutes=30)
HOUR = timedelta(hours=1)
OPENS, CLOSES = time(8), time(18)


@dataclass(frozen=True, slots=True)
class Cell:
    """Some steps of a row: a visit, or nothing."""

    steps: int
    visit: Visit | None = None

    @property
    def narrow(self) -> str:
        """Return the initials that stand in for the name where it has no room; empty from half an hour on."""
        return initials_of(self.visit.parent.name) if self.visit and self.steps < HALF_HOUR // STEP else ""


@dataclass(frozen=True, slots=True)
class Row:
    """One room or person, from the board's begin to its end."""

    name: str
    detail: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class HourMark:
    """The head of a column of one hour."""

    at: datetime
    steps: int
    is_now: bool


@dataclass(frozen=True, slots=True)
class Board:
    """The whole day."""

    hours: tuple[HourMark, ...]
    rooms: tuple[Row, ...]
    people: tuple[Row, ...]

    @property
    def steps(self) -> int:
        return sum(hour.steps for hour in self.hours)


def board(
    visits: Sequence[Visit], rooms: Sequence[Room], staff: Sequence[Membership], on: date, zone: str, now: datetime
) -> Board:
    """Lay out the visits of one day, wide enough for the earliest and the latest. The clinic's clock counts."""
    begin, end = _bounds(visits, on, ZoneInfo(zone))
    marks = [begin + HOUR * index for index in range(-(-(end - begin) // HOUR))]

    def row(name: str, detail: str, is_its: Callable[[Visit], bool]) -> Row:
        return Row(name, detail, tuple(_cells([visit for visit in visits if is_its(visit)], begin, end)))

    return Board(
        hours=tuple(HourMark(at, HOUR // STEP, at <= now < at + HOUR) for at in marks),
        rooms=tuple(row(room.name, "", _in_room(room.id)) for room in rooms),
        people=tuple(row(person.public_name, person.title, _with_person(person.id)) for person in staff),
    )


def _in_room(room_id: UUID) -> Callable[[Visit], bool]:
    return lambda visit: visit.room_id == room_id


def _with_person(staff_id: UUID) -> Callable[[Visit], bool]:
    return lambda visit: visit.staff_id == staff_id


def _bounds(visits: Sequence[Visit], on: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    begin, end = (datetime.combine(on, clock, zone).astimezone(ZoneInfo("UTC")) for clock in (OPENS, CLOSES))
    for visit in visits:
        while visit.starts_at < begin:
            begin -= HOUR
        while visit.ends_at > end:
            end += HOUR
    return begin, end


def _cells(visits: Sequence[Visit], begin: datetime, end: datetime) -> list[Cell]:
    cells: list[Cell] = []
    cursor = 0
    for visit in sorted(visits, key=lambda visit: visit.starts_at):
        first = max(cursor, (visit.starts_at - begin) // STEP)
        last = max(first + 1, -((begin - visit.ends_at) // STEP))
        cells += _gap(cursor, first)
        cells.append(Cell(last - first, visit))
        cursor = last
    return cells + _gap(cursor, (end - begin) // STEP)


def _gap(first: int, last: int) -> list[Cell]:
    """Return empty cells that end at every full hour, so that the hours stay readable across a row."""
    hour = HOUR // STEP
    cells = []
    while first < last:
        stop = min(last, (first // hour + 1) * hour)
        cells.append(Cell(stop - first))
        first = stop
    return cells
