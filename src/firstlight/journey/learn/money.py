"""Amounts of money: whole cents, read from what people type and shown as they write it."""

import re

# Symbols stand before the amount; currencies without one of their own stand behind it.
CURRENCIES = {"USD": "$", "EUR": "€", "GBP": "£", "CAD": "CAD ", "AUD": "AUD "}
DEAREST_CENTS = 2_000_000
AMOUNT = re.compile(r"(?P<whole>[0-9]{1,3}(,[0-9]{3})+|[0-9]{1,7})(\.(?P<cents>[0-9]{2}))?")


def money(cents: int, currency: str) -> str:
    """Return an amount as in $450, $37.50 or $1,200."""
    whole, rest = divmod(cents, 100)
    return f"{CURRENCIES[currency]}{whole:,}" + (f".{rest:02}" if rest else "")


def read_cents(text: str) -> int:
    """Return the cents of an amount as typed: 450, 37.50, 1,200 or $450. Anything else raises ValueError."""
    found = AMOUNT.fullmatch(text.strip().lstrip("$€£").strip())
    if found is None:
        raise ValueError(f"{text[:20]!r} is no amount")
    return int(found["whole"].replace(",", "")) * 100 + int(found["cents"] or 0)
