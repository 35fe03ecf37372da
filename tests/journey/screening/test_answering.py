"""Taps: each saved at once, none twice, none lost, and none that asks for help without its task."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django_scopes import scope

from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Loss
from firstlight.ground.safety.models import Concern
from firstlight.ground.worklist.models import Task
from firstlight.journey.screening import services
from firstlight.journey.screening.models import Answer, QuestionSet, Result
from firstlight.journey.screening.selectors import flags_in, given_in, replies_in, sets_for
from firstlight.journey.screening.services import answer, answering, assign, assign_first, complete, completing, skip
from tests.cast import NOW, House
from tests.journey.screening.telling import answer_all, day_set, first_set

SOON = NOW + timedelta(minutes=3)


@pytest.fixture(autouse=True)
def _inside_harbour(house: House) -> Iterator[None]:
    with scope(clinic=house.clinic.id):
        yield


def tap(house: House, question_set: QuestionSet, item: str, value: int) -> services.Saved:
    return answer(question_set=question_set, item=item, value=value, by=house.actor("mother"), at=SOON)


def test_tap_is_one_row_with_who_and_when(house: House) -> None:
    question_set = first_set(house)

    tap(house, question_set, "phq-9:q1", 2)

    row = Answer.objects.get()
    assert (row.instrument, row.item, row.value, row.answered_at) == ("phq-9", "q1", 2, SOON)
    assert row.answered_by_id == house.mother.account_id
    assert row.amends is None


def test_same_value_twice_is_one_row_and_one_event(house: House) -> None:
    question_set = first_set(house)

    tap(house, question_set, "phq-9:q1", 2)
    tap(house, question_set, "phq-9:q1", 2)

    assert Answer.objects.count() == 1
    assert AuditEvent.objects.filter(action="screening.answered").count() == 1


def test_changed_answer_keeps_the_old_one(house: House) -> None:
    question_set = first_set(house)

    for value in (2, 3, 2):
        tap(house, question_set, "phq-9:q1", value)

    (reply,) = replies_in([question_set.id])[question_set.id]
    assert reply.values == (2, 3, 2)
    assert given_in(question_set) == {"phq-9": {"q1": 2}}


def test_answer_row_cannot_be_changed_or_removed(house: House) -> None:
    tap(house, first_set(house), "phq-9:q1", 2)

    for statement in ("UPDATE screening_answer SET value = 0", "DELETE FROM screening_answer"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize("value", [-1, 4, 99, 10**12])
def test_value_that_is_no_option_is_refused_by_the_questions_name(house: House, value: int) -> None:
    question_set = first_set(house)

    with pytest.raises(Refused, match="Nearly every day") as refused:
        tap(house, question_set, "phq-9:q1", value)

    assert (refused.value.field, refused.value.value) == ("phq-9:q1", value)
    assert Answer.objects.count() == 0


def test_question_of_another_set_is_refused(house: House) -> None:
    with pytest.raises(Refused, match="no such question"):
        tap(house, day_set(house), "phq-9:q9", 3)


def test_finished_set_takes_no_more_answers(house: House) -> None:
    question_set = day_set(house)
    answer_all(house, question_set)
    complete(question_set=question_set, by=house.actor("mother"), at=SOON)

    with pytest.raises(Refused, match="sent already"):
        tap(house, question_set, "check-in:mood", 9)


def test_expired_set_takes_no_more_answers_and_keeps_those_it_has(house: House) -> None:
    question_set = day_set(house, expires_at=SOON + timedelta(hours=1))
    tap(house, question_set, "check-in:mood", 4)

    with pytest.raises(Refused, match="time for these questions is over"):
        answer(
            question_set=question_set,
            item="check-in:anxiety",
            value=2,
            by=house.actor("mother"),
            at=SOON + timedelta(hours=1),
        )

    assert given_in(question_set) == {"check-in": {"mood": 4}}


def test_set_that_opens_later_takes_no_answers_yet(house: House) -> None:
    question_set = day_set(house, at=SOON + timedelta(minutes=1))

    with pytest.raises(Refused, match="open later"):
        tap(house, question_set, "check-in:mood", 4)


@pytest.mark.parametrize(
    ("item", "value", "level"),
    [
        ("asq:q1", 1, "L2"),
        ("asq:q4", 2, "L2"),
        ("asq:q5", 1, "L4"),
        ("phq-9:q9", 1, "L2"),
        ("phq-9:q9", 3, "L2"),
        ("health-10:warning", 1, "L3"),
    ],
)
def test_answer_that_asks_for_help_opens_a_task_with_a_clock(house: House, item: str, value: int, level: str) -> None:
    saved = tap(house, first_set(house), item, value)

    concern = Concern.objects.get()
    assert saved.concern is not None
    assert (saved.concern.level, saved.concern.new) == (level, True)
    assert (concern.level, concern.parent_id) == (level, house.mother.id)
    assert concern.task.acknowledge_by > SOON
    assert (concern.task.link_name, concern.task.link_id) == ("screening:answers", str(house.mother.id))


@pytest.mark.parametrize(("item", "value"), [("asq:q1", 0), ("phq-9:q9", 0), ("phq-9:q8", 3), ("health-10:heart", 1)])
def test_answer_that_asks_for_no_help_opens_no_task(house: House, item: str, value: int) -> None:
    assert tap(house, first_set(house), item, value).concern is None

    assert Task.objects.count() == 0


def test_check_in_urge_to_harm_opens_a_task(house: House) -> None:
    saved = tap(house, day_set(house), "check-in:harm", 1)

    assert saved.concern is not None
    assert Task.objects.count() == 1


def asking(house: House, *names: str) -> QuestionSet:
    """A set of instruments that no set asks yet."""
    question_set = day_set(house)
    QuestionSet.objects.filter(id=question_set.id).update(instruments=list(names))
    question_set.refresh_from_db()
    return question_set


def test_answer_that_only_the_clinic_looks_at_opens_a_task_and_interrupts_nobody(house: House) -> None:
    question_set = asking(house, "side-effects")

    saved = tap(house, question_set, "side-effects:blood", 1)

    assert saved.concern is None
    assert [(one.level, one.source) for one in Concern.objects.all()] == [("L2", "screening:side-effects-blood")]
    assert flags_in(question_set) == []


def test_rule_without_a_level_of_the_ladder_raises_no_concern(house: House) -> None:
    question_set = asking(house, "mdq")
    for number in (*range(1, 8), 14):
        tap(house, question_set, f"mdq:q{number}", 1)

    saved = tap(house, question_set, "mdq:q15", 2)

    assert saved.concern is None
    assert not Concern.objects.exists()
    assert flags_in(question_set) == []


def test_answer_is_not_stored_when_its_task_cannot_be(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    question_set = first_set(house)

    def fails(**anything: object) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(answering, "raise_concern", fails)

    with pytest.raises(DatabaseError, match="disk full"):
        tap(house, question_set, "phq-9:q9", 2)

    assert Answer.objects.count() == 0
    assert AuditEvent.objects.filter(action="screening.answered").count() == 0


def test_second_positive_answer_of_a_sitting_is_not_new_and_a_stronger_one_is(house: House) -> None:
    question_set = first_set(house)

    told = [
        tap(house, question_set, item, value).concern
        for item, value in [("asq:q1", 1), ("asq:q3", 1), ("asq:q5", 1), ("phq-9:q9", 2), ("health-10:warning", 1)]
    ]

    assert [concern.new for concern in told if concern] == [True, False, True, False, True]


def test_positive_answer_taken_back_keeps_its_task(house: House) -> None:
    question_set = first_set(house)
    tap(house, question_set, "phq-9:q9", 2)

    assert tap(house, question_set, "phq-9:q9", 0).concern is None

    assert Task.objects.get().finished_at is None


def test_passed_over_question_is_kept_as_no_answer(house: House) -> None:
    question_set = first_set(house)

    skip(question_set=question_set, item="phq-9:q4", by=house.actor("mother"), at=SOON)

    assert given_in(question_set) == {"phq-9": {"q4": None}}


def test_asq_question_is_refused_by_its_own_answer_not_passed_over(house: House) -> None:
    with pytest.raises(Refused, match="I do not want to answer"):
        skip(question_set=first_set(house), item="asq:q1", by=house.actor("mother"), at=SOON)


def test_finished_set_is_scored_instrument_by_instrument_and_announced(house: House) -> None:
    question_set = first_set(house)
    answer_all(house, question_set)

    results = complete(question_set=question_set, by=house.actor("mother"), at=SOON)

    assert [(one.instrument, one.total, one.maximum, one.band, one.complete) for one in results] == [
        ("asq", None, None, "negative screen", True),
        ("phq-9", 8, 27, "mild", True),
        ("gad-7", 7, 21, "mild", True),
        ("health-10", None, None, "", True),
    ]
    assert QuestionSet.objects.get().completed_at == SOON
    assert all(len(one.version) == 12 for one in results)


def test_finished_first_set_asks_a_prescriber_to_read_it(house: House) -> None:
    question_set = first_set(house)
    answer_all(house, question_set)

    complete(question_set=question_set, by=house.actor("mother"), at=SOON)

    task = Task.objects.get()
    assert (task.kind, task.role, task.acknowledge_by) == ("answers-to-read", "prescriber", SOON + timedelta(days=2))


def test_last_tap_is_kept_only_together_with_the_sending_of_the_set(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    question_set = day_set(house)
    answer_all(house, question_set, leave="check-in:harm")

    def fails(*anything: object, **more: object) -> None:
        raise DatabaseError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(completing, "announce", fails)
        with pytest.raises(DatabaseError, match="disk full"):
            services.tap(question_set=question_set, item="check-in:harm", value=0, by=house.actor("mother"), at=SOON)
    assert not Answer.objects.filter(item="harm").exists()

    saved = services.tap(question_set=question_set, item="check-in:harm", value=0, by=house.actor("mother"), at=SOON)
    assert saved.finished
    assert QuestionSet.objects.get().completed_at == SOON


def test_set_with_open_questions_cannot_be_finished(house: House) -> None:
    question_set = first_set(house)
    tap(house, question_set, "asq:q1", 0)

    with pytest.raises(Refused, match="29 questions are still open"):
        complete(question_set=question_set, by=house.actor("mother"), at=SOON)

    assert Result.objects.count() == 0


def test_passed_over_question_leaves_no_total(house: House) -> None:
    question_set = first_set(house)
    skip(question_set=question_set, item="phq-9:q4", by=house.actor("mother"), at=SOON)
    answer_all(house, question_set)

    complete(question_set=question_set, by=house.actor("mother"), at=SOON)

    result = Result.objects.get(instrument="phq-9")
    assert (result.total, result.band, result.complete) == (None, "", False)


def test_item_about_the_child_is_not_missed_after_a_loss(house: House) -> None:
    Loss.objects.create(
        clinic=house.clinic, family=house.mother.family, recorded_at=NOW, recorded_by=house.nurse.account
    )
    question_set = day_set(house)
    answer_all(house, question_set)

    (result,) = complete(question_set=question_set, by=house.actor("mother"), at=SOON)

    assert result.complete
    assert not Answer.objects.filter(item="closeness").exists()


def test_unknown_set_is_refused_and_the_known_ones_named(house: House) -> None:
    with pytest.raises(Refused, match="first, day, day-full, week"):
        assign(parent=house.mother, episode=house.episode, set_name="epds", by=house.actor("nurse"), at=NOW)


def test_same_anchor_is_one_set_even_when_it_is_finished(house: House) -> None:
    question_set = day_set(house)
    answer_all(house, question_set)
    complete(question_set=question_set, by=house.actor("mother"), at=SOON)

    assert day_set(house, at=SOON) == question_set


def test_invitation_sent_again_does_not_ask_the_first_questions_again(house: House) -> None:
    asked = assign_first(episode=house.episode, by=house.actor("nurse"), at=NOW)
    answer_all(house, asked)
    complete(question_set=asked, by=house.actor("mother"), at=SOON)

    assign_first(episode=house.episode, by=house.actor("nurse"), at=SOON)

    assert sets_for(house.actor("mother")) == [asked]


def test_audit_of_an_answer_holds_no_answer(house: House) -> None:
    tap(house, first_set(house), "phq-9:q9", 3)

    details = [event.detail for event in AuditEvent.objects.filter(action="screening.answered")]

    assert details == [{"item": "phq-9:q9", "amends": False}]
