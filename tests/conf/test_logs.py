"""The log of a running server: kept longer than any secret, and read by more people. It holds none, and nobody's words."""

import logging
import sqlite3
import sys
from contextlib import closing
from http.client import HTTPConnection

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from tests.support.installation import Installation, Visitor

# Grace's invitation and Isabel's start link, both unused.
LINKS = """
from django_scopes import scope
from django.utils import timezone
from tests.cast import harbour
from firstlight.ground.people.services import contact, invite, log_enquiry, send_start_link
house, now = harbour(), timezone.now()
nurse = house.actor("nurse")
with scope(clinic=house.clinic.id):
    grace = log_enquiry(clinic_id=house.clinic.id, name="Grace Obi", email="grace@obi.example", by=nurse, at=now)
    contact(episode=grace, by=nurse, at=now)
    invited = invite(episode=grace, by=nurse, at=now).token
    begun = send_start_link(membership=house.nurse, by=nurse, at=now).token
print(json.dumps([f"/me/i/{invited}/password/", f"/clinic/start/{begun}/"]))
"""


@pytest.mark.slow
def test_log_holds_no_secret_of_a_link_that_still_opens_something(installation: Installation) -> None:
    """A password that is too short is refused (422), a form from elsewhere too (403), a broken table is a failure (500)."""
    links: list[str] = installation.python(LINKS)
    with installation.served() as served:
        visitor = Visitor(served.port)
        statuses = [visitor.post(link, {"password": "too short"}) for link in links]
        with closing(HTTPConnection("127.0.0.1", served.port)) as elsewhere:
            elsewhere.request("POST", links[0], "", {"Origin": "https://elsewhere.example"})
            statuses.append(elsewhere.getresponse().status)
        with closing(sqlite3.connect(installation.home / "firstlight.sqlite3")) as database:
            database.execute("ALTER TABLE people_invitation RENAME TO gone")
        statuses += [visitor.get(links[0])[0], visitor.get(links[0].rstrip("/").rpartition("/")[0])[0]]
        assert [visitor.get(link)[0] for link in links] == [500, 200]  # the link would still open its page
        served.process.terminate()
        _said, log = served.process.communicate(timeout=20)

    assert statuses == [422, 422, 403, 500, 301]
    assert "/me/i/<str:token>/password/" in log
    assert "OperationalError: no such table: people_invitation" in log
    assert [link for link in links if link.split("/")[3] in log] == []


def test_log_names_an_error_and_its_place_but_not_its_words() -> None:
    written = settings.LOGGING["formatters"][settings.LOGGING["handlers"]["console"]["formatter"]]
    formatter = import_string(written["()"])(written["format"], style=written["style"])
    try:
        try:
            raise KeyError("Maya Lindqvist")
        except KeyError as error:
            raise ValueError("she said: I cannot go on") from error
    except ValueError:
        record = logging.getLogger("django.request").makeRecord(
            "django.request", logging.ERROR, __file__, 1, "It failed.", (), sys.exc_info()
        )

    line = formatter.format(record)

    assert "ValueError" in line
    assert "KeyError" in line
    assert "test_log_names_an_error_and_its_place_but_not_its_words" in line
    assert "Maya" not in line
    assert "go on" not in line
