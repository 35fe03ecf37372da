"""What a file says about itself, and what it does with a question besides asking it."""

import re
from typing import Any

import pytest

from firstlight.clinical.instruments import instrument, instruments
from firstlight.doors.fhir.exporting import to_questionnaire
from tests.doors.fhir.shapes import LOINC, PUBLISHED_DIFFICULTY, STRUCTURE, Json, lforms, licensed, linked, mii
from tests.doors.fhir.test_questionnaire import items, read, refused
from tests.doors.fhir.test_wording import STEM, display, grouped, left_out, yes_no_asq

SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
HIDDEN = {"url": f"{STRUCTURE}questionnaire-hidden", "valueBoolean": True}
CONDITION = [{"question": "/44250-9", "operator": "=", "answerCoding": {"code": "LA6571-9"}}]


@pytest.mark.parametrize("status", ["retired", "unknown", "entered-in-error", "", "Active", None, 1])
def test_form_that_is_not_in_force_is_refused(status: object) -> None:
    ((problem, line),) = refused(licensed("epds") | {"status": status})

    assert "active or draft is expected" in problem.message
    assert line.strip().startswith('"status": ')


def test_form_without_a_status_is_refused() -> None:
    form = licensed("epds")
    del form["status"]

    ((problem, _line),) = refused(form)

    assert problem.message == "status is missing: FHIR requires it, and active or draft is expected"


def test_draft_and_experiment_are_said_aloud_with_their_lines() -> None:
    found = read(
        licensed("epds") | {"status": "draft", "experimental": True, "version": "2.1", "url": "http://x.example/q"}
    )

    assert [one.kind for one in found.remarks] == ["draft", "experimental"]
    assert all(one.line > 1 for one in found.remarks)
    assert (found.published.source, found.published.status) == ("http://x.example/q|2.1", "draft")
    assert read(licensed("epds")).remarks == ()


def test_address_that_could_not_be_kept_whole_is_refused() -> None:
    ((problem, line),) = refused(licensed("epds") | {"url": "http://x.example/" + "q" * 280, "version": "1" * 20})

    assert "longer than 300 signs together" in problem.message
    assert line.strip().startswith('"version"')


