"""Ready to leave? Each criterion with its value and basis. "Firstlight readiness checklist": ours, no published score."""

from dataclasses import dataclass
from datetime import datetime

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
    sources: tuple[str, ...] = ()


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
    low = sbp < sbp_below and dbp < dbp_below
    holds = _falling(leaving) if low and not leaving.postpartum else low
    return Criterion("pressure", _held(holds), f"{sbp}/{dbp}", wanted, tag)


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
