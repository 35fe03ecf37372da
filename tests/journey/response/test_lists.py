"""The clinic's lists: whose course goes the wrong way, who has not answered, whose task waits; and what they cost."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from firstlight.ground.people.models import Episode, EpisodeState, Family, Parent
from firstlight.ground.worklist.services import open_task
from firstlight.journey.response import selectors, services
from firstlight.journey.response.models import CheckIn, Standing
from firstlight.journey.screening.models import QuestionSet
from tests.cast import NOW, House, parent_of
from tests.support.signed_in import client_of

DAY = timedelta(days=1)


def another(house: House, name: str) -> tuple[Parent, Episode]:
    """Let another mother be in treatment."""
    with scope(clinic=house.clinic.id):
        parent = parent_of(Family.objects.create(clinic=house.clinic), name, "mother")
        episode = Episode.objects.create(
            clinic=house.clinic, parent=parent, state=EpisodeState.ACTIVE, source="call", opened_at=NOW, moved_at=NOW
        )
    return parent, episode


def closed(house: House, parent: Parent, episode: Episode, *, days_ago: float, answered: bool = False) -> CheckIn:
    """Let a check-in have closed some days ago."""
    expires_at = NOW - days_ago * DAY
    with scope(clinic=house.clinic.id):
        question_set = QuestionSet.objects.create(
            clinic=house.clinic, parent=parent, episode=episode, set_name="day", instruments=["check-in"],
            assigned_at=expires_at - DAY, due_at=expires_at - DAY, expires_at=expires_at,
        )  # fmt: skip
        return CheckIn.objects.create(
            clinic=house.clinic, parent=parent, episode=episode, session=None, rule=f"x-{days_ago}",
            due_at=expires_at - DAY, open_by=expires_at, question_set=question_set, opened_at=expires_at - DAY,
            expires_at=expires_at, answered_at=expires_at - DAY / 2 if answered else None,
        )  # fmt: skip


def stands(house: House, parent: Parent, episode: Episode, state: str, reached: int, days: float) -> Standing:
    """Let an instrument stand off track since some days."""
    with scope(clinic=house.clinic.id):
        return Standing.objects.create(
            clinic=house.clinic, parent=parent, episode=episode, instrument="phq-9", state=state, reached=reached,
            first_total=12, last_total=12 + 6 * reached, first_at=NOW - 40 * DAY, last_at=NOW, since_at=NOW - days * DAY,
        )  # fmt: skip


def lists(house: House, order: str = "urgent", who: str = "nurse") -> selectors.Lists:
    with scope(clinic=house.clinic.id):
        return selectors.lists_of(house.actor(who), NOW, order)


def test_who_has_not_answered_stands_there_since_her_last_answer(house: House) -> None:
    vera, of_vera = another(house, "Vera Lindqvist")
    closed(house, house.mother, house.episode, days_ago=20)
    closed(house, house.mother, house.episode, days_ago=10, answered=True)
    closed(house, house.mother, house.episode, days_ago=3)
    closed(house, vera, of_vera, days_ago=9)
    closed(house, vera, of_vera, days_ago=2)

    found = lists(house).silent

    assert [(one.parent.name, one.missed, one.words) for one in found] == [
        ("Vera Lindqvist", 2, "10 days"),
        (house.mother.name, 1, "4 days"),
    ]


def test_first_page_of_the_day_names_who_does_not_answer_now_once(house: House) -> None:
    vera, of_vera = another(house, "Vera Lindqvist")
    for days_ago in (30, 9, 2):
        closed(house, vera, of_vera, days_ago=days_ago)
    closed(house, house.mother, house.episode, days_ago=20)
    closed(house, house.mother, house.episode, days_ago=10, answered=True)

    with time_machine.travel(NOW, tick=False):
        page = client_of(house.nurse).get("/clinic/").content.decode()

    aside = page.partition("Not answering")[2]
    assert aside.count("Vera Lindqvist") == 1
    assert "for 31 days" in aside
    assert house.mother.name not in aside


def test_who_answered_last_or_left_is_not_on_the_list(house: House) -> None:
    vera, of_vera = another(house, "Vera Lindqvist")
    closed(house, house.mother, house.episode, days_ago=5)
    closed(house, house.mother, house.episode, days_ago=2, answered=True)
    closed(house, vera, of_vera, days_ago=5)
    with scope(clinic=house.clinic.id):
        Episode.objects.filter(id=of_vera.id).update(state=EpisodeState.TRANSFERRED)

    assert lists(house).silent == ()


def test_who_stopped_messages_is_marked(house: House) -> None:
    closed(house, house.mother, house.episode, days_ago=5)
    with scope(clinic=house.clinic.id):
        services.stop_messages(parent=house.mother, by=house.actor("mother"), at=NOW)

    assert [one.messages_off for one in lists(house).silent] == [True]


def test_worst_stands_first_or_whoever_waited_longest(house: House) -> None:
    vera, of_vera = another(house, "Vera Lindqvist")
    stands(house, house.mother, house.episode, "not-on-track", 1, days=9)
    stands(house, vera, of_vera, "worse", 2, days=1)

    assert [one.parent.name for one in lists(house).off_track] == ["Vera Lindqvist", house.mother.name]
    assert [one.parent.name for one in lists(house, "longest").off_track] == [house.mother.name, "Vera Lindqvist"]
    assert [one.delta for one in lists(house).off_track] == [12, 6]


def test_tasks_beyond_their_time_stand_there_untaken_first(house: House) -> None:
    for kind, hours in (("a", 1), ("b", 2), ("c", 72)):
        with scope(clinic=house.clinic.id):
            open_task(
                clinic_id=house.clinic.id, parent=house.mother, kind=kind, title=kind, reason="", role="nurse",
                acknowledge_by=NOW - DAY + timedelta(hours=hours), urgency="routine", by=house.actor("nurse"), at=NOW - 2 * DAY,
            )  # fmt: skip

    assert [task.title for task in lists(house).overdue] == ["a", "b"]


def test_what_is_urgent_now_stands_first_of_all_and_says_so(house: House) -> None:
    second = stands(house, house.mother, house.episode, "worse", 2, days=1)
    with scope(clinic=house.clinic.id):
        second.pk, second._state.adding, second.instrument = uuid4(), True, "gad-7"
        second.save()
    for title, urgency, late in (("Routine", "routine", 8 * DAY), ("Danger", "now", DAY / 144)):
        with scope(clinic=house.clinic.id):
            open_task(
                clinic_id=house.clinic.id, parent=house.mother, kind="x", title=title, reason="", role="nurse",
                acknowledge_by=NOW - late, urgency=urgency, by=house.actor("nurse"), at=NOW - 9 * DAY,
            )  # fmt: skip

    assert [task.title for task in lists(house).overdue] == ["Danger", "Routine"]
    with time_machine.travel(NOW, tick=False):
        client = client_of(house.nurse)
        page = client.get("/clinic/response/").content.decode().partition("<main")[2]
        longest = client.get("/clinic/response/?order=longest").content.decode().partition("<main")[2]
    assert "Worse or not on track: 1 person." in page
    assert page.index("Now: nobody took it") < page.index("Nobody took it") < page.index("Worse, or not on track")
    assert longest.index("Worse, or not on track") < longest.index("Nobody took it")


def test_lists_cost_the_same_for_one_parent_and_for_forty(house: House) -> None:
    costs = []
    for size in (1, 40):
        for number in range(size):
            parent, episode = another(house, f"M{size}-{number} Lind")
            closed(house, parent, episode, days_ago=4)
            stands(house, parent, episode, "worse", 2, days=number)
        with CaptureQueriesContext(connection) as asked:
            found = lists(house)
            [(one.parent.name, one.standing.task) for one in found.off_track]
        costs.append(len(asked))

    assert len(lists(house).silent) == 41
    assert costs[0] == costs[1] <= 8


def test_more_than_a_page_is_cut_with_its_number(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("firstlight.journey.response.selectors.lists.MOST_LISTED", 2)
    for number in range(3):
        parent, episode = another(house, f"M-{number} Lind")
        closed(house, parent, episode, days_ago=4)
        stands(house, parent, episode, "worse", 2, days=number)

    found = lists(house)

    assert (len(found.silent), found.silent_count) == (2, 3)
    assert (len(found.off_track), found.off_track_count) == (2, 3)


@pytest.mark.parametrize("who", ["administrator", "mother", "father"])
def test_who_may_not_read_answers_reads_no_list(house: House, who: str) -> None:
    with pytest.raises(Http404):
        lists(house, who=who)


def test_outsiders_see_none_of_it(house: House, other_house: House) -> None:
    closed(house, house.mother, house.episode, days_ago=5)
    stands(house, house.mother, house.episode, "worse", 2, days=1)

    found = lists(other_house)

    assert (found.silent, found.off_track, found.overdue) == ((), (), ())
