"""Lanes of what the parent answered: her own reports, and validated scores over their bands."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firstlight.ground.design import clocks
from firstlight.ground.design.charts.lanes import span_words
from firstlight.ground.design.charts.model import Answer, AnswerRange, ReportLane, ScoreLane
from firstlight.ground.design.charts.room import Box, Spot
from firstlight.ground.design.charts.rows import Row, around, notable
from firstlight.ground.design.charts.scales import TimeScale, ValueScale, fitted, narrowest, unbroken
from firstlight.ground.design.charts.shapes import square, star
from firstlight.ground.design.charts.tables import figure_words

RECALL_ROOM = 24


def draw_report(row: Row, *, lane: ReportLane, now: datetime) -> None:
    """Draw the parent's own answers as a thin line that breaks where an answer is missing, and name the last one."""
    row.name(lane.name, _("%(low)d–%(high)d, %(way)s") % {"low": lane.low, "high": lane.high, "way": lane.direction})
    row.caution(lane.caution)
    values = ValueScale(lane.low, lane.high, row.floor - 16, row.top + 20)
    if lane.ranges:
        return _draw_ranges(row, lane.ranges, values)
    if not (lane.answers or lane.charted):
        return row.nothing(_("no answers yet"))
    _draw_charted(row, lane.charted, values)
    dot = fitted(narrowest([row.scale.x(answer.at) for answer in lane.answers], 8) / 2, 1, 3)
    for run in unbroken(lane.answers):
        points = [(row.scale.x(at), values.y(value)) for at, value in run]
        row.canvas.polyline("m-line", points)
        for x, y in points:
            row.canvas.circle("m-dot", x, y, dot)
    for x in row.missing(lane.answers)[:1]:
        spots = [Spot(x + 10, row.floor - 4, "start"), Spot(x - 10, row.floor - 4, "end")]
        row.figure(_("no answer"), spots, kind="t-soft t-halo")
    if (last := _last(lane)) is not None and last.value is not None:
        y = values.y(last.value) + row.size / 3
        row.canvas.write(last_words(lane, now, row.zone), row.scale.right + 8, y, size=row.size, bold=True)
    return None


def last_words(lane: ReportLane, now: datetime, zone: ZoneInfo) -> str:
    """Return the last answer and its day, as in 7 today; nothing where no answer came."""
    last = _last(lane)
    return f"{last.value} {clocks.day_text(last.at, now, zone)}" if last else ""


def _last(lane: ReportLane) -> Answer | None:
    """Return the last answer that came, whoever wrote it down."""
    given = [answer for answer in (*lane.answers, *lane.charted) if answer.value is not None]
    return max(given, key=lambda answer: answer.at, default=None)


def _draw_charted(row: Row, charted: Sequence[Answer], values: ValueScale) -> None:
    """Draw what staff asked aloud as open circles: it is about one moment, so no line joins it to the days."""
    ring = fitted(narrowest([row.scale.x(answer.at) for answer in charted], 8) / 2, 2, 4)
    for answer in charted:
        if answer.value is not None:
            x, y = row.scale.x(answer.at), values.y(answer.value)
            title = f"{row.day(answer.at)}, {answer.value}, {charted_words()}"
            row.canvas.circle("m-charted", x, y, ring, title=title)


def charted_words() -> str:
    """Return who wrote an answer down, where it was not the parent."""
    return _("asked and charted by staff")


def draw_score(row: Row, *, lane: ScoreLane) -> None:
    """Draw a validated score as a strong line with open circles and figures, over its named bands."""
    scale = _("%(low)d–%(high)d, %(way)s") % {"low": lane.low, "high": lane.high, "way": lane.direction}
    row.name(lane.name, f"{scale}, {recall_words(lane)}" if lane.recall_days else scale, first=row.size + 7)
    if row.part and not lane.answers:
        return row.nothing(_("not asked yet"))
    row.caution(lane.caution)
    values = ValueScale(lane.low, lane.high, row.floor - 12, row.top + 20)
    row.limits(lane.bands, values)
    if not lane.answers:
        return row.nothing(_("not asked yet"))
    _draw_recall(row, lane, values)
    ring = fitted(narrowest([row.scale.x(answer.at) for answer in lane.answers], 20) / 2, 2, 5)
    for run in unbroken(lane.answers):
        row.canvas.polyline("m-score", [(row.scale.x(at), values.y(value)) for at, value in run])
    given = [(answer, answer.value) for answer in lane.answers if answer.value is not None]
    for answer, value in given:
        x, y, title = row.scale.x(answer.at), values.y(value), titled(row.day(answer.at), answer)
        if answer.most or answer.apart:
            row.canvas.path("m-other", star(x, y, ring * 4), title=title)
        else:
            row.canvas.circle("m-ring", x, y, ring, title=title)
    row.missing(lane.answers)
    for order, place in enumerate(notable([value for _answer, value in given])):
        answer, value = given[place]
        starred = bool(answer.most or answer.apart)  # a star is larger than a ring, and says nothing without its figure
        spots = around(row.scale.x(answer.at), values.y(value), row.size + ring if starred else row.size)
        row.figure(figure_words(answer), spots, bold=True, needed=order < 2 or starred)
    return None


def recall_words(lane: ScoreLane) -> str:
    """Return how far back a score asks."""
    days = lane.recall_days or 0
    return ngettext("asks about %(days)d day", "asks about %(days)d days", days) % {"days": days}


def shows_recall(lane: ScoreLane, scale: TimeScale) -> bool:
    """Tell whether the days that totals of a lane ask about have room on an axis."""
    room = scale.width_of(timedelta(days=lane.recall_days or 0))
    return room >= RECALL_ROOM and any(answer.value is not None for answer in lane.answers)


def _draw_recall(row: Row, lane: ScoreLane, values: ValueScale) -> None:
    """Draw from each total back over the days that it asks about, where they have room."""
    if not shows_recall(lane, row.scale):
        return
    back = timedelta(days=lane.recall_days or 0)
    for answer in lane.answers:
        if answer.value is not None:
            y = values.y(answer.value)
            row.canvas.line("m-recall", (row.scale.x(answer.at - back), y), (row.scale.x(answer.at), y))


def titled(day: str, answer: Answer) -> str:
    """Return what is said of one mark: its day, its figure, and why it stands apart."""
    return ", ".join(part for part in (day, figure_words(answer), answer.apart) if part)


def _draw_ranges(row: Row, ranges: Sequence[AnswerRange], values: ValueScale) -> None:
    """Draw a box from the lowest to the highest answer of each week or month; no line joins them."""
    width = fitted(narrowest([row.scale.x(one.at) for one in ranges], 14), 2, 12)
    for one in ranges:
        x = row.scale.x(one.at + (one.until - one.at) / 2)
        if one.low is None or one.high is None:
            row.canvas.rectangle("m-gap", square(x, row.floor, width, 8), title=f"{row.day(one.at)}, {_('no answer')}")
            continue
        top, bottom = min(values.y(one.high), values.y(one.low) - 3), values.y(one.low)
        title = f"{row.day(one.at)}, {span_words(one.low, one.high)}"
        row.canvas.rectangle("m-range", Box(x - width / 2, top, x + width / 2, bottom), title=title)
        if one.unanswered:
            row.canvas.rectangle("m-few", square(x, row.floor, width, 4))
    last = next((one for one in reversed(ranges) if one.low is not None and one.high is not None), None)
    if last is not None and last.low is not None and last.high is not None:
        y = values.y((last.low + last.high) / 2) + row.size / 3
        row.canvas.write(span_words(last.low, last.high), row.scale.right + 8, y, size=row.size, bold=True)
