"""What leaves the server compressed, and what does not."""

import gzip
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from firstlight.conf.compression import CompressPages
from tests.cast import House
from tests.support.signed_in import client_of

TAKES = {"accept-encoding": "gzip, deflate, br"}
STYLES = "/static/design/base.css"
LONG = "Two people read your answers before ten o'clock. " * 40


def sent(response: Any, **headers: str) -> Any:
    """Return what becomes of a response on its way out."""
    request: HttpRequest = RequestFactory().get("/me/", headers={**TAKES, **headers})
    return CompressPages(lambda _: response)(request)


def test_page_leaves_compressed_and_says_the_same(house: House) -> None:
    client = client_of(house.mother)
    plain, small = client.get("/me/visits/"), client.get("/me/visits/", headers=TAKES)

    assert (small["Content-Encoding"], small["Content-Length"]) == ("gzip", str(len(small.content)))
    assert len(small.content) < len(plain.content) / 2
    assert "<h1>" in gzip.decompress(small.content).decode()
    assert "Content-Encoding" not in plain
    assert {"Accept-Encoding", "Cookie"} <= set(plain["Vary"].split(", ")) & set(small["Vary"].split(", "))
    assert small["Cache-Control"] == "no-store"


def test_length_of_the_same_page_differs_from_one_time_to_the_next() -> None:
    assert len({len(sent(HttpResponse(LONG)).content) for _ in range(50)}) > 5


@pytest.mark.parametrize(
    ("site", "encoding"), [("same-origin", "gzip"), ("none", "gzip"), ("cross-site", None), ("same-site", None)]
)
def test_page_that_another_site_asked_for_leaves_as_it_is(site: str, encoding: str | None) -> None:
    answer = sent(HttpResponse(LONG), **{"sec-fetch-site": site})

    assert answer.get("Content-Encoding") == encoding
    assert answer["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(LONG, content_type="application/pdf"),
        HttpResponse(LONG, content_type="application/octet-stream"),
        StreamingHttpResponse([LONG], content_type="text/event-stream"),
        StreamingHttpResponse([LONG], content_type="text/html"),
        HttpResponse(status=304),
        HttpResponse(status=204),
        HttpResponse(LONG, status=206),
    ],
    ids=lambda one: f"{type(one).__name__} {one.get('Content-Type')} {one.status_code}",
)
def test_files_streams_and_parts_leave_as_they_are(response: HttpResponse) -> None:
    assert "Content-Encoding" not in sent(response)


def test_weak_name_of_a_page_stays_so_that_asking_again_finds_it_unchanged() -> None:
    assert sent(HttpResponse(LONG, headers={"ETag": 'W/"7.1"'}))["ETag"] == 'W/"7.1"'


def test_styles_leave_compressed_and_are_the_same() -> None:
    plain, small = Client().get(STYLES), Client().get(STYLES, headers=TAKES)

    assert (small["Content-Encoding"], small["Content-Length"]) == ("gzip", str(len(small.content)))
    assert gzip.decompress(small.content) == b"".join(plain)
    assert small["Content-Type"] == plain["Content-Type"]
    assert plain["Vary"] == small["Vary"] == "Accept-Encoding"


def test_styles_that_a_browser_has_are_not_sent_again() -> None:
    first = Client().get(STYLES, headers=TAKES)
    again = Client().get(STYLES, headers={**TAKES, "if-none-match": first["ETag"]})

    assert (again.status_code, b"".join(again)) == (304, b"")
    assert "Content-Encoding" not in again


def test_part_of_a_file_and_its_head_leave_as_they_are() -> None:
    part, head = Client().get(STYLES, headers={**TAKES, "range": "bytes=0-9"}), Client().head(STYLES, headers=TAKES)

    assert (part.status_code, len(b"".join(part))) == (206, 10)
    assert "Content-Encoding" not in part
    assert "Content-Encoding" not in head
