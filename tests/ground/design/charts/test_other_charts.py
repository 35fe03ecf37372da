"""The parent's line, the trend of a session, the line as small as a word."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstlight.ground.design import samples
from firstlight.ground.design.charts import (
    Answer,
    Dose,
    Limit,
    ParentLine,
    PressureRange,
    Reading,
    SessionTrend,
    TrendLane,
    parent_line,
    session_trend,
    sparkline,
)
from firstlight.ground.design.charts.canvas import Canvas, number
from firstlight.ground.design.charts.letters import text_width, wrapped
from firstlight.ground.design.charts.room import Box, Spot
from firstlight.ground.design.charts.scales import TimeScale, ValueScale
from tests.ground.design.charts.facts import START, answers, moments, of_kind, often, outside, overlaps, read_back

LINES = st.builds(
    ParentLine,
    title=st.just("Lower than when you began."),
    doubt=st.just("Many things move this line, not only the medicine."),
    name=st.just("PHQ-9"),
    low=st.just(0),
    high=st.just(27),
    direction=st.just("lower is better"),
    now=st.just(START + timedelta(days=60)),
    zone=st.just(ZoneInfo("America/New_York")),
    answers=answers(60, 27),
    doses=st.lists(
        st.builds(Dose, at=moments(60), amount_ug=st.just(35_000)), max_size=12, unique_by=lambda one: one.at
    ).map(tuple),
)
READINGS = st.lists(
    st.builds(
        Reading,
        at=moments(1),
        value=st.integers(30, 250),
        second=st.none() | st.integers(20, 150),
        notice=st.sampled_from(["", "", "warn", "act", "emergency"]),
    ),
    max_size=25,
    unique_by=lambda one: one.at,
).map(tuple)
TRENDS = st.builds(
    SessionTrend,
    title=st.just("A session."),
    subtitle=st.just(""),
    opened_at=st.just(START),
    now=moments(1),
    zone=st.just(ZoneInfo("America/New_York")),
    lanes=st.tuples(
        st.builds(
            TrendLane,
            name=st.just("Blood pressure"),
            unit=st.just("mmHg"),
            readings=READINGS,
            limits=st.just((Limit(160, "notice"),)),
        ),
        st.builds(TrendLane, name=st.just("Heart rate"), unit=st.just("beats/min"), readings=READINGS),
    ),
    started_at=st.none() | st.just(START + timedelta(minutes=5)),
)


@often
@given(LINES)
def test_parent_sees_every_dose_and_every_answer_once(line: ParentLine) -> None:
    chart = parent_line(line)
    drawn = read_back(chart.svg)
    marks = sum(len(of_kind(drawn, kind)) for kind in ("m-dose", "m-ring", "m-gap"))

    assert marks == len(line.doses) + len(line.answers) == len(chart.table.rows)
    assert outside(drawn) == []
    assert overlaps(drawn) == []


@often
@given(LINES)
def test_parent_sees_the_first_and_the_last_figure(line: ParentLine) -> None:
    given_values = [one.value for one in sorted(line.answers, key=lambda one: one.at) if one.value is not None]
    texts = [one.text for one in read_back(parent_line(line).svg) if "t-bold" in one.kinds]

    assert set(texts) <= {str(value) for value in given_values[:1] + given_values[-1:]}
    assert len(texts) >= min(1, len(given_values))


def test_line_of_the_sketch_names_its_ends() -> None:
    texts = [one.text for one in read_back(parent_line(samples.own_line()).svg) if one.tag == "text"]

    assert texts == ["19", "8", "lower is better", "today", "first dose, Tue 6 Oct"]


def test_line_without_answers_says_so() -> None:
    chart = parent_line(replace(samples.own_line(), answers=(), doses=()))

    assert "No answers yet." in chart.svg
    assert chart.table.rows == ()


def test_line_before_the_first_dose_names_the_days() -> None:
    texts = [one.text for one in read_back(parent_line(replace(samples.own_line(), doses=())).svg)]

    assert "Wed 30 Sep" in texts
    assert "first dose" not in texts


def test_missing_answer_breaks_the_line_of_the_parent() -> None:
    given_values = tuple(
        Answer(START + timedelta(days=place), value) for place, value in enumerate((19, 14, None, 9, 8))
    )
    drawn = read_back(parent_line(replace(samples.own_line(), answers=given_values, doses=())).svg)

    assert [len(one.attributes["points"].split()) for one in of_kind(drawn, "m-score")] == [2, 2]


@often
@given(TRENDS)
def test_session_shows_every_charted_value(trend: SessionTrend) -> None:
    chart = session_trend(trend)
    drawn = read_back(chart.svg)
    readings = [reading for lane in trend.lanes for reading in lane.readings]
    upper = len([reading for reading in readings if reading.second is None]) + 2 * len(
        [reading for reading in readings if reading.second is not None]
    )

    assert len(of_kind(drawn, "m-dot")) == upper
    assert len(chart.table.rows) == len(readings)
    for svg in (chart.svg, chart.compact):
        assert outside(read_back(svg)) == []
        assert overlaps(read_back(svg)) == []


@often
@given(TRENDS)
def test_every_notice_has_the_shape_of_its_level(trend: SessionTrend) -> None:
    drawn = read_back(session_trend(trend).svg)
    raised = [reading.notice for lane in trend.lanes for reading in lane.readings]

    for level, kind in (("warn", "m-info"), ("act", "m-look"), ("emergency", "m-stop")):
        assert len(of_kind(drawn, kind)) == raised.count(level)


def test_figures_of_notices_are_always_written() -> None:
    texts = [one.text for one in read_back(session_trend(samples.session()).svg)]

    assert {"163/98", "118", "88", "148/88", "98", "97"} <= set(texts)


def test_session_that_has_not_started_says_so() -> None:
    texts = [one.text for one in read_back(session_trend(replace(samples.session(), started_at=None)).svg)]

    assert "not started" in texts


def test_running_infusion_counts_so_far() -> None:
    texts = [one.text for one in read_back(session_trend(replace(samples.session(), ended_at=None)).svg)]

    assert "42 min so far" in texts


def test_small_line_breaks_and_says_what_it_shows() -> None:
    svg = sparkline(
        "PHQ-9",
        [Answer(START + timedelta(days=place), value) for place, value in enumerate((19, 14, None, 8))],
        low=0,
        high=27,
    )
    drawn = read_back(svg)

    assert drawn[1].text == "PHQ-9: first 19, last 8, 1 without an answer"
    assert len(of_kind(drawn, "m-line")) == 1
    assert len(of_kind(drawn, "m-last")) == 1


@pytest.mark.parametrize("values", [(), (None,), (7,), (7, None)])
def test_small_line_of_little_is_drawn(values: tuple[int | None, ...]) -> None:
    svg = sparkline(
        "Mood", [Answer(START + timedelta(days=place), value) for place, value in enumerate(values)], low=0, high=10
    )

    assert len(of_kind(read_back(svg), "m-last")) == (1 if 7 in values else 0)


def test_range_that_runs_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="from 140 to 120 mmHg runs backwards"):
        PressureRange(START, (140, 120), (70, 80))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_place_that_is_none_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="no place"):
        number(value)


def test_scale_without_height_is_refused() -> None:
    with pytest.raises(ValueError, match="has no height"):
        ValueScale(5, 5, 100, 0)


def test_value_beyond_a_scale_stands_at_its_end() -> None:
    assert ValueScale(0, 10, 100, 0).y(12) == 0
    assert TimeScale(START, START + timedelta(days=1), 0, 100).x(datetime(2020, 1, 1, tzinfo=UTC)) == 0


def test_label_takes_the_first_free_place() -> None:
    canvas = Canvas(200, 100)
    canvas.rectangle("m-bar", Box(90, 30, 110, 60))

    assert canvas.label("35", [Spot(100, 50), Spot(100, 25)], size=13)
    assert 'y="25"' in canvas.words[0]


def test_label_without_a_place_is_left_out() -> None:
    canvas = Canvas(200, 100)
    canvas.write("taken", 80, 50, size=13)

    assert not canvas.label("35", [Spot(90, 50)], size=13, needed=True)
    assert not canvas.label("35", [Spot(199, 50)], size=13, needed=True)
    assert len(canvas.words) == 1


def test_words_are_wrapped_at_the_width() -> None:
    assert wrapped("Closeness to the baby", text_width("Closeness to the", 13), 13) == ["Closeness to the", "baby"]
    assert wrapped("Dissociation", 1, 13) == ["Dissociation"]
    assert wrapped("", 100, 13) == []