CHANGES: dict[str, tuple[Json, str]] = {
    "a condition": ({"enableWhen": CONDITION}, "item 9 is asked only under a condition (enableWhen)"),
    "an expression": (
        {"extension": [{"url": f"{SDC}enableWhenExpression", "valueExpression": {"expression": "true"}}]},
        "item 9 is shown only under an expression",
    ),
    "hidden": ({"extension": [HIDDEN]}, "item 9 is hidden"),
    "hidden by something": ({"extension": [{"url": HIDDEN["url"]}]}, "item 9 is hidden"),
    "an answer": ({"initial": [{"valueCoding": {"code": "LA6568-5"}}]}, "item 9 comes with an answer (initial)"),
    "an answer of STU3": ({"initialCoding": {"code": "LA6568-5"}}, "item 9 comes with an answer (initialCoding)"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_question_that_is_not_simply_asked_is_refused(what: str) -> None:
    change, said = CHANGES[what]
    form = lforms("phq-9")
    items(form)[8].update(change)

    ((problem, line),) = refused(form)

    assert problem.message.startswith(said)
    assert re.match(r'"(enableWhen|initial\w*|valueBoolean)"|{', line.strip())


def test_answer_that_is_chosen_ahead_is_refused() -> None:
    form = lforms("phq-9")
    items(form)[8]["answerOption"][0]["initialSelected"] = True

    ((problem, line),) = refused(form)

    assert problem.message.startswith("item 9 comes with an answer (initialSelected)")
    assert line.strip() == '"initialSelected": true'


@pytest.mark.parametrize("change", [{"extension": [HIDDEN]}, {"enableWhen": CONDITION}])
def test_group_that_is_not_simply_shown_hides_its_questions(change: Json) -> None:
    form = lforms("phq-9")
    form = grouped(form, STEM)
    form["item"][0].update(change)

    assert {problem.message.split(" is ")[0] for problem, _line in refused(form)} >= {"what stands above all questions"}


@pytest.mark.parametrize("change", [{"extension": [HIDDEN]}, {"enableWhen": CONDITION}])
def test_text_above_that_is_not_always_shown_is_refused(change: Json) -> None:
    form = lforms("phq-9")
    form["item"] = [display(STEM) | change, *form["item"]]

    ((problem, _line),) = refused(form)

    assert problem.message.startswith("what stands above all questions is ")


def test_what_is_left_out_may_be_hidden_and_asked_under_any_condition() -> None:
    form = lforms("phq-9")
    form["item"][-1].update(extension=[HIDDEN])
    form["item"][-2].update(enableWhen=CONDITION)

    assert read(form).instrument.name == "phq-9"
    assert read(form | {"item": [one | {"initial": []} for one in form["item"]]}).instrument.name == "phq-9"


@pytest.mark.parametrize(
    "place",
    [
        lambda form: form,
        lambda form: items(form)[0]["answerOption"][1],
        lambda form: items(form)[0]["answerOption"][1]["valueCoding"],
        lambda form: items(form)[0]["extension"][0],
    ],
)
def test_modifier_is_refused_wherever_it_stands(place: Any) -> None:
    form = lforms("phq-9")
    place(form)["modifierExtension"] = [{"url": "http://example.org/not", "valueBoolean": True}]

    ((problem, _line),) = refused(form)

    assert problem.message == "http://example.org/not may change what this means, and is not known here"


def asked_when(*questions: str, **one: Any) -> Json:
    given = one or {"operator": "=", "answerCoding": {"code": "Yes"}}
    return {"enableWhen": [{"question": question} | given for question in questions], "enableBehavior": "any"}


@pytest.mark.parametrize(
    "condition",
    [
        asked_when("1", "2", "3", "4"),
        asked_when("4", "3", "2", "1"),
        asked_when("1", "2", "3", "4", operator="!=", answerCoding={"code": "No"}),
    ],
)
def test_condition_that_is_ours_is_taken(condition: Json) -> None:
    form = yes_no_asq()
    form["item"][4].update(condition)

    assert read(form).instrument.name == "asq"


@pytest.mark.parametrize(
    "condition",
    [
        asked_when("1", "2", "3"),
        asked_when("1", "2", "3", "4", "5"),
        asked_when("1", "2", "3", "4") | {"enableBehavior": "all"},
        asked_when("1", "2", "3", "4", operator="=", answerCoding={"code": "No"}),
        asked_when("1", "2", "3", "4", operator="exists", answerBoolean=True),
        asked_when("1", "2", "3", "4", operator=">", answerCoding={"code": "No"}),
        asked_when("1", "2", "3", "4", operator="=", answerString="Yes"),
        asked_when("nowhere"),
        {"enableWhen": {"question": "1"}},
    ],
)
def test_condition_that_is_not_ours_is_refused(condition: Json) -> None:
    form = yes_no_asq()
    form["item"][4].update(condition)

    ((problem, line),) = refused(form)

    assert problem.message == (
        "item 5 is asked under another condition (enableWhen); "
        "1 or more of items 1, 2, 3, 4 answered with 1 or more is expected"
    )
    assert line.strip().startswith('"enableWhen"')


def test_condition_on_a_group_is_that_of_every_question_in_it() -> None:
    form = linked("pc-ptsd-5")
    asked = form["item"][2:7]
    gate = asked_when("/102011-4", operator="=", answerCoding={"system": LOINC, "code": "LA33-6"})
    form["item"][2:7] = [{"linkId": "rest", "type": "group", "item": asked, **gate}]
    assert read(form).instrument.name == "pc-ptsd-5"

    form["item"][2]["enableWhen"][0]["answerCoding"]["code"] = "LA32-8"
    assert len(refused(form)) == 1
    assert "item 2 is asked under another condition" in refused(form)[0][0].message


def test_difficulty_asked_under_another_condition_is_left_out() -> None:
    form = lforms("phq-9", difficulty=PUBLISHED_DIFFICULTY)
    items(form)[9].update(enableWhen=CONDITION)

    assert left_out(form)["/69722-7"] == "condition"
    assert read(to_questionnaire(instrument("phq-9"))).bindings[-1].item.key == "difficulty"


def test_answers_filled_in_from_elsewhere_are_said_and_not_taken() -> None:
    form = mii("phq-9")
    for item in items(form):
        item["extension"] = [{"url": f"{SDC}initialExpression", "valueExpression": {"expression": "1"}}]

    assert [one.kind for one in read(form).remarks] == ["filled_in"]


def test_items_that_need_no_answer_in_the_file_are_said() -> None:
    form = licensed("epds")
    for item in form["item"][1:]:
        item["required"] = True
    assert read(form).remarks == ()

    form["item"][10]["required"] = False
    assert [(one.kind, one.detail) for one in read(form).remarks] == [("optional", "10")]


def test_language_of_which_a_word_is_missing_is_left_out_aloud() -> None:
    form = mii("phq-9")
    del items(form)[4]["_text"]

    assert [(one.kind, one.detail) for one in read(form).remarks] == [("language", "de")]

    form = mii("phq-9")
    del form["item"][0]["_text"]
    assert read(form).languages == ("en",)


def test_code_of_a_variant_is_refused_unless_somebody_says_what_it_is_and_then_said_aloud() -> None:
    for codes in (["89204-2"], ["44249-1", "89204-2"], ["89204-2", "44249-1"]):
        form = lforms("phq-9") | {"code": [{"system": LOINC, "code": code} for code in codes]}

        ((problem, line),) = refused(form)

        assert problem.message.startswith(
            "89204-2 is the code of no questionnaire that is known here; if this is phq-9"
        )
        assert line.strip() == '"code": "89204-2"'
        found = read(form, named="phq-9")
        assert [(one.kind, one.detail) for one in found.remarks] == [("draft", ""), ("code", "89204-2")]


def test_code_of_something_unknown_says_so() -> None:
    form = licensed("epds") | {"name": "x", "title": "Our form", "code": [{"system": LOINC, "code": "89204-2"}]}

    ((problem, _line),) = refused(form)

    assert "if it is one of them all the same" in problem.message
    assert read(form, named="epds").known_by == "said"


@pytest.mark.parametrize("name", [name for name, one in instruments().items() if one.worded])
def test_exported_name_is_one_that_programs_can_use(name: str) -> None:
    """FHIR, Questionnaire, constraint que-0."""
    assert re.fullmatch(r"[A-Z]([A-Za-z0-9_]){0,254}", to_questionnaire(instrument(name))["name"])
