"""Scores: expected numbers by hand from the manuals, properties for the rest."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstlight.clinical.instruments import (
    NOT_APPLICABLE,
    Answers,
    Score,
    ScoringError,
    answers_of,
    as_read,
    asked_items,
    flags,
    flags_with,
    instrument,
    instruments,
    score,
)

PHQ_9_BANDS = {0: "minimal", 4: "minimal", 5: "mild", 9: "mild", 10: "moderate", 14: "moderate"} | {
    15: "moderately severe",
    19: "moderately severe",
    20: "severe",
    27: "severe",
}
GAD_7_BANDS = {
    0: "minimal",
    4: "minimal",
    5: "mild",
    9: "mild",
    10: "moderate",
    14: "moderate",
    15: "severe",
    21: "severe",
}
NONE_SAID = dict.fromkeys(["q1", "q2", "q3", "q4"], 0)


def spread(total: int, items: int) -> dict[str, int | None]:
    """Answers of 0 to 3 with this total, the first items highest."""
    left, found = total, []
    for _ in range(items):
        found.append(min(3, left))
        left -= found[-1]
    return {f"q{number}": value for number, value in enumerate(found, 1)}


@pytest.mark.parametrize(("total", "band"), PHQ_9_BANDS.items())
def test_phq_9_band_of_a_total(total: int, band: str) -> None:
    result = score("phq-9", spread(total, 9))

    assert (result.total, result.band, result.max, result.complete) == (total, band, 27, True)


@pytest.mark.parametrize(("total", "band"), GAD_7_BANDS.items())
def test_gad_7_band_of_a_total(total: int, band: str) -> None:
    result = score("gad-7", spread(total, 7))

    assert (result.total, result.band, result.max, result.flags) == (total, band, 21, ())


def test_published_phq_9_example_sums_to_ten_whatever_it_prints() -> None:
    # The HL7 example response 0,0,0,1,2,1,3,2,1 prints 13; by hand it is 1+2+1+3+2+1 = 10.
    values = [0, 0, 0, 1, 2, 1, 3, 2, 1]

    assert score("phq-9", answers_of(instrument("phq-9"), values)).total == 10


@given(st.lists(st.integers(0, 3), min_size=9, max_size=9))
def test_phq_9_total_is_the_sum_and_item_9_always_flags(values: list[int]) -> None:
    result = score("phq-9", answers_of(instrument("phq-9"), values))

    assert result.total == sum(values)
    assert bool(result.flags) == (values[8] >= 1)


@given(st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=9, max_size=9).filter(lambda values: None in values))
def test_phq_9_with_a_missing_item_has_no_score_but_keeps_its_flag(values: list[int | None]) -> None:
    result = score("phq-9", answers_of(instrument("phq-9"), values))

    assert (result.total, result.band, result.complete) == (None, None, False)
    assert bool(result.flags) == ((values[8] or 0) >= 1)


def test_phq_9_item_9_flags_at_the_lowest_total() -> None:
    flag = score("phq-9", spread(0, 9) | {"q9": 1}).flags[0]

    assert (flag.rule, flag.item, flag.number, flag.action) == ("phq-9-item-9", "q9", 9, "brief_safety_assessment")


@pytest.mark.parametrize("values", list(itertools.product([0, 1, 2], repeat=4)))
def test_asq_is_positive_when_any_of_four_is_yes_or_refused(values: tuple[int, ...]) -> None:
    answers: Answers = dict(zip(["q1", "q2", "q3", "q4"], values, strict=True)) | {"q5": 0}
    result = score("asq", answers)

    positive = any(value in {1, 2} for value in values)
    assert result.band == ("non-acute positive screen (potential risk)" if positive else "negative screen")
    assert [flag.action for flag in result.flags] == (["brief_safety_assessment"] if positive else [])


@pytest.mark.parametrize("now", [1, 2])
def test_asq_question_5_makes_it_acute(now: int) -> None:
    result = score("asq", NONE_SAID | {"q3": 1, "q5": now})

    assert result.band == "acute positive screen (imminent risk)"
    assert [(flag.rule, flag.level) for flag in result.flags] == [("asq-acute", "L4"), ("asq-positive", "L2")]


def test_asq_question_5_is_asked_only_after_a_yes() -> None:
    assert score("asq", NONE_SAID).complete
    assert not score("asq", NONE_SAID | {"q1": 1}).complete


def test_asq_never_waits_for_the_other_answers() -> None:
    result = score("asq", {"q1": 1})

    assert (result.complete, result.band) == (False, None)
    assert [flag.rule for flag in result.flags] == ["asq-positive"]


def test_asq_has_no_total() -> None:
    assert (score("asq", NONE_SAID).total, instrument("asq").max) == (None, None)


@pytest.mark.parametrize(
    ("answers", "band", "rules"),
    [
        ({}, "no question answered with yes", []),
        ({"q1": 1}, "low risk", ["c-ssrs-low"]),
        ({"q2": 1, "q3": 1, "q4": 0, "q5": 0}, "moderate risk", ["c-ssrs-moderate", "c-ssrs-low"]),
        ({"q2": 1, "q3": 0, "q4": 1, "q5": 0}, "high risk", ["c-ssrs-high", "c-ssrs-low"]),
        ({"q2": 1, "q3": 0, "q4": 0, "q5": 1}, "high risk", ["c-ssrs-high", "c-ssrs-low"]),
        ({"q6": 1, "q6_recent": 0}, "moderate risk", ["c-ssrs-moderate"]),
        ({"q6": 1, "q6_recent": 1}, "high risk", ["c-ssrs-high", "c-ssrs-moderate"]),
    ],
)
def test_c_ssrs_triage_by_plan_intention_and_what_was_done(
    answers: dict[str, int | None], band: str, rules: list[str]
) -> None:
    result = score("c-ssrs", {"q1": 0, "q2": 0, "q6": 0} | answers)

    assert (result.band, result.complete, result.total) == (band, True, None)
    assert [flag.rule for flag in result.flags] == rules
    assert [flag.level for flag in result.flags] == [
        {"c-ssrs-high": "L3", "c-ssrs-moderate": "L2", "c-ssrs-low": "L1"}[rule] for rule in rules
    ]


def test_c_ssrs_asks_about_a_plan_only_after_thoughts_and_about_three_months_only_after_something_was_done() -> None:
    calm = {"q1": 1, "q2": 0, "q6": 0}

    assert [item.key for item in asked_items(instrument("c-ssrs"), calm)] == ["q1", "q2", "q6"]
    assert [item.key for item in asked_items(instrument("c-ssrs"), calm | {"q2": 1})][2:5] == ["q3", "q4", "q5"]
    assert not score("c-ssrs", calm | {"q2": 1}).complete
    assert not score("c-ssrs", calm | {"q6": 1}).complete


def test_check_in_urge_to_harm_oneself_flags() -> None:
    assert [flag.action for flag in flags(instrument("check-in"), {"harm": 1})] == ["brief_safety_assessment"]
    assert flags(instrument("check-in"), {"harm": 0}) == ()


def test_check_in_without_the_question_about_the_child_is_complete() -> None:
    shown = [item.key for item in instrument("check-in").items if not item.about_child]

    assert score("check-in", dict.fromkeys(shown, 0), asked=shown).complete
    assert not score("check-in", dict.fromkeys(shown, 0)).complete


def test_items_that_were_not_shown_leave_no_total() -> None:
    shown = ["q1", "q2"]

    assert score("phq-9", {"q1": 3, "q2": 3}, asked=shown).total is None


def test_moaas_is_the_level_itself() -> None:
    assert score("moaas", {"level": 5}).total == 5


@pytest.mark.parametrize("value", [4, -1, 99, True, 1.5, "1"])
def test_impossible_value_is_refused_by_name_and_position(value: object) -> None:
    with pytest.raises(ScoringError, match=r"phq-9, item 3: .* is not possible; use 0, 1, 2, 3") as refusal:
        score("phq-9", {"q3": value})  # type: ignore[dict-item]  # the wrong type is the point

    assert (refusal.value.instrument, refusal.value.position) == ("phq-9", 3)


def test_unknown_item_is_refused() -> None:
    with pytest.raises(ScoringError, match="there is no such item"):
        score("phq-9", {"q10": 1})


@pytest.mark.parametrize("values", [[], [0] * 8, [0] * 10, [0] * 18])
def test_vector_of_the_wrong_length_is_refused(values: list[int | None]) -> None:
    with pytest.raises(ScoringError, match="it has 9 items"):
        answers_of(instrument("phq-9"), values)


def test_asq_vector_may_end_before_question_5() -> None:
    assert score("asq", answers_of(instrument("asq"), [0, 0, 0, 0])).band == "negative screen"


def test_choices_are_positions_in_printed_order() -> None:
    # The ASQ prints Yes before No: position 0 is Yes.
    assert answers_of(instrument("asq"), [0, 1, 1, 1, 1], choices=True) == {"q1": 1, "q2": 0, "q3": 0, "q4": 0, "q5": 0}


@pytest.mark.parametrize("choice", [4, -1])
def test_choice_beyond_the_options_is_refused(choice: int) -> None:
    with pytest.raises(ScoringError, match="options are 0 to 3"):
        answers_of(instrument("phq-9"), [choice] + [0] * 8, choices=True)


def scored(name: str, *values: int | None) -> Score:
    return score(name, answers_of(instrument(name), values))


def test_pbq_all_never_is_40_and_all_always_85() -> None:
    printed = instrument("pbq")
    always, never = (score(printed, answers_of(printed, [place] * 25, choices=True)) for place in (0, 5))

    assert (never.total, list(never.subscales.values())) == (40, [20, 10, 10, 0])
    assert always.total == 85


@given(st.lists(st.integers(0, 5), min_size=25, max_size=25))
def test_pbq_choice_and_its_opposite_add_up_to_the_highest_total(positions: list[int]) -> None:
    opposite = [5 - position for position in positions]
    totals = [score("pbq", answers_of(instrument("pbq"), row, choices=True)).total for row in (positions, opposite)]

    assert sum(totals) == 125


def test_wsas_without_work_is_out_of_32_and_has_no_band() -> None:
    at_home, working = scored("wsas", NOT_APPLICABLE, 8, 8, 8, 8), scored("wsas", 0, 8, 8, 8, 8)
    passed_over = scored("wsas", None, 8, 8, 8, 8)

    assert (at_home.total, at_home.max, at_home.band, at_home.complete) == (32, 32, None, True)
    assert (working.total, working.max, working.band) == (32, 40, "moderately severe or worse")
    assert (passed_over.total, passed_over.max, passed_over.band, passed_over.complete) == (None, 40, None, False)


def test_only_an_item_that_the_manual_can_do_without_may_not_apply() -> None:
    with pytest.raises(ScoringError, match=r"^wsas, item 2: '-1' is not possible; use 0, 1"):
        scored("wsas", 0, NOT_APPLICABLE, 8, 8, 8)
    assert {name for name, one in instruments().items() if one.optional} == {
        "wsas",
        "b-ipf",
        "daily-life",
        "other-parent",
    }


def test_qids_counts_the_highest_of_each_group() -> None:
    assert scored("qids-sr16", *[3] * 16).total == 27
    assert scored("qids-sr16", 1, 2, 3, 0, 0, 2, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0).total == 3 + 2 + 1


def test_mdq_is_negative_unless_all_at_the_same_time_and_a_problem() -> None:
    seven = [1] * 7 + [0] * 6

    assert scored("mdq", *seven, 0, 3).band == "negative screen"
    assert scored("mdq", *seven, 1, 1).band == "negative screen"
    assert scored("mdq", *seven, 1, 2).findings == {"positive": True}
    assert scored("mdq", 0, *seven[1:], 1, 3).findings == {"positive": False}


def test_mdq_needs_its_last_questions_only_after_two_times_yes() -> None:
    assert scored("mdq", 1, *[0] * 12).band == "negative screen"
    assert not scored("mdq", 1, 1, *[0] * 11).complete


def test_pc_ptsd_5_stops_at_no_such_event() -> None:
    assert [scored("pc-ptsd-5", 0).total, scored("pc-ptsd-5", 0, 1, 1, 1, 1, 1).total] == [0, 0]
    assert scored("pc-ptsd-5", 1, 1, 1, 1, 1, 0).band == "positive"
    assert not scored("pc-ptsd-5", 1).complete


def test_pc_ptsd_5_without_its_first_question_is_refused() -> None:
    with pytest.raises(ScoringError, match="5 answers were given; it has 6 items; the last 5 may be left out"):
        scored("pc-ptsd-5", 1, 1, 1, 1, 1)


def test_pcl_5_provisional_diagnosis_and_total_are_independent() -> None:
    low = scored("pcl-5", 2, 0, 0, 0, 0, 2, 0, 2, 2, 0, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0)
    high = scored("pcl-5", *[4] * 5, 0, 0, *[4] * 13)

    assert (low.total, low.findings) == (12, {"provisional_ptsd": True})
    assert (high.total, high.findings) == (72, {"provisional_ptsd": False})


def test_who_5_is_low_up_to_raw_12() -> None:
    assert (scored("who-5", 3, 3, 3, 2, 2).total, scored("who-5", 3, 3, 3, 2, 2).band) == (52, "not low")
    assert (scored("who-5", 3, 3, 2, 2, 2).total, scored("who-5", 3, 3, 2, 2, 2).band) == (48, "low well-being")


def test_b_ipf_is_a_percentage_of_what_applies() -> None:
    none = NOT_APPLICABLE
    assert scored("b-ipf", 3, none, 6, none, none, none, none).total == 75
    assert scored("b-ipf", 1, 1, 2, none, none, none, none).total == pytest.approx(4 / 18 * 100)
    counted = scored("b-ipf", 1, 1, 2, None, none, 6, None)
    assert (counted.total, counted.complete) == (pytest.approx(10 / 24 * 100), False)
    for nothing in (None, none):
        assert (scored("b-ipf", *[nothing] * 7).total, scored("b-ipf", *[nothing] * 7).complete) == (None, False)


def test_wsas_with_an_item_missing_has_no_total() -> None:
    assert scored("wsas", 1, 1, 2, None, 3).total is None
    assert scored("wsas", NOT_APPLICABLE, 1, 2, None, 3).total is None


@pytest.mark.parametrize(
    ("total", "read"), [(22.2222, "22.2"), (62.5, "62.5"), (50.0, "50"), (50, "50"), (None, "None")]
)
def test_total_is_read_with_a_decimal_only_where_it_is_not_whole(total: float | None, read: str) -> None:
    assert str(as_read(total)) == read


def test_phq_9_syndrome_counts_item_9_from_one_on() -> None:
    major = scored("phq-9", 2, 0, 2, 2, 2, 0, 0, 0, 1)
    other = scored("phq-9", 2, 0, 2, 2, 0, 0, 0, 0, 1)

    assert (major.total, major.findings["major_depressive_syndrome"]) == (9, True)
    assert (other.findings["major_depressive_syndrome"], other.findings["other_depressive_syndrome"]) == (False, True)


def test_city_bits_needs_every_criterion_and_no_other_cause() -> None:
    symptoms = [0] * 20
    for question in (3, 8, 10, 11, 17, 18):
        symptoms[question - 3] = 1
    met = scored("city-bits", 0, 1, *symptoms, 0, 0, 1, 1, 1, 0, 0)
    other_cause = scored("city-bits", 0, 1, *symptoms, 0, 0, 1, 1, 1, 0, 1)

    assert (met.total, met.band, met.findings["ptsd"], met.findings["dissociative"]) == (
        *(6, "diagnostic criteria met", True, False),
    )
    assert (other_cause.band, other_cause.findings["criterion_h"]) == ("diagnostic criteria not met", False)


def test_city_bits_without_a_symptom_needs_no_questions_about_symptoms() -> None:
    assert scored("city-bits", 1, 0, *[0] * 22).total == 0


def test_mpas_gives_every_question_the_weight_of_five_and_keeps_its_decimal() -> None:
    """Second best of four is 3.6, of three 3; a missing question gives no total, but the parts that are whole."""
    best = [max(item.values) for item in instrument("mpas").items]
    one_less = [*best[:3], 3, *best[4:13], 2, *best[14:]]

    assert scored("mpas", *best).total == 95
    assert scored("mpas", *one_less).total == 91.6
    assert scored("mpas", *one_less).subscales == {"quality": 41.6, "absence_of_hostility": 25, "pleasure": 25}
    without = scored("mpas", *best[:18], None)
    assert (without.total, without.subscales["pleasure"], without.subscales["quality"]) == (None, 25, None)


LOWEST = {
    "asq": {"q1": 1},
    "c-ssrs": {"q1": 1},
    "check-in": {"harm": 1},
    "city-bits": {"q27": 1},
    "epds": {"q10": 1},
    "health-10": {"warning": 1},
    "madrs-s": {"q9": 4},
    "mdq": {**{f"q{number}": 1 for number in range(1, 8)}, "q14": 1, "q15": 2},
    "mibs": {"q8": 1},
    "mind-talk": {"senses": 1},
    "other-parent": {"urge": 1},
    "pbq": {"q24": 1},
    "pcl-5": {"q16": 2},
    "phq-9": {"q9": 1},
    "qids-sr16": {"q12": 1},
    "right-now": {"harm": 1},
    "side-effects": {"blood": 1},
}


def test_every_instrument_with_a_safety_rule_is_in_the_list_below() -> None:
    assert set(LOWEST) == {name for name, definition in instruments().items() if definition.safety}


@pytest.mark.parametrize("name", LOWEST)
def test_safety_answer_is_never_hidden_by_a_low_total(name: str) -> None:
    """Everything else at its lowest, then everything else missing: one flag both times."""
    lowest = {item.key: min(item.values) for item in instrument(name).items}
    silent = dict.fromkeys(lowest)

    assert flags(instrument(name), lowest) == ()
    assert len(score(name, lowest | LOWEST[name]).flags) == 1
    assert len(score(name, silent | LOWEST[name]).flags) == 1


@pytest.mark.parametrize("name", LOWEST)
def test_answer_just_below_a_safety_rule_sets_off_nothing(name: str) -> None:
    below = {key: value - 1 for key, value in LOWEST[name].items()}

    assert flags(instrument(name), below) == ()


def test_flag_belongs_to_every_answer_that_takes_part_in_it() -> None:
    answers = LOWEST["mdq"]

    assert [flag.rule for flag in flags_with(instrument("mdq"), answers, "q15")] == ["mdq-positive"]
    assert flags_with(instrument("mdq"), answers, "q9") == ()
    assert flags_with(instrument("mdq"), answers | {"q14": 0}, "q1") == ()


@pytest.mark.parametrize("name", [name for name, definition in instruments().items() if definition.total])
def test_totals_end_where_the_definition_says(name: str) -> None:
    definition = instrument(name)
    ends = [score(definition, {item.key: pick(item.values) for item in definition.items}).total for pick in (min, max)]

    assert ends == [definition.min, definition.max]


def test_only_what_is_no_danger_is_quiet() -> None:
    loud = {rule.rule for definition in instruments().values() for rule in definition.safety if not rule.quiet}

    assert loud == {
        *(
            "asq-acute",
            "asq-positive",
            "c-ssrs-high",
            "c-ssrs-low",
            "c-ssrs-moderate",
            "check-in-harm",
            "epds-item-10",
            "health-10-warning",
            "madrs-s-item-9",
        ),
        *("mind-talk-driven", "mind-talk-psychosis", "pbq-harm", "phq-9-item-9", "qids-sr16-item-12"),
        *("other-parent-harm", "right-now-harm"),
    }
