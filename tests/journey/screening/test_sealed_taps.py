"""Sealed taps: opened by the clinic only, taken as any other tap, each once, however late and however often they come."""

import base64
import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django_scopes import scope
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.safety.models import Concern
from firstlight.ground.vault import pairs
from firstlight.journey.screening.arrivals import waited
from firstlight.journey.screening.models import Answer, QuestionSet, SealedTap
from firstlight.journey.screening.passes import read_pass
from firstlight.journey.screening.records import record_of
from firstlight.journey.screening.sealed import MOST_BYTES
from firstlight.journey.screening.selectors import given_in
from firstlight.journey.screening.services import link_for
from firstlight.journey.screening.settling import settled
from tests.cast import NOW, House
from tests.journey.screening.telling import day_set, first_set
from tests.support.phone import Phone
from tests.support.scale import STORIES
from tests.support.signed_in import client_of

CLOSES = NOW + timedelta(hours=20)
ADDRESS = "/me/c/box/"
CHOSEN = "check-in:sleep"  # Maya's child is under a year old
FOUR = (("check-in:mood", 7), (CHOSEN, 3), ("check-in:side_effects", 0), ("check-in:harm", 0))


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def asked(house: House) -> QuestionSet:
    return day_set(house, expires_at=CLOSES)


def phone_of(page: str, **more: Any) -> Phone:
    """Read what a page of a check-in gives to its script."""
    said = dict(re.findall(r'data-(set|pass|pair|key)="([^"]+)"', page))
    return Phone(said["set"], said["pass"], said["pair"], base64.b64decode(said["key"]), **more)


def open_link(house: House, question_set: QuestionSet, **more: Any) -> Phone:
    """Open a check-in by its link."""
    with scope(clinic=house.clinic.id):
        address = link_for(question_set=question_set, by=house.actor("nurse"), at=NOW)
    return phone_of(Client().get(address).content.decode(), **more)


@pytest.fixture
def phone(house: House, asked: QuestionSet) -> Phone:
    """Maya's phone, on which the page of the check-in is open."""
    return open_link(house, asked)


def send(phone: Phone, request: dict[str, Any], at: datetime = NOW, client: Client | None = None) -> Any:
    """Send one box at a moment."""
    with time_machine.travel(at, tick=False):
        return (client or Client()).post(ADDRESS, phone.sent(request, at), content_type="application/json")


def given_to(house: House, question_set: QuestionSet) -> dict[str, Any]:
    with scope(clinic=house.clinic.id):
        return {key: dict(values) for key, values in given_in(question_set).items()}


def rows(house: House) -> tuple[int, int, int]:
    """Count answers, sealed taps and concerns."""
    with scope(clinic=house.clinic.id):
        return Answer.objects.count(), SealedTap.objects.count(), Concern.objects.count()


def test_four_sealed_taps_are_the_check_in(house: House, asked: QuestionSet, phone: Phone) -> None:
    answers = [send(phone, phone.tap(item, value, NOW)) for item, value in FOUR]

    assert [(one.status_code, one.json()["finished"]) for one in answers] == [
        (201, False), (201, False), (201, False), (201, True),
    ]  # fmt: skip
    assert given_to(house, asked) == {"check-in": {"mood": 7, "sleep": 3, "side_effects": 0, "harm": 0}}
    with scope(clinic=house.clinic.id):
        assert QuestionSet.objects.get().completed_at == NOW


def test_receipt_names_the_box_and_nothing_of_the_answer(phone: Phone) -> None:
    request = phone.tap("check-in:mood", 7, NOW)

    told = {"id": request["id"], "counts": True, "finished": False, "further": False, "told": []}
    assert send(phone, request).json() == told


def test_box_does_not_show_what_is_in_it(phone: Phone) -> None:
    lengths = set()
    for item, value in (*FOUR, ("check-in:mood", None), ("check-in:mood", 10)):
        request = phone.tap(item, value, NOW)
        sealed = base64.b64decode(request["box"])
        lengths.add(len(sealed))
        assert item.encode() not in sealed
        assert item not in json.dumps(request)
    assert len(lengths) == 1


