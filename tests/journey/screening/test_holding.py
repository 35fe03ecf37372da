"""A clinic's own wording: used where it is held, never elsewhere, kept for what was answered under it."""

from datetime import timedelta

import pytest
import time_machine
from django.http import Http404
from django_scopes import scope
from hypothesis import given
from hypothesis import strategies as st

from firstlight.clinical.instruments import Instrument, instrument, instruments, score
from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.errors import Refused
from firstlight.journey.screening.holding import (
    Holdings,
    ItemWords,
    Wording,
    instrument_for,
    without_words,
    worded,
    wording_for,
    wordings_of,
)
from firstlight.journey.screening.models import HeldWording, QuestionSet, Result
from firstlight.journey.screening.services import answer, assign, complete, hold, withdraw
from firstlight.journey.screening.services.scoring import version_of
from firstlight.journey.screening.sets import SETS
from tests.cast import NOW, House
from tests.support.reading import words_of
from tests.support.signed_in import client_of

ALLOWED = "Letter of the owner, 3 March 2026"
LATER = NOW + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _today() -> None:
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        yield


def words_for(definition: Instrument, said: str = "Held", language: str = "en") -> Wording:
    return Wording(
        language=language,
        stem=f"{said} stem",
        items={
            item.key: ItemWords(
                f"{said} question {item.number}",
                tuple(f"{said} answer {place}" for place, _ in enumerate(item.options, 1)),
            )
            for item in definition.items
        },
    )


def bring(house: House, name: str = "epds", **changed: object) -> HeldWording:
    definition = instrument(name)
    facts = {
        "definition": definition,
        "wordings": [words_for(definition)],
        "permission": ALLOWED,
        "holder": house.clinic.name,
        "by": house.actor("administrator"),
        "at": NOW,
    }
    with scope(clinic=house.clinic.id):
        return hold(**(facts | changed))[0]


@pytest.fixture
def epds_set() -> str:
    """The set that asks the EPDS alone."""
    assert SETS["mood-birth"].instruments == ("epds",)
    return "mood-birth"


def ask(house: House, set_name: str, at: object = LATER) -> QuestionSet:
    with scope(clinic=house.clinic.id):
        return assign(parent=house.mother, episode=house.episode, set_name=set_name, by=house.actor("nurse"), at=at)


def test_questions_without_text_are_not_asked_and_the_reason_is_said(house: House, epds_set: str) -> None:
    with pytest.raises(Refused, match=r"The text of Edinburgh Postnatal Depression Scale .* is not here") as refusal:
        ask(house, epds_set)

    assert refusal.value.field == "set_name"
    with scope(clinic=house.clinic.id):
        assert not QuestionSet.objects.exists()


def test_parent_is_asked_in_the_words_that_her_clinic_holds(house: House, epds_set: str) -> None:
    bring(house)
    question_set = ask(house, epds_set)

    page = words_of(client_of(house.mother).get(f"/me/q/{question_set.id}/3/").content.decode())

    assert "Held question 3" in page
    assert "Held answer 4" in page
    assert "Held stem" in page


def test_other_clinic_never_meets_these_words(house: House, other_house: House, epds_set: str) -> None:
    held = bring(house)

    with pytest.raises(Refused, match="is not here"):
        ask(other_house, epds_set)
    with scope(clinic=other_house.clinic.id):
        carl = other_house.actor("administrator")
        assert not instrument_for(other_house.clinic.id, "epds").worded
        assert wordings_of(carl) == []
        with pytest.raises(Http404):
            wording_for(carl, held.id)
    client = client_of(other_house.administrator)
    assert "Held question" not in client.get("/clinic/questionnaires/").content.decode()
    assert client.get(f"/clinic/questionnaires/{held.id}/remove/").status_code == 404
    assert client.post(f"/clinic/questionnaires/{held.id}/remove/").status_code == 404
    held.refresh_from_db()
    assert held.withdrawn_at is None


@pytest.mark.parametrize("who", ["prescriber", "nurse", "therapist"])
def test_who_runs_no_house_brings_no_text(house: House, who: str) -> None:
    with pytest.raises(Refused, match="the right to import"):
        bring(house, by=house.actor(who))

    with scope(clinic=house.clinic.id), pytest.raises(Http404):
        wordings_of(house.actor(who))
    assert client_of(getattr(house, who)).get("/clinic/questionnaires/").status_code == 404


