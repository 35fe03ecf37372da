"""What a dose brings: check-ins arranged once, opened on their day, a neutral message, and what came back of them."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.http import Http404
from django.template.loader import render_to_string
from django.test import Client
from django.utils.module_loading import import_string
from django_scopes import scope

from firstlight.clinical.instruments import instrument
from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.models import EpisodeState
from firstlight.ground.people.services import record_loss
from firstlight.ground.people.services.episodes import move
from firstlight.ground.worklist.models import OutboxMessage, Task
from firstlight.journey.dosing.models import Session
from firstlight.journey.response import selectors, services
from firstlight.journey.response.gaps import closed_about
from firstlight.journey.response.models import CheckIn
from firstlight.journey.response.reading import check_in_rows, line_rows
from firstlight.journey.response.selectors.course import Line
from firstlight.journey.screening.models import Answer, QuestionSet
from firstlight.journey.screening.selectors import open_sets_for, questions_of
from firstlight.journey.screening.services import send_set, tap
from firstlight.journey.timeline.wording import course_sentence
from tests.cast import House
from tests.journey.dosing.telling import Chair
from tests.journey.response.telling import (
    DAY,
    HOUR,
    answered,
    answered_check_in,
    check_in,
    check_ins,
    moment_of,
    opened,
    opened_at,
)
from tests.journey.screening.telling import bring_text, was_told

NOT_ON_THE_OUTSIDE = ("ketamine", "mood", "Maya", "Harbour", "clinic", "dose", "depress", "PHQ")


def sent(chair: Chair) -> list[OutboxMessage]:
    return chair.scoped(lambda: list(OutboxMessage.objects.filter(template=services.MESSAGE).order_by("made_at")))


def measure(chair: Chair, key: str, now: datetime) -> selectors.Measure:
    reports = chair.scoped(lambda: selectors.reports_of(chair.by("prescriber"), chair.house.mother.id))
    return selectors.item_measure(reports, key, now) if key == "mood" else selectors.score_measure(reports, key, now)


def moved(chair: Chair, to: EpisodeState) -> None:
    chair.scoped(
        lambda: move(
            episode=chair.house.episode, to=to, reason="She moves away.", by=chair.by("prescriber"), at=chair.now
        )
    )


@pytest.mark.begins("recovering")
def test_first_dose_arranges_hours_weeks_and_months(chair: Chair) -> None:
    ended = chair.now

    found = check_ins(chair)

    due = {rule: found[rule].due_at - ended for rule in ("day-1", "day-3", "week-1", "week-6", "month-5", "bond-1")}
    assert due == {
        "day-1": DAY, "day-3": 3 * DAY, "week-1": 7 * DAY, "week-6": 42 * DAY, "month-5": 168 * DAY, "bond-1": 30 * DAY,
    }  # fmt: skip
    assert [one.question_set for one in found.values() if one.question_set] == []


def test_signed_order_arranges_what_is_asked_before_the_first_dose(chair: Chair) -> None:
    before = chair.scoped(lambda: list(CheckIn.objects.filter(session=None).values_list("rule", flat=True)))

    assert sorted(before) == ["bond-0", "living-0"]


@pytest.mark.begins("recovering")
def test_arranging_twice_is_arranging_once(chair: Chair) -> None:
    first = check_ins(chair)

    again = chair.scoped(
        lambda: services.arrange_check_ins(
            session_id=chair.open.id,
            parent=chair.open.parent,
            episode=chair.open.episode,
            by=chair.by("nurse"),
            at=chair.now + HOUR,
        )
    )

    assert again == []
    assert check_ins(chair) == first


@pytest.mark.begins("left")
def test_new_dose_takes_back_what_nobody_began_and_the_audit_says_so(chair: Chair) -> None:
    first = chair.open.id
    chair.second_dose()

    rows = chair.scoped(lambda: list(CheckIn.objects.filter(session_id=first)))
    new = chair.scoped(lambda: [one.rule for one in CheckIn.objects.exclude(session_id=first).exclude(session=None)])
    gone = {one.rule: one.ended_why for one in rows if one.ended_at}
    assert gone == {"day-1": "new-dose", "day-3": "new-dose"}
    assert new == ["day-1", "day-3"]
    told = AuditEvent.objects.filter(action="check_in.ended", about_id=str(rows[0].id)).get()
    assert told.detail == {"why": "new-dose"}
    arranged = AuditEvent.objects.filter(action="check_ins.arranged").order_by("-sequence")[0]
    assert arranged.detail == {"count": 2, "ended": 2}


@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.begins("left")
def test_new_dose_closes_an_open_set_that_nobody_began_but_not_one_that_was_begun(chair: Chair, begun: bool) -> None:
    question_set, before = opened(chair, "day-1"), check_in(chair, "day-1").id
    closes_at = question_set.expires_at
    if begun:
        chair.answer_one(question_set, "check-in:mood", 4, moment_of(chair, "day-1") + HOUR)
    later = moment_of(chair, "day-1") + 2 * HOUR
    chair.scoped(
        lambda: services.arrange_check_ins(
            session_id=another_session(chair), parent=chair.house.mother, episode=chair.house.episode,
            by=chair.by("nurse"), at=later,
        )
    )  # fmt: skip

    question_set.refresh_from_db()
    row = chair.scoped(lambda: CheckIn.objects.get(id=before))
    assert row.ended_why == ("" if begun else "new-dose")
    assert question_set.expires_at == (closes_at if begun else later)


@pytest.mark.begins("left")
def test_answers_of_a_check_in_that_a_new_dose_ended_count_and_it_stays_ended(chair: Chair) -> None:
    """They were tapped while it was open, and waited on the phone."""
    question_set, before = opened(chair, "day-1"), check_in(chair, "day-1").id
    later = moment_of(chair, "day-1") + 2 * HOUR
    chair.scoped(
        lambda: services.arrange_check_ins(
            session_id=another_session(chair), parent=chair.house.mother, episode=chair.house.episode,
            by=chair.by("nurse"), at=later,
        )
    )  # fmt: skip
    question_set.refresh_from_db()
    for question in chair.scoped(lambda: questions_of(question_set, {})):
        chair.scoped(
            lambda key=question.key: tap(
                question_set=question_set,
                item=key,
                value=0,
                by=chair.by("mother"),
                at=later + HOUR,
                tapped_at=later - HOUR,
            )
        )

    question_set.refresh_from_db()
    row = chair.scoped(lambda: CheckIn.objects.get(id=before))
    assert question_set.completed_at == later + HOUR
    assert (row.ended_why, row.answered_at) == ("new-dose", None)


def another_session(chair: Chair) -> UUID:
    """Let another session of Maya's order stand, with a dose two hours after the first check-in opened."""
    chair.visits.pop(0)
    opened_session = chair.open
    fields = {field.attname: getattr(opened_session, field.attname) for field in Session._meta.concrete_fields}
    fields |= {"id": uuid4(), "visit_id": chair.first.id, "number": 2, "place": 2}
    return Session.objects.create(**fields).id


