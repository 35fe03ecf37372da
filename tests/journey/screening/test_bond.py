"""Closeness to the child as a mother is asked it: the published words, what stands before harm, help at once."""

from collections.abc import Iterator

import pytest
import time_machine
from django_scopes import scope

from firstlight.clinical.evidence import text
from firstlight.clinical.instruments import instrument
from firstlight.ground.people.models import Episode, EpisodeState
from firstlight.ground.safety.models import Concern
from firstlight.ground.safety.services import raise_concern
from firstlight.ground.worklist.models import Task
from firstlight.journey.learn.services import note_reporting_seen
from firstlight.journey.screening.models import QuestionSet
from firstlight.journey.screening.selectors import results_of
from firstlight.journey.screening.services import answer, assign, complete, send_set, tap
from tests.cast import NOW, House
from tests.journey.screening.telling import was_told
from tests.support.reading import words_of
from tests.support.signed_in import client_of


@pytest.fixture(autouse=True)
def _inside_harbour(house: House) -> Iterator[None]:
    with scope(clinic=house.clinic.id), time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def bond(house: House) -> QuestionSet:
    return send_set(episode=house.episode, set_name="bond", by=house.actor("nurse"), at=NOW)


def page(house: House, question_set: QuestionSet, rest: str) -> str:
    return words_of(client_of(house.mother).get(f"/me/q/{question_set.id}/{rest}").content.decode())


def test_who_reads_and_what_is_reported_is_read_before_the_first_question(house: House, bond: QuestionSet) -> None:
    start = client_of(house.mother).get(f"/me/q/{bond.id}/").content.decode()
    before = page(house, bond, "before/")

    assert f"/me/q/{bond.id}/before/" in start
    assert "Sudden, unwanted thoughts that frighten you, alone." in before
    assert "The clinic has not yet checked these words against the law of NY." in before


def test_question_stands_as_published_with_its_answers_in_printed_order(house: House, bond: QuestionSet) -> None:
    was_told(house)
    first = page(house, bond, "1/")

    assert "Choose the answer which seems right in your recent experience." in first
    places = [first.index(word) for word in ("Always", "Very often", "Quite often", "Sometimes", "Rarely", "Never")]
    assert places == sorted(places)
    assert "I feel trapped as a mother" in page(house, bond, "13/")


def test_words_above_all_items_stand_whole_once_and_behind_their_first_sentence_later(
    house: House, bond: QuestionSet
) -> None:
    was_told(house)
    stem = text(instrument("pbq").stem or {}, "en")
    first, later = (
        client_of(house.mother).get(f"/me/q/{bond.id}/{place}/").content.decode() for place in (1, 2)
    )  # fmt: skip

    assert f'<div class="stem">{stem}</div>' in first
    summary = "Please indicate how often the following are true for you."
    assert f'<details class="stem"><summary>{summary}</summary><div>{stem}</div></details>' in later
    assert "I wish the old days when I had no baby would come back</h1>" in later


def test_short_words_above_all_items_stand_whole_on_every_page(house: House) -> None:
    was_told(house)
    asked = assign(
        parent=house.mother, episode=house.episode, set_name="week", by=house.actor("nurse"), at=NOW
    )  # fmt: skip
    page = client_of(house.mother).get(f"/me/q/{asked.id}/2/").content.decode()

    assert '<details class="stem"' not in page
    assert f'<div class="stem">{text(instrument("phq-9").stem or {}, "en")}</div>' in page


@pytest.mark.parametrize("position", [18, 24])
def test_note_on_harm_stands_one_page_before(house: House, bond: QuestionSet, position: int) -> None:
    was_told(house)

    told = "The next question is about harm to a child. You can pass over it."
    assert told in page(house, bond, f"{position - 1}/")
    assert told not in page(house, bond, f"{position}/")


@pytest.mark.parametrize("item", ["q18", "q24"])
def test_weakest_answer_on_harm_asks_for_help_at_any_total(house: House, bond: QuestionSet, item: str) -> None:
    was_told(house)
    leads = client_of(house.mother).post(
        f"/me/q/{bond.id}/{item.removeprefix('q')}/", {"item": f"pbq:{item}", "value": 1}
    )["Location"]

    assert "/help/" in leads
    assert Concern.objects.get().asked == f"pbq:{item}"
    assert Task.objects.filter(kind="concern").count() == 1


