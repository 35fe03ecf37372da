"""The equal tables and descriptions: every mark of a drawing is a row, and every row a mark."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firstlight.clinical.quantities import scaled
from firstlight.ground.design import clocks
from firstlight.ground.design.charts.model import (
    Answer,
    DoseTimeline,
    ParentLine,
    PressureRange,
    Reading,
    SessionTrend,
    Table,
    TrendLane,
)

Entry = tuple[datetime, str, str]


def timeline_table(course: DoseTimeline) -> Table:
    """Return one row for each mark of a dose timeline, in the order of time."""
    entries: list[Entry] = [
        (
            dose.at,
            _("Dose"),
            _("%(amount)s mg, %(route)s") % {"amount": milligrams(dose.amount_ug), "route": course.route},
        )
        for dose in course.doses
    ]
    if course.pressure:
        entries += [(one.at, _("Blood pressure"), pressure_text(one)) for one in course.pressure.ranges]
    for lane in course.asked:
        entries += answer_entries(lane.name, lane.high, lane.answers)
    entries += [(hour.at, _("Therapy"), hour.kind) for hour in course.hours or ()]
    return Table(course.title, (_("When"), _("What"), _("Value")), dated(entries, course.zone))


def milligrams(amount_ug: int) -> str:
    """Return the figure of an amount in mg, without trailing zeros."""
    return scaled(amount_ug, 1000)


def pressure_text(one: PressureRange) -> str:
    """Return a session's range in words: 118–163 over 70–98 mmHg, out of plan, acknowledged."""
    (low, high), (under, over) = one.systolic, one.diastolic
    words = _("%(systolic)s over %(diastolic)s mmHg") % {"systolic": f"{low}–{high}", "diastolic": f"{under}–{over}"}
    if not one.out_of_plan:
        return words
    seen = _("out of plan, acknowledged") if one.acknowledged else _("out of plan, not acknowledged")
    return f"{words}, {seen}"


def answer_entries(name: str, high: int, answers: Iterable[Answer]) -> Iterator[Entry]:
    """Return a row for each answer, and for each that did not come."""
    for answer in answers:
        if answer.value is None:
            yield answer.at, name, _("no answer")
        else:
            yield answer.at, name, _("%(value)d of %(high)d") % {"value": answer.value, "high": high}


def dated(entries: Iterable[Entry], zone: ZoneInfo) -> tuple[tuple[str, ...], ...]:
    """Return the rows in the order of time, each with its day and time in the zone."""
    ordered = sorted(entries, key=lambda entry: entry[0])
    return tuple((_moment(at, zone), what, value) for at, what, value in ordered)


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{clocks.date_text(clocks.local(at, zone).date())} {clocks.time_text(at, zone)}"


def timeline_text(course: DoseTimeline) -> str:
    """Return the course in words, for those who do not see the drawing."""
    count = len(course.doses)
    doses = ngettext("%(count)d dose", "%(count)d doses", count) % {"count": count} if count else _("No dose yet")
    parts = [doses, *(course_text(lane.name, lane.answers) for lane in course.asked)]
    parts.append(_("The table below holds every value."))
    return ". ".join(part.rstrip(".") for part in parts) + "."


def course_text(name: str, answers: Sequence[Answer]) -> str:
    """Return first and last value of a lane in words, and how many answers did not come."""
    given = [answer.value for answer in answers if answer.value is not None]
    missing = len(answers) - len(given)
    if not given:
        return _("%(name)s: no answers") % {"name": name}
    words = _("%(name)s: first %(first)d, last %(last)d") % {"name": name, "first": given[0], "last": given[-1]}
    if missing:
        words += ngettext(", %(count)d without an answer", ", %(count)d without an answer", missing) % {
            "count": missing
        }
    return words


def parent_table(line: ParentLine) -> Table:
    """Return one row for each mark of a parent's line."""
    entries: list[Entry] = [
        (dose.at, _("Dose"), _("%(amount)s mg") % {"amount": milligrams(dose.amount_ug)}) for dose in line.doses
    ]
    entries += answer_entries(line.name, line.high, line.answers)
    return Table(line.title, (_("When"), _("What"), _("Value")), dated(entries, line.zone))


def session_table(trend: SessionTrend) -> Table:
    """Return one row for each charted value of a session."""
    entries = [
        (reading.at, lane.name, reading_text(lane, reading)) for lane in trend.lanes for reading in lane.readings
    ]
    return Table(trend.title, (_("When"), _("What"), _("Value")), dated(entries, trend.zone))


def reading_text(lane: TrendLane, reading: Reading) -> str:
    """Return a charted value with its unit and, where one was raised, its notice."""
    levels = {"": "", "warn": _("check"), "act": _("act now"), "emergency": _("emergency")}
    level = levels[reading.notice]
    return f"{reading.figure} {lane.unit}" + (f", {level}" if level else "")
