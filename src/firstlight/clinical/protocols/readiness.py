"""Ready to leave? Each criterion with its value and basis. "Firstlight readiness checklist": ours, no published score."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from firstlight.clinical.protocols.session import day_pressure, earliest_leave, figures

MET, NOT_MET, UNKNOWN = "met", "not_met", "unknown"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One condition. `value` is what was charted, `wanted` what the plan asks for."""

    key: str
    state: str
    value: str
    wanted: str
    tag: str
    sources: tuple[str, ...]


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
    baseline: tuple[int, int] | None = None


def criteria(leaving: Leaving, now: datetime) -> tuple[Criterion, ...]:
    """Every criterion, in the order in which a nurse asks. `pressures` are the readings after the end, first to last."""
    rule, staying = figures()["leaving"], figures()["staying"]
    earliest = earliest_leave(started_at=leaving.started_at, ended_at=leaving.ended_at)
    alert = None if leaving.moaas is None else leaving.moaas >= rule["moaas"]
    settled = None if leaving.dissociation is None else leaving.dissociation <= rule["dissociation_most"]
    return (
        _criterion("time", now >= earliest, now.isoformat(), earliest.isoformat(), staying),
        _criterion("moaas", alert, _shown(leaving.moaas), str(rule["moaas"]), rule),
        _criterion("dissociation", settled, _shown(leaving.dissociation), f"0–{rule['dissociation_most']}", rule),
        _pressure(leaving, rule),
        _criterion("gait", leaving.gait_steady, _yes(leaving.gait_steady), "yes", rule),
        _criterion("oriented", leaving.oriented, _yes(leaving.oriented), "yes", rule),
        _criterion("escort", bool(leaving.escort), leaving.escort, "", rule),
    )


def _criterion(key: str, holds: bool | None, value: str, wanted: str, basis: Mapping[str, Any]) -> Criterion:
    state = UNKNOWN if holds is None else MET if holds else NOT_MET
    return Criterion(key, state, value, wanted, basis["tag"], tuple(basis["sources"]))


def _pressure(leaving: Leaving, rule: Mapping[str, Any]) -> Criterion:
    prefix = "postpartum_" if leaving.postpartum else ""
    sbp_below, dbp_below = rule[f"{prefix}sbp_below"], rule[f"{prefix}dbp_below"]
    wanted = f"<{sbp_below}/{dbp_below}"
    if not leaving.pressures:
        return _criterion("pressure", None, "", wanted, rule)
    sbp, dbp = leaving.pressures[-1]
    low = sbp < sbp_below and dbp < dbp_below
    holds = _falling(leaving) if low and not leaving.postpartum else low
    return _criterion("pressure", holds, f"{sbp}/{dbp}", wanted, rule)


def _falling(leaving: Leaving) -> bool | None:
    """A raised pressure must be lower than it was since the end, unless it is near the value before the dose.

    Raised: what the rules of the day want weighed up (above 140/90); below that there is nothing to fall. One raised
    reading alone cannot tell.
    """
    sbp, dbp = leaving.pressures[-1]
    near = figures()["leaving"]["near_baseline_mmhg"]
    if day_pressure(sbp, dbp).state == "fine":
        return True
    if leaving.baseline and sbp <= leaving.baseline[0] + near and dbp <= leaving.baseline[1] + near:
        return True
    earlier = leaving.pressures[:-1]
    if not earlier:
        return None
    return sbp < max(before for before, _ in earlier) and dbp <= max(before for _, before in earlier)


def _shown(value: int | None) -> str:
    return "" if value is None else str(value)


def _yes(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"
