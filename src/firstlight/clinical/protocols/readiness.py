"""Ready to leave? Each criterion with its value and basis. "Firstlight readiness checklist": ours, no published score."""

from dataclasses import dataclass
from datetime import datetime

from firstlight.clinical.protocols.session import earliest_leave, figures

MET, NOT_MET, UNKNOWN = "met", "not_met", "unknown"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One condition. `value` is what was charted, `wanted` what the plan asks for."""

    key: str
    state: str
    value: str
    wanted: str
    tag: str


@dataclass(frozen=True, slots=True)
class Leaving:
    """What is known at the door. None means: not charted."""

    started_at: datetime
    ended_at: datetime
    moaas: int | None
    dissociation: int | None
    pressures: tuple[tuple[int, int], ...]
    postpartum: bool
    gait_steady: bool | None
    oriented: bool | None
    escort: str


def _held(holds: bool | None) -> str:
    return UNKNOWN if holds is None else MET if holds else NOT_MET


def criteria(leaving: Leaving, now: datetime) -> tuple[Criterion, ...]:
    """Every criterion, in the order in which a nurse asks. `pressures` are the readings after the end, first to last."""
    rule = figures()["leaving"]
    tag = rule["tag"]
    earliest = earliest_leave(started_at=leaving.started_at, ended_at=leaving.ended_at)
    moaas = None if leaving.moaas is None else leaving.moaas >= rule["moaas"]
    settled = None if leaving.dissociation is None else leaving.dissociation <= rule["dissociation_most"]
    return (
        Criterion("time", _held(now >= earliest), now.isoformat(), earliest.isoformat(), tag),
        Criterion("moaas", _held(moaas), _shown(leaving.moaas), str(rule["moaas"]), tag),
        Criterion("dissociation", _held(settled), _shown(leaving.dissociation), f"0–{rule['dissociation_most']}", tag),
        _pressure(leaving, tag),
        Criterion("gait", _held(leaving.gait_steady), _yes(leaving.gait_steady), "yes", tag),
        Criterion("oriented", _held(leaving.oriented), _yes(leaving.oriented), "yes", tag),
        Criterion("escort", _held(bool(leaving.escort)), leaving.escort, "", tag),
    )


def _pressure(leaving: Leaving, tag: str) -> Criterion:
    rule = figures()["leaving"]
    prefix = "postpartum_" if leaving.postpartum else ""
    sbp_below, dbp_below = rule[f"{prefix}sbp_below"], rule[f"{prefix}dbp_below"]
    wanted = f"<{sbp_below}/{dbp_below}"
    if not leaving.pressures:
        return Criterion("pressure", UNKNOWN, "", wanted, tag)
    sbp, dbp = leaving.pressures[-1]
    holds = sbp < sbp_below and dbp < dbp_below and _not_rising(leaving.pressures)
    return Criterion("pressure", _held(holds), f"{sbp}/{dbp}", wanted, tag)


def _not_rising(pressures: tuple[tuple[int, int], ...]) -> bool:
    """Tell whether the last systolic value is no higher than the highest before it."""
    if len(pressures) < 2:
        return True
    return pressures[-1][0] <= max(sbp for sbp, _ in pressures[:-1])


def _shown(value: int | None) -> str:
    return "" if value is None else str(value)


def _yes(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"
