"""One week of the roster, day by day: who answers when, and the hours in which nobody does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from firstlight.ground.design.clocks import time_text
from firstlight.ground.people.models import Clinic
from firstlight.ground.safety.models import RosterSlot
from firstlight.ground.safety.selectors import Shift, gaps, instant, shifts

MIDNIGHT = datetime.min.time()


@dataclass(frozen=True, slots=True)
class Day:
    """One day at the clinic's walls: its shifts, its gaps, and a drawing of both."""

    on: date
    shifts: tuple[Shift, ...]
    gaps: tuple[str, ...]
    drawing: SafeString


def week_of(clinic: Clinic, slots: Sequence[RosterSlot], now: datetime) -> list[Day]:
    """Return the next seven days, today first."""
    zone = ZoneInfo(clinic.timezone)
    today = now.astimezone(zone).date()
    return [_day(slots, today + timedelta(days=number), zone) for number in range(7)]


def _day(slots: Sequence[RosterSlot], on: date, zone: ZoneInfo) -> Day:
    begins, ends = instant(on, MIDNIGHT, zone), instant(on + timedelta(days=1), MIDNIGHT, zone)
    within = tuple(shifts(slots, begins, ends))
    open_spans = gaps(slots, begins, ends)
    words = tuple(_span(start, end, ends, zone) for start, end in open_spans)
    return Day(on, within, words, _drawing(within, begins, ends))


def _span(start: datetime, end: datetime, day_ends: datetime, zone: ZoneInfo) -> str:
    until = "24:00" if end == day_ends else time_text(end, zone)
    return f"{time_text(start, zone)}–{until}"


def _drawing(within: Sequence[Shift], begins: datetime, ends: datetime) -> SafeString:
    """Draw the day from midnight to midnight: bars where somebody answers, a dotted line through the whole day."""
    whole = (ends - begins).total_seconds()

    def place(at: datetime) -> str:
        inside = min(max(at, begins), ends)
        return f"{(inside - begins).total_seconds() / whole * 240:.1f}"

    bars = format_html_join(
        "",
        '<path class="{}" d="M{} {}H{}V{}H{}z"/>',
        (
            (
                "m-bar" if shift.rank == 1 else "m-bar-soft",
                place(shift.starts_at), 3 if shift.rank == 1 else 11,
                place(shift.ends_at), 10 if shift.rank == 1 else 14,
                place(shift.starts_at),
            )
            for shift in within
        ),
    )  # fmt: skip
    return format_html(
        '<svg class="roster-day" viewBox="0 0 240 16" aria-hidden="true" focusable="false">'
        '<path class="m-limit" d="M0 8H240"/>{}</svg>',
        bars,
    )