def test_passed_over_question_comes_sealed_too(house: House, asked: QuestionSet, phone: Phone) -> None:
    assert send(phone, phone.tap("check-in:mood", None, NOW)).status_code == 201

    assert given_to(house, asked) == {"check-in": {"mood": None}}


def test_urge_to_harm_has_its_task_and_the_phone_is_told_who_reads_it(house: House, phone: Phone) -> None:
    told = send(phone, phone.tap("check-in:harm", 1, NOW)).json()["told"]

    with scope(clinic=house.clinic.id):
        concern = Concern.objects.get()
    assert (concern.parent_id, concern.at, concern.task.finished_at) == (house.mother.id, NOW, None)
    assert told[0] == "The clinic was told of your answer."
    assert "Nobody at the clinic is watching this now." in told


def test_nothing_of_a_tap_stays_when_its_task_cannot_be_opened(
    house: House, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    from firstlight.journey.screening.services import answering

    def fails(**anything: object) -> None:
        raise DatabaseError("disk full")

    request = phone.tap("check-in:harm", 1, NOW)
    with monkeypatch.context() as broken:
        broken.setattr(answering, "raise_concern", fails)
        assert send(phone, request, client=Client(raise_request_exception=False)).status_code == 500
    assert rows(house) == (0, 0, 0)

    assert send(phone, request).status_code == 201
    assert rows(house) == (1, 1, 1)


@settings(max_examples=STORIES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 3), min_size=4, max_size=16))
def test_boxes_sent_in_any_order_and_any_number_of_times_are_each_taken_once(
    house: House, asked: QuestionSet, order: list[int]
) -> None:
    with transaction.atomic():
        phone = open_link(house, asked)
        boxes = [phone.tap(item, value, NOW) for item, value in FOUR]
        first = set()
        for place in [*order, 0, 1, 2, 3]:
            status = send(phone, boxes[place]).status_code
            assert status == (200 if place in first else 201)
            first.add(place)
        assert rows(house) == (4, 4, 0)
        transaction.set_rollback(True)


def test_replay_after_a_change_of_mind_changes_nothing(house: House, asked: QuestionSet, phone: Phone) -> None:
    first, second = (phone.tap("check-in:mood", value, NOW) for value in (2, 8))
    for request in (first, second, first, first):
        assert send(phone, request).status_code in {200, 201}

    assert given_to(house, asked) == {"check-in": {"mood": 8}}


def test_replay_of_an_urge_to_harm_opens_no_second_task_and_tells_again(house: House, phone: Phone) -> None:
    request = phone.tap("check-in:harm", 1, NOW)

    answers = [send(phone, request) for _ in range(3)]

    assert [one.status_code for one in answers] == [201, 200, 200]
    assert {one.json()["told"][0] for one in answers} == {"The clinic was told of your answer."}
    assert rows(house) == (1, 1, 1)


def test_another_box_under_the_same_id_is_a_conflict(house: House, asked: QuestionSet, phone: Phone) -> None:
    first = phone.tap("check-in:mood", 2, NOW)
    send(phone, first)

    refused = send(phone, phone.tap("check-in:mood", 9, NOW) | {"id": first["id"]})

    assert refused.status_code == 409
    assert given_to(house, asked) == {"check-in": {"mood": 2}}


def test_box_for_another_set_does_not_open(house: House, phone: Phone) -> None:
    with scope(clinic=house.clinic.id):
        QuestionSet.objects.update(anchor="dose:yesterday")
    other = open_link(house, day_set(house, expires_at=CLOSES))

    refused = send(other, phone.tap("check-in:mood", 2, NOW) | {"pass": other.signed})

    assert (refused.status_code, refused.json()["says"]) == (422, "The clinic could not open this answer.")
    assert rows(house) == (0, 0, 0)


def test_another_clinics_box_pass_and_key_open_nothing_here(
    house: House, other_house: House, asked: QuestionSet, phone: Phone
) -> None:
    theirs = open_link(other_house, day_set(other_house, expires_at=CLOSES))
    stranger = client_of(other_house.mother)

    tries = [
        theirs.tap("check-in:mood", 2, NOW) | {"pass": phone.signed},
        phone.tap("check-in:mood", 2, NOW) | {"pass": theirs.signed},
        phone.tap("check-in:mood", 2, NOW) | {"key": theirs.pair_id},
    ]

    for request in tries:
        assert send(phone, request, client=stranger).status_code == 422
    for one in (house, other_house):
        assert rows(one) == (0, 0, 0)


