"""Published Questionnaires import unchanged; one that is wrong is refused with the line that is wrong."""

import json
import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstlight.clinical.instruments import instrument, instruments
from firstlight.doors.fhir.answer_lists import answer_lists
from firstlight.doors.fhir.exporting import to_questionnaire
from firstlight.doors.fhir.positions import NotReadable, Problem
from firstlight.doors.fhir.questionnaire import Reading, read_questionnaire
from firstlight.ground.people.errors import Refused
from tests.doors.fhir.shapes import DIFFICULTY, PUBLISHED_DIFFICULTY, Json, lforms, licensed, linked, mii, sdc, written
from tests.support.figures import Figure

PUBLISHED: dict[str, tuple[str, Json]] = {
    f"{name} {shape}": (name, form)
    for name in ("phq-9", "gad-7")
    for shape, form in {
        "LForms": lforms(name),
        "uwcirg": lforms(name, link="{code}", system=False),
        "MII": mii(name),
        "SDC": sdc(name),
        "codes in linkIds": linked(name),
    }.items()
} | {"pc-ptsd-5 uwcirg": ("pc-ptsd-5", linked("pc-ptsd-5"))}
SHIPPED = [name for name, one in instruments().items() if one.worded]


def read(form: Json, **options: str) -> Reading:
    return read_questionnaire(written(form), **options)


def refused(form: Json, **options: str) -> list[tuple[Problem, str]]:
    """Return what is wrong with a form, each with the text of the line that it names."""
    document = written(form)
    with pytest.raises(NotReadable) as error:
        read_questionnaire(document, **options)
    lines = document.splitlines()
    return [(problem, lines[problem.line - 1]) for problem in error.value.problems]


def items(form: Json) -> list[Json]:
    """Return the questions of a form, wherever they stand."""
    found = form["item"][0]["item"] if "item" in form["item"][0] else form["item"]
    return [one for one in found if one["type"] == "choice"]


@pytest.mark.parametrize("which", PUBLISHED)
def test_published_questionnaire_is_read_as_it_is(which: str) -> None:
    name, form = PUBLISHED[which]

    found = read(form)

    assert found.instrument.name == name
    assert [binding.item.number for binding in found.bindings] == list(range(1, len(instrument(name).items) + 1))
    wording = found.wording("en")
    for item in found.instrument.items:
        assert wording.items[item.key].question == item.text["en"]
        assert wording.items[item.key].answers == tuple(option.label["en"] for option in item.options)


@pytest.mark.parametrize("name", ["phq-9", "gad-7"])
@pytest.mark.parametrize("shape", [mii, sdc])
def test_stem_is_what_stands_above_the_first_question(name: str, shape: Callable[[str], Json]) -> None:
    assert read(shape(name)).stem["en"] == instrument(name).stem["en"]


def test_what_is_no_item_is_stated_and_left_out() -> None:
    left_out = {one.link_id: one.why for one in read(lforms("phq-9")).left_out}

    assert left_out == {"/69722-7": "extra", "/44261-6": "result"}


def test_published_question_on_difficulty_is_taken_over_by_its_code() -> None:
    found = read(lforms("phq-9", difficulty=PUBLISHED_DIFFICULTY))

    last = found.bindings[-1]
    assert (last.item.key, last.link_id, last.by) == ("difficulty", "/69722-7", "code")
    assert found.wording("en").items["difficulty"].answers == DIFFICULTY
    assert {one.link_id for one in found.left_out} == {"/44261-6"}


@pytest.mark.parametrize("codes", [("LA6572-7", "LA6573-5", "LA6574-3", "LA6575-0"), ("LA6572-7",), ()])
def test_question_on_difficulty_with_other_answers_is_left_out_and_the_items_are_taken(codes: tuple[str, ...]) -> None:
    found = read(lforms("phq-9", difficulty=codes))

    assert "difficulty" not in found.wording("en").items
    assert {one.link_id: one.why for one in found.left_out}["/69722-7"] == "extra"


