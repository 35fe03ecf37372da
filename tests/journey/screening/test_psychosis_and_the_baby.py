"""Signs of psychosis are danger now; so is harm to the baby beside them, whichever is said first."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django_scopes import scope

from firstlight.clinical.instruments import instruments
from firstlight.ground.people.models import EpisodeState
from firstlight.ground.safety.ladder import ladder
from firstlight.ground.safety.models import Concern
from firstlight.ground.worklist.models import OutboxMessage, Task, TaskEvent
from firstlight.ground.worklist.services import finish
from firstlight.journey.eligibility.models import Kind
from firstlight.journey.eligibility.services import record_baseline
from firstlight.journey.screening.raised import Raised
from firstlight.journey.screening.reading import sheets_of
from firstlight.journey.screening.records import record_of
from firstlight.journey.screening.services import Concern as SetOff
from firstlight.journey.screening.services import answer, note_asked
from firstlight.journey.screening.strength import strength
from tests.cast import NOW, House
from tests.journey.screening.telling import ask
from tests.support.reading import words_of
from tests.support.signed_in import client_of

HOUR = timedelta(hours=1)
TOGETHER = "danger for the child now"


@pytest.fixture(autouse=True)
def _inside_harbour(house: House) -> Iterator[None]:
    with scope(clinic=house.clinic.id):
        yield


def asked_about_mind(house: House, *, hours: int = 0, **said: int) -> None:
    definition = instruments()["mind-talk"]
    values = {f"mind-talk:{item.key}": said.get(item.key, 0) for item in definition.items}
    note_asked(
        episode=house.episode, set_name="mind", values=values, by=house.actor("nurse"), at=NOW + hours * HOUR
    )  # fmt: skip


def said_of_baby(house: House, item: str = "q24", value: int = 1, *, hours: int = 1) -> SetOff:
    at = NOW + hours * HOUR
    kept = answer(question_set=ask(house, "bond", at), item=f"pbq:{item}", value=value, by=house.actor("mother"), at=at)
    assert kept.concern is not None
    return kept.concern


def clear(house: House, *, by: str = "prescriber", hours: int = 2) -> None:
    for task in Task.objects.filter(kind="concern", finished_at=None):
        finish(task=task, by=house.actor(by), at=NOW + hours * HOUR, outcome="Seen, and no psychosis.")


def levels() -> list[str]:
    return list(Concern.objects.order_by("at", "id").values_list("level", flat=True))


@pytest.mark.parametrize("said", [{"senses": 1}, {"beliefs": 1}, {"child": 1}, {"senses": 2}])
def test_sign_of_psychosis_is_danger_now(house: House, said: dict[str, int]) -> None:
    asked_about_mind(house, **said)

    task = Task.objects.get(kind="concern")
    assert levels() == ["L4"]
    assert task.title == "Safety: danger now, call"
    assert task.cleared_by == ["prescriber"]


def read_of_baby(house: House) -> tuple[Raised, str]:
    """Return what the answers on the baby are said to ask for, and the page on which a clinician reads it."""
    record = record_of(house.actor("prescriber"), house.mother.id)
    sheets = sheets_of(record.sets, record.replies, record.results, NOW + 9 * HOUR)
    (raised,) = [sign for one in sheets for sheet in one.sheets if sheet.name == "pbq" for sign in sheet.raised]
    with time_machine.travel(NOW + 9 * HOUR, tick=False):
        page = client_of(house.prescriber).get(f"/clinic/people/{house.mother.id}/answers/")
    return raised, words_of(page.content.decode())


@pytest.mark.parametrize("first", ["baby", "talk", "problem", "problem later"])
def test_answers_page_shows_the_level_reached_and_why(house: House, first: str) -> None:
    if first == "talk":
        asked_about_mind(house, senses=1)
    if first == "problem":
        problem(house, "active_psychosis", hours=0)
    said_of_baby(house, hours=1)
    if first == "baby":
        asked_about_mind(house, hours=3, senses=1)
    if first == "problem later":
        problem(house, "active_psychosis", hours=3)

    raised, page = read_of_baby(house)
    later = 1 if first in {"talk", "problem"} else 3
    assert (raised.level, raised.own_level) == ("Safety: danger now, call", "Safety: contact today")
    assert str(raised.action).startswith("Call emergency services (911)")
    assert raised.since == NOW + later * HOUR
    assert "LADDER" in raised.sources
    assert "By its own rule: Safety: contact today. Higher since" in page
    assert TOGETHER in page
    assert (
        page[page.index("What asked for help") :].count("Safety: danger now, call") >= 2
    )  # the list above, and the sheet


def test_answers_page_shows_the_rules_own_level_where_nothing_stood_beside_it(house: House) -> None:
    said_of_baby(house, hours=0)
    clear(house)
    asked_about_mind(house, hours=3, senses=1)

    raised, page = read_of_baby(house)
    assert (raised.level, raised.own_level, raised.since) == ("Safety: contact today", "", None)
    assert TOGETHER not in page


@pytest.mark.parametrize(("item", "value"), [("q18", 1), ("q24", 1), ("q24", 5)])
def test_harm_to_the_baby_alone_is_for_today(house: House, item: str, value: int) -> None:
    assert said_of_baby(house, item, value).level == "L2"
    assert TOGETHER not in Task.objects.get(kind="concern").reason


@pytest.mark.parametrize("item", ["q18", "q24"])
def test_harm_to_the_baby_beside_open_signs_of_psychosis_is_danger_now(house: House, item: str) -> None:
    asked_about_mind(house, senses=1)
    pages = OutboxMessage.objects.count()

    set_off = said_of_baby(house, item)

    task = Task.objects.get(kind="concern")
    assert (set_off.level, set_off.new) == ("L4", True)
    assert levels() == ["L4", "L4"]
    assert TOGETHER in task.reason
    assert TaskEvent.objects.filter(task=task, kind="raised").count() == 1
    assert OutboxMessage.objects.count() > pages


def test_signs_of_psychosis_after_harm_to_the_baby_say_that_both_stand(house: House) -> None:
    said_of_baby(house, hours=0)
    asked_about_mind(house, hours=1, senses=1)

    assert levels() == ["L2", "L4"]
    assert TOGETHER in Task.objects.get(kind="concern").reason


def test_signs_that_a_prescriber_cleared_make_nothing_more(house: House) -> None:
    asked_about_mind(house, senses=1)
    clear(house)

    assert said_of_baby(house, hours=3).level == "L2"


def test_signs_that_nobody_who_may_clear_them_has_seen_still_stand(house: House) -> None:
    asked_about_mind(house, senses=1)
    Task.objects.filter(kind="concern").update(cleared_by=[])  # as it was while anybody could finish it
    clear(house, by="nurse")

    assert said_of_baby(house, hours=3).level == "L4"


def test_signs_of_an_earlier_episode_make_nothing_more(house: House) -> None:
    asked_about_mind(house, senses=1)
    Task.objects.filter(kind="concern").update(cleared_by=[])
    clear(house, by="nurse")
    house.episode.pk, house.episode.opened_at = None, NOW + 2 * HOUR
    house.episode.state = EpisodeState.INVITED
    house.episode.save(force_insert=True)

    assert said_of_baby(house, hours=3).level == "L2"


def test_signs_about_the_father_make_nothing_more_of_what_the_mother_said(house: House) -> None:
    from firstlight.ground.safety.services import raise_concern

    raise_concern(
        parent=house.father, level="L4", source="screening:mind-talk-psychosis", reason="Yes.",
        by=house.actor("nurse"), at=NOW,
    )  # fmt: skip

    assert said_of_baby(house).level == "L2"


def test_psychosis_that_stands_on_the_problem_list_counts_like_a_sign(house: House) -> None:
    problem(house, "active_psychosis", hours=0)

    assert said_of_baby(house).level == "L4"


def test_psychosis_entered_while_harm_to_the_baby_is_open_pages_at_once(house: House) -> None:
    said_of_baby(house, hours=0)
    problem(house, "current_mania", hours=1)
    assert levels() == ["L2"]

    problem(house, "active_psychosis", hours=2)

    task = Task.objects.get(kind="concern")
    assert levels() == ["L2", "L4"]
    assert (task.urgency, task.cleared_by) == ("now", ["prescriber"])
    assert TOGETHER in task.reason


def problem(house: House, name: str, *, hours: int) -> None:
    record_baseline(
        parent=house.mother, kind=Kind.PROBLEM, value={"problem": name}, by=house.actor("prescriber"),
        at=NOW + hours * HOUR,
    )  # fmt: skip


def test_every_source_that_the_ladder_names_is_a_rule(house: House) -> None:
    rules = {f"screening:{rule.rule}" for definition in instruments().values() for rule in definition.safety}
    named = {source for pair in ladder().together for side in pair.sides for source in side.raised_by}

    assert named
    assert named <= rules


def test_yes_says_more_than_not_being_sure_and_than_what_that_counted_as_before() -> None:
    yes, unsure, no = (strength(instruments()["mind-talk"], value) for value in (1, 2, 0))
    kept_before = 2

    assert yes > kept_before > unsure > no == 0


def test_yes_after_not_being_sure_is_new_and_the_other_way_round_is_known(house: House) -> None:
    for hours, value in ((0, 2), (1, 1), (2, 2)):
        asked_about_mind(house, hours=hours, driven=value)

    assert [one.came for one in Concern.objects.order_by("at")] == ["opened", "raised", "joined"]
