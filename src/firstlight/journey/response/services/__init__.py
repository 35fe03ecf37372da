"""Writes of the response: check-ins arranged, opened and told of; a parent's own hours; what her answers mean."""

from firstlight.journey.response.services.arranging import (
    arrange_before,
    arrange_check_ins,
    end_about_child,
    end_check_ins,
)
from firstlight.journey.response.services.asking import open_check_ins, remind, remind_due
from firstlight.journey.response.services.choosing import allow_messages, choose_hours, stop_messages
from firstlight.journey.response.services.following import follow, follow_again, follow_courses, note_answered
from firstlight.journey.response.services.judging import choose_reliable_change
from firstlight.journey.response.services.reasons import ask_after_all, note_not_asked
from firstlight.journey.response.services.stopping import wish_after_stop
from firstlight.journey.response.services.telling import MESSAGE, note_sent, tell_of_sent

__all__ = [
    "MESSAGE",
    "allow_messages",
    "arrange_before",
    "arrange_check_ins",
    "ask_after_all",
    "choose_hours",
    "choose_reliable_change",
    "end_about_child",
    "end_check_ins",
    "follow",
    "follow_again",
    "follow_courses",
    "note_answered",
    "note_not_asked",
    "note_sent",
    "open_check_ins",
    "remind",
    "remind_due",
    "stop_messages",
    "tell_of_sent",
    "wish_after_stop",
]
