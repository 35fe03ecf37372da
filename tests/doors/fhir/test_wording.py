"""Where our words ship, a file has the same; elsewhere a person compares, and nothing that stands in a file is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstlight.clinical.instruments import instrument, instruments
from firstlight.doors.fhir.exact import copying_errors, same_wording
from firstlight.doors.fhir.questionnaire import read_questionnaire
from tests.doors.fhir.shapes import PUBLISHED_DIFFICULTY, Json, lforms, licensed, mii, sdc, written
from tests.doors.fhir.test_questionnaire import items, read, refused

STEM = "Over the last 2 weeks, how often have you been bothered by any of the following problems?"


def grouped(form: Json, *texts: str) -> Json:
    """Return a form whose questions stand in groups, one within the other."""
    inner = form["item"]
    for level, words in enumerate(reversed(texts)):
        inner = [{"linkId": f"group-{level}", "type": "group", "text": words, "item": inner}]
    return form | {"item": inner}


def divided(form: Json, outer: str, first: str, second: str) -> Json:
    """Return a form of two parts, with a text above all and one above each."""
    inner = [
        {"linkId": "a", "type": "group", "text": first, "item": form["item"][:5]},
        {"linkId": "b", "type": "group", "text": second, "item": form["item"][5:]},
    ]
    return form | {"item": [{"linkId": "all", "type": "group", "text": outer, "item": inner}]}


def display(words: str, link: str = "display") -> Json:
    return {"linkId": link, "type": "display", "text": words}


def left_out(form: Json) -> dict[str, str]:
    return {one.link_id: one.why.value for one in read(form).left_out}


@pytest.mark.parametrize(
    "words", ["Over the past 12 months, how often", STEM.replace("2 weeks", "2 days"), STEM.replace("any of ", "")]
)
@pytest.mark.parametrize("place", [grouped, lambda form, words: form | {"item": [display(words), *form["item"]]}])
def test_other_words_above_a_questionnaire_that_ships_are_refused(
    place: Callable[[Json, str], Json], words: str
) -> None:
    ((problem, line),) = refused(place(lforms("phq-9"), words))

    assert problem.message == f"what stands above all questions reads “{words}”; “{STEM}” is expected"
    assert line.strip().startswith('"text": ')


@pytest.mark.parametrize(
    "words", [STEM, STEM.upper(), STEM.replace("2", "two"), STEM.replace(",", " –").rstrip("?"), f"  {STEM}\n"]
)
def test_same_words_above_are_the_same_whatever_their_signs(words: str) -> None:
    assert read(grouped(lforms("phq-9"), words)).stem == {"en": words.strip()}


def test_words_above_in_another_language_are_shown_with_the_days_that_are_kept() -> None:
    form = mii("phq-9")
    german = grouped({**form, "language": "de", "item": form["item"][1:]}, "In den letzten 12 Monaten")
    for question in items(german):
        question["text"] = f"Frage {question['prefix']}"

    found = read(german)

    assert found.stem == {"de": "In den letzten 12 Monaten"}
    assert found.instrument.recall_days == 14


def test_translation_into_a_language_that_ships_has_our_words_above() -> None:
    form = mii("phq-9")
    form["item"][0]["_text"]["extension"][0]["extension"][0]["valueCode"] = "en-GB"

    problem, line = refused(form)[0]

    assert "in en-GB; “Over the last 2 weeks" in problem.message
    assert line.strip().startswith('"text": "Over the last 2 weeks')


@pytest.mark.parametrize("name", ["phq-9", "epds"])
def test_texts_that_differ_between_parts_are_refused_and_each_is_named(name: str) -> None:
    form = lforms(name) if name == "phq-9" else licensed(name)
    form["item"] = [one for one in form["item"] if one["type"] == "choice"][:10]
    found = refused(divided(form, STEM, "Section A", "Section B"))

    assert [problem.message.split(" alone;")[0] for problem, _line in found] == [
        "“Section A” stands above items 1 to 5",
        f"“Section B” stands above items 6 to {len(instrument(name).items)}",
    ]
    assert ['"Section A"' in line or '"Section B"' in line for _problem, line in found] == [True, True]


def test_texts_above_all_questions_are_joined_the_outermost_first() -> None:
    form = licensed("epds")
    form["item"] = form["item"][1:]

    assert read(grouped(form, "As you are a mother", "in the last 7 days")).stem == {
        "en": "As you are a mother\nin the last 7 days"
    }
    same = divided(form, "Think of your week.", "In it:", "In it:")
    assert read(same).stem == {"en": "Think of your week.\nIn it:"}


def test_heading_and_notes_are_left_out_by_name_and_the_text_above_stays() -> None:
    form = grouped(lforms("phq-9"), "PHQ-9", STEM, "Please answer every question")
    form["item"][0]["item"][0]["item"][0]["item"][0]["item"] = [display("Ask gently", "help")]
    form["item"] = [*form["item"], display("Thank you", "end")]

    assert read(form).stem == {"en": STEM}
    assert left_out(form) == {
        "/69722-7": "extra",
        "/44261-6": "result",
        "group-2": "heading",
        "group-0": "above",
        "help": "note",
        "end": "note",
    }


def test_display_directly_above_one_question_of_a_licensed_text_stays_with_it() -> None:
    form = licensed("epds")
    form["item"].insert(5, display("This one is about sleep.", "five"))

    found = read(form)

    assert found.stem["en"] == "Licensed words: think of the last days."
    assert {one.item.number: one.stem["en"] for one in found.bindings if one.stem} == {5: "This one is about sleep."}


def test_questionnaire_without_words_above_gets_none_from_a_file() -> None:
    form = grouped(yes_no_asq(), "Ask the patient:")

    assert read(form).stem == {}
    assert left_out(form) == {"group-0": "above"}


def yes_no_asq() -> Json:
    asq = instrument("asq")
    values = [
        {"extension": [ordinal(value)], "valueCoding": {"code": word, "display": word}}
        for word, value in (("Yes", 1), ("No", 0))
    ]
    asked = [
        {"linkId": str(item.number), "type": "choice", "text": item.text["en"], "answerOption": values}
        for item in asq.items
    ]
    return {"resourceType": "Questionnaire", "status": "active", "name": "ASQ", "language": "en", "item": asked}


def ordinal(value: int) -> Json:
    return {"url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": value}


@pytest.mark.parametrize("language", ["en", "en-US", "EN"])
@pytest.mark.parametrize("shape", [lforms, mii, sdc])
def test_other_words_of_an_item_are_refused_and_both_are_shown(shape: Callable[[str], Json], language: str) -> None:
    form = shape("phq-9") | {"language": language}
    items(form)[8]["text"] = "Thoughts of winning the lottery"

    ((problem, line),) = refused(form)

    ours = instrument("phq-9").item("q9").text["en"]
    assert problem.message == f"item 9 reads “Thoughts of winning the lottery”; “{ours}” is expected"
    assert line.strip().startswith('"text": "Thoughts of winning the lottery"')


def test_words_in_no_stated_language_say_how_to_state_it() -> None:
    form = lforms("gad-7")
    items(form)[0]["text"] = "Nervosität, Ängstlichkeit oder Anspannung"

    ((problem, _line),) = refused(form)

    assert "if these words are in another language, say in which" in problem.message


def test_our_english_words_under_another_language_are_refused() -> None:
    found = refused(lforms("gad-7") | {"language": "de"})

    assert len(found) == 7
    assert found[0][0].message.startswith("item 1 has the words of another language under de")


@pytest.mark.parametrize(
    "said",
    [
        "Thoughts that you would be better off dead, or of hurting yourself in some way",
        "9. Thoughts that you would be better off dead or of hurting yourself in some way?",
        "thoughts that you would be better off dead - or of hurting yourself in some way.",
    ],
)
def test_same_words_with_other_signs_are_the_published_ones(said: str) -> None:
    form = lforms("phq-9")
    items(form)[8]["text"] = said

    assert read(form).wording("en").items["q9"].question == said


@pytest.mark.parametrize("said", ["8. {}", "Not {}", "{} not", "{} and others"])
def test_one_word_or_another_number_is_another_wording(said: str) -> None:
    form = lforms("phq-9")
    items(form)[8]["text"] = said.format(items(form)[8]["text"])

    assert "item 9 reads" in refused(form)[0][0].message


WORDED = [one for one in instruments().values() if one.worded and one.tier == "A"]


@given(st.data())
def test_any_word_more_less_or_other_is_another_wording(data: st.DataObject) -> None:
    item = data.draw(st.sampled_from([item for one in WORDED for item in one.items]))
    words = item.text["en"].split()
    place = data.draw(st.integers(0, len(words) - 1))
    other = data.draw(st.sampled_from([[], [words[place], "never"], ["something"]]))

    changed = " ".join([*words[:place], *other, *words[place + 1 :]])

    assert same_wording(changed, item.text["en"]) == (changed == item.text["en"] or words[place] == "—")


@pytest.mark.parametrize("error", copying_errors(), ids=lambda error: error.words)
def test_known_copying_error_is_refused_as_what_it_is(error: Any) -> None:
    form = lforms(error.instrument)
    if error.words.startswith("Over"):
        items(form)[1]["text"] = error.words
    else:
        place = {"Not at all sure": 0, "More days than not": 2}[error.words]
        coding = items(form)[1]["answerOption"][place]["valueCoding"]
        coding |= {"display": error.words} | ({"code": error.code} if error.code else {})

    found = refused(form)

    assert len(found) == (2 if error.code else 1)
    for problem, line in found:
        assert f"a known copying error: {error.note}" in problem.message
        assert error.words in line or error.code in line


def test_other_answer_code_is_refused_in_every_language() -> None:
    form = mii("gad-7") | {"language": "de"}
    for question in items(form):
        question["text"] = f"Frage {question['prefix']}"
    items(form)[1]["answerOption"][2]["valueCoding"]["code"] = "LA18938-3"

    problem, line = refused(form)[0]

    assert "has the code LA18938-3" in problem.message
    assert "LA6570-1 is expected" in problem.message
    assert '"LA18938-3"' in line


def test_difficulty_in_other_words_counts_nowhere_and_is_left_out() -> None:
    form = lforms("phq-9", difficulty=PUBLISHED_DIFFICULTY)
    items(form)[9]["text"] = "How difficult have these problems made it for you to do your work?"

    assert left_out(form) == {"/69722-7": "reworded", "/44261-6": "result"}
    assert "difficulty" not in read(form).wording("en").items


def test_items_that_call_for_help_are_named() -> None:
    assert [one.item.number for one in read(licensed("epds")).watched] == [10]
    assert [one.item.number for one in read(lforms("phq-9")).watched] == [9]
    assert read(lforms("gad-7")).watched == ()


@pytest.mark.parametrize(("own", "said"), [("de", "en"), ("de-CH", "de-AT"), ("zh-Hans", "zh-Hant")])
def test_language_that_contradicts_the_file_is_refused(own: str, said: str) -> None:
    ((problem, line),) = refused(licensed("epds") | {"language": own}, language=said)

    assert problem.message == f"the file says that its words are in {own}, and you say {said}; one of the two is wrong"
    assert line.strip().startswith(f'"language": "{own}"')


@pytest.mark.parametrize(("own", "said"), [("en", "en-GB"), ("de-CH", "de"), ("EN", "en"), ("", "de")])
def test_language_may_be_said_where_the_file_says_the_same_or_nothing(own: str, said: str) -> None:
    form = licensed("epds") | ({"language": own} if own else {})

    assert read_questionnaire(written(form), language=said).language == said


def test_two_questions_in_the_same_words_are_refused() -> None:
    form = licensed("epds")
    items({"item": form["item"][1:]})[3]["text"] = "LICENSED WORDS, question 3."

    ((problem, line),) = refused(form)

    assert problem.message.startswith("item 4 has the same words as item 3")
    assert line.strip() == '"text": "LICENSED WORDS, question 3.",'


def test_two_questions_in_the_same_words_are_two_where_the_words_above_them_differ() -> None:
    form = licensed("epds")
    form["item"][5]["text"] = form["item"][4]["text"]
    form["item"].insert(5, display("And at night:", "night"))

    assert read(form).bindings[4].stem == {"en": "And at night:"}


def test_two_answers_in_the_same_words_are_refused() -> None:
    form = licensed("epds")
    form["item"][2]["answerOption"][3]["valueCoding"]["display"] = "licensed words, answer 1!"

    ((problem, line),) = refused(form)

    assert problem.message.startswith("answer 4 of item 2 has the same words as answer 1")
    assert "answer 1!" in line


@pytest.mark.parametrize("said", ["{}", "({})", "{}."])
def test_numbers_in_place_of_licensed_answers_are_refused(said: str) -> None:
    form = licensed("epds")
    for place, option in enumerate(form["item"][3]["answerOption"]):
        option["valueCoding"]["display"] = said.format(3 - place)

    found = refused(form)

    assert [problem.message.split(",")[0] for problem, _line in found] == [
        f"answer {number} of item 3 is a number" for number in range(1, 5)
    ]
    assert found[0][1].strip() == f'"display": "{said.format(3)}"'


def test_numbers_are_the_answers_of_a_scale_that_is_printed_in_numbers_and_are_what_they_count() -> None:
    form = licensed("wsas")
    for value, option in enumerate(form["item"][1]["answerOption"]):
        option["valueCoding"]["display"] = str(value)

    assert read(form).wording("en").items["q1"].answers == tuple("012345678")

    form["item"][1]["answerOption"][8]["valueCoding"]["display"] = "10"
    ((problem, _line),) = refused(form)
    assert problem.message == "answer 9 of item 1 is a number, 10, and counts 8; the two are the same"


def test_number_for_an_answer_in_words_is_refused_as_a_type_too() -> None:
    for name, taken in (("epds", False), ("wsas", True)):
        form = licensed(name)
        highest = max(instrument(name).items[0].values)
        form["item"][1] = {
            "linkId": f"{name}-1",
            "prefix": "1.",
            "type": "integer",
            "text": "Licensed words, question 1",
            "extension": [
                {"url": f"http://hl7.org/fhir/StructureDefinition/{end}", "valueInteger": value}
                for end, value in (("minValue", 0), ("maxValue", highest))
            ],
        }
        if taken:
            assert read(form).wording("en").items["q1"].answers == tuple(map(str, range(highest + 1)))
        else:
            assert "its answers have words on the printed form" in refused(form)[0][0].message
