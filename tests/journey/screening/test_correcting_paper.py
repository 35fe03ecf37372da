"""A paper form that was typed wrongly: corrected or taken back with a reason, still readable, counted nowhere."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.http import Http404
from django_scopes import scope
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firstlight.clinical.instruments import flags
from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.selectors import parent_actor
from firstlight.ground.safety.models import Came, Concern
from firstlight.ground.worklist.models import OutboxMessage, Task, TaskEvent
from firstlight.ground.worklist.services import acknowledge, finish
from firstlight.journey.screening.corrections import paper_for, sheet_of
from firstlight.journey.screening.known import recorded_once
from firstlight.journey.screening.models import PaperCorrection, PaperForm, QuestionSet, Result
from firstlight.journey.screening.offering import offers_for
from firstlight.journey.screening.paper import on_paper
from firstlight.journey.screening.records import record_of
from firstlight.journey.screening.selectors import (
    replies_of,
    results_of,
    set_for,
    sets_for,
    sets_of,
    superseded_since,
)
from firstlight.journey.screening.series import begun_in, said_about, stretches_about, totals_about, totals_in
from firstlight.journey.screening.services import answer, assign, correct_paper, enter_paper, take_back_paper
from tests.cast import NOW, House
from tests.journey.screening.telling import bring_text
from tests.support.scale import STORIES

DAY = date(2026, 11, 20)
ZONE = ZoneInfo("America/New_York")
NOON = datetime(2026, 11, 20, 12, tzinfo=ZONE)
LATER = NOW + timedelta(hours=2)
CALM: dict[str, int | None] = {f"q{number}": 1 for number in range(1, 10)} | {"q10": 0}
SLIP = "Item 3 was typed one line too low."


@pytest.fixture(autouse=True)
def _inside_harbour(house: House) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False), scope(clinic=house.clinic.id):
        yield


def enter(
    house: House, values: dict[str, int | None], name: str = "epds", *, day: date = DAY, at: datetime = NOW
) -> PaperForm:
    question_set = enter_paper(
        episode=house.episode,
        instrument=name,
        values=values,
        filled_in_date=day,
        handed_in_by="parent",
        entered_twice=False,
        by=house.actor("nurse"),
        at=at,
    )
    return PaperForm.objects.get(question_set=question_set)


def correct(house: House, form: PaperForm, values: dict[str, int | None], **changed: Any) -> PaperForm:
    facts: dict[str, Any] = {
        "form": form,
        "values": values,
        "filled_in_date": form.filled_in_date,
        "handed_in_by": form.handed_in_by,
        "entered_twice": False,
        "reason": SLIP,
        "by": house.actor("second_nurse"),
        "at": LATER,
    }
    question_set = correct_paper(**(facts | changed))
    return PaperForm.objects.get(question_set=question_set)


def take_back(house: House, form: PaperForm, *, at: datetime = LATER) -> PaperCorrection:
    return take_back_paper(form=form, reason="This is Noor's sheet.", by=house.actor("second_nurse"), at=at)


def totals(house: House) -> list[int | None]:
    return [one.total for one in results_of(house.actor("nurse"), house.mother.id)]


def events(task: Task) -> list[str]:
    return list(TaskEvent.objects.filter(task=task).values_list("kind", flat=True))


# What is kept


def test_correction_takes_the_place_of_the_wrong_form_which_stays_readable(house: House) -> None:
    wrong = enter(house, CALM)

    right = correct(house, wrong, CALM | {"q3": 3})

    assert totals(house) == [11]
    correction = PaperCorrection.objects.get()
    assert (correction.form, correction.replacement, correction.reason) == (wrong, right, SLIP)
    assert (correction.by_id, correction.at) == (house.second_nurse.account_id, LATER)
    assert sheet_of(wrong).values == CALM
    assert sheet_of(right).values == CALM | {"q3": 3}
    assert Result.objects.get(question_set=wrong.question_set).total == 9
    assert right.question_set.due_at == NOON
    assert right.question_set.episode_id == wrong.question_set.episode_id


def test_form_that_was_taken_back_stays_readable_and_can_be_entered_anew(house: House) -> None:
    wrong = enter(house, CALM)

    correction = take_back(house, wrong)

    assert correction.replacement is None
    assert totals(house) == []
    assert sheet_of(wrong).values == CALM
    enter(house, CALM | {"q1": 3}, at=LATER + timedelta(minutes=1))
    assert totals(house) == [11]


def test_correction_is_in_the_audit_with_ids_only(house: House) -> None:
    wrong = enter(house, CALM)
    right = correct(house, wrong, CALM | {"q3": 3})
    take_back(house, right, at=LATER + timedelta(minutes=1))

    found = AuditEvent.objects.filter(action__in=["screening.paper_corrected", "screening.paper_taken_back"])
    assert [(one.action, one.parent_id, one.detail) for one in found.order_by("at")] == [
        ("screening.paper_corrected", house.mother.id, {"instrument": "epds", "form": str(wrong.id)}),
        ("screening.paper_taken_back", house.mother.id, {"instrument": "epds", "form": str(right.id)}),
    ]


def test_correction_cannot_be_changed_or_removed(house: House) -> None:
    take_back(house, enter(house, CALM))

    with pytest.raises(DatabaseError), transaction.atomic():
        PaperCorrection.objects.update(at=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        PaperCorrection.objects.all().delete()


def test_correction_of_the_day_moves_the_form(house: House) -> None:
    wrong = enter(house, CALM)

    right = correct(house, wrong, CALM, filled_in_date=DAY - timedelta(days=7))

    assert right.question_set.due_at == NOON - timedelta(days=7)
    assert [one.answered_at for one in results_of(house.actor("nurse"), house.mother.id)] == [NOON - timedelta(days=7)]
    enter(house, CALM, at=LATER + timedelta(minutes=1))  # the day is free again
    assert totals(house) == [9, 9]


def test_correction_onto_a_day_that_has_its_form_is_refused(house: House) -> None:
    enter(house, CALM, day=DAY - timedelta(days=7))
    wrong = enter(house, CALM)

    with pytest.raises(Refused, match="was entered already"):
        correct(house, wrong, CALM, filled_in_date=DAY - timedelta(days=7))

    assert totals(house) == [9, 9]
    assert not PaperCorrection.objects.exists()


def test_second_person_who_corrects_the_same_form_is_told(house: House) -> None:
    wrong = enter(house, CALM)
    seen_by_both = PaperForm.objects.select_related("question_set").get(id=wrong.id)
    correct(house, wrong, CALM | {"q3": 3})

    with pytest.raises(Refused, match="Somebody has corrected this form already"):
        correct(house, seen_by_both, CALM | {"q3": 2}, at=LATER + timedelta(minutes=1))
    with pytest.raises(Refused, match="Somebody has corrected this form already"):
        take_back(house, seen_by_both, at=LATER + timedelta(minutes=1))

    assert totals(house) == [11]


def test_correction_can_be_corrected_again(house: House) -> None:
    first = enter(house, CALM)
    second = correct(house, first, CALM | {"q3": 3})

    correct(house, second, CALM | {"q3": 2}, at=LATER + timedelta(minutes=5))

    assert totals(house) == [10]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"reason": "  "}, "Say why"),
        ({"reason": "x" * 301}, "At most 300 characters; this has 301"),
        ({"values": CALM}, "Nothing was changed"),
        ({"values": {"q1": 4}}, "'4' is not possible"),
        ({"values": {}}, "Nothing was entered"),
        ({"filled_in_date": date(2026, 11, 24)}, "has not come yet"),
        ({"handed_in_by": "the cat"}, "who handed it in"),
    ],
)
def test_correction_that_cannot_be_is_refused_and_the_form_stands(
    house: House, changed: dict[str, Any], said: str
) -> None:
    form = enter(house, CALM)

    with pytest.raises(Refused, match=said):
        correct(house, form, **({"values": CALM | {"q3": 3}} | changed))

    assert totals(house) == [9]
    assert not PaperCorrection.objects.exists()


@pytest.mark.parametrize("who", ["administrator", "mother"])
def test_who_may_not_enter_paper_corrects_none(house: House, who: str) -> None:
    form, by = enter(house, CALM), house.actor(who)

    with pytest.raises(Refused, match="the right to enter"):
        correct(house, form, CALM | {"q3": 3}, by=by)
    with pytest.raises(Refused, match="the right to enter"):
        take_back_paper(form=form, reason=SLIP, by=by, at=LATER)
    with pytest.raises(Http404):
        paper_for(by, house.mother.id, form.id)

    assert totals(house) == [9]


def test_form_is_found_only_by_its_own_clinic_and_parent(house: House, other_house: House) -> None:
    form = enter(house, CALM)

    assert paper_for(house.actor("therapist"), house.mother.id, form.id) == form
    with pytest.raises(Http404):
        paper_for(house.actor("therapist"), house.father.id, form.id)
    with scope(clinic=other_house.clinic.id), pytest.raises(Http404):
        paper_for(other_house.actor("nurse"), house.mother.id, form.id)


def test_nothing_stays_of_a_correction_that_fails_halfway(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    form = enter(house, CALM)

    def fails(**_facts: object) -> None:
        raise Refused("No.")

    monkeypatch.setattr("firstlight.journey.screening.services.entering.complete", fails)
    with pytest.raises(Refused):
        correct(house, form, CALM | {"q10": 3})

    form.question_set.refresh_from_db()
    assert form.question_set.superseded_at is None
    assert not PaperCorrection.objects.exists()
    assert not Concern.objects.exists()


# What it asked for


def test_correction_that_asks_for_help_opens_its_task_at_once(house: House) -> None:
    form = enter(house, CALM)

    correct(house, form, CALM | {"q10": 2})

    concern = Concern.objects.get()
    assert (concern.came, concern.at, concern.strength) == (Came.OPENED, LATER, 2)
    assert "question 10. Scored: 2." in concern.reason
    assert "entered wrongly before and corrected now." in concern.reason


def test_stronger_correction_raises_the_open_task_and_starts_its_clock_again(house: House) -> None:
    form = enter(house, CALM | {"q10": 1})
    task = Task.objects.get(kind="concern")
    acknowledge(task=task, by=house.actor("nurse"), at=NOW)

    correct(house, form, CALM | {"q10": 3})

    task.refresh_from_db()
    assert events(task)[-2:] == ["raised", "paged"]
    assert (task.acknowledged_at, task.clock_began_at) == (None, LATER)


@pytest.mark.parametrize(("now", "said"), [(0, "it is 0."), (1, "it is 1."), (None, "left empty on the paper.")])
def test_weaker_correction_is_a_note_on_the_open_task_and_finishes_nothing(
    house: House, now: int | None, said: str
) -> None:
    form = enter(house, CALM | {"q10": 3})
    task = Task.objects.get(kind="concern")
    acknowledge(task=task, by=house.actor("nurse"), at=NOW)
    pages = OutboxMessage.objects.count()

    correct(house, form, CALM | {"q10": now})

    task.refresh_from_db()
    note = TaskEvent.objects.filter(task=task).order_by("-sequence")[0]
    assert (task.finished_at, task.acknowledged_at, note.kind) == (None, NOW, "noted")
    assert "filled in on Fri 20 Nov 2026" in note.note
    assert f"Question 10: entered as 3, {said}" in note.note
    assert SLIP in note.note
    assert OutboxMessage.objects.count() == pages


def test_form_taken_back_is_a_note_on_the_open_task_and_finishes_nothing(house: House) -> None:
    form = enter(house, CALM | {"q10": 3})
    task = Task.objects.get(kind="concern")

    take_back(house, form)

    task.refresh_from_db()
    note = TaskEvent.objects.filter(task=task).order_by("-sequence")[0]
    assert (task.finished_at, note.kind) == (None, "noted")
    assert "should not stand in this record" in note.note
    assert "Question 10: entered as 3." in note.note


def test_correction_of_another_item_pages_nobody_again(house: House) -> None:
    form = enter(house, CALM | {"q10": 2})
    task = Task.objects.get(kind="concern")
    before, pages = events(task), OutboxMessage.objects.count()

    correct(house, form, CALM | {"q3": 3, "q10": 2})

    assert events(task) == before
    assert OutboxMessage.objects.count() == pages


def test_correction_of_another_item_opens_no_second_task_after_the_first_was_finished(house: House) -> None:
    form = enter(house, CALM | {"q10": 2})
    finish(task=Task.objects.get(kind="concern"), outcome="Talked with her.", by=house.actor("nurse"), at=NOW)

    correct(house, form, CALM | {"q3": 3, "q10": 2})

    assert Task.objects.filter(kind="concern").count() == 1


@pytest.mark.parametrize("become", ["taken back", 0, 1])
def test_what_was_entered_wrongly_is_not_known_when_she_says_it_herself(house: House, become: object) -> None:
    bring_text(house, "epds")
    form = enter(house, CALM | {"q10": 2})
    task = Task.objects.get(kind="concern")
    acknowledge(task=task, by=house.actor("nurse"), at=NOW)
    if isinstance(become, int):
        correct(house, form, CALM | {"q10": become})
    else:
        take_back(house, form)
    at = LATER + timedelta(hours=1)
    tapped = assign(parent=house.mother, episode=house.episode, set_name="mood-birth", by=house.actor("nurse"), at=at)

    answer(question_set=tapped, item="epds:q10", value=2, by=parent_actor(house.mother), at=at)

    task.refresh_from_db()
    assert events(task)[-2:] != ["noted", "joined"]
    assert task.acknowledged_at is None  # the clock runs again


def test_calm_form_of_somebody_else_does_not_make_a_known_answer_new(house: House) -> None:
    """It had not eased in between: the form that said so was never hers."""
    enter(house, CALM | {"q10": 2}, day=DAY - timedelta(days=7))
    take_back(house, enter(house, CALM), at=LATER)

    enter(house, CALM | {"q10": 2}, day=DAY + timedelta(days=1), at=LATER + timedelta(minutes=1))

    assert [one.came for one in Concern.objects.order_by("at")] == [Came.OPENED, Came.JOINED]


@given(st.data())
@settings(max_examples=STORIES, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_correction_leaves_an_open_task_for_all_that_asks_for_help(house: House, data: st.DataObject) -> None:
    """Whatever was entered and whatever it became: what the right form asks for stands in an open task."""
    definition = data.draw(
        st.sampled_from([one for one in on_paper() if one.safety and one.name not in {"asq", "c-ssrs"}])
    )
    old, new = ({item.key: data.draw(st.sampled_from(item.values)) for item in definition.items} for _ in range(2))
    with transaction.atomic():
        form = enter(house, dict(old), definition.name)
        if old != new and sheet_of(form).values != new:
            correct(house, form, dict(new))
        held = set(Concern.objects.filter(task__finished_at__isnull=True).values_list("source", flat=True))
        transaction.set_rollback(True)

    assert {f"screening:{flag.rule}" for flag in flags(definition, new)} <= held


# Who reads answers: none of them counts the wrong form


def wrong_and_right(house: House) -> tuple[QuestionSet, QuestionSet]:
    """Enter 9 points, correct them to 11, and take another form of the week before back."""
    wrong = enter(house, CALM)
    right = correct(house, wrong, CALM | {"q3": 3})
    take_back(house, enter(house, CALM, day=DAY - timedelta(days=7)), at=LATER + timedelta(minutes=1))
    return wrong.question_set, right.question_set


def test_results_leave_out_the_wrong_form(house: House) -> None:
    _wrong, right = wrong_and_right(house)

    assert [one.question_set_id for one in results_of(house.actor("nurse"), house.mother.id)] == [right.id]


def test_sets_leave_out_the_wrong_form(house: House) -> None:
    _wrong, right = wrong_and_right(house)

    assert sets_of(house.actor("nurse"), house.mother.id) == [right]
    assert sets_for(parent_actor(house.mother)) == [right]


def test_parent_cannot_open_the_wrong_form(house: House) -> None:
    wrong, right = wrong_and_right(house)

    assert set_for(parent_actor(house.mother), right.id) == right
    with pytest.raises(Http404):
        set_for(parent_actor(house.mother), wrong.id)


def test_replies_leave_out_the_wrong_form(house: House) -> None:
    _wrong, right = wrong_and_right(house)

    assert set(replies_of(house.actor("nurse"), house.mother.id)) == {right.id}


def test_record_of_the_answers_holds_the_wrong_form_too(house: House) -> None:
    wrong, right = wrong_and_right(house)

    record = record_of(house.actor("nurse"), house.mother.id)

    assert {wrong.id, right.id} < {one.id for one in record.sets}
    assert len(record.results) == 3


def test_totals_of_the_chart_leave_out_the_wrong_form(house: House) -> None:
    wrong_and_right(house)

    assert [one.value for one in totals_about(house.actor("nurse"), house.mother)] == [11]
    assert [one.value for one in totals_in(house.episode.id, "epds")] == [11]


def test_single_answers_of_the_chart_leave_out_the_wrong_form(house: House) -> None:
    wrong, right = wrong_and_right(house)
    by, since, until = house.actor("nurse"), NOON - timedelta(days=30), NOW

    assert [one.value for one in said_about(by, house.mother, "epds", ["q3"], since, until)] == [3]
    (week,) = stretches_about(by, house.mother, "epds", ["q3"], since, until, by="week", zone=ZONE)
    assert (week.answered, week.low, week.high) == (1, 3, 3)
    assert begun_in(by, house.mother, "epds", [wrong.id]) == set()
    assert (right.id, "q3") in begun_in(by, house.mother, "epds", [wrong.id, right.id])


def test_attempt_that_was_entered_wrongly_is_not_on_record(house: House) -> None:
    quiet: dict[str, int | None] = dict.fromkeys(("q1", "q2", "q3", "q4"), 0)
    form = enter(house, {**quiet, "q4": 1, "q5": 0}, "asq")
    assert [one.item for one in recorded_once(house.mother.id)] == ["q4"]

    correct(house, form, quiet)

    assert recorded_once(house.mother.id) == []


def test_what_was_superseded_since_is_known_by_instrument(house: House) -> None:
    take_back(house, enter(house, CALM))

    assert superseded_since(house.mother.id, NOW) == {"epds"}
    assert superseded_since(house.mother.id, LATER) == set()


def test_same_questionnaire_can_be_sent_once_its_form_was_taken_back(house: House) -> None:
    bring_text(house, "epds")
    form = enter(house, CALM)
    assert refusal(house, "mood-birth") != ""

    take_back(house, form)

    assert refusal(house, "mood-birth") == ""


def test_recall_counts_from_the_day_on_the_paper(house: House) -> None:
    """Filled in on Monday, typed on Thursday: the seven days of the EPDS are over on the Monday after."""
    bring_text(house, "epds")
    monday, thursday = date(2026, 11, 16), datetime(2026, 11, 19, 15, tzinfo=ZONE)
    enter(house, CALM, day=monday, at=thursday)

    just_before = datetime(2026, 11, 23, 11, 59, tzinfo=ZONE)
    assert "Again from today 12:00" in refusal(house, "mood-birth", at=just_before)
    assert refusal(house, "mood-birth", at=just_before + timedelta(minutes=1)) == ""


def refusal(house: House, name: str, *, at: datetime = LATER) -> str:
    offers = offers_for(house.actor("nurse"), house.mother, at)
    return str(next(one.refusal for one in offers.sent if one.plan.name == name))
