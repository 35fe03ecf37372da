"""Invented facts for the living page: the course of the sketch, and the courses that are hard to draw."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from firstlight.ground.design.charts import (
    Answer,
    Chart,
    Dose,
    DoseTimeline,
    Hour,
    Limit,
    ParentLine,
    PeakLane,
    PressureLane,
    PressureRange,
    Reading,
    ReportLane,
    ScoreLane,
    SessionTrend,
    TrendLane,
    dose_timeline,
    parent_line,
    session_trend,
)

ZONE = ZoneInfo("America/New_York")
FIRST = datetime(2026, 10, 6, 15, 0, tzinfo=UTC)
DOSE_DAYS = (0, 3, 7, 10, 14, 17)
DOSES_MG = (35, 35, 35, 40, 40, 40)
PRESSURES = (
    ((118, 146), (74, 90)),
    ((116, 141), (72, 88)),
    ((121, 163), (76, 97)),
    ((117, 144), (73, 90)),
    ((115, 139), (70, 86)),
    ((118, 142), (73, 88)),
)
DISSOCIATION = (6, 5, 7, 4, 4, 3)
MOOD: tuple[tuple[int, int | None], ...] = (
    (-6, 2), (-2, 2), (1, 4), (2, 5), (3, 4), (4, 5), (6, 4), (8, 6), (9, None), (11, 6),
    (13, 5), (15, 7), (18, 7), (21, 6), (24, 7), (28, None), (31, 6), (35, 7), (40, 7),
)  # fmt: skip
PHQ9 = ((-6, 19), (7, 14), (14, 12), (28, 9), (41, 8))
THERAPY_DAYS = (-5, -3, 1, 5, 8, 12, 15, 19, 33)


def day(number: float) -> datetime:
    """Return a day of the invented course, counted from its first dose."""
    return FIRST + timedelta(days=number)


def bands() -> tuple[Limit, ...]:
    """Return two named bands of the PHQ-9."""
    return Limit(5, _("mild")), Limit(10, _("moderate"))


def course() -> DoseTimeline:
    """Return the course of the sketch: six doses, two missing answers, one session out of plan."""
    ranges = tuple(
        PressureRange(day(at), systolic, diastolic, out_of_plan=systolic[1] > 160)
        for at, (systolic, diastolic) in zip(DOSE_DAYS, PRESSURES, strict=True)
    )
    answers = tuple(Answer(day(at), value) for at, value in zip(DOSE_DAYS, DISSOCIATION, strict=True))
    mood = tuple(Answer(day(at), value) for at, value in MOOD)
    return DoseTimeline(
        title=_("PHQ-9: 19 before the first dose, 8 now."),
        subtitle=_("More change than answering differently by chance would give. 2 of 19 check-ins have no answer."),
        starts_at=day(-7),
        ends_at=day(42),
        now=day(40.4),
        zone=ZONE,
        route=_("intravenous"),
        doses=tuple(Dose(day(at), mg * 1000) for at, mg in zip(DOSE_DAYS, DOSES_MG, strict=True)),
        pressure=PressureLane(ranges, (Limit(160, _("notice")),)),
        peaks=(PeakLane(_("Dissociation"), 0, 10, answers),),
        reports=(ReportLane(_("Mood"), 0, 10, _("high is good"), mood),),
        scores=(
            ScoreLane("PHQ-9", 0, 27, _("low is good"), tuple(Answer(day(at), value) for at, value in PHQ9), bands()),
        ),
        hours=tuple(Hour(day(at), _("integration") if at > 0 else _("preparation")) for at in THERAPY_DAYS),
    )


def early_course() -> DoseTimeline:
    """Return a course before its first dose: everything is asked, nothing is given."""
    return DoseTimeline(
        title=_("No dose yet."),
        subtitle=_("PHQ-9 19 and 18 before the first dose."),
        starts_at=day(-21),
        ends_at=day(0),
        now=day(-1),
        zone=ZONE,
        route=_("intravenous"),
        pressure=PressureLane((), (Limit(160, _("notice")),)),
        peaks=(PeakLane(_("Dissociation"), 0, 10),),
        reports=(ReportLane(_("Mood"), 0, 10, _("high is good")),),
        scores=(ScoreLane("PHQ-9", 0, 27, _("low is good"), (Answer(day(-20), 19), Answer(day(-1), 18)), bands()),),
        hours=(),
    )


def year_course() -> DoseTimeline:
    """Return a year: a series, monthly doses after it, weekly scores, check-ins nearly every day."""
    dose_days = (*DOSE_DAYS, 45, 75, 105, 135, 165, 205, 245, 285, 325)
    mood = tuple(
        Answer(day(at), None if at % 23 == 0 else min(10, 3 + at // 60 + (at // 4) % 2)) for at in range(-10, 345)
    )
    scores = tuple(Answer(day(at), max(4, 20 - (at + 14) // 20 + at // 7 % 3)) for at in range(-14, 345, 14))
    ranges = tuple(
        PressureRange(day(at), (114, 150 + at % 13), (70, 88), out_of_plan=at % 13 > 10, acknowledged=at < 200)
        for at in dose_days
    )
    return DoseTimeline(
        title=_("PHQ-9: 20 before the first dose, 4 now."),
        subtitle=_("A year. Each mark becomes narrower; none is left out."),
        starts_at=day(-20),
        ends_at=day(345),
        now=day(345),
        zone=ZONE,
        route=_("intravenous"),
        doses=tuple(Dose(day(at), (35 if at < 9 else 40 if at < 100 else 42) * 1000) for at in dose_days),
        pressure=PressureLane(ranges, (Limit(160, _("notice")), Limit(180, _("stop")))),
        peaks=(PeakLane(_("Dissociation"), 0, 10, tuple(Answer(day(at), at % 7 + 2) for at in dose_days)),),
        reports=(ReportLane(_("Closeness to the baby"), 0, 10, _("high is good"), mood),),
        scores=(ScoreLane("PHQ-9", 0, 27, _("low is good"), scores, (*bands(), Limit(20, _("severe")))),),
        hours=tuple(Hour(day(at), _("integration")) for at in range(1, 340, 15)),
    )


def own_line() -> ParentLine:
    """Return the parent's line of the sketch."""
    return ParentLine(
        title=_("Lower than when you began."),
        doubt=_("Many things move this line, not only the medicine."),
        name="PHQ-9",
        low=0,
        high=27,
        direction=_("lower is better"),
        now=day(41.2),
        zone=ZONE,
        answers=tuple(Answer(day(at), value) for at, value in PHQ9),
        doses=tuple(Dose(day(at), mg * 1000) for at, mg in zip(DOSE_DAYS, DOSES_MG, strict=True)),
    )


