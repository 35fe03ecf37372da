"""The forecast of one dose: infusion, expected concentration with its band, windows of effects, milk at feeds."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from firstlight.ground.design import clocks
from firstlight.ground.design.charts.canvas import Canvas
from firstlight.ground.design.charts.forecast_model import (
    Expected,
    FeedLane,
    ForecastChart,
    LevelLane,
    Span,
    WindowLane,
    figure_text,
    forecast_table,
)
from firstlight.ground.design.charts.letters import text_width, wrapped
from firstlight.ground.design.charts.model import Chart
from firstlight.ground.design.charts.room import Box, Spot, text_box
from firstlight.ground.design.charts.rows import Row, around
from firstlight.ground.design.charts.scales import TimeScale, ValueScale
from firstlight.ground.design.charts.shapes import pointer

WIDE, COMPACT, LEFT = 1000, 720, 160
INFUSION, LEVELS, WINDOW, MILK, AXIS = 56, 248, 76, 148, 34
SIZE = 15
DAY_MIN = 1440
STEPS_MIN = (10, 15, 30, 60, 120, 240, 360, 720, DAY_MIN)
APART = 6.0  # between two drawn points of a line
FIGURES_APART = 40.0  # between two points whose figures stand on the line; the table has them all
UTC = ZoneInfo("UTC")


def forecast_chart(chart: ForecastChart) -> Chart:
    """Draw a forecast. What is drawn is expected, so nothing on it is a charted value, and the title says so."""
    wide, compact = (_drawn(chart, kind, width) for kind, width in (("wide", WIDE), ("compact", COMPACT)))
    return Chart(chart.title, chart.subtitle, wide, forecast_table(chart), "wide", compact)


def _drawn(chart: ForecastChart, kind: str, width: float) -> SafeString:
    lanes = list(_lanes(chart))
    bottom = float(sum(height for height, _draw in lanes))
    canvas = Canvas(width, bottom + AXIS)
    scale = TimeScale(chart.started_at, chart.moment(chart.until_min), LEFT, width - _aside(chart))
    _draw_now(canvas, scale, chart, bottom)
    top = 0.0
    for height, draw in lanes:
        row = Row(canvas, scale, top, top + height, chart.zone or UTC, SIZE, LEFT - 8)
        row.divide()
        draw(row)
        top += height
    _draw_axis(canvas, scale, chart, bottom)
    return canvas.svg(kind=kind, title=chart.title, description=_("The table below holds every figure."))


def _lanes(chart: ForecastChart) -> Iterator[tuple[float, Callable[[Row], None]]]:
    """Yield the height of each lane that the chart has, and what draws it."""
    if chart.infusions:
        yield INFUSION, partial(_draw_infusions, chart=chart)
    if chart.levels:
        yield LEVELS, partial(_draw_levels, chart=chart, lane=chart.levels)
    for window in chart.windows:
        yield WINDOW, partial(_draw_window, chart=chart, lane=window)
    if chart.milk:
        yield MILK, partial(_draw_milk, chart=chart, lane=chart.milk)


def _aside(chart: ForecastChart) -> float:
    """Return the room that the names of limits take at the right of the axis."""
    return 24 + max(
        [text_width(limit.words, SIZE) for limit in (chart.levels.limits if chart.levels else ())], default=40
    )


def _draw_infusions(row: Row, chart: ForecastChart) -> None:
    row.name(_("Infusion"), "", first=30)
    places = [_bar(row, chart, span, "m-infusion", row.top + 20, 10) for span in chart.infusions]
    first, last = places[0], places[-1]
    beside = [Spot(last.right + 8, row.top + 30, "start"), Spot(last.left - 8, row.top + 30, "end")]
    below = Spot(min(first.left, row.canvas.width - text_width(chart.infusion_words, SIZE)), row.top + 49, "start")
    row.canvas.label(chart.infusion_words, [*beside, below], size=SIZE, needed=True)


def _bar(row: Row, chart: ForecastChart, span: Span, kind: str, top: float, height: float) -> Box:
    start, end = (row.scale.x(chart.moment(minute)) for minute in (span.start_min, span.end_min))
    box = Box(start, top, max(end, start + 2), top + height)
    row.canvas.rectangle(kind, box, title=f"{chart.when(span.start_min)}–{chart.when(span.end_min)}", rounded=2)
    return box


def _draw_levels(row: Row, chart: ForecastChart, lane: LevelLane) -> None:
    row.name(lane.name, lane.detail, first=30)
    highest = max([level.high for level in lane.levels] + [limit.value for limit in lane.limits])
    values = ValueScale(0, round(highest * 1.08) + 1, row.floor, row.top + 18)
    row.limits(lane.limits, values)
    lines = [(kind, [(x, values.y(value)) for x, value in series]) for kind, series in _series(row, chart, lane.levels)]
    for kind, points in lines:
        row.canvas.polyline(kind, points)
    peak = next(level for level in lane.levels if level.at_min == lane.peak_min)
    x = row.scale.x(chart.moment(peak.at_min))
    row.canvas.circle("m-ring", x, values.y(peak.value), 4.5)
    _write_peak(row, lane, x, [values.y(limit.value) for limit in lane.limits], lines[0][1])
    taken: list[float] = []
    neighbours = zip(lane.figures, lane.figures[1:], lane.figures[2:], strict=False)
    tops = [level.at_min for before, level, after in neighbours if before.value < level.value > after.value]
    for level in sorted(lane.figures, key=lambda one: -one.value):
        x, y = row.scale.x(chart.moment(level.at_min)), values.y(level.value)
        if level is peak or any(abs(x - other) < FIGURES_APART for other in taken):
            continue
        needed = level.at_min in tops
        if row.figure(figure_text(level.value), around(x, y, SIZE), kind="t-halo t-soft", needed=needed):
            row.canvas.circle("m-dot", x, y, 2.5)
            taken.append(x)


def _write_peak(
    row: Row, lane: LevelLane, peak_x: float, lines: Sequence[float], outline: Sequence[tuple[float, float]]
) -> None:
    """Write the highest level and its band at the top, as near their own peak as the outline leaves room."""
    y = row.top + 2 * SIZE
    while any(abs(y + SIZE / 2 - line) < 1.6 * SIZE for line in lines) and y < row.floor - 4 * SIZE:
        y += 4
    both = ((lane.peak_words, 0.0, True), (lane.band_words, 1.35 * SIZE, False))
    width = max(text_width(words, SIZE, bold=bold) for words, _down, bold in both)
    x, anchor = _beside_peak(row, peak_x, width, y + 2 * SIZE, outline)
    for words, down, bold in both:
        row.canvas.write(words, x, y + down, size=SIZE, anchor=anchor, kind="t-halo", bold=bold)


def _beside_peak(
    row: Row, peak_x: float, width: float, lowest: float, outline: Sequence[tuple[float, float]]
) -> tuple[float, str]:
    """Return where words over the line begin or end; where no place is free of it, beside their peak or at the axis' end."""
    left, right = row.scale.left + 12, row.scale.right
    for aside in range(16, round(right - left), 8):
        for start, x, anchor in (
            (peak_x + aside, peak_x + aside, "start"),
            (peak_x - aside - width, peak_x - aside, "end"),
        ):
            under = (y for across, y in outline if start - 16 < across < start + width + 16)
            if left <= start <= right - width and min(under, default=row.floor) > lowest:
                return x, anchor
    return (peak_x + 16, "start") if peak_x + 16 + width <= right else (right, "end")


