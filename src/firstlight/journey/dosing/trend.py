"""The session's charted values as a chart."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from firstlight.clinical.protocols import vitals
from firstlight.ground.design.charts.model import Chart, Limit, Reading, SessionTrend, TrendLane
from firstlight.ground.design.charts.session import session_trend
from firstlight.journey.dosing.selectors import Sheet


def trend_of(sheet: Sheet, now: datetime) -> Chart | None:
    """Return the chart of pressure, pulse and saturation; None while nothing is charted."""
    if not sheet.standing:
        return None
    session = sheet.session
    levels = {(notice.observation_id, notice.kind): notice.level for notice in sheet.notices}
    lanes = (
        _lane(sheet, levels, _("Blood pressure"), "mmHg", "sbp", "dbp"),
        _lane(sheet, levels, _("Heart rate"), _("beats/min"), "hr"),
        _lane(sheet, levels, "SpO2", "%", "spo2"),
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


def _lane(
    sheet: Sheet, levels: dict[tuple[UUID | None, str], str], name: str, unit: str, kind: str, second: str = ""
) -> TrendLane:
    readings = tuple(
        Reading(
            row.happened_at,
            getattr(row, kind),
            getattr(row, second) if second else None,
            levels.get((row.id, kind)) or levels.get((row.id, second), ""),
        )
        for row in sheet.standing
        if getattr(row, kind) is not None
    )
    edges = [vitals.limits(kind).get(edge) for edge in ("warn_hi", "warn_lo")]
    return TrendLane(name, unit, readings, tuple(Limit(edge, _("notice")) for edge in edges if edge))
