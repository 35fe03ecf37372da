"""A rule that says no, in words for the person who asked."""

from typing import Any

from django.forms import BaseForm


class Refused(Exception):
    """A write that was not done. Names the field, the value given and what would be right; nothing was written."""

    def __init__(self, message: str, *, field: str = "", value: object = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.value = value

    def onto(self, form: BaseForm) -> Any:
        """Put the refusal beside its field, or above the form when the form has no such field."""
        form.add_error(self.field if self.field in form.fields else None, self.message)
        return form


class CareEnded(Refused):
    """A write that only makes sense while care goes on, of somebody whose care has ended."""
