"""Orders, series and dosing days."""

from firstlight.journey.planning.services.days import release, set_day_plan
from firstlight.journey.planning.services.orders import compute, sign_order, stop_order
from firstlight.journey.planning.services.series import Proposal, book_series, propose_series

__all__ = [
    "Proposal",
    "book_series",
    "compute",
    "propose_series",
    "release",
    "set_day_plan",
    "sign_order",
    "stop_order",
]
