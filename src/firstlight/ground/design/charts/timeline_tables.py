"""The dose timeline in words: every mark of the drawing is a row, in the order of time and lane by lane."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firstlight.ground.design.charts.answers import charted_words, recall_words
from firstlight.ground.design.charts.lanes import dose_figures, pulse_text, span_words
from firstlight.ground.design.charts.model import (
    AnswerRange,
    DoseTimeline,
    Happening,
    Limit,
    PeakLane,
    PressureRange,
    ReportLane,
    ScoreLane,
    Table,
)
from firstlight.ground.design.charts.rows import DayWords
from firstlight.ground.design.charts.tables import answer_entries, course_text


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: its place in time, when in words, and the value."""

    at: datetime
    when: str
    value: str


@dataclass(frozen=True, slots=True)
class LaneWords:
    """One lane in words. `note` says what its figures are held against, and what nobody may read into them."""

    name: str
    entries: tuple[Entry, ...]
    note: str = ""


def timeline_tables(course: DoseTimeline, days: DayWords) -> tuple[Table, tuple[Table, ...]]:
    """Return all marks in the order of time, and a table for each lane."""
    found = list(_lanes(course, days))
    every = sorted(((one, lane.name) for lane in found for one in lane.entries), key=lambda pair: pair[0].at)
    rows = tuple((one.when, name, one.value) for one, name in every)
    whole = Table(course.title, (_("When"), _("What"), _("Value")), rows)
    head = (_("When"), _("Value"))
    by_lane = (
        Table(lane.name, head, tuple((one.when, one.value) for one in lane.entries), lane.note) for lane in found
    )
    return whole, tuple(by_lane)


def _lanes(course: DoseTimeline, days: DayWords) -> Iterator[LaneWords]:
    doses = ((one.at, f"{dose_figures(one)}, {one.route or course.route}") for one in course.doses)
    yield LaneWords(_("Dose"), _timed(doses, days))
    if course.pressure:
        ranges = ((one.at, pressure_text(one)) for one in course.pressure.ranges)
        note = " ".join(part for part in (_limits_text(course.pressure.limits), course.pressure.basis) if part)
        yield LaneWords(_("Blood pressure"), _timed(ranges, days), note)
    if course.pulses:
        yield LaneWords(_("Pulse"), _timed(((one.at, pulse_text(one)) for one in course.pulses), days))
    for lane in course.asked:
        answers = ((at, value) for at, _name, value in answer_entries(lane.name, lane.high, lane.answers))
        entries = (*_timed(answers, days), *(_report_entries(lane, days) if isinstance(lane, ReportLane) else ()))
        yield LaneWords(lane.name, entries, _note(lane) if isinstance(lane, ReportLane | ScoreLane) else "")
    if course.hours is not None:
        yield LaneWords(_("Therapy"), _timed(((one.at, one.kind) for one in course.hours), days))
    for other in course.happenings:
        yield LaneWords(other.name, tuple(_happening_entry(one, days) for one in other.happenings))


def _report_entries(lane: ReportLane, days: DayWords) -> Iterator[Entry]:
    """Yield what staff asked aloud, and what came of each week or month."""
    said = answer_entries(lane.name, lane.high, lane.charted)
    yield from _timed(((at, f"{value}, {charted_words()}") for at, _name, value in said), days)
    yield from (_range_entry(one, lane.high, days) for one in lane.ranges)


def _timed(facts: Iterable[tuple[datetime, str]], days: DayWords) -> tuple[Entry, ...]:
    return tuple(Entry(at, days.moment(at), value) for at, value in facts)


def _range_entry(one: AnswerRange, high: int, days: DayWords) -> Entry:
    when = _("%(first)s to %(last)s") % {"first": days.of(one.at), "last": days.of(one.until - timedelta(seconds=1))}
    asked = one.answered + one.unanswered
    counted = {"answered": one.answered, "asked": asked}
    if one.low is None or one.high is None:
        return Entry(one.at, when, ngettext("no answer", "no answer, %(asked)d times asked", asked) % counted)
    of_all = ngettext("%(answered)d of %(asked)d answered", "%(answered)d of %(asked)d answered", asked) % counted
    value = _("%(value)s of %(high)d") % {"value": span_words(one.low, one.high), "high": high}
    if one.charted:
        of_all += ngettext(", %(n)d charted by staff", ", %(n)d charted by staff", one.charted) % {"n": one.charted}
    return Entry(one.at, when, f"{value}, {of_all}")


def _happening_entry(one: Happening, days: DayWords) -> Entry:
    when = days.of(one.at) if one.dated else days.moment(one.at)
    if one.until is not None:
        when = _("%(first)s to %(last)s") % {"first": when, "last": days.moment(one.until)}
    return Entry(one.at, when, one.words or one.name)


