"""Paper in the response: it counts from its own day, and a form that was entered wrongly counts nowhere."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from firstlight.clinical.instruments import instrument
from firstlight.ground.worklist import services as worklist
from firstlight.ground.worklist.models import Task, TaskEvent
from firstlight.journey.dosing.models import Session
from firstlight.journey.response.models import Standing
from firstlight.journey.response.reading import Row, line_rows
from firstlight.journey.response.selectors import course_of, lists_of, reports_of, score_measure
from firstlight.journey.screening.models import PaperForm
from firstlight.journey.screening.services import correct_paper, enter_paper, take_back_paper
from firstlight.journey.timeline import selectors as timeline
from firstlight.journey.timeline.lanes import answers_of
from firstlight.journey.timeline.selectors.chart import score_measure as drawn_measure
from tests.journey.dosing.telling import Chair
from tests.journey.response.telling import DAY, check_in, first_answers, moment_of, opened_at, phq

WORSE, WELL = 22, 5


def sheet(total: int) -> dict[str, int | None]:
    """Return a PHQ-9 on paper with this total, nothing about self-harm on it."""
    given = {key.split(":")[1]: value for key, value in phq(total).items()}
    return {item.key: given[item.key] for item in instrument("phq-9").items}


def paper(chair: Chair, total: int, day: date, at: datetime) -> PaperForm:
    """Let the nurse type a PHQ-9 of a day."""
    question_set = chair.scoped(
        lambda: enter_paper(
            episode=chair.house.episode,
            instrument="phq-9",
            values=sheet(total),
            filled_in_date=day,
            handed_in_by="parent",
            entered_twice=False,
            by=chair.by("nurse"),
            at=at,
        )
    )
    return chair.scoped(lambda: PaperForm.objects.select_related("question_set").get(question_set=question_set))


def corrected(chair: Chair, form: PaperForm, total: int, at: datetime, day: date | None = None) -> PaperForm:
    question_set = chair.scoped(
        lambda: correct_paper(
            form=form,
            values=sheet(total),
            filled_in_date=day or form.filled_in_date,
            handed_in_by="parent",
            entered_twice=False,
            reason="Typed from the wrong sheet.",
            by=chair.by("nurse"),
            at=at,
        )
    )
    return chair.scoped(lambda: PaperForm.objects.select_related("question_set").get(question_set=question_set))


def taken_back(chair: Chair, form: PaperForm, at: datetime) -> None:
    chair.scoped(lambda: take_back_paper(form=form, reason="Another person's.", by=chair.by("nurse"), at=at))


def after(chair: Chair, days: float) -> datetime:
    return chair.now + days * DAY


def day_of(at: datetime) -> date:
    return at.date()


def standing(chair: Chair) -> Standing | None:
    return chair.scoped(lambda: Standing.objects.filter(instrument="phq-9").first())


def tasks(chair: Chair) -> list[Task]:
    return chair.scoped(lambda: list(Task.objects.filter(kind="response").order_by("opened_at")))


def points(chair: Chair, now: datetime) -> list[int | None]:
    """Return the PHQ-9 totals as the page of the response has them."""
    reports = chair.scoped(lambda: reports_of(chair.by("nurse"), chair.house.mother.id))
    return [point.value for point in score_measure(reports, "phq-9", now).points if point.value is not None]


@pytest.mark.parametrize("total", [3, 20])
def test_paper_soon_after_a_dose_is_shown_apart_and_judged_by_nobody(chair: Chair, total: int) -> None:
    """Twenty days after the first answers, and the day after the dose: most of its days lie before."""
    first_answers(chair, phq(20), days_before=20)
    chair.left()
    now = after(chair, 1)
    paper(chair, total, day_of(now), now)

    row = line_of(chair, now)
    assert (row.last, row.reliable) == (f"{total}/27", "Not judged: asks about 14 days, a dose 1 day before")
    assert (row.response, row.remission, row.state_words) == ("–", "–", "Too early to tell")
    assert "mixes the days before" in row.facts[0].words
    assert "better" not in row.changed
    course = chair.scoped(lambda: timeline.course_of(chair.by("nurse"), chair.house.mother.id, now))
    _first, last = answers_of(drawn_measure(course, "phq-9"))
    assert last.apart == "asks about 14 days, a dose 1 day before"
    heading = chair.scoped(lambda: timeline.heading_of(course, now))
    assert "days on both sides of a dose" in heading[1]
    assert tasks(chair) == []


def test_worse_paper_soon_after_a_dose_is_looked_at_without_a_word_of_change(chair: Chair) -> None:
    first_answers(chair, phq(12), days_before=20)
    chair.left()
    paper(chair, WORSE, day_of(after(chair, 1)), after(chair, 1))

    (task,) = tasks(chair)
    assert task.title == "Maya Lindqvist gave worse answers, too soon to compare"
    assert "days on both sides of a dose" in task.reason


def test_what_stood_worse_stands_so_after_a_better_paper_soon_after_another_dose(chair: Chair) -> None:
    first_answers(chair, phq(12), days_before=20)
    chair.left()
    paper(chair, WORSE, day_of(after(chair, 16)), after(chair, 16))
    dose_given(chair, after(chair, 30))

    paper(chair, 2, day_of(after(chair, 31)), after(chair, 31))

    stands = standing(chair)
    assert stands is not None
    assert (stands.state, stands.last_total) == ("worse", WORSE)
    paper(chair, 2, day_of(after(chair, 40)), after(chair, 40))
    assert getattr(standing(chair), "state", None) == "on-track"


def dose_given(chair: Chair, ended_at: datetime) -> None:
    """Let another dose of Maya's order have ended at a moment."""
    given = chair.open
    chair.visits.pop(0)
    fields = {field.attname: getattr(given, field.attname) for field in Session._meta.concrete_fields}
    fields |= {"id": uuid4(), "visit_id": chair.first.id, "number": 2, "place": 2}
    fields |= {"started_at": ended_at - timedelta(minutes=40), "ended_at": ended_at}
    chair.scoped(lambda: Session.objects.create(**fields))


