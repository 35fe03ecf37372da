"""Reading a page as a person does: its heading, its one main action, its words."""

import re
from html import unescape


def words_of(html: str) -> str:
    """Return a page's text, in one line."""
    plain = re.sub(r"</?time[^>]*>", "", re.sub(r'<a href="tel:[^"]*">(.*?)</a>', r"\1", html))
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", plain).split()))


def heading(html: str) -> str:
    """Return the page's heading."""
    found = re.search(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL)
    assert found is not None
    return words_of(found.group(1))


def main_action(html: str) -> tuple[str, str] | None:
    """Return address and words of the one lit thing; None where there is none."""
    found = re.findall(r'<a class="button main" href="([^"]+)">(.*?)</a>', html, re.DOTALL)
    assert len(found) <= 1
    return (found[0][0], words_of(found[0][1])) if found else None
