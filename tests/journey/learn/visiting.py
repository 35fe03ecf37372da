"""What the stories of the front door share: its addresses, and a page as its reader meets it."""

import re
from html.parser import HTMLParser

from django.test import Client

READ = (
    "/",
    "/learn/ketamine/",
    "/learn/parents/",
    "/learn/session/",
    "/learn/risks/",
    "/learn/cannot/",
    "/learn/signs/",
    "/learn/reporting/",
    "/learn/people/",
    "/learn/price/",
    "/learn/sources/",
)
ASK = ("/call/", "/call/thanks/")
BLOCKS = {"p", "li", "h1", "h2", "h3", "dt", "dd", "label", "legend", "figcaption", "text", "span", "summary"}
VOID = {"meta", "link", "input", "br", "line", "path", "circle", "use", "rect"}
UNREAD = {"basis", "source", "source-row", "person", "price-amount", "action-bar", "parent-top", "parent-foot"}


class Reader(HTMLParser):
    """Collects what a page says to its reader: whole blocks; sources, names and figures of others left out."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self.open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        classes = set((dict(attrs).get("class") or "").split())
        silent = tag in {"head", "script", "style", "svg", "form"} and "signs" not in classes
        self.open.append((tag, silent or bool(classes & UNREAD)))
        if tag in BLOCKS:
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        while self.open and self.open.pop()[0] != tag:
            pass
        if tag in BLOCKS:
            self.blocks.append("")

    def handle_data(self, data: str) -> None:
        if not any(silent for _tag, silent in self.open) and self.blocks:
            self.blocks[-1] += data


def said_on(html: str) -> list[str]:
    """Return what a page says, block by block. Labels and headings of one to three words would only flatter it."""
    reader = Reader()
    reader.feed(html)
    blocks = [" ".join(block.split()) for block in reader.blocks]
    return [block if block[-1] in ".?:" else f"{block}." for block in blocks if len(block.split()) > 3]


def page(address: str) -> str:
    """Open a page as a stranger."""
    answer = Client().get(address)
    assert answer.status_code == 200, address
    html: str = answer.content.decode()
    return html


def once_of(html: str) -> str:
    """Return the key of the page's form."""
    return str(re.findall(r'name="once" value="([^"]+)"', html)[0])