def test_id_of_another_clinics_box_is_a_conflict(
    house: House, other_house: House, asked: QuestionSet, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = open_link(other_house, day_set(other_house, expires_at=CLOSES))
    first = theirs.tap("check-in:mood", 2, NOW)
    send(theirs, first)

    monkeypatch.setattr("tests.support.phone.uuid4", lambda: first["id"])
    refused = send(phone, phone.tap("check-in:mood", 9, NOW))

    assert (refused.status_code, refused.json()["says"]) == (409, "Another answer came under the same number.")
    assert given_to(house, asked) == {}
    assert rows(other_house) == (1, 1, 0)


def test_pass_that_was_not_made_here_is_unknown(phone: Phone) -> None:
    forged = phone.signed[:-2] + ("AA" if not phone.signed.endswith("AA") else "BB")

    for signed in ("", "x", "x:y", "\x00:\x00", forged, phone.set_id):
        assert send(phone, phone.tap("check-in:mood", 2, NOW) | {"pass": signed}).status_code == 404


def test_sealed_taps_arrive_after_the_sign_in_and_the_link_have_ended(house: House, asked: QuestionSet) -> None:
    maya = client_of(house.mother)
    page = maya.get(f"/me/q/{asked.id}/", follow=True).content.decode()
    own, linked = phone_of(page), open_link(house, asked)
    maya.get("/me/leave/")

    for phone, (item, value) in zip((own, linked, own, linked), FOUR, strict=True):
        assert send(phone, phone.tap(item, value, NOW), client=maya).status_code == 201
    assert send(linked, linked.tap("check-in:harm", 0, NOW)).json()["finished"]


def test_pass_reads_nothing(phone: Phone) -> None:
    assert Client().get(ADDRESS).status_code == 405
    assert Client().get(f"/me/c/{phone.signed}/").status_code == 404


def test_page_of_another_site_sends_nothing(phone: Phone) -> None:
    refused = Client().post(
        ADDRESS,
        phone.sent(phone.tap("check-in:mood", 3, NOW), NOW),
        content_type="application/json",
        headers={"Sec-Fetch-Site": "cross-site"},
    )

    assert refused.status_code == 403


# When it was tapped, and when it came.


def kept(house: House) -> SealedTap:
    with scope(clinic=house.clinic.id):
        return SealedTap.objects.select_related("answer").get()


def test_answer_has_the_time_of_its_tap_and_its_task_the_time_of_arrival(house: House, phone: Phone) -> None:
    tapped, came = NOW + timedelta(hours=3), NOW + timedelta(hours=11)

    send(phone, phone.tap("check-in:harm", 1, tapped), came)

    tap = kept(house)
    assert (tap.tapped_at, tap.arrived_at, tap.answer.answered_at) == (tapped, came, tapped)
    with scope(clinic=house.clinic.id):
        assert Concern.objects.get().at == came
        assert Concern.objects.get().task.acknowledge_by > came


@pytest.mark.parametrize("ahead", [timedelta(hours=5), -timedelta(hours=5), timedelta(days=400), -timedelta(days=400)])
def test_phone_whose_clock_is_wrong_is_corrected_by_what_it_says_on_sending(
    house: House, asked: QuestionSet, ahead: timedelta
) -> None:
    phone, tapped, came = open_link(house, asked, ahead=ahead), NOW + timedelta(hours=3), NOW + timedelta(hours=11)

    send(phone, phone.tap("check-in:mood", 4, tapped), came)

    tap = kept(house)
    assert tap.told_at == tapped + ahead
    assert (tap.tapped_at, tap.clock_ahead_seconds) == (tapped, ahead.total_seconds())


def test_clock_set_between_tap_and_sending_makes_no_tap_older_than_its_page_or_newer_than_now(
    house: House, phone: Phone
) -> None:
    came = NOW + timedelta(hours=2)
    for told in (NOW - timedelta(days=900), NOW + timedelta(days=900)):
        send(phone, phone.tap("check-in:mood", 4 if told < NOW else 5, told), came)

    with scope(clinic=house.clinic.id):
        assert [tap.tapped_at for tap in SealedTap.objects.order_by("tapped_at")] == [NOW, came]


def test_tapped_in_time_and_arrived_within_the_days_counts(house: House, asked: QuestionSet, phone: Phone) -> None:
    tapped, came = CLOSES - timedelta(minutes=1), CLOSES + settled().arrives_within - timedelta(minutes=1)

    answers = [send(phone, phone.tap(item, value, tapped), came) for item, value in FOUR]

    assert answers[-1].json()["finished"]
    with scope(clinic=house.clinic.id):
        assert QuestionSet.objects.get().completed_at == came


@pytest.mark.parametrize(
    ("tapped", "came"),
    [
        (CLOSES + timedelta(minutes=1), CLOSES + timedelta(hours=1)),
        (CLOSES - timedelta(minutes=1), CLOSES + timedelta(days=7)),
    ],
)
def test_tapped_or_arrived_too_late_is_refused_with_a_word(
    house: House, phone: Phone, tapped: datetime, came: datetime
) -> None:
    refused = send(phone, phone.tap("check-in:mood", 4, tapped), came)

    assert (refused.status_code, refused.json()["says"]) == (422, "The time for these questions is over.")
    assert rows(house) == (0, 0, 0)


def test_urge_to_harm_that_came_too_late_to_count_is_told_to_the_clinic_all_the_same(
    house: House, phone: Phone
) -> None:
    came = CLOSES + timedelta(days=30)

    answer = send(phone, phone.tap("check-in:harm", 1, CLOSES + timedelta(days=1)), came)

    assert (answer.status_code, answer.json()["counts"]) == (201, False)
    assert answer.json()["told"][0] == "The clinic was told of your answer."
    with scope(clinic=house.clinic.id):
        concern = Concern.objects.get()
        assert concern.at == came
        assert "after the questions were closed" in concern.reason
    assert rows(house) == (0, 1, 1)


def test_answer_that_came_another_way_before_is_taken_as_it_stands(
    house: House, asked: QuestionSet, phone: Phone
) -> None:
    for item, value in FOUR:
        send(phone, phone.tap(item, value, NOW))

    same, other = (send(phone, phone.tap("check-in:mood", value, NOW)) for value in (7, 8))

    assert same.status_code == 201
    assert (other.status_code, other.json()["says"]) == (422, "These answers were sent already.")


def test_replaced_key_still_opens_what_was_sealed_for_it(house: House, asked: QuestionSet, phone: Phone) -> None:
    request = phone.tap("check-in:mood", 7, NOW)
    pairs.renew_pairs(NOW + pairs.REPLACED_AFTER)

    assert send(phone, request, NOW + timedelta(hours=1)).status_code == 201
    assert open_link(house, asked).pair_id != phone.pair_id


# What followed an answer, and went when that was changed in another window.


def followed_and_gone(house: House, phone: Phone, *last: tuple[str, int]) -> dict[str, Any]:
    """Let an ASQ yes wait on the phone while another window changes the urge to harm to no; return the box that waits."""
    for item, value in (*last, ("check-in:harm", 1)):
        assert send(phone, phone.tap(item, value, NOW)).status_code == 201
    waits = phone.tap("asq:q1", 1, NOW)
    assert send(phone, phone.tap("check-in:harm", 0, NOW)).status_code == 201
    with scope(clinic=house.clinic.id):
        assert QuestionSet.objects.get().instruments == ["check-in"]
    return waits


def told_from(house: House) -> list[str]:
    with scope(clinic=house.clinic.id):
        return list(Concern.objects.order_by("at", "id").values_list("source", flat=True))


def test_yes_that_waited_while_its_questions_went_brings_them_back(
    house: House, asked: QuestionSet, phone: Phone
) -> None:
    waits = followed_and_gone(house, phone, FOUR[0])

    answer = send(phone, waits, NOW + timedelta(minutes=5))

    assert (answer.status_code, answer.json()["counts"], answer.json()["further"]) == (201, True, True)
    assert answer.json()["told"][0] == "The clinic was told of your answer."
    assert told_from(house) == ["screening:check-in-harm", "screening:asq-positive"]
    assert given_to(house, asked) == {"check-in": {"mood": 7, "harm": 0}, "asq": {"q1": 1}}
    with scope(clinic=house.clinic.id):
        assert QuestionSet.objects.get().instruments == ["check-in", "asq"]
    assert send(phone, waits, NOW + timedelta(minutes=6)).status_code == 200
    assert rows(house)[2] == 2


def test_yes_that_waited_while_its_questions_went_and_the_rest_was_sent_is_told(
    house: House, asked: QuestionSet, phone: Phone
) -> None:
    waits = followed_and_gone(house, phone, *FOUR[:3])

    answer = send(phone, waits, NOW + timedelta(minutes=5))

    assert (answer.status_code, answer.json()["counts"], answer.json()["finished"]) == (201, False, True)
    assert told_from(house) == ["screening:check-in-harm", "screening:asq-positive"]


def test_no_that_waited_while_its_questions_went_brings_nothing_back(house: House, phone: Phone) -> None:
    followed_and_gone(house, phone, FOUR[0])

    assert send(phone, phone.tap("asq:q1", 0, NOW)).status_code == 422
    assert told_from(house) == ["screening:check-in-harm"]


def test_yes_on_a_page_whose_questions_went_in_another_window_is_an_answer_with_its_card(
    house: House, asked: QuestionSet, phone: Phone
) -> None:
    followed_and_gone(house, phone, FOUR[0])

    page = client_of(house.mother).post(f"/me/q/{asked.id}/5/", {"item": "asq:q1", "value": 1})

    assert (page.status_code, page["Location"]) == (303, f"/me/q/{asked.id}/6/?h=1")
    assert told_from(house) == ["screening:check-in-harm", "screening:asq-positive"]
    assert given_to(house, asked)["asq"] == {"q1": 1}


# What is no tap.


@pytest.mark.parametrize("item", ["", "mood", "check-in:", "check-in:nothing", "phq-9:q9", "asq:q5"])
def test_question_of_no_check_in_is_refused(house: House, phone: Phone, item: str) -> None:
    assert send(phone, phone.tap(item, 1, NOW)).status_code == 422
    assert rows(house) == (0, 0, 0)


@pytest.mark.parametrize("value", [-1, 11, 999, 1000, 10**30, True, "7", 1.5, [7], {}])
def test_value_that_is_no_answer_is_refused(house: House, phone: Phone, value: object) -> None:
    assert send(phone, phone.tap("check-in:mood", value, NOW)).status_code == 422
    assert rows(house) == (0, 0, 0)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"[]", b"7", b"{", b"{}", b"\xff\xfe", b'"\\ud800"', b"[" * 4_000, b'{"a":' * 700, b"9" * 4_000,
        b'{"pass": 1, "id": 2, "key": 3, "box": 4, "now_ms": 5}', b'{"now_ms": NaN}',
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_a_bad_request(body: bytes) -> None:
    answer = Client().post(ADDRESS, body, content_type="application/json")

    assert (answer.status_code, answer.json()["says"]) == (400, "This could not be read.")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", "no-uuid"), ("id", None), ("key", 7), ("box", "ümlaut"), ("box", "=a"), ("box", None), ("pass", None),
        ("pass", "x:\ud800"), ("pass", "x:ü"), ("id", "٣" * 32),
        ("now_ms", -1), ("now_ms", 10**18), ("now_ms", True), ("now_ms", "1"), ("now_ms", None),
        ("box", base64.b64encode(b"x" * 1_025).decode()),
    ],
)  # fmt: skip
def test_request_with_one_wrong_part_is_a_bad_request(house: House, phone: Phone, name: str, value: object) -> None:
    assert send(phone, phone.tap("check-in:mood", 7, NOW) | {name: value}).status_code == 400
    assert rows(house) == (0, 0, 0)


