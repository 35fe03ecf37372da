"""`serve` as a process: it starts only when fit, stays up when a part of it dies, and ends in time."""

import os
import signal
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.support.installation import ROOT, Installation, Served, Visitor, free_port, processes_of, wait_for

ENDS_WITHIN_SECONDS = 3
pytestmark = pytest.mark.slow


@dataclass
class Running:
    """A server that several tests ask."""

    home: Path
    served: Served


@pytest.fixture(scope="module")
def running(migrated: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    installation = migrated.copy_to(tmp_path_factory.mktemp("running") / "home")
    with installation.served() as served:
        yield Running(installation.home, served)


def test_server_answers_and_its_worker_works(running: Running) -> None:
    assert Visitor(running.served.port).get("/help/")[0] == 200
    assert len(_wait_for_rows(running.home, "SELECT holder FROM worklist_lease WHERE until > datetime('now')")) == 1


def test_server_listens_on_this_machine_only(running: Running) -> None:
    opened = Path("/proc/net/tcp").read_text()

    assert f"0100007F:{running.served.port:04X}" in opened
    assert f"00000000:{running.served.port:04X}" not in opened


@pytest.mark.parametrize("part", ["firstlight.conf.web", "tick"])
def test_part_that_dies_is_started_again(running: Running, part: str) -> None:
    first = _part(running.home, part, besides=())
    os.kill(first, signal.SIGKILL)

    assert _part(running.home, part, besides=(first,)) != first
    wait_for(running.served.port, running.served.process)


def _wait_for_rows(home: Path, query: str) -> list[tuple[str]]:
    for _ in range(300):
        with closing(sqlite3.connect(home / "firstlight.sqlite3")) as database:
            if rows := database.execute(query).fetchall():
                return rows
        time.sleep(0.1)
    return []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_everything_ends_in_time_with_requests_hanging(
    installation: Installation, nurse_cookie: str, number: int
) -> None:
    """One request was sent by half, another waits for a database that somebody has locked."""
    database = sqlite3.connect(installation.home / "firstlight.sqlite3", isolation_level=None)
    with (
        installation.served() as served,
        closing(HTTPConnection("127.0.0.1", served.port)) as half_sent,
        closing(HTTPConnection("127.0.0.1", served.port)) as waiting,
        closing(database) as lock,
    ):
        form = Visitor(served.port, nurse_cookie).hidden("/clinic/tasks/new/")
        half_sent.putrequest("POST", "/me/help/")
        half_sent.putheader("Content-Length", "1000")
        half_sent.endheaders(b"only this much")
        lock.execute("BEGIN IMMEDIATE")
        body = f"csrfmiddlewaretoken={form['csrfmiddlewaretoken']}&title=Wait&role=nurse&urgency=today"
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        waiting.request("POST", "/clinic/tasks/new/", body, {"Cookie": nurse_cookie, **kind})
        Visitor(served.port).get("/help/")
        served.process.send_signal(number)

        served.process.wait(timeout=ENDS_WITHIN_SECONDS)
        assert processes_of(installation.home) == []


def test_port_that_is_taken_is_one_clear_sentence(installation: Installation) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = installation.run("serve", "--port", str(taken.getsockname()[1]))

    assert done.returncode == 2
    assert "cannot be used: Address already in use. Choose another with --port." in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("port", ["70000", "-1", "eighty"])
def test_port_that_cannot_be_is_bad_input(installation: Installation, port: str) -> None:
    assert installation.run("serve", f"--port={port}").returncode == 2


@pytest.mark.parametrize(
    "command",
    [
        "serve",
        "tick",
        "audit verify --json",
        "found --clinic A --phone 1 --name B --email b@c.example",
    ],
)
def test_empty_database_is_one_clear_sentence(tmp_path: Path, command: str) -> None:
    done = Installation(tmp_path / "empty").run(*command.split())

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.removeprefix("CommandError: ") == "The database is empty. Run: firstlight migrate\n"


def test_database_that_is_behind_is_not_served(installation: Installation) -> None:
    with closing(sqlite3.connect(installation.home / "firstlight.sqlite3")) as database, database:
        database.execute("DELETE FROM django_migrations WHERE app = 'timeline' OR name = '0002_one_live_session'")
    done = installation.run("serve", "--port", str(free_port()))

    assert done.returncode == 1
    assert "1 step behind this version" in done.stderr
    assert "firstlight migrate" in done.stderr


def test_database_without_its_triggers_is_not_served(installation: Installation) -> None:
    with closing(sqlite3.connect(installation.home / "firstlight.sqlite3")) as database:
        database.execute("DROP TRIGGER append_only_audit_auditevent_delete")
    done = installation.run("serve", "--port", str(free_port()))

    assert done.returncode == 1
    assert "append_only_audit_auditevent_delete" in done.stderr


def test_route_without_a_policy_is_not_served_and_keeps_nobody_from_the_books(
    installation: Installation, tmp_path: Path
) -> None:
    (tmp_path / "open_urls.py").write_text(
        "from django.http import HttpResponse\nfrom django.urls import path\n"
        "from firstlight.conf.urls import urlpatterns as ours\n"
        "urlpatterns = [*ours, path('open/', lambda request: HttpResponse())]\n"
    )
    (tmp_path / "open_settings.py").write_text("from firstlight.conf.settings import *\nROOT_URLCONF = 'open_urls'\n")
    installation.extra = {
        "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT / 'src'}",
        "DJANGO_SETTINGS_MODULE": "open_settings",
    }
    done = installation.run("serve", "--port", str(free_port()))

    assert done.returncode == 1
    assert "The route /open/ has no policy." in done.stderr
    assert installation.run("audit", "verify").returncode == 0


def _part(home: Path, words: str, besides: tuple[int, ...]) -> int:
    """Return the id of the process that leads a part, once it is there."""
    for _ in range(300):
        for number in sorted(set(processes_of(home)) - set(besides)):
            command = Path(f"/proc/{number}/cmdline")
            if (
                command.exists()
                and words.encode() in command.read_bytes().split(b"\0")
                and os.getpgid(number) == number
            ):
                return number
        time.sleep(0.1)
    raise AssertionError(f"No {words} came up.")


def test_killed_supervisor_leaves_nobody_behind(installation: Installation) -> None:
    with installation.served() as served:
        served.process.kill()
        served.process.wait()

        for _ in range(100):
            if not processes_of(installation.home):
                break
            time.sleep(0.05)
        assert processes_of(installation.home) == []
