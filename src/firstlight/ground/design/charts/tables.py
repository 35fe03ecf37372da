"""The equal tables and descriptions: every mark of a drawing is a row, and every row a mark."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firstlight.clinical.quantities import scaled
from firstlight.ground.design import clocks
from firstlight.ground.design.charts.model import Answer, ParentLine, Table
from firstlight.ground.design.charts.session_model import Reading, SessionTrend, TrendLane

Entry = tuple[datetime, str, str]


def milligrams(amount_ug: int) -> str:
    """Return the figure of an amount in mg, without trailing zeros."""
    return scaled(amount_ug, 1000)


def answer_entries(name: str, high: int, answers: Iterable[Answer]) -> Iterator[Entry]:
    """Return a row for each answer, and for each that did not come. From 0 to 1 is no scale, but no and yes."""
    missing, of_high = _("no answer"), _("%(value)s of %(high)d")
    for answer in answers:
        if answer.value is None:
            yield answer.at, name, missing
            continue
        if high == 1:
            yield answer.at, name, _("yes") if answer.value else _("no")
            continue
        value = of_high % {"value": answer.value, "high": answer.most or high}
        if answer.most:
            value = _("%(value)s, not comparable with totals out of %(high)d") % {"value": value, "high": high}
        yield answer.at, name, _stands_apart(value, answer)


def _stands_apart(value: str, answer: Answer) -> str:
    return _("%(value)s, not judged: %(why)s") % {"value": value, "why": answer.apart} if answer.apart else value


def figure_words(answer: Answer) -> str:
    """Return a value as it stands beside its mark; with what it is out of, where that is not what the scale says."""
    if answer.most is None:
        return str(answer.value)
    return _("%(value)s of %(high)d") % {"value": answer.value, "high": answer.most}


def dated(entries: Iterable[Entry], zone: ZoneInfo) -> tuple[tuple[str, ...], ...]:
    """Return the rows in the order of time, each with its day and time in the zone."""
    ordered = sorted(entries, key=lambda entry: entry[0])
    return tuple((_moment(at, zone), what, value) for at, what, value in ordered)


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{clocks.date_text(clocks.local(at, zone).date())} {clocks.time_text(at, zone)}"


def course_text(name: str, answers: Sequence[Answer]) -> str:
    """Return first and last value of a lane in words, and how many answers did not come."""
    given = [answer for answer in answers if answer.value is not None]
    missing = len(answers) - len(given)
    if not given:
        return _("%(name)s: no answers") % {"name": name}
    ends = {"name": name, "first": figure_words(given[0]), "last": figure_words(given[-1])}
    words = _("%(name)s: first %(first)s, last %(last)s") % ends
    if given[0].most != given[-1].most or given[-1].apart:
        words += _(", not comparable")
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
