"""The forecast of a dose, drawn: nothing outside, no text over another, and the table says the same."""

import math
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstlight.ground.design.charts import (
    Expected,
    FeedLane,
    ForecastChart,
    LevelLane,
    Limit,
    Span,
    WindowLane,
    figure_text,
    forecast_chart,
)
from tests.ground.design.charts.facts import START, ZONE, of_kind, often, outside, overlaps, read_back, text_boxes

WORDS = "17 min to 2 h 20 min: as studied. Before and after, under 50 ng/mL: illustrative"


def levels(peak: float, peak_min: int, until_min: int) -> LevelLane:
    """Rise in a straight line to a peak, then fall by half each hour."""
    values = [
        peak * minute / peak_min if minute <= peak_min else peak * 0.5 ** ((minute - peak_min) / 60)
        for minute in range(until_min + 1)
    ]
    drawn = (
        Expected(minute, value, value * 0.7, value * 1.3, minute % 60 == 0 or minute == peak_min)
        for minute, value in enumerate(values)
    )
    return LevelLane(
        name="Ketamine in plasma",
        detail="ng/mL, venous. Line: middle; outlines: 5 and 95 of 100",
        unit="ng/mL",
        peak_words=f"{figure_text(peak)} ng/mL at {peak_min} min",
        band_words="5 to 95 of 100 people: 115 to 201",
        levels=tuple(drawn),
        peak_min=peak_min,
        limits=(Limit(50, "studied from"), Limit(200, "studied to")),
    )


@st.composite
def forecasts(draw: st.DrawFn) -> ForecastChart:
    """Return forecasts of short and long infusions, low and high, with windows that end anywhere."""
    peak_min = draw(st.integers(1, 240))
    until_min = draw(st.integers(max(60, peak_min + 10), 1440))
    window = st.tuples(st.integers(0, until_min), st.integers(0, until_min)).map(lambda two: Span(min(two), max(two)))
    lanes = st.builds(
        WindowLane,
        name=st.just("Dissociation"),
        detail=st.just("the typical person"),
        words=st.sampled_from([WORDS, "may be raised until 2 h 10 min, most at about 40 min"]),
        window=st.none() | window,
        doubtful=st.none() | window,
        peak_min=st.none() | st.integers(0, until_min),
    )
    return ForecastChart(
        title="A sentence of fact.",
        subtitle="Expected, not charted.",
        started_at=START,
        until_min=until_min,
        infusions=(Span(0, peak_min / 2), Span(peak_min * 0.75, peak_min)),
        infusion_words="35 mg, ends at 40 min",
        levels=levels(draw(st.floats(0.01, 900)), peak_min, until_min),
        windows=tuple(draw(st.lists(lanes, max_size=2))),
        zone=draw(st.sampled_from([None, ZONE])),
        now=draw(st.none() | st.integers(0, until_min).map(lambda minute: START + timedelta(minutes=minute))),
    )


@often
@given(forecasts())
def test_forecast_is_readable_and_the_table_is_equal(chart: ForecastChart) -> None:
    drawn = forecast_chart(chart)

    for svg in (drawn.svg, drawn.compact):
        parts = read_back(svg)
        assert outside(parts) == []
        assert overlaps(parts) == []
        assert len(of_kind(parts, "m-band")) == 2
        assert len(of_kind(parts, "m-infusion")) == 2
    shown = sum(level.shown for level in chart.levels.levels) if chart.levels else 0
    doubts = sum(lane.doubtful is not None for lane in chart.windows)
    assert len(drawn.table.rows) == shown + len(chart.windows) + doubts + 2


@often
@given(st.lists(st.tuples(st.floats(0.3, 24), st.floats(0, 500)), min_size=1, max_size=8, unique_by=lambda one: one[0]))
def test_milk_is_a_ring_and_a_bar_at_each_feed(feeds: list[tuple[float, float]]) -> None:
    drawn = tuple(Expected(60 * at, value, value * 0.7, value * 1.8, shown=True) for at, value in sorted(feeds))
    lane = FeedLane("Ketamine in milk", "mcg/L, at each feed", "mcg/L", drawn)
    chart = forecast_chart(
        ForecastChart("Milk.", "", started_at=START, until_min=60 * math.ceil(drawn[-1].at_min / 60 + 0.5), milk=lane)
    )

    for svg in (chart.svg, chart.compact):
        parts = read_back(svg)
        assert outside(parts) == []
        assert overlaps(parts) == []
        assert len(of_kind(parts, "m-ring")) == len(of_kind(parts, "m-bar-soft")) == len(feeds)
    assert len(chart.table.rows) == len(feeds)


