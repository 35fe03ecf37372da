"""A pause after a dose: asked for safety as after a stop, quiet after that, and who does not answer is seen."""

import pytest
from django.urls import reverse

from firstlight.ground.people.models import EpisodeState
from firstlight.ground.people.services.episodes import move
from firstlight.ground.worklist.models import OutboxMessage
from firstlight.journey.response import selectors, services
from firstlight.journey.response.reading import coming_rows, resting_rows
from firstlight.journey.screening.selectors import open_sets_for
from tests.journey.dosing.telling import Chair
from tests.journey.response.telling import DAY, HOUR, check_in, check_ins, moment_of, opened_at
from tests.support.reading import words_of
from tests.support.signed_in import client_of


@pytest.fixture
def paused(dosed: Chair) -> Chair:
    """Maya had a bad night after her dose; her prescriber pauses treatment."""
    dosed.after(60)
    moves(dosed, EpisodeState.PAUSED)
    return dosed


def moves(chair: Chair, to: EpisodeState) -> None:
    chair.scoped(
        lambda: move(episode=chair.house.episode, to=to, reason="A bad night.", by=chair.by("prescriber"), at=chair.now)
    )


@pytest.mark.parametrize("rule", ["day-1", "day-3", "week-3"])
def test_what_is_asked_for_safety_is_asked_in_a_pause(paused: Chair, rule: str) -> None:
    due = moment_of(paused, rule)

    services.remind_due(due)

    found = check_in(paused, rule)
    assert found.opened_at == due
    written = paused.scoped(lambda: list(OutboxMessage.objects.filter(template=services.MESSAGE)))
    assert len(written) == 1
    shown = paused.scoped(lambda: open_sets_for(paused.by("mother"), due + HOUR))
    assert found.question_set_id in {one.id for one in shown}


@pytest.mark.parametrize("rule", ["month-1", "bond-1", "living-1", "effects-1"])
def test_everything_else_waits_and_comes_when_care_goes_on(paused: Chair, rule: str) -> None:
    due = moment_of(paused, rule)
    services.remind_due(due)
    assert check_in(paused, rule).opened_at is None
    assert check_in(paused, rule).ended_at is None

    moves(paused, EpisodeState.ACTIVE)
    for day in range(4):
        opened_at(paused, due + day * DAY + HOUR)

    assert check_in(paused, rule).opened_at is not None


def test_no_reminder_follows_in_a_pause(paused: Chair) -> None:
    due = moment_of(paused, "week-3")
    for day in range(4):
        services.remind_due(due + day * DAY)

    written = paused.scoped(lambda: list(OutboxMessage.objects.filter(template=services.MESSAGE)))
    assert len(written) == 1


def test_window_that_passes_in_a_pause_says_so(paused: Chair) -> None:
    services.remind_due(check_in(paused, "living-1").open_by + HOUR)

    assert check_ins(paused)["living-1"].ended_why == "window-passed"


def test_who_does_not_answer_in_a_pause_stands_in_the_list(paused: Chair) -> None:
    due = moment_of(paused, "day-1")
    services.remind_due(due)

    lists = paused.scoped(lambda: selectors.lists_of(paused.by("nurse"), due + 2 * DAY))

    assert [one.parent.id for one in lists.silent] == [paused.house.mother.id]


def test_pages_say_what_is_asked_and_what_waits(paused: Chair) -> None:
    course = paused.scoped(lambda: selectors.course_of(paused.by("prescriber"), paused.house.mother, paused.now))
    assert "after dose 1" in coming_rows(course, paused.now)[0].name
    assert {one.words for one in resting_rows(course, paused.now)} == {"Waits: treatment rests"}
    assert course.stopped is None

    home = words_of(client_of(paused.house.mother).get("/me/").content.decode())
    assert "In the weeks after a dose a few questions may still come" in home


def test_page_that_pauses_says_that_questions_go_on(dosed: Chair) -> None:
    path = reverse("people:step_pause", args=[dosed.house.episode.id])
    page = client_of(dosed.house.prescriber).get(f"{path}?from=active").content.decode()
    assert "check-ins go on, for safety" in words_of(page)
