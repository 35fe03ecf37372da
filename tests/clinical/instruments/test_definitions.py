"""The shipped instruments: exact wording, codes, and nothing that contradicts itself."""

import pytest

from firstlight.clinical.evidence import DataError, sources
from firstlight.clinical.instruments import Instrument, Shown, Tier, asked_items, instrument, instruments
from firstlight.clinical.instruments.reading import read_instrument
from tests.clinical.readability import smog, words

ALL = pytest.mark.parametrize("definition", instruments().values(), ids=instruments().keys())
MINIMAL = {
    "name": "mini",
    "title": {"en": "Mini"},
    "kind": "questionnaire",
    "tier": "ours",
    "validated": False,
    "languages": ["en"],
    "licence": "Apache-2.0",
    "citation": "ours",
    "options": [{"value": 0, "label": {"en": "No"}}, {"value": 1, "label": {"en": "Yes"}}],
    "items": [{"key": "a", "text": {"en": "A?"}}, {"key": "b", "text": {"en": "B?"}}],
    "scoring": "sum",
}

PHQ_9 = (
    "Little interest or pleasure in doing things",
    "Feeling down, depressed, or hopeless",
    "Trouble falling or staying asleep, or sleeping too much",
    "Feeling tired or having little energy",
    "Poor appetite or overeating",
    "Feeling bad about yourself — or that you are a failure or have let yourself or your family down",
    "Trouble concentrating on things, such as reading the newspaper or watching television",
    (
        "Moving or speaking so slowly that other people could have noticed? Or the opposite — being so fidgety or "
        "restless that you have been moving around a lot more than usual"
    ),
    "Thoughts that you would be better off dead or of hurting yourself in some way",
)
GAD_7 = (
    "Feeling nervous, anxious, or on edge",
    "Not being able to stop or control worrying",
    "Worrying too much about different things",
    "Trouble relaxing",
    "Being so restless that it is hard to sit still",
    "Becoming easily annoyed or irritable",
    "Feeling afraid, as if something awful might happen",
)
ASQ = (
    "In the past few weeks, have you wished you were dead?",
    "In the past few weeks, have you felt that you or your family would be better off if you were dead?",
    "In the past week, have you been having thoughts about killing yourself?",
    "Have you ever tried to kill yourself?",
    "Are you having thoughts of killing yourself right now?",
)


@pytest.mark.parametrize(("name", "wording"), [("phq-9", PHQ_9), ("gad-7", GAD_7), ("asq", ASQ)])
def test_wording_is_exactly_the_published_one(name: str, wording: tuple[str, ...]) -> None:
    assert tuple(item.text["en"] for item in instrument(name).items) == wording


@pytest.mark.parametrize("name", ["phq-9", "gad-7"])
def test_options_run_from_not_at_all(name: str) -> None:
    expected = [(0, "Not at all"), (1, "Several days"), (2, "More than half the days"), (3, "Nearly every day")]

    for item in instrument(name).items:
        assert [(option.value, option.label["en"]) for option in item.options] == expected


def test_loinc_codes_are_those_of_the_reference() -> None:
    assert dict(instrument("phq-9").codes) == {"panel": "44249-1", "total": "44261-6"}
    assert dict(instrument("gad-7").codes) == {"panel": "69737-5", "total": "70274-6"}
    assert [item.code for item in instrument("phq-9").items] == [
        *("44250-9", "44255-8", "44259-0", "44254-1", "44251-7", "44258-2", "44252-5", "44253-3", "44260-8")
    ]
    assert [item.code for item in instrument("gad-7").items] == [
        *("69725-0", "68509-9", "69733-4", "69734-2", "69735-9", "69689-8", "69736-7")
    ]
    assert [option.code for option in instrument("gad-7").items[1].options] == [
        *("LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9")
    ]


def test_asq_claims_no_code_because_none_is_published() -> None:
    assert {item.code for item in instrument("asq").items} == {""}