def test_all_never_is_forty_of_125(house: House, bond: QuestionSet) -> None:
    for item in instrument("pbq").items:
        answer(question_set=bond, item=f"pbq:{item.key}", value=item.values[-1], by=house.actor("mother"), at=NOW)
    complete(question_set=bond, by=house.actor("mother"), at=NOW)

    (result,) = results_of(house.actor("nurse"), house.mother.id)
    assert (result.total, result.max) == (40, 125)
    assert Concern.objects.count() == 0


def test_end_after_an_answer_on_harm_says_who_was_told_and_not_that_nobody_watches(
    house: House, bond: QuestionSet
) -> None:
    for item in instrument("pbq").items:
        value = 1 if item.key == "q18" else item.values[-1]
        answer(question_set=bond, item=f"pbq:{item.key}", value=value, by=house.actor("mother"), at=NOW)
    complete(question_set=bond, by=house.actor("mother"), at=NOW)

    end = page(house, bond, "done/")
    assert "The clinic was told of your answer." in end
    assert "Your other answers stand in your record." in end
    assert "Nobody watches" not in end


@pytest.fixture
def own(house: House) -> QuestionSet:
    """Ask Jonas, the father, our own questions."""
    episode = Episode.objects.create(
        clinic=house.clinic, parent=house.father, state=EpisodeState.INVITED, source="call", opened_at=NOW, moved_at=NOW
    )
    return send_set(episode=episode, set_name="other-parent", by=house.actor("nurse"), at=NOW)


def fathers_page(house: House, question_set: QuestionSet, rest: str) -> str:
    return words_of(client_of(house.father).get(f"/me/q/{question_set.id}/{rest}").content.decode())


def test_father_reads_who_is_told_before_he_is_asked_about_harm_and_a_note_one_page_before(
    house: House, own: QuestionSet
) -> None:
    start = client_of(house.father).get(f"/me/q/{own.id}/").content.decode()
    before = fathers_page(house, own, "before/")
    note_reporting_seen(parent=house.father, by=house.actor("father"), at=NOW)

    assert f"/me/q/{own.id}/before/" in start
    assert "Sudden, unwanted thoughts that frighten you, alone." in before
    told = "The next question is about harm to a child. You can pass over it."
    keys = [item.key for item in instrument("other-parent").items]
    assert [told in fathers_page(house, own, f"{place}/") for place in range(1, 9)] == [
        keys[place] in {"urge", "harm"} for place in range(1, 9)
    ]


@pytest.mark.parametrize("item", ["urge", "harm"])
def test_fathers_weakest_answer_on_harm_asks_for_help_and_is_a_task_for_today(
    house: House, own: QuestionSet, item: str
) -> None:
    note_reporting_seen(parent=house.father, by=house.actor("father"), at=NOW)
    place = [one.key for one in instrument("other-parent").items].index(item) + 1
    leads = client_of(house.father).post(f"/me/q/{own.id}/{place}/", {"item": f"other-parent:{item}", "value": 1})

    assert "/help/" in leads["Location"]
    concern = Concern.objects.get()
    assert (concern.level, concern.source, concern.parent_id) == ("L2", "screening:other-parent-harm", house.father.id)
    read = words_of(client_of(house.nurse).get(f"/clinic/people/{house.father.id}/answers/").content.decode())
    assert "A clinician talks with the parent today about the child's safety and the parent's own" in read


def test_fathers_harm_beside_signs_of_psychosis_is_danger_now(house: House, own: QuestionSet) -> None:
    raise_concern(
        parent=house.father, level="L4", source="screening:mind-talk-psychosis", reason="Yes.",
        by=house.actor("nurse"), at=NOW,
    )  # fmt: skip
    answer(question_set=own, item="other-parent:urge", value=1, by=house.actor("father"), at=NOW)

    assert Concern.objects.get(source="screening:other-parent-harm").level == "L4"


def test_father_who_says_never_raises_nothing_and_may_pass_over(house: House, own: QuestionSet) -> None:
    for item, value in (("urge", 0), ("harm", None)):
        tap(question_set=own, item=f"other-parent:{item}", value=value, by=house.actor("father"), at=NOW)

    assert not Concern.objects.exists()