def session() -> SessionTrend:
    """Return a session at minute 52, with one notice of each level."""
    opened = day(17)

    def at(minute: int) -> datetime:
        return opened + timedelta(minutes=minute)

    pressures = ((0, 118, 76, ""), (12, 131, 82, ""), (22, 152, 90, ""), (32, 163, 98, "act"), (42, 148, 88, ""))
    rates = ((0, 72, ""), (12, 84, ""), (22, 96, ""), (32, 118, "warn"), (42, 98, ""))
    oxygen = ((0, 98, ""), (12, 97, ""), (22, 96, ""), (32, 88, "emergency"), (42, 97, ""))
    return SessionTrend(
        title=_("Blood pressure back in plan at 11:42."),
        subtitle=_("Charted values, not a monitor."),
        opened_at=opened,
        now=at(52),
        zone=ZONE,
        started_at=at(10),
        ended_at=at(50),
        lanes=(
            TrendLane(
                _("Blood pressure"),
                _("mmHg"),
                tuple(Reading(at(minute), high, low, notice) for minute, high, low, notice in pressures),
                (Limit(160, _("notice")),),
            ),
            TrendLane(
                _("Heart rate"),
                _("beats/min"),
                tuple(Reading(at(minute), value, None, notice) for minute, value, notice in rates),
            ),
            TrendLane(
                _("Oxygen saturation"),
                "%",
                tuple(Reading(at(minute), value, None, notice) for minute, value, notice in oxygen),
                (Limit(90, _("emergency")),),
            ),
        ),
    )


def charts() -> dict[str, Chart]:
    """Return every chart of the living page by name."""
    return {
        "timeline": dose_timeline(course()),
        "early": dose_timeline(early_course()),
        "year": dose_timeline(year_course()),
        "line": parent_line(own_line()),
        "session": session_trend(session()),
    }
