"""Every form of the demo meets what people paste, mistype and invent: no failure, nothing unescaped, nothing typed lost."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import urljoin
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from tests.site.crawling import NOT_WALKED, Form, Page, route_of
from tests.support.demo import Demo
from tests.support.figures import Figure

SCRIPT = "<script>alert(1)</script>"
LONG = "a" * 100_000
TYPED = {"text", "textarea", "email", "tel", "search", "url"}
DATES = {"date", "datetime-local", "time", "month"}
NUMBERS = {"number", "range"}
NOT_FILLED = {"csrfmiddlewaretoken", "once", "expected", "client_id"}
# What is never shown again, whatever was wrong with the form.
SECRET = ("password", "pin", "code", "old", "new")
BAD = {
    "a pasted script": {"text": SCRIPT, "date": SCRIPT, "number": SCRIPT},
    "a hundred thousand letters": {"text": LONG, "date": "9" * 5_000, "number": "9" * 400},
    "an impossible date": {"text": "31 February", "date": "2026-02-31", "number": "-1"},
    "nothing human": {"text": "\x00\u202e\ud7ff", "date": "0000-00-00T99:99", "number": "NaN"},
}


@dataclass(frozen=True, slots=True)
class Place:
    """A form, where it stands."""

    page: Page
    form: Form

    @property
    def action(self) -> str:
        """Return the address that the form is sent to."""
        return urljoin(self.page.address, self.form.action)

    def __str__(self) -> str:
        return f"{self.page.route} → {route_of(self.action)} as {self.page.who}"


@pytest.fixture(scope="module")
def places(crawled: list[Page]) -> list[Place]:
    """Every form that is sent by POST, once for each kind of page and each set of fields."""
    found: dict[tuple[object, ...], Place] = {}
    for page in crawled:
        for form in page.reader.forms:
            place = Place(page, form)
            if form.method == "post" and not NOT_WALKED.search(place.action) and typed_fields(form):
                found.setdefault((route_of(place.action), *sorted(form.values)), place)
    return list(found.values())


def typed_fields(form: Form) -> list[str]:
    """Return the fields that somebody types into."""
    kinds = TYPED | DATES | NUMBERS
    return [name for name, kind in form.kinds.items() if kind in kinds and name not in NOT_FILLED]


def filled(form: Form, bad: dict[str, str]) -> dict[str, str]:
    """Return what is sent: the form as it stands, something bad in each field that is typed into."""
    values = dict(form.values)
    for name in typed_fields(form):
        kind = form.kinds[name]
        values[name] = bad["date" if kind in DATES else "number" if kind in NUMBERS else "text"]
    if len(max(values.values(), key=len, default="")) == len(LONG):
        for name in [name for name, value in values.items() if value == LONG][5:]:
            values[name] = "a"  # one form may bring a megabyte at most
    return values | ({"once": str(uuid4())} if "once" in values else {})


def send(client: Client, place: Place, values: dict[str, str], statuses: Counter[int]) -> Iterator[str]:
    """Send a form, look at what comes back, and take it all back again; yield what is wrong."""
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    with transaction.atomic():
        response: Any = client.post(place.action, values)
        body = response.content.decode(errors="replace")
        if response.status_code in {302, 303} and response["Location"].startswith("/"):
            body += client.get(response["Location"]).content.decode(errors="replace")
        transaction.set_rollback(True)
    for name, value in cookies.items():
        client.cookies[name] = value
    statuses[response.status_code] += 1
    if response.status_code >= 500:
        yield f"{response.status_code}"
    if SCRIPT in body:
        yield "unescaped"
    if response.status_code == 422:
        yield from lost(place.form, values, body)


def lost(form: Form, values: dict[str, str], body: str) -> Iterator[str]:
    """Name every typed value that a refused form no longer shows."""
    for name in typed_fields(form):
        shown = escape(values[name])
        if "\x00" not in shown and not name.endswith(SECRET) and shown not in body:
            yield f"lost what was typed into {name}"


@pytest.mark.parametrize("what", BAD)
def test_form_takes_bad_input_calmly(
    what: str, demo: Demo, places: list[Place], walkers: dict[str, Client], figure: Figure
) -> None:
    statuses = Counter[int]()
    wrong = [
        f"{place}: {fault}"
        for place in places
        for fault in send(walkers[place.page.who], place, filled(place.form, BAD[what]), statuses)
    ]
    figure(f"forms that met {what}", len(places))

    assert wrong == []
    assert statuses[422] > 20, statuses  # most forms were refused, and shown again with what was typed


def test_query_in_an_address_is_taken_calmly(demo: Demo, crawled: list[Page], walkers: dict[str, Client]) -> None:
    """What an address carries behind the question mark is typed by people, too."""
    asked = sorted({(page.route, page.who, page.address.split("?")[0]) for page in crawled if "?" in page.address})
    forms = {(page.route, page.who, urljoin(page.address, form.action), *form.values) for page in crawled
             for form in page.reader.forms if form.method == "get"}  # fmt: skip
    wrong = []
    for bad in (SCRIPT, "2026-02-31", "9" * 400, "\x00"):
        for _route, who, address in asked:
            answer = walkers[who].get(
                address, {"from": bad, "on": bad, "q": bad, "day": bad, "first": bad, "page": bad}
            )
            if answer.status_code >= 500 or SCRIPT in answer.content.decode(errors="replace"):
                wrong.append(f"{who} {address} {bad[:20]!r}: {answer.status_code}")
        for _route, who, address, *names in sorted(forms):
            answer = walkers[who].get(address, dict.fromkeys(names, bad))
            if answer.status_code >= 500 or SCRIPT in answer.content.decode(errors="replace"):
                wrong.append(f"{who} {address} {bad[:20]!r}: {answer.status_code}")
    assert wrong == []
