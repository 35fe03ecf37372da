"""The clinic's pages of a session: the day's board, the live session, and one small form a step."""

from firstlight.journey.dosing.views.asking import amend_right_now, chart_right_now
from firstlight.journey.dosing.views.charting import acknowledge, amend, chart, mark
from firstlight.journey.dosing.views.day import board, open_session
from firstlight.journey.dosing.views.giving import check, discard, prepare, pump, rate
from firstlight.journey.dosing.views.live import live, session
from firstlight.journey.dosing.views.recovering import amend_recovery, score_recovery
from firstlight.journey.dosing.views.staying import cancel, leave, override, second

__all__ = [
    "acknowledge",
    "amend",
    "amend_recovery",
    "amend_right_now",
    "board",
    "cancel",
    "chart",
    "chart_right_now",
    "check",
    "discard",
    "leave",
    "live",
    "mark",
    "open_session",
    "override",
    "prepare",
    "pump",
    "rate",
    "score_recovery",
    "second",
    "session",
]
