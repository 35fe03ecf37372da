"""High mood and psychosis are asked by a clinician before any treatment, and what she notes reaches the rules."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

import pytest
import time_machine
from django_scopes import scope
from hypothesis import given
from hypothesis import strategies as some

from firstlight.clinical.instruments import instrument, stated_facts
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.services import record_loss
from firstlight.ground.worklist.models import OutboxMessage, Task
from firstlight.journey.eligibility.models import Kind
from firstlight.journey.eligibility.selectors import facts_for
from firstlight.journey.eligibility.services import record_baseline
from firstlight.journey.screening.models import Answer, QuestionSet
from firstlight.journey.screening.selectors import open_sets_for
from firstlight.journey.screening.services import note_asked
from tests.cast import NOW, House
from tests.support.reading import words_of
from tests.support.signed_in import client_of

KEYS = [item.key for item in instrument("mind-talk").items]
FACTS = ("active_psychosis", "current_mania", "mdq_positive", "bipolar_without_stabiliser", "first_degree_psychosis")
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _inside_harbour(house: House) -> Iterator[None]:
    with scope(clinic=house.clinic.id), time_machine.travel(NOW, tick=False):
        yield


def values(**said: int) -> dict[str, int]:
    return {f"mind-talk:{key}": said.get(key, 0) for key in KEYS}


def note(house: House, *, by: str = "nurse", **said: int) -> QuestionSet:
    return note_asked(episode=house.episode, set_name="mind", values=values(**said), by=house.actor(by), at=NOW)


def facts(house: House) -> Mapping[str, object]:
    found = facts_for(house.mother.id, LATER).values
    return {name: found.get(name) for name in FACTS}


def test_before_anybody_asked_the_rules_know_nothing(house: House) -> None:
    assert facts(house) == dict.fromkeys(FACTS)


def test_no_to_everything_is_known_to_the_rules(house: House) -> None:
    note(house)

    assert facts(house) == dict.fromkeys(FACTS, False)
    assert {fact.origin for name, fact in facts_for(house.mother.id, LATER).known.items() if name in FACTS} == {"asked"}


@pytest.mark.parametrize(
    ("said", "fact", "value"),
    [
        ({"senses": 1}, "active_psychosis", None),
        ({"beliefs": 2}, "active_psychosis", None),
        ({"child": 1}, "active_psychosis", None),
        ({"driven": 1}, "current_mania", None),
        ({"earlier": 1}, "mdq_positive", True),
        ({"named": 1}, "mdq_positive", True),
        ({"named": 1}, "bipolar_without_stabiliser", None),
        ({"earlier": 2}, "mdq_positive", None),
        ({"family": 1}, "first_degree_psychosis", True),
    ],
)
def test_yes_or_not_sure_never_clears(house: House, said: dict[str, int], fact: str, *, value: bool | None) -> None:
    note(house, **said)

    assert facts(house)[fact] is value
    if value is None:
        assert fact in facts_for(house.mother.id, LATER).to_ask


@given(some.fixed_dictionaries({key: some.sampled_from([0, 1, 2, None]) for key in KEYS}))
def test_fact_is_cleared_only_when_every_question_about_it_was_answered_with_no(said: dict[str, int | None]) -> None:
    definition = instrument("mind-talk")

    found = stated_facts(definition, said, concerned=KEYS)

    for fact, value in found.known.items():
        about = [item for item in definition.items if fact in (*item.feeds.clears, *item.feeds.sets)]
        if value:
            assert any(said[item.key] == 1 and fact in item.feeds.sets for item in about)
        else:
            assert all(said[item.key] == 0 for item in about)
    assert not set(found.known) & set(found.to_ask)


def test_sign_of_psychosis_pages_the_prescriber_at_once(house: House) -> None:
    note(house, senses=1)

    task = Task.objects.get(kind="concern")
    assert (task.role, task.urgency) == ("prescriber", "now")
    assert OutboxMessage.objects.filter(task=task).exists()


def test_problem_on_the_list_is_not_cleared_by_a_talk_without_a_sign(house: House) -> None:
    record_baseline(
        parent=house.mother, kind=Kind.PROBLEM, value={"problem": "current_mania"}, by=house.actor("prescriber"),
        at=NOW - timedelta(days=1),
    )  # fmt: skip
    note(house)

    assert facts(house)["current_mania"] is True


def test_list_without_an_entry_does_not_clear_what_was_said_in_the_talk(house: House) -> None:
    note(house, named=1)
    record_baseline(
        parent=house.mother, kind=Kind.PROBLEM, value={"nothing_else": True}, by=house.actor("prescriber"),
        at=NOW + timedelta(minutes=5),
    )  # fmt: skip

    assert facts(house)["mdq_positive"] is True


def test_asked_anew_the_newest_talk_counts(house: House) -> None:
    note(house, earlier=1)
    note_asked(
        episode=house.episode, set_name="mind", values=values(), by=house.actor("prescriber"),
        at=NOW + timedelta(minutes=5),
    )  # fmt: skip

    assert facts(house)["mdq_positive"] is False


def test_after_a_loss_nothing_about_a_baby_is_asked(house: House) -> None:
    record_loss(family=house.mother.family, by=house.actor("nurse"), at=NOW)
    note(house)

    assert not Answer.objects.filter(item="child").exists()
    assert facts(house)["active_psychosis"] is False


def test_question_that_was_left_out_is_refused_and_nothing_is_kept(house: House) -> None:
    some_values = values()
    del some_values["mind-talk:family"]

    with pytest.raises(Refused, match="every question"):
        note_asked(episode=house.episode, set_name="mind", values=some_values, by=house.actor("nurse"), at=NOW)

    assert QuestionSet.objects.count() == 0


def test_parent_is_never_sent_what_a_person_asks(house: House) -> None:
    note(house)

    assert open_sets_for(house.actor("mother"), LATER) == []


def test_nurse_notes_the_answers_on_a_page(house: House) -> None:
    ruth, address = client_of(house.nurse), f"/clinic/people/{house.mother.id}/answers/ask/mind/"
    page = words_of(ruth.get(address).content.decode())
    assert "not validated" in page

    incomplete = ruth.post(address, {"mind-talk:senses": "0"})
    assert incomplete.status_code == 422
    assert "Note an answer" in words_of(incomplete.content.decode())

    assert ruth.post(address, {key: str(value) for key, value in values().items()}).status_code == 303
    assert facts(house)["active_psychosis"] is False


def test_nobody_else_notes_answers(house: House, other_house: House) -> None:
    address = f"/clinic/people/{house.mother.id}/answers/ask/mind/"

    for person in (other_house.nurse, house.administrator):
        assert client_of(person).get(address).status_code in {403, 404}
        assert client_of(person).post(address, {}).status_code in {403, 404}
    assert client_of(house.nurse).get(address.replace("mind", "first")).status_code == 404
