"""The dose timeline draws every fact once, invents none, and stays readable."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from firstlight.ground.design import samples
from firstlight.ground.design.charts import (
    Answer,
    AnswerRange,
    Dose,
    DoseTimeline,
    Happening,
    HappeningLane,
    Limit,
    ReportLane,
    ScoreLane,
    Zero,
    dose_timeline,
    parent_line,
)
from tests.ground.design.charts.facts import (
    START,
    bare,
    courses,
    numbers,
    of_kind,
    often,
    outside,
    overlaps,
    read_back,
)


def mood(*values: int | None) -> ReportLane:
    """Return one answer a day from the second day on."""
    given = tuple(Answer(START + timedelta(days=place + 1), value) for place, value in enumerate(values))
    return ReportLane("Mood", 0, 10, "high is good", given)


@often
@given(courses())
def test_nothing_is_drawn_nowhere(course: DoseTimeline) -> None:
    svg = dose_timeline(course).svg

    assert not [written for written in numbers(svg) if "nan" in written.lower() or "inf" in written.lower()]


@often
@given(courses())
def test_every_dose_is_drawn_once(course: DoseTimeline) -> None:
    drawn = read_back(dose_timeline(course).svg)

    assert len(of_kind(drawn, "m-dose")) == len(of_kind(drawn, "m-hair")) == len(course.doses)


@often
@given(courses())
def test_every_answer_and_every_missing_one_is_drawn_once(course: DoseTimeline) -> None:
    drawn = read_back(dose_timeline(course).svg)
    given_scores = [answer for answer in course.scores[0].answers if answer.value is not None]
    given_moods = [answer for answer in course.reports[0].answers if answer.value is not None]
    missing = [answer for lane in course.asked for answer in lane.answers if answer.value is None]
    weeks = course.reports[1].ranges

    assert len(of_kind(drawn, "m-ring")) == len(given_scores)
    assert len(of_kind(drawn, "m-dot")) == len(given_moods)
    assert len(of_kind(drawn, "m-charted")) == len(course.reports[0].charted)
    assert len(of_kind(drawn, "m-gap")) == len(missing) + sum(one.answered == 0 for one in weeks)
    assert len(of_kind(drawn, "m-range")) == sum(one.answered > 0 for one in weeks)
    assert len(of_kind(drawn, "m-few")) == sum(one.answered > 0 and one.unanswered > 0 for one in weeks)


@often
@given(courses())
def test_table_has_a_row_for_every_mark(course: DoseTimeline) -> None:
    chart = dose_timeline(course)
    drawn = read_back(chart.svg)
    ranges = len(of_kind(drawn, "m-bar"))
    peaks = len(of_kind(drawn, "m-bar-soft")) - ranges
    kinds = ("m-dose", "m-pulse", "m-ring", "m-dot", "m-charted", "m-gap", "m-hour", "m-range", "m-event")
    others = sum(len(of_kind(drawn, kind)) for kind in kinds)

    assert len(chart.table.rows) == ranges + peaks + others
    assert sum(len(lane.rows) for lane in chart.lanes) == len(chart.table.rows)


@often
@given(courses())
def test_texts_stay_inside_and_apart(course: DoseTimeline) -> None:
    chart = dose_timeline(course)

    for svg in (chart.svg, chart.compact):
        assert outside(read_back(svg)) == []
        assert overlaps(read_back(svg)) == []


@often
@given(courses())
def test_drawing_for_less_room_holds_the_same_marks(course: DoseTimeline) -> None:
    chart = dose_timeline(course)

    for kind in (
        "m-dose",
        "m-hair",
        "m-bar",
        "m-bar-soft",
        "m-pulse",
        "m-dot",
        "m-charted",
        "m-gap",
        "m-ring",
        "m-hour",
        "m-look",
        "m-range",
        "m-few",
        "m-event",
    ):
        assert len(of_kind(read_back(chart.svg), kind)) == len(of_kind(read_back(chart.compact), kind))


@often
@given(courses())
def test_marks_out_of_plan_are_shapes_with_their_figure(course: DoseTimeline) -> None:
    drawn = read_back(dose_timeline(course).svg)
    assert course.pressure is not None
    left = [one for one in course.pressure.ranges if one.out_of_plan]

    assert len(of_kind(drawn, "m-look")) == sum(one.acknowledged for one in left)
    assert len(of_kind(drawn, "m-look-full")) == sum(not one.acknowledged for one in left)


def test_missing_answer_breaks_the_line() -> None:
    drawn = read_back(dose_timeline(bare(reports=(mood(3, 4, None, 6, 7, None, 8),))).svg)
    pieces = [one.attributes["points"].split() for one in of_kind(drawn, "m-line")]

    assert [len(piece) for piece in pieces] == [2, 2]  # the last answer stands alone: a point, no line
    assert len(of_kind(drawn, "m-dot")) == 5
    assert [one.text for one in drawn if one.text == "no answer"] == [
        "no answer",
        "no answer",
    ]  # beside it, and the key


def test_total_out_of_less_has_its_own_mark_figure_and_words_and_no_line() -> None:
    """Four tens of the scale, then an item does not apply: 28 of 32 is no improvement on 30 of 40."""
    totals = [(30, None), (28, 32), (26, 32), (20, None)]
    given = tuple(
        Answer(START + timedelta(days=3 * place + 1), value, most) for place, (value, most) in enumerate(totals)
    )
    chart = dose_timeline(bare(scores=(ScoreLane("WSAS", 0, 40, "low is good", given),)))
    drawn = read_back(chart.svg)

    assert (len(of_kind(drawn, "m-ring")), len(of_kind(drawn, "m-other"))) == (2, 2)
    assert [len(line.attributes["points"].split()) for line in of_kind(drawn, "m-score")] == [2]
    assert {"30", "28 of 32", "26 of 32", "20", "out of less, not comparable"} <= {one.text for one in drawn}
    assert [row[2] for row in chart.table.rows][:2] == ["30 of 40", "28 of 32, not comparable with totals out of 40"]
    assert "Out of 32 where an item does not apply: not comparable with totals out of 40." in chart.lanes[1].note
    assert "WSAS: first 30, last 20." in chart.svg


def test_course_that_ends_out_of_less_is_not_compared_in_words_either() -> None:
    given = (Answer(START, 30), Answer(START + timedelta(days=9), 28, 32))
    chart = dose_timeline(bare(scores=(ScoreLane("WSAS", 0, 40, "low is good", given),)))

    assert "WSAS: first 30, last 28 of 32, not comparable." in chart.svg
    assert of_kind(read_back(chart.svg), "m-score") == []


def test_total_that_stands_apart_has_its_own_mark_and_the_line_goes_past_it() -> None:
    why = "asks about 14 days, a dose 1 day before"
    given = (
        Answer(START + timedelta(days=1), 12),
        Answer(START + timedelta(days=4), 3, apart=why),
        Answer(START + timedelta(days=7), 8),
    )
    chart = dose_timeline(bare(scores=(ScoreLane("PHQ-9", 0, 27, "low is good", given),)))
    drawn = read_back(chart.svg)

    assert (len(of_kind(drawn, "m-ring")), len(of_kind(drawn, "m-other"))) == (2, 1)
    (line,) = of_kind(drawn, "m-score")
    assert len(line.attributes["points"].split()) == 2
    assert "asks about days before and after a dose: compared with no other" in {one.text for one in drawn}
    assert [row[2] for row in chart.table.rows] == ["12 of 27", f"3 of 27, not judged: {why}", "8 of 27"]
    own = parent_line(replace(samples.own_line(), answers=given))
    assert (len(of_kind(read_back(own.svg), "m-ring")), len(of_kind(read_back(own.svg), "m-other"))) == (2, 1)


@often
@given(courses())
def test_words_of_every_mark_stand_in_the_table_with_its_day_and_its_figures(course: DoseTimeline) -> None:
    chart = dose_timeline(course)
    said = [(when, re.findall(r"[\d.]+", value), value) for when, _what, value in chart.table.rows]
    titles = [one.text for one in read_back(chart.svg) if one.tag == "title"][1:]

    for title in titles:
        day, words = title.split(", ", 1)
        figures = re.findall(r"[\d.]+", words)
        assert any(
            when.startswith(day) and (set(figures) <= set(shown) if figures else words in value)
            for when, shown, value in said
        ), title


def test_text_of_a_whole_course_says_what_every_lane_of_the_chart_shows() -> None:
    course = samples.course()
    moved = Happening(course.starts_at + timedelta(days=3), "Moved house")
    course = replace(course, happenings=(HappeningLane("Life", "", "", (moved,)),))
    chart = dose_timeline(course)
    (described,) = [one.text for one in read_back(chart.svg) if one.tag == "desc"]
    bold = {one.text for one in read_back(chart.svg) if one.tag == "text" and "t-bold" in one.kinds}

    assert course.pressure is not None
    assert f"{len(course.doses)} doses" in described
    assert {lane.caption for lane in chart.lanes} <= bold
    for lane in chart.lanes:
        assert not lane.rows or lane.caption == "Dose" or f"{lane.caption}:" in described
    assert "Life: 1 on this axis" in described
    figures = {word for one in read_back(chart.svg) if one.tag == "text" for word in re.findall(r"^\d+$", one.text)}
    assert figures <= {word for row in chart.table.rows for word in re.findall(r"\d+", row[2])}


def test_star_has_its_figure_beside_it() -> None:
    day = timedelta(days=1)
    given = (
        Answer(START + day, 17),
        Answer(START + 5 * day, 9, apart="asks about 14 days"),
        Answer(START + 12 * day, 14),
    )
    drawn = read_back(dose_timeline(bare(scores=(ScoreLane("PHQ-9", 0, 27, "low", given, recall_days=14),))).svg)

    assert {"17", "9", "14"} <= {one.text for one in drawn if "t-bold" in one.kinds}


def test_weeks_of_answers_are_boxes_that_no_line_joins() -> None:
    week = timedelta(weeks=1)
    ranges = (
        AnswerRange(START, START + week, 5, 2, 3, 7),
        AnswerRange(START + week, START + 2 * week, 0, 7),
    )
    chart = dose_timeline(bare(reports=(ReportLane("Mood", 0, 10, "high is good", ranges=ranges),)))
    drawn = read_back(chart.svg)

    assert [len(of_kind(drawn, kind)) for kind in ("m-range", "m-few", "m-gap", "m-line", "m-dot")] == [1, 1, 1, 0, 0]
    assert [row[1:] for row in chart.table.rows] == [
        ("Mood", "3–7 of 10, 5 of 7 answered"),
        ("Mood", "no answer, 7 times asked"),
    ]
    assert "Mood: from 3 to 7" in drawn[2].text


def test_range_without_answers_has_no_ends() -> None:
    with pytest.raises(ValueError, match="only there"):
        AnswerRange(START, START + timedelta(weeks=1), 0, 3, 2, 4)


def test_dose_has_its_share_of_the_weight_and_each_lane_its_table() -> None:
    dose = Dose(START + timedelta(days=1), 35_000, 510, "intramuscular")
    lane = ScoreLane(
        "PBQ", 0, 125, "low is good", bands=(Limit(13, "cut-off"),), caution="As measured.", basis="Bands: TORRES-21."
    )
    chart = dose_timeline(bare(doses=(dose,), scores=(lane,)))
    texts = [one.text for one in read_back(chart.svg) if one.tag == "text"]

    assert {"35", "0.51", "As measured.", "13 cut-off"} <= set(texts)
    assert [(table.caption, table.note) for table in chart.lanes] == [
        ("Dose", ""),
        ("PBQ", "0 to 125, low is good. From: 13 cut-off. Bands: TORRES-21. As measured."),
    ]
    assert chart.lanes[0].rows[0][1] == "35 mg (0.51 mg/kg), intramuscular"


@pytest.mark.parametrize(
    ("hours", "ticks"),
    [
        (8, {"dose 2", "1 h", "7 h", "11:00"}),
        (30, {"dose 2", "6 h", "24 h", "17:00"}),
        (24 * 7, {"dose 2", "day 1", "day 6", "7 Jan"}),
        (24 * 42, {"dose 2", "week 1", "week 5", "12 Jan"}),
    ],
)
def test_axis_counts_from_the_chosen_dose_with_clock_or_date(hours: int, ticks: set[str]) -> None:
    at = START + timedelta(hours=1)
    course = bare(doses=(Dose(at, 35_000),), zero=Zero(at, "dose 2"), ends_at=START + timedelta(hours=hours))
    texts = {one.text for one in read_back(dose_timeline(course).svg) if one.tag == "text"}

    assert ticks <= texts


def test_zero_before_the_axis_is_counted_from() -> None:
    course = bare(zero=Zero(START - timedelta(weeks=5), "dose 1"))
    texts = {one.text for one in read_back(dose_timeline(course).svg) if one.tag == "text"}

    assert {"week 5", "week 6", "week 7"} <= texts
    assert "dose 1" not in texts


def test_pause_that_began_before_the_axis_and_lasts_is_drawn_to_its_ends() -> None:
    pause = Happening(START - timedelta(days=9), "Paused", "Treatment paused", "pause", START + timedelta(days=40))
    over = Happening(START - timedelta(days=9), "Moved house", mark="pin")
    chart = dose_timeline(bare(happenings=(HappeningLane("Care", "pauses", "nothing yet", (pause, over)),)))
    (bar,) = of_kind(read_back(chart.svg), "m-event")

    assert float(bar.attributes["width"]) > 600
    assert [row[1:] for row in chart.table.rows] == [("Care", "Treatment paused")]


def test_empty_lane_of_a_part_of_the_time_says_only_that() -> None:
    course = bare(part=True, scores=(ScoreLane("PHQ-9", 0, 27, "low is good"),))
    texts = [one.text for one in read_back(dose_timeline(course).svg) if one.tag == "text"]

    assert texts.count("nothing in this time") == 2
    assert "no dose yet" not in texts


def test_missing_answer_is_in_the_table_in_words() -> None:
    rows = dose_timeline(bare(reports=(mood(3, None),))).table.rows

    assert [row[1:] for row in rows] == [("Mood", "3 of 10"), ("Mood", "no answer")]


def test_higher_values_stand_higher_and_later_ones_further_right() -> None:
    drawn = read_back(dose_timeline(bare(reports=(mood(2, 9),))).svg)
    first, second = of_kind(drawn, "m-dot")

    assert float(second.attributes["cy"]) < float(first.attributes["cy"])
    assert float(second.attributes["cx"]) > float(first.attributes["cx"])


def test_facts_outside_the_axis_are_neither_drawn_nor_listed() -> None:
    doses = (Dose(START - timedelta(days=1), 35_000), Dose(START + timedelta(days=1), 40_000))
    chart = dose_timeline(bare(doses=doses))

    assert len(of_kind(read_back(chart.svg), "m-dose")) == 1
    assert [row[2] for row in chart.table.rows] == ["40 mg, intravenous"]


def test_facts_in_any_order_give_one_drawing() -> None:
    course = samples.course()
    shuffled = replace(
        course, doses=course.doses[::-1], scores=(replace(course.scores[0], answers=course.scores[0].answers[::-1]),)
    )

    assert dose_timeline(shuffled).svg == dose_timeline(course).svg


def test_course_without_a_dose_says_so_and_names_days() -> None:
    texts = [one.text for one in read_back(dose_timeline(samples.early_course()).svg) if one.tag == "text"]

    assert {"no dose yet", "nothing charted yet", "no answers yet", "no hours yet", "15 Sep"} <= set(texts)
    assert "first dose" not in texts


def test_one_dose_has_its_figure_and_its_place_on_the_axis() -> None:
    drawn = read_back(dose_timeline(bare(doses=(Dose(START + timedelta(days=3), 500),))).svg)
    texts = [one.text for one in drawn if one.tag == "text"]

    assert "0.5" in texts
    assert "first dose" in texts
    assert "before" in texts


def test_doses_within_minutes_keep_their_diamonds_and_the_changed_figures() -> None:
    doses = tuple(Dose(START + timedelta(days=1, minutes=place), 35_000 + 5_000 * (place > 2)) for place in range(6))
    drawn = read_back(dose_timeline(bare(doses=doses)).svg)
    texts = [one.text for one in drawn if one.tag == "text"]

    assert len(of_kind(drawn, "m-dose")) == 6
    assert {"35", "40"} <= set(texts)


def test_course_of_the_sketch_shows_every_figure() -> None:
    course = samples.course()
    texts = [one.text for one in read_back(dose_timeline(course).svg) if one.tag == "text"]
    figures = [str(dose.amount_ug // 1000) for dose in course.doses]
    figures += [str(answer.value) for lane in (*course.peaks, *course.scores) for answer in lane.answers]

    assert all(texts.count(figure) >= figures.count(figure) for figure in figures)
    assert {"163", "160 notice", "10 moderate", "5 mild", "7 today", "week 6"} <= set(texts)


def test_first_and_last_score_of_a_year_have_their_figures() -> None:
    course = samples.year_course()
    texts = [one.text for one in read_back(dose_timeline(course).svg) if one.tag == "text"]
    scores = [str(answer.value) for answer in course.scores[0].answers]

    assert scores[0] in texts
    assert scores[-1] in texts


def test_long_names_of_bands_make_the_axis_shorter() -> None:
    lane = ScoreLane("PHQ-9", 0, 27, "low is good", bands=(Limit(15, "moderately severe, see the plan"),))
    drawn = read_back(dose_timeline(bare(scores=(lane,))).svg)

    assert outside(drawn) == []


def test_words_of_people_are_escaped() -> None:
    svg = dose_timeline(bare(title="<script>&", reports=(replace(mood(3), name='"><b>'),))).svg

    assert "<script>" not in svg
    assert "<b>" not in svg
    assert "&lt;script&gt;&amp;" in svg
    assert "&amp;lt;" not in svg


def test_axis_without_length_is_refused() -> None:
    with pytest.raises(ValueError, match="has no length"):
        dose_timeline(bare(ends_at=START))


def test_drawing_has_a_role_a_name_and_a_description_and_no_style() -> None:
    chart = dose_timeline(samples.course())
    root, title, description, *_ = read_back(chart.svg)

    assert root.attributes["role"] == "img"
    assert (title.tag, title.text) == ("title", chart.title)
    pressure = "Blood pressure: 115–163 over 70–97 mmHg, 1 time out of plan"
    assert description.text.startswith(f"6 doses. {pressure}. Dissociation: first 6, last 3.")
    assert "style=" not in chart.svg
    assert "#" not in chart.svg
