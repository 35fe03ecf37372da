"""What a forecast shows: expected levels with their band, windows of time, milk at feeds; and the same as a table."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from firstlight.clinical.quantities import numeral
from firstlight.ground.design import clocks
from firstlight.ground.design.charts.model import Limit, Table


@dataclass(frozen=True, slots=True)
class Expected:
    """A figure with its band, so many minutes after the start. `shown`: it stands in the table, and its figure on the line."""

    at_min: float
    value: float
    low: float
    high: float
    shown: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """From one minute to another."""

    start_min: float
    end_min: float


@dataclass(frozen=True, slots=True)
class WindowLane:
    """When something is expected, with the words that stand beside it. `doubtful`: the part that nobody studied."""

    name: str
    detail: str
    words: str
    window: Span | None = None
    doubtful: Span | None = None
    peak_min: float | None = None


@dataclass(frozen=True, slots=True)
class LevelLane:
    """Expected concentrations: a line for the middle, outlines for the band, limits with their names."""

    name: str
    detail: str
    unit: str
    peak_words: str
    band_words: str
    levels: tuple[Expected, ...]
    peak_min: float
    limits: tuple[Limit, ...] = ()

    @property
    def figures(self) -> tuple[Expected, ...]:
        """Return what the table lists."""
        return tuple(level for level in self.levels if level.shown)


@dataclass(frozen=True, slots=True)
class FeedLane:
    """Expected concentrations in milk at the feeds that were asked for."""

    name: str
    detail: str
    unit: str
    feeds: tuple[Expected, ...]

    @property
    def figures(self) -> tuple[Expected, ...]:
        """Return what the table lists."""
        return self.feeds


@dataclass(frozen=True, slots=True)
class ForecastChart:
    """Minutes count from `started_at`. Without `zone` the axis counts hours; with it, it shows the clock, and `now`.

    A lane that is not given is not drawn."""

    title: str
    subtitle: str
    started_at: datetime
    until_min: float
    infusions: tuple[Span, ...] = ()
    infusion_words: str = ""
    levels: LevelLane | None = None
    windows: tuple[WindowLane, ...] = ()
    milk: FeedLane | None = None
    zone: ZoneInfo | None = None
    now: datetime | None = None

    def moment(self, minute: float) -> datetime:
        """Return the moment that lies so many minutes after the start."""
        return self.started_at + timedelta(minutes=minute)

    def when(self, minute: float) -> str:
        """Return a minute in words: a time of day, or how long after the start."""
        if self.zone is not None:
            return clocks.time_text(self.moment(minute), self.zone)
        return clocks.whole_span_text(timedelta(minutes=round(minute))) if minute else _("start")


def forecast_table(chart: ForecastChart) -> Table:
    """Return one row for each figure and each edge of a window, in the order of time."""
    entries = sorted(_entries(chart), key=lambda entry: entry[0])
    rows = tuple((chart.when(minute), what, value) for minute, what, value in entries)
    return Table(
        chart.title, (_("After the start") if chart.zone is None else _("When"), _("What"), _("Expected")), rows
    )


def _entries(chart: ForecastChart) -> Iterator[tuple[float, str, str]]:
    for span in chart.infusions:
        yield span.start_min, _("Infusion"), _("runs until %(end)s") % {"end": chart.when(span.end_min)}
    for lane in [lane for lane in (chart.levels, chart.milk) if lane is not None]:
        for one in lane.figures:
            yield one.at_min, lane.name, band_text(one, lane.unit)
    for window in chart.windows:
        yield window.window.start_min if window.window else 0, window.name, window.words
        if window.doubtful is not None:
            words = _("not studied until %(end)s: illustrative") % {"end": chart.when(window.doubtful.end_min)}
            yield window.doubtful.start_min, window.name, words


def band_text(one: Expected, unit: str) -> str:
    """Return a figure with its band and unit: 158 (119 to 201) ng/mL."""
    words = {"value": figure_text(one.value), "low": figure_text(one.low), "high": figure_text(one.high), "unit": unit}
    return _("%(value)s (%(low)s to %(high)s) %(unit)s") % words


def figure_text(value: float) -> str:
    """Return a figure with two or three digits that mean something, and no zero at its end: 158, 9.4, 0.41."""
    for least, digits in ((10, 0), (1, 1), (0.01, 2)):
        if round(abs(value), digits) >= least:
            return numeral(Decimal(f"{value:.{digits}f}"))
    return _("under 0.01") if value else "0"
