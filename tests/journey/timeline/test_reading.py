"""How much is read: single answers in a short view, weeks and months in a long one, and never more queries."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from firstlight.ground.design.charts.model import AnswerRange, ReportLane
from firstlight.ground.people.models import Loss
from firstlight.journey.response.gaps import closed_about
from firstlight.journey.response.models import CheckIn
from firstlight.journey.screening.models import Answer, ItemChoice, QuestionSet, Result
from firstlight.journey.screening.series import said_about, totals_about
from firstlight.journey.timeline import selectors
from firstlight.journey.timeline.selectors.reports import begin_of, end_of
from firstlight.journey.timeline.windows import View
from tests.cast import House

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ZONE = ZoneInfo("America/New_York")
MONDAY = datetime(2026, 1, 5, 15, 0, tzinfo=UTC)


def asked(
    house: House, at: datetime, *, set_name: str = "day-full", done: bool = True, **values: int | None
) -> QuestionSet:
    """Let Maya be asked a check-in, and answer some items of it; what she does not finish closes after a day."""
    shared = {"clinic": house.clinic, "parent": house.mother, "episode": house.episode}
    question_set = QuestionSet.objects.create(
        **shared,
        set_name=set_name,
        instruments=["check-in"],
        anchor=f"{at.isoformat()}",
        assigned_at=at,
        expires_at=at + DAY,
        completed_at=at + HOUR if done else None,
    )
    CheckIn.objects.create(
        **shared,
        rule=f"{at:%y%m%d%H}",
        due_at=at,
        open_by=at + DAY,
        question_set=question_set,
        opened_at=at,
        expires_at=at + DAY,
        answered_at=question_set.completed_at,
    )
    for item, value in values.items():
        Answer.objects.create(
            clinic=house.clinic,
            question_set=question_set,
            instrument="check-in",
            item=item,
            value=value,
            answered_at=at + HOUR,
        )
    return question_set


def lanes(house: House, now: datetime, view: View | None = None, who: str = "nurse") -> dict[str, ReportLane]:
    chart = selectors.timeline_of(house.actor(who), house.mother.id, now, view or View(lanes="reports"))
    return {lane.name: lane for lane in chart.reports}


def values(lane: ReportLane) -> list[int | None]:
    return [answer.value for answer in lane.answers]


def inside(house: House, tell: Callable[[], None]) -> None:
    with scope(clinic=house.clinic.id):
        tell()


def test_short_check_in_that_closed_is_a_gap_of_the_item_it_asked_and_of_no_other_to_choose(house: House) -> None:
    """Maya chose nothing and her youngest child was born long ago, so that it asked how anxious she was."""

    def story() -> None:
        asked(house, MONDAY, mood=4, sleep=5, anxiety=3)
        asked(house, MONDAY + DAY, set_name="day", done=False)
        asked(house, MONDAY + 2 * DAY, done=False)
        found = lanes(house, MONDAY + 9 * DAY)

        assert values(found["Mood"]) == [4, None, None]
        assert values(found["Anxiety"]) == [3, None, None]
        assert values(found["Sleep"]) == [5, None]

    inside(house, story)


def chose(house: House, item: str, at: datetime) -> None:
    ItemChoice.objects.create(clinic=house.clinic, parent=house.mother, item=item, chosen_at=at)


def test_choice_counts_for_the_check_ins_that_it_came_before(house: House) -> None:
    def story() -> None:
        asked(house, MONDAY, mood=4, energy=5, tension=3, anxiety=2)
        chose(house, "energy", MONDAY + HOUR)
        asked(house, MONDAY + DAY, set_name="day", done=False)
        chose(house, "tension", MONDAY + 3 * DAY)
        asked(house, MONDAY + 4 * DAY, set_name="day", done=False)
        found = lanes(house, MONDAY + 9 * DAY)

        assert [values(found[name]) for name in ("Mood", "Energy", "Tension", "Anxiety")] == [
            [4, None, None], [5, None], [3, None], [2],
        ]  # fmt: skip

    inside(house, story)


def test_mother_of_a_young_child_who_chose_nothing_was_asked_how_she_slept(house: House) -> None:
    def story() -> None:
        born = datetime(2026, 7, 6, 15, 0, tzinfo=UTC)
        asked(house, born - 2 * DAY, mood=4, sleep=5, anxiety=2)
        asked(house, born - DAY, set_name="day", done=False)
        asked(house, born + 3 * DAY, set_name="day", done=False)
        found = lanes(house, born + 9 * DAY)

        assert values(found["Sleep"]) == [5, None]
        assert values(found["Anxiety"]) == [2, None]

    inside(house, story)


def test_choice_about_the_child_was_asked_until_the_loss_and_not_after_it(house: House) -> None:
    def story() -> None:
        asked(house, MONDAY, mood=4, anxiety=2)
        chose(house, "closeness", MONDAY + HOUR)
        asked(house, MONDAY + DAY, set_name="day", done=False)
        Loss.objects.create(
            clinic=house.clinic,
            family=house.mother.family,
            recorded_at=MONDAY + 3 * DAY,
            recorded_by=house.nurse.account,
        )
        asked(house, MONDAY + 4 * DAY, set_name="day", done=False)
        found = lanes(house, MONDAY + 9 * DAY)

        assert values(found["Anxiety"]) == [2, None]

    inside(house, story)


def test_what_was_said_counts_though_the_check_in_was_not_finished(house: House) -> None:
    def story() -> None:
        asked(house, MONDAY, done=False, mood=6)
        found = lanes(house, MONDAY + 9 * DAY)

        assert values(found["Mood"]) == [6]
        assert values(found["Energy"]) == [None]

    inside(house, story)


def test_question_that_was_passed_over_is_a_gap_and_one_that_was_not_asked_is_none(house: House) -> None:
    def story() -> None:
        asked(house, MONDAY, set_name="day", mood=None, side_effects=1)
        found = lanes(house, MONDAY + 9 * DAY)

        assert values(found["Mood"]) == [None]
        assert "Sleep" not in found

    inside(house, story)


def test_amended_answer_counts_once_as_it_stands(house: House) -> None:
    def story() -> None:
        question_set = asked(house, MONDAY, mood=2)
        first = Answer.objects.get(question_set=question_set)
        Answer.objects.create(
            clinic=house.clinic,
            question_set=question_set,
            instrument="check-in",
            item="mood",
            value=8,
            answered_at=MONDAY + 2 * HOUR,
            amends=first,
        )
        assert values(lanes(house, MONDAY + 9 * DAY)["Mood"]) == [8]

        asked(house, MONDAY + 200 * DAY, mood=5)
        ranges = lanes(house, MONDAY + 209 * DAY)["Mood"].ranges
        assert [(one.low, one.high, one.answered) for one in ranges] == [(8, 8, 1), (5, 5, 1)]

    inside(house, story)


def test_long_view_counts_calendar_weeks_of_the_clinic(house: House) -> None:
    def story() -> None:
        for day, mood in ((0, 3), (2, 7), (6, 5)):
            asked(house, MONDAY + day * DAY, mood=mood)
        asked(house, MONDAY + 7 * DAY, done=False)
        asked(house, MONDAY + 8 * DAY, mood=None)
        asked(house, MONDAY + 150 * DAY, mood=9)
        first, second, last = lanes(house, MONDAY + 151 * DAY)["Mood"].ranges

        assert first == AnswerRange(begin_of(MONDAY, "week", ZONE), end_of(first.at, "week", ZONE), 3, 0, 3, 7)
        assert (second.answered, second.unanswered, second.low) == (0, 2, None)
        assert (last.answered, last.low, last.high) == (1, 9, 9)

    inside(house, story)


def test_short_view_of_a_long_course_shows_each_answer(house: House) -> None:
    def story() -> None:
        for day in (0, 2, 400):
            asked(house, MONDAY + day * DAY, mood=day % 10)
        month = View("month", "reports", around=MONDAY + 5 * DAY)

        assert values(lanes(house, MONDAY + 401 * DAY, month)["Mood"]) == [0, 2]
        assert len(lanes(house, MONDAY + 401 * DAY)["Mood"].ranges) == 2

    inside(house, story)


def test_view_of_years_counts_months(house: House) -> None:
    def story() -> None:
        for day in (0, 10, 900):
            asked(house, MONDAY + day * DAY, mood=4)
        first, last = lanes(house, MONDAY + 901 * DAY)["Mood"].ranges

        assert (first.answered, last.answered) == (2, 1)
        assert first.until == datetime(2026, 2, 1, tzinfo=ZONE)

    inside(house, story)


@pytest.mark.parametrize(
    ("at", "week", "days"),
    [
        (datetime(2026, 3, 8, 12, tzinfo=ZONE), datetime(2026, 3, 2, tzinfo=ZONE), 7),
        (datetime(2026, 11, 1, 23, 59, tzinfo=ZONE), datetime(2026, 10, 26, tzinfo=ZONE), 7),
        (datetime(2026, 12, 31, 23, 59, tzinfo=ZONE), datetime(2026, 12, 28, tzinfo=ZONE), 7),
    ],
)
def test_week_begins_on_monday_midnight_whatever_the_clocks_do(at: datetime, week: datetime, days: int) -> None:
    assert begin_of(at, "week", ZONE) == week
    assert (end_of(week, "week", ZONE).date() - week.date()).days == days


def queries(house: House, now: datetime, views: Sequence[View]) -> list[int]:
    counted = []
    for view in views:
        with CaptureQueriesContext(connection) as asked_for:
            course = selectors.course_of(house.actor("nurse"), house.mother.id, now)
            selectors.charts_of(course, *course.window(view, now), now)
        counted.append(len(asked_for))
    return counted


def test_number_of_queries_does_not_grow_with_the_answers(house: House) -> None:
    def story() -> None:
        views = [View(lanes=name) for name in ("main", "reports", "scores", "all")]
        for day in range(0, 300, 100):
            asked(house, MONDAY + day * DAY, mood=3, sleep=4, closeness=5)
        asked(house, MONDAY + 299 * DAY, done=False)
        few = queries(house, MONDAY + 301 * DAY, views)
        for day in range(1, 300, 7):
            asked(house, MONDAY + day * DAY, mood=3, sleep=4, closeness=5)
            asked(house, MONDAY + day * DAY + 2 * HOUR, done=False)

        assert queries(house, MONDAY + 301 * DAY, views) == few
        assert max(few) <= 16

    inside(house, story)


def test_outsiders_read_no_series(house: House, other_house: House) -> None:
    def story() -> None:
        asked(house, MONDAY, mood=4)
        Result.objects.create(
            clinic=house.clinic,
            question_set=QuestionSet.objects.get(),
            instrument="phq-9",
            version="1",
            total=4,
            maximum=27,
            complete=True,
            scored_at=MONDAY,
        )
        readers = (
            lambda actor: totals_about(actor, house.mother),
            lambda actor: said_about(actor, house.mother, "check-in", ["mood"], MONDAY, MONDAY + DAY),
            lambda actor: closed_about(actor, house.mother, MONDAY + DAY),
        )
        for read in readers:
            assert read(house.actor("mother"))
            assert read(house.actor("therapist"))
            for who in ("father", "administrator"):
                with pytest.raises(Http404):
                    read(house.actor(who))

    inside(house, story)
    for who in ("prescriber", "mother"):
        with scope(clinic=other_house.clinic.id), pytest.raises(Http404):
            selectors.timeline_of(other_house.actor(who), house.mother.id, MONDAY)
