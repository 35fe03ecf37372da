"""The lanes of the dose timeline. Each draws itself between its top and its floor, with a scale of its own."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from firstlight.clinical.quantities import scaled
from firstlight.ground.design import clocks
from firstlight.ground.design.charts.letters import text_width
from firstlight.ground.design.charts.model import (
    Dose,
    Hour,
    PeakLane,
    PressureLane,
    PressureRange,
    ReportLane,
    ScoreLane,
)
from firstlight.ground.design.charts.room import Box, Spot
from firstlight.ground.design.charts.rows import Row, around, notable
from firstlight.ground.design.charts.scales import ValueScale, fitted, narrowest, unbroken
from firstlight.ground.design.charts.shapes import diamond, square, triangle


def draw_hairlines(row: Row, doses: Sequence[Dose], bottom: float) -> None:
    """Draw the line of each dose from its diamond down through all lanes; before them, so that it lies behind."""
    for dose in doses:
        x = row.scale.x(dose.at)
        row.canvas.line("m-hair", (x, row.floor - 24), (x, bottom))


def draw_doses(row: Row, *, doses: Sequence[Dose], route: str) -> None:
    """Draw each dose once, and its figure where there is room: one that changed before one that did not."""
    row.name(_("Dose"), _("mg, %(route)s") % {"route": route}, first=row.floor - 24)
    if not doses:
        return row.nothing(_("no dose yet"))
    y, places = row.floor - 24, [row.scale.x(dose.at) for dose in doses]
    width = fitted(narrowest(places, 18), 5, 14)
    for dose, x in zip(doses, places, strict=True):
        title = f"{row.day(dose.at)}, {scaled(dose.amount_ug, 1000)} mg"
        row.canvas.path("m-dose", diamond(x, y, width, 20), title=title)
    amounts = [dose.amount_ug for dose in doses]
    for place in notable(amounts):
        spots = [Spot(places[place], y - lift) for lift in (15, 32)]
        row.figure(scaled(amounts[place], 1000), spots)
    return None


def draw_pressure(row: Row, *, lane: PressureLane) -> None:
    """Draw lowest to highest, systolic over diastolic, the plan's limits, and a triangle where the plan was left."""
    row.name(_("Blood pressure"), _("mmHg, low to high"))
    figures = [figure for one in lane.ranges for figure in (*one.systolic, *one.diastolic)]
    figures += [limit.value for limit in lane.limits]
    lowest, highest = min([60, *figures]), max([160, *figures])
    values = ValueScale(lowest - 4, highest + 4, row.floor - 6, row.top + 34)
    row.limits(lane.limits, values)
    if not lane.ranges:
        return row.nothing(_("nothing charted yet"))
    places = [row.scale.x(one.at) for one in lane.ranges]
    width = fitted(narrowest(places, 10) * 0.7, 1.5, 5)
    for one, x in zip(lane.ranges, places, strict=True):
        for kind, (low, high) in (("m-bar", one.systolic), ("m-bar-soft", one.diastolic)):
            bar = Box(x - width / 2, min(values.y(high), values.y(low) - 3), x + width / 2, values.y(low))
            row.canvas.rectangle(kind, bar, title=f"{row.day(one.at)}, {low}–{high} mmHg")
    for one, x in zip(lane.ranges, places, strict=True):
        if one.out_of_plan:
            _draw_out_of_plan(row, one, x, values.y(one.systolic[1]))
    return None


def _draw_out_of_plan(row: Row, one: PressureRange, x: float, y: float) -> None:
    """Draw triangle and figure on the side of the bar where no other dose's line runs through them."""
    words = str(one.systolic[1])
    width = 22 + text_width(words, row.size, bold=True)
    side = 1 if row.canvas.free(Box(x + 3, y - 20, x + width, y - 5)) else -1
    kind = "m-look" if one.acknowledged else "m-look-full"
    row.canvas.path(kind, triangle(x + side * 12, y - 13, 12))
    aside = Spot(x + side * 21, y - 8, "start" if side > 0 else "end")
    row.figure(words, [aside, Spot(x + side * 12, y - 22)], kind="t-look t-halo", bold=True, needed=True)


