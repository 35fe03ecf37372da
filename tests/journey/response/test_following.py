"""Answers that go the wrong way: a task once a crossing, renewed when it goes further, closed when it stands well."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstlight.clinical.evidence import sources
from firstlight.clinical.instruments import NOT_APPLICABLE, instruments
from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.errors import Refused
from firstlight.ground.worklist import services as worklist
from firstlight.ground.worklist.models import Task, TaskEvent
from firstlight.journey.response.curves import published_for
from firstlight.journey.response.models import Standing
from firstlight.journey.response.reading import Row, line_rows
from firstlight.journey.response.selectors import course_of, lists_of
from firstlight.journey.response.services import follow
from firstlight.journey.response.tracks import track, tracks
from firstlight.journey.screening.models import QuestionSet
from firstlight.journey.screening.services import assign, complete, enter_paper, send_set
from tests.journey.dosing.telling import Chair
from tests.journey.response.telling import DAY, answered, answered_check_in, phq
from tests.journey.screening.telling import answer_all


def tasks(chair: Chair) -> list[Task]:
    return chair.scoped(lambda: list(Task.objects.filter(kind="response").order_by("opened_at")))


def events(chair: Chair, task: Task) -> list[str]:
    found = TaskEvent.objects.filter
    return chair.scoped(lambda: list(found(task=task).order_by("sequence").values_list("kind", flat=True)))


def standing(chair: Chair, name: str = "phq-9") -> Standing:
    return chair.scoped(lambda: Standing.objects.get(instrument=name))


def told(chair: Chair, total: int, weeks: float) -> None:
    """Let Maya send PHQ-9 and GAD-7 so many weeks after the dose, whatever the schedule says."""
    house, at = chair.house, chair.now + weeks * 7 * DAY
    question_set = chair.scoped(
        lambda: assign(
            parent=house.mother,
            episode=house.episode,
            set_name="week",
            by=chair.by("nurse"),
            at=at,
            anchor=f"test:{weeks}",
        )
    )
    answer_all(house, question_set, phq(total), at=at)
    chair.scoped(lambda: complete(question_set=question_set, by=chair.by("mother"), at=at + timedelta(minutes=5)))


def hard(chair: Chair, total: int, *, weeks: float) -> None:
    """Let Maya answer the questions on hard experiences so many weeks after the dose."""
    full, rest = divmod(total, 4)
    values = [4] * full + [rest] + [0] * 20
    pcl = {f"pcl-5:q{number}": value for number, value in enumerate(values[:20], 1)}
    yes = {"pc-ptsd-5:exposure": 1} | {f"pc-ptsd-5:q{number}": 1 for number in range(1, 6)}
    at = chair.now + weeks * 7 * DAY
    question_set = chair.scoped(
        lambda: assign(
            parent=chair.house.mother,
            episode=chair.house.episode,
            set_name="trauma",
            by=chair.by("nurse"),
            at=at,
            anchor=f"test:{weeks}",
        )
    )
    answered(chair, question_set, at, yes | pcl)


def test_without_answers_from_before_the_first_dose_worse_than_the_first_after_it_is_told(chair: Chair) -> None:
    chair.left()
    told(chair, 18, 2)
    told(chair, 3, 4)
    assert (standing(chair).state, standing(chair).first_total) == ("no-baseline", 18)
    assert tasks(chair) == []

    told(chair, 27, 6)

    (task,) = tasks(chair)
    assert task.title == "Maya Lindqvist is worse than in the first answers"
    assert "18 in the first answers after a dose (none are from before), 27 now" in task.reason
    assert "before the first dose" not in task.reason
    (row,) = chair.scoped(lambda: lists_of(chair.by("nurse"), chair.now)).off_track
    assert not row.from_before
    course = chair.scoped(lambda: course_of(chair.by("nurse"), chair.house.mother, chair.now + 43 * DAY))
    line = next(one for one in line_rows(course) if one.name == "PHQ-9")
    assert (line.response, line.remission, line.state_words) == ("–", "–", "Worse")
    assert "none from before the first dose" in line.facts[0].words
    assert not any("Published" in fact.words for fact in line.facts)


def test_order_without_a_total_to_begin_from_stands_on_the_clinics_list_until_somebody_asks(chair: Chair) -> None:
    def listed() -> list[tuple[str, bool]]:
        found = chair.scoped(lambda: lists_of(chair.by("nurse"), chair.now)).no_baseline
        return [(one.parent.name, one.passed_over) for one in found]

    def on_paper(days_before: int, **left_out: None) -> None:
        at = chair.now - days_before * DAY
        values = {f"q{number}": 1 for number in range(1, 10)} | left_out
        chair.scoped(
            lambda: enter_paper(
                episode=chair.house.episode,
                instrument="phq-9",
                values=values,
                filled_in_date=at.date(),
                handed_in_by="parent",
                entered_twice=False,
                by=chair.by("nurse"),
                at=chair.now,
            )
        )

    assert listed() == [("Maya Lindqvist", False)]
    on_paper(2, q8=None)
    assert listed() == [("Maya Lindqvist", True)]
    on_paper(1)
    assert listed() == []


def test_what_asks_about_weeks_is_not_sent_within_two_days_of_a_dose(dosed: Chair) -> None:
    def sent(at: datetime) -> QuestionSet:
        return dosed.scoped(
            lambda: send_set(episode=dosed.house.episode, set_name="trauma", by=dosed.by("nurse"), at=at)
        )

    with pytest.raises(
        Refused, match=r"28 days, and a dose is too near \(yesterday 10:40\)\. Again from tomorrow 10:40"
    ):
        sent(dosed.now + timedelta(hours=24))
    assert sent(dosed.now + timedelta(hours=48)).instruments == ["pc-ptsd-5"]


def test_reliable_worsening_opens_one_task_with_reasons_and_things_to_talk_about(dosed: Chair) -> None:
    told(dosed, 18, 2)

    task = tasks(dosed)[0]
    assert (task.title, task.role, task.urgency) == (
        "Maya Lindqvist is worse than before the first dose",
        "prescriber",
        "today",
    )
    assert "12 before the first dose, 18 now" in task.reason
    assert "Ask about thoughts of suicide" in task.reason
    assert task.acknowledge_by - task.opened_at == timedelta(hours=24)
    assert (standing(dosed).state, standing(dosed).task_id) == ("worse", task.id)


def test_less_than_a_reliable_change_opens_none(dosed: Chair) -> None:
    told(dosed, 17, 2)

    assert tasks(dosed) == []
    assert standing(dosed).state == "too-early"


def test_the_same_again_joins_and_further_raises(dosed: Chair) -> None:
    told(dosed, 18, 2)
    told(dosed, 19, 4)
    told(dosed, 24, 6)

    (task,) = tasks(dosed)
    assert events(dosed, task) == ["opened", "joined", "raised"]
    assert "24 now" in task.reason


def test_finished_task_is_not_opened_again_by_the_same_and_is_by_more(dosed: Chair) -> None:
    told(dosed, 18, 2)
    dosed.scoped(
        lambda: worklist.finish(task=tasks(dosed)[0], outcome="Called her.", by=dosed.by("prescriber"), at=dosed.now)
    )
    told(dosed, 19, 4)
    assert len(tasks(dosed)) == 1

    told(dosed, 25, 6)

    assert len(tasks(dosed)) == 2


def test_new_crossing_after_it_stood_well_opens_a_new_one(dosed: Chair) -> None:
    told(dosed, 18, 2)
    told(dosed, 5, 4)
    first = tasks(dosed)[0]
    told(dosed, 18, 6)

    assert first.finished_at is not None
    assert "No longer off track." in first.outcome
    assert [one.finished_at is None for one in tasks(dosed)] == [False, True]


def test_task_that_somebody_took_is_hers_to_finish(dosed: Chair) -> None:
    told(dosed, 18, 2)
    dosed.scoped(lambda: worklist.acknowledge(task=tasks(dosed)[0], by=dosed.by("prescriber"), at=dosed.now))

    told(dosed, 5, 4)

    (task,) = tasks(dosed)
    assert task.finished_at is None
    assert events(dosed, task) == ["opened", "acknowledged", "joined"]


def test_following_twice_is_following_once(dosed: Chair) -> None:
    told(dosed, 18, 2)
    question_set = dosed.scoped(lambda: tasks(dosed) and Standing.objects.get(instrument="phq-9"))
    sets = dosed.scoped(lambda: last_set(dosed))

    dosed.scoped(lambda: follow(question_set=sets, by=dosed.by("mother"), at=sets.completed_at))

    assert len(tasks(dosed)) == 1
    assert standing(dosed).reached == question_set.reached


def last_set(chair: Chair) -> Any:
    return QuestionSet.objects.select_related("parent").filter(completed_at__isnull=False).order_by("-completed_at")[0]


def test_task_stands_in_the_transaction_of_the_answers(dosed: Chair, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the task cannot be opened the answers are not sent either: no worsening without its task."""

    def broken(**_given: object) -> None:
        raise RuntimeError("no task")

    monkeypatch.setattr("firstlight.journey.response.services.following.open_task", broken)

    with pytest.raises(RuntimeError, match="no task"):
        told(dosed, 18, 2)
    assert dosed.scoped(lambda: list(Standing.objects.all())) == []
    assert dosed.scoped(lambda: last_set(dosed)).set_name == "first"


