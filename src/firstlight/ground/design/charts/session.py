"""The trend of a session: charted values, the limits of the plan, the infusion, and the notices that were raised."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from firstlight.ground.design import clocks
from firstlight.ground.design.charts.canvas import Canvas
from firstlight.ground.design.charts.letters import text_width
from firstlight.ground.design.charts.model import Chart
from firstlight.ground.design.charts.room import Box, Spot, text_box
from firstlight.ground.design.charts.rows import Row, notable
from firstlight.ground.design.charts.scales import TimeScale, ValueScale, fitted, narrowest
from firstlight.ground.design.charts.session_model import Reading, SessionTrend, TrendLane
from firstlight.ground.design.charts.shapes import octagon, triangle
from firstlight.ground.design.charts.tables import session_table

WIDE, COMPACT, LEFT = 1000, 720, 160
INFUSION, LANE, PRESSURE, AXIS = 52, 92, 124, 34
SIZE = 15
STEPS = (5, 10, 15, 30, 60, 120)
SHORTEST = timedelta(minutes=60)


def session_trend(trend: SessionTrend) -> Chart:
    """Draw a session, running or ended. The axis holds at least an hour, so that a young session does not jump."""
    wide, compact = (_drawn(trend, kind, width) for kind, width in (("wide", WIDE), ("compact", COMPACT)))
    return Chart(trend.title, trend.subtitle, wide, session_table(trend), "wide", compact)


def _drawn(trend: SessionTrend, kind: str, width: float) -> SafeString:
    heights = [_height(lane) for lane in trend.lanes]
    bottom = float(INFUSION + sum(heights))
    canvas = Canvas(width, bottom + AXIS)
    moments = [reading.at for lane in trend.lanes for reading in lane.readings]
    end = max([trend.now, trend.opened_at + SHORTEST, *moments])
    scale = TimeScale(min([trend.opened_at, *moments]), end, LEFT, width - _aside(trend))
    _draw_infusion(Row(canvas, scale, 0, INFUSION, trend.zone, SIZE, LEFT - 12), trend)
    top = float(INFUSION)
    for lane, height in zip(trend.lanes, heights, strict=True):
        row = Row(canvas, scale, top, top + height, trend.zone, SIZE, LEFT - 12)
        row.divide()
        _draw_lane(row, lane)
        top += height
    _draw_now(canvas, scale, trend, bottom)
    _draw_clock(canvas, scale, trend, bottom)
    return canvas.svg(kind=kind, title=trend.title, description=_("The table below holds every value."))


def _aside(trend: SessionTrend) -> float:
    """Return the room that limits' names, or a last reading, take at the right of the axis."""
    limits = [limit.words for lane in trend.lanes for limit in lane.limits]
    return 16 + max([text_width("000/000", SIZE + 3, bold=True), *(text_width(words, SIZE) for words in limits)])


def _height(lane: TrendLane) -> int:
    return PRESSURE if any(reading.second is not None for reading in lane.readings) else LANE


def _draw_infusion(row: Row, trend: SessionTrend) -> None:
    row.name(_("Infusion"), "", first=28)
    row.divide()
    if trend.started_at is None:
        return row.nothing(_("not started"))
    start, end = row.scale.x(trend.started_at), row.scale.x(trend.ended_at or trend.now)
    row.canvas.rectangle("m-infusion", Box(start, row.top + 18, max(end, start + 2), row.top + 28), rounded=2)
    length = clocks.span_text((trend.ended_at or trend.now) - trend.started_at)
    words = length if trend.ended_at else _("%(span)s so far") % {"span": length}
    row.canvas.label(words, [Spot(end + 8, row.top + 28, "start"), Spot(start - 8, row.top + 28, "end")], size=SIZE)
    return None