def twice(gap_min: int) -> ForecastChart:
    """Return the same dose twice, the second somewhat higher."""
    once = levels(150, 40, gap_min - 1).levels
    again = [replace(one, at_min=one.at_min + gap_min, value=one.value * 1.1) for one in levels(150, 40, 200).levels]
    lane = replace(
        levels(150, 40, 10), levels=(*once, *again), peak_min=gap_min + 40, peak_words="165 ng/mL at the second"
    )
    spans = (Span(0, 40), Span(gap_min, gap_min + 40))
    return ForecastChart("Twice.", "", START, gap_min + 200, spans, "70 mg in all", lane)


@pytest.mark.parametrize("gap_min", [240, 720, 1440, 2880])
def test_words_of_the_highest_level_stand_beside_it_and_not_over_another_session(gap_min: int) -> None:
    chart = forecast_chart(twice(gap_min))

    for svg in (chart.svg, chart.compact):
        parts = read_back(svg)
        assert overlaps(parts) == []
        (ring,) = of_kind(parts, "m-ring")
        peak_x, boxes = float(ring.attributes["cx"]), dict(text_boxes(parts))
        words = boxes["165 ng/mL at the second"]
        assert min(abs(words.left - peak_x), abs(words.right - peak_x)) < 120
        assert "150" in boxes  # the other session's highest level


def test_words_of_the_first_of_many_sessions_stand_beside_it_where_no_place_is_free() -> None:
    sessions = [
        replace(one, at_min=one.at_min + 2880 * number)
        for number in range(4)
        for one in levels(150, 40, 2879 if number < 3 else 200).levels
    ]
    lane = replace(levels(150, 40, 10), levels=tuple(sessions), peak_min=40, peak_words="150 ng/mL at the first")
    drawn = forecast_chart(ForecastChart("Often.", "", START, 3 * 2880 + 200, (Span(0, 40),), "140 mg in all", lane))

    parts = read_back(drawn.svg)
    (ring,) = of_kind(parts, "m-ring")
    words = dict(text_boxes(parts))["150 ng/mL at the first"]
    assert overlaps(parts) == []
    assert abs(words.left - float(ring.attributes["cx"])) < 40


@pytest.mark.parametrize("gap_min", [1440, 2160, 2880, 5760])
def test_axis_never_names_two_places_alike(gap_min: int) -> None:
    texts = [text for text, _box in text_boxes(read_back(forecast_chart(twice(gap_min)).svg))]
    labels = [text for text in texts if text.endswith((" h", "day", "days"))]

    assert len(labels) == len(set(labels))


def test_axis_counts_from_the_start_or_shows_the_clock() -> None:
    chart = ForecastChart("Levels.", "", START, 240, levels=levels(158, 40, 240))
    counted, clocked = (
        [one.text for one in read_back(forecast_chart(one).svg)] for one in (chart, replace(chart, zone=ZONE))
    )

    assert {"start", "1 h", "4 h"} <= set(counted)
    assert {"10:00", "11:00", "14:00"} <= set(clocked)
    assert forecast_chart(chart).table.rows[0] == ("start", "Ketamine in plasma", "0 (0 to 0) ng/mL")


def test_figures_have_no_zero_at_their_end_and_no_more_digits_than_they_are_worth() -> None:
    figures = (158.4, 10, 9.96, 9.42, 5.04, 0.996, 0.412, 0.30, 0.0049, 0)

    assert [figure_text(one) for one in figures] == [
        "158",
        "10",
        "10",
        "9.4",
        "5",
        "1",
        "0.41",
        "0.3",
        "under 0.01",
        "0",
    ]