def test_request_that_is_too_large_is_not_read(phone: Phone) -> None:
    body = phone.sent(phone.tap("check-in:mood", 7, NOW), NOW)

    large = Client().post(ADDRESS, body.ljust(MOST_BYTES + 1), content_type="application/json")

    assert large.status_code == 413


@settings(max_examples=STORIES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.sampled_from(["box", "id", "key", "pass"]), st.data())
def test_no_request_and_no_content_of_a_box_is_a_failure(
    house: House, phone: Phone, rubbish: bytes, name: str, data: st.DataObject
) -> None:
    junk = data.draw(st.none() | st.integers() | st.text(max_size=60) | st.lists(st.integers(), max_size=3))
    odd = phone.tap("check-in:mood", 7, NOW) | {name: junk}
    noise = phone.tap("check-in:mood", 7, NOW) | {"box": base64.b64encode(rubbish).decode()}

    with transaction.atomic():
        statuses = {
            Client().post(ADDRESS, rubbish, content_type="application/json").status_code,
            send(phone, odd).status_code,
            send(phone, noise).status_code,
        }
        assert statuses <= {400, 404, 422}
        assert rows(house) == (0, 0, 0)


def test_content_of_a_box_that_is_no_tap_is_refused(phone: Phone) -> None:
    from uuid import uuid4

    from tests.support.phone import seal

    for plain in (b"", b"[]", b"{", b'{"item": 1}', b"[" * 500, b'{"item": "check-in:mood", "value": 1}'):
        box_id = str(uuid4())
        box = seal(phone.public, plain, f"{phone.set_id}|{phone.pair_id}|{box_id}")
        request = phone.tap("check-in:mood", 1, NOW) | {"id": box_id, "box": base64.b64encode(box).decode()}
        assert send(phone, request).status_code == 422


