"""A tap as a form without script, or htmx, sends it."""

from firstlight.ground.people.requests import ClinicRequest

MOST_DIGITS = 3


def tapped(request: ClinicRequest) -> tuple[str, int | None]:
    """Return the item that was answered and its value; None: it was passed over."""
    value = None if "pass" in request.POST else _value(request.POST.get("value", ""))
    return request.POST.get("item", ""), value


def _value(typed: str) -> int:
    """Return a typed value. What is no number is -1, which is no answer of any question."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= MOST_DIGITS else -1