def test_answers_mark_their_check_in(dosed: Chair) -> None:
    at = answered_check_in(dosed, "week-1")

    assert AuditEvent.objects.filter(action="response.followed", at__gte=at).count() == 2


@given(st.integers(0, 27), st.integers(0, 27), st.integers(0, 200), st.integers(0, 12))
def test_track_is_worse_only_by_a_reliable_change_and_never_with_remission_called_slow(
    first: int, last: int, days: int, doses: int
) -> None:
    found = track("phq-9", first, last, days_apart=14 + days, since_first_dose=timedelta(days=days), doses=doses)

    assert (found.state == "worse") == (last - first >= 6)
    assert found.state != "not-on-track" or last >= 5
    assert (found.reached > 0) == (found.state in {"worse", "not-on-track"})


@given(st.integers(0, 15), st.integers(6, 12))
def test_each_further_reliable_step_reaches_further(first: int, more: int) -> None:
    since = timedelta(days=28)
    near, far = (
        track("phq-9", first, min(27, first + step), days_apart=28, since_first_dose=since, doses=6)
        for step in (more, more + 6)
    )

    assert far.reached >= near.reached


def test_slow_course_is_not_on_track_after_three_weeks_and_four_doses() -> None:
    def stands(days: int, doses: int) -> str:
        return track("phq-9", 17, 15, days_apart=days + 3, since_first_dose=timedelta(days=days), doses=doses).state

    assert [stands(20, 6), stands(21, 3), stands(21, 4)] == ["too-early", "too-early", "not-on-track"]


