"""The shipped instruments: exact wording, codes, and nothing that contradicts itself."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from firstlight.clinical.evidence import DataError, Tag, data_file, sources
from firstlight.clinical.instruments import Instrument, Shown, Tier, asked_items, instrument, instruments, reading
from firstlight.clinical.instruments.details import is_loinc
from firstlight.clinical.instruments.reading import read_instrument
from firstlight.clinical.protocols.rules import facts
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

BANDS = [{"from": 0, "to": 2, "label": {"en": "low"}}]
PART = {"name": "part", "title": {"en": "Part"}, "items": ["a"], "tag": "ours"}
FINDING = {"name": "f", "label": {"en": "F"}, "all": [{"any_of": ["a"], "at_least": 1}], "tag": "ours"}

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


PC_PTSD_5_STEM = (
    "Sometimes things happen to people that are unusually or especially frightening, horrible, or traumatic. For example: "
    "• a serious accident or fire • a physical or sexual assault or abuse • an earthquake or flood • a war "
    "• seeing someone be killed or seriously injured • having a loved one die through homicide or suicide"
)
PC_PTSD_5 = (
    "Have you ever experienced this kind of event?",
    "In the past month, have you had nightmares about the event(s) or thought about the event(s) when you did not want to?",
    (
        "In the past month, have you tried hard not to think about the event(s) or went out of your way to avoid "
        "situations that reminded you of the event(s)?"
    ),
    "In the past month, have you been constantly on guard, watchful, or easily startled?",
    "In the past month, have you felt numb or detached from people, activities, or your surroundings?",
    (
        "In the past month, have you felt guilty or unable to stop blaming yourself or others for the event(s) or any "
        "problems the event(s) may have caused?"
    ),
)
PCL_5 = (
    "Repeated, disturbing, and unwanted memories of the stressful experience?",
    "Repeated, disturbing dreams of the stressful experience?",
    (
        "Suddenly feeling or acting as if the stressful experience were actually happening again (as if you were "
        "actually back there reliving it)?"
    ),
    "Feeling very upset when something reminded you of the stressful experience?",
    (
        "Having strong physical reactions when something reminded you of the stressful experience (for example, heart "
        "pounding, trouble breathing, sweating)?"
    ),
    "Avoiding memories, thoughts, or feelings related to the stressful experience?",
    (
        "Avoiding external reminders of the stressful experience (for example, people, places, conversations, "
        "activities, objects, or situations)?"
    ),
    "Trouble remembering important parts of the stressful experience?",
    (
        "Having strong negative beliefs about yourself, other people, or the world (for example, having thoughts such "
        "as: I am bad, there is something seriously wrong with me, no one can be trusted, the world is completely "
        "dangerous)?"
    ),
    "Blaming yourself or someone else for the stressful experience or what happened after it?",
    "Having strong negative feelings such as fear, horror, anger, guilt, or shame?",
    "Loss of interest in activities that you used to enjoy?",
    "Feeling distant or cut off from other people?",
    (
        "Trouble experiencing positive feelings (for example, being unable to feel happiness or have loving feelings for "
        "people close to you)?"
    ),
    "Irritable behavior, angry outbursts, or acting aggressively?",
    "Taking too many risks or doing things that could cause you harm?",
    "Being “superalert” or watchful or on guard?",
    "Feeling jumpy or easily startled?",
    "Having difficulty concentrating?",
    "Trouble falling or staying asleep?",
)
PHQ_4 = ("Feeling nervous, anxious or on edge", GAD_7[1], PHQ_9[0], PHQ_9[1])


PBQ = (
    "I feel close to my baby",
    "I wish the old days when I had no baby would come back",
    "I feel distant from my baby",
    "I love to cuddle my baby",
    "I regret having this baby",
    "The baby does not seem to be mine",
    "My baby winds me up",
    "I love my baby to bits",
    "I feel happy when my baby smiles or laughs",
    "My baby irritates me",
    "I enjoy playing with my baby",
    "My baby cries too much",
    "I feel trapped as a mother",
    "I feel angry with my baby",
    "I resent my baby",
    "My baby is the most beautiful baby in the world",
    "I wish my baby would somehow go away",
    "I have done harmful things to my baby",
    "My baby makes me feel anxious",
    "I am afraid of my baby",
    "My baby annoys me",
    "I feel confident when caring for my baby",
    "I feel the only solution is for someone else to look after my baby",
    "I feel like hurting my baby",
    "My baby is easily comforted",
)


@pytest.mark.parametrize(
    ("name", "wording"),
    [
        ("phq-9", PHQ_9),
        ("phq-2", PHQ_9[:2]),
        ("phq-4", PHQ_4),
        ("gad-7", GAD_7),
        ("asq", ASQ),
        ("pcl-5", PCL_5),
        ("pc-ptsd-5", PC_PTSD_5),
        ("pbq", PBQ),
    ],
)
def test_wording_is_exactly_the_published_one(name: str, wording: tuple[str, ...]) -> None:
    assert tuple(item.text["en"] for item in instrument(name).items) == wording


def test_pbq_prints_always_first_and_keys_its_eight_kind_items_the_other_way() -> None:
    printed = ["Always", "Very often", "Quite often", "Sometimes", "Rarely", "Never"]
    kind = {item.number for item in instrument("pbq").items if item.values[0] == 0}

    assert all([option.label["en"] for option in item.options] == printed for item in instrument("pbq").items)
    assert kind == {1, 4, 8, 9, 11, 16, 22, 25}
    assert instrument("pbq").item("q10").text["en"] == "My baby irritates me"


def test_only_words_that_say_mother_are_kept_from_other_parents() -> None:
    says = {
        name
        for name, one in instruments().items()
        if one.tier is Tier.A and any("mother" in item.text["en"].split() for item in one.items)
    }

    assert says == {name for name, one in instruments().items() if one.says_mother} == {"pbq"}


def test_words_above_a_single_question_are_the_published_ones() -> None:
    stems = {item.key: item.stem for item in instrument("pc-ptsd-5").items if item.stem}

    assert stems == {"exposure": {"en": PC_PTSD_5_STEM}}


@pytest.mark.parametrize("name", ["phq-9", "phq-2", "phq-4", "gad-7"])
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

    whole = {name for name in instruments() if all(item.about_child for item in instrument(name).items)}
    assert whole == {"city-bits", "mibs", "mpas", "other-parent", "pbq"}
    assert {(name, key) for name, key in about_child if name not in whole} == {
        ("check-in", "closeness"),
        ("mind-talk", "child"),
        *(("health-10", key) for key in ("pregnant", "birth", "milk")),
    }


def test_ten_health_questions_have_yes_no_and_not_sure() -> None:
    assert len(instrument("health-10").items) == 10
    assert [option.label["en"] for option in instrument("health-10").items[0].options] == ["Yes", "No", "Not sure"]


CODES = {
    "c-ssrs": {"panel": "93373-9", "total": "93374-7"},
    "pcl-5": {"panel": "101697-1", "total": "101698-9"},
    "pc-ptsd-5": {"panel": "102010-6", "total": "102017-1"},
    "phq-2": {"panel": "55757-9", "total": "55758-7"},
    "phq-4": {"panel": "69724-3", "total": "70272-0"},
    "phq-9": {"panel": "44249-1", "total": "44261-6"},
    "gad-7": {"panel": "69737-5", "total": "70274-6"},
    "epds": {"panel": "71354-5", "total": "99046-5"},
    "mdq": {"panel": "85102-2", "total": "84773-1"},
}


@ALL
def test_codes_are_given_only_where_they_are_known(definition: Instrument) -> None:
    assert dict(definition.codes) == CODES.get(definition.name, {})


@ALL
def test_text_ships_only_where_its_licence_permits_and_two_sources_agree(definition: Instrument) -> None:
    assert definition.worded == (definition.tier in {Tier.A, Tier.OURS})
    assert len(definition.wording_checked) >= (2 if definition.tier is Tier.A else 0)
    if not definition.worded:
        assert [item.text["en"] for item in definition.items] == [f"Item {item.number}" for item in definition.items]


def test_instruments_by_tier() -> None:
    tiers = {
        tier: {name for name, definition in instruments().items() if definition.tier is tier}
        for tier in (Tier.A, Tier.C, Tier.OURS)
    }

    assert tiers[Tier.A] == {
        *("aldrete", "asq", "gad-7", "moaas", "pbq", "pc-ptsd-5", "pcl-5", "phq-2", "phq-4", "phq-9"),
    }
    assert tiers[Tier.C] == {"c-ssrs"}
    assert tiers[Tier.OURS] == {
        *("check-in", "daily-life", "health-10", "mind-talk", "other-parent", "right-now", "side-effects"),
    }


@ALL
def test_every_rule_says_where_it_comes_from(definition: Instrument) -> None:
    """A rule without a source says that it was not checked, or that it is ours."""
    rules = [
        *(part.basis for part in definition.subscales),
        *(part.cut_off for part in definition.subscales),
        *(finding.basis for finding in definition.findings),
        *definition.safety,
        definition.scoring_basis,
        definition.reliable_change,
        *(definition.reliable_change.others if definition.reliable_change else ()),
        definition.important_difference,
        definition.response_percent,
        definition.remission,
    ]

    for rule in filter(None, rules):
        assert set(rule.sources) <= set(sources())
        assert rule.sources or rule.tag in {Tag.UNCHECKED, Tag.OURS}
    assert definition.bands_sources or definition.bands_tag in {None, Tag.UNCHECKED, Tag.OURS}


@ALL
def test_total_says_how_far_its_rule_was_checked(definition: Instrument) -> None:
    assert (definition.scoring_basis is None) == (definition.total is None)


def test_check_in_asks_all_that_is_promised() -> None:
    assert [item.key for item in instrument("check-in").items] == [
        *("mood", "anxiety", "tension", "sleep", "closeness", "energy", "side_effects", "harm")
    ]


def test_right_now_asks_what_the_check_in_asks_on_the_same_scales_without_what_nobody_can_tell_in_a_chair() -> None:
    day, now = instrument("check-in"), instrument("right-now")

    assert now.keys == ("mood", "anxiety", "tension", "side_effects", "harm")
    assert [(item.values, item.better) for item in now.items] == [
        (day.item(key).values, day.item(key).better) for key in now.keys
    ]
    assert {rule.action for rule in now.safety} == {rule.action for rule in day.safety}
    assert {rule.level for rule in now.safety} == {rule.level for rule in day.safety}


def test_side_effects_ask_four_things_about_the_bladder() -> None:
    bladder = instrument("side-effects").subscales[0]

    assert bladder.total.items == ("frequency", "urgency", "bladder_pain", "blood")


@ALL
def test_own_questions_say_that_they_are_not_validated(definition: Instrument) -> None:
    assert definition.validated == (definition.tier is not Tier.OURS)
    assert definition.validated or "not validated" in definition.title["en"]


@pytest.mark.parametrize("name", ["check-in", "daily-life", "health-10", "other-parent", "right-now", "side-effects"])
def test_own_questions_are_short_and_plain(name: str) -> None:
    questions = [item.text["en"] for item in instrument(name).items]

    assert [question for question in questions if len(words(question)) > 20] == []
    assert smog(" ".join(questions)) <= 9


def test_two_week_questionnaire_is_not_asked_again_within_two_weeks() -> None:
    assert not instrument("phq-9").may_be_asked_after(13.9)
    assert instrument("phq-9").may_be_asked_after(14)
    assert instrument("check-in").may_be_asked_after(1)
    assert instrument("asq").may_be_asked_after(0)


@pytest.mark.parametrize(
    ("name", "days"),
    [("epds", 7), ("who-5", 14), ("pcl-5", 28), ("qids-sr16", 7), ("madrs-s", 3), ("b-ipf", 30), ("wsas", None)],
)
def test_recall_period_is_that_of_the_manual(name: str, days: int | None) -> None:
    assert instrument(name).recall_days == days


def test_unknown_item_is_refused() -> None:
    with pytest.raises(KeyError, match="phq-9 has no item q10"):
        instrument("phq-9").item("q10")


def test_unknown_instrument_is_named_with_the_known_ones() -> None:
    with pytest.raises(KeyError, match=r"'phq-99'; there are aldrete, asq, b-ipf"):
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
        ({"bands": BANDS}, "bands need a bands_source"),
        ({"scoring": "none", "bands": BANDS}, "bands belong to a total"),
        ({"scoring": "none", "total": {"items": ["a"]}}, "a total belongs to"),
        ({"total": {"items": ["a", "z"]}}, "no item z"),
        ({"total": {"items": ["a"], "highest_of": [{"items": ["a", "b"]}]}}, "counts each of its items once"),
        ({"total": {"items": []}}, "counts each of its items once"),
        ({"total": {"items": ["a"], "percent": True, "times": 2}}, "multiplied, or a percentage"),
        ({"total": {"items": ["a"], "recoded": {2: [1, 2, 3]}}}, "what each of 2 values counts"),
        ({"total": {"items": ["a"], "recoded": {2: ["x", "y"]}}}, "what each of 2 values counts"),
        ({"total": {"items": ["a"], "recoded": {2: [0, 1.5]}}}, "whole ends"),
        ({"total": {"items": ["a"], "times": 2, "recoded": {2: [1, 5]}}}, "adds up plain items"),
        ({"reversed": ["z"]}, "no item z"),
        ({"optional": ["z"]}, "no item z"),
        ({"subscales": [PART, PART]}, "need different names"),
        ({"subscales": [PART | {"items": ["z"]}]}, "no item z"),
        ({"findings": [FINDING | {"all": []}]}, "needs its conditions"),
        ({"findings": [FINDING | {"all": [{"any_of": ["a"], "at_least": 2}]}]}, "a never has 2"),
        ({"findings": [FINDING | {"all": [{"any_of": ["a"], "at_least": 1, "how_many": 2}]}]}, "can never hold"),
        ({"reliable_change": {"population": "anybody", "tag": "ours"}}, "published, or computed"),
        (
            {"reliable_change": {"points": 2, "sd": 1.0, "r": 0.9, "population": "anybody", "tag": "ours"}},
            "published, or computed",
        ),
        ({"reliable_change": {"points": 2, "tag": "ours"}}, "population"),
        (
            {
                "reliable_change": {
                    "points": 2,
                    "population": "a",
                    "tag": "ours",
                    "others": [{"points": 1, "tag": "ours"}],
                }
            },
            "population",
        ),
        ({"reliable_change": {"points": 2, "population": "", "tag": "ours"}}, "in whom"),
        ({"important_difference": {"better": 1, "tag": "ours"}}, "population"),
        ({"important_difference": {"better": 1, "population": " ", "tag": "ours"}}, "in whom"),
        ({"reliable_change": {"sd": 1.0, "r": 1.0, "population": "anybody", "tag": "ours"}}, "r from 0 to below 1"),
        ({"scoring": "none", "remission": {"points": 1, "tag": "ours"}}, "only a total can change"),
        ({"tier": "B"}, "tier B ships no text"),
        ({"tier": "C"}, "tier C ships no text"),
        ({"items": [{"key": "a"}, {"key": "b", "text": {"en": "B?"}}]}, "every item needs its text"),
        ({"outcomes": [{"label": {"en": "x"}}, {"label": {"en": "y"}}]}, "the last outcome"),
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


@pytest.mark.parametrize(
    ("name", "spoil", "problem"),
    [
        ("phq-9", lambda one: one["safety"][0].update(level="L4", quiet=True), "never quiet"),
        ("phq-9", lambda one: one["safety"][0].update(at_least=0), "fire at every answer"),
        ("phq-9", lambda one: one["safety"][0].update(how_many=0), "at least one answer"),
        ("phq-9", lambda one: one["safety"][0].update(any_of=["q9", "q9"]), "names an item twice"),
        ("phq-9", lambda one: one["findings"][0]["all"][0].update(how_many=0), "finding needs at least one"),
        ("asq", lambda one: one["items"][4]["asked_when"].update(any_of=["q5"]), "q5 is asked after"),
        ("asq", lambda one: one["items"][0].update(asked_when={"any_of": ["q4"], "at_least": 1}), "q1 is asked after"),
        ("phq-9", lambda one: one["reliable_change"].update(points=0), "above 0 and at most 27"),
        ("phq-9", lambda one: one["reliable_change"].update(points=-6), "above 0 and at most 27"),
        ("phq-9", lambda one: one["reliable_change"].update(points=99), "above 0 and at most 27"),
        ("phq-9", lambda one: one["reliable_change"].update(sd=4.0), "never both"),
        ("gad-7", lambda one: one["important_difference"].update(better=-4), "important difference is above 0"),
        ("gad-7", lambda one: one["important_difference"].update(better=99), "important difference is above 0"),
        ("phq-9", lambda one: one["remission"].update(points=99), "remission lies"),
        ("who-5", lambda one: one["remission"].update(points=100), "remission lies"),
        ("pbq", lambda one: one["subscales"][0]["cut_off"].update(points=999), "outside its range"),
        ("phq-9", lambda one: one["response_percent"].update(points=500), "from 1 to 100"),
        ("phq-9", lambda one: one["response_percent"].update(points=0), "from 1 to 100"),
        ("phq-9", lambda one: one.update(recall_days=0), "recall_days is 1 or more"),
        ("phq-9", lambda one: one["bands_source"].update(note=""), "KROENKE-01 was read in one place"),
        ("phq-9", lambda one: one["safety"][0].update(sources=[]), "none is named"),
        ("phq-9", lambda one: one.update(wording_checked=["2026-11-22, A: same"] * 2), "two different places"),
        ("phq-9", lambda one: one.update(wording_checked=["somewhere", "elsewhere"]), "with its day first"),
        ("phq-9", lambda one: one.update(licence=" "), "never empty"),
        ("phq-9", lambda one: one.update(citation=""), "never empty"),
        ("phq-9", lambda one: one.update(languages=["en", "de"]), "every item has its text"),
        ("phq-9", lambda one: one.update(languages=[]), "every item has its text"),
        ("epds", lambda one: one.update(languages=["en"]), "here none does"),
        (
            "epds",
            lambda one: one.update(options=[{"value": n, "label": {"en": f"Mine {n}"}} for n in range(4)]),
            "no words",
        ),
        ("phq-9", lambda one: one["items"][1].update(code="44250-9"), "same code"),
        ("phq-9", lambda one: one["items"][1].update(code="44255-9"), "check digit"),
        ("phq-9", lambda one: one["codes"].update(panel="44249-2"), "check digit"),
        ("phq-9", lambda one: one["codes"].update(panel=5), "check digit"),
        ("phq-9", lambda one: one["codes"].update(panle="44249-1"), "not panle"),
        (
            "phq-9",
            lambda one: one["options"][1].update(label={"en": "Not at all"}),
            "options of q1 have the same words",
        ),
        ("phq-9", lambda one: one["options"][1].update(code="LA6568-5"), "options of q1 have the same code"),
        ("phq-9", lambda one: one["items"][1].update(text=one["items"][0]["text"]), "same text"),
        ("phq-9", lambda one: one["options"].insert(0, one["options"].pop(2)), "run up or down"),
        ("phq-9", lambda one: one["bands"][1].update(label={"en": "minimal"}), "bands have the same words"),
        ("asq", lambda one: one["outcomes"].insert(0, one["outcomes"].pop(1)), "never reached"),
        ("asq", lambda one: one["outcomes"].insert(0, deepcopy(one["outcomes"][0])), "same words"),
        ("phq-9", lambda one: one.update(validated=False), "not validated"),
        ("phq-9", lambda one: one.update(better="neither"), "no change is judged"),
    ],
)
def test_shipped_definition_with_one_thing_wrong_is_refused(
    name: str, spoil: Callable[[dict[str, Any]], object], problem: str
) -> None:
    document = deepcopy(data_file("firstlight.clinical.instruments", f"data/{name}.yaml"))
    spoil(document)
    if "options" in document:
        document.pop("range", None)

    with pytest.raises(DataError, match=problem):
        read_instrument(document, where=f"data/{name}.yaml")


def test_check_digit_is_the_one_of_loinc() -> None:
    assert all(is_loinc(code) for code in ("44249-1", "69725-0", "99046-5", "101697-1"))
    assert not any(is_loinc(code) for code in ("44249-2", "44249", "LA6568-5", "", None))


def test_name_is_that_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "data_files", lambda *_: iter([("data/maxi.yaml", MINIMAL)]))

    with pytest.raises(DataError, match="the name mini is another than the file's"):
        reading.instruments.__wrapped__()


def test_what_an_answer_feeds_is_a_fact_that_a_rule_of_eligibility_knows() -> None:
    items = [item for definition in instruments().values() for item in (*definition.items, *definition.unscored)]

    assert {name for item in items for name in (*item.feeds.clears, *item.feeds.sets, *item.feeds.ask)} <= set(facts())
