"""The dose timeline: a sentence of fact, honest gaps, named bands, and one line for the parent."""

import gzip
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from firstlight.clinical.instruments import instruments, short_name
from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.design.charts import dose_timeline
from firstlight.ground.design.charts.model import Answer, Dose, DoseTimeline, ParentLine
from firstlight.ground.people.services.families import record_loss
from firstlight.journey.dosing import services as dosing
from firstlight.journey.response.selectors import Measure, Point, change_of
from firstlight.journey.timeline import selectors, wording
from firstlight.journey.timeline.lanes import score_lane
from firstlight.journey.timeline.windows import View, Window
from tests.cast import House
from tests.journey.dosing.telling import Chair
from tests.journey.response.telling import answered_check_in, first_answers, moment_of, opened
from tests.support.reading import words_of
from tests.support.served import sent
from tests.support.signed_in import client_of

DAY = timedelta(days=1)
ZONE = ZoneInfo("America/New_York")
START = datetime.fromisoformat("2026-11-20T12:00:00+00:00")
MOST_QUERIES, MOST_BYTES = 20, 100_000
AS_MEASURED = "As measured: no trial shows that ketamine changes this."


def phq(*values: int | None, days_apart: int = 14) -> Measure:
    """Return PHQ-9 totals two weeks apart, the first on 20 November."""
    points = tuple(Point(START + place * days_apart * DAY, value) for place, value in enumerate(values))
    return Measure("phq-9", "PHQ-9", 0, 27, lower_is_better=True, validated=True, points=points)


def said(
    measure: Measure, *, dose_after: int | None = None, now: int = 0, unanswered: tuple[int, int] = (0, 0)
) -> tuple[str, str]:
    """Return title and subtitle; `now` counts days from the last point."""
    first_dose_at = START + dose_after * DAY if dose_after is not None else None
    last = measure.points[-1].at if measure.points else START
    return wording.course_sentence(measure, first_dose_at, last + now * DAY, ZONE, unanswered)


@pytest.mark.parametrize(
    ("measure", "more", "title"),
    [
        (phq(), {}, "PHQ-9: no answer yet."),
        (phq(None), {}, "PHQ-9: no answer yet."),
        (phq(19), {}, "PHQ-9: 19, measured once."),
        (phq(19), {"dose_after": 3}, "PHQ-9: 19 before the first dose."),
        (phq(19, 8), {}, "PHQ-9: 19 at first, 8 now."),
        (phq(21, 19, 8), {"dose_after": 17}, "PHQ-9: 19 before the first dose, 8 now."),
        (phq(19, 8), {"dose_after": 1, "now": 14}, "PHQ-9: 19 before the first dose, 8 now."),
        (phq(19, 8), {"dose_after": 1, "now": 15}, "PHQ-9: 19 before the first dose, 8 on Fri 4 Dec."),
        (phq(19, 8, None), {"dose_after": 1}, "PHQ-9: 19 before the first dose, 8 now."),
    ],
)
def test_title_is_a_sentence_of_fact(measure: Measure, more: dict[str, Any], title: str) -> None:
    assert said(measure, **more)[0] == title


@pytest.mark.parametrize(
    ("measure", "unanswered", "subtitle"),
    [
        (phq(19, 8), (2, 19), "More change than answering differently by chance would give. 2 of 19 check-ins have no answer."),
        (phq(19, 17), (1, 4), "No more change than answering differently by chance could give. 1 of 4 check-ins has no answer."),
        (phq(12, 18), (0, 3), "Worse, by more than answering differently by chance would give. All 3 check-ins are answered."),
        (phq(19, 3, days_apart=4), (0, 0), "It asks about the same days as the one before, so no change is read from it."),
        (phq(12, 27, days_apart=4), (0, 0), "It asks about the same days as the one before, so no change is read from it."),
        (phq(12), (0, 1), "The one check-in is answered."),
        (phq(12), (0, 0), ""),
    ],
)  # fmt: skip
def test_subtitle_says_how_sure_and_what_is_missing(
    measure: Measure, unanswered: tuple[int, int], subtitle: str
) -> None:
    assert said(measure, unanswered=unanswered)[1] == subtitle


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ((19,), "Your line begins here."),
        ((19, 8), "Lower than when you began."),
        ((12, 19), "Your answers tell of more hard days."),
        ((12, 15), "About the same as when you began."),
    ],
)
def test_parents_sentence_judges_nothing(values: tuple[int, ...], sentence: str) -> None:
    assert wording.parent_sentence(change_of(phq(*values))) == sentence
    asked_again_soon = wording.parent_sentence(change_of(phq(*values, days_apart=4)))
    assert asked_again_soon == ("Asked about the same days as before." if len(values) > 1 else sentence)


