"""What a parent leaves unfinished: whole questionnaires are scored at their last tap, and what was passed over is told."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils.module_loading import import_string
from django_scopes import scope

from firstlight.ground.people.models import EpisodeState
from firstlight.ground.worklist.models import Task, TaskEvent
from firstlight.journey.screening.asking import next_open
from firstlight.journey.screening.models import QuestionSet, Result
from firstlight.journey.screening.selectors import given_in, questions_of
from firstlight.journey.screening.services import assign, leaving, look_at_left, take_back, tap
from tests.cast import NOW, House

CLOSES = NOW + timedelta(hours=96)


def week(house: House, expires_at: datetime | None = CLOSES) -> QuestionSet:
    """Ask Maya PHQ-9 and GAD-7."""
    with scope(clinic=house.clinic.id):
        return assign(
            parent=house.mother, episode=house.episode, set_name="week", by=house.actor("nurse"), at=NOW,
            due_at=NOW, expires_at=expires_at, anchor="dose:x:week-1",
        )  # fmt: skip


def taps(house: House, question_set: QuestionSet, name: str, *values: int | None, at: datetime = NOW) -> None:
    """Let Maya tap one answer after another, from the first question of an instrument on."""
    with scope(clinic=house.clinic.id):
        asked = [one for one in questions_of(question_set, given_in(question_set)) if one.instrument.name == name]
        for question, value in zip(asked, values, strict=False):
            tap(question_set=question_set, item=question.key, value=value, by=house.actor("mother"), at=at)


def finishes(house: House, question_set: QuestionSet, at: datetime) -> None:
    """Let Maya tap on to the end."""
    with scope(clinic=house.clinic.id):
        while question := next_open(questions_of(question_set, given_in(question_set)), given_in(question_set)):
            tap(question_set=question_set, item=question.key, value=1, by=house.actor("mother"), at=at)


def results(house: House) -> list[tuple[str, int | None, bool]]:
    with scope(clinic=house.clinic.id):
        rows = Result.objects.order_by("scored_at", "id")
        return [(one.instrument, one.total, one.amends_id is not None) for one in rows]


def aloud(house: House) -> list[Task]:
    with scope(clinic=house.clinic.id):
        return list(Task.objects.filter(kind="ask-aloud"))


def test_questionnaire_is_scored_at_its_last_tap_and_once_though_the_set_is_finished_later(house: House) -> None:
    asked = week(house)
    taps(house, asked, "phq-9", *[3] * 8, 0)
    assert results(house) == [("phq-9", 24, False)]

    finishes(house, asked, NOW + timedelta(hours=2))

    assert asked.completed_at is not None
    assert results(house) == [("phq-9", 24, False), ("gad-7", 7, False)]


def test_answer_that_is_changed_before_the_set_is_finished_amends_the_result(house: House) -> None:
    asked = week(house)
    taps(house, asked, "phq-9", *[3] * 8, 0)
    taps(house, asked, "phq-9", 2, at=NOW + timedelta(minutes=3))

    assert results(house) == [("phq-9", 24, False), ("phq-9", 23, True)]


def test_question_about_harm_that_was_passed_over_is_told_when_the_set_closes(house: House) -> None:
    """Maya passes item 9 over and stops at the last question of the GAD-7."""
    asked = week(house)
    taps(house, asked, "phq-9", *[3] * 8, None)
    taps(house, asked, "gad-7", *[3] * 6)

    look_at_left(CLOSES - timedelta(minutes=1))
    assert aloud(house) == []
    for _run in range(2):
        look_at_left(CLOSES)

    (task,) = aloud(house)
    assert "question 9" in task.reason
    with scope(clinic=house.clinic.id):
        assert list(TaskEvent.objects.filter(task=task).values_list("kind", flat=True)) == ["opened"]


def test_set_that_closes_on_no_day_is_looked_at_a_day_after_the_last_tap(house: House) -> None:
    asked = week(house, None)
    taps(house, asked, "phq-9", *[3] * 8, None)
    look_at_left(NOW + timedelta(hours=23))
    assert aloud(house) == []

    look_at_left(NOW + timedelta(hours=24))
    assert len(aloud(house)) == 1

    later = NOW + timedelta(hours=30)
    finishes(house, asked, later)  # she finishes it after all: nothing is told twice
    with scope(clinic=house.clinic.id):
        assert QuestionSet.objects.get(id=asked.id).completed_at == later
        assert list(TaskEvent.objects.filter(task__kind="ask-aloud").values_list("kind", flat=True)) == ["opened"]


def test_begun_set_that_was_taken_back_asks_nothing_that_she_never_came_to(house: House) -> None:
    asked = week(house)
    taps(house, asked, "phq-9", *[3] * 3)
    with scope(clinic=house.clinic.id):
        take_back(question_set=asked, by=house.actor("nurse"), at=NOW + timedelta(hours=1), begun_too=True)

    look_at_left(NOW + timedelta(hours=1))

    assert aloud(house) == []
    assert results(house) == []


@pytest.mark.parametrize("state", [EpisodeState.CLOSED, EpisodeState.TRANSFERRED])
def test_nobody_is_told_once_care_here_ended(house: House, state: EpisodeState) -> None:
    asked = week(house)
    taps(house, asked, "phq-9", *[3] * 8, None)
    with scope(clinic=house.clinic.id):
        type(house.episode).objects.filter(id=house.episode.id).update(state=state)

    look_at_left(CLOSES)

    assert aloud(house) == []


def test_run_that_is_killed_between_two_sets_goes_on(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker dies while it looks at the second of two sets: the first is kept whole, the second comes with the next run."""
    for anchor in ("dose:x:week-1", "dose:x:week-3"):
        with scope(clinic=house.clinic.id):
            asked = assign(
                parent=house.mother, episode=house.episode, set_name="week", by=house.actor("nurse"), at=NOW,
                due_at=NOW, expires_at=CLOSES, anchor=anchor,
            )  # fmt: skip
        taps(house, asked, "phq-9", *[0] * 8, None)
    module = "firstlight.journey.screening.services.leaving"
    real, turns = import_string(f"{module}.ask_aloud"), iter([False, True, False])

    def dies_once(*said: object) -> None:
        real(*said)
        if next(turns):
            raise KeyboardInterrupt

    monkeypatch.setattr(f"{module}.ask_aloud", dies_once)
    with pytest.raises(KeyboardInterrupt):
        look_at_left(CLOSES)
    look_at_left(CLOSES)

    (task,) = aloud(house)
    with scope(clinic=house.clinic.id):
        assert list(TaskEvent.objects.filter(task=task).values_list("kind", flat=True)) == ["opened", "joined"]


