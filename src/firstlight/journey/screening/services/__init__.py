"""Writes of the question sets."""

from firstlight.journey.screening.services.answering import Concern, Saved, answer, skip, tap
from firstlight.journey.screening.services.assigning import assign, assign_first, take_back
from firstlight.journey.screening.services.choosing import prefer
from firstlight.journey.screening.services.completing import complete, finish_reading
from firstlight.journey.screening.services.correcting import correct_paper, take_back_paper
from firstlight.journey.screening.services.entering import enter_paper
from firstlight.journey.screening.services.holding import hold, withdraw
from firstlight.journey.screening.services.late import tell_late
from firstlight.journey.screening.services.leaving import look_at_left
from firstlight.journey.screening.services.linking import (
    end_links,
    end_links_at_the_end,
    end_links_of_address,
    link_actor,
    link_for,
)
from firstlight.journey.screening.services.reasons import record_not_asked
from firstlight.journey.screening.services.receiving import CannotBeOpened, IdTaken, Receipt, TooMany, receive
from firstlight.journey.screening.services.sending import (
    finish_without_child,
    note_asked,
    send_set,
    take_back_about_child,
    take_back_at_the_end,
    take_back_waiting,
)
from firstlight.journey.screening.services.taking_over import TakenOver, take_over

__all__ = [
    "CannotBeOpened",
    "Concern",
    "IdTaken",
    "Receipt",
    "Saved",
    "TakenOver",
    "TooMany",
    "answer",
    "assign",
    "assign_first",
    "complete",
    "correct_paper",
    "end_links",
    "end_links_at_the_end",
    "end_links_of_address",
    "enter_paper",
    "finish_reading",
    "finish_without_child",
    "hold",
    "link_actor",
    "link_for",
    "look_at_left",
    "note_asked",
    "prefer",
    "receive",
    "record_not_asked",
    "send_set",
    "skip",
    "take_back",
    "take_back_about_child",
    "take_back_at_the_end",
    "take_back_paper",
    "take_back_waiting",
    "take_over",
    "tap",
    "tell_late",
    "withdraw",
]