def test_total_out_of_less_is_marked_as_such_on_its_lane() -> None:
    points = (Point(START, 30, 40), Point(START + 28 * DAY, 28, 32), Point(START + 56 * DAY, None, 40))
    lane = score_lane(Measure("wsas", "WSAS", 0, 40, lower_is_better=True, validated=True, points=points))

    assert [answer.most for answer in lane.answers[:2]] == [None, 32]
    assert lane.other_most == (32,)


def test_lane_of_our_own_questions_says_what_they_are_about_and_that_nobody_validated_them() -> None:
    days, phq9 = (
        score_lane(Measure(key, "", 0, 100, lower_is_better=False, validated=False, points=()))
        for key in ("daily-life", "phq-9")
    )

    assert (days.name, days.caution) == ("Daily life", "Our own questions, not validated.")
    assert (phq9.name, phq9.caution) == ("PHQ-9", "")


def test_no_two_scales_share_the_name_of_their_lane() -> None:
    names = [short_name(one) for one in instruments().values()]

    assert sorted(names) == sorted(set(names))


def own(answers: list[int | None], *, dose_after: int | None = None, now: int = 0) -> ParentLine:
    points = tuple(Answer(START + place * 7 * DAY, value) for place, value in enumerate(answers))
    doses = (Dose(START + dose_after * DAY, 35_000),) if dose_after is not None else ()
    present = (points[-1].at if points else START) + now * DAY
    return ParentLine("", "", "", 0, 27, "", present, ZONE, points, doses)


@pytest.mark.parametrize(
    ("line", "figures"),
    [
        (own([]), ""),
        (own([None]), ""),
        (own([19]), "19 of 27 when you first answered."),
        (own([19], dose_after=2), "19 of 27 before the first dose."),
        (own([19, 8], dose_after=2), "19 of 27 before the first dose. 8 of 27 today."),
        (own([19, 8], dose_after=2, now=1), "19 of 27 before the first dose. 8 of 27 yesterday."),
        (own([21, 19, 8], dose_after=8, now=4), "19 of 27 before the first dose. 8 of 27 on Fri 4 Dec."),
        (own([19, 8, None], dose_after=2), "19 of 27 before the first dose. 8 of 27 on Fri 27 Nov."),
    ],
)
def test_parents_figures_have_their_days(line: ParentLine, figures: str) -> None:
    assert wording.parent_figures(line) == figures


@pytest.mark.parametrize(
    ("hour", "words"),
    [
        (3, "Friday night"),
        (7, "Friday morning"),
        (14, "Friday afternoon"),
        (20, "Friday evening"),
        (23, "Friday night"),
    ],
)
def test_day_is_said_as_people_say_it(hour: int, words: str) -> None:
    assert wording.part_of_day(datetime(2026, 11, 20, hour, 30, tzinfo=ZONE), ZONE) == words


