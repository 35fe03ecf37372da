"""The room of one lane on the time axis, and what all lanes do in it: names, limits, missing answers, figures."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from firstlight.ground.design import clocks
from firstlight.ground.design.charts.canvas import Canvas
from firstlight.ground.design.charts.letters import text_width, wrapped
from firstlight.ground.design.charts.model import Answer, Limit
from firstlight.ground.design.charts.room import Box, Spot
from firstlight.ground.design.charts.scales import TimeScale, ValueScale, fitted, narrowest
from firstlight.ground.design.charts.shapes import square

LINE = 16 / 13  # distance of lines over text size
LIMIT_WIDTH = 175


@dataclass(frozen=True, slots=True)
class DayWords:
    """The days of one drawing in words, each worded once: a year of marks names the same days many times."""

    zone: ZoneInfo
    known: dict[date, str] = field(default_factory=dict)
    times: dict[tuple[int, int], str] = field(default_factory=dict)

    def of(self, at: datetime) -> str:
        """Return the day of a moment, as in Mon 3 Mar 2025."""
        day = at.astimezone(self.zone).date()
        if day not in self.known:
            self.known[day] = clocks.date_text(day)
        return self.known[day]

    def moment(self, at: datetime) -> str:
        """Return day and clock time of a moment."""
        clock = at.astimezone(self.zone)
        minute = (clock.hour, clock.minute)
        if minute not in self.times:
            self.times[minute] = clocks.time_text(at, self.zone)
        return f"{self.of(at)} {self.times[minute]}"


@dataclass(frozen=True, slots=True)
class Row:
    """Where one lane stands: from `top` down to `floor`, on the time axis. `names` is the width of the names at the left.

    `part`: the axis holds a part of the time.
    """

    canvas: Canvas
    scale: TimeScale
    top: float
    floor: float
    zone: ZoneInfo
    size: float = 13
    names: float = 132
    part: bool = False
    days: DayWords | None = None

    def name(self, name: str, detail: str, *, first: float = 32) -> None:
        """Write what the lane is, then its unit or direction, from `first` below the top."""
        lines = [(line, True) for line in wrapped(name, self.names, self.size, bold=True)]
        lines += [(line, False) for line in wrapped(detail, self.names, self.size)]
        for place, (line, bold) in enumerate(lines):
            y = self.top + first + place * self.size * LINE
            self.canvas.write(line, 0, y, size=self.size, kind="" if bold else "t-soft", bold=bold)

    def divide(self) -> None:
        """Draw the line under the lane."""
        self.canvas.line("m-divide", (self.scale.left, self.floor), (self.scale.right, self.floor))

    def figure(
        self, text: str, spots: Sequence[Spot], *, kind: str = "t-halo", bold: bool = False, needed: bool = False
    ) -> bool:
        """Write a figure at the best of some places inside the lane, or not at all."""
        room = Box(self.scale.left - 2 * self.size, self.top, self.canvas.width, self.floor)
        return self.canvas.label(text, spots, size=self.size, kind=kind, bold=bold, needed=needed, within=room)

    def first_free(self, text: str, spots: Sequence[Spot], *, kind: str = "t-halo") -> bool:
        """Write a figure at the first place that is free of marks and words, though a dose's line runs behind it."""
        return any(self.figure(text, [spot], kind=kind) for spot in spots)

    def nothing(self, words: str) -> None:
        """Say in an empty lane that it is empty, or that it is in this part of the time; beside a dose's line where it can."""
        words = _("nothing in this time") if self.part else words
        right = self.scale.right - text_width(words, self.size) - 12
        spots = [Spot(self.scale.left + 12 + share * (right - self.scale.left - 12), self.floor - 14, "start")
                 for share in (0, 0.15, 0.3, 0.45, 0.6, 0.8, 1)]  # fmt: skip
        self.figure(words, spots, kind="t-soft t-halo", needed=True)

    def caution(self, words: str) -> None:
        """Write at the head of a lane what nobody may read into it."""
        if words:
            self.canvas.write(
                words, self.scale.left + 8, self.top + self.size + 2, size=self.size, kind="t-soft t-halo"
            )

    def day(self, at: datetime) -> str:
        """Return the day of a mark, for the words under the pointer."""
        return self.days.of(at) if self.days else clocks.date_text(clocks.local(at, self.zone).date())

    def limits(self, limits: Sequence[Limit], values: ValueScale) -> None:
        """Draw named limits, lowest first, and keep their names apart at the right."""
        ceiling = self.floor + self.size * LINE
        for limit in sorted(limits, key=lambda one: one.value):
            y = values.y(limit.value)
            self.canvas.line("m-limit", (self.scale.left, y), (self.scale.right, y))
            ceiling = min(y + self.size / 3, ceiling - self.size * LINE)
            lines = limit_lines(limit, self.size)
            ceiling -= (len(lines) - 1) * self.size * LINE
            for place, line in enumerate(lines):
                lower = ceiling + place * self.size * LINE
                self.canvas.write(line, self.scale.right + 8, lower, size=self.size, kind="t-soft")

    def missing(self, answers: Sequence[Answer], widest: float = 8) -> list[float]:
        """Draw a hollow square on the floor for each answer that did not come, and return where they stand."""
        gap = narrowest([self.scale.x(answer.at) for answer in answers], 10)
        width = fitted(gap, 4, max(4, widest))
        places = [self.scale.x(answer.at) for answer in answers if answer.value is None]
        for x in places:
            self.canvas.rectangle("m-gap", square(x, self.floor, width, 8))
        return places


def limit_lines(limit: Limit, size: float) -> list[str]:
    """Return a limit's words in lines that leave the axis its room."""
    return wrapped(limit.words, LIMIT_WIDTH, size)


def notable(values: Sequence[float]) -> list[int]:
    """Return positions in the order in which their figures matter: last, first, highest, lowest, changes, the rest."""
    order = [len(values) - 1, 0, values.index(max(values)), values.index(min(values))] if values else []
    order += [place for place in range(1, len(values)) if values[place] != values[place - 1]]
    return list(dict.fromkeys([*order, *range(len(values))]))


def around(x: float, y: float, size: float = 13) -> list[Spot]:
    """Return the places for a figure at a point of a line: above, aside, below."""
    up, down, aside = y - size * 0.85, y + size * 1.6, size * 0.7
    return [
        Spot(x, up),
        Spot(x + aside, up + 2, "start"),
        Spot(x - aside, up + 2, "end"),
        Spot(x, down),
        Spot(x + aside, down - 2, "start"),
        Spot(x - aside, down - 2, "end"),
    ]
