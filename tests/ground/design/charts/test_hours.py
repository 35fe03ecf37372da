"""The hours of one dose: figures at every reading that has room, and lanes without anything that stand back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from firstlight.ground.design.charts import (
    Answer,
    Dose,
    DoseTimeline,
    Limit,
    PeakLane,
    PressureLane,
    PressureRange,
    Pulse,
    ScoreLane,
    dose_timeline,
)
from tests.ground.design.charts.facts import START, bare, of_kind, overlaps, read_back


def readings(*figures: tuple[int, int], apart_minutes: int = 20) -> PressureLane:
    """Return single readings from an hour after the start of the axis on."""
    first = START + timedelta(hours=1)
    ranges = [
        PressureRange(
            first + place * timedelta(minutes=apart_minutes), (high, high), (low, low), out_of_plan=high > 160
        )
        for place, (high, low) in enumerate(figures)
    ]
    return PressureLane(tuple(ranges), (Limit(160, "notice"),), "Limit: a source.", each=True)


def in_hours(**facts: object) -> DoseTimeline:
    """Return eight hours of a course without other facts."""
    return replace(bare(**facts), ends_at=START + timedelta(hours=8), part=True)


def test_each_reading_in_the_hours_of_a_dose_has_its_figures_at_its_marks() -> None:
    figures = ((121, 74), (148, 83), (163, 91), (152, 88), (134, 79))
    course = in_hours(pressure=readings(*figures, apart_minutes=35), pulses=(Pulse(START + timedelta(hours=1), 68),))
    chart = dose_timeline(course)

    for svg in (chart.svg, chart.compact):
        drawn = read_back(svg)
        assert overlaps(drawn) == []
        marks = [(float(one.attributes["x"]), float(one.attributes["y"])) for one in of_kind(drawn, "m-bar")]
        soft = [(float(one.attributes["x"]), float(one.attributes["y"])) for one in of_kind(drawn, "m-bar-soft")]
        for (high, low), over, under in zip(figures, marks, soft, strict=True):
            for figure, (x, y), side in ((high, over, -1), (low, under, 1)):
                (text,) = [one for one in drawn if one.tag == "text" and one.text == str(figure)]
                assert abs(float(text.attributes["x"]) - x) < 6
                assert 0 < side * (float(text.attributes["y"]) - y) < 46
    said = {lane.caption: [row[1] for row in lane.rows] for lane in chart.lanes}
    assert said["Pulse"] == ["68 a minute"]
    assert said["Blood pressure"] == [
        "121 over 74 mmHg",
        "148 over 83 mmHg",
        "163 over 91 mmHg, out of plan, acknowledged",
        "152 over 88 mmHg",
        "134 over 79 mmHg",
    ]
    assert {lane.caption: lane.note for lane in chart.lanes}["Blood pressure"] == "From: 160 notice. Limit: a source."


def test_readings_too_close_for_figures_are_all_in_the_table() -> None:
    figures = tuple((120 + place, 70 + place) for place in range(30))
    chart = dose_timeline(in_hours(pressure=readings(*figures, apart_minutes=3)))

    assert overlaps(read_back(chart.svg)) == []
    assert [row[2] for row in chart.table.rows] == [f"{high} over {low} mmHg" for high, low in figures]


def test_rating_has_its_figure_straight_over_its_bar_though_the_line_of_a_dose_passes_there() -> None:
    at = START + timedelta(hours=1)
    ratings = tuple(Answer(at + place * timedelta(minutes=15), value) for place, value in enumerate((0, 4, 7, 3, 0, 0)))
    course = in_hours(doses=(Dose(at, 35_000),), peaks=(PeakLane("Dissociation", 0, 10, ratings, each=True),))
    drawn = read_back(dose_timeline(course).svg)

    bars = [float(one.attributes["x"]) + float(one.attributes["width"]) / 2 for one in of_kind(drawn, "m-bar-soft")]
    figures = [one for one in drawn if one.tag == "text" and one.text in {"0", "4", "7", "3"} and "t-soft" in one.kinds]
    assert sorted(float(one.attributes["x"]) for one in figures) == pytest.approx(bars, abs=0.2)
    assert {one.attributes["text-anchor"] for one in figures} == {"middle"}


def test_empty_lanes_of_a_part_of_the_time_take_less_room_and_no_bands() -> None:
    lane = ScoreLane("PHQ-9", 0, 27, "low is good", (), (Limit(10, "moderate"),), recall_days=14)
    whole, part = (read_back(dose_timeline(bare(scores=(lane,), part=part)).svg) for part in (False, True))

    heights = [float(drawn[0].attributes["viewBox"].split()[3]) for drawn in (whole, part)]
    assert heights[1] <= heights[0] - 60
    assert (len(of_kind(whole, "m-limit")), of_kind(part, "m-limit")) == (1, [])


def test_total_reaches_back_over_the_days_that_it_asks_about() -> None:
    lane = ScoreLane("PHQ-9", 0, 27, "low is good", (Answer(START + timedelta(days=10), 12),), recall_days=7)
    chart = dose_timeline(bare(scores=(lane,)))
    (back,), (ring,) = (of_kind(read_back(chart.svg), kind) for kind in ("m-recall", "m-ring"))

    left, right = float(back.attributes["x1"]), float(back.attributes["x2"])
    assert right == float(ring.attributes["cx"])
    assert (right - left) / (right - 140) == pytest.approx(7 / 10, abs=0.01)
    assert {lane.caption: lane.note for lane in chart.lanes}["PHQ-9"] == "0 to 27, low is good. It asks about 7 days."