def test_what_staff_asked_stands_beside_the_answers_with_its_source_and_never_among_the_scores(chair: Chair) -> None:
    chair.opened().ask(harm=None)
    chair.recovering_from_here().after(70)
    wrong = chair.ask(mood=9, harm=None)
    right = {**wrong.values(), "mood": 6, "harm": 0}
    device, nurse = uuid4(), chair.by("nurse")
    chair.scoped(
        lambda: dosing.amend_right_now(row=wrong, client_id=device, values=right, reason="Six.", by=nurse, at=chair.now)
    )
    day = course(chair, length="day", lanes="reports")

    lanes = {lane.name: lane for lane in day.reports}
    assert [answer.value for answer in lanes["Mood"].charted] == [3, 6]
    assert [answer.value for answer in lanes["Urge to self-harm"].charted] == [0]
    assert lanes["Mood"].answers == lanes["Sleep"].charted == ()
    assert course(chair, length="day").scores == ()
    words = [row[-1] for row in dose_timeline(day).table.rows if row[1] == "Mood"]
    assert words == ["3 of 10, asked and charted by staff", "6 of 10, asked and charted by staff"]
    assert "Mood: no answers; 2 asked and charted by staff, first 3, last 6." in dose_timeline(day).svg


def test_long_view_tells_how_much_of_a_week_staff_asked(chair: Chair) -> None:
    chair.opened().ask()
    chair.recovering_from_here()
    nurse, mother, now = chair.by("nurse"), chair.house.mother.id, chair.now
    months = Window(now - 150 * DAY, now + DAY)
    long = chair.scoped(
        lambda: selectors.charts_of(selectors.course_of(nurse, mother, now), View(lanes="reports"), months, now)[0]
    )

    weeks = next(lane.ranges for lane in long.reports if lane.name == "Mood")
    assert [(one.answered, one.charted, one.unanswered, one.low, one.high) for one in weeks] == [(1, 1, 0, 3, 3)]
    words = [row[-1] for row in dose_timeline(long).table.rows if row[1] == "Mood"]
    assert words == ["3 of 10, 1 of 1 answered, 1 charted by staff"]


@pytest.fixture(scope="module")
def life(morning: Chair) -> Chair:
    """First questions, one dose with a notice, the next day answered, week 2 not, week 4 answered; six days on."""
    chair = deepcopy(morning)
    first_answers(chair)
    chair.infusing().after(20)
    chair.chart(sbp=165, dbp=92, dissociation=6)
    chair.see()
    chair.after(20).stopped_quietly()
    chair.rest_and_leave()
    dose_at = chair.now
    answered_check_in(chair, "day-1")
    opened(chair, "week-1")
    answered_check_in(chair, "week-3")
    chair.now = dose_at + 34 * DAY
    return chair


@pytest.fixture
def lived(life: Chair, savepoint: None) -> Chair:
    """That life, to go on from. Tests of the bare morning stand before those that ask for it."""
    return deepcopy(life)


def course(chair: Chair, **more: Any) -> DoseTimeline:
    view = View(**more)
    return chair.scoped(lambda: selectors.timeline_of(chair.by("prescriber"), chair.house.mother.id, chair.now, view))


def pages(chair: Chair) -> tuple[Client, Client]:
    with time_machine.travel(chair.now, tick=False):
        return client_of(chair.house.prescriber), client_of(chair.house.mother)


def test_page_without_answers_says_what_will_stand_there(chair: Chair) -> None:
    amara, maya = pages(chair)
    with time_machine.travel(chair.now, tick=False):
        hers = maya.get("/me/line/").content.decode()

    assert "Nothing is drawn yet" in hers
    assert "Your line begins here." in hers
    del amara


def test_check_in_that_is_open_is_one_tap_from_the_line(chair: Chair) -> None:
    chair.recovering()
    waiting, chair.now = opened(chair, "day-1"), moment_of(chair, "day-1")
    _amara, maya = pages(chair)
    with time_machine.travel(chair.now, tick=False):
        content = maya.get("/me/line/").content.decode()

    assert f'href="/me/q/{waiting.id}/"' in content
    assert "The questions of today" in content


