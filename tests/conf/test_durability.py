"""What was acknowledged is on the disk: after every kill, nothing is lost, nothing doubled, nothing broken."""

import os
import random
import re
import shutil
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection, connections

from tests.support import scale
from tests.support.figures import Figure
from tests.support.installation import PEOPLE, Installation, Visitor, free_port, kill_all, wait_for
from tests.support.installed import postgresql
from tests.support.migrated_postgresql import migrated_cluster
from tests.support.postgresql import MIGRATED, Cluster

PowerCut = Callable[["subprocess.Popen[str]"], None]


@pytest.mark.usefixtures("own_database")
def test_every_connection_is_set_to_keep_what_it_acknowledged() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL: synchronous_commit is the server's own setting, on unless somebody turned it off.")
    seen: list[tuple[int | str, ...]] = []

    def look() -> None:
        try:
            with connection.cursor() as cursor:
                answers = []
                for name in ("journal_mode", "synchronous", "foreign_keys"):
                    cursor.execute(f"PRAGMA {name}")
                    answers.append(cursor.fetchone()[0])
                seen.append(tuple(answers))
        finally:
            connections.close_all()

    for _ in range(3):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()

    assert seen == [("wal", 2, 1)] * 3
    assert settings.SQLITE["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


@dataclass
class Writer:
    """A nurse at work: gives tasks, each under a key of its own, and sends one again until it is acknowledged."""

    visitor: Visitor
    token: str
    acknowledged: list[str] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    answered: threading.Event = field(default_factory=threading.Event)

    def work(self) -> None:
        number = 0
        while not self.stopping.is_set():
            title, key = f"Task {number}", str(uuid4())
            form = {"csrfmiddlewaretoken": self.token, "title": title, "role": "nurse", "urgency": "today", "once": key}
            while not self.stopping.is_set():
                if self._acknowledged(form):
                    self.acknowledged.append(title)
                    self.answered.set()
                    break
                time.sleep(0.05)
            number += 1

    def _acknowledged(self, form: dict[str, str]) -> bool:
        try:
            return self.visitor.post("/clinic/tasks/new/", form) == 303
        except (OSError, HTTPException):
            return False


TITLES = """
from collections import Counter
from django_scopes import scopes_disabled
from firstlight.ground.worklist.models import Task
with scopes_disabled():
    print(json.dumps(Counter(task.title for task in Task.objects.all())))
"""


@pytest.fixture
def writer(nurse_cookie: str) -> Iterator[Writer]:
    made = Writer(Visitor(free_port(), nurse_cookie), "")
    yield made
    made.stopping.set()


def write_through(kills: int, writer: Writer, installation: Installation, power_cut: PowerCut) -> dict[str, int]:
    """Let somebody work while everything is killed again and again; return each task that is kept, and how often."""
    chance = random.Random(20261123)
    port = writer.visitor.port
    thread = threading.Thread(target=writer.work)
    for number in range(kills):
        process = installation.start(port)
        wait_for(port, process)
        if number == 0:
            writer.token = writer.visitor.hidden("/clinic/tasks/new/")["csrfmiddlewaretoken"]
            thread.start()
        writer.answered.clear()
        assert writer.answered.wait(30), "nothing was acknowledged after the restart"
        time.sleep(chance.uniform(0, scale.count(reduced=1, full=4)))
        power_cut(process)
    writer.stopping.set()
    thread.join()
    kept: dict[str, int] = installation.python(TITLES)
    return kept


def assert_nothing_lost_or_doubled(writer: Writer, kept: dict[str, int]) -> None:
    assert [title for title in writer.acknowledged if title not in kept] == []
    assert {title: count for title, count in kept.items() if count > 1} == {}


@pytest.mark.slow
def test_killed_server_loses_nothing_and_doubles_nothing(
    installation: Installation, writer: Writer, figure: Figure
) -> None:
    kills = scale.count(reduced=3, full=20)

    kept = write_through(kills, writer, installation, lambda process: kill_all(installation.home, process))

    assert_nothing_lost_or_doubled(writer, kept)
    with closing(sqlite3.connect(installation.home / "firstlight.sqlite3")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert installation.run("audit", "verify").returncode == 0
    figure(f"acknowledged writes over HTTP across {kills} kill -9 of the server, 0 lost, 0 doubled", len(kept))


@pytest.fixture
def clinic_on_postgresql(tmp_path: Path) -> Iterator[tuple[Installation, Cluster]]:
    """A migrated clinic on a PostgreSQL server that keeps its own settings for power cuts."""
    programs = postgresql()
    if programs is None:
        pytest.skip("no PostgreSQL server is installed")
    kept = Path(os.environ.get("MIGRATED_POSTGRESQL") or tmp_path / "migrated")
    with migrated_cluster(programs, kept, {}) as made:
        installation = Installation(tmp_path / "home", {"DATABASE_URL": made.url_of(MIGRATED)})
        done = installation.run("migrate", "--verbosity", "0")
        assert done.returncode == 0, done.stderr
        yield installation, made


@pytest.mark.slow
def test_killed_postgresql_loses_nothing_and_doubles_nothing(
    clinic_on_postgresql: tuple[Installation, Cluster], figure: Figure
) -> None:
    installation, made = clinic_on_postgresql
    kills = scale.count(reduced=2, full=10)
    writer = Writer(Visitor(free_port(), f"fl_clinic={installation.python(PEOPLE)['cookie']}"), "")

    def power_cut(process: "subprocess.Popen[str]") -> None:
        made.kill()
        kill_all(installation.home, process)
        made.start()

    kept = write_through(kills, writer, installation, power_cut)

    assert_nothing_lost_or_doubled(writer, kept)
    assert installation.run("audit", "verify").returncode == 0
    figure(f"acknowledged writes across {kills} kill -9 of PostgreSQL and the server, 0 lost, 0 doubled", len(kept))


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("strace") is None and os.environ.get("CI") != "true", reason="strace is not installed")
def test_every_acknowledged_write_was_synced(
    installation: Installation, nurse_cookie: str, tmp_path: Path, figure: Figure
) -> None:
    trace, writes = tmp_path / "trace", scale.count(reduced=15, full=200)
    with installation.served(
        "strace", "--seccomp-bpf", "-f", "-qq", "-e", "trace=fdatasync", "-o", str(trace)
    ) as served:
        visitor = Visitor(served.port, nurse_cookie)
        token = visitor.hidden("/clinic/tasks/new/")["csrfmiddlewaretoken"]
        before = synced(trace)
        for number in range(writes):
            form = {"csrfmiddlewaretoken": token, "title": f"Task {number}", "role": "nurse", "urgency": "today"}
            assert visitor.post("/clinic/tasks/new/", form) == 303
        after = synced(trace)

    assert after - before >= writes
    figure("fdatasync per acknowledged write, at least", round((after - before) / writes, 2))


def synced(trace: Path) -> int:
    """Return how many times the database was forced onto the disk."""
    return len(re.findall(r"fdatasync\(\d+\)\s+= 0|fdatasync resumed>\)\s+= 0", trace.read_text()))
