"""The session's charted values as a chart."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from firstlight.clinical.protocols import vitals
from firstlight.ground.design.charts.model import Chart, Limit
from firstlight.ground.design.charts.session import session_trend
from firstlight.ground.design.charts.session_model import Reading, SessionTrend, TrendLane
from firstlight.journey.dosing.findings import findings_in
from firstlight.journey.dosing.selectors import Sheet


def trend_of(sheet: Sheet, now: datetime) -> Chart | None:
    """Return the chart of pressure, pulse and saturation; None while nothing is charted."""
    if not sheet.standing:
        return None
    session = sheet.session
    lanes = (
        _lane(sheet, _("Blood pressure"), "mmHg", "sbp", "dbp"),
        _lane(sheet, _("Heart rate"), _("beats/min"), "hr"),
        _lane(sheet, "SpO2", "%", "spo2"),
    )
    return session_trend(
        SessionTrend(
            title=_("Charted since the session was opened"),
            subtitle=_("Dotted: where a notice begins."),
            opened_at=session.opened_at,
            now=session.left_at or now,
            zone=ZoneInfo(session.clinic.timezone),
            lanes=tuple(lane for lane in lanes if lane.readings),
            started_at=session.started_at,
            ended_at=session.ended_at,
        )
    )


def _lane(sheet: Sheet, name: str, unit: str, kind: str, second: str = "") -> TrendLane:
    readings = []
    for row in sheet.standing:
        if getattr(row, kind) is None:
            continue
        levels = {finding.kind: finding.level for finding in findings_in(sheet, row)}
        level = max((levels[one] for one in (kind, second) if one in levels), key=vitals.LEVELS.index, default="")
        readings.append(Reading(row.happened_at, getattr(row, kind), getattr(row, second) if second else None, level))
    edges = [vitals.limits(kind).get(edge) for edge in ("warn_hi", "warn_lo")]
    return TrendLane(name, unit, tuple(readings), tuple(Limit(edge, _("notice")) for edge in edges if edge))
