"""What follows what: the further questions come in the same sitting, say why, and never ask the same twice."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django_scopes import scope

from firstlight.clinical.instruments import instrument, instruments
from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.models import Episode, EpisodeState
from firstlight.ground.safety.models import Concern
from firstlight.ground.worklist.models import Task
from firstlight.journey.screening.asking import next_open
from firstlight.journey.screening.models import Answer, QuestionSet, Result
from firstlight.journey.screening.selectors import given_in, open_sets_for, questions_of, results_of
from firstlight.journey.screening.series import totals_in
from firstlight.journey.screening.services import answer, assign, complete, tap
from firstlight.journey.screening.sets import question_sets
from tests.cast import NOW, House
from tests.journey.screening.telling import answer_all, ask, bring_text, was_told
from tests.support.reading import words_of
from tests.support.signed_in import client_of

SOON = NOW + timedelta(minutes=2)


@pytest.fixture(autouse=True)
def _inside_harbour(house: House) -> Iterator[None]:
    with scope(clinic=house.clinic.id), time_machine.travel(SOON, tick=False):
        yield


def asked(house: House, name: str, *, of: str = "mother") -> QuestionSet:
    parent = getattr(house, of)
    episode = Episode.objects.filter(parent=parent).first() or Episode.objects.create(
        clinic=house.clinic, parent=parent, state=EpisodeState.INVITED, source="call", opened_at=NOW, moved_at=NOW
    )
    return assign(parent=parent, episode=episode, set_name=name, by=house.actor("nurse"), at=NOW)


def sent(house: House, name: str, **more: Any) -> QuestionSet:
    """Ask Maya any set; the words that the clinic would have to hold are there."""
    bring_text(house, "epds")
    parent = house.mother
    return assign(parent=parent, episode=house.episode, set_name=name, by=house.actor("nurse"), at=NOW, **more)


def say(house: House, question_set: QuestionSet, name: str, *values: int, of: str = "mother") -> None:
    """Answer the questions of one instrument in their order."""
    for item, value in zip(instrument(name).items, values, strict=False):
        answer(question_set=question_set, item=f"{name}:{item.key}", value=value, by=house.actor(of), at=SOON)


def keys(question_set: QuestionSet) -> list[str]:
    return [question.key for question in questions_of(question_set, given_in(question_set))]


@pytest.mark.parametrize(
    ("of", "yes", "follows"),
    [("mother", 2, False), ("mother", 3, True), ("father", 3, False), ("father", 4, True)],
)
def test_hard_experiences_are_followed_from_the_cut_on(house: House, of: str, yes: int, *, follows: bool) -> None:
    question_set = asked(house, "trauma", of=of)

    say(house, question_set, "pc-ptsd-5", 1, *[1] * yes, *[0] * (5 - yes), of=of)

    assert ("pcl-5" in question_set.instruments) is follows
    assert question_set.instruments == QuestionSet.objects.get().instruments


def test_no_such_experience_is_no_further_question(house: House) -> None:
    question_set = asked(house, "trauma")

    saved = tap(question_set=question_set, item="pc-ptsd-5:exposure", value=0, by=house.actor("mother"), at=SOON)

    assert saved.finished
    assert Result.objects.get().total == 0


def test_further_questions_come_only_after_the_last_of_the_first_ones(house: House) -> None:
    question_set = asked(house, "trauma")

    say(house, question_set, "pc-ptsd-5", 1, 1, 1, 1, 1)

    assert question_set.instruments == ["pc-ptsd-5"]


def test_set_is_sent_only_with_the_further_questions_answered(house: House) -> None:
    question_set = asked(house, "trauma")
    say(house, question_set, "pc-ptsd-5", 1, 1, 1, 1, 0)

    saved = tap(question_set=question_set, item="pc-ptsd-5:q5", value=0, by=house.actor("mother"), at=SOON)

    assert not saved.finished
    say(house, question_set, "pcl-5", *[1] * 20)
    complete(question_set=question_set, by=house.actor("mother"), at=SOON)
    assert {one.instrument: one.total for one in Result.objects.all()} == {"pc-ptsd-5": 3, "pcl-5": 20}


def test_two_questions_become_nine_and_the_two_are_not_asked_again(house: House) -> None:
    question_set = asked(house, "brief")

    say(house, question_set, "phq-2", 1, 2)

    nine = [f"phq-9:q{number}" for number in range(3, 10)]
    assert keys(question_set) == ["phq-2:q1", "phq-2:q2", *nine, "phq-9:difficulty"]
    answer_all(house, question_set, at=SOON)
    complete(question_set=question_set, by=house.actor("mother"), at=SOON)
    result = Result.objects.get(instrument="phq-9")
    assert (result.total, result.complete) == (1 + 2 + 6, True)


def test_two_questions_below_the_cut_stay_two(house: House) -> None:
    question_set = asked(house, "brief")

    say(house, question_set, "phq-2", 1, 1)

    assert keys(question_set) == ["phq-2:q1", "phq-2:q2"]
    assert not Answer.objects.filter(instrument="phq-9").exists()


def test_nine_do_not_follow_two_while_another_set_of_these_two_weeks_asked_them(house: House) -> None:
    """The two were sent before, and answered after the nine of the first questions."""
    two, first = asked(house, "brief"), asked(house, "first")
    answer_all(house, first, at=NOW)
    complete(question_set=first, by=house.actor("mother"), at=SOON)

    say(house, two, "phq-2", 3, 3)

    assert keys(two) == ["phq-2:q1", "phq-2:q2"]


def test_correction_of_a_first_answer_is_taken_over(house: House) -> None:
    question_set = asked(house, "brief")
    say(house, question_set, "phq-2", 1, 2)

    say(house, question_set, "phq-2", 3)

    assert given_in(question_set)["phq-9"] == {"q1": 3, "q2": 2}


def test_slip_that_was_corrected_takes_the_further_questions_away_again(house: House) -> None:
    question_set = asked(house, "brief")
    say(house, question_set, "phq-2", 1, 3)

    say(house, question_set, "phq-2", 1, 1)

    assert keys(question_set) == ["phq-2:q1", "phq-2:q2"]
    actions = AuditEvent.objects.filter(action__startswith="screening.").values_list("action", flat=True)
    assert {"screening.followed", "screening.unfollowed"} <= set(actions)


def test_further_questions_that_were_begun_stay(house: House) -> None:
    question_set = asked(house, "brief")
    say(house, question_set, "phq-2", 1, 3)
    answer(question_set=question_set, item="phq-9:q3", value=1, by=house.actor("mother"), at=SOON)

    say(house, question_set, "phq-2", 1, 0)

    assert "phq-9" in question_set.instruments


def test_thought_of_death_is_followed_by_the_four_questions_in_the_same_sitting(house: House) -> None:
    question_set = asked(house, "week")
    answer_all(house, question_set, leave="phq-9:q9", at=SOON)

    saved = tap(question_set=question_set, item="phq-9:q9", value=1, by=house.actor("mother"), at=SOON)

    assert saved.concern is not None
    assert not saved.finished
    assert "asq:q1" in keys(question_set)
    assert Task.objects.filter(kind="concern").count() == 1


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("day", "check-in:harm"),
        ("day-full", "check-in:harm"),
        ("mood-birth", "epds:q10"),
        ("month", "phq-9:q9"),
    ],
)
def test_answer_that_asks_for_the_four_questions_is_followed_by_them(house: House, name: str, key: str) -> None:
    question_set = sent(house, name)
    answer_all(house, question_set, leave=key, at=SOON)

    saved = tap(question_set=question_set, item=key, value=1, by=house.actor("mother"), at=SOON)

    assert saved.concern is not None
    assert not saved.finished
    assert "asq:q1" in keys(question_set)
    answer_all(house, question_set, at=SOON)
    complete(question_set=question_set, by=house.actor("mother"), at=SOON)
    assert Result.objects.filter(instrument="asq", complete=True).exists()


def test_two_answers_that_ask_for_the_same_questions_are_followed_by_them_once(house: House) -> None:
    question_set = sent(house, "week", instruments=["phq-9", "epds"])
    answer_all(house, question_set, {"phq-9:q9": 1, "epds:q10": 1}, leave="asq:q1", at=SOON)
    assert question_set.instruments == ["phq-9", "asq", "epds"]
    answer_all(house, question_set, {"epds:q10": 1}, leave="asq:q1", at=SOON)

    answer(question_set=question_set, item="phq-9:q9", value=0, by=house.actor("mother"), at=SOON)
    answer(question_set=question_set, item="epds:q10", value=1, by=house.actor("mother"), at=SOON)

    assert [one for one in question_set.instruments if one == "asq"] == ["asq"]


def test_answer_that_waited_on_a_phone_until_the_questions_closed_says_that_somebody_has_to_ask(house: House) -> None:
    question_set = sent(house, "day", expires_at=NOW + timedelta(hours=1))
    late = NOW + timedelta(hours=3)
    answer_all(house, question_set, leave="check-in:harm", at=SOON)

    saved = tap(
        question_set=question_set, item="check-in:harm", value=1, by=house.actor("mother"), at=late, tapped_at=SOON
    )  # fmt: skip

    assert saved.finished
    reason = Concern.objects.get().reason
    assert "To be asked when you talk" in reason
    assert "(ASQ)" in reason


def test_answer_that_is_followed_leaves_nothing_for_somebody_to_ask(house: House) -> None:
    question_set = sent(house, "day")
    answer_all(house, question_set, leave="check-in:harm", at=SOON)

    tap(question_set=question_set, item="check-in:harm", value=1, by=house.actor("mother"), at=SOON)

    assert "To be asked" not in Concern.objects.get().reason


def test_every_answer_that_asks_for_a_safety_assessment_brings_the_four_questions_in_every_set() -> None:
    """The rules are those of the questionnaires: same question, same cut. What staff ask aloud in a session is in no set.

    The C-SSRS is such a screen itself, so nothing follows it.
    """
    wanted = {
        (definition.name, item, rule.condition.at_least)
        for definition in instruments().values()
        for rule in definition.safety
        for item in rule.condition.any_of
        if (rule.action == "brief_safety_assessment" or "same sitting" in rule.note)
        and definition.name not in {"asq", "c-ssrs", "right-now"}
    }
    rules = {(one.after, one.item, one.at_least) for one in question_sets().follows if one.then == "asq"}

    assert {name for name, _item, _cut in wanted} >= {"phq-9", "epds", "check-in"}
    assert rules == wanted


def test_what_a_set_asks_anyway_is_not_added_to_it(house: House) -> None:
    question_set = sent(house, "first")

    answer_all(house, question_set, {"phq-9:q9": 1}, at=SOON)

    assert question_set.instruments == ["asq", "phq-9", "gad-7", "health-10"]


def tap_all(house: House, question_set: QuestionSet, values: dict[str, int], *, leave: str = "") -> None:
    """Tap every answer as on a phone, the calm one where none is given, until `leave`."""
    while (
        question := next_open(questions_of(question_set, given_in(question_set)), given_in(question_set))
    ) is not None:
        if question.key == leave:
            return
        tap(
            question_set=question_set, item=question.key, value=values.get(question.key, 0), by=house.actor("mother"),
            at=SOON,
        )  # fmt: skip


def test_questionnaire_is_scored_though_the_four_questions_after_it_are_left_open(house: House) -> None:
    question_set = asked(house, "week")
    tap_all(house, question_set, {"phq-9:q1": 2, "phq-9:q9": 1}, leave="asq:q1")

    assert [(one.instrument, one.total) for one in Result.objects.all()] == [("phq-9", 3)]
    assert [one.total for one in results_of(house.actor("nurse"), house.mother.id)] == [3]
    assert [one.value for one in totals_in(house.episode.id, "phq-9")] == [3]
    assert question_set in open_sets_for(house.actor("mother"), SOON)
    assert Task.objects.filter(kind="concern", finished_at=None).count() == 1

    tap_all(house, question_set, {})

    assert {one.instrument: one.total for one in Result.objects.all()} == {"phq-9": 3, "asq": None, "gad-7": 0}
    assert QuestionSet.objects.get().completed_at == SOON
    assert Task.objects.filter(kind="concern").count() == 1


def test_answer_that_changes_after_scoring_amends_the_total_and_keeps_the_old_one(house: House) -> None:
    question_set = asked(house, "week")
    tap_all(house, question_set, {"phq-9:q1": 2, "phq-9:q9": 1}, leave="asq:q2")

    tap(question_set=question_set, item="phq-9:q1", value=3, by=house.actor("mother"), at=SOON)
    tap_all(house, question_set, {})

    assert [one.total for one in Result.objects.filter(instrument="phq-9").order_by("total")] == [3, 4]
    assert [one.value for one in totals_in(house.episode.id, "phq-9")] == [4]
    scored = [one for one in results_of(house.actor("nurse"), house.mother.id) if one.instrument == "phq-9"]
    assert [one.total for one in scored] == [4]


def test_slip_that_takes_the_four_questions_away_again_leaves_one_total(house: House) -> None:
    question_set = asked(house, "week")
    tap_all(house, question_set, {"phq-9:q9": 1}, leave="asq:q1")

    tap(question_set=question_set, item="phq-9:q9", value=0, by=house.actor("mother"), at=SOON)

    assert "asq" not in question_set.instruments
    assert [one.value for one in totals_in(house.episode.id, "phq-9")] == [0]


def test_page_says_why_more_is_asked(house: House) -> None:
    was_told(house)
    question_set = asked(house, "brief")
    say(house, question_set, "phq-2", 1)
    maya = client_of(house.mother)

    sent = maya.post(f"/me/q/{question_set.id}/2/", {"item": "phq-2:q2", "value": "2"})
    page = words_of(maya.get(sent["Location"]).content.decode())

    assert "The first two of the nine you have answered." in page
    assert "Your last two weeks. 8 questions" in page


def test_what_follows_is_never_an_instrument_without_text() -> None:
    for follow in question_sets().follows:
        assert instrument(follow.then).worded
        assert follow.sources
        assert follow.note


def test_questions_asked_once_are_the_same_in_both_word_for_word_and_set_off_no_rule() -> None:
    for follow in question_sets().follows:
        for item, first in follow.same_items.items():
            again, before = instrument(follow.then).item(item), instrument(follow.after).item(first)
            assert (again.text, again.values) == (before.text, before.values)
            assert instrument(follow.then).stem == instrument(follow.after).stem
            assert item not in instrument(follow.then).watched


def test_every_question_is_asked_in_the_end(house: House) -> None:
    question_set = asked(house, "trauma")
    say(house, question_set, "pc-ptsd-5", 1, 1, 1, 1, 1, 1)
    say(house, question_set, "pcl-5", *[0] * 19)

    waiting = next_open(questions_of(question_set, given_in(question_set)), given_in(question_set))

    assert waiting is not None
    assert waiting.key == "pcl-5:" + instrument("pcl-5").items[-1].key


LAST, MORE = "This is the last one.", "Your answer decides whether more questions follow."


def shown(house: House, question_set: QuestionSet, position: int) -> str:
    return words_of(client_of(house.mother).get(f"/me/q/{question_set.id}/{position}/").content.decode())


def test_question_that_decides_on_others_is_not_called_the_last_one(house: House) -> None:
    question_set = asked(house, "trauma")

    first = shown(house, question_set, 1)
    say(house, question_set, "pc-ptsd-5", 1, 0, 0, 0, 0)
    sixth = shown(house, question_set, 6)

    for page in (first, sixth):
        assert MORE in page
        assert LAST not in page
    assert "Question 1" in first
    assert "1 of 1" not in first


def test_last_of_what_followed_is_the_last_one(house: House) -> None:
    question_set = asked(house, "trauma")
    say(house, question_set, "pc-ptsd-5", 1, 1, 1, 1, 1, 1)

    page = shown(house, question_set, len(keys(question_set)))

    assert LAST in page
    assert MORE not in page


def test_last_question_of_a_set_without_conditions_is_the_last_one(house: House) -> None:
    was_told(house)
    question_set = ask(house, "week", SOON)

    page = shown(house, question_set, 16)

    assert LAST in page
    assert MORE not in page
