"""Promise 26: a self-harm answer is never lost. A real server is killed in the middle of submissions, again and again."""

import base64
import json
import os
import re
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPException, HTTPResponse
from pathlib import Path

import pytest

from tests.support.figures import Figure
from tests.support.installation import Installation, Served, Visitor, processes_of
from tests.support.phone import Phone as SealingPhone
from tests.support.scale import count

SUBMISSIONS, KILLS, PHONES = count(reduced=24, full=1_000), count(reduced=1, full=20), 2
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


def send_through(installation: Installation, phones: "list[Phone] | list[Sealing]", submissions: int) -> None:
    """Let the phones send while the server is killed again and again, until every submission is acknowledged."""
    for number in range(KILLS):
        with serving(installation, phones):
            for phone in phones:
                if number == 0:
                    phone.start()
            _wait_until(phones, submissions * (number + 1) // (KILLS + 1))
            kill_everything(installation.home)
    with serving(installation, phones):
        _wait_until(phones, submissions)


@contextmanager
def serving(installation: Installation, phones: "list[Phone] | list[Sealing]") -> Iterator[Served]:
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
    send_through(installation, phones, SUBMISSIONS // PHONES * PHONES)

    stored = rows(installation.home, "SELECT count(*) FROM screening_answer WHERE value >= 1")[0][0]
    assert rows(installation.home, WITHOUT_TASK) == []
    assert stored == sum(len(phone.acknowledged) for phone in phones)
    assert rows(installation.home, "PRAGMA integrity_check") == [("ok",)]
    assert installation.run("audit", "verify").returncode == 0
    figure("self-harm answers without a task, of submissions and kills", f"0 of {stored}, {KILLS} kills")


def _wait_until(phones: "list[Phone] | list[Sealing]", acknowledged: int) -> None:
    deadline = time.monotonic() + 300
    while sum(len(phone.acknowledged) for phone in phones) < acknowledged:
        assert [phone.refused for phone in phones if phone.refused] == []
        assert time.monotonic() < deadline, "The server no longer answers."
        time.sleep(0.01)


# The sealed way: the daily check-in, each tap in a box, each box sent until its receipt came.

TAPS = (("check-in:mood", 4), ("check-in:sleep", 6), ("check-in:side_effects", 2), ("check-in:harm", 1))
SETS = SUBMISSIONS // len(TAPS) // PHONES * PHONES
CHECK_INS = f"""
from django.utils import timezone
from django_scopes import scope
from firstlight.journey.screening.services import assign, link_for
from tests.cast import harbour
from tests.journey.screening.telling import was_told
house, now, links = harbour(), timezone.now(), []
with scope(clinic=house.clinic.id):
    was_told(house)
    for number in range({SETS}):
        asked = assign(
            parent=house.mother, episode=house.episode, set_name="day", anchor=f"day:{{number}}",
            by=house.actor("nurse"), at=now,
        )
        links.append(link_for(question_set=asked, by=house.actor("nurse"), at=now))
print(json.dumps(links))
"""
SEALED_WITHOUT_TASK = """
SELECT id FROM screening_sealedtap WHERE asks_help AND NOT EXISTS (SELECT 1 FROM safety_concern concern
JOIN worklist_task task ON task.id = concern.task_id WHERE concern.at = screening_sealedtap.arrived_at)
"""
HARM_WITHOUT_BOX = """
SELECT id FROM screening_answer WHERE item = 'harm' AND value = 1
AND id NOT IN (SELECT answer_id FROM screening_sealedtap WHERE asks_help)
"""
WITHOUT_WHAT_FOLLOWS = "SELECT id FROM screening_questionset WHERE instruments NOT LIKE '%asq%'"


@dataclass(eq=False)
class Sealing(threading.Thread):
    """Opens one check-in after the other and taps through it. Every box is sent twice, as a phone does that lost a receipt."""

    links: list[str]
    visitor: Visitor
    acknowledged: list[str] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def run(self) -> None:
        for link in self.links:
            page = self._answered(lambda link=link: self.visitor.ask("GET", link))
            said = dict(re.findall(r'data-(set|pass|pair|key)="([^"]+)"', page))
            phone = SealingPhone(said["set"], said["pass"], said["pair"], base64.b64decode(said["key"]))
            for item, value in TAPS:
                self._send(phone, phone.tap(item, value, datetime.now(UTC)))
                if self.refused:
                    return

    def _send(self, phone: SealingPhone, box: dict[str, object]) -> None:
        def send() -> HTTPResponse:
            content = phone.sent(box, datetime.now(UTC)).decode()
            return self.visitor.ask("POST", "/me/c/box/", content, {"Content-Type": "application/json"})

        for _ in range(2):
            receipt = json.loads(self._answered(send))
            if receipt["id"] != box["id"]:
                self.refused.append(0)
        self.acknowledged.append(str(box["id"]))

    def _answered(self, ask: Callable[[], HTTPResponse]) -> str:
        """Ask until somebody answers; what is neither taken nor taken before is noted."""
        while True:
            try:
                answer = ask()
                content = answer.read().decode()
            except (OSError, HTTPException):
                time.sleep(0.05)
                continue
            if answer.status not in {200, 201}:
                self.refused.append(answer.status)
            return content


def test_no_sealed_answer_is_lost_doubled_or_without_its_task_after_kills(
    installation: Installation, figure: Figure
) -> None:
    links = installation.python(CHECK_INS)
    phones = [Sealing(links[number::PHONES], Visitor(0)) for number in range(PHONES)]
    send_through(installation, phones, SETS * len(TAPS))

    home, acknowledged = installation.home, [box for phone in phones for box in phone.acknowledged]
    stored = [str(row[0]) for row in rows(home, "SELECT id FROM screening_sealedtap")]
    assert rows(home, SEALED_WITHOUT_TASK) == []
    assert rows(home, HARM_WITHOUT_BOX) == []
    assert sorted(stored) == sorted(box.replace("-", "") for box in acknowledged)
    assert rows(home, "SELECT count(*) FROM screening_answer") == [(SETS * len(TAPS),)]
    assert rows(home, WITHOUT_WHAT_FOLLOWS) == []
    assert rows(home, "PRAGMA integrity_check") == [("ok",)]
    assert installation.run("audit", "verify").returncode == 0
    said = f"0 of {len(stored)} boxes, {SETS} answers that ask for help, {KILLS} kills"
    figure("sealed answers lost, doubled or without their task, of submissions and kills", said)
