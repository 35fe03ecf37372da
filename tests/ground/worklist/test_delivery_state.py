"""Pages promise a reader only while messages really leave: today's test passed, a worker lives, nothing died since."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django_scopes import scope

from firstlight.ground.people.errors import Refused
from firstlight.ground.worklist.models import Task
from firstlight.ground.worklist.selectors import NotWatching, Watching, delivery_state
from firstlight.ground.worklist.services import queue_delivery_tests, send, set_delivery_address, tick
from tests.cast import NOW, House
from tests.ground.worklist.test_outbox import DeadMail

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def inside(house: House) -> Any:
    with scope(clinic=house.clinic.id):
        yield


@pytest.fixture
def mailbox(house: House) -> House:
    set_delivery_address(clinic=house.clinic, address="desk@harbour.example", by=house.actor("administrator"), at=NOW)
    return house


def state(house: House, at: Any = NOW) -> Watching | NotWatching:
    return delivery_state(house.clinic.id, at)


def test_nobody_watches_before_a_mailbox_is_named(house: House) -> None:
    assert NotWatching("no-address") == state(house)


def test_nobody_watches_before_todays_test(mailbox: House) -> None:
    assert NotWatching("untested") == state(mailbox)


def test_test_message_goes_to_the_clinics_own_mailbox(mailbox: House, mailoutbox: list[Any]) -> None:
    tick(NOW)

    [sent] = mailoutbox
    assert (sent.to, sent.subject) == (["desk@harbour.example"], "Daily test of delivery")
    assert Watching(NOW) == state(mailbox)


def test_test_runs_once_a_day_by_the_clinics_own_date(mailbox: House, mailoutbox: list[Any]) -> None:
    for hours in (0, 1, 5, 14, 15, 16):  # NOW is 09:00 in New York
        queue_delivery_tests(NOW + hours * HOUR)
    tick(NOW + 16 * HOUR)

    assert len(mailoutbox) == 2


def test_yesterdays_test_promises_nothing_today(mailbox: House) -> None:
    tick(NOW)

    assert NotWatching("untested") == state(mailbox, NOW + 16 * HOUR)


def test_failed_test_is_said_and_raises_the_alarm(mailbox: House) -> None:
    with patch("django.core.mail.backends.locmem.EmailBackend", DeadMail):
        for seconds in (0, 20, 80, 260):
            tick(NOW + timedelta(seconds=seconds))

    assert NotWatching("failed") == state(mailbox, NOW + timedelta(seconds=261))
    assert list(Task.objects.values_list("kind", flat=True)) == ["delivery-test-failed"]


def test_dead_page_after_a_good_test_ends_the_promise(mailbox: House) -> None:
    tick(NOW)
    send(
        clinic_id=mailbox.clinic.id, to="ruth@harbour.example", template="worklist/messages/page.txt",
        context={"link": "/clinic/tasks/"}, urgent=True, by=mailbox.actor("nurse"), at=NOW + HOUR,
    )  # fmt: skip
    with patch("django.core.mail.backends.locmem.EmailBackend", DeadMail):
        for seconds in (0, 20, 80, 260):
            tick(NOW + HOUR + timedelta(seconds=seconds))

    assert NotWatching("failed") == state(mailbox, NOW + HOUR + timedelta(seconds=261))


def test_dead_worker_ends_the_promise(mailbox: House) -> None:
    tick(NOW)

    assert NotWatching("no-worker") == state(mailbox, NOW + timedelta(minutes=3))


def test_folder_of_files_is_no_channel(mailbox: House, settings: Any) -> None:
    tick(NOW)
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"

    assert NotWatching("no-channel") == state(mailbox)
    settings.DEMO = True
    assert Watching(NOW) == state(mailbox)


def test_one_clinics_test_says_nothing_about_another(mailbox: House, other_house: House) -> None:
    tick(NOW)

    assert NotWatching("no-address") == state(other_house)


@pytest.mark.parametrize("address", ["", "desk", "desk@", "a@b.example, c@d.example"])
def test_mailbox_must_be_one_address(house: House, address: str) -> None:
    with pytest.raises(Refused, match="one e-mail address"):
        set_delivery_address(clinic=house.clinic, address=address, by=house.actor("administrator"), at=NOW)