@pytest.mark.begins("recovering")
def test_check_in_is_offered_from_its_hour_until_it_closes(chair: Chair) -> None:
    mother, due = chair.by("mother"), moment_of(chair, "day-1")
    assert opened_at(chair, due - HOUR) is None
    opened(chair, "day-1")

    for moment, offered in ((due, 1), (due + 23 * HOUR, 1), (due + 24 * HOUR, 0)):
        waiting = chair.scoped(lambda moment=moment: selectors.due_check_ins(mother, moment))  # type: ignore[misc]  # bound to this turn
        sets = chair.scoped(lambda moment=moment: open_sets_for(mother, moment))  # type: ignore[misc]  # likewise
        assert len(waiting) == offered
        assert len([one for one in sets if one.anchor.startswith("dose:")]) == offered


@pytest.mark.begins("recovering")
def test_opening_twice_is_opening_once(chair: Chair) -> None:
    opened(chair, "day-1")
    sets = len(chair.scoped(lambda: list(QuestionSet.objects.all())))

    assert opened_at(chair, moment_of(chair, "day-1")) is None
    assert len(chair.scoped(lambda: list(QuestionSet.objects.all()))) == sets


@pytest.mark.begins("recovering")
def test_message_is_sent_once_when_it_opens_in_neutral_words(chair: Chair) -> None:
    due = moment_of(chair, "day-1")

    services.remind_due(due - timedelta(minutes=1))
    assert sent(chair) == []
    services.remind_due(due)
    services.remind_due(due + HOUR)
    services.remind_due(due + 23 * HOUR)

    messages = sent(chair)
    assert [message.to for message in messages] == [chair.house.mother.email]
    context = messages[0].context
    assert set(context) == {"link", "also", "hours"}
    assert "/me/c/" in context["link"]
    assert not [word for word in NOT_ON_THE_OUTSIDE if word.lower() in str(context).lower()]


