"""One worker at a time; a beat may be repeated, and two workers never both deliver."""

import sys
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connections
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from firstlight.ground.worklist import selectors
from firstlight.ground.worklist.models import Lease, OutboxMessage, PeriodicJob, Task
from firstlight.ground.worklist.services import delivery, leases, send, tick
from tests.cast import NOW, House, harbour
from tests.support import scale
from tests.support.figures import Figure

SECOND = timedelta(seconds=1)


@pytest.mark.django_db
def test_second_worker_does_nothing_while_the_first_holds_the_lease() -> None:
    assert tick(NOW, holder="one").held
    assert not tick(NOW + 100 * SECOND, holder="two").held


@pytest.mark.django_db
def test_lease_of_a_dead_worker_runs_out() -> None:
    tick(NOW, holder="one")

    assert tick(NOW + 120 * SECOND, holder="two").held
    assert not tick(NOW + 121 * SECOND, holder="one").held


@pytest.mark.django_db
def test_lease_that_was_given_back_is_free_at_once() -> None:
    tick(NOW, holder="one")
    leases.release(holder="one", at=NOW + SECOND)

    assert tick(NOW + SECOND, holder="two").held


@pytest.mark.django_db
def test_lease_that_is_fresh_is_not_written_again() -> None:
    tick(NOW, holder="one")
    until = Lease.objects.get().until
    tick(NOW + 10 * SECOND, holder="one")
    assert until == Lease.objects.get().until

    tick(NOW + 70 * SECOND, holder="one")

    assert Lease.objects.get().until == NOW + 190 * SECOND


def write_messages(count: int) -> House:
    house = harbour()
    with scope(clinic=house.clinic.id):
        for number in range(count):
            send(
                clinic_id=house.clinic.id, to=f"{number}@home.example", template="worklist/messages/message.txt",
                context={"link": "/me/"}, by=house.actor("nurse"), at=NOW,
            )  # fmt: skip
    return house


def race(workers: int, rounds: int) -> None:
    """Let several workers deliver at the same moments, without a lease between them: the claim alone must keep them apart."""
    barrier = threading.Barrier(workers)

    def work() -> None:
        try:
            for _ in range(rounds):
                barrier.wait(timeout=30)
                delivery.deliver_due(NOW)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)


def test_two_workers_at_one_moment_send_each_message_once(own_database: None, figure: Figure) -> None:
    count = scale.count(reduced=30, full=300)
    write_messages(count)
    mail.outbox = []

    race(workers=2, rounds=count // 5)

    sent = [message.to[0] for message in mail.outbox]
    assert len(sent) == count
    assert len(set(sent)) == count
    with scopes_disabled():
        assert not OutboxMessage.objects.exclude(attempts=1, sent_at=NOW).exists()
    figure("messages delivered by two racing workers, none twice", count)


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Give the worker jobs of its own."""
    named: dict[str, int] = {}
    monkeypatch.setattr("firstlight.conf.reactions.PERIODIC", named)
    return named


ran: list[Any] = []


def good_job(now: Any) -> None:
    ran.append(now)


def bad_job(now: Any) -> None:
    raise ValueError("Maya Lindqvist")


HERE = "tests.ground.worklist.test_worker"


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make this module's jobs findable under a name: tests are imported by path."""
    monkeypatch.setitem(sys.modules, HERE, sys.modules[__name__])
    ran.clear()


@pytest.mark.django_db
def test_job_runs_when_its_time_has_come_and_not_before(jobs: dict[str, int]) -> None:
    jobs[f"{HERE}.good_job"] = 5
    for seconds in (0, 1, 299, 300):
        tick(NOW + seconds * SECOND)

    assert ran == [NOW, NOW + 300 * SECOND]


@pytest.mark.django_db
def test_job_that_fails_holds_up_no_other(house: House, jobs: dict[str, int], caplog: Any) -> None:
    jobs[f"{HERE}.bad_job"] = 60
    jobs[f"{HERE}.good_job"] = 60

    done = tick(NOW)

    assert (f"{HERE}.good_job",) == done.jobs
    assert (f"{HERE}.bad_job",) == done.failed_jobs
    assert "bad_job failed with ValueError" in caplog.text
    assert "Maya" not in caplog.text


@pytest.mark.django_db
def test_job_that_fails_three_times_raises_the_alarm(house: House, jobs: dict[str, int]) -> None:
    jobs[f"{HERE}.bad_job"] = 60
    for minutes in (0, 5, 10):
        tick(NOW + minutes * timedelta(minutes=1))

    with scope(clinic=house.clinic.id):
        assert [task.kind for task in selectors.alarms(house.actor("nurse"))] == ["job-failed"]
    assert PeriodicJob.objects.get(path=f"{HERE}.bad_job").failures == 3


@pytest.mark.django_db
def test_task_that_cannot_be_passed_on_holds_up_no_other(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from firstlight.ground.worklist.services import open_task, ticking

    with scope(clinic=house.clinic.id):
        broken, sound = (
            open_task(
                clinic_id=house.clinic.id, kind=kind, title="Call", reason="", role="nurse", acknowledge_by=NOW,
                urgency="today", by=house.actor("nurse"), at=NOW,
            )
            for kind in ("broken", "sound")
        )  # fmt: skip
    whole = ticking.escalate

    def escalate(*, task: Task, **rest: Any) -> Task:
        if task.kind == "broken":
            raise ValueError
        return whole(task=task, **rest)

    monkeypatch.setattr(ticking, "escalate", escalate)

    assert tick(NOW).escalated == 1
    with scope(clinic=house.clinic.id):
        assert Task.objects.get(id=sound.id).for_everyone
        assert Task.objects.get(id=broken.id).escalates_at == NOW + timedelta(minutes=5)


@pytest.mark.django_db
def test_command_beats_once_and_says_what_it_did(capsys: Any) -> None:
    call_command("tick", "--json")

    assert '"held": true' in capsys.readouterr().out
    assert Lease.objects.get().until <= timezone.now()