def test_form_without_the_question_on_difficulty_is_as_good() -> None:
    assert list(read(mii("phq-9")).wording("en").items) == list(instrument("phq-9").keys)


def test_export_asks_it_after_the_items_only_of_who_was_bothered_and_reads_back() -> None:
    form = to_questionnaire(instrument("phq-9"))

    asked = form["item"][1]
    assert (asked["linkId"], asked["code"][0]["code"]) == ("difficulty", "69722-7")
    assert {one["question"] for one in asked["enableWhen"]} == set(instrument("phq-9").keys)
    assert read(form).wording("en").items["difficulty"].answers == DIFFICULTY


def test_translations_that_are_complete_are_languages_of_their_own() -> None:
    form = mii("phq-9")

    assert read(form).languages == ("en", "de")
    assert read(form).wording("de").items["q1"].question.startswith("Deutsch: ")

    del items(form)[4]["_text"]
    assert read(form).languages == ("en",)


@pytest.mark.parametrize("name", ["epds", "wsas", "mdq", "qids-sr16", "pass", "mibs", "mpas", "ebi", "kss", "c-ssrs"])
def test_licensed_text_is_bound_by_its_numbers(name: str) -> None:
    found = read(licensed(name))

    assert found.instrument.name == name
    assert {binding.by for binding in found.bindings} == {"number"}
    assert found.stem["en"] == "Licensed words: think of the last days."


def test_questions_without_numbers_are_bound_in_order_when_they_are_as_many() -> None:
    form = licensed("epds")
    for place, item in enumerate(items(form)):
        item["linkId"] = "abcdefghij"[place]
        del item["prefix"]

    assert {binding.by for binding in read(form).bindings} == {"order"}

    form["item"].append(items(licensed("epds"))[0] | {"linkId": "x", "prefix": ""})
    ((problem, line),) = refused(form)
    assert "asks 11 questions, epds has 10 items" in problem.message
    assert line.strip() == "{"


def test_numbered_question_that_is_missing_is_named_where_it_is_missing() -> None:
    form = licensed("epds")
    form["item"].remove(items(form)[3])

    ((problem, _line),) = refused(form)

    assert problem.path == "$.item[4]"
    assert problem.message == "item 4 is missing here; this is number 5"


def test_instrument_is_known_by_what_it_is_called() -> None:
    form = licensed("cadss-6") | {"name": "CADSS_6", "title": ""}

    assert read(form).instrument.name == "cadss-6"
    assert read(licensed("c-ssrs") | {"name": "C_SSRS_screener", "title": ""}).instrument.name == "c-ssrs"
    assert (
        read(licensed("epds") | {"name": "form-7", "title": "Edinburgh Postnatal Depression Scale"}).known_by == "name"
    )
    assert read(licensed("epds") | {"name": "", "title": ""}, named="epds").known_by == "said"

    ((problem, _line),) = refused(licensed("epds") | {"name": "x", "title": "Our form"})
    assert "no code and no name" in problem.message


def test_file_of_another_instrument_is_not_taken_for_the_one_that_was_said() -> None:
    ((problem, line),) = refused(lforms("gad-7"), named="phq-9")

    assert problem.message == "69737-5 is the code of gad-7, not of phq-9"
    assert (problem.path, line.strip()) == ("$.code[0].code", '"code": "69737-5"')

    ((problem, _line),) = refused(lforms("gad-7") | {"title": "PHQ-9"})
    assert "the file is named like phq-9" in problem.message

    ((problem, _line),) = refused(lforms("gad-7") | {"code": [], "title": "Our form"}, named="phq-9")
    assert problem.message == "69725-0 is no code of an item of phq-9"


# Each breaks a published form in one way, and says what the line that is named holds and what is said about it.
Wrong = tuple[Callable[[list[Json]], Any], str, str]


def _ordinal(option: Json) -> Json:
    holders = [*option["extension"]]
    return next(one for one in holders if one["url"].endswith(("ordinalValue", "itemWeight")))


def _swap(first: Json, second: Json, name: str) -> None:
    first[name], second[name] = second[name], first[name]


