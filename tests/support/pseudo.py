"""A language that nobody speaks: every translated text stands in ⟦brackets⟧, so that what was not marked shows."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any
from unittest.mock import patch

from django.utils import translation

MARKED = re.compile(r"⟦[^⟦⟧]*⟧")
SAID = ("aria-label", "title", "alt", "placeholder", "data-saving")
SILENT = {"script", "style", "head"}
# Never translated: the product's name and the names of instruments and units.
NAMES = re.compile(r"Firstlight|PHQ-9|GAD-7|ASQ|mmHg|\bmg\b|\bkg\b|\bmL\b|\bmcg\b")


@contextmanager
def pseudo_locale() -> Iterator[None]:
    """Put every translated text into brackets while the block runs."""

    def bracketed(message: str) -> str:
        return f"⟦{message}⟧"

    backend: Any = translation._trans  # type: ignore[attr-defined]  # what gettext asks, lazily too
    with (
        patch.object(backend, "gettext", bracketed, create=True),
        patch.object(backend, "pgettext", lambda _context, message: bracketed(message), create=True),
        patch.object(
            backend, "ngettext", lambda one, many, number: bracketed(one if number == 1 else many), create=True
        ),
        patch.object(
            backend,
            "npgettext",
            lambda _context, one, many, number: bracketed(one if number == 1 else many),
            create=True,
        ),
    ):
        yield


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        self.found += [value for name, value in attrs if name in SAID and value]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found.append(data)


def bare_words(html: str, *, data: tuple[str, ...] = ()) -> list[str]:
    """Return every text of a page made under `pseudo_locale` that is neither marked nor one of the `data` values."""
    reader = _Words()
    reader.feed(html)
    left = "\x00".join(reader.found)
    while MARKED.search(left):  # a marked text may hold markup, and other marked texts
        left = MARKED.sub("", left)
    for known in data:
        left = left.replace(known, "")
    return [text.strip() for text in left.split("\x00") if re.search(r"[^\W\d_]{2,}", NAMES.sub("", text))]