def test_set_that_cannot_be_looked_at_keeps_no_other_from_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = week(house)
    with scope(clinic=house.clinic.id):
        whole = assign(
            parent=house.mother, episode=house.episode, set_name="week", by=house.actor("nurse"), at=NOW,
            due_at=NOW, expires_at=CLOSES, anchor="dose:x:week-3",
        )  # fmt: skip
    for asked in (broken, whole):
        taps(house, asked, "phq-9", *[0] * 8, None)
    real = leaving.ask_aloud

    def fails_for_one(question_set: QuestionSet, *said: Any) -> None:
        if question_set.id == broken.id:
            raise ValueError(house.mother.name)
        real(question_set, *said)

    monkeypatch.setattr(leaving, "ask_aloud", fails_for_one)
    with pytest.raises(leaving.NotEverySet):
        look_at_left(CLOSES)

    with scope(clinic=house.clinic.id):
        seen = dict(QuestionSet.objects.values_list("id", "left_seen_at"))
    assert (seen[broken.id], seen[whole.id]) == (None, CLOSES)
    assert len(aloud(house)) == 1


def test_looking_runs_in_the_background() -> None:
    jobs = import_string(settings.FIRSTLIGHT_PERIODIC)

    assert import_string(next(path for path in jobs if path.endswith(".look_at_left"))) is look_at_left
