"""Charted values at each limit. Expected levels are read off the project's clinical rules by hand."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstlight.clinical.evidence import sources
from firstlight.clinical.protocols import vitals
from firstlight.clinical.quantities import POSSIBLE, QuantityError, Reading

AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
DEFAULT, POSTPARTUM = vitals.DEFAULT, vitals.POSTPARTUM


def level(kind: str, value: int, *, profile: str = DEFAULT, before: tuple[tuple[int, int], ...] = ()) -> str | None:
    """The level of one value; `before` holds (minutes ago, value), oldest first."""
    previous = [Reading(kind, earlier, AT - timedelta(minutes=minutes)) for minutes, earlier in before]
    finding = vitals.check(profile, Reading(kind, value, AT), previous)
    return finding.level if finding else None


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("sbp", 160, None),
        ("sbp", 161, "warn"),
        ("sbp", 180, "warn"),
        ("sbp", 181, "warn"),
        ("sbp", 200, "warn"),
        ("sbp", 201, "act"),
        ("sbp", 90, None),
        ("sbp", 89, "act"),
        ("dbp", 100, None),
        ("dbp", 101, "warn"),
        ("dbp", 111, "warn"),
        ("dbp", 120, "warn"),
        ("dbp", 121, "act"),
        ("hr", 110, None),
        ("hr", 111, "warn"),
        ("hr", 121, "warn"),
        ("hr", 140, "warn"),
        ("hr", 141, "act"),
        ("hr", 50, None),
        ("hr", 49, "warn"),
        ("hr", 40, "warn"),
        ("hr", 39, "act"),
        ("spo2", 95, None),
        ("spo2", 94, "warn"),
        ("spo2", 92, "warn"),
        ("spo2", 91, "act"),
        ("rr", 24, None),
        ("rr", 25, "warn"),
        ("rr", 30, "warn"),
        ("rr", 31, "act"),
        ("rr", 12, None),
        ("rr", 11, "warn"),
        ("rr", 10, "warn"),
        ("rr", 9, "act"),
        ("moaas", 4, None),
        ("moaas", 3, "warn"),
        ("moaas", 2, "act"),
        ("moaas", 1, "emergency"),
        ("moaas", 0, "emergency"),
        ("dissociation", 10, None),
        ("nausea", 10, None),
    ],
)
def test_single_value_at_its_limit(kind: str, value: int, expected: str | None) -> None:
    assert level(kind, value) == expected


@pytest.mark.parametrize(
    ("kind", "value", "before", "expected"),
    [
        ("sbp", 181, ((5, 181),), "act"),
        ("sbp", 181, ((4, 181),), "warn"),
        ("sbp", 181, ((5, 180),), "warn"),
        ("sbp", 181, ((10, 185), (5, 150)), "warn"),
        ("sbp", 181, ((6, 185), (3, 185)), "act"),
        ("dbp", 111, ((5, 111),), "act"),
        ("dbp", 111, ((5, 110),), "warn"),
        ("hr", 121, ((5, 121),), "act"),
        ("hr", 121, ((5, 120),), "warn"),
        ("hr", 121, ((10, 130), (5, 118), (2, 125)), "warn"),
    ],
)
def test_value_is_confirmed_by_readings_without_a_break(
    kind: str, value: int, before: tuple[tuple[int, int], ...], expected: str
) -> None:
    assert level(kind, value, before=before) == expected


@pytest.mark.parametrize("kind", ["sbp", "dbp", "hr"])
def test_value_that_waits_for_its_confirmation_is_due_again_in_five_minutes(kind: str) -> None:
    value = {"sbp": 185, "dbp": 115, "hr": 125}[kind]
    finding = vitals.check(DEFAULT, Reading(kind, value, AT))

    assert finding is not None
    assert (finding.rule, finding.recheck_minutes) == ("unconfirmed", 5)


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("sbp", 159, None),
        ("sbp", 160, "act"),
        ("sbp", 90, None),
        ("sbp", 89, "act"),
        ("dbp", 100, None),
        ("dbp", 101, "act"),
        ("dbp", 110, "act"),
        ("hr", 120, "warn"),
        ("hr", 121, "act"),
        ("hr", 50, None),
        ("hr", 49, "act"),
        ("rr", 30, "warn"),
        ("rr", 31, "act"),
        ("rr", 10, "warn"),
        ("rr", 9, "act"),
        ("spo2", 95, None),
        ("spo2", 94, "act"),
        ("moaas", 3, "warn"),
    ],
)
def test_single_value_within_six_weeks_of_a_birth(kind: str, value: int, expected: str | None) -> None:
    assert level(kind, value, profile=POSTPARTUM) == expected


@pytest.mark.parametrize(
    ("kind", "value", "before", "expected"),
    [
        ("sbp", 160, ((15, 160),), "emergency"),
        ("sbp", 160, ((14, 160),), "act"),
        ("sbp", 160, ((15, 159),), "act"),
        ("sbp", 165, ((20, 170), (10, 150)), "act"),
        ("dbp", 110, ((15, 110),), "emergency"),
        ("dbp", 110, ((15, 109),), "act"),
    ],
)
def test_severe_pressure_after_a_birth_is_an_emergency_when_it_lasts(
    kind: str, value: int, before: tuple[tuple[int, int], ...], expected: str
) -> None:
    assert level(kind, value, profile=POSTPARTUM, before=before) == expected


def test_severe_pressure_after_a_birth_is_never_called_expected() -> None:
    finding = vitals.check(POSTPARTUM, Reading("sbp", 201, AT))

    assert finding is not None
    assert (finding.rule, finding.recheck_minutes, finding.sources) == ("severe", 5, ("RWJB", "ACOG-CO-767"))
    assert finding.steps() == (
        "Pause the infusion.",
        "Call the prescriber to the room.",
        "Read it again after 5 min and after 15 min.",
        "Ask for headache, changed vision, chest pain, breathlessness.",
    )


@pytest.mark.parametrize("symptom", ["headache", "vision_change", "chest_pain", "focal_deficit"])
def test_symptom_with_a_raised_pressure_is_an_emergency(symptom: str) -> None:
    finding = vitals.symptom_finding(symptom, {"sbp": 141, "dbp": 80})

    assert finding is not None
    assert finding.level == "emergency"
    assert vitals.symptom_finding(symptom, {"sbp": 140, "dbp": 90}) is None


def test_nausea_is_no_warning_symptom() -> None:
    assert vitals.symptom_finding("nausea", {"sbp": 190, "dbp": 110}) is None


def test_set_of_values_gives_the_gravest_finding_of_each_kind() -> None:
    found = vitals.findings(DEFAULT, {"sbp": 205, "dbp": 105, "spo2": 97, "moaas": 1}, [], AT)

    assert {finding.kind: finding.level for finding in found} == {"sbp": "act", "dbp": "warn", "moaas": "emergency"}


def test_later_readings_confirm_nothing() -> None:
    history = [(AT + timedelta(minutes=5), {"sbp": 190})]

    assert [finding.level for finding in vitals.findings(DEFAULT, {"sbp": 190}, history, AT)] == ["warn"]


def test_unknown_profile_or_kind_or_value_is_refused() -> None:
    with pytest.raises(KeyError):
        vitals.findings("pregnant", {"sbp": 120}, [], AT)
    with pytest.raises(QuantityError, match="readings are"):
        vitals.findings(DEFAULT, {"heart_rate": 80}, [], AT)
    with pytest.raises(QuantityError, match="sbp"):
        vitals.findings(DEFAULT, {"sbp": 1200}, [], AT)


KINDS = [kind for kind in POSSIBLE if kind not in {"dissociation", "nausea"}]


@given(st.sampled_from(KINDS), st.data())
def test_postpartum_profile_is_never_milder(kind: str, data: st.DataObject) -> None:
    low, high, _ = POSSIBLE[kind]
    value = data.draw(st.integers(low, high))
    grades = [None, *vitals.LEVELS]

    assert grades.index(level(kind, value, profile=POSTPARTUM)) >= grades.index(level(kind, value))


@given(st.sampled_from(vitals.PROFILES), st.sampled_from(KINDS), st.data())
def test_every_finding_shows_rule_source_and_steps(profile: str, kind: str, data: st.DataObject) -> None:
    low, high, _ = POSSIBLE[kind]
    finding = vitals.check(profile, Reading(kind, data.draw(st.integers(low, high)), AT))

    if finding is not None:
        assert finding.sentence()
        assert "{" not in finding.sentence()
        assert set(finding.sources) <= set(sources())
        assert bool(finding.sources) == (finding.tag != "ours")
        assert len(finding.steps()) >= 2
