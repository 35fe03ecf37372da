"""The dose timeline: every dose, and what came with it and after it, in lanes on one time axis."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import TypeVar

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from firstlight.ground.design.charts import lanes
from firstlight.ground.design.charts.canvas import Canvas
from firstlight.ground.design.charts.letters import text_width
from firstlight.ground.design.charts.model import Answer, Chart, Dose, DoseTimeline, Hour, PressureRange
from firstlight.ground.design.charts.room import text_box
from firstlight.ground.design.charts.rows import Row
from firstlight.ground.design.charts.scales import TimeScale, dates, weeks
from firstlight.ground.design.charts.shapes import diamond, square, triangle
from firstlight.ground.design.charts.tables import timeline_table, timeline_text

WIDE, COMPACT, LEFT = 1000, 720, 140
DOSE, PRESSURE, PEAK, REPORT, SCORE, HOURS = 70, 96, 66, 96, 126, 52
AXIS, LEGEND = 34, 30
TICK_ROOM = 84
SIZE = 13

Fact = TypeVar("Fact", Dose, PressureRange, Answer, Hour)
Draw = Callable[[Row], None]


def dose_timeline(course: DoseTimeline) -> Chart:
    """Draw a course for the clinic. An axis without length raises ValueError."""
    course = on_axis(course)
    wide, compact = (_drawn(course, kind, width) for kind, width in (("wide", WIDE), ("compact", COMPACT)))
    return Chart(course.title, course.subtitle, wide, timeline_table(course), "wide", compact)


def _drawn(course: DoseTimeline, kind: str, width: float) -> SafeString:
    plan, keys = _plan(course), _keys(course)
    bottom = float(sum(height for height, _draw in plan))
    canvas = Canvas(width, bottom + AXIS + (LEGEND if keys else 0))
    scale = TimeScale(course.starts_at, course.ends_at, LEFT, width - _aside(course))
    lanes.draw_hairlines(Row(canvas, scale, 0, DOSE, course.zone), course.doses, bottom)
    top = 0.0
    for height, draw in plan:
        row = Row(canvas, scale, top, top + height, course.zone)
        row.divide()
        draw(row)
        top += height
    _draw_axis(canvas, scale, course, bottom)
    _draw_keys(canvas, keys, bottom + AXIS + 18)
    return canvas.svg(kind=kind, title=course.title, description=timeline_text(course))


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


def _aside(course: DoseTimeline) -> float:
    """Return the room that the longest words at the right of the axis take."""
    limits = [limit for lane in course.scores for limit in lane.bands]
    limits += course.pressure.limits if course.pressure else ()
    widths = [text_width(limit.words, SIZE) for limit in limits]
    last = [lanes.last_words(lane, course.now, course.zone) for lane in course.reports]
    widths += [text_width(words, SIZE, bold=True) for words in last]
    return 8 + max([40.0, *widths])


def _draw_axis(canvas: Canvas, scale: TimeScale, course: DoseTimeline, bottom: float) -> None:
    ticks = weeks(scale, course.doses[0].at, TICK_ROOM) if course.doses else dates(scale, course.zone, TICK_ROOM)
    taken = float("-inf")
    for x, words in sorted(ticks):
        box = text_box(words, x, bottom + 22, size=SIZE, anchor="middle")
        if box.left > taken and box.right <= canvas.width:
            canvas.line("m-axis", (x, bottom), (x, bottom + 5))
            canvas.write(words, x, bottom + 22, size=SIZE, anchor="middle", kind="t-soft")
            taken = box.right + 8


def _keys(course: DoseTimeline) -> list[tuple[str, str]]:
    """Return the marks of this drawing that need a word: the lines have theirs at their ends."""
    left = [one for one in (course.pressure.ranges if course.pressure else ()) if one.out_of_plan]
    unanswered = any(answer.value is None for lane in course.asked for answer in lane.answers)
    keys = (
        (bool(course.doses), "m-dose", _("dose")),
        (unanswered, "m-gap", _("no answer")),
        (any(one.acknowledged for one in left), "m-look", _("out of plan, acknowledged")),
        (any(not one.acknowledged for one in left), "m-look-full", _("out of plan, not acknowledged")),
    )
    return [(kind, words) for present, kind, words in keys if present]


def _draw_keys(canvas: Canvas, keys: list[tuple[str, str]], y: float) -> None:
    x = 0.0
    for kind, words in keys:
        if kind == "m-gap":
            canvas.rectangle("m-gap m-key", square(x + 6, y, 8, 8))
        else:
            shape = diamond(x + 6, y - 4, 10, 14) if kind == "m-dose" else triangle(x + 6, y - 4, 12)
            canvas.path(f"{kind} m-key", shape)
        canvas.write(words, x + 18, y, size=SIZE, kind="t-soft")
        x += 18 + text_width(words, SIZE) + 24
