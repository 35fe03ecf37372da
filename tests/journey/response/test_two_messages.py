"""A tired mother opens whichever message is on top: each leads to the same open questions until they are answered or ended."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django_scopes import scope

from firstlight.ground.audit import triggers
from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.models import EpisodeState
from firstlight.ground.people.services import amend_details
from firstlight.ground.people.services.episodes import move
from firstlight.ground.worklist.models import OutboxMessage
from firstlight.journey.response import services
from firstlight.journey.response.schedule import schedule
from firstlight.journey.screening.links import digest_of
from firstlight.journey.screening.models import Answer, QuestionSet, SetLink, SetLinkEnd
from firstlight.journey.screening.services import assign, complete, link_for, send_set, take_back
from tests.cast import NOW, House, harbour
from tests.journey.screening.telling import answer_all, day_set
from tests.support.reading import words_of
from tests.support.signed_in import client_of

HOUR = timedelta(hours=1)
REMINDED = NOW + schedule().sent_sets.after
LATER = REMINDED + HOUR


@pytest.fixture
def at_harbour(house: House) -> Iterator[House]:
    """Maya is in care, and it is an hour after her reminder."""
    with time_machine.travel(LATER, tick=False), scope(clinic=house.clinic.id):
        house.episode.state = EpisodeState.ACTIVE
        house.episode.save(update_fields=["state"])
        yield house


def send(house: House) -> QuestionSet:
    """Send Maya a set from the record, tell her of it, and remind her three days later."""
    question_set = send_set(episode=house.episode, set_name="trauma", by=house.actor("nurse"), at=NOW)
    services.remind_due(NOW)
    services.remind_due(REMINDED)
    return question_set


def links(house: House) -> list[str]:
    """Return where the links of Maya's messages lead, the first message in front."""
    found = OutboxMessage.objects.filter(template=services.MESSAGE, parent=house.mother).order_by("made_at")
    return ["/" + one.context["link"].split("/", 3)[3] for one in found]


def read(address: str) -> tuple[int, str]:
    """Open a link on a phone that knows nobody; return the status and the words."""
    page = Client().get(address)
    return page.status_code, words_of(page.content.decode())


def test_first_message_and_reminder_open_the_same_questions_one_after_the_other(at_harbour: House) -> None:
    question_set = send(at_harbour)
    first, reminder = links(at_harbour)
    tapped = [
        Client().post(f"{address}1/", {"item": "pc-ptsd-5:q1", "value": 1}).status_code for address in (first, reminder)
    ]

    assert [read(address)[0] for address in (first, reminder, first)] == [200, 200, 200]
    assert tapped == [303, 303]
    assert Answer.objects.filter(question_set=question_set).count() == 1
    assert [one.purpose for one in SetLink.objects.order_by("made_at")] == ["first", "reminder"]


def test_once_answered_both_say_so_kindly(at_harbour: House) -> None:
    question_set = send(at_harbour)
    answer_all(at_harbour, question_set, at=LATER)
    complete(question_set=question_set, by=at_harbour.actor("mother"), at=LATER)

    for address in links(at_harbour):
        status, words = read(address)
        assert status == 410
        assert "These questions are answered. Thank you." in words
        assert "Nothing more is needed from you here." in words
        assert at_harbour.clinic.phone in words
        assert "Maya" not in words


def correct_address(house: House) -> None:
    amend_details(parent=house.mother, by=house.actor("nurse"), at=LATER, email="maya@right.example")


def end_care(house: House) -> None:
    move(episode=house.episode, to=EpisodeState.CLOSED, reason="Done.", by=house.actor("prescriber"), at=LATER)


def want_nothing(house: House) -> None:
    move(episode=house.episode, to=EpisodeState.STOPPED, reason="Hers.", by=house.actor("prescriber"), at=LATER)
    services.wish_after_stop(episode=house.episode, wish="nothing", by=house.actor("mother"), at=LATER)


def take_it_back(house: House) -> None:
    assert take_back(question_set=QuestionSet.objects.get(), by=house.actor("nurse"), at=LATER)


def end_links_on_her_page(house: House) -> None:
    page = client_of(house.mother).post("/me/hours/messages/", {"do": "end-links"}, follow=True)
    assert "The links in all messages so far open nothing any more." in words_of(page.content.decode())


ENDINGS = {
    "address": correct_address,
    "care-over": end_care,
    "closed": take_it_back,
    "closed after a stop": want_nothing,
    "wish": end_links_on_her_page,
}


@pytest.mark.parametrize("why", ENDINGS)
def test_what_ends_one_link_ends_every_one_of_them(at_harbour: House, why: str) -> None:
    send(at_harbour)
    ending: Callable[[House], None] = ENDINGS[why]
    _status, unknown = read("/me/c/no-such-link/")

    ending(at_harbour)

    assert [read(address) for address in links(at_harbour)] == [(404, unknown)] * 2
    assert {end.why for end in SetLinkEnd.objects.all()} <= {why.split()[0], "closed"}
    assert SetLinkEnd.objects.count() == 2
    ended = AuditEvent.objects.filter(action="screening.links_ended")
    assert [event.detail for event in ended] == ([{"why": why, "count": 2}] if why in {"address", "wish"} else [])


