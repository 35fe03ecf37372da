"""Walking the site from page to page, as somebody, and reading what stands on each page."""

import gzip
import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve

from tests.support.served import loaded_by, sent, weight_of

# Addresses that end something, or that belong to the server and not to a person.
NOT_WALKED = re.compile(r"^/(static|demo)/|/(leave|sign-out|everywhere)/$")
# Not the page's own: what frames a transaction, and what the process does once in half a minute whichever page is asked
# for: the note that somebody is still there, and the keys that it opens together (a key looked up singly counts).
FRAME = re.compile(
    r"(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)\b|UPDATE \"django_session\""
    r"|SELECT \"vault_personkey\".* ORDER BY \"vault_personkey\"\.\"made_at\" DESC LIMIT ",
    re.DOTALL,
)
SILENT = {"script", "style", "head", "template"}
FIELDS = {"input", "textarea", "select", "button"}


@dataclass(slots=True)
class Form:
    """One form of a page: where it goes, and what it would send untouched."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Page:
    """What came back for one address."""

    who: str
    address: str
    route: str
    status: int
    headers: dict[str, str]
    html: str
    bytes_sent: int
    queries: int
    cookies: tuple[str, ...]
    reader: "Reader"

    @property
    def realm(self) -> str:
        """Return `me`, `clinic` or, for the public pages, an empty text."""
        first = self.address.split("/")[1]
        return first if first in {"me", "clinic"} else ""

    @property
    def weight(self) -> int:
        """Return the bytes of the page and of what it loads, as a phone gets them the first time."""
        return self.bytes_sent + sum(weight_of(path) for path in loaded_by(self.html))

    def __str__(self) -> str:
        return f"{self.who} {self.address} ({self.route})"


class Reader(HTMLParser):
    """Reads a page: its links, forms, texts, title and headings."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.texts: list[str] = []
        self.forms: list[Form] = []
        self.headings: Counter[str] = Counter()
        self.title = ""
        self._silent = 0
        self._inside = ""
        self._select = ""
        self._area = ""
        self.feed(html)

    @property
    def text(self) -> str:
        """Return what can be read on the page."""
        return re.sub(r"\s+", " ", "".join(self.texts))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._silent += tag in SILENT
        self._inside = tag
        self.headings[tag] += tag in {"h1", "h2"}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower()))
        elif tag in FIELDS and self.forms:
            self._field(tag, given)
        elif tag == "option" and self._select and ("selected" in given or not self.forms[-1].values[self._select]):
            self.forms[-1].values[self._select] = given.get("value", "")
        if tag not in {"b", "strong", "em", "span", "i", "a", "abbr", "tspan", "sub"}:
            self.texts.append(" ")

    def _field(self, tag: str, given: dict[str, str]) -> None:
        name, form = given.get("name", ""), self.forms[-1]
        kind = given.get("type", tag if tag != "input" else "text")
        if not name or "disabled" in given:
            return
        if kind in {"radio", "checkbox"} and "checked" not in given and name in form.values:
            return
        if tag == "button" and name in form.values:
            return
        form.values[name] = given.get("value", "")
        form.kinds[name] = kind
        self._select = name if tag == "select" else ""
        self._area = name if tag == "textarea" else ""

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT
        self._inside = ""
        if tag in {"select", "textarea"}:
            self._select = self._area = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "title" and not self.title:
            self.title = data.strip()
        if self._area:
            self.forms[-1].values[self._area] += data
        if not self._silent:
            self.texts.append(data)


def open_page(client: Client, who: str, address: str) -> Page:
    """Open one page and count its queries, without those that frame every request."""
    reset_queries()  # the log of a connection is not endless
    with CaptureQueriesContext(connection) as captured:
        response = sent(client, address)
    asked = [one["sql"] for one in captured.captured_queries if not FRAME.match(one["sql"])]
    is_html = response.get("Content-Type", "").startswith("text/html")
    packed = response.get("Content-Encoding") == "gzip"
    html = (gzip.decompress(response.content) if packed else response.content).decode() if is_html else ""
    return Page(
        who,
        address,
        route_of(address),
        response.status_code,
        dict(response.items()),
        html,
        len(b"".join(response)),
        len(asked),
        tuple(response.cookies),
        Reader(html),
    )


def route_of(address: str) -> str:
    """Return the name of the route behind an address."""
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return "nowhere"


def crawl(client: Client, who: str, home: str, *, of_each: int, at_most: int = 2_000) -> list[Page]:
    """Walk every link from a home, breadth first; of each route at most `of_each` pages are opened."""
    pages: list[Page] = []
    waiting, seen, opened = deque([home]), {home}, Counter[str]()
    while waiting and len(pages) < at_most:
        address = waiting.popleft()
        if opened[route_of(address)] >= of_each:
            continue
        opened[route_of(address)] += 1
        page = open_page(client, who, address)
        pages.append(page)
        here = [page.headers["Location"]] if page.status in {301, 302, 303} else page.reader.links
        for found in walkable(address, here):
            if found not in seen:
                seen.add(found)
                waiting.append(found)
    return pages


def walkable(address: str, links: list[str]) -> Iterator[str]:
    """Yield the links of a page that lead on inside the site."""
    for link in links:
        parts = urlsplit(urljoin(address, link))
        if not parts.scheme and not parts.netloc and not NOT_WALKED.search(parts.path):
            yield f"{parts.path}?{parts.query}" if parts.query else parts.path