# A form that was entered wrongly


def test_response_leaves_out_the_wrong_form(dosed: Chair) -> None:
    form = paper(dosed, WORSE, day_of(after(dosed, 14)), after(dosed, 15))

    corrected(dosed, form, WELL, after(dosed, 16))

    assert points(dosed, after(dosed, 16)) == [12, WELL]
    (line,) = [
        one
        for one in dosed.scoped(lambda: course_of(dosed.by("nurse"), dosed.house.mother, after(dosed, 16))).lines
        if one.measure.key == "phq-9"
    ]
    assert (line.first.value, line.last.value) == (12, WELL)


def test_course_is_worked_out_anew_from_the_right_form(dosed: Chair) -> None:
    form = paper(dosed, WORSE, day_of(after(dosed, 14)), after(dosed, 15))
    before = standing(dosed)
    assert before is not None
    assert (before.state, before.last_total) == ("worse", WORSE)

    corrected(dosed, form, WELL, after(dosed, 16))

    now = standing(dosed)
    assert now is not None
    assert (now.state, now.reached, now.last_total) == ("on-track", 0, WELL)


def test_list_of_who_is_worse_leaves_out_the_wrong_form(dosed: Chair) -> None:
    form = paper(dosed, WORSE, day_of(after(dosed, 14)), after(dosed, 15))
    assert dosed.scoped(lambda: lists_of(dosed.by("nurse"), after(dosed, 16))).off_track_count == 1

    corrected(dosed, form, WELL, after(dosed, 16))

    assert dosed.scoped(lambda: lists_of(dosed.by("nurse"), after(dosed, 16))).off_track_count == 0


def test_only_answer_since_the_dose_that_is_taken_back_leaves_no_standing(dosed: Chair) -> None:
    form = paper(dosed, WORSE, day_of(after(dosed, 14)), after(dosed, 15))

    taken_back(dosed, form, after(dosed, 16))

    assert standing(dosed) is None
    assert points(dosed, after(dosed, 16)) == [12]


@pytest.mark.parametrize("how", ["corrected", "taken back"])
def test_correction_finishes_no_task_and_says_on_it_what_stands_now(dosed: Chair, how: str) -> None:
    form = paper(dosed, WORSE, day_of(after(dosed, 14)), after(dosed, 15))

    if how == "corrected":
        corrected(dosed, form, WELL, after(dosed, 16))
    else:
        taken_back(dosed, form, after(dosed, 16))

    (task,) = tasks(dosed)
    note = dosed.scoped(lambda: TaskEvent.objects.filter(task=task).order_by("-sequence")[0])
    assert (task.finished_at, note.kind) == (None, "noted")
    assert "A paper form was corrected. No longer off track." in note.note


def test_correction_that_shows_a_worsening_opens_its_task(dosed: Chair) -> None:
    form = paper(dosed, WELL, day_of(after(dosed, 14)), after(dosed, 15))
    assert tasks(dosed) == []

    corrected(dosed, form, WORSE, after(dosed, 16))

    (task,) = tasks(dosed)
    assert f"12 before the first dose, {WORSE} now" in task.reason


def test_worsening_after_a_wrong_one_was_corrected_calls_again(dosed: Chair) -> None:
    """A typing error must not raise the mark that a real worsening has to pass."""
    form = paper(dosed, 27, day_of(after(dosed, 14)), after(dosed, 15))
    corrected(dosed, form, WELL, after(dosed, 16))
    dosed.scoped(
        lambda: worklist.finish(
            task=tasks(dosed)[0], outcome="Typed wrongly.", by=dosed.by("prescriber"), at=after(dosed, 17)
        )
    )

    paper(dosed, 19, day_of(after(dosed, 28)), after(dosed, 29))

    assert len(tasks(dosed)) == 2