def test_permission_is_needed_and_kept(house: House) -> None:
    with pytest.raises(Refused, match="who allowed"):
        bring(house, permission="  ")

    held = bring(house)

    assert (held.permission, held.holder, held.imported_by) == (
        ALLOWED,
        "Harbour Clinic",
        house.administrator.account,
    )
    event = AuditEvent.objects.get(action="wording.imported")
    assert (event.account_id, event.detail) == (
        house.administrator.account_id,
        {"instrument": "epds", "language": "en"},
    )


def test_words_that_do_not_fit_are_refused(house: House) -> None:
    with pytest.raises(Refused, match="do not fit"):
        bring(house, wordings=[words_for(instrument("phq-9"))])


def test_newer_text_takes_the_place_of_the_older_one_of_its_language(house: House) -> None:
    bring(house)
    bring(house, wordings=[words_for(instrument("epds"), "Newer")], at=LATER)
    bring(house, wordings=[words_for(instrument("epds"), "Deutsch", "de")], at=LATER)

    with scope(clinic=house.clinic.id):
        assert HeldWording.objects.count() == 3
        words = instrument_for(house.clinic.id, "epds").item("q1").text
        before = Holdings(house.clinic.id, ["epds"]).instrument("epds", NOW + timedelta(minutes=1)).item("q1").text
    assert words == {"en": "Newer question 1", "de": "Deutsch question 1"}
    assert before == {"en": "Held question 1"}


def test_result_names_the_version_of_the_words_under_which_it_was_given(house: House, epds_set: str) -> None:
    versions = set()
    for minutes, said in enumerate(("First", "Second")):
        at = NOW + timedelta(minutes=10 * minutes)
        bring(house, wordings=[words_for(instrument("epds"), said)], at=at)
        question_set = ask(house, epds_set, at)
        with scope(clinic=house.clinic.id):
            for item in instrument("epds").items:
                answer(question_set=question_set, item=f"epds:{item.key}", value=0, by=house.actor("mother"), at=at)
            (result,) = complete(question_set=question_set, by=house.actor("mother"), at=at)
        versions.add(result.version)

    assert len(versions | {version_of(instrument("epds"))}) == 3


def test_removed_text_asks_nobody_and_answers_keep_their_words(house: House, epds_set: str) -> None:
    held = bring(house)
    answered, waiting = ask(house, epds_set), None
    with scope(clinic=house.clinic.id):
        for item in instrument("epds").items:
            answer(
                question_set=answered,
                item=f"epds:{item.key}",
                value=int(item.key != "q10"),
                by=house.actor("mother"),
                at=LATER,
            )
        complete(question_set=answered, by=house.actor("mother"), at=LATER)
        waiting = ask(house, epds_set, LATER + timedelta(minutes=1))
        answer(question_set=waiting, item="epds:q1", value=1, by=house.actor("mother"), at=LATER + timedelta(minutes=2))
        closed = withdraw(wording=held, by=house.actor("administrator"), at=LATER + timedelta(minutes=3))
        assert closed == 1
        assert without_words(house.clinic.id, ["epds"])
        assert Result.objects.count() == 1

    assert client_of(house.mother).get(f"/me/q/{waiting.id}/2/").status_code == 410
    page = words_of(client_of(house.nurse).get(f"/clinic/people/{house.mother.id}/answers/").content.decode())
    assert "Held question 10" in page
    assert page.count("Held question 1 ") == 2  # the set that was sent, and the one that was closed
    with pytest.raises(Refused, match="is not here"):
        ask(house, epds_set, LATER + timedelta(minutes=4))
    with scope(clinic=house.clinic.id), pytest.raises(Refused, match="removed already"):
        withdraw(wording=held, by=house.actor("administrator"), at=LATER + timedelta(minutes=5))


def test_removing_a_translation_closes_nothing_that_can_still_be_asked(house: House, epds_set: str) -> None:
    bring(house)
    german = bring(house, wordings=[words_for(instrument("epds"), "Deutsch", "de")])
    ask(house, epds_set)

    with scope(clinic=house.clinic.id):
        assert withdraw(wording=german, by=house.actor("administrator"), at=LATER) == 0


@given(st.data())
def test_words_change_no_score(data: st.DataObject) -> None:
    definition = data.draw(st.sampled_from(list(instruments().values())))
    values = {item.key: data.draw(st.sampled_from([*item.values, None])) for item in definition.items}

    held = worded(definition, [words_for(definition), words_for(definition, "Deutsch", "de")])

    assert held.worded
    assert score(held, values) == score(definition, values)
    assert [item.values for item in held.items] == [item.values for item in definition.items]