def _draw_lane(row: Row, lane: TrendLane) -> None:
    row.name(lane.name, lane.unit, first=30)
    figures = [figure for reading in lane.readings for figure in _figures(reading)]
    named = [limit.value for limit in lane.limits]
    if not lane.readings:
        return row.nothing(_("nothing charted yet"))
    low, high = min(figures + named), max(figures + named)
    values = ValueScale(low - 2, high + 2, row.floor - 14, row.top + 32)
    row.limits(lane.limits, values)
    readings = sorted(lane.readings, key=lambda reading: reading.at)
    dot = fitted(narrowest([row.scale.x(reading.at) for reading in readings], 10) / 2, 1.5, 3.5)
    for kind, series in _series(readings):
        points = [(row.scale.x(at), values.y(value)) for at, value in series]
        row.canvas.polyline(kind, points)
        for x, y in points:
            row.canvas.circle("m-dot", x, y, dot)
    for reading in readings:
        _draw_notice(row, reading, values)
    _name_figures(row, readings, values)
    return None


def _figures(reading: Reading) -> list[int]:
    return [reading.value] if reading.second is None else [reading.value, reading.second]


def _series(readings: Sequence[Reading]) -> list[tuple[str, list[tuple[datetime, int]]]]:
    upper = ("m-score", [(reading.at, reading.value) for reading in readings])
    lower = ("m-line", [(reading.at, reading.second) for reading in readings if reading.second is not None])
    return [upper, lower] if lower[1] else [upper]


def _draw_notice(row: Row, reading: Reading, values: ValueScale) -> None:
    x, y = row.scale.x(reading.at), values.y(reading.value)
    if reading.notice == "emergency":
        row.canvas.path("m-stop", octagon(x, y, 15))
    elif reading.notice == "act":
        row.canvas.path("m-look", triangle(x, y - 1, 16))
    elif reading.notice:
        row.canvas.rectangle("m-info", Box(x - 6.5, y - 6.5, x + 6.5, y + 6.5))


def _name_figures(row: Row, readings: Sequence[Reading], values: ValueScale) -> None:
    """Write the last reading large at the end of its line, then those with a notice, then what has room."""
    last = readings[-1]
    x, y = row.scale.x(last.at), values.y(last.value)
    aside = [Spot(place, y + shift, "start") for place in (x + 14, row.scale.right + 8) for shift in (6, -12, 24)]
    row.canvas.label(last.figure, aside, size=SIZE + 3, bold=True, kind="t-halo", needed=True)
    order = [place for place in notable([reading.value for reading in readings]) if place != len(readings) - 1]
    order.sort(key=lambda place: not readings[place].notice)
    for place in order:
        reading = readings[place]
        kind = {"emergency": "t-stop t-halo", "act": "t-look t-halo", "warn": "t-info t-halo"}.get(
            reading.notice, "t-halo"
        )
        x, y = row.scale.x(reading.at), values.y(reading.value)
        spots = [Spot(x, y - 12), Spot(x + 13, y - 8, "start"), Spot(x, y + 24), Spot(x + 13, y + 18, "start")]
        row.figure(reading.figure, spots, kind=kind, bold=bool(reading.notice), needed=bool(reading.notice))


def _draw_now(canvas: Canvas, scale: TimeScale, trend: SessionTrend, bottom: float) -> None:
    """Mark where the session stands; what lies right of it has not happened."""
    if trend.now < scale.end:
        x = scale.x(trend.now)
        canvas.line("m-now", (x, INFUSION), (x, bottom))
        canvas.label(_("now"), [Spot(x + 6, INFUSION + 18, "start")], size=SIZE, kind="t-soft t-halo")


def _draw_clock(canvas: Canvas, scale: TimeScale, trend: SessionTrend, bottom: float) -> None:
    room = 64
    step = next((step for step in STEPS if scale.width_of(timedelta(minutes=step)) >= room), STEPS[-1])
    at = trend.opened_at.replace(
        minute=trend.opened_at.minute // step * step if step < 60 else 0, second=0, microsecond=0
    )
    taken = float("-inf")
    while at <= scale.end:
        words = clocks.time_text(at, trend.zone)
        box = text_box(words, scale.x(at), bottom + 24, size=SIZE, anchor="middle")
        if at >= scale.start and box.left > taken:
            canvas.line("m-axis", (scale.x(at), bottom), (scale.x(at), bottom + 5))
            canvas.write(words, scale.x(at), bottom + 24, size=SIZE, anchor="middle", kind="t-soft")
            taken = box.right + 10
        at += timedelta(minutes=step)