WRONG: dict[str, Wrong] = {
    "an ordinal that is 1 too high": (
        lambda asked: _ordinal(asked[2]["answerOption"][1]).update(valueDecimal=2),
        '"valueDecimal": 2',
        "answer 2 of item 3 counts 2; 1 is expected",
    ),
    "ordinals the other way round": (
        lambda asked: [
            _ordinal(option).update(valueDecimal=3 - place) for place, option in enumerate(asked[0]["answerOption"])
        ],
        '"valueDecimal": 3',
        "answer 1 of item 1 counts 3; 0 is expected",
    ),
    "answers in another order": (
        lambda asked: asked[4]["answerOption"].reverse(),
        '"valueDecimal": 3',
        "answer 1 of item 5 counts 3; 0 is expected",
    ),
    "an answer too few": (
        lambda asked: asked[1]["answerOption"].pop(),
        "{",
        "item 2 has 3 answers; 4 are expected",
    ),
    "a repeated linkId": (
        lambda asked: asked[5].update(linkId=asked[1]["linkId"]),
        '"linkId": ',
        "stands twice",
    ),
    "codes of two questions swapped": (
        lambda asked: _swap(asked[2], asked[3], "code"),
        '"code": "',
        "",
    ),
    "an answer's code swapped": (
        lambda asked: _swap(asked[0]["answerOption"][1], asked[0]["answerOption"][2], "valueCoding"),
        '"code": "LA6570-1"',
        "LA6570-1 is the code of the answer that counts 2",
    ),
    "the code of something else": (
        lambda asked: asked[3]["code"][0].update(code="69722-7"),
        '"code": "69722-7"',
        "69722-7 stands where item 4 is expected",
    ),
    "no text": (lambda asked: asked[6].pop("text"), "{", "item 7 has no text"),
    "several answers at once": (lambda asked: asked[0].update(repeats=True), '"repeats": true', "several answers"),
    "a modifier": (
        lambda asked: asked[0].update(modifierExtension=[{"url": "http://example.org/not"}]),
        "{",
        "may change what this means",
    ),
}


@pytest.mark.parametrize("shape", [lforms, mii])
@pytest.mark.parametrize("name", ["phq-9", "gad-7"])
@pytest.mark.parametrize("what", WRONG)
def test_wrong_questionnaire_is_refused_with_the_line_that_is_wrong(
    what: str, name: str, shape: Callable[[str], Json]
) -> None:
    form = shape(name)
    spoil, line, said = WRONG[what]
    spoil(items(form))

    problem, named = refused(form)[0]

    assert said in problem.message
    assert named.strip().startswith(line)


@pytest.mark.parametrize("shape", [lforms, mii, sdc, linked])
@pytest.mark.parametrize("name", ["phq-9", "gad-7"])
def test_missing_item_is_refused_whichever_it_is(name: str, shape: Callable[[str], Json], figure: Figure) -> None:
    count = len(instrument(name).items)
    for missing in range(count):
        form = shape(name)
        asked = items(form)[missing]
        (form["item"][0]["item"] if "item" in form["item"][0] else form["item"]).remove(asked)

        problem, _line = refused(form)[0]

        assert f"item {missing + 1} " in problem.message
    figure(f"{name}, {shape.__name__}: questionnaires with a missing item refused", count)


@given(st.data())
def test_any_single_wrong_ordinal_is_refused_at_its_line(data: st.DataObject) -> None:
    form = lforms(data.draw(st.sampled_from(["phq-9", "gad-7"])))
    question = data.draw(st.integers(0, len(items(form)) - 2))
    answer, value = data.draw(st.integers(0, 3)), data.draw(st.integers(-5, 9) | st.floats(0.1, 0.9))
    wrong = _ordinal(items(form)[question]["answerOption"][answer])
    if value == wrong["valueDecimal"]:
        return
    wrong["valueDecimal"] = value

    ((problem, line),) = refused(form)

    assert json.loads("{" + line.strip().rstrip(",") + "}") == {"valueDecimal": value}
    assert problem.message.startswith(f"answer {answer + 1} of item {question + 1} counts ")


