"""Every page of the demo that a link leads to: quick, safe, neutral, printed without dangerous abbreviations."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django_scopes import scopes_disabled

from tests.site.bare import bare_texts
from tests.site.conftest import HOMES
from tests.site.crawling import Page, open_page
from tests.support.figures import Figure
from tests.support.pseudo import pseudo_locale

MOST_QUERIES = 20
# Papers are filed in the language of their day.
PAPERS = {"documents:document", "documents:my_document"}
# Abbreviations and units of every monitor, the name of a drug, the middle of Django's own "yes,no,maybe", and what the
# worklist wrote in the language of its day.
SAME_EVERYWHERE = {
    "HR",
    "RR",
    "MOAA/S",
    "SpO2",
    "NDC",
    "beats/min",
    "ketamine hydrochloride (racemic",
    "no",
    "The first questions were answered",
    "To talk about",
    "ours, no source",
}
MOST_BYTES = 100_000
UNITS = r"(?:mg|mcg|g|kg|mL|mg/kg|mg/mL|mmHg|mg/min)\b"
# ISMP's list of error-prone abbreviations, as far as it concerns this site (people-and-trust.md, promise 12).
DANGEROUS = {
    "a trailing zero": re.compile(rf"\d\.\d*0\s?{UNITS}"),
    "a naked decimal": re.compile(rf"(?<![\d\w.])\.\d+\s?{UNITS}"),
    "µg": re.compile(r"[µμ]g\b"),
    "cc": re.compile(r"\b\d[\d.,]*\s?cc\b"),  # not inside a seal such as 9809d3cc
    "IU": re.compile(r"\bIU\b"),
    "IN": re.compile(r"\b(?:mg|mcg|mL|ketamine|given|route:?)\s+IN\b"),
    "a number glued to its unit": re.compile(rf"\b\d+(?:\.\d+)?{UNITS}"),
    "a thousand without its comma": re.compile(rf"(?<![\d.,])\d{{4,}}\s?{UNITS}"),
}
PROMISES = re.compile(r"\b(cur(e|es|ed|ing)|guarantee\w*)\b", re.IGNORECASE)
TELLING = re.compile(r"ketamin|clinic|mood|score|depress|baby|child|therap|dose|psych|feeding", re.IGNORECASE)
REFUSED = re.compile(
    r"<[^>]+\sstyle=|<style|<[^>]+\son[a-z]+=|<script(?![^>]*\ssrc=)|href=\"javascript:", re.IGNORECASE
)


def broken(pages: list[Page], rule: Callable[[Page], Iterator[str]]) -> list[str]:
    """Return what a rule finds, each page kind and finding once."""
    found: dict[tuple[str, str], str] = {}
    for page in pages:
        for line in rule(page):
            found.setdefault((page.route, line), f"{page}: {line}")
    return list(found.values())


def shown(crawled: list[Page]) -> list[Page]:
    """Return the pages, without what leads on and what is a file."""
    return [page for page in crawled if page.html]


def test_walk_comes_to_every_home_and_far_from_it(crawled: list[Page], figure: Figure) -> None:
    kinds = {page.route for page in shown(crawled)}
    figure("pages of the demo that were opened and judged", f"{len(shown(crawled))} of {len(kinds)} kinds")

    assert {page.who for page in shown(crawled)} == set(HOMES)
    assert len(kinds) > 60


def test_every_link_leads_to_a_page(crawled: list[Page]) -> None:
    def rule(page: Page) -> Iterator[str]:
        if page.status not in {200, 301, 302, 303}:
            yield str(page.status)

    assert broken(crawled, rule) == []


def test_at_most_twenty_queries_a_page(crawled: list[Page]) -> None:
    most: dict[str, Page] = {}
    for page in crawled:
        if page.queries > max(MOST_QUERIES, most[page.route].queries if page.route in most else 0):
            most[page.route] = page

    assert [f"{page}: {page.queries} queries" for page in most.values()] == []


def test_no_dangerous_abbreviation(crawled: list[Page]) -> None:
    def rule(page: Page) -> Iterator[str]:
        for name, pattern in DANGEROUS.items():
            if found := pattern.search(page.reader.text):
                yield f"{name}: …{page.reader.text[max(0, found.start() - 30) : found.end() + 20]}…"

    assert broken(shown(crawled), rule) == []


@pytest.mark.parametrize(
    "planted", ["5.0 mg", "0.50 mg/kg", "give .5 mg", "5 µg", "2 cc", "400 IU", "35 mg IN", "35mg", "1000 mg"]
)
def test_dangerous_abbreviation_is_found(planted: str) -> None:
    assert any(pattern.search(planted) for pattern in DANGEROUS.values())


@pytest.mark.parametrize("fine", ["0.5 mg", "35 mg", "1,000 mg", "mIU/L", "10 mg", "120/70 mmHg", "100 mL", "2.05 mg"])
def test_safe_spelling_passes(fine: str) -> None:
    assert not any(pattern.search(fine) for pattern in DANGEROUS.values())


def test_nothing_is_promised(crawled: list[Page]) -> None:
    def rule(page: Page) -> Iterator[str]:
        for found in PROMISES.finditer(page.reader.text):
            yield f"…{page.reader.text[max(0, found.start() - 60) : found.end() + 20]}…"

    assert broken(shown(crawled), rule) == []


def test_titles_of_parents_pages_tell_nothing(crawled: list[Page]) -> None:
    def rule(page: Page) -> Iterator[str]:
        if page.realm == "me" and (TELLING.search(page.reader.title) or not page.reader.title):
            yield f"title {page.reader.title!r}"

    assert broken(shown(crawled), rule) == []


def test_parents_pages_are_light(crawled: list[Page], figure: Figure) -> None:
    own = [page for page in shown(crawled) if page.realm == "me"]
    heaviest = max(own, key=lambda page: page.weight)
    figure(
        "heaviest page of a parent as it is sent, with all that it loads the first time",
        f"{heaviest.weight / 1000:.1f} kB",
    )

    assert heaviest.weight <= MOST_BYTES, heaviest


def test_records_are_never_kept_by_a_browser(crawled: list[Page]) -> None:
    def rule(page: Page) -> Iterator[str]:
        if page.realm and page.headers.get("Cache-Control") != "no-store":
            yield f"Cache-Control: {page.headers.get('Cache-Control')}"

    assert broken(crawled, rule) == []


def test_public_pages_set_no_cookie(crawled: list[Page]) -> None:
    def rule(page: Page) -> Iterator[str]:
        if not page.realm and (page.cookies or "Set-Cookie" in page.headers):
            yield str(page.cookies)

    assert broken(crawled, rule) == []


def test_every_page_is_safe_under_a_strict_policy(crawled: list[Page]) -> None:
    def rule(page: Page) -> Iterator[str]:
        policy = page.headers.get("Content-Security-Policy", "")
        if "default-src 'none'" not in policy or "unsafe" in policy:
            yield f"policy {policy!r}"
        for found in REFUSED.finditer(page.html):
            yield found[0][:80]

    assert broken(shown(crawled), rule) == []


def test_every_page_has_one_heading(crawled: list[Page]) -> None:
    def rule(page: Page) -> Iterator[str]:
        if page.reader.headings["h1"] != 1:
            yield f"{page.reader.headings['h1']} h1"

    assert broken(shown(crawled), rule) == []


def test_every_word_of_a_page_is_translated(crawled: list[Page], walkers: dict[str, Client]) -> None:
    from firstlight.ground.documents.models import Document

    kinds = {page.route: page for page in reversed(shown(crawled)) if page.route not in PAPERS}
    with scopes_disabled():
        filed = set(Document.objects.values_list("title", flat=True))
    found = set()
    with pseudo_locale():
        for page in kinds.values():
            again = open_page(walkers[page.who], page.who, page.address)
            found |= {f"{page}: {text!r}" for text in bare_texts(again.html) if text not in filed | SAME_EVERYWHERE}

    assert sorted(found) == []
