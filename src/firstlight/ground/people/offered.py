"""A choice among records. One that was not offered is refused beside its field, and the audit notes the refusal."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django import forms

_not_offered: ContextVar[list[object] | None] = ContextVar("not_offered", default=None)


class RecordField(forms.ChoiceField):
    """One of the records that the form offers by their ids."""

    def validate(self, value: str) -> None:
        """Refuse what was not offered, as any list of choices does, and say so to whoever looks."""
        if not self.valid_value(value):
            refuse(value)
        super().validate(value)


def refuse(value: object) -> None:
    """Say that a record was asked for by an id that was not offered."""
    found = _not_offered.get()
    if found is not None and value:
        found.append(value)


@contextmanager
def looking() -> Iterator[list[object]]:
    """Give a list that fills, while the block runs, with what was asked for and not offered."""
    found: list[object] = []
    token = _not_offered.set(found)
    try:
        yield found
    finally:
        _not_offered.reset(token)
