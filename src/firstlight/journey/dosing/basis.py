"""What a limit rests on, in words for the person who reads it."""

from collections.abc import Sequence

from django.utils.translation import get_language

from firstlight.clinical.evidence import Tag, sources, text


def basis(tag: str, keys: Sequence[str] = ()) -> str:
    """Return how far a figure was checked, and the titles of its sources. Raises KeyError for a source nobody entered."""
    meaning = text(Tag(tag).meaning, get_language() or "en")
    return ". ".join([meaning, *(sources()[key].title for key in keys)])
