"""Courses to draw: generated ones, and what a drawing says when it is read back."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

from hypothesis import settings
from hypothesis import strategies as st

from firstlight.ground.design import samples
from firstlight.ground.design.charts import (
    Answer,
    AnswerRange,
    Dose,
    DoseTimeline,
    Happening,
    HappeningLane,
    Hour,
    Limit,
    PeakLane,
    PressureLane,
    PressureRange,
    Pulse,
    ReportLane,
    ScoreLane,
    Zero,
)
from firstlight.ground.design.charts.room import Box, text_box
from tests.support import scale

# A drawing takes tens of milliseconds: four hundred of each property are a full run.
often = settings(max_examples=scale.count(reduced=25, full=400))
ZONE = ZoneInfo("America/New_York")
START = datetime(2026, 1, 5, 15, 0, tzinfo=UTC)
NAMESPACE = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Drawn:
    """One element of a drawing."""

    tag: str
    kinds: frozenset[str]
    attributes: dict[str, str]
    text: str


def read_back(svg: str) -> list[Drawn]:
    """Return the elements of a drawing; markup that is not well formed fails here."""
    return [
        Drawn(
            element.tag.removeprefix(NAMESPACE),
            frozenset(element.get("class", "").split()),
            dict(element.attrib),
            (element.text or "").strip(),
        )
        for element in ET.fromstring(svg).iter()
    ]


def of_kind(drawn: Sequence[Drawn], kind: str) -> list[Drawn]:
    """Return the marks of a kind, the key under the drawing left out."""
    return [one for one in drawn if kind in one.kinds and "m-key" not in one.kinds]


def text_boxes(drawn: Sequence[Drawn]) -> list[tuple[str, Box]]:
    """Return every text with the room that it may take."""
    return [
        (
            one.text,
            text_box(
                one.text,
                float(one.attributes["x"]),
                float(one.attributes["y"]),
                size=float(one.attributes["font-size"]),
                anchor=one.attributes.get("text-anchor", "start"),
                bold="t-bold" in one.kinds,
            ),
        )
        for one in drawn
        if one.tag == "text"
    ]


def overlaps(drawn: Sequence[Drawn]) -> list[tuple[str, str]]:
    """Return the pairs of texts that cover each other."""
    boxes = text_boxes(drawn)
    return [
        (text, other_text)
        for place, (text, box) in enumerate(boxes)
        for other_text, other in boxes[place + 1 :]
        if box.meets(other)
    ]


def outside(drawn: Sequence[Drawn]) -> list[str]:
    """Return the texts that leave the drawing."""
    _, _, width, height = (float(part) for part in drawn[0].attributes["viewBox"].split())
    return [text for text, box in text_boxes(drawn) if not box.within(Box(0, 0, width + 0.1, height + 0.1))]


def numbers(svg: str) -> list[str]:
    """Return every coordinate as it is written."""
    return re.findall(r' (?:x|y|x1|x2|y1|y2|cx|cy|r|rx|width|height|points|d)="([^"]*)"', svg)


def moments(days: int) -> st.SearchStrategy[datetime]:
    """Return moments of a course, to the minute."""
    return st.integers(0, days * 24 * 60).map(lambda minute: START + timedelta(minutes=minute))


def answers(days: int, high: int, most: int = 40) -> st.SearchStrategy[tuple[Answer, ...]]:
    """Return asked values, some without an answer."""
    one = st.builds(Answer, at=moments(days), value=st.none() | st.integers(0, high))
    return st.lists(one, max_size=most, unique_by=lambda answer: answer.at).map(tuple)


def charted(days: int) -> st.SearchStrategy[tuple[Answer, ...]]:
    """Return what staff asked aloud: nothing stands for what was not answered."""
    one = st.builds(Answer, at=moments(days), value=st.integers(0, 10))
    return st.lists(one, max_size=12, unique_by=lambda answer: answer.at).map(tuple)


def pressures(days: int) -> st.SearchStrategy[tuple[PressureRange, ...]]:
    """Return pressure ranges of any height, in and out of plan."""
    pair = st.tuples(st.integers(40, 230), st.integers(40, 230)).map(lambda two: (min(two), max(two)))
    one = st.builds(
        PressureRange,
        at=moments(days),
        systolic=pair,
        diastolic=pair,
        out_of_plan=st.booleans(),
        acknowledged=st.booleans(),
    )
    return st.lists(one, max_size=20, unique_by=lambda each: each.at).map(tuple)


def readings(days: int) -> st.SearchStrategy[tuple[PressureRange, ...]]:
    """Return single readings, as the hours of a dose show them."""
    return pressures(days).map(
        lambda found: tuple(
            replace(one, systolic=(one.systolic[1],) * 2, diastolic=(one.diastolic[0],) * 2) for one in found
        )
    )


def pulses(days: int) -> st.SearchStrategy[tuple[Pulse, ...]]:
    """Return charted pulses."""
    one = st.builds(Pulse, at=moments(days), rate=st.integers(30, 180))
    return st.lists(one, max_size=20, unique_by=lambda each: each.at).map(tuple)


def ranges(days: int, high: int) -> st.SearchStrategy[tuple[AnswerRange, ...]]:
    """Return what came of each week of a course: nothing asked, nothing answered, some, all."""

    def week(number: int, values: list[int | None]) -> AnswerRange:
        at = START + timedelta(weeks=number)
        said = [value for value in values if value is not None]
        low, high_said = (min(said), max(said)) if said else (None, None)
        return AnswerRange(at, at + timedelta(weeks=1), len(said), len(values) - len(said), low, high_said)

    one = st.lists(st.none() | st.integers(0, high), min_size=1, max_size=7)
    weeks = st.lists(one, max_size=days // 7)
    return weeks.map(lambda found: tuple(week(number, values) for number, values in enumerate(found)))


def happenings(days: int) -> st.SearchStrategy[tuple[Happening, ...]]:
    """Return things that happened, some of which lasted."""
    name = st.sampled_from(
        ["Moved house", "Paused", "Agreement taken back", "a medicine with a very long name on the list"]
    )
    mark = st.sampled_from(["pin", "agreed", "stop", "plain", "unasked"])
    point = st.builds(Happening, at=moments(days), name=name, mark=mark, dated=st.booleans())
    span = st.builds(
        lambda at, hours: Happening(at, "Paused", "", "pause", at + timedelta(hours=hours)),
        moments(days),
        st.integers(0, 24 * 90),
    )
    return st.lists(point | span, max_size=12, unique_by=lambda one: one.at).map(tuple)


@st.composite
def courses(draw: st.DrawFn) -> DoseTimeline:
    """Return courses of a day to a year: close doses, one dose, none; every lane full, thin or empty."""
    days = draw(st.sampled_from([1, 7, 49, 365]))
    caution = st.sampled_from(["", "As measured: no trial shows that ketamine changes this."])
    per_kg = st.none() | st.integers(1, 200).map(lambda share: share * 10)
    dose = st.builds(Dose, at=moments(days), amount_ug=st.integers(500, 200_000), ug_per_kg=per_kg)
    limits = (Limit(160, "notice"),)
    each = draw(st.booleans())
    recall = st.none() | st.integers(1, 30)
    hour = st.builds(Hour, at=moments(days), kind=st.just("integration"))
    return DoseTimeline(
        title="A sentence of fact.",
        subtitle="",
        starts_at=START,
        ends_at=START + timedelta(days=days),
        now=START + timedelta(days=days),
        zone=ZONE,
        route="intravenous",
        doses=draw(st.lists(dose, max_size=24, unique_by=lambda one: one.at).map(tuple)),
        pressure=PressureLane(draw(readings(days) if each else pressures(days)), limits, each=each),
        pulses=draw(pulses(days)) if each else (),
        peaks=(PeakLane("Dissociation", 0, 10, draw(answers(days, 10, 20))),),
        reports=(
            ReportLane("Mood", 0, 10, "high is good", draw(answers(days, 10)), charted=draw(charted(days))),
            ReportLane("Sleep", 0, 10, "high is good", ranges=draw(ranges(days, 10)), caution=draw(caution)),
        ),
        scores=(
            ScoreLane(
                "PHQ-9",
                0,
                27,
                "low is good",
                draw(answers(days, 27)),
                (Limit(5, "mild"), Limit(10, "moderate")),
                recall_days=draw(recall),
            ),
        ),
        hours=draw(st.lists(hour, max_size=20, unique_by=lambda one: one.at).map(tuple)),
        happenings=(HappeningLane("Life", "noted here", "nothing noted", draw(happenings(days))),),
        zero=draw(st.none() | st.builds(Zero, at=moments(days), name=st.just("dose 2"))),
        part=draw(st.booleans()),
    )


def bare(**facts: object) -> DoseTimeline:
    """Return a course of two weeks without facts."""
    course = replace(
        samples.course(), starts_at=START, ends_at=START + timedelta(days=14), now=START + timedelta(days=14)
    )
    course = replace(course, doses=(), pressure=None, peaks=(), reports=(), scores=(), hours=None)
    return replace(course, **facts)  # type: ignore[arg-type]  # facts of a course, by name
