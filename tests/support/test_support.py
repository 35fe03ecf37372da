"""The ground that all other tests stand on must hold first."""

import socket
import urllib.request
from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import connection, transaction
from playwright.sync_api import BrowserContext, Page
from pytest_socket import SocketConnectBlockedError

from firstlight.conf import settings as written
from firstlight.ground.audit import triggers
from firstlight.ground.people.models import Clinic
from tests.support.browser import Devices
from tests.support.environment import HOME
from tests.support.houses import TellOnce
from tests.support.server import Live


def test_home_is_a_temporary_folder_of_this_run() -> None:
    assert HOME.resolve() == settings.HOME
    assert settings.KEYS_FILE.parent == settings.HOME


def test_passwords_are_cheap_here_and_argon2_in_an_installation() -> None:
    assert settings.PASSWORD_HASHERS[0].endswith("MD5PasswordHasher")
    assert written.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]


def test_connection_out_of_the_machine_is_refused() -> None:
    with pytest.warns(UserWarning, match=r"192\.0\.2\.1"), pytest.raises(SocketConnectBlockedError):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


@pytest.mark.django_db
def test_rolled_back_database_has_every_trigger() -> None:
    assert triggers.missing() == []


def test_own_database_has_every_trigger(own_database: None) -> None:
    assert triggers.missing() == []


@pytest.mark.parametrize("time", ["first", "second"])
def test_own_database_keeps_commits_and_starts_empty(own_database: None, time: str) -> None:
    assert Clinic.objects.count() == 0

    with transaction.atomic():
        Clinic.objects.create(name="Harbour Clinic", slug="harbour")
    connection.close()

    assert Clinic.objects.count() == 1


@pytest.mark.django_db
def test_story_that_is_written_again_holds_what_was_changed_in_it(tell_once: TellOnce) -> None:
    def renamed() -> Clinic:
        clinic = Clinic.objects.create(name="Harbour Clinic", slug="harbour")
        Clinic.objects.create(name="Closed Clinic", slug="closed").delete()
        Clinic.objects.filter(id=clinic.id).update(name="Harbour House")
        return clinic

    story = tell_once(renamed)
    assert Clinic.objects.count() == 0

    clinic = story.again()

    assert [(one.id, one.name) for one in Clinic.objects.all()] == [(clinic.id, "Harbour House")]


def test_live_site_serves_its_files_on_loopback(live: Live) -> None:
    with urllib.request.urlopen(f"{live.url}/static/design/tokens.css", timeout=5) as answer:
        assert answer.headers["Content-Type"].startswith("text/css")


def test_page_with_an_unnamed_button_fails_axe(phone: BrowserContext, axe: Callable[[Page], None]) -> None:
    page = phone.new_page()
    page.set_content("<html lang=en><title>A page</title><main><h1>A page</h1><button></button></main></html>")

    with pytest.raises(pytest.fail.Exception, match="button-name"):
        axe(page)


def test_devices_hear_of_script_errors_and_foreign_requests(devices: Devices) -> None:
    page = devices.desktop().new_page()
    page.goto("/static/design/tokens.css")

    page.evaluate("setTimeout(() => { throw new Error('planted') })")
    page.evaluate("fetch('http://firstlight.invalid/').catch(() => {})")
    page.wait_for_timeout(200)

    heard, devices.trouble = devices.trouble, []
    assert any("planted" in line for line in heard)
    assert any("firstlight.invalid" in line for line in heard)
