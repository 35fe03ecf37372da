"""Charts: frozen facts in, a titled SVG and the equal table out. No script, no style attribute, no clock."""

from firstlight.ground.design.charts.forecast import forecast_chart
from firstlight.ground.design.charts.forecast_model import (
    Expected,
    FeedLane,
    ForecastChart,
    LevelLane,
    Span,
    WindowLane,
    band_text,
    figure_text,
)
from firstlight.ground.design.charts.model import (
    Answer,
    AnswerRange,
    Chart,
    Dose,
    DoseTimeline,
    Happening,
    HappeningLane,
    Hour,
    Limit,
    ParentLine,
    PeakLane,
    PressureLane,
    PressureRange,
    Pulse,
    ReportLane,
    ScoreLane,
    Table,
    Zero,
)
from firstlight.ground.design.charts.parent import parent_line
from firstlight.ground.design.charts.session import session_trend
from firstlight.ground.design.charts.session_model import Reading, SessionTrend, TrendLane
from firstlight.ground.design.charts.spark import sparkline
from firstlight.ground.design.charts.timeline import dose_timeline

__all__ = [
    "Answer",
    "AnswerRange",
    "Chart",
    "Dose",
    "DoseTimeline",
    "Expected",
    "FeedLane",
    "ForecastChart",
    "Happening",
    "HappeningLane",
    "Hour",
    "LevelLane",
    "Limit",
    "ParentLine",
    "PeakLane",
    "PressureLane",
    "PressureRange",
    "Pulse",
    "Reading",
    "ReportLane",
    "ScoreLane",
    "SessionTrend",
    "Span",
    "Table",
    "TrendLane",
    "WindowLane",
    "Zero",
    "band_text",
    "dose_timeline",
    "figure_text",
    "forecast_chart",
    "parent_line",
    "session_trend",
    "sparkline",
]
