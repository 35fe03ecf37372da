"""Which stretch of time the timeline shows: its length, the dose that counts as zero, and the ways from here. No database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from firstlight.ground.design.clocks import local

MARGIN = timedelta(days=2)
SHORTEST = timedelta(days=14)
DAY = timedelta(days=1)
LENGTHS: Mapping[str, timedelta | None] = {
    "hours": timedelta(hours=8),
    "day": timedelta(hours=30),
    "week": 7 * DAY,
    "month": 31 * DAY,
    "all": None,
}
"""From short to long. Hours are those in the chair; a day is that of a dose, long enough to hold the answers of the day after."""
VIEWS = tuple(LENGTHS)
CALENDAR_DAYS = {"day": 1, "week": 7, "month": 31}
STEPS = {"day": 1, "week": 3, "month": 14}
"""How many days earlier and later lie from here: less than a view, so that something of it stays in sight."""
BEFORE_A_DOSE = {"hours": timedelta(hours=1), "day": timedelta(hours=3), "week": DAY, "month": 3 * DAY}
SETS = ("main", "reports", "scores", "all")
EARLIEST, LATEST = date(1990, 1, 1), date(2200, 1, 1)


class NoSuchView(LookupError):
    """An address that names no view, no set of lanes, no dose or no day."""


@dataclass(frozen=True, slots=True)
class View:
    """What an address asks for. `dose`: the number of the dose that is zero; `until`: the last day shown."""

    length: str = "all"
    lanes: str = "main"
    dose: int | None = None
    until: date | None = None

    @property
    def query(self) -> str:
        """Return the address of this view: whoever has it sees the same stretch."""
        parts = {"view": self.length, "dose": self.dose, "until": self.until, "lanes": self.lanes}
        return "?" + urlencode({name: str(value) for name, value in parts.items() if value is not None})


def view_from(asked: Mapping[str, str]) -> View:
    """Read an address. Raises NoSuchView."""
    length, lanes = asked.get("view", "all"), asked.get("lanes", "main")
    if length not in LENGTHS or lanes not in SETS:
        raise NoSuchView(length, lanes)
    return View(
        length, lanes, _number(asked.get("dose", "")), _day(asked.get("until", "")) if length != "all" else None
    )


def _number(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        raise NoSuchView(text)
    return int(text)


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise NoSuchView(text) from error
    if not EARLIEST < found < LATEST:
        raise NoSuchView(text)
    return found


@dataclass(frozen=True, slots=True)
class Extent:
    """From the first fact of a course to the last one."""

    first: datetime
    last: datetime

    def end(self, now: datetime) -> datetime:
        """Return where a view ends that nobody moved: a day after the last fact, at the latest a day from now."""
        return min(max(self.last, self.first + SHORTEST), max(now, self.last)) + MARGIN / 2


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time, and the moment that counts as zero there."""

    starts_at: datetime
    ends_at: datetime
    zero_at: datetime | None = None

    @property
    def span(self) -> timedelta:
        return self.ends_at - self.starts_at


def settled(view: View, doses: Sequence[datetime]) -> View:
    """Return the view with the dose that it counts from: hours and a day are those of the last dose, or of a day it names.

    Raises NoSuchView for a dose that was not given.
    """
    if view.dose is not None and not 1 <= view.dose <= len(doses):
        raise NoSuchView(view.dose)
    if view.length in {"hours", "day"} and view.dose is None and view.until is None and doses:
        return replace(view, dose=len(doses))
    return view


def window_of(view: View, extent: Extent, doses: Sequence[datetime], now: datetime, zone: ZoneInfo) -> Window:
    """Return the stretch that a settled view shows."""
    zero_at = doses[view.dose - 1] if view.dose else None
    end, begin = extent.end(now), extent.first - MARGIN
    length = LENGTHS[view.length]
    if length is None:
        return Window(begin, max(end, begin + SHORTEST), zero_at)
    if view.until is not None:
        days = timedelta(days=CALENDAR_DAYS[view.length] - 1)
        return Window(_midnight(view.until - days, zone), _midnight(view.until + DAY, zone), zero_at)
    if zero_at is not None:
        starts_at = zero_at - BEFORE_A_DOSE[view.length]
        return Window(starts_at, starts_at + length, zero_at)
    if view.length in {"hours", "day"}:
        last = local(extent.last, zone).date()
        return Window(_midnight(last, zone), _midnight(last + DAY, zone))
    return Window(max(end - length, begin), end)


@dataclass(frozen=True, slots=True)
class Ways:
    """Where one may go from a view; None where there is nothing more."""

    earlier: View | None
    later: View | None
    closer: View | None
    further: View | None


def lengthened(view: View, length: str) -> View:
    """Return the same view at another length; one that has no calendar days forgets which was the last."""
    return replace(view, length=length, until=view.until if length in CALENDAR_DAYS else None)


def ways_from(view: View, window: Window, extent: Extent, doses: int, now: datetime, zone: ZoneInfo) -> Ways:
    """Return the views next to this one. In the hours of a dose, earlier and later lead to the doses beside it."""
    place = VIEWS.index(view.length)
    closer = lengthened(view, VIEWS[place - 1]) if place else None
    further = lengthened(view, VIEWS[place + 1]) if place + 1 < len(VIEWS) else None
    if view.length == "hours":
        before = replace(view, dose=view.dose - 1) if view.dose and view.dose > 1 else None
        after = replace(view, dose=view.dose + 1) if view.dose and view.dose < doses else None
        return Ways(before, after, closer, further)
    if view.length == "all":
        return Ways(None, None, closer, further)
    shown_last = local(window.ends_at - timedelta(microseconds=1), zone).date()
    first, last = local(extent.first, zone).date(), local(extent.end(now), zone).date()
    step = timedelta(days=STEPS[view.length])
    earlier = replace(view, until=_within(shown_last - step, first, last)) if window.starts_at > extent.first else None
    later = replace(view, until=_within(shown_last + step, first, last)) if shown_last < last else None
    return Ways(earlier, later, closer, further)


def _within(day: date, first: date, last: date) -> date:
    return max(first, min(day, last))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)
