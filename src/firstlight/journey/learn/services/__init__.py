from firstlight.journey.learn.services.calls import TooOften, ask_for_call, close_call_task, open_call_task, sweep
from firstlight.journey.learn.services.prices import set_price
from firstlight.journey.learn.services.reporting import note_reporting_seen, refuse_unchecked_words, review_reporting

__all__ = [
    "TooOften",
    "ask_for_call",
    "close_call_task",
    "note_reporting_seen",
    "open_call_task",
    "refuse_unchecked_words",
    "review_reporting",
    "set_price",
    "sweep",
]
