"""Promise 26: a self-harm answer is never lost. A real server is killed in the middle of submissions, again and again."""

import os
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path

import pytest

from tests.support.figures import Figure
from tests.support.installation import Installation, Served, Visitor, processes_of
from tests.support.scale import count

SUBMISSIONS, KILLS, PHONES = count(reduced=50, full=1_000), count(reduced=2, full=20), 2
ITEM = "phq-9:q9"
LINKS = f"""
from django.utils import timezone
from django_scopes import scope
from firstlight.journey.screening.services import assign, link_for
from tests.cast import harbour
house, now, links = harbour(), timezone.now(), []
with scope(clinic=house.clinic.id):
    for number in range({PHONES}):
        asked = assign(
            parent=house.mother, episode=house.episode, set_name="week", anchor=f"phone:{{number}}",
            by=house.actor("nurse"), at=now,
        )
        links.append(link_for(question_set=asked, by=house.actor("nurse"), at=now))
print(json.dumps(links))
"""
WITHOUT_TASK = """
SELECT id FROM screening_answer WHERE value >= 1 AND answered_at NOT IN
(SELECT concern.at FROM safety_concern concern JOIN worklist_task task ON task.id = concern.task_id)
"""
pytestmark = pytest.mark.slow


@dataclass(eq=False)
class Phone(threading.Thread):
    """Taps one positive answer after the other, each different from the one before; tries again when nobody answers."""

    link: str
    visitor: Visitor
    share: int
    acknowledged: list[int] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def run(self) -> None:
        number = 0
        while number < self.share:
            try:
                status = self.visitor.post(f"{self.link}9/", {"item": ITEM, "value": str(1 + number % 3)})
            except (OSError, HTTPException):
                time.sleep(0.05)
                continue
            if status != 303:
                self.refused.append(status)
                return
            self.acknowledged.append(number)
            number += 1


@contextmanager
def serving(installation: Installation, phones: list[Phone]) -> Iterator[Served]:
    """Serve, and let the phones talk to this server from now on."""
    with installation.served() as served:
        for phone in phones:
            phone.visitor.port = served.port
        yield served


def kill_everything(home: Path) -> None:
    """Kill every process that works on this test's own home, without a word of warning."""
    for process in processes_of(home):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def rows(home: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(home / "firstlight.sqlite3")) as database:
        return database.execute(query).fetchall()


def test_no_self_harm_answer_is_without_its_task_after_kills(installation: Installation, figure: Figure) -> None:
    phones = [Phone(link, Visitor(0), SUBMISSIONS // PHONES) for link in installation.python(LINKS)]
    for number in range(KILLS):
        with serving(installation, phones):
            for phone in phones:
                if number == 0:
                    phone.start()
            _wait_until(phones, SUBMISSIONS * (number + 1) // (KILLS + 1))
            kill_everything(installation.home)
    with serving(installation, phones):
        _wait_until(phones, SUBMISSIONS // PHONES * PHONES)

    stored = rows(installation.home, "SELECT count(*) FROM screening_answer WHERE value >= 1")[0][0]
    assert rows(installation.home, WITHOUT_TASK) == []
    assert stored == sum(len(phone.acknowledged) for phone in phones)
    assert rows(installation.home, "PRAGMA integrity_check") == [("ok",)]
    assert installation.run("audit", "verify").returncode == 0
    figure("self-harm answers without a task, of submissions and kills", f"0 of {stored}, {KILLS} kills")


def _wait_until(phones: list[Phone], acknowledged: int) -> None:
    deadline = time.monotonic() + 300
    while sum(len(phone.acknowledged) for phone in phones) < acknowledged:
        assert [phone.refused for phone in phones if phone.refused] == []
        assert time.monotonic() < deadline, "The server no longer answers."
        time.sleep(0.01)
