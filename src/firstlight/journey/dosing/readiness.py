"""The readiness checklist of one session: the clinical criteria over what was charted."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from firstlight.clinical.protocols import readiness as protocol
from firstlight.clinical.protocols import vitals
from firstlight.ground.design.clocks import time_text
from firstlight.journey.dosing.basis import basis
from firstlight.journey.dosing.models import Observation
from firstlight.journey.dosing.selectors import Sheet
from firstlight.journey.dosing.words import CRITERIA

MET, UNKNOWN = protocol.MET, protocol.UNKNOWN
AT_THE_DOOR = ("gait", "oriented", "escort")


@dataclass(frozen=True, slots=True)
class Shown:
    """One criterion as a person reads it. `asked`: it is answered at the door, in the form below."""

    key: str
    title: str
    state: str
    value: str
    wanted: str
    charted: str
    basis: str
    asked: bool

    @property
    def sentence(self) -> str:
        """Return title and state in words."""
        said = {"met": _("met"), "not_met": _("not met"), "unknown": _("not charted")}[self.state]
        return f"{self.title}: {said}"


def readiness(
    sheet: Sheet, now: datetime, *, escort_name: str = "", gait_steady: bool | None = None, oriented: bool | None = None
) -> tuple[Shown, ...]:
    """Return every criterion with its value. Nothing before the infusion has ended."""
    session = sheet.session
    if session.started_at is None or session.ended_at is None:
        return ()
    after = [row for row in sheet.standing if row.happened_at >= session.ended_at]
    before = [row for row in sheet.standing if row.happened_at <= session.started_at and row.sbp is not None]
    leaving = protocol.Leaving(
        started_at=session.started_at,
        ended_at=session.ended_at,
        moaas=_last(after, "moaas"),
        dissociation=_last(after, "dissociation"),
        pressures=tuple(pressure for row in after if (pressure := _pressure(row))),
        postpartum=session.vitals_profile == vitals.POSTPARTUM,
        gait_steady=gait_steady,
        oriented=oriented,
        escort=escort_name,
        baseline=_pressure(before[-1]) if before else None,
    )
    zone = ZoneInfo(session.clinic.timezone)
    return tuple(_shown(criterion, after, now, zone) for criterion in protocol.criteria(leaving, now))


def _last(rows: list[Observation], kind: str) -> int | None:
    values = [value for row in rows if (value := getattr(row, kind)) is not None]
    return values[-1] if values else None


def _pressure(row: Observation) -> tuple[int, int] | None:
    return (row.sbp, row.dbp) if row.sbp is not None and row.dbp is not None else None


def _shown(criterion: protocol.Criterion, after: list[Observation], now: datetime, zone: ZoneInfo) -> Shown:
    value, wanted = criterion.value, criterion.wanted
    if criterion.key == "time":
        value = time_text(now, zone)
        wanted = _("from %(time)s") % {"time": time_text(datetime.fromisoformat(wanted), zone)}
    elif criterion.key == "pressure":
        value, wanted = _with_unit(value), _("below %(limit)s, and not rising") % {"limit": _with_unit(wanted[1:])}
    return Shown(
        key=criterion.key,
        title=str(CRITERIA[criterion.key]),
        state=criterion.state,
        value=_said(value),
        wanted=_said(wanted),
        charted=_charted_at(criterion.key, after, zone),
        basis=basis(criterion.tag, criterion.sources),
        asked=criterion.key in AT_THE_DOOR,
    )


def _with_unit(pressure: str) -> str:
    return f"{pressure} mmHg" if pressure else ""


def _said(value: str) -> str:
    return {"yes": _("yes"), "no": _("no")}.get(value, value)


def _charted_at(key: str, after: list[Observation], zone: ZoneInfo) -> str:
    kind = {"pressure": "sbp"}.get(key, key)
    if kind not in Observation.KINDS:
        return ""
    found = [row.happened_at for row in after if getattr(row, kind) is not None]
    return time_text(found[-1], zone) if found else ""
