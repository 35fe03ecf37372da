"""The words under a time axis: counted from a dose in hours, days or weeks, each with its clock time or its date."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from firstlight.ground.design import clocks
from firstlight.ground.design.charts.model import Zero
from firstlight.ground.design.charts.scales import TimeScale

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
WEEK_STEPS = (1, 2, 4, 8, 13, 26, 52, 104, 260)
DAY_STEPS = (1, 2, 3, 7, 14)
HOUR_STEPS = (1, 2, 3, 6, 12)
MOST_HOURS, MOST_DAYS = timedelta(days=2), timedelta(days=10)


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled place of the axis: what is counted there, and under it when that was."""

    x: float
    words: str
    when: str = ""


def ticks(scale: TimeScale, zero: Zero | None, zone: ZoneInfo, room: float) -> list[Tick]:
    """Return the labelled places of an axis, at least `room` apart, in the order of time."""
    if zero is None:
        return _dates(scale, zone, room)
    span = scale.end - scale.start
    if span <= MOST_HOURS:
        return _counted(scale, zero, HOUR, HOUR_STEPS, room, _hours, lambda at: clocks.time_text(at, zone))
    if span <= MOST_DAYS:
        return _counted(scale, zero, DAY, DAY_STEPS, room, _days, lambda at: _date(at, zone))
    found = _counted(scale, zero, WEEK, WEEK_STEPS, room, _weeks, lambda at: _date(at, zone))
    if not scale.holds(zero.at):
        return found
    since = [tick for tick in found if tick.x >= scale.x(zero.at)]
    before = [Tick(scale.left, _("before"))] if scale.x(zero.at) - scale.left >= room * 0.8 else []
    return [*before, *since]


def _counted(
    scale: TimeScale,
    zero: Zero,
    unit: timedelta,
    steps: Sequence[int],
    room: float,
    words: Callable[[int], str],
    when: Callable[[datetime], str],
) -> list[Tick]:
    step = unit * next((step for step in steps if scale.width_of(unit * step) >= room), steps[-1])
    place = -((zero.at - scale.start) // step)
    found = []
    while scale.holds(at := zero.at + step * place):
        name = words(place * (step // unit)) if place else zero.name
        found.append(Tick(scale.x(at), name, when(at)))
        place += 1
    return found


def _dates(scale: TimeScale, zone: ZoneInfo, room: float) -> list[Tick]:
    """Return days and months, or clock times, of an axis on which no dose was given yet."""
    span = scale.end - scale.start
    unit, steps = (
        (HOUR, HOUR_STEPS) if span <= MOST_HOURS else (DAY, DAY_STEPS) if span <= MOST_DAYS else (WEEK, WEEK_STEPS)
    )
    step = unit * next((step for step in steps if scale.width_of(unit * step) >= room), steps[-1])
    at, found = scale.start, []
    while scale.holds(at):
        found.append(Tick(scale.x(at), clocks.time_text(at, zone) if unit == HOUR else _date(at, zone)))
        at += step
    return found


def _date(at: datetime, zone: ZoneInfo) -> str:
    return date_format(clocks.local(at, zone), "j M")


def _hours(count: int) -> str:
    return _("%(count)s h") % {"count": _signed(count)}


def _days(count: int) -> str:
    return _("day %(number)s") % {"number": _signed(count)}


def _weeks(count: int) -> str:
    return _("week %(number)s") % {"number": _signed(count)}


def _signed(count: int) -> str:
    return str(count) if count >= 0 else f"\N{MINUS SIGN}{-count}"
