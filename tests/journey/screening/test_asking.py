"""Which questions are asked, and in which order."""

from datetime import date

import pytest

from firstlight.clinical.instruments import Audience, instrument, instruments
from firstlight.journey.screening.asking import UnknownQuestion, find, is_answered, next_open, questions
from firstlight.journey.screening.audiences import audiences
from firstlight.journey.screening.sets import SETS, Comes, question_sets
from firstlight.journey.screening.wording import PREFACES, UNNAMED, preface_of

FIRST = SETS["first"].instruments


ABOUT_BIRTH = {"health-10:pregnant", "health-10:birth", "health-10:milk"}


def keys(
    given: dict[str, dict[str, int | None]],
    *,
    silent: bool = False,
    names: tuple[str, ...] = FIRST,
    relation: str = "mother",
    gave_birth: date | None = None,
) -> list[str]:
    asked_of = [audience for audience, concerns in audiences(relation, gave_birth).items() if concerns]
    return [question.key for question in questions(names, given, asked_of=asked_of, silent_about_baby=silent)]


def test_first_set_asks_thirty_questions_so_that_it_takes_32_taps() -> None:
    assert len(keys({})) == 30


@pytest.mark.parametrize(
    ("relation", "not_asked"),
    [
        ("mother", set()),
        ("father", ABOUT_BIRTH),
        ("partner", ABOUT_BIRTH),
        ("adoptive", ABOUT_BIRTH - {"health-10:milk"}),
        ("other", ABOUT_BIRTH - {"health-10:milk"}),
        ("unknown", ABOUT_BIRTH),
    ],
)
def test_person_is_asked_what_concerns_her_or_him(relation: str, not_asked: set[str]) -> None:
    assert set(keys({})) - set(keys({}, relation=relation)) == not_asked


@pytest.mark.parametrize("relation", ["father", "partner", "adoptive", "other"])
def test_whoever_gave_birth_is_asked_about_it_whatever_the_relation(relation: str) -> None:
    assert set(keys({}, relation=relation, gave_birth=date(2026, 7, 6))) >= ABOUT_BIRTH


def test_record_that_does_not_say_who_can_be_pregnant_is_not_read_as_no() -> None:
    assert audiences("partner", None)[Audience.CAN_BE_PREGNANT] is None
    assert audiences("father", None)[Audience.CAN_BE_PREGNANT] is False
    assert audiences("unknown", None)[Audience.GAVE_BIRTH] is None


def test_positions_run_through_all_parts_and_each_part_opens_once() -> None:
    asked = questions(FIRST, {}, asked_of=Audience, silent_about_baby=False)

    assert [question.position for question in asked] == list(range(1, 31))
    assert [question.key for question in asked if question.opens_part] == [
        "asq:q1",
        "phq-9:q1",
        "gad-7:q1",
        "health-10:heart",
    ]
    assert [question.key for question in asked if question.is_last] == ["health-10:substances"]


@pytest.mark.parametrize("refusal_or_yes", [1, 2])
@pytest.mark.parametrize("item", ["q1", "q2", "q3", "q4"])
def test_fifth_asq_question_is_asked_after_any_yes_or_refusal(item: str, refusal_or_yes: int) -> None:
    assert "asq:q5" in keys({"asq": {item: refusal_or_yes}})


def test_fifth_asq_question_is_not_asked_after_four_times_no() -> None:
    assert "asq:q5" not in keys({"asq": dict.fromkeys(["q1", "q2", "q3", "q4"], 0)})


def test_nothing_about_the_child_is_asked_after_a_loss() -> None:
    names = (*FIRST, "check-in")
    about_child = {f"{name}:{item.key}" for name in names for item in instrument(name).items if item.about_child}

    assert about_child == ABOUT_BIRTH | {"check-in:closeness"}
    assert set(keys({}, names=names)) - set(keys({}, names=names, silent=True)) == about_child


def test_check_in_takes_four_to_eight_taps() -> None:
    assert 4 <= len(keys({}, names=("check-in",), silent=True)) <= len(keys({}, names=("check-in",))) <= 8


def test_next_open_question_is_the_first_without_answer_and_a_pass_counts_as_one() -> None:
    asked = questions(("gad-7",), {}, asked_of=Audience, silent_about_baby=False)
    given = {"gad-7": {"q1": 2, "q2": None}}

    waiting = next_open(asked, given)

    assert waiting is not None
    assert waiting.key == "gad-7:q3"
    assert [is_answered(question, given) for question in asked[:3]] == [True, True, False]


def test_no_question_waits_when_all_are_answered() -> None:
    asked = questions(("gad-7",), {}, asked_of=Audience, silent_about_baby=False)

    assert next_open(asked, {"gad-7": {question.item.key: 0 for question in asked}}) is None


@pytest.mark.parametrize("key", ["", "phq-9", "phq-9:", "phq-9:q10", "gad-7:q1", "asq:q1; drop table", "x" * 100_000])
def test_key_that_names_no_question_of_the_set_is_unknown(key: str) -> None:
    with pytest.raises(UnknownQuestion):
        find(("phq-9", "asq"), key)


# Those with a question about harm, and those about a hard birth or another frightening thing.
WITH_A_NOTE = {"asq", "phq-9", "check-in", "epds", "pbq", "city-bits", "pc-ptsd-5", "pcl-5"}


def test_no_set_asks_what_cannot_be_scored() -> None:
    assert {name for plan in SETS.values() for name in plan.instruments} <= set(instruments())


def test_every_instrument_of_a_set_has_words_of_its_own_and_warns_of_its_self_harm_items() -> None:
    own = (plan for plan in SETS.values() if plan.comes is not Comes.PERSON and not plan.alone)
    names = {name for plan in own for name in plan.instruments}
    names |= {follow.then for follow in question_sets().follows}

    assert names <= set(PREFACES)
    about_somebody_else = {"other-parent"}
    assert {name for name in names if PREFACES[name].note} == WITH_A_NOTE | about_somebody_else


def test_questionnaire_without_words_of_its_own_warns_of_what_is_watched_and_names_nothing() -> None:
    alone = [plan.instruments[0] for plan in SETS.values() if plan.alone and plan.instruments[0] not in PREFACES]

    assert {name for name in alone if preface_of(name).note} == {"c-ssrs", "qids-sr16", "madrs-s", "mibs"}
    assert {preface_of(name).title for name in alone} == {UNNAMED.title}
    assert (preface_of("pba").minutes, preface_of("who-5").minutes) == (4, 1)