def test_begun_check_in_keeps_its_day_and_loses_its_links_where_care_ends(at_harbour: House) -> None:
    question_set = day_set(at_harbour, at=LATER, expires_at=LATER + HOUR)
    by = at_harbour.actor("nurse")
    out = [link_for(question_set=question_set, by=by, at=LATER) for _ in range(2)]
    assert Client().post(f"{out[0]}1/", {"item": "check-in:mood", "value": 3}).status_code == 303

    end_care(at_harbour)

    assert [read(address)[0] for address in out] == [404, 404]
    assert {end.why for end in SetLinkEnd.objects.all()} == {"care-over"}
    question_set.refresh_from_db()
    assert question_set.expires_at == LATER + HOUR


def test_links_end_and_the_questions_stay_open_where_she_signs_in(at_harbour: House) -> None:
    question_set = send(at_harbour)

    for ending in (end_links_on_her_page, end_links_on_her_page, correct_address):
        ending(at_harbour)

    assert SetLinkEnd.objects.count() == 2
    assert f"/me/q/{question_set.id}/" in client_of(at_harbour.mother).get("/me/").content.decode()
    newer = link_for(question_set=question_set, by=at_harbour.actor("nurse"), at=LATER)
    assert [read(address)[0] for address in (newer, *links(at_harbour))] == [200, 404, 404]


def test_answered_questions_are_not_spoken_of_where_the_message_went_to_a_stranger(at_harbour: House) -> None:
    question_set = send(at_harbour)
    answer_all(at_harbour, question_set, at=LATER)
    complete(question_set=question_set, by=at_harbour.actor("mother"), at=LATER)

    correct_address(at_harbour)

    assert {read(address) for address in links(at_harbour)} == {read("/me/c/no-such-link/")}


def test_after_a_stop_what_can_still_be_answered_keeps_its_links(at_harbour: House) -> None:
    send(at_harbour)

    move(
        episode=at_harbour.episode,
        to=EpisodeState.STOPPED,
        reason="Hers.",
        by=at_harbour.actor("prescriber"),
        at=LATER,
    )

    assert [read(address)[0] for address in links(at_harbour)] == [200, 200]


def test_nobody_else_ends_her_links_and_she_ends_nobody_elses(at_harbour: House, other_house: House) -> None:
    send(at_harbour)
    with scope(clinic=other_house.clinic.id):
        by, at = other_house.actor("nurse"), LATER
        asked = assign(parent=other_house.mother, episode=other_house.episode, set_name="trauma", by=by, at=at)
        theirs = link_for(question_set=asked, by=by, at=at)
        amend_details(parent=other_house.father, by=by, at=at, email="somebody@else.example")
    amend_details(parent=at_harbour.father, by=at_harbour.actor("nurse"), at=LATER, email="father@right.example")
    for stranger in (at_harbour.father, other_house.father):
        assert client_of(stranger).post("/me/hours/messages/", {"do": "end-links"}).status_code == 302
    assert Client().post("/me/hours/messages/", {"do": "end-links"})["Location"].startswith("/me/sign-in/")
    assert client_of(at_harbour.nurse).post("/me/hours/messages/", {"do": "end-links"}).status_code != 200
    assert [read(address)[0] for address in (*links(at_harbour), theirs)] == [200, 200, 200]

    end_links_on_her_page(at_harbour)

    assert [read(address)[0] for address in (*links(at_harbour), theirs)] == [404, 404, 200]


def test_links_that_went_out_before_each_message_had_one_go_on_working(own_database: None) -> None:
    """The newest of a set is all that was kept; the audit says when it was made."""
    house = harbour()
    with scope(clinic=house.clinic.id):
        sets = [
            assign(parent=house.mother, episode=house.episode, set_name=name, by=house.actor("nurse"), at=NOW)
            for name in ("trauma", "brief", "day")
        ]
        link_for(question_set=sets[0], by=house.actor("nurse"), at=NOW + HOUR)
        link_for(question_set=sets[0], by=house.actor("nurse"), at=LATER)
    call_command("migrate", "screening", "0011", verbosity=0)
    earlier = MigrationExecutor(connection).loader.project_state(("screening", "0011_what_two_passes_said")).apps
    of_earlier = earlier.get_model("screening", "QuestionSet")._base_manager
    for question_set, token in zip(sets, ("newest", "not in the audit"), strict=False):
        of_earlier.filter(id=question_set.id).update(link_digest=digest_of(token))

    call_command("migrate", "screening", verbosity=0)

    with scope(clinic=house.clinic.id):
        kept = {(one.question_set_id, one.digest, one.purpose, one.made_at) for one in SetLink.objects.all()}
    assert kept == {
        (sets[0].id, digest_of("newest"), "unknown", LATER),
        (sets[1].id, digest_of("not in the audit"), "unknown", NOW),
    }
    assert triggers.missing() == []
    with time_machine.travel(LATER, tick=False):
        assert read("/me/c/newest/")[0] == 200
