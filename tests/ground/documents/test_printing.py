"""Paper: whatever is in the text stays text, and the same document always gives the same bytes."""

import html
import json
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import typst
from django_scopes import scope
from hypothesis import given, settings
from hypothesis import strategies as st

from firstlight.ground.documents import services
from firstlight.ground.documents.models import Document
from firstlight.ground.documents.printing import TEMPLATE, pdf, printed
from tests.cast import NOW, House

HOSTILE = [
    "*bold* _slanted_ `raw` = heading",
    '#read("/etc/passwd")',
    "#panic()",
    '#import "@preview/x:1.0.0"',
    "#{ while true {} }",
    "$x^2$ <label> @reference [content] // comment /* comment */",
    "\\u{41} \\ \\\\ \" ' ` ~ -- --- ...",
    '"); #eval("1+1',
    "</script><script>alert(1)</script>",
    "{{ 7*7 }} {% now %}",
    "\u202eright to left\u202c \u0000 \u0007",
    "é ü 日本語 עברית عربى 👶",
    "x" * 20_000,
]


@pytest.fixture(autouse=True)
def inside(house: House) -> Iterator[None]:
    with scope(clinic=house.clinic.id):
        yield


def filed(house: House, text: str, *, title: str = "Letter") -> Document:
    body = [{"heading": text[:200], "paragraphs": [text], "table": {"columns": ["What"], "rows": [[text[:200]]]}}]
    by = house.actor("nurse")
    at = NOW + timedelta(microseconds=123_456)  # as clocks give it
    return services.file_document(kind="letter", parent=house.mother, title=title, body=body, by=by, at=at)


def as_text(data: dict[str, object]) -> str:
    """Return the words of the paper, from the same template, by way of HTML."""
    inputs = {"data": json.dumps(data)}
    page = typst.compile(str(TEMPLATE), root=str(TEMPLATE.parent), sys_inputs=inputs, format="html")
    return html.unescape(re.sub(r"<[^>]+>", " ", page.decode()))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_printed_as_it_stands(house: House, text: str) -> None:
    document = filed(house, text, title=text[:100])

    assert pdf(document)[:4] == b"%PDF"
    words = as_text(printed(document))
    assert " ".join(text.replace("\x00", "").replace("\x07", "").split())[:150] in " ".join(words.split())


@settings(max_examples=15)
@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=80))
def test_any_text_can_be_printed(text: str) -> None:
    block = {"heading": text, "paragraphs": [text], "table": {"columns": [text], "rows": [[text]]}}
    data = {
        "language": "en",
        "neutral_title": "Document",
        "clinic": {"name": text, "address": text, "phone": text},
        "filed_on": "today",
        "title": text,
        "person": text,
        "blocks": [block],
        "signatures": {"columns": ["Name"], "rows": [[text]]},
        "number": "1",
        "digest": "0",
        "words": {"about": text, "person": text, "signatures": text, "digest": text},
    }

    made = typst.compile(str(TEMPLATE), root=str(TEMPLATE.parent), sys_inputs={"data": json.dumps(data)})

    assert made[:4] == b"%PDF"


def test_same_document_gives_the_same_bytes(house: House) -> None:
    document = filed(house, "Words.")

    same = pdf(document) == pdf(Document.objects.get(id=document.id))  # a bool: no failure prints two files
    assert same


def test_paper_shows_signatures_and_digest(house: House) -> None:
    document = filed(house, "Words.")
    services.sign(document=document, meaning="signed the letter", by=house.actor("prescriber"), at=NOW)

    words = as_text(printed(document))

    assert "Amara Okafor" in words
    assert "Mon 23 Nov 2026 09:00" in words  # the clinic's clock
    assert document.digest in words


def test_title_of_the_file_is_neutral(house: House) -> None:
    document = filed(house, "Words.", title="Ketamine order")

    assert pdf(document).count(b"/Title(Document of Mon 23 Nov 2026)/Author(Harbour Clinic)") == 1
    assert printed(document)["neutral_title"] == "Document of Mon 23 Nov 2026"