@given(st.data())
def test_any_two_swapped_codes_are_refused(data: st.DataObject) -> None:
    form = data.draw(st.sampled_from([lforms, mii]))(data.draw(st.sampled_from(["phq-9", "gad-7"])))
    count = len(form["item"]) - 3
    first, second = data.draw(st.lists(st.integers(0, count - 1), min_size=2, max_size=2, unique=True))
    _swap(items(form)[first], items(form)[second], "code")

    assert {problem.path for problem, _line in refused(form)} >= {
        f"{path}.code[0].code" for path in _paths(form, first, second)
    }


@given(st.data())
def test_any_two_swapped_questions_are_refused_at_their_lines(data: st.DataObject) -> None:
    which = data.draw(st.sampled_from(sorted(PUBLISHED)))
    form = deepcopy(PUBLISHED[which][1])
    asked = items(form)[: len(instrument(PUBLISHED[which][0]).items)]
    first, second = data.draw(st.permutations(range(len(asked))))[:2]
    _swap(asked[first], asked[second], "text")
    spoil = data.draw(st.sampled_from([str, str.upper, "4. {}.".format]))
    asked[first]["text"] = spoil(asked[first]["text"])

    found = refused(form)

    assert [problem.message for problem, _line in found] == [
        f"item {one + 1} has the words of item {other + 1}" for one, other in sorted([(first, second), (second, first)])
    ]
    assert [line.strip().startswith('"text": ') for _problem, line in found] == [True, True]


@given(st.data())
def test_any_two_swapped_answers_are_refused_at_their_lines(data: st.DataObject) -> None:
    which = data.draw(st.sampled_from(sorted(PUBLISHED)))
    form = deepcopy(PUBLISHED[which][1])
    count = len(instrument(PUBLISHED[which][0]).items)
    everywhere = "contained" in form or data.draw(st.booleans())
    touched = range(count) if everywhere else [data.draw(st.integers(0, count - 1))]
    first, second = data.draw(st.permutations(range(len(_labels(form, touched[0])))))[:2]
    for place in touched[:1] if "contained" in form else touched:
        words = _labels(form, place)
        _swap(words[first], words[second], "display")

    found = refused(form)

    held = {problem.message for problem, _line in found}
    assert held >= {f"answer {first + 1} of item {touched[0] + 1} has the words of answer {second + 1}"}
    assert len(found) == 2 * len(touched)
    assert all(line.strip().startswith('"display": ') for _problem, line in found)


def _labels(form: Json, place: int) -> list[Json]:
    """Return what holds the words of a question's answers, beside it or in the set that all share."""
    if "contained" in form:
        shared: list[Json] = form["contained"][0]["compose"]["include"][0]["concept"]
        return shared
    return [option["valueCoding"] for option in items(form)[place]["answerOption"]]


def test_question_about_self_harm_under_another_code_is_refused() -> None:
    form = lforms("phq-9")
    _swap(items(form)[7], items(form)[8], "text")

    assert [problem.message for problem, _line in refused(form)] == [
        "item 8 has the words of item 9",
        "item 9 has the words of item 8",
    ]


def _paths(form: Json, *places: int) -> list[str]:
    asked = items(form)
    return [f"$.item[{next(at for at, one in enumerate(form['item']) if one is asked[place])}]" for place in places]


@given(st.data())
def test_a_damaged_file_is_refused_or_read_and_never_breaks(data: st.DataObject) -> None:
    form = data.draw(st.sampled_from([lforms("phq-9"), mii("gad-7"), sdc("phq-9")]))
    document = written(form)
    cut = data.draw(st.integers(0, len(document) - 1))
    damaged = document[:cut] + data.draw(st.text(max_size=3)) + document[cut + data.draw(st.integers(0, 40)) :]

    assert all(problem.line >= 1 and problem.message for problem in problems_of(damaged))


