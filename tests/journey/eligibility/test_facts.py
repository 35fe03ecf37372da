"""Facts for the rules: from what was entered, answered and recorded, each with where it came from."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from firstlight.clinical import protocols
from firstlight.journey.eligibility.facts import Fact, Statement, baseline_facts, merge
from firstlight.journey.eligibility.lists import lists

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
CLOSED = {"nothing_else": True}


def known(*entries: tuple[str, dict[str, Any]], days_ago: int = 0) -> dict[str, Any]:
    at = NOW - timedelta(days=days_ago)
    statements = [Statement(kind, value, at + timedelta(seconds=place)) for place, (kind, value) in enumerate(entries)]
    return {fact.name: fact.value for fact in baseline_facts(statements, NOW)}


def medicine(group: str, *, recent: bool = False) -> tuple[str, dict[str, Any]]:
    return "medicine", {"name": group, "dose": "", "group": group, "within_24h": recent}


def test_nothing_entered_leaves_problems_unknown() -> None:
    assert "vasc_aneurysm_avm" not in known()


def test_closed_list_clears_what_is_not_on_it() -> None:
    facts = known(("problem", {"problem": "porphyria", "note": ""}), ("problem", CLOSED))

    assert facts["porphyria"] is True
    assert facts["vasc_aneurysm_avm"] is False


def test_closed_list_does_not_hide_a_later_problem() -> None:
    facts = known(("problem", CLOSED), ("problem", {"problem": "current_mania", "note": ""}))

    assert facts["current_mania"] is True


def test_open_list_leaves_other_medicines_unknown() -> None:
    facts = known(medicine("stimulant"))

    assert facts["stimulant"] is True
    assert "theophylline" not in facts


@pytest.mark.parametrize(
    ("taken", "together"),
    [
        ([medicine("opioid")], None),
        ([medicine("opioid", recent=True)], True),
        ([medicine("opioid"), medicine("zuranolone")], True),
        ([medicine("opioid"), medicine("stimulant"), ("medicine", CLOSED)], False),
    ],
)
def test_sedating_medicines_count_together(taken: list[tuple[str, dict[str, Any]]], together: bool | None) -> None:
    facts = known(*taken)

    assert facts["opioid_or_cns_depressant"] is True
    assert facts.get("cns_depressants_two_or_same_day") is together


@pytest.mark.parametrize(("recent", "blocks"), [(True, True), (False, False)])
def test_ergot_counts_for_24_hours(recent: bool, blocks: bool) -> None:
    assert (
        known(medicine("ergot_bromocriptine", recent=recent), ("medicine", CLOSED))["ergot_bromocriptine_24h"] is blocks
    )


def test_bipolar_disorder_without_a_stabiliser_is_known_once_the_medicines_are() -> None:
    bipolar = ("problem", {"problem": "bipolar", "note": ""})

    assert "bipolar_without_stabiliser" not in known(bipolar)
    assert known(bipolar, ("medicine", CLOSED))["bipolar_without_stabiliser"] is True
    assert known(bipolar, medicine("stabiliser"))["bipolar_without_stabiliser"] is False


@pytest.mark.parametrize(("grams", "cm", "heavy"), [(86_700, 170, True), (86_600, 170, None), (60_000, 170, None)])
def test_body_mass_index_of_30_asks_for_a_decision(grams: int, cm: int, heavy: bool | None) -> None:
    facts = known(("weight", {"weight_g": grams}), ("height", {"height_cm": cm}))

    assert facts.get("osa_or_bmi_30") is heavy


def test_blood_pressure_of_last_month_is_unknown_today() -> None:
    entry = ("blood_pressure", {"sbp": 120, "dbp": 80})

    assert known(entry, days_ago=29)["sbp"] == 120
    assert "sbp" not in known(entry, days_ago=31)


def test_negative_pregnancy_test_counts_for_two_weeks() -> None:
    def test_of(day: str) -> dict[str, Any]:
        return known(("pregnancy_test", {"result": "negative", "test_date": day}))

    assert test_of("2026-11-09")["pregnancy"] is False
    assert "pregnancy" not in test_of("2026-11-08")


def test_positive_pregnancy_test_counts_on() -> None:
    assert known(("pregnancy_test", {"result": "positive", "test_date": "2026-06-01"}))["pregnancy"] is True


def test_indication_without_any_treatment_so_far_is_not_enough() -> None:
    facts = known(("indication", {"diagnosis": "Depression", "severity": "severe"}))

    assert facts["indication_documented"] is True
    assert facts["treatment_history_documented"] is False


def test_newer_statement_counts_whoever_made_it() -> None:
    older = Fact("breastfeeding", True, "health", NOW - timedelta(days=2))
    newer = Fact("breastfeeding", False, "baseline", NOW)

    assert merge([[older], [newer]]).values == {"breastfeeding": False}
    assert merge([[newer], [older]]).values == {"breastfeeding": False}


def test_clinic_counts_over_the_answers_of_the_same_moment() -> None:
    answered, entered = Fact("porphyria", True, "health", NOW), Fact("porphyria", False, "baseline", NOW)

    assert merge([[answered], [entered]]).known["porphyria"].origin == "baseline"


def test_record_never_counts_over_what_somebody_said() -> None:
    said, recorded = Fact("breastfeeding", False, "health", NOW), Fact("breastfeeding", True, "record", None)

    assert merge([[recorded], [said]]).values == {"breastfeeding": False}


def test_question_left_open_is_asked_until_somebody_says_something() -> None:
    said = Fact("current_mania", False, "baseline", NOW)

    assert merge([[said]], ["current_mania", "porphyria"]).to_ask == ("porphyria",)


def test_every_block_and_review_can_be_known() -> None:
    """A rule that no page can answer would hold every decision up."""
    asked = {
        name
        for rule in protocols.rules().values()
        for name in (*rule.when.names, *([rule.until] if rule.until else []))
    }
    stated = known(
        *[("problem", {"problem": one.key, "note": "x"}) for one in lists()["problems"]],
        *[medicine(one.key, recent=True) for one in lists()["medicines"]],
        ("problem", CLOSED),
        ("medicine", CLOSED),
        ("allergy", CLOSED),
        ("weight", {"weight_g": 70_000}),
        ("height", {"height_cm": 170}),
        ("blood_pressure", {"sbp": 120, "dbp": 80}),
        ("pregnancy_test", {"result": "negative", "test_date": "2026-11-20"}),
        ("breastfeeding", {"breastfeeding": True}),
        ("obstetric", {**dict.fromkeys(("hypertensive_disorder", "preeclampsia_this_pregnancy"), False),
                       "preeclampsia_current": False, "clearance": False, "symptoms": []}),
        ("laboratory", {"test": "liver_enzymes", "result": "30", "raised": False, "test_date": "2026-11-01"}),
        *[("clearance", {"clearance": one.key, "note": "x"}) for one in lists()["clearances"]],
    )  # fmt: skip
    from_elsewhere = {
        "asq_acute", "asq_positive_unassessed", "age_years", "weeks_postpartum", "gave_birth",
        "infant_preterm_or_under_8wk_breastfed",
    }  # fmt: skip

    assert asked - set(stated) - from_elsewhere == set()
