"""Rows of questions with their answers. Written here and not by a template: the record of a year has thousands of them."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from html import escape
from typing import Protocol

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from firstlight.ground.design import icons


class Answered(Protocol):
    """One question with its answer, in words. `question` is empty where its text is not here: its number names it.

    `flagged`: the answer is marked as one to look at. `aside` stands quietly behind the answer; a number is set as one.
    `earlier` are the answers that it replaced, with their times.
    """

    @property
    def number(self) -> int: ...
    @property
    def question(self) -> str: ...
    @property
    def answer(self) -> str: ...
    @property
    def flagged(self) -> bool: ...
    @property
    def aside(self) -> int | str | None: ...
    @property
    def earlier(self) -> Sequence[tuple[str, datetime]]: ...


def answered_rows(rows: Iterable[Answered], moment_of: Callable[[datetime], SafeString]) -> SafeString:
    """Return a list with a row a question. Whatever stands in the words is shown, never read as markup."""
    return SafeString(f'<ul class="rows lines">\n{"".join(_row(row, moment_of) for row in rows)}</ul>')  # nosec B703 - every part went through escape


def _row(row: Answered, moment_of: Callable[[datetime], SafeString]) -> str:
    marked = " line-flagged" if row.flagged else ""
    words = escape(row.answer)
    answer = icons.state("stop", SafeString(words)) if row.flagged else f"<strong>{words}</strong>"  # nosec B703 - it went through escape
    earlier = "".join(_earlier(before, moment_of(at)) for before, at in row.earlier)
    given = f"{answer}{_aside(row.aside)}{earlier}"
    return (
        f'<li class="line{marked}"><span class="line-question">{_question(row)}</span>'
        f' <span class="line-answer">{given}</span></li>\n'
    )


def _question(row: Answered) -> str:
    if not row.question:
        return escape(_("Item %(number)d") % {"number": row.number})
    return f'<span class="soft number">{int(row.number)}</span> {escape(row.question)}'


def _aside(aside: int | str | None) -> str:
    if aside is None:
        return ""
    return f' <span class="soft{" number" if isinstance(aside, int) else ""}">{escape(str(aside))}</span>'


def _earlier(words: str, when: SafeString) -> str:
    said = escape(_("before: %(words)s, %(when)s")) % {"words": escape(words), "when": when}
    return f' <span class="small soft">{said}</span>'
