"""What an answer counts is read wherever a file may put it, and never guessed; answers of ours are kept in our words."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstlight.clinical.instruments import instrument, instruments
from firstlight.doors.fhir.exporting import to_questionnaire
from firstlight.journey.screening.holding import worded
from tests.doors.fhir.shapes import STRUCTURE, Json, lforms, licensed, sdc
from tests.doors.fhir.test_questionnaire import items, read, refused
from tests.doors.fhir.test_wording import yes_no_asq

ADDRESSES = (
    "ordinalValue",
    "itemWeight",
    "questionnaire-ordinalValue",
    "valueset-ordinalValue",
    "codesystem-ordinalValue",
    "iso21090-CO-value",
)
OURS = "I do not want to answer"


def declared(form: Json, item: int, answer: int) -> Json:
    """Return where the ordinal of an answer stands."""
    found = items(form)[item - 1]["answerOption"][answer - 1]["extension"]
    return next(one for one in found if one["url"].endswith("ordinalValue"))


WRONG_KINDS: dict[str, Any] = {
    "a whole number": ({"valueInteger": 1}, "declares ordinalValue as valueInteger 1"),
    "another whole number": ({"valueInteger": 3}, "declares ordinalValue as valueInteger 3"),
    "a text": ({"valueDecimal": "1"}, 'declares ordinalValue as valueDecimal "1"'),
    "a string": ({"valueString": "1"}, 'declares ordinalValue as valueString "1"'),
    "no value": ({}, "declares ordinalValue as nothing"),
    "two values": ({"valueDecimal": 1, "valueInteger": 1}, "declares ordinalValue as valueDecimal 1"),
    "endless": ({"valueDecimal": float("inf")}, "declares ordinalValue as valueDecimal"),
}


@pytest.mark.parametrize("what", WRONG_KINDS)
def test_ordinal_that_is_no_decimal_is_refused_whatever_the_answer_code_says(what: str) -> None:
    value, said = WRONG_KINDS[what]
    form = lforms("phq-9")
    place = declared(form, 9, 2)
    place.pop("valueDecimal")
    place |= value
    document = form | {}

    if what == "endless":
        place["valueDecimal"] = 10**400
        assert "answer 2 of item 9 " in refused(document)[0][0].message
        return
    ((problem, line),) = refused(document)

    assert problem.message.startswith(f"answer 2 of item 9 {said}")
    assert "it must be one valueDecimal; 1 is expected" in problem.message
    assert "value" in line or '"url"' in line or line.strip() == "{"


def test_two_ordinals_that_say_different_things_are_refused_at_the_second() -> None:
    form = lforms("phq-9")
    option = items(form)[8]["answerOption"][1]
    for holder, address in ((option, "itemWeight"), (option["valueCoding"], "ordinalValue")):
        kept = list(holder.get("extension", ()))
        holder["extension"] = [*kept, {"url": f"{STRUCTURE}{address}", "valueDecimal": 7}]

        ((problem, line),) = refused(form)

        assert "answer 2 of item 9 counts 1 on line" in problem.message
        assert "and 7 here" in problem.message
        assert line.strip() == '"valueDecimal": 7'
        holder["extension"] = kept


def test_one_ordinal_twice_at_one_place_is_refused_and_the_same_in_two_forms_is_read() -> None:
    form = lforms("phq-9")
    option = items(form)[8]["answerOption"][1]
    option["extension"].append({"url": f"{STRUCTURE}itemWeight", "valueDecimal": 1})
    assert read(form).instrument.name == "phq-9"

    option["extension"].append({"url": f"{STRUCTURE}ordinalValue", "valueDecimal": 1})
    assert "has ordinalValue twice" in refused(form)[0][0].message


@given(st.sampled_from(ADDRESSES), st.integers(0, 8), st.integers(0, 3), st.integers(-3, 9))
def test_wrong_number_is_refused_under_every_address(address: str, item: int, answer: int, value: int) -> None:
    form = lforms("phq-9")
    extension = declared(form, item + 1, answer + 1)
    extension |= {"url": f"{STRUCTURE}{address}", "valueDecimal": value}

    if value == answer:
        assert read(form).instrument.name == "phq-9"
    else:
        assert f"counts {value}; {answer} is expected" in refused(form)[0][0].message


def contained(address: str, *, in_system: bool, listed: bool) -> Json:
    """Return a form whose answers stand in a contained ValueSet, what they say and count in it or in its code system."""
    form = sdc("phq-9")
    (value_set,) = form["contained"]
    (include,) = value_set["compose"]["include"]
    for value, concept in enumerate(include["concept"]):
        concept["extension"] = [{"url": f"{STRUCTURE}{address}", "valueDecimal": value}]
    if in_system:
        system = {
            "resourceType": "CodeSystem",
            "id": "cs",
            "url": include["system"],
            "content": "complete",
            "concept": include.pop("concept"),
        }
        form["contained"].append(system)
        if listed:
            include["concept"] = [{"code": concept["code"]} for concept in system["concept"]]
    return form


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(("in_system", "listed"), [(False, True), (True, True), (True, False)])
def test_contained_answers_are_read_wherever_their_number_stands(address: str, in_system: bool, listed: bool) -> None:
    found = read(contained(address, in_system=in_system, listed=listed))

    assert found.wording("en").items["q1"].answers == tuple(
        option.label["en"] for option in instrument("phq-9").items[0].options
    )


def test_number_of_a_code_system_is_checked_like_any_other() -> None:
    form = contained("codesystem-ordinalValue", in_system=True, listed=False)
    form["contained"][1]["concept"][2]["extension"][0]["valueDecimal"] = 5

    problem, line = refused(form)[0]

    assert problem.message == "answer 3 of item 1 counts 5; 2 is expected"
    assert line.strip() == '"valueDecimal": 5'


@pytest.mark.parametrize(
    ("include", "said"),
    [
        (
            {"system": "http://elsewhere.example/cs"},
            "all codes of http://elsewhere.example/cs, which is not in this file",
        ),
        ({"system": "http://x.example", "filter": [{"property": "a", "op": "=", "value": "b"}]}, "chosen by a filter"),
        ({"valueSet": ["http://x.example/vs"]}, "those of another ValueSet"),
    ],
)
def test_answers_that_are_not_listed_are_refused_with_what_is_true(include: Json, said: str) -> None:
    form = sdc("phq-9")
    form["contained"][0]["compose"]["include"] = [include]

    problem, _line = refused(form)[0]

    assert said in problem.message
    assert "put the answers into the file as answerOption" in problem.message


def test_answer_of_loinc_without_words_has_the_words_that_ship() -> None:
    form = lforms("phq-9")
    for item in items(form)[:9]:
        for option in item["answerOption"]:
            del option["valueCoding"]["display"]

    assert read(form).wording("en").items["q9"].answers == (
        "Not at all",
        "Several days",
        "More than half the days",
        "Nearly every day",
    )

    german = form | {"language": "de"}
    assert "this answer has no words" in refused(german)[0][0].message


def test_published_asq_is_taken_in_with_its_two_answers_and_ours_is_kept() -> None:
    found = read(yes_no_asq())

    assert found.wording("en").items["q1"].answers == ("Yes", "No", OURS)
    assert [(one.kind, one.detail) for one in found.remarks if one.kind == "ours"] == [("ours", OURS)]
    assert [option.value for option in worded(instrument("asq"), [found.wording("en")]).items[0].options] == [1, 0, 2]


@pytest.mark.parametrize("language", ["en", "en-US"])
def test_published_asq_may_say_yes_and_no_by_type_or_by_loinc(language: str) -> None:
    boolean = yes_no_asq() | {"language": language}
    for item in boolean["item"]:
        del item["answerOption"]
        item["type"] = "boolean"
    assert read(boolean).wording(language).items["q5"].answers == ("Yes", "No", OURS)

    coded = yes_no_asq() | {"language": language}
    for item in coded["item"]:
        item["answerOption"] = [
            {"valueCoding": {"system": "http://loinc.org", "code": code, "display": word}}
            for code, word in (("LA33-6", "Yes"), ("LA32-8", "No"))
        ]
    assert read(coded).wording(language).items["q5"].answers == ("Yes", "No", OURS)

    coded["item"][0]["answerOption"] = coded["item"][0]["answerOption"][::-1]
    assert "answer 1 of item 1 counts 0; 1 is expected" in refused(coded)[0][0].message


def test_answer_of_ours_needs_words_in_the_language_of_the_file() -> None:
    spanish = yes_no_asq() | {"language": "es"}
    for number, item in enumerate(spanish["item"], 1):
        answers = [
            {"extension": option["extension"], "valueCoding": {"code": word, "display": word}}
            for option, word in zip(item["answerOption"], ("Sí", "No"), strict=True)
        ]
        item |= {"text": f"Pregunta {number}", "answerOption": answers}

    problem, _line = refused(spanish)[0]
    assert problem.message == (
        f"item 1: “{OURS}” is an answer of ours and has no words in es; add it to the file as an answer that counts 2"
    )

    for item in spanish["item"]:
        counts = [{"url": f"{STRUCTURE}ordinalValue", "valueDecimal": 2}]
        item["answerOption"].append(
            {"extension": counts, "valueCoding": {"code": "x", "display": "Prefiero no contestar"}}
        )
    assert read(spanish).wording("es").items["q1"].answers == ("Sí", "No", "Prefiero no contestar")


def test_only_an_answer_of_ours_may_be_left_out() -> None:
    form = yes_no_asq()
    form["item"][2]["answerOption"] = form["item"][2]["answerOption"][:1]

    ((problem, _line),) = refused(form)

    assert problem.message == f"item 3 has 1 answers; 3 are expected, or 2 without our own “{OURS}”"
    assert [
        (one.name, option.value) for one in instruments().values() for option in one.items[0].options if option.ours
    ] == [("asq", 2)]


def test_our_own_export_of_the_asq_holds_the_answer_of_ours() -> None:
    found = read(to_questionnaire(instrument("asq")))

    assert found.wording("en").items["q5"].answers == ("Yes", "No", OURS)
    assert not any(one.kind == "ours" for one in found.remarks)


@pytest.mark.parametrize("place", [0, 9])
def test_wsas_with_its_answer_not_applicable_is_taken_in(place: int) -> None:
    form = licensed("wsas")
    form["item"][1]["answerOption"].insert(place, {"valueCoding": {"code": "na", "display": "Not applicable"}})

    found = read(form)

    assert len(found.wording("en").items["q1"].answers) == 9
    assert "Not applicable" not in found.wording("en").items["q1"].answers
    assert [(one.says, one.why.value) for one in found.left_out] == [("Not applicable", "not_applicable")]


def test_not_applicable_is_an_answer_only_where_the_manual_has_it_and_where_it_counts_nothing() -> None:
    form = licensed("wsas")
    form["item"][2]["answerOption"].append({"valueCoding": {"code": "na", "display": "Not applicable"}})
    assert refused(form)[0][0].message == "item 2 has 10 answers; 9 are expected"

    form = licensed("wsas")
    counts = [{"url": f"{STRUCTURE}ordinalValue", "valueDecimal": 9}]
    form["item"][1]["answerOption"].append(
        {"extension": counts, "valueCoding": {"code": "na", "display": "Not applicable"}}
    )
    assert "9 are expected, and one that counts nothing where it may not apply" in refused(form)[0][0].message


def test_item_of_another_type_is_refused() -> None:
    form = lforms("phq-9")
    items(form)[8]["type"] = "text"
    form["item"][8]["type"] = "text"

    problem, line = refused(form)[0]

    assert problem.message == "item 9 is of the type text; choice is expected"
    assert line.strip().startswith('"type": "text"')
