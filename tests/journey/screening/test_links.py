"""Check-in links: no sign-in, one set, writing only. An expired, an ended and an unknown one look alike."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django_scopes import scope
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Loss
from firstlight.ground.safety.models import Concern
from firstlight.journey.screening.links import digest_of
from firstlight.journey.screening.models import Answer, QuestionSet, SetLink
from firstlight.journey.screening.services import complete, end_links, link_for
from tests.cast import NOW, House
from tests.journey.screening.telling import answer_all, day_set
from tests.support.reading import words_of
from tests.support.scale import STORIES
from tests.support.signed_in import client_of

ITEMS = ["mood", "anxiety", "tension", "sleep", "closeness", "energy", "side_effects", "harm"]
TOMORROW = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def link(house: House, *, expires_at=TOMORROW) -> str:
    question_set = day_set(house, expires_at=expires_at)
    with scope(clinic=house.clinic.id):
        return link_for(question_set=question_set, by=house.actor("nurse"), at=NOW)


def answer(client: Client, address: str, position: int, value: int):
    return client.post(f"{address}{position}/", {"item": f"check-in:{ITEMS[position - 1]}", "value": value})


def answer_to_the_end(client: Client, address: str, *, harm: int = 0):
    for position in range(1, 8):
        answer(client, address, position, 5)
    return answer(client, address, 8, harm)


def test_link_opens_the_first_question_without_sign_in_or_cookie(house: House) -> None:
    client = Client()

    page = client.get(link(house))

    assert page.status_code == 200
    assert "How was your mood?" in page.content.decode()
    assert not client.cookies


def test_link_says_before_its_first_question_why_and_who_reads_it(house: House) -> None:
    page = Client().get(link(house)).content.decode()

    for said in (
        "That is",
        "tomorrow",
        "about 1 minute",
        "Your team sees how the hours after a visit go",
        "Nobody watches for them",
    ):
        assert said in page


def test_link_shows_no_name(house: House) -> None:
    client, address = Client(), link(house)
    pages = [client.get(address), client.get(f"{address}8/"), answer_to_the_end(client, address), client.get(address)]

    for page in pages:
        assert not re.search(r"Maya|Lindqvist", page.content.decode())


def test_eight_taps_answer_the_day_and_lead_to_a_page_that_knows_only_the_clinic(house: House) -> None:
    client, address = Client(), link(house)

    done = answer_to_the_end(client, address)

    assert done["Location"] == f"/me/c/done/{house.clinic.id}/"
    end = client.get(done["Location"]).content.decode()
    assert "Your answers are with the clinic." in end
    assert "Of each question the last answer counts, also where two phones had the link." in end
    with scope(clinic=house.clinic.id):
        assert QuestionSet.objects.get().completed_at == NOW
        assert {row.answered_by_id for row in Answer.objects.all()} == {None}


def test_token_is_stored_as_its_digest_only(house: House) -> None:
    token = link(house).strip("/").split("/")[-1]

    with scope(clinic=house.clinic.id):
        stored = SetLink.objects.get()
        assert (stored.digest, stored.question_set_id) == (digest_of(token), QuestionSet.objects.get().id)
        assert (stored.purpose, stored.made_at) == ("first", NOW)
        assert token not in str([SetLink.objects.values().get(), QuestionSet.objects.values().get()])
        assert token not in str(list(AuditEvent.objects.values()))


def test_link_of_an_answered_set_says_so_wherever_it_is_opened_and_takes_nothing(house: House) -> None:
    client, used = Client(), link(house)
    answer_to_the_end(client, used)

    pages = [client.get(used), client.get(f"{used}3/"), client.get(f"{used}help/3/")]
    late = answer(client, used, 1, 2)

    for page in (*pages, late):
        words = words_of(page.content.decode())
        assert page.status_code == 410
        assert "These questions are answered. Thank you." in words
        assert not re.search(r"Maya|Lindqvist|mood", words)
        assert ("What you tapped just now was not kept" in words) is (page is late)
    with scope(clinic=house.clinic.id):
        assert Answer.objects.count() == 8


def test_ended_and_unknown_links_look_alike(house: House) -> None:
    client, unknown = Client(), Client().get("/me/c/no-such-link/")
    question_set = day_set(house, expires_at=TOMORROW)
    with scope(clinic=house.clinic.id):
        ended = link_for(question_set=question_set, by=house.actor("nurse"), at=NOW)
        end_links(parent=house.mother, by=house.actor("mother"), at=NOW)
    pages = [client.get(ended), client.get(f"{ended}3/"), client.get(f"{ended}help/3/"), answer(client, ended, 1, 2)]

    for one in pages:
        assert (one.status_code, one.content) == (404, unknown.content)


def test_link_that_opens_nothing_has_the_telephone_of_the_one_clinic(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Client().get("/me/c/no-such-link/").content.decode()
    monkeypatch.setattr("firstlight.journey.screening.views.link.only_clinic", lambda: None)  # there are several

    assert f"Call {house.clinic.phone}" in page
    assert 'href="tel:' not in Client().get("/me/c/no-such-link/").content.decode()


def test_expired_link_looks_like_an_unknown_one_and_keeps_what_was_answered(house: House) -> None:
    client, address = Client(), link(house)
    answer(client, address, 1, 3)

    with time_machine.travel(TOMORROW, tick=False):
        late = answer(client, address, 2, 3)
        assert late.content == client.get("/me/c/no-such-link/").content

    assert late.status_code == 404
    with scope(clinic=house.clinic.id):
        assert Answer.objects.count() == 1


def test_each_link_of_a_set_opens_it_and_none_ends_another(house: House) -> None:
    older = link(house)
    newer = link(house)

    answer(Client(), newer, 1, 5)

    assert [Client().get(one).status_code for one in (older, newer, older)] == [200, 200, 200]
    with scope(clinic=house.clinic.id):
        assert [one.purpose for one in SetLink.objects.order_by("purpose")] == ["first", "reminder"]


TAPS = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 8), st.integers(0, 10)), max_size=12)


@settings(max_examples=STORIES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(taps=TAPS)
def test_however_taps_go_through_several_links_they_make_what_one_link_would(
    house: House, taps: list[tuple[int, int, int]]
) -> None:
    """One answer of each question counts, the last one, and no tap that changes nothing makes a row."""
    with transaction.atomic():
        links, rows = [link(house) for _ in range(3)], 0
        last: dict[str, int] = {}
        for which, position, number in taps:
            item, value = ITEMS[position - 1], 0 if ITEMS[position - 1] == "harm" else number
            if (sent := answer(Client(), links[which], position, value)).status_code == 410:
                break  # its last question was answered: it is sent, through whichever link
            assert sent.status_code == 303
            rows += last.get(item) != value
            last[item] = value
        with scope(clinic=house.clinic.id):
            standing = Answer.objects.filter(amended_by=None).values_list("item", "value")
            assert (dict(standing), len(standing)) == (last, len(last))
            assert Answer.objects.count() == rows
        transaction.set_rollback(True)


def test_no_link_is_made_for_a_finished_set(house: House) -> None:
    question_set = day_set(house)
    answer_all(house, question_set)
    with scope(clinic=house.clinic.id):
        complete(question_set=question_set, by=house.actor("mother"), at=NOW)

        with pytest.raises(Refused, match="sent already"):
            link_for(question_set=question_set, by=house.actor("nurse"), at=NOW)


def test_link_writes_no_other_set(house: House) -> None:
    address = link(house)

    refused = Client().post(f"{address}1/", {"item": "phq-9:q9", "value": 3})

    assert refused.status_code == 422
    with scope(clinic=house.clinic.id):
        assert Answer.objects.count() == 0


def test_form_sent_from_another_site_is_refused(house: House) -> None:
    address = link(house)

    refused = Client().post(
        f"{address}1/", {"item": "check-in:mood", "value": 3}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert refused.status_code == 403
    with scope(clinic=house.clinic.id):
        assert Answer.objects.count() == 0


def test_link_never_shows_what_was_answered(house: House) -> None:
    client, address = Client(), link(house)
    answer(client, address, 8, 1)
    answer(client, address, 1, 9)

    pages = [client.get(f"{address}{position}/").content.decode() for position in (1, 8)]

    assert not any("aria-pressed" in page.split("</main>")[0] for page in pages)
    assert "This one was answered. A link does not show how; a new tap takes its place." in pages[0]
    assert "This one was answered." not in client.get(f"{address}2/").content.decode()


def test_link_works_the_same_in_another_clinics_parents_browser_and_gives_her_nothing(
    house: House, other_house: House
) -> None:
    address, stranger = link(house), client_of(other_house.mother)

    assert answer(stranger, address, 1, 3).status_code == 303

    with scope(clinic=house.clinic.id):
        question_set = QuestionSet.objects.get()
        assert Answer.objects.get().answered_by_id is None
    assert stranger.get(f"/me/q/{question_set.id}/").status_code == 404


def test_urge_to_harm_leads_to_help_and_the_link_then_asks_on(house: House) -> None:
    client, address = Client(), link(house)

    led = answer_to_the_end(client, address, harm=1)["Location"]
    help_page = client.get(led).content.decode()

    assert led == f"{address}help/9/?of=8"
    assert "Do you want to talk with someone now?" in help_page
    assert 'href="tel:988"' in help_page
    assert f'href="{address}9/"' in help_page
    assert "so that nobody has to bring it up alone" in client.get(f"{address}9/").content.decode()
    with scope(clinic=house.clinic.id):
        assert Concern.objects.get().parent_id == house.mother.id


def test_last_answer_leads_to_help_even_though_the_link_is_used_up(house: House) -> None:
    client, address = Client(), link(house)
    answer_to_the_end(client, address, harm=1)

    for position, item in enumerate(("q1", "q2", "q3", "q4", "q5"), 9):
        sent = client.post(f"{address}{position}/", {"item": f"asq:{item}", "value": 1})

    assert 'href="tel:911"' in client.get(sent["Location"]).content.decode()
    assert client.get(address).status_code == 410
    with scope(clinic=house.clinic.id):
        assert QuestionSet.objects.get().completed_at is not None


def test_urge_to_harm_said_early_leads_to_help_to_what_follows_and_then_to_what_was_left(house: House) -> None:
    client, address = Client(), link(house)

    led = answer(client, address, 8, 1)["Location"]
    page = client.get(led).content.decode()
    for position, item in enumerate(("q1", "q2", "q3", "q4"), 5):
        sent = client.post(f"{address}{position}/", {"item": f"asq:{item}", "value": 0})

    assert led == f"{address}help/5/?of=4"
    assert f'href="{address}5/"' in page
    assert sent["Location"] == f"{address}1/"


def test_link_asks_nothing_about_the_child_after_a_loss(house: House) -> None:
    address, client = link(house), Client()
    with scope(clinic=house.clinic.id):
        Loss.objects.create(
            clinic=house.clinic, family=house.mother.family, recorded_at=NOW, recorded_by=house.nurse.account
        )

    pages = [client.get(f"{address}{position}/").content.decode() for position in range(1, 5)]

    sealed = r'data-(?:pass|key)="[^"]*"'  # random letters, in which anything may stand
    assert not re.search(r"\b(?:child|baby)", re.sub(sealed, "", " ".join(pages)), re.IGNORECASE)
    assert all("of 4" in page for page in pages)