def test_nothing_opens_mails_or_reminds_while_she_sits_in_the_chair(chair: Chair) -> None:
    """Something was sent to her, and what is asked before the first dose is due: all of it waits until she has left."""
    chair.opened()
    chair.scoped(lambda: send_set(episode=chair.house.episode, set_name="trauma", by=chair.by("nurse"), at=chair.now))
    chair.scoped(lambda: CheckIn.objects.filter(rule="bond-0").update(due_at=chair.now, open_by=chair.now + DAY))
    before = (sent(chair), chair.scoped(QuestionSet.objects.count))

    for goes_on in (lambda: chair, chair.rested):
        goes_on()
        services.remind_due(chair.now)
        assert (sent(chair), chair.scoped(QuestionSet.objects.count)) == before

    chair.leave()
    services.remind_due(chair.now)
    assert len(sent(chair)) == len(before[0]) + 1


def test_messages_words_say_nothing_about_care() -> None:
    where = {"link": "https://example.invalid/me/c/x/", "hours": "https://example.invalid/me/hours/"}
    said = render_to_string(services.MESSAGE, where)

    assert said.splitlines()[0] == "You have a message"
    assert not [word for word in NOT_ON_THE_OUTSIDE if word.lower() in said.lower()]


@pytest.mark.begins("recovering")
def test_reminders_follow_as_often_as_the_schedule_says_and_a_day_apart(chair: Chair) -> None:
    due = moment_of(chair, "week-3")
    for hours in range(0, 24 * 7, 3):
        services.remind_due(due + hours * HOUR)

    of_week = [one for one in sent(chair) if one.key and one.key.startswith(f"check-in:{set_of(chair, 'week-3')}")]
    assert [str(one.key)[-2:] for one in of_week] == [":1", ":2", ":3"]
    days = [one.made_at.date() for one in sent(chair)]
    assert len(days) == len(set(days))


@pytest.mark.begins("recovering")
def test_reminder_is_left_to_a_check_in_that_comes_within_the_hours_in_which_prompts_merge(chair: Chair) -> None:
    due = moment_of(chair, "week-3")
    services.remind_due(due)
    again, other = due + 25 * HOUR, check_in(chair, "effects-1")

    def messages_when_it_comes_after(hours: int) -> int:
        comes = again + hours * HOUR
        chair.scoped(lambda: CheckIn.objects.filter(id=other.id).update(due_at=comes, open_by=comes + 10 * DAY))
        services.remind_due(again)
        return sum(str(set_of(chair, "week-3")) in str(one.key) for one in sent(chair))

    assert [messages_when_it_comes_after(hours) for hours in (12, 13)] == [1, 2]


def set_of(chair: Chair, rule: str) -> object:
    return check_in(chair, rule).question_set_id


@pytest.mark.begins("recovering")
def test_what_is_answered_is_not_reminded_of(chair: Chair) -> None:
    due = moment_of(chair, "week-3")
    services.remind_due(due)
    question_set = check_in(chair, "week-3").question_set
    assert question_set is not None
    answered(chair, question_set, due + HOUR)

    services.remind_due(due + 25 * HOUR)

    about = [one for one in sent(chair) if str(question_set.id) in str(one.key)]
    assert len(about) == 1
    assert check_in(chair, "week-3").answered_at is not None


@pytest.mark.parametrize("state", [EpisodeState.TRANSFERRED, EpisodeState.CLOSED])
@pytest.mark.begins("left")
def test_who_left_is_not_asked_and_what_waited_ends(chair: Chair, state: EpisodeState) -> None:
    moved(chair, state)

    services.remind_due(moment_of(chair, "day-1"))

    assert sent(chair) == []
    dosed = [one for rule, one in check_ins(chair).items() if one.session_id]
    assert {one.ended_why for one in dosed} == {"episode-over"}


def test_who_rests_is_not_asked_what_is_not_for_safety_and_is_asked_it_after_the_pause(chair: Chair) -> None:
    """Until now a pause silenced everything, also the day after the dose: see `test_in_a_pause`."""
    chair.left()
    moved(chair, EpisodeState.PAUSED)
    due = moment_of(chair, "week-5")

    services.remind_due(due)
    assert sent(chair) == []
    moved(chair, EpisodeState.ACTIVE)
    services.remind_due(due + HOUR)

    assert len(sent(chair)) == 1


