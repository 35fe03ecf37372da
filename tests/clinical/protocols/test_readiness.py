"""Ready to leave: each criterion at its limit, and "unknown" for what nobody charted."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from firstlight.clinical.protocols.readiness import MET, NOT_MET, UNKNOWN, Leaving, criteria

START = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
NOON = START + timedelta(minutes=120)
READY = Leaving(
    started_at=START,
    ended_at=START + timedelta(minutes=40),
    moaas=5,
    dissociation=1,
    pressures=((138, 84), (124, 78)),
    postpartum=False,
    gait_steady=True,
    oriented=True,
    escort="Jonas Weber",
)


def state(key: str, leaving: Leaving, now: datetime = NOON) -> str:
    return next(criterion.state for criterion in criteria(leaving, now) if criterion.key == key)


def test_everything_met() -> None:
    assert {criterion.key: criterion.state for criterion in criteria(READY, NOON)} == dict.fromkeys(
        ["time", "moaas", "dissociation", "pressure", "gait", "oriented", "escort"], MET
    )


@pytest.mark.parametrize(
    ("key", "changes", "expected"),
    [
        ("moaas", {"moaas": 4}, NOT_MET),
        ("moaas", {"moaas": None}, UNKNOWN),
        ("dissociation", {"dissociation": 2}, NOT_MET),
        ("dissociation", {"dissociation": 0}, MET),
        ("dissociation", {"dissociation": None}, UNKNOWN),
        ("gait", {"gait_steady": False}, NOT_MET),
        ("gait", {"gait_steady": None}, UNKNOWN),
        ("oriented", {"oriented": False}, NOT_MET),
        ("oriented", {"oriented": None}, UNKNOWN),
        ("escort", {"escort": ""}, NOT_MET),
        ("pressure", {"pressures": ()}, UNKNOWN),
        ("pressure", {"pressures": ((165, 90), (159, 90))}, MET),
        ("pressure", {"pressures": ((165, 90), (160, 90))}, NOT_MET),
        ("pressure", {"pressures": ((165, 101), (150, 99))}, MET),
        ("pressure", {"pressures": ((165, 101), (150, 100))}, NOT_MET),
        ("pressure", {"pressures": ((150, 92), (152, 92))}, NOT_MET),
        ("pressure", {"pressures": ((150, 92), (148, 94))}, NOT_MET),
        ("pressure", {"pressures": ((150, 92),)}, UNKNOWN),
        ("pressure", {"pressures": ((150, 92),), "baseline": (140, 90)}, MET),
        ("pressure", {"pressures": ((151, 92),), "baseline": (140, 90)}, UNKNOWN),
        ("pressure", {"pressures": ((118, 76), (124, 78))}, MET),
        ("pressure", {"pressures": ((139, 89),), "postpartum": True}, MET),
        ("pressure", {"pressures": ((140, 89),), "postpartum": True}, NOT_MET),
        ("pressure", {"pressures": ((139, 90),), "postpartum": True}, NOT_MET),
    ],
)
def test_criterion_at_its_limit(key: str, changes: dict[str, Any], expected: str) -> None:
    assert state(key, replace(READY, **changes)) == expected


@pytest.mark.parametrize(("minutes", "expected"), [(119, NOT_MET), (120, MET)])
def test_nobody_leaves_before_two_hours(minutes: int, expected: str) -> None:
    assert state("time", READY, START + timedelta(minutes=minutes)) == expected


def test_criterion_shows_value_and_what_is_wanted() -> None:
    pressure = next(criterion for criterion in criteria(READY, NOON) if criterion.key == "pressure")

    assert (pressure.value, pressure.wanted, pressure.tag) == ("124/78", "<160/100", "ours")