def test_every_questionnaire_with_a_published_value_for_worse_is_followed_for_worsening() -> None:
    published = {name for name, one in instruments().items() if one.worse_from is not None}

    assert set(tracks().follows) == published
    assert published == {"phq-9", "gad-7", "epds", "pcl-5", "wsas", "who-5"}


@pytest.mark.parametrize(("name", "first", "near", "far"), [("wsas", 20, 27, 28), ("who-5", 60, 52, 48)])
def test_where_only_a_difference_that_matters_is_published_it_makes_worse(
    name: str, first: int, near: int, far: int
) -> None:
    """WSAS 8 points, WHO-5 10 points, where more is better."""
    stands = [
        track(name, first, last, days_apart=30, since_first_dose=timedelta(days=28), doses=6) for last in (near, far)
    ]

    assert [(one.state, one.reached) for one in stands] == [
        ("no-range", 0) if name == "wsas" else ("on-track", 0),
        ("worse", 2),
    ]


def test_a_difference_that_matters_for_the_better_is_on_track() -> None:
    def stands(name: str, first: int, last: int) -> str:
        return track(name, first, last, days_apart=30, since_first_dose=timedelta(days=28), doses=6).state

    assert [stands("wsas", 30, 22), stands("wsas", 30, 23), stands("who-5", 20, 32)] == [
        "on-track",
        "no-range",
        "on-track",
    ]


@pytest.mark.parametrize(
    ("name", "total", "days"),
    [
        *[("epds", 20, days) for days in (5, 21, 60, 150)],
        *[("phq-9", 17, days) for days in (45, 60, 150)],
        *[(name, total, days) for name, total in (("gad-7", 20), ("pcl-5", 40), ("wsas", 20)) for days in (21, 60)],
    ],
)
def test_where_no_range_is_published_for_the_time_nothing_is_called_slow(name: str, total: int, days: int) -> None:
    found = track(name, total, total, days_apart=60 + days, since_first_dose=timedelta(days=days), doses=8)

    assert (found.state, found.reached) == ("no-range", 0)


@given(st.sampled_from(sorted(tracks().follows)), st.integers(0, 20), st.integers(0, 400), st.integers(0, 20))
def test_not_on_track_is_said_only_beside_a_published_range(name: str, total: int, days: int, doses: int) -> None:
    found = track(name, total, total, days_apart=60 + days, since_first_dose=timedelta(days=days), doses=doses)

    assert found.state != "not-on-track" or published_for(name, days) is not None


def test_range_that_ended_before_the_first_answers_opens_no_task(dosed: Chair) -> None:
    told(dosed, 12, 7)

    assert tasks(dosed) == []
    assert standing(dosed).state == "no-range"


