"""A message is written with its cause and leaves later: at least once, under one id, or the clinic hears of it."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.template import TemplateDoesNotExist
from django_scopes import scope

from firstlight.ground.vault.services import destroy_key
from firstlight.ground.worklist import selectors
from firstlight.ground.worklist.models import OutboxMessage, Task
from firstlight.ground.worklist.services import send, send_code, send_invitation, tick
from tests.cast import NOW, House

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def inside(house: House) -> Any:
    with scope(clinic=house.clinic.id):
        yield


class DeadMail(EmailBackend):
    """A mail server that is away. What it says holds an address."""

    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError(f"no route to {messages[0].to}")


def queued(house: House, **values: Any) -> OutboxMessage:
    facts: dict[str, Any] = {
        "clinic_id": house.clinic.id, "to": "maya@home.example", "template": "worklist/messages/message.txt",
        "context": {"link": "http://localhost:8000/me/"}, "parent": house.mother, "by": house.actor("nurse"), "at": NOW,
    }  # fmt: skip
    return send(**facts | values)


def test_message_leaves_with_the_next_beat(house: House, mailoutbox: list[Any]) -> None:
    message = queued(house)
    assert mailoutbox == []

    done = tick(NOW)

    assert (done.sent, done.failed) == (1, 0)
    [sent] = mailoutbox
    assert (sent.to, sent.subject) == (["maya@home.example"], "You have a message")
    assert sent.extra_headers["Message-ID"] == f"<{message.id}@firstlight.invalid>"
    assert tick(NOW).sent == 0


def test_message_of_a_write_that_failed_was_never_written(house: House) -> None:
    with transaction.atomic():
        queued(house)
        transaction.set_rollback(True)

    assert not OutboxMessage.objects.exists()


def test_message_with_a_known_key_is_not_written_again(house: House) -> None:
    assert queued(house, key="reminder:1") == queued(house, key="reminder:1")
    assert OutboxMessage.objects.count() == 1


def test_unknown_template_is_found_when_the_message_is_written(house: House) -> None:
    with pytest.raises(TemplateDoesNotExist):
        queued(house, template="worklist/messages/nothing.txt")


def test_failed_message_is_tried_again_later_and_then_given_up(house: House) -> None:
    message = queued(house)
    with patch("django.core.mail.backends.locmem.EmailBackend", DeadMail):
        assert (tick(NOW).sent, OutboxMessage.objects.get().attempts) == (0, 1)
        assert tick(NOW + MINUTE / 2).failed == 0
        for minutes in (1, 6, 21, 81, 321):
            assert tick(NOW + minutes * MINUTE).failed == 1

    message.refresh_from_db()
    assert message.dead_at == NOW + 321 * MINUTE
    assert message.trouble == "ConnectionRefusedError"


def test_failed_message_leaves_when_the_mail_server_is_back(house: House, mailoutbox: list[Any]) -> None:
    queued(house)
    with patch("django.core.mail.backends.locmem.EmailBackend", DeadMail):
        tick(NOW)

    assert tick(NOW + MINUTE).sent == 1
    assert len(mailoutbox) == 1


def give_up(house: House, **values: Any) -> OutboxMessage:
    message = queued(house, urgent=True, **values)
    with patch("django.core.mail.backends.locmem.EmailBackend", DeadMail):
        for seconds in (0, 20, 80, 260):
            tick(NOW + timedelta(seconds=seconds))
    message.refresh_from_db()
    return message


def test_page_that_did_not_go_out_raises_the_alarm_inside_the_clinic(house: House) -> None:
    message = give_up(house)

    assert message.dead_at
    [alarm] = selectors.alarms(house.actor("nurse"))
    assert alarm.kind == "message-failed"
    assert [alarm] == selectors.open_tasks(house.actor("administrator"))
    assert "maya@" not in alarm.title + alarm.reason


def test_second_dead_message_joins_the_alarm(house: House) -> None:
    give_up(house)
    give_up(house)

    assert Task.objects.filter(kind="message-failed").count() == 1


def test_alarm_pages_nobody(house: House) -> None:
    give_up(house)

    assert OutboxMessage.objects.count() == 1
    assert tick(NOW + timedelta(days=1)).escalated == 0


def test_code_is_kept_nowhere_once_it_was_sent(house: House, mailoutbox: list[Any]) -> None:
    assert house.mother.account
    send_code(account=house.mother.account, code="417 283", at=NOW)
    tick(NOW)

    [sent] = mailoutbox
    assert "417 283" in sent.body
    assert sent.to == [house.mother.account.email]
    assert OutboxMessage.objects.get().context == {}


def test_code_of_staff_goes_to_the_account(house: House, mailoutbox: list[Any]) -> None:
    send_code(account=house.nurse.account, code="417 283", at=NOW)
    tick(NOW)

    assert mailoutbox[0].to == [house.nurse.account.email]


def test_invitation_is_neutral_and_holds_a_whole_link(house: House, mailoutbox: list[Any]) -> None:
    send_invitation(episode=house.episode, link="/me/open/abc/", by=house.actor("nurse"), at=NOW)
    tick(NOW)

    [sent] = mailoutbox
    assert sent.subject == "You have a message"
    assert "http://localhost:8000/me/open/abc/" in sent.body
    for word in ("Maya", "Harbour", "ketamine", "clinic", "baby"):
        assert word.casefold() not in (sent.subject + sent.body).casefold()


def test_address_and_words_are_not_in_the_database_in_clear(house: House) -> None:
    message = queued(house)
    stored = OutboxMessage.objects.filter(id=message.id).extra(select={"words": '"to" || context'})
    words = stored.values_list("words").get()[0]

    assert "maya" not in words
    assert "localhost" not in words


def test_message_to_somebody_who_was_erased_is_let_go_without_an_alarm(house: House, mailoutbox: list[Any]) -> None:
    message = queued(house, urgent=True)
    destroy_key(owner_id=house.mother.id, at=NOW)
    tick(NOW)

    message.refresh_from_db()
    assert message.dead_at == NOW
    assert mailoutbox == []
    assert selectors.alarms(house.actor("nurse")) == []