def draw_peaks(row: Row, *, lane: PeakLane) -> None:
    """Draw a short bar per session with its figure; a session without a rating has a hollow square."""
    row.name(lane.name, _("%(low)d–%(high)d, highest") % {"low": lane.low, "high": lane.high})
    if not lane.answers:
        return row.nothing(_("nothing charted yet"))
    values = ValueScale(lane.low, lane.high, row.floor, row.top + 20)
    width = fitted(narrowest([row.scale.x(answer.at) for answer in lane.answers], 10), 2, 8)
    given = [(row.scale.x(answer.at), answer.value) for answer in lane.answers if answer.value is not None]
    for x, value in given:
        row.canvas.rectangle("m-bar-soft", square(x, row.floor, width, max(1, row.floor - values.y(value))))
    row.missing(lane.answers, width)
    for place in notable([value for _x, value in given]):
        x, value = given[place]
        y = min(values.y(value) + 6, row.floor - 4)
        spots = [Spot(x + 8, y, "start"), Spot(x, values.y(value) - 5), Spot(x - 8, y, "end")]
        row.figure(str(value), spots, kind="t-soft t-halo")
    return None


def draw_report(row: Row, *, lane: ReportLane, now: datetime) -> None:
    """Draw the parent's own answers as a thin line that breaks where an answer is missing, and name the last one."""
    row.name(lane.name, _("%(low)d–%(high)d, %(way)s") % {"low": lane.low, "high": lane.high, "way": lane.direction})
    if not lane.answers:
        return row.nothing(_("no answers yet"))
    values = ValueScale(lane.low, lane.high, row.floor - 16, row.top + 20)
    dot = fitted(narrowest([row.scale.x(answer.at) for answer in lane.answers], 8) / 2, 1, 3)
    for run in unbroken(lane.answers):
        points = [(row.scale.x(at), values.y(value)) for at, value in run]
        row.canvas.polyline("m-line", points)
        for x, y in points:
            row.canvas.circle("m-dot", x, y, dot)
    for x in row.missing(lane.answers)[:1]:
        spots = [Spot(x + 10, row.floor - 4, "start"), Spot(x - 10, row.floor - 4, "end")]
        row.figure(_("no answer"), spots, kind="t-soft t-halo")
    if given := [answer.value for answer in lane.answers if answer.value is not None]:
        y = values.y(given[-1]) + row.size / 3
        row.canvas.write(last_words(lane, now, row.zone), row.scale.right + 8, y, size=row.size, bold=True)
    return None


def last_words(lane: ReportLane, now: datetime, zone: ZoneInfo) -> str:
    """Return the last answer and its day, as in 7 today; nothing where no answer came."""
    given = [answer for answer in lane.answers if answer.value is not None]
    return f"{given[-1].value} {clocks.day_text(given[-1].at, now, zone)}" if given else ""


def draw_score(row: Row, *, lane: ScoreLane) -> None:
    """Draw a validated score as a strong line with open circles and figures, over its named bands."""
    row.name(lane.name, _("%(low)d–%(high)d, %(way)s") % {"low": lane.low, "high": lane.high, "way": lane.direction})
    values = ValueScale(lane.low, lane.high, row.floor - 12, row.top + 20)
    row.limits(lane.bands, values)
    if not lane.answers:
        return row.nothing(_("not asked yet"))
    ring = fitted(narrowest([row.scale.x(answer.at) for answer in lane.answers], 20) / 2, 2, 5)
    given: list[tuple[float, float, int]] = []
    for run in unbroken(lane.answers):
        row.canvas.polyline("m-score", [(row.scale.x(at), values.y(value)) for at, value in run])
        for at, value in run:
            row.canvas.circle("m-ring", row.scale.x(at), values.y(value), ring, title=f"{row.day(at)}, {value}")
            given.append((row.scale.x(at), values.y(value), value))
    row.missing(lane.answers)
    for order, place in enumerate(notable([value for _x, _y, value in given])):
        x, y, value = given[place]
        row.figure(str(value), around(x, y), bold=True, needed=order < 2)
    return None


def draw_hours(row: Row, *, hours: Sequence[Hour]) -> None:
    """Draw each hour of therapy as an outlined square on the floor."""
    row.name(_("Therapy"), _("hours"), first=26)
    if not hours:
        return row.nothing(_("no hours yet"))
    width = fitted(narrowest([row.scale.x(hour.at) for hour in hours], 10), 2, 8)
    for hour in hours:
        box = square(row.scale.x(hour.at), row.floor, width, 12)
        row.canvas.rectangle("m-hour", box, title=f"{row.day(hour.at)}, {hour.kind}", rounded=min(2, width / 4))
    return None
