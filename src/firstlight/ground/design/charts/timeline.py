"""The dose timeline: every dose, and what came with it and after it, in lanes on one time axis."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import TypeVar

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from firstlight.ground.design.charts import answers, happenings, lanes
from firstlight.ground.design.charts.axis import ticks
from firstlight.ground.design.charts.canvas import Canvas
from firstlight.ground.design.charts.letters import text_width
from firstlight.ground.design.charts.model import (
    Answer,
    AnswerRange,
    Chart,
    Dose,
    DoseTimeline,
    Happening,
    Hour,
    PressureRange,
    Pulse,
    Zero,
)
from firstlight.ground.design.charts.room import text_box
from firstlight.ground.design.charts.rows import DayWords, Row, limit_lines
from firstlight.ground.design.charts.scales import TimeScale
from firstlight.ground.design.charts.shapes import diamond, square, star, triangle
from firstlight.ground.design.charts.timeline_tables import timeline_tables, timeline_text

WIDE, COMPACT, LEFT = 1000, 720, 140
DOSE, PRESSURE, READINGS, PULSE, PEAK, REPORT, SCORE, HOURS, HAPPENINGS = 82, 96, 176, 76, 66, 96, 126, 52, 60
NOTHING = 64  # a lane of answers in which nothing stands in this part of the time
AXIS, KEYS = 50, 22
TICK_ROOM = 84
SIZE = 13

Fact = TypeVar("Fact", Dose, PressureRange, Answer, AnswerRange, Hour, Pulse)
Draw = Callable[[Row], None]
Key = tuple[str, str]


def dose_timeline(course: DoseTimeline, days: DayWords | None = None) -> Chart:
    """Draw a course for the clinic. An axis without length raises ValueError. `days`: shared by several drawings of one page."""
    course = on_axis(course)
    days = days or DayWords(course.zone)
    wide, compact = (_drawn(course, kind, width, days) for kind, width in (("wide", WIDE), ("compact", COMPACT)))
    table, by_lane = timeline_tables(course, days)
    return Chart(course.title, course.subtitle, wide, table, "wide", compact, by_lane)


def _drawn(course: DoseTimeline, kind: str, width: float, days: DayWords) -> SafeString:
    scale = TimeScale(course.starts_at, course.ends_at, LEFT, width - _aside(course))
    plan, keys = _plan(course), _key_lines(_keys(course, scale), width)
    bottom = float(sum(height for height, _draw in plan))
    canvas = Canvas(width, bottom + AXIS + KEYS * len(keys))
    lanes.draw_hairlines(Row(canvas, scale, 0, DOSE, course.zone), course.doses, bottom)
    top = 0.0
    for height, draw in plan:
        row = Row(canvas, scale, top, top + height, course.zone, part=course.part, days=days)
        row.divide()
        draw(row)
        top += height
    _draw_axis(canvas, scale, course, bottom)
    for place, line in enumerate(keys):
        _draw_keys(canvas, line, bottom + AXIS + 12 + place * KEYS)
    return canvas.svg(kind=kind, title=course.title, description=timeline_text(course))


def on_axis(course: DoseTimeline) -> DoseTimeline:
    """Return the course with the facts of the shown time only, in the order of time. Its zero may lie outside."""

    def shown(facts: Iterable[Fact]) -> tuple[Fact, ...]:
        inside = [one for one in facts if course.starts_at <= one.at <= course.ends_at]
        return tuple(sorted(inside, key=lambda one: one.at))

    def lasting(facts: Iterable[Happening]) -> tuple[Happening, ...]:
        inside = [one for one in facts if one.at <= course.ends_at and (one.until or one.at) >= course.starts_at]
        return tuple(sorted(inside, key=lambda one: one.at))

    first = min((dose.at for dose in course.doses), default=None)
    return replace(
        course,
        zero=course.zero or (Zero(first, _("first dose")) if first else None),
        doses=shown(course.doses),
        pressure=replace(course.pressure, ranges=shown(course.pressure.ranges)) if course.pressure else None,
        pulses=shown(course.pulses),
        peaks=tuple(replace(lane, answers=shown(lane.answers)) for lane in course.peaks),
        reports=tuple(
            replace(lane, answers=shown(lane.answers), ranges=shown(lane.ranges), charted=shown(lane.charted))
            for lane in course.reports
        ),
        scores=tuple(replace(lane, answers=shown(lane.answers)) for lane in course.scores),
        hours=None if course.hours is None else shown(course.hours),
        happenings=tuple(replace(lane, happenings=lasting(lane.happenings)) for lane in course.happenings),
    )


def _plan(course: DoseTimeline) -> list[tuple[int, Draw]]:
    plan: list[tuple[int, Draw]] = [(DOSE, partial(lanes.draw_doses, doses=course.doses, route=course.route))]
    if course.pressure is not None:
        height = READINGS if course.pressure.each and course.pressure.ranges else PRESSURE
        plan.append((height, partial(lanes.draw_pressure, lane=course.pressure)))
    if course.pulses:
        plan.append((PULSE, partial(lanes.draw_pulses, pulses=course.pulses)))
    plan += [(PEAK, partial(lanes.draw_peaks, lane=lane)) for lane in course.peaks]
    empty = NOTHING if course.part else SCORE
    plan += [
        (REPORT if lane.answers or lane.ranges or lane.charted else min(empty, REPORT),
         partial(answers.draw_report, lane=lane, now=course.now))
        for lane in course.reports
    ]  # fmt: skip
    plan += [(SCORE if lane.answers else empty, partial(answers.draw_score, lane=lane)) for lane in course.scores]
    if course.hours is not None:
        plan.append((HOURS, partial(lanes.draw_hours, hours=course.hours)))
    plan += [(HAPPENINGS, partial(happenings.draw_happenings, lane=lane)) for lane in course.happenings]
    return plan


def _aside(course: DoseTimeline) -> float:
    """Return the room that the longest words at the right of the axis take."""
    limits = [limit for lane in course.scores for limit in lane.bands]
    limits += course.pressure.limits if course.pressure else ()
    widths = [text_width(line, SIZE) for limit in limits for line in limit_lines(limit, SIZE)]
    last = [answers.last_words(lane, course.now, course.zone) for lane in course.reports]
    widths += [text_width(words, SIZE, bold=True) for words in last]
    return 8 + max([40.0, *widths])


def _draw_axis(canvas: Canvas, scale: TimeScale, course: DoseTimeline, bottom: float) -> None:
    """Write what is counted under the axis, and under that when it was; a tick whose words have no room is left out."""
    taken = float("-inf")
    for tick in sorted(ticks(scale, course.zero, course.zone, TICK_ROOM), key=lambda one: one.x):
        longest = max(tick.words, tick.when, key=lambda words: text_width(words, SIZE))
        box = text_box(longest, tick.x, bottom + 22, size=SIZE, anchor="middle")
        if box.left > taken and box.right <= canvas.width:
            canvas.line("m-axis", (tick.x, bottom), (tick.x, bottom + 5))
            for words, y in ((tick.words, bottom + 22), (tick.when, bottom + 38)):
                if words:
                    canvas.write(words, tick.x, y, size=SIZE, anchor="middle", kind="t-soft")
            taken = box.right + 8


def _keys(course: DoseTimeline, scale: TimeScale) -> list[Key]:
    """Return the marks of this drawing that need a word: the lines have theirs at their ends."""
    left = [one for one in (course.pressure.ranges if course.pressure else ()) if one.out_of_plan]
    ranges = [one for lane in course.reports for one in lane.ranges]
    silent = any(answer.value is None for lane in course.asked for answer in lane.answers)
    apart = any(answer.apart for lane in course.scores for answer in lane.answers)
    keys = (
        (bool(course.doses), "m-dose", _("dose")),
        (silent or any(not one.answered for one in ranges), "m-gap", _("no answer")),
        (any(lane.charted for lane in course.reports), "m-charted", answers.charted_words()),
        (any(one.answered for one in ranges), "m-range", _("lowest to highest answer")),
        (any(one.answered and one.unanswered for one in ranges), "m-few", _("some without an answer")),
        (any(lane.other_most for lane in course.scores) and not apart, "m-other", _("out of less, not comparable")),
        (apart, "m-other", _("asks about days before and after a dose: compared with no other")),
        (any(answers.shows_recall(lane, scale) for lane in course.scores), "m-recall", _("the days it asks about")),
        (any(one.acknowledged for one in left), "m-look", _("out of plan, acknowledged")),
        (any(not one.acknowledged for one in left), "m-look-full", _("out of plan, not acknowledged")),
    )
    marks = {one.mark for lane in course.happenings for one in lane.happenings if one.until is None}
    named = [(mark, words) for mark, words in happenings.mark_words().items() if mark in marks]
    return [(kind, words) for present, kind, words in keys if present] + named


def _key_lines(keys: list[Key], width: float) -> list[list[Key]]:
    """Return the key in lines that fit."""
    lines: list[list[Key]] = []
    used = width
    for key in keys:
        room = _key_room(key)
        if used + room > width:
            lines.append([])
            used = 0.0
        lines[-1].append(key)
        used += room
    return lines


def _key_room(key: Key) -> float:
    return 18 + text_width(key[1], SIZE) + 24


def _draw_keys(canvas: Canvas, keys: list[Key], y: float) -> None:
    x = 0.0
    for key in keys:
        kind, words = key
        if kind in {"m-gap", "m-range", "m-few"}:
            canvas.rectangle(f"{kind} m-key", square(x + 6, y, 8, {"m-gap": 8, "m-range": 12, "m-few": 4}[kind]))
        elif kind == "m-recall":
            canvas.line("m-recall m-key", (x, y - 4), (x + 12, y - 4))
        elif kind == "m-charted":
            canvas.circle("m-charted m-key", x + 6, y - 4, 4)
        elif kind == "m-dose":
            canvas.path("m-dose m-key", diamond(x + 6, y - 4, 10, 14))
        elif kind == "m-other":
            canvas.path("m-other m-key", star(x + 6, y - 4, 14))
        elif kind.startswith("m-look"):
            canvas.path(f"{kind} m-key", triangle(x + 6, y - 4, 12))
        else:
            happenings.draw_mark(canvas, kind, x + 6, y - 4, kind="m-event m-key")
        canvas.write(words, x + 18, y, size=SIZE, kind="t-soft")
        x += _key_room(key)