@pytest.mark.begins("left")
def test_after_a_loss_nothing_about_the_child_is_asked(chair: Chair) -> None:
    chair.scoped(lambda: record_loss(family=chair.house.mother.family, by=chair.by("nurse"), at=chair.now))

    question_set = opened(chair, "day-1")
    opened_at(chair, check_in(chair, "bond-1").due_at)

    answered(chair, question_set, moment_of(chair, "day-1") + HOUR)
    keys = chair.scoped(lambda: set(Answer.objects.filter(question_set=question_set).values_list("item", flat=True)))
    assert "closeness" not in keys
    assert check_in(chair, "bond-1").question_set is None


def test_asking_runs_in_the_background() -> None:
    jobs = import_string(settings.FIRSTLIGHT_PERIODIC)

    assert import_string(next(path for path in jobs if path.endswith(".remind_due"))) is services.remind_due


@pytest.mark.begins("recovering")
def test_link_opened_twice_gives_no_double_entries(chair: Chair) -> None:
    """Two phones hold the same link. Both tap through it: one answer a question, one result, and then the page that says so."""
    due = moment_of(chair, "day-1")
    services.remind_due(due)
    path = "/me/c/" + sent(chair)[0].context["link"].partition("/me/c/")[2]
    was_told(chair.house)
    phones, items = [Client(), Client()], [item.key for item in instrument("check-in").items]
    with time_machine.travel(due + HOUR, tick=False):
        assert [phone.get(path).status_code for phone in phones] == [200, 200]
        for position, item in enumerate(items, 1):
            for phone in phones:
                phone.post(f"{path}{position}/", {"item": f"check-in:{item}", "value": 5 * (item != "harm")})
        closed = [phone.get(path).status_code for phone in phones]

    rows = chair.scoped(lambda: list(Answer.objects.filter(question_set_id=check_in(chair, "day-1").question_set_id)))
    assert len(rows) == len({row.item for row in rows}) == len(items)
    assert [one.value for one in measure(chair, "mood", due + 2 * HOUR).points] == [5]
    assert closed == [410, 410]


@pytest.mark.begins("recovering")
def test_week_asks_the_epds_once_the_clinic_brought_its_text(chair: Chair) -> None:
    bring_text(chair.house, "epds", at=check_in(chair, "week-2").due_at - DAY)

    week = opened(chair, "week-2")

    assert "epds" in week.instruments


@pytest.mark.begins("recovering")
def test_answers_and_gaps_stand_in_the_order_of_time(chair: Chair) -> None:
    answered_check_in(chair, "day-1")
    opened(chair, "week-1")
    week = check_in(chair, "week-1")
    late = week.open_by + 5 * DAY

    mood, phq = measure(chair, "mood", late), measure(chair, "phq-9", late)

    assert [point.value for point in mood.points] == [5]
    assert [(point.at, point.value) for point in phq.points] == [(week.due_at, None)]
    reports = chair.scoped(lambda: selectors.reports_of(chair.by("prescriber"), chair.house.mother.id))
    assert reports.unanswered(late) == (1, 2)
    silent = chair.scoped(lambda: selectors.who_does_not_answer(chair.by("nurse"), late))
    assert [(one.parent, one.missed) for one in silent] == [(chair.house.mother, 1)]


@pytest.mark.begins("recovering")
def test_answer_given_before_she_left_counts_though_the_set_was_not_finished(chair: Chair) -> None:
    chair.answer_one(opened(chair, "day-1"), "check-in:mood", 7, moment_of(chair, "day-1") + HOUR)

    mood = measure(chair, "mood", moment_of(chair, "day-1") + 2 * DAY)

    assert [point.value for point in mood.points] == [7]


