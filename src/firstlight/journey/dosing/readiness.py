"""The readiness checklist of one session: the clinical criteria over what was charted."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from firstlight.clinical.protocols import readiness as protocol
from firstlight.clinical.protocols import vitals
from firstlight.journey.dosing.selectors import Sheet
from firstlight.journey.dosing.words import CRITERIA


@dataclass(frozen=True, slots=True)
class Shown:
    """One criterion as a person reads it."""

    key: str
    title: str
    state: str
    value: str
    wanted: str
    sentence: str


def readiness(
    sheet: Sheet, now: datetime, *, escort_name: str = "", gait_steady: bool | None = None, oriented: bool | None = None
) -> tuple[Shown, ...]:
    """Return every criterion with its value. The session's infusion has ended."""
    session = sheet.session
    if session.started_at is None or session.ended_at is None:
        return ()
    after = [row for row in sheet.standing if row.happened_at >= session.ended_at]
    leaving = protocol.Leaving(
        started_at=session.started_at,
        ended_at=session.ended_at,
        moaas=next((row.moaas for row in reversed(after) if row.moaas is not None), None),
        dissociation=next((row.dissociation for row in reversed(after) if row.dissociation is not None), None),
        pressures=tuple((row.sbp, row.dbp) for row in after if row.sbp is not None and row.dbp is not None),
        postpartum=session.vitals_profile == vitals.POSTPARTUM,
        gait_steady=gait_steady,
        oriented=oriented,
        escort=escort_name,
    )
    zone = ZoneInfo(session.clinic.timezone)
    return tuple(_shown(criterion, zone) for criterion in protocol.criteria(leaving, now))


def _shown(criterion: protocol.Criterion, zone: ZoneInfo) -> Shown:
    value, wanted = criterion.value, criterion.wanted
    if criterion.key == "time":
        value, wanted = "", _("from %(time)s") % {"time": f"{datetime.fromisoformat(wanted).astimezone(zone):%H:%M}"}
    title = str(CRITERIA[criterion.key])
    said = {"met": _("met"), "not_met": _("not met"), "unknown": _("not charted")}[criterion.state]
    return Shown(criterion.key, title, criterion.state, value, wanted, f"{title}: {said}")