def test_what_was_not_on_track_stands_beyond_the_range_until_it_is_better(
    dosed: Chair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One dose is enough here, so that no four have to be given."""
    once = replace(tracks(), after_doses=1)
    monkeypatch.setattr("firstlight.journey.response.tracks.tracks", lambda: once)
    told(dosed, 12, 4)
    (task,) = tasks(dosed)
    assert (task.title, task.urgency) == ("Maya Lindqvist: not on track", "routine")

    told(dosed, 11, 8)
    assert (standing(dosed).state, events(dosed, task)) == ("not-on-track", ["opened", "joined"])

    told(dosed, 6, 10)
    assert (standing(dosed).state, tasks(dosed)[0].finished_at is None) == ("on-track", False)


def worked(chair: Chair, values: list[int], *, weeks: float) -> None:
    """Let the nurse type a WSAS on paper so many weeks after the dose."""
    at = chair.now + weeks * 7 * DAY
    chair.scoped(
        lambda: enter_paper(
            episode=chair.house.episode,
            instrument="wsas",
            values={f"q{number}": value for number, value in enumerate(values, 1)},
            filled_in_date=at.date(),
            handed_in_by="parent",
            entered_twice=False,
            by=chair.by("nurse"),
            at=at,
        )
    )


def test_daily_life_that_becomes_worse_opens_a_task_that_names_its_value(dosed: Chair) -> None:
    worked(dosed, [4, 4, 4, 4, 4], weeks=-1)
    worked(dosed, [6, 6, 6, 6, 4], weeks=4)

    (task,) = tasks(dosed)
    assert "20 before the first dose, 28 now. Worse from 8 points on" in task.reason
    assert "no reliable change is published. (Clinic default, no source checked)" in task.reason
    assert standing(dosed, "wsas").state == "worse"


def test_totals_out_of_different_numbers_are_not_compared(dosed: Chair) -> None:
    worked(dosed, [NOT_APPLICABLE, 4, 4, 4, 4], weeks=-1)
    worked(dosed, [8, 4, 4, 4, 4], weeks=4)

    assert tasks(dosed) == []


def test_totals_out_of_less_are_never_remission_and_worse_is_told_all_the_same(dosed: Chair) -> None:
    """Item 1 does not apply: out of 32, and what is published is for totals out of 40."""

    def row() -> Row:
        course = dosed.scoped(lambda: course_of(dosed.by("nurse"), dosed.house.mother, dosed.now + 60 * DAY))
        return next(one for one in line_rows(course) if one.name == "WSAS")

    worked(dosed, [NOT_APPLICABLE, 4, 4, 4, 0], weeks=-1)
    worked(dosed, [NOT_APPLICABLE, 1, 0, 0, 0], weeks=4)
    assert (row().remission, row().state_words) == ("–", "Not worse; no published range")
    assert row().reliable == "Out of 32: no published value for fewer items"
    assert not any("Remission: below" in fact.words or "Noticed" in fact.words for fact in row().facts)

    worked(dosed, [NOT_APPLICABLE, 6, 6, 6, 6], weeks=6)
    assert [one.title for one in tasks(dosed)] == ["Maya Lindqvist is worse than before the first dose"]


@given(st.integers(0, 27), st.integers(0, 27), st.integers(0, 13))
def test_two_that_ask_about_the_same_days_are_never_judged_and_worse_is_looked_at(
    first: int, last: int, days: int
) -> None:
    found = track("phq-9", first, last, days_apart=days, since_first_dose=timedelta(days=days), doses=1)

    assert found.state == "too-early"
    assert found.reached == (last - first >= 6)


def test_hard_experiences_that_come_back_open_a_task(dosed: Chair) -> None:
    """PCL-5 from 19 to 76: the published reliable change is 18."""
    hard(dosed, 19, weeks=-2)
    hard(dosed, 76, weeks=6)

    (task,) = tasks(dosed)
    assert task.title == "Maya Lindqvist is worse than before the first dose"
    assert "19 before the first dose, 76 now" in task.reason
    assert standing(dosed, "pcl-5").state == "worse"


def test_every_source_of_a_suggestion_is_in_the_registry() -> None:
    found = tracks()
    named = {
        key
        for call in (found.worse, found.same_days, found.not_on_track)
        for one in call.suggestions
        for key in one.sources
    }

    assert named <= set(sources())


def test_task_names_what_each_suggestion_comes_from(dosed: Chair) -> None:
    told(dosed, 10, -2)
    told(dosed, 18, 3)
    (task,) = tasks(dosed)

    assert (
        "Ask about thoughts of suicide and of harm, whatever the total says. (ACOG Clinical Practice Guideline 4)"
        in task.reason
    )
    assert "Talk before the next dose about whether there should be one. (ours, no source)" in task.reason