@pytest.mark.begins("recovering")
def test_check_in_of_four_taps_counts_as_answered_and_the_asq_that_followed_is_named_as_open(chair: Chair) -> None:
    """Before the time is over as after it. The task of her answer keeps its clock, and she still finds the questions."""
    at = tapped(chair, opened(chair, "day-3"), harm=1)

    row = check_in(chair, "day-3")
    asked = row.question_set
    assert asked is not None
    assert row.answered_at == at
    assert (asked.completed_at, asked.instruments) == (None, ["check-in", "asq"])
    told = {now: fate(chair, now) for now in (at + HOUR, at + 2 * DAY)}
    assert list(told.values()) == [("Answered", "ASQ followed: still open"), ("Answered", "ASQ followed: not answered")]
    for now in told:
        reports = chair.scoped(lambda: selectors.reports_of(chair.by("prescriber"), chair.house.mother.id))
        closed = chair.scoped(lambda now=now: closed_about(chair.by("prescriber"), chair.house.mother, now))  # type: ignore[misc]  # bound to this turn
        assert (reports.unanswered(now)[0], closed.unanswered[0]) == (0, 0)
        assert chair.scoped(lambda now=now: selectors.who_does_not_answer(chair.by("nurse"), now)) == ()  # type: ignore[misc]  # likewise
        assert [point.value for point in measure(chair, "mood", now).points] == [5]
    mother = chair.by("mother")
    assert [one.id for one in chair.scoped(lambda: selectors.due_check_ins(mother, at + HOUR))] == [row.id]
    assert asked in chair.scoped(lambda: open_sets_for(mother, at + HOUR))
    task = chair.scoped(lambda: Task.objects.get(kind="concern"))
    assert (task.clock_began_at, task.finished_at, task.acknowledged_at) == (at, None, None)


@pytest.mark.begins("recovering")
def test_check_in_that_was_left_before_its_last_tap_is_not_answered(chair: Chair) -> None:
    question_set = opened(chair, "day-3")
    at = question_set.assigned_at + HOUR
    for item, value in (("mood", 5), ("harm", 1)):
        chair.scoped(
            lambda item=item, value=value: tap(
                question_set=question_set, item=f"check-in:{item}", value=value, by=chair.by("mother"), at=at
            )
        )  # type: ignore[misc]  # bound to this turn

    assert check_in(chair, "day-3").answered_at is None
    assert fate(chair, at + 2 * DAY)[0] == "Begun, not finished in time"


def tapped(chair: Chair, question_set: QuestionSet, harm: int) -> datetime:
    """Let Maya tap through the daily check-in's own questions an hour after it opened; return when."""
    at = question_set.assigned_at + HOUR
    question_set.parent = chair.house.mother
    own = chair.scoped(lambda: [one.key for one in questions_of(question_set, {})])
    for key in own:
        value = harm if key == "check-in:harm" else 5
        chair.scoped(
            lambda key=key, value=value: tap(
                question_set=question_set, item=key, value=value, by=chair.by("mother"), at=at
            )
        )  # type: ignore[misc]  # bound to this turn
    return at


def fate(chair: Chair, now: datetime) -> tuple[str, str]:
    """Return what the clinic reads of the third day's check-in: its state, and the notes."""
    course = chair.scoped(lambda: selectors.course_of(chair.by("prescriber"), chair.house.mother, now))
    row = next(one for one in check_in_rows(course, now) if one.name.startswith("Day 3"))
    return row.words, "; ".join(row.notes)


@pytest.mark.begins("recovering")
def test_open_check_in_is_neither_answer_nor_gap(chair: Chair) -> None:
    opened(chair, "day-1")

    assert measure(chair, "mood", moment_of(chair, "day-1") + HOUR).points == ()


@pytest.mark.parametrize(
    ("first", "last", "delta", "reliable", "direction"),
    [
        (19, 8, -11, True, "better"),
        (19, 17, -2, False, "better"),
        (12, 18, 6, True, "worse"),
        (12, 12, 0, False, "same"),
    ],
)
def test_change_is_told_with_its_certainty(first: int, last: int, delta: int, reliable: bool, direction: str) -> None:
    change = selectors.change_of(line(first, last))

    assert change is not None
    assert (change.delta, change.reliable, change.direction) == (delta, reliable, direction)


def line(*values: int | None) -> selectors.Measure:
    """Return PHQ-9 totals two weeks apart, the first on 20 November."""
    start = datetime.fromisoformat("2026-11-20T12:00:00+00:00")
    points = tuple(selectors.Point(start + place * 14 * DAY, value) for place, value in enumerate(values))
    return selectors.Measure("phq-9", "PHQ-9", 0, 27, lower_is_better=True, validated=True, points=points)


def test_change_counts_from_the_last_total_before_the_first_dose() -> None:
    measured = line(21, 19, 12)
    first_dose_at = measured.points[1].at + DAY

    change = selectors.change_of(measured, first_dose_at)

    assert change is not None
    assert (change.first, change.last) == (19, 12)


@pytest.mark.parametrize(
    ("last", "says"),
    [
        (11, "More than chance: no"),
        (9, "More than chance: no by 6 points, yes by 4"),
        (7, "More than chance: yes"),
    ],
)
def test_change_between_two_published_values_that_conflict_is_told_by_both(last: int, says: str) -> None:
    """GAD-7: 6 points are used, NHS talking therapies use 4."""
    assert line_rows(selectors.Course((line_of("gad-7", 13, last),), (), (), ()))[0].reliable == says