def _series(row: Row, chart: ForecastChart, levels: Sequence[Expected]) -> list[tuple[str, list[tuple[float, float]]]]:
    """Return the outlines and the middle, without points that lie closer together than a drawing shows."""
    kept: list[tuple[float, Expected]] = []
    for level in levels:
        x = row.scale.x(chart.moment(level.at_min))
        if not kept or level.shown or level is levels[-1] or x - kept[-1][0] >= APART:
            kept.append((x, level))
    return [
        ("m-band", [(x, level.high) for x, level in kept]),
        ("m-band", [(x, level.low) for x, level in kept]),
        ("m-score", [(x, level.value) for x, level in kept]),
    ]


def _draw_window(row: Row, chart: ForecastChart, lane: WindowLane) -> None:
    row.name(lane.name, lane.detail, first=28)
    beside = row.scale.left + 12
    if lane.window is not None:
        box = _bar(row, chart, lane.window, "m-bar-soft", row.top + 18, 10)
        beside = box.right + 10
        if lane.doubtful is not None:
            _bar(row, chart, lane.doubtful, "m-doubt", row.top + 15, 16)
        if lane.peak_min is not None:
            row.canvas.path("m-bar", pointer(row.scale.x(chart.moment(lane.peak_min)), row.top + 16, 11))
    _write_beside(row, lane.words, beside)


