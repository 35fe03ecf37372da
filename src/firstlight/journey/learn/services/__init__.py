from firstlight.journey.learn.services.calls import TooOften, ask_for_call, close_call_task, open_call_task, sweep
from firstlight.journey.learn.services.prices import set_price

__all__ = ["TooOften", "ask_for_call", "close_call_task", "open_call_task", "set_price", "sweep"]