def problems_of(document: str) -> tuple[Problem, ...]:
    """Return what is wrong with a file; nothing when it can be used."""
    try:
        read_questionnaire(document)
    except NotReadable as error:
        return error.problems
    return ()


@pytest.mark.parametrize("value", ["0", "", True, None, [0], {}, 10**30, -1, 0.5])
def test_ordinal_that_is_not_the_number_is_refused(value: object) -> None:
    form = licensed("epds")
    asked = items({"item": form["item"][1:]})
    _ordinal(asked[0]["answerOption"][0])["valueDecimal"] = value

    problem, _line = refused(form)[0]

    assert problem.message.startswith("answer 1 of item 1 ")


@pytest.mark.parametrize("code", ["\uff169721-9", "69721-\uff19", "69721-9\u200b", "69721\u20119", "\u066669721-9"])
def test_code_that_only_looks_like_one_is_none(code: str) -> None:
    form = lforms("gad-7")
    items(form)[2]["code"][0]["code"] = code

    assert [one for one, _line in refused(form)] != []


def test_number_of_many_digits_is_no_number_of_an_item() -> None:
    """It ends, too: a file may be one long row of digits."""
    for digits in ("1" * 5_000, "1" * 250_000 + "x"):
        form = licensed("epds")
        form["item"][1]["prefix"] = form["item"][1]["linkId"] = digits

        assert {binding.by for binding in read(form).bindings} == {"order"}


@pytest.mark.parametrize("language", ["x" * 21, "../en", "<b>", "\u202e", "en us", "e", "12"])
def test_language_that_is_none_is_refused_at_its_line(language: str) -> None:
    problem, line = refused(licensed("epds") | {"language": language})[0]

    assert "is no code of a language" in problem.message
    assert line.strip().startswith('"language"')


def test_translation_into_no_language_is_left_out() -> None:
    form = mii("gad-7")
    for extension in re.findall(r'"valueCode": "de"', written(form))[:1]:
        odd = written(form).replace(extension, '"valueCode": "' + "d" * 30 + '"')

    assert read_questionnaire(odd).languages == ("en",)


@pytest.mark.parametrize(
    "address",
    [
        "http://loinc.org/vs/LL1019-4",
        "https://loinc.org/vs/LL358-3",
        "http://loinc.org/vs/",
        "http://loinc.org/vs/|LL358-3",
        "LL358-3",
        "#LL358-3",
    ],
)
def test_answers_that_stand_elsewhere_are_refused(address: str) -> None:
    form = sdc("phq-9")
    form["item"][0]["item"][0]["answerValueSet"] = address

    problem, line = refused(form)[0]

    assert "this file" in problem.message
    assert line.strip().startswith('"answerValueSet"')


@pytest.mark.parametrize("version", ["", "|2.77"])
@pytest.mark.parametrize("language", ["en", "en-US"])
def test_list_of_loinc_stands_for_its_answers(language: str, version: str) -> None:
    found = read(by_list("phq-9", version) | {"language": language})

    options = instrument("phq-9").items[0].options
    words = found.wording(language).items
    assert words["q1"].answers == tuple(option.label["en"] for option in options)
    assert words["difficulty"].answers == DIFFICULTY


def test_answer_lists_are_those_of_our_own_questions() -> None:
    """Order and codes of a list are told apart from the instruments; what it counts is not."""
    phq = instrument("phq-9")

    assert answer_lists()["LL358-3"] == phq.items[0].options
    assert answer_lists()["LL359-1"] == phq.unscored[0].options


def test_list_of_loinc_is_refused_where_it_is_not_that_of_the_item() -> None:
    """The EPDS has four answers a question too, and not these; the difficulty has its own."""
    epds = licensed("epds")
    for one in items(epds):
        del one["answerOption"]
        one["answerValueSet"] = "http://loinc.org/vs/LL358-3"
    swapped = by_list("phq-9")
    swapped["item"][0]["answerValueSet"] = "http://loinc.org/vs/LL359-1"

    for form in (epds, swapped):
        problem, line = refused(form)[0]
        assert "declares no ordinal" in problem.message
        assert line.strip().startswith('"answerValueSet"')