def test_course_holds_every_dose_pressure_rating_answer_and_hour(lived: Chair) -> None:
    chart = course(lived)

    assert [(dose.amount_ug, dose.ug_per_kg, dose.route) for dose in chart.doses] == [(35_000, 500, "intravenous")]
    assert chart.pressure is not None
    assert [(one.systolic, one.diastolic, one.out_of_plan, one.acknowledged) for one in chart.pressure.ranges] == [
        ((118, 165), (76, 92), True, True)
    ]
    assert [(limit.value, limit.name) for limit in chart.pressure.limits] == [(160, "notice")]
    assert [answer.value for answer in chart.peaks[0].answers] == [6]
    assert [answer.value for answer in chart.reports[0].answers] == [5]
    scores = {lane.name: [answer.value for answer in lane.answers] for lane in chart.scores}
    assert scores == {"PHQ-9": [8, None, 8], "GAD-7": [7, None, 7]}
    assert [limit.words for limit in chart.scores[0].bands] == [
        "5 mild",
        "10 moderate",
        "15 moderately severe",
        "20 severe",
    ]
    assert chart.hours is not None
    assert [hour.kind for hour in chart.hours] == ["Preparation"]
    assert chart.title == "PHQ-9: 8 before the first dose, 8 now."
    assert chart.subtitle.endswith("1 of 3 check-ins has no answer.")


def test_notice_about_the_pulse_is_none_about_the_pressure(lived: Chair) -> None:
    lived.second_dose()
    lived.chart(hr=115)

    chart = course(lived)

    assert chart.pressure is not None
    assert [(one.out_of_plan, one.acknowledged) for one in chart.pressure.ranges] == [(True, True), (False, True)]


def test_each_item_of_the_check_in_has_a_lane(lived: Chair) -> None:
    lanes = course(lived, lanes="reports").reports

    assert [(lane.name, lane.direction) for lane in lanes] == [
        ("Mood", "high is good"),
        ("Anxiety", "low is good"),
        ("Tension", "low is good"),
        ("Sleep", "high is good"),
        ("Energy", "high is good"),
        ("Closeness to the child", "high is good"),
        ("Side effects", "low is good"),
        ("Urge to self-harm", "low is good"),
    ]
    assert {lane.name: lane.caution for lane in lanes if lane.caution} == {"Closeness to the child": AS_MEASURED}


def test_table_says_of_an_urge_to_self_harm_yes_or_no(lived: Chair) -> None:
    rows = dose_timeline(course(lived, lanes="reports")).table.rows

    said = {value.partition(",")[0] for _when, what, value in rows if what == "Urge to self-harm"}
    assert said
    assert said <= {"yes", "no", "no answer"}


def test_after_a_loss_no_lane_is_about_the_child(lived: Chair) -> None:
    lived.scoped(lambda: record_loss(family=lived.house.mother.family, by=lived.by("nurse"), at=lived.now))

    assert "Closeness to the child" not in [lane.name for lane in course(lived, lanes="reports").reports]


def test_shorter_views_end_at_the_same_moment(lived: Chair) -> None:
    everything, month, week = (course(lived, length=length) for length in ("all", "month", "week"))

    assert everything.ends_at == month.ends_at == week.ends_at
    assert week.ends_at - week.starts_at == 7 * DAY
    assert everything.starts_at == month.starts_at < week.starts_at


def test_parent_sees_one_line_with_its_gap(lived: Chair) -> None:
    line = lived.scoped(lambda: selectors.own_line_of(lived.by("mother"), lived.house.mother, lived.now))

    assert [answer.value for answer in line.line.answers] == [8, None, 8]
    assert line.line.title == "About the same as when you began."
    assert line.figures.startswith("8 of 27 before the first dose. 8 of 27 on ")
    assert line.harder == ()
    assert not line.apart


def test_line_knows_that_an_answer_on_it_is_compared_with_no_other(lived: Chair) -> None:
    own = lived.scoped(lambda: selectors.own_line_of(lived.by("mother"), lived.house.mother, lived.now))
    *earlier, last = own.line.answers
    line = replace(own.line, answers=(*earlier, replace(last, apart="asks about 14 days, a dose 1 day before")))

    assert replace(own, line=line).apart


def test_line_that_went_up_names_whom_she_can_talk_with(lived: Chair) -> None:
    worse, (_amara, maya) = change_of(phq(12, 19)), pages(lived)
    measured = patch("firstlight.journey.timeline.selectors.own.change_of", return_value=worse)
    with measured, time_machine.travel(lived.now, tick=False):
        hers = words_of(maya.get("/me/line/").content.decode())

    assert "Your answers tell of more hard days." in hers
    assert "it is no fault of yours" in hers
    assert "Your therapist is Ines Haddad. To talk about it, call +1 518 555 0100." in hers
    assert "someone to talk with now" in hers


