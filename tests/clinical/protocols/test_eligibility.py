"""Assessment: each state of each kind of rule, and what the whole comes to."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstlight.clinical.protocols import FactError, Overall, State, assess, assess_day, facts, rules

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
INFANT_UNKNOWN = {"breastfeeding": True, "infant_preterm_or_under_8wk_breastfed": None}


def healthy(**changes: Any) -> dict[str, Any]:
    """Facts of a healthy mother eight months after a birth, everything known."""
    known: dict[str, Any] = {name: False for name, kind in facts().items() if not kind.is_number}
    known |= {"sbp": 118, "dbp": 76, "age_years": 31, "weeks_postpartum": 35}
    known |= dict.fromkeys(["gave_birth", "can_be_pregnant", "tsh_known"], True)
    known |= dict.fromkeys(["indication_documented", "severity_documented", "treatment_history_documented"], True)
    return known | changes


def state(rule: str, **changes: Any) -> State:
    return next(result.state for result in assess(healthy(**changes), AT) if result.id == rule)


def test_nothing_against_it_is_complete() -> None:
    assessment = assess(healthy(), AT)

    assert assessment.overall is Overall.COMPLETE
    assert assessment.gaps == ()
    assert len(assessment) == len(rules())


def test_father_is_never_asked_about_birth() -> None:
    father = dict.fromkeys(("weeks_postpartum", "preeclampsia_current", "preeclampsia_this_pregnancy"))
    assessment = assess(healthy(gave_birth=False, can_be_pregnant=False, **father), AT)

    assert assessment.overall is Overall.COMPLETE
    not_applicable = {result.id for result in assessment if result.state is State.NOT_APPLICABLE}
    assert not_applicable == {
        *("pregnancy", "preeclampsia_eclampsia", "hdp_this_pregnancy", "peripartum_cardiomyopathy"),
        *("postpartum_warning_symptoms", "tsh_missing_postpartum_12m", "infant_preterm_or_under_8wk_breastfed"),
    }


@pytest.mark.parametrize(
    ("rule", "changes", "expected"),
    [
        ("resting_bp", {"sbp": 180, "dbp": 100}, State.CLEAR),
        ("resting_bp", {"sbp": 181}, State.FIRES),
        ("resting_bp", {"dbp": 101}, State.FIRES),
        ("day_bp_160_100", {"sbp": 160}, State.CLEAR),
        ("day_bp_160_100", {"sbp": 161}, State.FIRES),
        ("day_bp_140_90", {"sbp": 140, "dbp": 90}, State.CLEAR),
        ("day_bp_140_90", {"dbp": 91}, State.FIRES),
        ("age_under_18", {"age_years": 18}, State.CLEAR),
        ("age_under_18", {"age_years": 17}, State.FIRES),
        ("preeclampsia_eclampsia", {"preeclampsia_current": True}, State.FIRES),
        ("preeclampsia_eclampsia", {"preeclampsia_this_pregnancy": True, "weeks_postpartum": 6}, State.FIRES),
        ("preeclampsia_eclampsia", {"preeclampsia_this_pregnancy": True, "weeks_postpartum": 7}, State.CLEAR),
        (
            "preeclampsia_eclampsia",
            {"preeclampsia_this_pregnancy": True, "weeks_postpartum": 6, "obstetric_clearance": True},
            State.CLEAR,
        ),
        ("preeclampsia_eclampsia", {"preeclampsia_current": None}, State.UNKNOWN),
        ("hdp_this_pregnancy", {"hypertensive_disorder_this_pregnancy": True, "weeks_postpartum": 52}, State.FIRES),
        ("hdp_this_pregnancy", {"hypertensive_disorder_this_pregnancy": True, "weeks_postpartum": 53}, State.CLEAR),
        ("postpartum_warning_symptoms", {"weeks_postpartum": 6, "new_headache": True}, State.FIRES),
        ("postpartum_warning_symptoms", {"weeks_postpartum": 7, "new_headache": True}, State.CLEAR),
        ("postpartum_warning_symptoms", {"weeks_postpartum": 3, "chest_pain": None}, State.UNKNOWN),
        ("postpartum_warning_symptoms", {"weeks_postpartum": 35, "chest_pain": None}, State.CLEAR),
        ("postpartum_warning_symptoms", {"gave_birth": None, "weeks_postpartum": None}, State.UNKNOWN),
        ("tsh_missing_postpartum_12m", {"tsh_known": False, "weeks_postpartum": 52}, State.FIRES),
        ("tsh_missing_postpartum_12m", {"tsh_known": False, "weeks_postpartum": 53}, State.CLEAR),
        ("no_indication", {"severity_documented": False}, State.FIRES),
        ("pregnancy", {"pregnancy": True}, State.FIRES),
        ("pregnancy", {"can_be_pregnant": False, "pregnancy": None}, State.NOT_APPLICABLE),
        ("asq_positive_unassessed", {"asq_positive_unassessed": True}, State.FIRES),
        ("asq_positive_unassessed", {"asq_positive_unassessed": True, "brief_safety_assessment": None}, State.FIRES),
        ("asq_positive_unassessed", {"asq_positive_unassessed": True, "brief_safety_assessment": True}, State.CLEAR),
        ("cssrs_high", {"cssrs_high": True, "mh_clearance": True}, State.CLEAR),
        ("sud_active", {"sud_active": True, "addiction_review": False}, State.FIRES),
        ("asq_acute", {"asq_acute": True, "brief_safety_assessment": True}, State.FIRES),
        ("infant_preterm_or_under_8wk_breastfed", INFANT_UNKNOWN, State.UNKNOWN),
    ],
)
def test_state_of_a_rule(rule: str, changes: dict[str, Any], expected: State) -> None:
    assert state(rule, **changes) is expected


@pytest.mark.parametrize(
    "rule", [key for key, rule in rules().items() if rule.when.source == key and rule.applies_when is None]
)
def test_rule_that_is_one_fact_fires_clears_or_is_unknown(rule: str) -> None:
    assert [state(rule, **{rule: value}) for value in (True, False, None)] == [State.FIRES, State.CLEAR, State.UNKNOWN]


@pytest.mark.parametrize(
    ("changes", "overall"),
    [
        ({"hypersensitivity": True}, Overall.BLOCKED),
        ({"hypersensitivity": True, "theophylline": None}, Overall.BLOCKED),
        ({"theophylline": None}, Overall.GAPS),
        ({"seizure_disorder": None, "breastfeeding": True}, Overall.GAPS),
        ({"seizure_disorder": True}, Overall.REVIEW),
        ({"benzodiazepine": True}, Overall.COMPLETE),
        ({"lamotrigine": None}, Overall.COMPLETE),
    ],
)
def test_overall_is_blocked_before_gaps_before_review(changes: dict[str, Any], overall: Overall) -> None:
    assert assess(healthy(**changes), AT).overall is overall


def test_nothing_known_is_gaps_and_blocks_are_asked_first() -> None:
    assessment = assess({}, AT)

    assert assessment.overall is Overall.GAPS
    assert {result.state for result in assessment} == {State.UNKNOWN}
    first_review_only = assessment.gaps.index("seizure_disorder")
    assert assessment.gaps.index("theophylline") < first_review_only < assessment.gaps.index("lamotrigine")


def test_result_shows_its_inputs_gaps_rule_and_source() -> None:
    results = {result.id: result for result in assess({"sbp": 150, "gave_birth": True}, AT)}

    pressure = results["resting_bp"]
    assert (dict(pressure.inputs), pressure.gaps) == ({"sbp": 150}, ("dbp",))
    assert (pressure.expression, pressure.sources, pressure.tag) == ("sbp>180 or dbp>100", ("K-CH",), "V")


def test_missing_fact_that_cannot_matter_is_no_gap() -> None:
    result = next(result for result in assess({"sbp": 185}, AT) if result.id == "resting_bp")

    assert (result.state, result.gaps) == (State.FIRES, ())


def test_fact_that_no_rule_asks_for_is_told() -> None:
    assert assess(healthy(hypersensitvity=True, weight_g=70_000), AT).unused == ("hypersensitvity", "weight_g")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hypersensitivity", "yes"),
        ("hypersensitivity", 1),
        ("sbp", True),
        ("sbp", "120"),
        ("sbp", 12),
        ("sbp", float("nan")),
        ("age_years", -1),
        ("weeks_postpartum", 10**9),
        ("dbp", 118),
    ],
)
def test_fact_that_cannot_be_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(FactError, match="cannot be used") as refusal:
        assess(healthy(**{name: value}), AT)

    assert refusal.value.fact == name


def test_time_without_a_zone_is_refused() -> None:
    with pytest.raises(FactError, match="zone"):
        assess({}, AT.replace(tzinfo=None))


@given(st.sets(st.sampled_from(sorted(facts()))))
def test_hiding_facts_never_clears_a_block(hidden: set[str]) -> None:
    known = healthy(hypersensitivity=True, pregnancy=True, sud_active=True)
    partly = {name: value for name, value in known.items() if name not in hidden}
    fully = {result.id: result.state for result in assess(known, AT)}

    for result in assess(partly, AT):
        assert result.state in {fully[result.id], State.UNKNOWN}


@pytest.mark.parametrize(
    ("sbp", "dbp", "overall"),
    [
        (140, 90, Overall.COMPLETE),
        (141, 90, Overall.REVIEW),
        (140, 91, Overall.REVIEW),
        (160, 100, Overall.REVIEW),
        (161, 100, Overall.BLOCKED),
        (160, 101, Overall.BLOCKED),
    ],
)
def test_pressure_of_the_day_at_each_limit(sbp: int, dbp: int, overall: Overall) -> None:
    assert assess_day(sbp=sbp, dbp=dbp, at=AT).overall is overall