def test_first_set_takes_about_31_taps() -> None:
    names = ("asq", "phq-9", "gad-7", "health-10")
    nothing_said = sum(len(asked_items(instrument(name), {})) for name in names)
    every_item = sum(len(instrument(name).items) for name in names)

    assert (nothing_said, every_item) == (30, 31)


def test_short_check_in_is_four_taps() -> None:
    shown = [item.shown for item in instrument("check-in").items]

    assert shown.count(Shown.ALWAYS) + 1 == 4
    assert Shown.CHOICE in shown


def test_items_about_the_child_can_be_left_out() -> None:
    about_child = {(name, item.key) for name in instruments() for item in instrument(name).items if item.about_child}

    assert about_child == {
        ("check-in", "closeness"),
        *(("health-10", key) for key in ("pregnant", "birth", "milk")),
    }


def test_ten_health_questions_have_yes_no_and_not_sure() -> None:
    assert len(instrument("health-10").items) == 10
    assert [option.label["en"] for option in instrument("health-10").items[0].options] == ["Yes", "No", "Not sure"]


@ALL
def test_every_source_is_in_the_registry(definition: Instrument) -> None:
    cited = {
        *definition.sources,
        *definition.bands_sources,
        *(key for rule in definition.safety for key in rule.sources),
    }

    assert cited <= set(sources())


@ALL
def test_own_questions_say_that_they_are_not_validated(definition: Instrument) -> None:
    assert definition.validated == (definition.tier is not Tier.OURS)
    assert definition.validated or "not validated" in definition.title["en"]


@pytest.mark.parametrize("name", ["check-in", "health-10"])
def test_own_questions_are_short_and_plain(name: str) -> None:
    questions = [item.text["en"] for item in instrument(name).items]

    assert [question for question in questions if len(words(question)) > 20] == []
    assert smog(" ".join(questions)) <= 9


def test_two_week_questionnaire_is_not_asked_again_within_two_weeks() -> None:
    assert not instrument("phq-9").may_be_asked_after(13.9)
    assert instrument("phq-9").may_be_asked_after(14)
    assert instrument("check-in").may_be_asked_after(1)
    assert instrument("asq").may_be_asked_after(0)


def test_unknown_item_is_refused() -> None:
    with pytest.raises(KeyError, match="phq-9 has no item q10"):
        instrument("phq-9").item("q10")


def test_unknown_instrument_is_named_with_the_known_ones() -> None:
    with pytest.raises(KeyError, match=r"'phq-99'; there are asq, check-in"):
        instrument("phq-99")


def test_minimal_definition_can_be_read() -> None:
    assert read_instrument(MINIMAL, where="mini.yaml").max == 2


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"items": []}, "different keys"),
        ({"items": [{"key": "a", "text": {"en": "A?"}}] * 2}, "different keys"),
        ({"options": [{"value": 0, "label": {"en": "No"}}] * 2}, "different values"),
        ({"bands": [{"from": 0, "to": 1, "label": {"en": "low"}}]}, "bands end at 1, the scores at 2"),
        ({"bands": [{"from": 1, "to": 2, "label": {"en": "low"}}]}, "should begin at 0"),
        ({"scoring": "outcome"}, "outcomes belong"),
        ({"scoring": "median"}, "one of sum, outcome, none"),
        ({"tier": "A"}, "checked in two places"),
        ({"colour": "red"}, "unknown colour"),
        ({"sources": ["NOBODY-99"]}, "not in the registry"),
        (
            {"safety": [{"rule": "r", "any_of": ["z"], "at_least": 1, "action": "x", "level": "L2", "tag": "ours"}]},
            "no item z",
        ),
    ],
)
def test_definition_that_is_wrong_is_refused(change: dict[str, object], problem: str) -> None:
    with pytest.raises(DataError, match=problem):
        read_instrument(MINIMAL | change, where="mini.yaml")