def pressure_text(one: PressureRange) -> str:
    """Return a session's range in words: 118–163 over 70–98 mmHg, out of plan, acknowledged."""
    figures = {"systolic": span_words(*one.systolic), "diastolic": span_words(*one.diastolic)}
    words = _("%(systolic)s over %(diastolic)s mmHg") % figures
    if not one.out_of_plan:
        return words
    seen = _("out of plan, acknowledged") if one.acknowledged else _("out of plan, not acknowledged")
    return f"{words}, {seen}"


def _note(lane: ReportLane | ScoreLane) -> str:
    scale = _("%(low)d to %(high)d, %(way)s.") % {"low": lane.low, "high": lane.high, "way": lane.direction}
    parts = [scale, lane.caution]
    if isinstance(lane, ScoreLane):
        asks = _("It %(asks)s.") % {"asks": recall_words(lane)} if lane.recall_days else ""
        parts = [scale, asks, _limits_text(lane.bands), lane.basis, other_text(lane), lane.caution]
    return " ".join(part for part in parts if part)


def other_text(lane: ScoreLane) -> str:
    """Return what totals out of less are, where there are some: compared with no other, and in no band."""
    if not lane.other_most:
        return ""
    said = {"most": ", ".join(str(most) for most in lane.other_most), "high": lane.high}
    return _("Out of %(most)s where an item does not apply: not comparable with totals out of %(high)d.") % said


def _limits_text(limits: Iterable[Limit]) -> str:
    named = ", ".join(limit.words for limit in limits)
    return _("From: %(limits)s.") % {"limits": named} if named else ""


def timeline_text(course: DoseTimeline) -> str:
    """Return the course in words, for those who do not see the drawing."""
    count = len(course.doses)
    doses = ngettext("%(count)d dose", "%(count)d doses", count) % {"count": count} if count else _("No dose yet")
    parts = [doses, *_charted_parts(course), *(_lane_text(lane) for lane in course.asked), *_happened_parts(course)]
    parts.append(_("The table below holds every value."))
    return ". ".join(part.rstrip(".") for part in parts) + "."


def _charted_parts(course: DoseTimeline) -> Iterator[str]:
    ranges = course.pressure.ranges if course.pressure else ()
    if ranges:
        systolic, diastolic = [one.systolic for one in ranges], [one.diastolic for one in ranges]
        figures = {"systolic": _whole_span(systolic), "diastolic": _whole_span(diastolic)}
        words = _("Blood pressure: %(systolic)s over %(diastolic)s mmHg") % figures
        left = sum(one.out_of_plan for one in ranges)
        out = ngettext(", %(count)d time out of plan", ", %(count)d times out of plan", left) % {"count": left}
        yield words + (out if left else "")
    if course.pulses:
        rates = [one.rate for one in course.pulses]
        yield _("Pulse: %(rates)s a minute") % {"rates": span_words(min(rates), max(rates))}


def _whole_span(pairs: Sequence[tuple[int, int]]) -> str:
    return span_words(min(low for low, _high in pairs), max(high for _low, high in pairs))


def _happened_parts(course: DoseTimeline) -> Iterator[str]:
    """Yield how often something happened, lane by lane; what it was stands in the table."""
    counted = [(_("Therapy"), len(course.hours or ()))]
    counted += [(lane.name, len(lane.happenings)) for lane in course.happenings]
    yield from (
        _("%(name)s: %(count)d on this axis") % {"name": name, "count": count} for name, count in counted if count
    )


def _lane_text(lane: PeakLane | ReportLane | ScoreLane) -> str:
    ranges = lane.ranges if isinstance(lane, ReportLane) else ()
    lows, highs = (
        [one.low for one in ranges if one.low is not None],
        [one.high for one in ranges if one.high is not None],
    )
    if not lows:
        return course_text(lane.name, lane.answers) + _charted_text(lane)
    ends = {"name": lane.name, "low": min(lows), "high": max(highs)}
    return _("%(name)s: from %(low)d to %(high)d") % ends


def _charted_text(lane: PeakLane | ReportLane | ScoreLane) -> str:
    """Return in words what staff asked aloud in a lane: first and last of it, and how often."""
    charted = lane.charted if isinstance(lane, ReportLane) else ()
    if not charted:
        return ""
    count = len(charted)
    said = ngettext(
        "; %(count)d asked and charted by staff, %(first)s",
        "; %(count)d asked and charted by staff, first %(first)s, last %(last)s",
        count,
    )
    return said % {"count": count, "first": charted[0].value, "last": charted[-1].value}