def test_timeline_leaves_out_the_wrong_form(dosed: Chair) -> None:
    form = paper(dosed, WORSE, day_of(after(dosed, 14)), after(dosed, 15))
    corrected(dosed, form, WELL, after(dosed, 16))

    course = dosed.scoped(lambda: timeline.course_of(dosed.by("nurse"), dosed.house.mother.id, after(dosed, 16)))
    own = dosed.scoped(lambda: timeline.own_line_of(dosed.by("mother"), dosed.house.mother, after(dosed, 16)))

    assert [one.value for one in course.totals if one.instrument == "phq-9"] == [12, WELL]
    assert [one.value for one in own.line.answers if one.value is not None] == [12, WELL]


def test_check_in_asks_what_was_taken_back(dosed: Chair) -> None:
    due_at = moment_of(dosed, "week-3")
    form = paper(dosed, WELL, day_of(due_at - 3 * DAY), due_at - 2 * DAY)

    taken_back(dosed, form, due_at - DAY)

    found = opened_at(dosed, due_at)
    assert found is not None
    assert "phq-9" in found.instruments


# The day on the paper


def test_paper_of_before_the_dose_that_is_typed_after_it_is_what_the_course_begins_from(dosed: Chair) -> None:
    paper(dosed, 16, day_of(dosed.now - DAY), after(dosed, 3))

    paper(dosed, 20, day_of(after(dosed, 14)), after(dosed, 14.5))

    now = standing(dosed)
    assert now is not None
    assert (now.first_total, now.last_total) == (16, 20)


def test_paper_that_is_typed_late_stands_at_its_place_in_the_course(dosed: Chair) -> None:
    paper(dosed, WELL, day_of(after(dosed, 28)), after(dosed, 28.5))

    paper(dosed, 18, day_of(after(dosed, 14)), after(dosed, 30))

    now = standing(dosed)
    assert now is not None
    assert (now.state, now.last_total) == ("on-track", WELL)
    assert tasks(dosed) == []


def test_check_in_counts_its_recall_from_the_day_on_the_paper(dosed: Chair) -> None:
    """Filled in fifteen days before a check-in opens and typed the day before: its two weeks are over, so it is asked."""
    due_at = moment_of(dosed, "week-3")
    filled_in = due_at - 15 * DAY
    paper(dosed, WELL, day_of(filled_in), due_at - DAY)

    found = opened_at(dosed, due_at)

    assert found is not None
    assert "phq-9" in found.instruments
    assert check_in(dosed, "week-3").skipped == {}


def test_check_in_waits_while_the_day_on_the_paper_lies_in_its_recall(dosed: Chair) -> None:
    due_at = moment_of(dosed, "week-3")
    paper(dosed, WELL, day_of(due_at - 3 * DAY), due_at - DAY)

    found = opened_at(dosed, due_at)

    assert found is None or "phq-9" not in found.instruments


# Paper about the same days


def line_of(chair: Chair, now: datetime) -> Row:
    course = chair.scoped(lambda: course_of(chair.by("nurse"), chair.house.mother, now))
    return next(row for row in line_rows(course) if row.name == "PHQ-9")


@pytest.mark.parametrize("total", [2, 12])
def test_paper_of_the_day_after_a_dose_is_judged_by_nobody(dosed: Chair, total: int) -> None:
    """The two weeks before the day after the dose are nearly those before the first answers, four days earlier."""
    now = after(dosed, 1)
    paper(dosed, total, day_of(now), now)

    row = line_of(dosed, now)
    assert row.reliable == "Asks about the same days as the one before"
    assert not {"better", "worse"} & set(row.changed.split())
    assert (row.response, row.remission, row.state_words) == ("–", "–", "Too early to tell")
    assert not any("Published" in fact.words or "Remission" in fact.words for fact in row.facts)
    assert tasks(dosed) == []


def test_worse_paper_about_the_same_days_is_looked_at_without_a_word_of_change(dosed: Chair) -> None:
    now = after(dosed, 1)
    paper(dosed, WORSE, day_of(now), now)

    (task,) = tasks(dosed)
    assert task.title == "Maya Lindqvist gave worse answers, too soon to compare"
    assert "12 before the first dose, 22 now" in task.reason
    assert "not counted as a change" in task.reason
    assert "chance" not in task.reason
    assert dosed.scoped(lambda: lists_of(dosed.by("nurse"), now)).off_track == ()
    assert standing(dosed).state == "too-early"


def test_worse_paper_about_the_same_days_asks_again_when_it_is_a_change(dosed: Chair) -> None:
    paper(dosed, WORSE, day_of(after(dosed, 1)), after(dosed, 1))
    task = tasks(dosed)[0]
    dosed.scoped(lambda: worklist.finish(task=task, outcome="Called.", by=dosed.by("prescriber"), at=after(dosed, 2)))

    paper(dosed, WORSE, day_of(after(dosed, 15)), after(dosed, 15))

    assert [one.title for one in tasks(dosed)] == [
        "Maya Lindqvist gave worse answers, too soon to compare",
        "Maya Lindqvist is worse than before the first dose",
    ]


def test_paper_two_weeks_after_the_first_answers_is_a_change(dosed: Chair) -> None:
    now = after(dosed, 11)
    paper(dosed, 2, day_of(now), now)

    row = line_of(dosed, now)
    assert (row.reliable, row.response, row.state_words) == ("More than chance: yes", "Yes", "On track")
