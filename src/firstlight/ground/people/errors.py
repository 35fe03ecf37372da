"""A rule that says no, in words for the person who asked."""


class Refused(Exception):
    """A write that was not done. Names the field, the value given and what would be right; nothing was written."""

    def __init__(self, message: str, *, field: str = "", value: object = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.value = value