@pytest.mark.parametrize(
    ("name", "called"), [("daily-life", "Daily life"), ("city-bits", "City BiTS"), ("phq-9", "PHQ-9")]
)
def test_instrument_is_called_by_its_one_short_name(name: str, called: str) -> None:
    """In the response as on the timeline: not by the name of its file in capitals."""
    line = line_of(name, 13, 11)

    assert line_rows(selectors.Course((line,), (), (), ()))[0].name == called
    assert course_sentence(line.measure, None, line.last.at, ZoneInfo("UTC"), (0, 0))[0].startswith(f"{called}: ")


@pytest.mark.parametrize(("name", "first", "last", "told"), [("meq30", 10, 60, "+50"), ("ebi", 60, 10, "-50")])
def test_more_of_an_experience_has_no_word_of_better_or_worse(name: str, first: int, last: int, told: str) -> None:
    row = line_rows(selectors.Course((line_of(name, first, last),), (), (), ()))[0]

    assert row.changed == told


@pytest.mark.parametrize(("last", "told"), [(12, "no"), (13, "no, yet people notice"), (14, "yes")])
def test_epds_that_is_worse_by_three_points_says_that_people_notice_it(last: int, told: str) -> None:
    """Three points may be chance, so they open no task; published as noticed, they are not silent either."""
    row = line_rows(selectors.Course((line_of("epds", 10, last),), (), (), ()))[0]

    assert row.reliable.startswith(f"More than chance: {told}")


def line_of(name: str, first: int, last: int) -> Line:
    """Return two answers to a questionnaire, two weeks apart."""
    at = datetime.fromisoformat("2026-11-20T12:00:00+00:00")
    points = (selectors.Point(at, first), selectors.Point(at + 14 * DAY, last))
    measured = selectors.Measure(name, name, 0, 100, lower_is_better=True, validated=True, points=points)
    return Line(
        measured,
        *points,
        selectors.change_of(measured),
        before_first_dose=True,
        as_measured=False,
        published=None,
        standing=None,
    )


@pytest.mark.parametrize("values", [(), (None,), (19,), (None, 19), (19, None)])
def test_one_total_is_no_change(values: tuple[int | None, ...]) -> None:
    assert selectors.change_of(line(*values)) is None


def test_totals_out_of_different_numbers_are_not_compared() -> None:
    start = datetime.fromisoformat("2026-11-20T12:00:00+00:00")
    working, at_home, still = (
        selectors.Point(start + place * 28 * DAY, value, most)
        for place, (value, most) in enumerate([(30, 40), (28, 32), (20, 32)])
    )

    def change(*points: selectors.Point) -> float | None:
        living = selectors.Measure("wsas", "WSAS", 0, 40, lower_is_better=True, validated=True, points=points)
        found = selectors.change_of(living)
        return found.delta if found else None

    assert change(working, at_home) is None
    assert change(at_home, still) == -8


@pytest.mark.begins("recovering")
def test_outsiders_find_nothing(chair: Chair, outsiders: House) -> None:
    opened(chair, "week-1")
    late = check_in(chair, "week-1").open_by + 5 * DAY
    mother = chair.house.mother.id

    with scope(clinic=outsiders.clinic.id):
        for role in ("prescriber", "therapist"):
            with pytest.raises(Http404):
                selectors.check_ins_of(outsiders.actor(role), mother)
            with pytest.raises(Http404):
                selectors.reports_of(outsiders.actor(role), mother)
        assert selectors.who_does_not_answer(outsiders.actor("nurse"), late) == ()
    assert len(chair.scoped(lambda: selectors.who_does_not_answer(chair.by("nurse"), late))) == 1


@pytest.mark.parametrize("who", ["father", "administrator"])
@pytest.mark.begins("recovering")
def test_who_may_not_read_answers_reads_none(chair: Chair, who: str) -> None:
    with pytest.raises(Http404):
        chair.scoped(lambda: selectors.reports_of(chair.by(who), chair.house.mother.id))
    with pytest.raises(Http404):
        chair.scoped(lambda: selectors.who_does_not_answer(chair.by(who), chair.now))


def test_staff_have_no_check_ins_of_their_own(chair: Chair) -> None:
    with pytest.raises(Http404):
        chair.scoped(lambda: selectors.due_check_ins(chair.by("nurse"), chair.now))
