"""Charts: frozen facts in, a titled SVG and the equal table out. No script, no style attribute, no clock."""

from firstlight.ground.design.charts.model import (
    Answer,
    Chart,
    Dose,
    DoseTimeline,
    Hour,
    Limit,
    ParentLine,
    PeakLane,
    PressureLane,
    PressureRange,
    Reading,
    ReportLane,
    ScoreLane,
    SessionTrend,
    Table,
    TrendLane,
)
from firstlight.ground.design.charts.parent import parent_line
from firstlight.ground.design.charts.session import session_trend
from firstlight.ground.design.charts.spark import sparkline
from firstlight.ground.design.charts.timeline import dose_timeline

__all__ = [
    "Answer",
    "Chart",
    "Dose",
    "DoseTimeline",
    "Hour",
    "Limit",
    "ParentLine",
    "PeakLane",
    "PressureLane",
    "PressureRange",
    "Reading",
    "ReportLane",
    "ScoreLane",
    "SessionTrend",
    "Table",
    "TrendLane",
    "dose_timeline",
    "parent_line",
    "session_trend",
    "sparkline",
]