def test_more_boxes_than_anybody_taps_are_refused(house: House, phone: Phone) -> None:
    most = settled().boxes_a_set
    answers = [send(phone, phone.tap("check-in:mood", place % 10, NOW)).status_code for place in range(most + 1)]

    assert answers == [201] * most + [429]


# What is written of it, and who reads it.


def test_audit_holds_no_answer_and_no_pass(house: House, phone: Phone) -> None:
    send(phone, phone.tap("check-in:mood", 7, NOW), NOW + timedelta(minutes=2))

    (event,) = AuditEvent.objects.filter(action="screening.box_opened")
    assert event.detail == {"counts": True, "waited_seconds": 120}
    assert (event.role, event.account_id, event.parent_id) == ("link", None, house.mother.id)


def test_sealed_tap_cannot_be_changed_or_removed(phone: Phone) -> None:
    send(phone, phone.tap("check-in:mood", 7, NOW))

    for statement in ("UPDATE screening_sealedtap SET asks_help = asks_help", "DELETE FROM screening_sealedtap"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def read_by_prescriber(house: House) -> str:
    page = client_of(house.prescriber).get(f"/clinic/people/{house.mother.id}/answers/")
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.content.decode()))


def test_clinic_reads_that_an_answer_waited_and_that_the_clock_was_wrong(house: House, asked: QuestionSet) -> None:
    phone = open_link(house, asked, ahead=timedelta(hours=3))
    came = NOW + timedelta(hours=6)
    send(phone, phone.tap("check-in:mood", 7, NOW + timedelta(hours=1)), came)

    with time_machine.travel(came, tick=False):
        page = read_by_prescriber(house)

    assert "Tapped on a phone without connection: today 10:00. Arrived: today 15:00." in page
    assert "The phone's clock was 3 h ahead; its times are corrected by that." in page.replace("&#x27;", "'")


def test_clinic_reads_nothing_of_phones_whose_answers_came_at_once(house: House, phone: Phone) -> None:
    send(phone, phone.tap("check-in:mood", 7, NOW), NOW + timedelta(seconds=3))

    assert "Tapped on a phone" not in read_by_prescriber(house)
    with scope(clinic=house.clinic.id):
        (arrivals,) = record_of(house.actor("prescriber"), house.mother.id).arrivals.values()
        assert waited(arrivals) is None


def test_other_sets_give_the_same_key_and_a_pass_for_themselves_alone(house: House) -> None:
    question_set = first_set(house)

    page = client_of(house.mother).get(f"/me/q/{question_set.id}/1/").content.decode()

    shown = re.search(r'data-pass="([^"]+)"', page)
    assert shown is not None
    assert read_pass(shown[1]).set_id == question_set.id