def _write_beside(row: Row, words: str, beside: float) -> None:
    """Write words at the right of a bar, or under it where they do not fit there in one line."""
    if beside + text_width(words, SIZE) <= row.canvas.width:
        row.canvas.write(words, beside, row.top + 28, size=SIZE, kind="t-halo")
        return
    left = row.scale.left
    for place, line in enumerate(wrapped(words, row.canvas.width - left, SIZE)):
        row.canvas.write(line, left, row.top + 47 + place * 1.2 * SIZE, size=SIZE, kind="t-halo")


def _draw_milk(row: Row, chart: ForecastChart, lane: FeedLane) -> None:
    row.name(lane.name, lane.detail, first=28)
    values = ValueScale(0, round(max(feed.high for feed in lane.feeds) * 1.15) + 1, row.floor, row.top + 26)
    for feed in lane.feeds:
        x = row.scale.x(chart.moment(feed.at_min))
        bar = Box(x - 1.5, values.y(feed.high), x + 1.5, max(values.y(feed.low), values.y(feed.high) + 1))
        row.canvas.rectangle(
            "m-bar-soft", bar, title=f"{chart.when(feed.at_min)}, {figure_text(feed.value)} {lane.unit}"
        )
        row.canvas.circle("m-ring", x, values.y(feed.value), 4.5)
    for feed in lane.feeds:
        x, y = row.scale.x(chart.moment(feed.at_min)), values.y(feed.value)
        spots = [Spot(x + 10, y + 5, "start"), Spot(x, values.y(feed.high) - 6), Spot(x - 10, y + 5, "end")]
        row.figure(figure_text(feed.value), spots)


def _draw_now(canvas: Canvas, scale: TimeScale, chart: ForecastChart, bottom: float) -> None:
    if chart.now is not None and scale.holds(chart.now):
        x = scale.x(chart.now)
        canvas.line("m-now", (x, 0), (x, bottom))
        canvas.label(_("now"), [Spot(x + 6, 14, "start"), Spot(x - 6, 14, "end")], size=SIZE, kind="t-soft t-halo")


def _draw_axis(canvas: Canvas, scale: TimeScale, chart: ForecastChart, bottom: float) -> None:
    # Beyond a day the axis names whole days: half a day more would be named like the day before it.
    steps = [one for one in STEPS_MIN if chart.zone or one == DAY_MIN or chart.until_min < DAY_MIN + one]
    step = next((one for one in steps if scale.width_of(timedelta(minutes=one)) >= 72), DAY_MIN)
    minute, taken = _first_minute(chart, step), float("-inf")
    while minute <= chart.until_min:
        x, words = scale.x(chart.moment(minute)), chart.when(minute)
        box = text_box(words, x, bottom + 24, size=SIZE, anchor="middle")
        if box.left > taken:
            canvas.line("m-axis", (x, bottom), (x, bottom + 5))
            canvas.write(words, x, bottom + 24, size=SIZE, anchor="middle", kind="t-soft")
            taken = box.right + 10
        minute += step


def _first_minute(chart: ForecastChart, step: int) -> float:
    """Return where the axis is labelled first: at the start, or at the first round time of the clock after it."""
    if chart.zone is None:
        return 0
    local = clocks.local(chart.started_at, chart.zone)
    since_midnight = local.hour * 60 + local.minute + local.second / 60
    return -since_midnight % step
