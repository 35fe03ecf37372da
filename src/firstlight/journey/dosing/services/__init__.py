"""What can be done in a session: one keyword-only function a step."""

from firstlight.journey.dosing.services.asking import amend_right_now, chart_right_now
from firstlight.journey.dosing.services.calling_off import call_off_rest, keep_while_in_the_chair
from firstlight.journey.dosing.services.charting import amend, chart, mark
from firstlight.journey.dosing.services.infusing import (
    change_rate,
    end_infusion,
    pause_infusion,
    resume_infusion,
    start_infusion,
)
from firstlight.journey.dosing.services.leaving import cancel, leave
from firstlight.journey.dosing.services.noticing import acknowledge_notice
from firstlight.journey.dosing.services.opening import join, open_session, override_gate
from firstlight.journey.dosing.services.preparing import discard_syringe, prepare, second_check
from firstlight.journey.dosing.services.recovering import amend_recovery, score_recovery
from firstlight.journey.dosing.services.telling import clear_the_chair, tell_the_chair
from firstlight.journey.dosing.services.writing import Contradicts

__all__ = [
    "Contradicts",
    "acknowledge_notice",
    "amend",
    "amend_recovery",
    "amend_right_now",
    "call_off_rest",
    "cancel",
    "change_rate",
    "chart",
    "chart_right_now",
    "clear_the_chair",
    "discard_syringe",
    "end_infusion",
    "join",
    "keep_while_in_the_chair",
    "leave",
    "mark",
    "open_session",
    "override_gate",
    "pause_infusion",
    "prepare",
    "resume_infusion",
    "score_recovery",
    "second_check",
    "start_infusion",
    "tell_the_chair",
]
