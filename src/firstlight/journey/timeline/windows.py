"""Which stretch of time the timeline shows: its length, the dose that counts as zero, and the ways from here. No database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from firstlight.ground.design.clocks import local

MARGIN = timedelta(days=2)
SHORTEST = timedelta(days=14)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LENGTHS: Mapping[str, timedelta | None] = {
    "hours": 8 * HOUR,
    "day": 30 * HOUR,
    "week": 7 * DAY,
    "month": 31 * DAY,
    "all": None,
}
"""From short to long. Hours are those in the chair; a day is that of a dose, long enough to hold the answers of the day after."""
VIEWS = tuple(LENGTHS)
STEPS = {"hours": 4 * HOUR, "day": 12 * HOUR, "week": 3 * DAY, "month": 14 * DAY}
"""How far earlier and later lie from here: less than half a view, so that its middle stays in sight."""
BEFORE_A_DOSE = {"hours": HOUR, "day": 3 * HOUR, "week": 3 * DAY, "month": 15 * DAY}
"""How long before a chosen dose a view begins: day, week and month have one middle, half a day after its start."""
SETS = ("main", "reports", "scores", "all")
EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
NOON = time(12)
MOMENT = "%Y%m%dT%H%MZ"


class NoSuchView(LookupError):
    """An address that names no view, no set of lanes, no dose or no day."""


@dataclass(frozen=True, slots=True)
class View:
    """What an address asks for. `dose`: the number of the dose that is zero; `around`: what stands in the middle, in UTC.

    Without `around` a view is that of its dose; without either, of what came last. Everything has no middle, and remembers
    that of the view it came from.
    """

    length: str = "all"
    lanes: str = "main"
    dose: int | None = None
    around: datetime | None = None

    @property
    def query(self) -> str:
        """Return the address of this view: whoever has it sees the same stretch."""
        around = self.around.strftime(MOMENT) if self.around else None
        parts = {"view": self.length, "dose": self.dose, "around": around, "lanes": self.lanes}
        return "?" + urlencode({name: str(value) for name, value in parts.items() if value is not None})


def view_from(asked: Mapping[str, str]) -> View:
    """Read an address. Raises NoSuchView."""
    length, lanes = asked.get("view", "all"), asked.get("lanes", "main")
    if length not in LENGTHS or lanes not in SETS:
        raise NoSuchView(length, lanes)
    return View(length, lanes, _number(asked.get("dose", "")), _moment(asked.get("around", "")))


def _number(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        raise NoSuchView(text)
    return int(text)


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.strptime(text, MOMENT).replace(tzinfo=UTC)
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

    @property
    def middle(self) -> datetime:
        """Return the moment in the middle, to the minute, as an address holds it."""
        return _to_the_minute((self.starts_at + self.span / 2).astimezone(UTC))


def settled(view: View, doses: Sequence[datetime]) -> View:
    """Return the view with the dose that it counts from: hours and a day are those of the last dose, or around a moment.

    Raises NoSuchView for a dose that was not given.
    """
    if view.dose is not None and not 1 <= view.dose <= len(doses):
        raise NoSuchView(view.dose)
    if view.length in {"hours", "day"} and view.dose is None and view.around is None and doses:
        return replace(view, dose=len(doses))
    return view


def window_of(view: View, extent: Extent, doses: Sequence[datetime], now: datetime, zone: ZoneInfo) -> Window:
    """Return the stretch that a settled view shows."""
    zero_at = doses[view.dose - 1] if view.dose else None
    end, begin = extent.end(now), extent.first - MARGIN
    length = LENGTHS[view.length]
    if length is None:
        return Window(begin, max(end, begin + SHORTEST), zero_at)
    if view.around is not None:
        return _around(view.around, length, zero_at)
    if zero_at is not None:
        starts_at = _to_the_minute(zero_at) - BEFORE_A_DOSE[view.length]
        return Window(starts_at, starts_at + length, zero_at)
    if view.length in {"hours", "day"}:
        last = local(extent.last, zone)
        return _around(last if view.length == "hours" else datetime.combine(last, NOON, tzinfo=zone), length, None)
    return Window(max(end - length, begin), end)


def _around(middle: datetime, length: timedelta, zero_at: datetime | None) -> Window:
    """Return a stretch of real hours: where clocks change, it has as many of them as elsewhere."""
    starts_at = middle.astimezone(UTC) - length / 2
    return Window(starts_at, starts_at + length, zero_at)


@dataclass(frozen=True, slots=True)
class Ways:
    """Where one may go from a view; None where there is nothing more."""

    earlier: View | None
    later: View | None
    closer: View | None
    further: View | None


def lengthened(view: View, length: str, window: Window) -> View:
    """Return a view at another length: what was in the middle stays there, or the dose that was chosen keeps its place."""
    known = view.length == "all" or view.dose is not None or view.around is not None
    return (
        view if length == view.length else replace(view, length=length, around=view.around if known else window.middle)
    )


def counted_from(view: View, dose: int | None, window: Window) -> View:
    """Return the view of a dose, or the one that stands here counted from the first."""
    if dose is not None:
        return replace(view, dose=dose, around=None)
    kept = view.length == "all" or view.dose is None
    return replace(view, dose=None, around=view.around if kept else window.middle)


def ways_from(view: View, window: Window, extent: Extent, doses: int, now: datetime) -> Ways:
    """Return the views next to this one. In the hours of a dose, earlier and later lead to the doses beside it."""
    place = VIEWS.index(view.length)
    closer = lengthened(view, VIEWS[place - 1], window) if place else None
    further = lengthened(view, VIEWS[place + 1], window) if place + 1 < len(VIEWS) else None
    if view.length == "all":
        return Ways(None, None, closer, further)
    if view.length == "hours" and view.dose and view.around is None:
        before = replace(view, dose=view.dose - 1) if view.dose > 1 else None
        after = replace(view, dose=view.dose + 1) if view.dose < doses else None
        return Ways(before, after, closer, further)
    first, last, step = extent.first, extent.end(now), STEPS[view.length]
    earlier = _moved(view, window.middle - step, first, last) if window.starts_at > first else None
    later = _moved(view, window.middle + step, first, last) if window.ends_at < last else None
    return Ways(earlier, later, closer, further)


def _moved(view: View, middle: datetime, first: datetime, last: datetime) -> View:
    """Return the view around another moment; from beyond the course, around its nearest end."""
    return replace(view, around=_to_the_minute(max(first, min(middle, last)).astimezone(UTC)))


def _to_the_minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