@pytest.mark.parametrize(
    ("who", "when", "last"),
    [
        ("", "", "To talk about it, call +1 518 555 0100."),
        ("Nia Holt", "", "Your therapist is Nia Holt. To talk about it, call +1 518 555 0100."),
        ("Nia Holt", "Tue 1 Dec 10:00", "You meet Nia Holt next: Tue 1 Dec 10:00. You can talk about it then"),
    ],
)
def test_words_under_a_line_that_went_up_promise_nothing(who: str, when: str, last: str) -> None:
    blame, named = wording.harder_sentences(who, when, "+1 518 555 0100")

    assert "no fault of yours" in blame
    assert named.startswith(last)


def test_outsiders_find_no_course(lived: Chair, outsiders: House) -> None:
    mother = lived.house.mother

    with scope(clinic=outsiders.clinic.id), pytest.raises(Http404):
        selectors.timeline_of(outsiders.actor("prescriber"), mother.id, lived.now)
    for who in ("father", "administrator"):
        with pytest.raises(Http404):
            lived.scoped(lambda who=who: selectors.timeline_of(lived.by(who), mother.id, lived.now))  # type: ignore[misc]  # bound to this turn


@pytest.mark.parametrize("query", ["", "?view=week", "?view=month&lanes=reports", "?view=day&dose=1&lanes=all"])
def test_clinics_page_shows_chart_table_and_sessions(lived: Chair, query: str) -> None:
    amara, _maya = pages(lived)
    address = f"/clinic/people/{lived.house.mother.id}/timeline/{query}"
    with time_machine.travel(lived.now, tick=False):
        amara.get(address)
        with CaptureQueriesContext(connection) as asked:
            page = amara.get(address)

    content = page.content.decode()
    assert "<h1" in content
    assert "PHQ-9: 8 before the first dose, 8 now." in content
    assert "The same as a table" in content
    assert f'href="/clinic/sessions/{lived.open.id}/"' in content
    assert "Maya" not in content[: content.index("</head>")]
    assert len([one for one in asked.captured_queries if one["sql"].startswith("SELECT")]) <= MOST_QUERIES
    assert AuditEvent.objects.filter(action="read.timeline", parent_id=lived.house.mother.id).count() == 2


@pytest.mark.parametrize(
    "query",
    [
        "?view=century",
        "?lanes=more",
        "?dose=2",
        "?dose=0",
        "?dose=x",
        "?view=day&around=31-12-2026",
        "?view=week&around=99991231T2359Z",
    ],
)
def test_unknown_view_does_not_exist(lived: Chair, query: str) -> None:
    amara, _maya = pages(lived)
    with time_machine.travel(lived.now, tick=False):
        assert amara.get(f"/clinic/people/{lived.house.mother.id}/timeline/{query}").status_code == 404


def test_parents_page_is_small_neutral_and_says_its_doubt(lived: Chair) -> None:
    _amara, maya = pages(lived)
    with time_machine.travel(lived.now, tick=False):
        maya.get("/me/line/")
        with CaptureQueriesContext(connection) as asked:
            page = sent(maya, "/me/line/")

    content = gzip.decompress(page.content).decode()
    assert "<title>Your line</title>" in content
    assert "About the same as when you began." in content
    assert "Many things move this line, not only the medicine." in content
    assert "A hollow square: no answer came that time." in content
    assert len([one for one in asked.captured_queries if one["sql"].startswith("SELECT")]) <= MOST_QUERIES
    assert len(page.content) <= MOST_BYTES


def test_timeline_on_which_nothing_stands_has_its_heading_too(house: House) -> None:
    page = client_of(house.prescriber).get(f"/clinic/people/{house.mother.id}/timeline/").content.decode()

    assert page.count("<h1") == 1
    assert "Nothing stands on the timeline yet" in page
