"""Writes of the worklist."""

from firstlight.ground.worklist.services.again import join, join_dated, note_on, put_first, raise_again
from firstlight.ground.worklist.services.daily_test import queue_delivery_tests, set_delivery_address
from firstlight.ground.worklist.services.outbox import absolute, send
from firstlight.ground.worklist.services.reactions import send_code, send_invitation, send_start_link
from firstlight.ground.worklist.services.tasks import (
    acknowledge,
    finish,
    hand_over,
    one_at_a_time,
    open_about,
    open_task,
    still_open,
)
from firstlight.ground.worklist.services.ticking import Ticked, tick

__all__ = [
    "Ticked",
    "absolute",
    "acknowledge",
    "finish",
    "hand_over",
    "join",
    "join_dated",
    "note_on",
    "one_at_a_time",
    "open_about",
    "open_task",
    "put_first",
    "queue_delivery_tests",
    "raise_again",
    "send",
    "send_code",
    "send_invitation",
    "send_start_link",
    "set_delivery_address",
    "still_open",
    "tick",
]
