"""A dose's own check-in while the same questions stand open from a week: it takes them over, and nobody finds them twice."""

from datetime import datetime
from uuid import uuid4

import pytest
from django.urls import reverse

from firstlight.ground.audit.models import AuditEvent
from firstlight.journey.dosing.models import Session
from firstlight.journey.response import services
from firstlight.journey.response.models import CheckIn
from firstlight.journey.screening.models import Answer, QuestionSet, Result
from firstlight.journey.screening.selectors import open_sets_for
from tests.journey.dosing.telling import Chair
from tests.journey.response.telling import DAY, HOUR, answered, check_in, moment_of, opened, opened_at
from tests.journey.screening.telling import bring_text
from tests.support.signed_in import client_of


@pytest.fixture
def week(dosed: Chair) -> QuestionSet:
    """The questions of week 2, which open before the next dose."""
    return opened(dosed, "week-2")


def dosed_again(chair: Chair, at: datetime) -> None:
    """Let a dose of another session of Maya's order end at a moment."""
    session, chair.visits = chair.open, chair.visits[1:]
    fields = {field.attname: getattr(session, field.attname) for field in Session._meta.concrete_fields}
    fields |= {"id": uuid4(), "visit_id": chair.first.id, "number": 2, "place": 2, "ended_at": at}

    def arranged() -> None:
        again = Session.objects.create(**fields)
        services.arrange_check_ins(
            session_id=again.id, parent=chair.house.mother, episode=chair.house.episode, by=chair.by("nurse"), at=at
        )

    chair.scoped(arranged)


def open_from(chair: Chair, begin: datetime, until: datetime) -> QuestionSet | None:
    """Let the worker come every hour; return what it opens first."""
    while begin < until:
        if found := opened_at(chair, begin):
            return found
        begin += HOUR
    return None


def rows_of(chair: Chair, rule: str) -> list[CheckIn]:
    return chair.scoped(
        lambda: list(CheckIn.objects.filter(rule=rule).select_related("question_set").order_by("due_at"))
    )


def test_unanswered_week_is_taken_over_by_the_check_in_of_a_new_dose(dosed: Chair, week: QuestionSet) -> None:
    dose = week.assigned_at + 5 * HOUR
    dosed_again(dosed, dose)

    found = open_from(dosed, dose, dose + 50 * HOUR)

    day = check_in(dosed, "day-1")
    assert found is not None
    assert day.question_set_id == found.id
    assert day.due_at <= found.assigned_at < day.open_by
    (earlier,) = rows_of(dosed, "week-2")
    assert (earlier.ended_why, earlier.question_set_id) == ("merged", week.id)
    shown = dosed.scoped(lambda: open_sets_for(dosed.by("mother"), found.assigned_at))
    assert [one.id for one in shown if "check-in" in one.instruments] == [found.id]
    assert AuditEvent.objects.filter(action="check_in.ended", about_id=str(earlier.id)).get().detail == {
        "why": "merged"
    }
    page = client_of(dosed.house.prescriber).get(reverse("response:of_parent", args=[dosed.house.mother.id]))
    assert "Asked together with a later check-in" in page.content.decode()


def test_answered_week_and_the_check_in_of_a_new_dose_are_two_entries(dosed: Chair, week: QuestionSet) -> None:
    answered(dosed, week, week.assigned_at + HOUR)
    dose = week.assigned_at + 5 * HOUR
    dosed_again(dosed, dose)

    found = open_from(dosed, dose, dose + 50 * HOUR)

    assert found is not None
    assert check_in(dosed, "day-1").question_set_id == found.id
    assert rows_of(dosed, "week-2")[0].answered_at is not None


def test_what_else_stands_open_goes_along_and_what_she_answered_stays(dosed: Chair) -> None:
    """The clinic holds the EPDS: Maya left it unanswered. It is asked on, in the same set as the day after the dose."""
    bring_text(dosed.house, "epds", at=check_in(dosed, "week-2").due_at - DAY)
    week = opened(dosed, "week-2")
    assert week.instruments == ["epds", "check-in"]
    dosed.answer_one(week, "epds:q1", 1, week.assigned_at + HOUR)
    dose = week.assigned_at + 5 * HOUR
    dosed_again(dosed, dose)

    found = open_from(dosed, dose, dose + 50 * HOUR)

    assert found is not None
    assert found.instruments == ["check-in", "epds"]
    assert [one.question_set_id for one in rows_of(dosed, "week-2")] == [found.id]
    assert dosed.scoped(lambda: Answer.objects.filter(question_set=week).count()) == 1
    answered(dosed, found, found.assigned_at + HOUR)
    assert rows_of(dosed, "week-2")[0].answered_at
    assert check_in(dosed, "day-1").answered_at
    assert dosed.scoped(lambda: Result.objects.filter(question_set=found).count()) == 2


def test_questions_she_is_at_are_left_to_her_for_an_hour(dosed: Chair, week: QuestionSet) -> None:
    dose = week.assigned_at + 5 * HOUR
    dosed_again(dosed, dose)
    at = moment_of(dosed, "day-1")
    dosed.answer_one(week, "check-in:mood", 4, at - HOUR / 2)

    assert opened_at(dosed, at) is None
    assert opened_at(dosed, at + HOUR) is not None
    assert rows_of(dosed, "week-2")[0].ended_why == "merged"
