"""A whole installation in a folder of its own, run as a user runs it: by its command, in processes of its own."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.support.migrated import migrated_once

ROOT = Path(__file__).resolve().parents[2]
STARTED_WITHIN_SECONDS = 60
PEOPLE = """
from tests.cast import harbour
from tests.support.signed_in import client_of
house = harbour()
print(json.dumps({"clinic": str(house.clinic.id), "cookie": client_of(house.nurse).cookies["fl_clinic"].value}))
"""
FIELD = re.compile(r'name="(csrfmiddlewaretoken|once)" value="([^"]+)"')


@dataclass
class Installation:
    """A home, and the commands that work on it."""

    home: Path
    extra: Mapping[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("FIRSTLIGHT_", "DATABASE_URL"))
        }
        return {
            **kept,
            "FIRSTLIGHT_HOME": str(self.home),
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            **self.extra,
        }

    def run(self, *arguments: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Run one command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "firstlight", *arguments],
            env=self.environment(), capture_output=True, text=True, timeout=timeout, check=False,
        )  # fmt: skip

    def python(self, code: str) -> Any:
        """Run code inside the installation; return what it prints, read as JSON."""
        setup = "import django, json; django.setup()\n"
        done = subprocess.run(
            [sys.executable, "-c", setup + code],
            env=self.environment() | {"DJANGO_SETTINGS_MODULE": "firstlight.conf.settings"},
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def start(self, port: int, *before: str) -> "subprocess.Popen[str]":
        """Start the server, behind a command such as strace where one is given."""
        return subprocess.Popen(
            [*before, sys.executable, "-m", "firstlight", "serve", "--port", str(port)],
            env=self.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    @contextmanager
    def served(self, *before: str) -> Iterator["Served"]:
        """Serve on a free port until the block ends."""
        port = free_port()
        process = self.start(port, *before)
        try:
            wait_for(port, process)
            yield Served(port, process)
        finally:
            process.terminate()
            try:
                process.communicate(timeout=20)
            except subprocess.TimeoutExpired:
                kill_all(self.home, process)

    def copy_to(self, folder: Path) -> "Installation":
        shutil.copytree(self.home, folder)
        return Installation(folder)


@dataclass
class Served:
    """A server that answers."""

    port: int
    process: "subprocess.Popen[str]"


@dataclass
class Visitor:
    """A browser without a screen: one cookie, forms with their hidden fields."""

    port: int
    cookie: str = ""

    def get(self, path: str) -> tuple[int, str]:
        answer = self.ask("GET", path)
        return answer.status, answer.read().decode()

    def post(self, path: str, values: Mapping[str, str]) -> int:
        body = urlencode(values)
        answer = self.ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})
        answer.read()
        return answer.status

    def hidden(self, path: str) -> dict[str, str]:
        """Open a page and return the hidden fields of its form."""
        return dict(FIELD.findall(self.get(path)[1]))

    def ask(self, method: str, path: str, body: str = "", headers: Mapping[str, str] | None = None) -> HTTPResponse:
        """Ask once; the answer is still to be read."""
        asked = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            asked.request(method, path, body or None, {"Cookie": self.cookie, "Connection": "close", **(headers or {})})
            return asked.getresponse()
        except (OSError, HTTPException):
            asked.close()  # a server that is killed leaves it open, and Python 3.11.2 says so later, in another test
            raise


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def wait_for(port: int, process: "subprocess.Popen[str]") -> None:
    """Wait until the server answers a request; fail with what it said when it ended instead."""
    deadline = time.monotonic() + STARTED_WITHIN_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(f"The server ended with {process.returncode}: {process.communicate()[1]}")
        try:
            if Visitor(port).get("/help/")[0] == 200:
                return
        except (OSError, HTTPException):
            time.sleep(0.1)
    raise AssertionError("The server did not answer.")


def processes_of(home: Path) -> list[int]:
    """Return every process that works on a home, by its environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"FIRSTLIGHT_HOME={home}\0".encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def kill_all(home: Path, process: "subprocess.Popen[str]") -> None:
    """Kill a server as a power cut would: all of it at once, without a word."""
    process.kill()
    while numbers := processes_of(home):
        for number in numbers:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        time.sleep(0.02)
    process.communicate()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """One migrated home for the run; tests copy it."""
    made = Installation(tmp_path_factory.mktemp("installation") / "home")
    made.home.mkdir(mode=0o700)
    with migrated_once(made.home / "firstlight.sqlite3"):
        done = made.run("migrate", "--verbosity", "0")
    assert done.returncode == 0, done.stderr
    return made


@pytest.fixture
def installation(migrated: Installation, tmp_path: Path) -> Installation:
    """A migrated home of this test's own."""
    return migrated.copy_to(tmp_path / "home")


@pytest.fixture
def nurse_cookie(installation: Installation) -> str:
    """Harbour Clinic in the home, and the cookie of its nurse."""
    return f"fl_clinic={installation.python(PEOPLE)['cookie']}"