@pytest.mark.parametrize("name", ["phq-9", "gad-7"])
def test_numbers_in_place_of_words_are_refused_where_the_words_ship(name: str) -> None:
    form = lforms(name)
    items(form)[1]["answerOption"] = [{"valueInteger": value} for value in range(4)]

    found = refused(form)

    assert [problem.message.split(";")[0] for problem, _line in found] == [
        f"answer {number} of item 2 is a number" for number in range(1, 5)
    ]

    items(form)[1] |= {"type": "integer", "extension": ends(0, 3)}
    del next(one for one in form["item"] if one["type"] == "integer")["answerOption"]
    assert "its answers have words here" in refused(form)[0][0].message


def ends(low: int, high: int) -> list[Json]:
    structure = "http://hl7.org/fhir/StructureDefinition/"
    return [{"url": f"{structure}{name}", "valueInteger": end} for name, end in (("minValue", low), ("maxValue", high))]


def test_list_of_loinc_has_english_words_only() -> None:
    problem, _line = refused(by_list("gad-7") | {"language": "de"})[0]

    assert "has no words in de" in problem.message


@pytest.mark.parametrize("version", ["", "|2.77"])
def test_list_that_the_file_itself_holds_is_read_there(version: str) -> None:
    """Under the address of LOINC's list as well: what stands in the file is what it asks."""
    form = by_list("phq-9", version)
    options = [
        {"code": option.code, "display": option.label["en"]}
        for option in reversed(instrument("phq-9").items[0].options)
    ]
    include = [{"system": "http://loinc.org", "concept": options}]
    form["contained"] = [
        {"resourceType": "ValueSet", "id": "a", "url": "http://loinc.org/vs/LL358-3", "compose": {"include": include}}
    ]

    assert "counts 3; 0 is expected" in refused(form)[0][0].message


def by_list(name: str, version: str = "") -> Json:
    """Return a form as HL7's own examples have it: codes on the questions, and LOINC's lists in place of the answers."""
    form = lforms(name, difficulty=PUBLISHED_DIFFICULTY)
    for one in items(form):
        del one["answerOption"]
        answers = "LL359-1" if one["linkId"] == "/69722-7" else "LL358-3"
        one["answerValueSet"] = f"http://loinc.org/vs/{answers}{version}"
    return form


def test_yes_and_no_may_be_a_boolean_where_the_item_is_one() -> None:
    form = linked("pc-ptsd-5")
    for item in form["item"][1:-1]:
        item["type"] = "boolean"
        del item["answerOption"]

    assert read(form).wording("en").items["q1"].answers == ("Yes", "No")

    phq = lforms("phq-9")
    items(phq)[0]["type"] = "boolean"
    problem, _line = refused(phq)[0]
    assert "answered yes or no here" in problem.message


def test_what_is_no_questionnaire_is_refused() -> None:
    ((problem, line),) = refused({"resourceType": "QuestionnaireResponse"})

    assert problem.message == "this is a QuestionnaireResponse; a Questionnaire is expected"
    assert line.strip() == '"resourceType": "QuestionnaireResponse"'


@pytest.mark.parametrize("name", SHIPPED)
def test_what_is_exported_is_read_back_word_for_word(name: str) -> None:
    definition = instrument(name)

    found = read(to_questionnaire(definition))

    wording = found.wording("en")
    assert found.instrument is definition
    assert wording.stem == (definition.stem or {"en": ""})["en"]
    for item in definition.items:
        own = wording.items[item.key]
        assert (own.question, own.stem) == (item.text["en"], (item.stem or {"en": ""})["en"])
        assert own.answers == tuple(option.label["en"] for option in item.options)


@pytest.mark.parametrize("name", sorted(set(instruments()) - set(SHIPPED)))
def test_text_of_others_is_never_exported(name: str) -> None:
    with pytest.raises(Refused, match="belongs to others"):
        to_questionnaire(instrument(name))
