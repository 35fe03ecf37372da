"""The one error of this package: it names the field, what was given, and what would be right."""


class QuantityError(ValueError):
    """A value that is no possible amount. `code` is stable, so that a caller can translate the sentence."""

    def __init__(self, *, field: str, value: object, expected: str, code: str = "not_possible") -> None:
        self.field = field
        self.value = value
        self.expected = expected
        self.code = code
        super().__init__(f"{field}: {shown(value)} cannot be used; {expected}.")


def shown(value: object) -> str:
    """The value as an error may repeat it: short, whatever was pasted."""
    words = repr(value)
    return words if len(words) <= 40 else words[:37] + "…"
