"""What a dose brings: check-ins arranged once, a neutral reminder, and what came back of them."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.http import Http404
from django.utils.module_loading import import_string
from django_scopes import scope

from firstlight.clinical.evidence import DataError
from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.models import EpisodeState
from firstlight.ground.people.services.episodes import move
from firstlight.ground.worklist.models import OutboxMessage
from firstlight.journey.response import schedule, selectors, services
from firstlight.journey.response.models import CheckIn
from firstlight.journey.screening.models import QuestionSet
from firstlight.journey.screening.selectors import open_sets_for
from firstlight.journey.screening.services import complete
from tests.cast import House
from tests.journey.dosing.telling import Chair
from tests.journey.screening.telling import answer_all

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOT_ON_THE_OUTSIDE = ("ketamine", "mood", "Maya", "Harbour", "clinic", "dose", "depress", "PHQ")


def check_ins(chair: Chair) -> dict[str, CheckIn]:
    found = chair.scoped(lambda: list(CheckIn.objects.select_related("question_set__parent__family", "session")))
    return {one.rule: one for one in found}


def sent(chair: Chair) -> list[OutboxMessage]:
    return chair.scoped(lambda: list(OutboxMessage.objects.filter(template=services.MESSAGE)))


def answered(chair: Chair, rule: str, at: datetime) -> None:
    """Let Maya answer one check-in to its end, calmly."""
    question_set = check_ins(chair)[rule].question_set
    answer_all(chair.house, question_set, at=at)
    chair.scoped(lambda: complete(question_set=question_set, by=chair.by("mother"), at=at + timedelta(minutes=1)))


def measure(chair: Chair, key: str, now: datetime) -> selectors.Measure:
    reports = chair.scoped(lambda: selectors.reports_of(chair.by("prescriber"), chair.house.mother.id))
    return selectors.item_measure(reports, key, now) if key == "mood" else selectors.score_measure(reports, key, now)


def test_first_dose_asks_after_a_day_and_in_weeks_1_2_4_and_6(chair: Chair) -> None:
    chair.recovering()
    ended = chair.now

    found = check_ins(chair)

    assert {rule: (one.due_at - ended, one.expires_at - one.due_at) for rule, one in found.items()} == {
        "day-1": (24 * HOUR, 24 * HOUR),
        "week-1": (7 * DAY, 4 * DAY),
        "week-2": (14 * DAY, 4 * DAY),
        "week-4": (28 * DAY, 7 * DAY),
        "week-6": (42 * DAY, 7 * DAY),
    }
    assert {rule: one.question_set.set_name for rule, one in found.items()} == {
        "day-1": "day", "week-1": "week", "week-2": "week", "week-4": "week", "week-6": "week",
    }  # fmt: skip


def test_arranging_twice_is_arranging_once(chair: Chair) -> None:
    chair.recovering()
    first, sets = check_ins(chair), len(chair.scoped(lambda: list(QuestionSet.objects.all())))

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
    assert len(chair.scoped(lambda: list(QuestionSet.objects.all()))) == sets


def test_second_dose_asks_after_a_day_only(chair: Chair) -> None:
    chair.left()
    first = chair.open.id
    chair.second_dose()

    second = chair.scoped(lambda: [one.rule for one in CheckIn.objects.exclude(session_id=first)])

    assert second == ["day-1"]


def test_check_in_is_offered_from_its_hour_until_it_closes(chair: Chair) -> None:
    chair.recovering()
    mother, due = chair.by("mother"), check_ins(chair)["day-1"].due_at

    for moment, offered in ((due - HOUR, 0), (due, 1), (due + 23 * HOUR, 1), (due + 24 * HOUR, 0)):
        waiting = chair.scoped(lambda moment=moment: selectors.due_check_ins(mother, moment))  # type: ignore[misc]  # bound to this turn
        sets = chair.scoped(lambda moment=moment: open_sets_for(mother, moment))  # type: ignore[misc]  # likewise
        assert len(waiting) == offered
        assert len([one for one in sets if one.anchor.startswith("dose:")]) == offered


def test_reminder_is_sent_once_when_it_opens_in_neutral_words(chair: Chair) -> None:
    chair.recovering()
    due = check_ins(chair)["day-1"].due_at

    services.remind_due(due - timedelta(minutes=1))
    assert sent(chair) == []
    services.remind_due(due)
    services.remind_due(due + HOUR)

    messages = sent(chair)
    assert [message.to for message in messages] == [chair.house.mother.email]
    context = messages[0].context
    assert set(context) == {"link"}
    assert "/me/c/" in context["link"]
    assert not [word for word in NOT_ON_THE_OUTSIDE if word.lower() in str(context).lower()]


def test_reminders_words_say_nothing_about_care(chair: Chair) -> None:
    from django.template.loader import render_to_string

    said = render_to_string(services.MESSAGE, {"link": "https://example.invalid/me/c/x/"})

    assert said.splitlines()[0] == "You have a message"
    assert not [word for word in NOT_ON_THE_OUTSIDE if word.lower() in said.lower()]


def test_what_is_answered_or_closed_is_not_reminded_of(chair: Chair) -> None:
    chair.recovering()
    one = check_ins(chair)["day-1"]
    answered(chair, "day-1", one.due_at)

    services.remind_due(one.due_at + HOUR)
    chair.scoped(lambda: services.remind(check_in=one, by=Actor.system(chair.house.clinic.id), at=one.due_at + HOUR))
    services.remind_due(check_ins(chair)["week-1"].expires_at)

    assert sent(chair) == []


def test_who_was_transferred_is_not_written_to(chair: Chair) -> None:
    chair.left()
    chair.scoped(
        lambda: move(
            episode=chair.house.episode,
            to=EpisodeState.TRANSFERRED,
            reason="She moves away.",
            by=chair.by("prescriber"),
            at=chair.now,
        )
    )

    services.remind_due(check_ins(chair)["day-1"].due_at)

    assert sent(chair) == []


def test_reminding_runs_in_the_background() -> None:
    jobs = import_string(settings.FIRSTLIGHT_PERIODIC)

    assert import_string(next(path for path in jobs if path.endswith(".remind_due"))) is services.remind_due


def test_answers_and_gaps_stand_in_the_order_of_time(chair: Chair) -> None:
    chair.recovering()
    day, week = check_ins(chair)["day-1"], check_ins(chair)["week-1"]
    answered(chair, "day-1", day.due_at + HOUR)
    late = week.expires_at + DAY

    mood, phq = measure(chair, "mood", late), measure(chair, "phq-9", late)

    assert [point.value for point in mood.points] == [5]
    assert [(point.at, point.value) for point in phq.points] == [(week.due_at, None)]
    reports = chair.scoped(lambda: selectors.reports_of(chair.by("prescriber"), chair.house.mother.id))
    assert reports.unanswered(late) == (1, 2)
    assert [one.rule for one in chair.scoped(lambda: selectors.not_answered(chair.by("nurse"), late))] == ["week-1"]


def test_answer_given_before_she_left_counts_though_the_set_was_not_finished(chair: Chair) -> None:
    chair.recovering()
    day = check_ins(chair)["day-1"]
    chair.answer_one(day.question_set, "check-in:mood", 7, day.due_at + HOUR)

    mood = measure(chair, "mood", day.expires_at + DAY)

    assert [point.value for point in mood.points] == [7]


def test_open_check_in_is_neither_answer_nor_gap(chair: Chair) -> None:
    chair.recovering()
    day = check_ins(chair)["day-1"]

    assert measure(chair, "mood", day.due_at + HOUR).points == ()


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
    """Return PHQ-9 totals a week apart, the first on 20 November."""
    start = datetime.fromisoformat("2026-11-20T12:00:00+00:00")
    points = tuple(selectors.Point(start + place * 7 * DAY, value) for place, value in enumerate(values))
    return selectors.Measure("phq-9", "PHQ-9", 0, 27, lower_is_better=True, validated=True, points=points)


def test_change_counts_from_the_last_total_before_the_first_dose() -> None:
    measured = line(21, 19, 12)
    first_dose_at = measured.points[1].at + DAY

    change = selectors.change_of(measured, first_dose_at)

    assert change is not None
    assert (change.first, change.last) == (19, 12)


@pytest.mark.parametrize("values", [(), (None,), (19,), (None, 19), (19, None)])
def test_one_total_is_no_change(values: tuple[int | None, ...]) -> None:
    assert selectors.change_of(line(*values)) is None


def test_outsiders_find_nothing(chair: Chair, outsiders: House) -> None:
    chair.recovering()
    mother = chair.house.mother.id

    with scope(clinic=outsiders.clinic.id):
        for role in ("prescriber", "therapist"):
            with pytest.raises(Http404):
                selectors.check_ins_of(outsiders.actor(role), mother)
            with pytest.raises(Http404):
                selectors.reports_of(outsiders.actor(role), mother)
        assert selectors.not_answered(outsiders.actor("nurse"), chair.now + 90 * DAY) == []


@pytest.mark.parametrize("who", ["father", "administrator"])
def test_who_may_not_read_answers_reads_none(chair: Chair, who: str) -> None:
    chair.recovering()

    with pytest.raises(Http404):
        chair.scoped(lambda: selectors.reports_of(chair.by(who), chair.house.mother.id))
    with pytest.raises(Http404):
        chair.scoped(lambda: selectors.not_answered(chair.by(who), chair.now))


def test_staff_have_no_check_ins_of_their_own(chair: Chair) -> None:
    with pytest.raises(Http404):
        chair.scoped(lambda: selectors.due_check_ins(chair.by("nurse"), chair.now))


def test_schedule_says_no_to_an_unknown_anchor(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong: dict[str, Any] = {
        "version": 1,
        "check_ins": [{"key": "x", "anchor": "last", "after_hours": 1, "set": "day", "open_hours": 1}],
    }
    monkeypatch.setattr(schedule, "data_file", lambda *_path: wrong)

    with pytest.raises(DataError, match="it must be each or first"):
        schedule.rules.__wrapped__()
