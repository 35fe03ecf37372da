"""The dose timeline: every dose, and what came with it and after it, in lanes on one time axis."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import TypeVar

from django.utils.translation import gettext as _

from firstlight.ground.design.charts import lanes
from firstlight.ground.design.charts.canvas import Canvas, text_box, text_width
from firstlight.ground.design.charts.model import Answer, Chart, Dose, DoseTimeline, Hour, PressureRange
from firstlight.ground.design.charts.rows import Row
from firstlight.ground.design.charts.scales import TimeScale, dates, weeks
from firstlight.ground.design.charts.shapes import diamond, square, triangle
from firstlight.ground.design.charts.tables import timeline_table, timeline_text

WIDTH, LEFT, RIGHT = 1000, 140, 868
DOSE, PRESSURE, PEAK, REPORT, SCORE, HOURS = 68, 96, 66, 96, 126, 52
AXIS, LEGEND = 34, 30
TICK_ROOM = 84
SIZE = 13

Fact = TypeVar("Fact", Dose, PressureRange, Answer, Hour)
Draw = Callable[[Row], None]


def dose_timeline(course: DoseTimeline) -> Chart:
    """Draw a course for the clinic. An axis without length raises ValueError."""
    course = on_axis(course)
    plan = _plan(course)
    bottom = float(sum(height for height, _draw in plan))
    canvas = Canvas(WIDTH, bottom + AXIS + LEGEND)
    scale = TimeScale(course.starts_at, course.ends_at, LEFT, RIGHT)
    lanes.draw_hairlines(Row(canvas, scale, 0, DOSE, course.zone), course.doses, bottom)
    top = 0.0
    for height, draw in plan:
        row = Row(canvas, scale, top, top + height, course.zone)
        row.divide()
        draw(row)
        top += height
    _draw_axis(canvas, scale, course, bottom)
    _draw_legend(canvas, course, bottom + AXIS + 18)
    svg = canvas.svg(kind="wide", title=course.title, description=timeline_text(course))
    return Chart(course.title, course.subtitle, svg, timeline_table(course), "wide")


def on_axis(course: DoseTimeline) -> DoseTimeline:
    """Return the course with the facts of the shown time only, in the order of time."""

    def shown(facts: Iterable[Fact]) -> tuple[Fact, ...]:
        inside = [one for one in facts if course.starts_at <= one.at <= course.ends_at]
        return tuple(sorted(inside, key=lambda one: one.at))

    return replace(
        course,
        doses=shown(course.doses),
        pressure=replace(course.pressure, ranges=shown(course.pressure.ranges)) if course.pressure else None,
        peaks=tuple(replace(lane, answers=shown(lane.answers)) for lane in course.peaks),
        reports=tuple(replace(lane, answers=shown(lane.answers)) for lane in course.reports),
        scores=tuple(replace(lane, answers=shown(lane.answers)) for lane in course.scores),
        hours=None if course.hours is None else shown(course.hours),
    )


def _plan(course: DoseTimeline) -> list[tuple[int, Draw]]:
    plan: list[tuple[int, Draw]] = [(DOSE, partial(lanes.draw_doses, doses=course.doses, route=course.route))]
    if course.pressure is not None:
        plan.append((PRESSURE, partial(lanes.draw_pressure, lane=course.pressure)))
    plan += [(PEAK, partial(lanes.draw_peaks, lane=lane)) for lane in course.peaks]
    plan += [(REPORT, partial(lanes.draw_report, lane=lane, now=course.now)) for lane in course.reports]
    plan += [(SCORE, partial(lanes.draw_score, lane=lane)) for lane in course.scores]
    if course.hours is not None:
        plan.append((HOURS, partial(lanes.draw_hours, hours=course.hours)))
    return plan


def _draw_axis(canvas: Canvas, scale: TimeScale, course: DoseTimeline, bottom: float) -> None:
    ticks = weeks(scale, course.doses[0].at, TICK_ROOM) if course.doses else dates(scale, course.zone, TICK_ROOM)
    taken = float("-inf")
    for x, words in sorted(ticks):
        box = text_box(words, x, bottom + 22, size=SIZE, anchor="middle")
        if box.left > taken and box.right <= WIDTH:
            canvas.line("m-axis", (x, bottom), (x, bottom + 5))
            canvas.write(words, x, bottom + 22, size=SIZE, anchor="middle", kind="t-soft")
            taken = box.right + 8


def _draw_legend(canvas: Canvas, course: DoseTimeline, y: float) -> None:
    ranges = course.pressure.ranges if course.pressure else ()
    left = [one for one in ranges if one.out_of_plan]
    entries: list[tuple[bool, str, Callable[[float], None]]] = [
        (bool(course.doses), _("dose"), lambda x: canvas.path("m-dose m-key", diamond(x + 6, y - 4, 10, 14))),
        (
            any(answer.value is None for lane in course.asked for answer in lane.answers),
            _("no answer"),
            lambda x: canvas.rectangle("m-gap m-key", square(x + 6, y, 8, 8)),
        ),
        (
            any(one.acknowledged for one in left),
            _("out of plan, acknowledged"),
            lambda x: canvas.path("m-look m-key", triangle(x + 6, y - 4, 12)),
        ),
        (
            any(not one.acknowledged for one in left),
            _("out of plan, not acknowledged"),
            lambda x: canvas.path("m-look-full m-key", triangle(x + 6, y - 4, 12)),
        ),
    ]
    x = float(LEFT)
    for present, words, draw in entries:
        if present:
            draw(x)
            canvas.write(words, x + 18, y, size=SIZE, kind="t-soft")
            x += 18 + text_width(words, SIZE) + 20
