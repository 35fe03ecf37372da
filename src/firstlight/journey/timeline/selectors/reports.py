"""The check-in's items in a window: each answer, or in a long window what came of each calendar week or month."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from firstlight.clinical import instruments
from firstlight.clinical.evidence import text
from firstlight.ground.design.charts.model import Answer, AnswerRange, ReportLane
from firstlight.ground.design.clocks import local
from firstlight.journey.dosing.charted import SaidNow
from firstlight.journey.response.gaps import Gap
from firstlight.journey.response.selectors import CHECK_IN, Measure, Point
from firstlight.journey.screening.series import By, Said, Stretch, begun_in, said_about, stretches_about
from firstlight.journey.timeline.lanes import lanes, report_lane
from firstlight.journey.timeline.selectors.course import Course
from firstlight.journey.timeline.windows import Window


def report_lanes(
    course: Course, window: Window, keys: Sequence[str], said_now: Sequence[SaidNow]
) -> dict[str, ReportLane]:
    """Return a lane for each item, empty where nothing was asked, in a number of queries that does not grow."""
    if not keys:
        return {}
    gaps = [gap for gap in course.closed.gaps if CHECK_IN in gap.instruments and _shown(gap.at, window)]
    charted = _charted(said_now, window)
    if window.span <= lanes().each_answer:
        return _each(course, window, keys, gaps, charted)
    return _counted(course, window, keys, gaps, charted)


def _shown(at: datetime, window: Window) -> bool:
    return window.starts_at <= at <= window.ends_at


def _each(
    course: Course, window: Window, keys: Sequence[str], gaps: Sequence[Gap], charted: Mapping[str, Sequence[Answer]]
) -> dict[str, ReportLane]:
    said = said_about(course.actor, course.parent, CHECK_IN, keys, window.starts_at, window.ends_at)
    return {key: report_lane(item_measure(key, said, gaps), charted=charted.get(key, ())) for key in keys}


def _charted(said_now: Sequence[SaidNow], window: Window) -> dict[str, list[Answer]]:
    """Return what staff asked aloud in a window, by the item of the check-in that asks about a whole day."""
    found: dict[str, list[Answer]] = {}
    for one in said_now:
        if _shown(one.at, window):
            for key, value in one.values.items():
                found.setdefault(key, []).append(Answer(one.at, value))
    return found


def item_measure(key: str, said: Sequence[Said], gaps: Sequence[Gap]) -> Measure:
    """Return the answers to one item. What was passed over, and a check-in that closed without it, are gaps."""
    own = [one for one in said if one.item == key]
    begun = {one.question_set_id for one in own if one.value is not None}
    points = [Point(one.at, one.value) for one in own]
    points += [Point(gap.at, None) for gap in gaps if gap.question_set_id not in begun and gap.asked(CHECK_IN, key)]
    return _measure(key, points)


def _measure(key: str, points: Sequence[Point]) -> Measure:
    item = instruments.instrument(CHECK_IN).item(key)
    return Measure(
        key=key,
        title=text(item.text),
        low=min(item.values),
        high=max(item.values),
        lower_is_better=item.better == "lower",
        validated=False,
        points=tuple(sorted(points, key=lambda point: point.at)),
    )


def _counted(
    course: Course, window: Window, keys: Sequence[str], gaps: Sequence[Gap], charted: Mapping[str, Sequence[Answer]]
) -> dict[str, ReportLane]:
    by: By = "week" if window.span <= lanes().weeks else "month"
    stretches = stretches_about(
        course.actor, course.parent, CHECK_IN, keys, window.starts_at, window.ends_at, by=by, zone=course.zone
    )
    left = [gap.question_set_id for gap in gaps if gap.begun]
    begun = begun_in(course.actor, course.parent, CHECK_IN, left) if left else set()
    return {
        key: report_lane(
            _measure(key, ()),
            _with_charted(
                _ranges(key, stretches, gaps, begun, window, by, course.zone),
                charted.get(key, ()),
                window,
                by,
                course.zone,
            ),
        )
        for key in keys
    }


def _with_charted(
    ranges: Sequence[AnswerRange], charted: Sequence[Answer], window: Window, by: By, zone: ZoneInfo
) -> tuple[AnswerRange, ...]:
    """Return the weeks or months with what staff asked aloud in them counted as answers, and told apart by their number."""
    found = {begin_of(one.at, by, zone): one for one in ranges}
    for answer in charted:
        if answer.value is None:
            continue
        begins_at = begin_of(answer.at, by, zone)
        at, until = max(begins_at, window.starts_at), min(end_of(begins_at, by, zone), window.ends_at)
        one = found.get(begins_at) or AnswerRange(at, until, 0, 0)
        values = [value for value in (one.low, one.high, answer.value) if value is not None]
        found[begins_at] = replace(
            one, answered=one.answered + 1, charted=one.charted + 1, low=min(values), high=max(values)
        )
    return tuple(found[begins_at] for begins_at in sorted(found))


def _ranges(
    key: str,
    stretches: Sequence[Stretch],
    gaps: Sequence[Gap],
    begun: set[tuple[UUID, str]],
    window: Window,
    by: By,
    zone: ZoneInfo,
) -> tuple[AnswerRange, ...]:
    found = {one.begins_at: one for one in stretches if one.item == key}
    silent = [gap for gap in gaps if (gap.question_set_id, key) not in begun and gap.asked(CHECK_IN, key)]
    missing = Counter(begin_of(gap.at, by, zone) for gap in silent)
    ranges = []
    for begins_at in sorted({*found, *missing}):
        said = found.get(begins_at) or Stretch(key, begins_at, 0, None, None, 0)
        at, until = max(begins_at, window.starts_at), min(end_of(begins_at, by, zone), window.ends_at)
        unanswered = said.passed_over + missing[begins_at]
        ranges.append(AnswerRange(at, until, said.answered, unanswered, said.low, said.high))
    return tuple(ranges)


def begin_of(at: datetime, by: By, zone: ZoneInfo) -> datetime:
    """Return when the calendar week (from Monday) or month of a moment began."""
    day = local(at, zone).date()
    first = day.replace(day=1) if by == "month" else day - timedelta(days=day.weekday())
    return datetime.combine(first, time(), tzinfo=zone)


def end_of(begins_at: datetime, by: By, zone: ZoneInfo) -> datetime:
    """Return when the calendar week or month that began then is over."""
    day = local(begins_at, zone).date()
    after = day + timedelta(days=7) if by == "week" else (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return datetime.combine(after, time(), tzinfo=zone)
