"""Before questions about harm: who reads, what is reported and what not. Whole the first time and when the words change, then
in short where each set opens.
"""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django_scopes import scope

from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.services import record_loss
from firstlight.journey.learn.models import ReportingSeen, ReportingText
from firstlight.journey.learn.reporting import notice_of
from firstlight.journey.learn.services import note_reporting_seen, review_reporting
from firstlight.journey.screening.services import assign, link_for
from tests.cast import NOW, House
from tests.clinical.readability import smog
from tests.journey.screening.telling import day_set, first_set, was_told
from tests.support.reading import words_of
from tests.support.signed_in import client_of

OWN = {"must": "A child is hurt.\nSomebody may die now.", "must_not": "Thoughts that frighten you, alone."}


@pytest.fixture(autouse=True)
def _inside_harbour(house: House) -> Iterator[None]:
    with scope(clinic=house.clinic.id), time_machine.travel(NOW, tick=False):
        yield


def review(house: House, *, at=NOW, **words: str) -> ReportingText:
    return review_reporting(clinic=house.clinic, **OWN | words, by=house.actor("prescriber"), at=at)


def begins(house: House) -> str:
    """Return where the first page of Maya's first questions leads."""
    page = client_of(house.mother).get(f"/me/q/{first_set(house).id}/").content.decode()
    return "before" if "/before/" in page else "question"


def test_first_questions_lead_over_the_words_and_they_are_shown_once(house: House) -> None:
    question_set, maya = first_set(house), client_of(house.mother)
    assert begins(house) == "before"

    page = words_of(maya.get(f"/me/q/{question_set.id}/before/").content.decode())
    for said in (
        "Prescribers, nurses and therapists of Harbour Clinic",
        "Nobody at the clinic is watching this now.",
        "We must tell someone",
        "Sudden, unwanted thoughts that frighten you, alone.",
        "The clinic has not yet checked these words against the law of NY.",
    ):
        assert said in page
    onward = maya.post(f"/me/q/{question_set.id}/before/")

    assert onward["Location"] == f"/me/q/{question_set.id}/1/"
    assert begins(house) == "question"


def test_what_the_page_before_said_is_folded_and_what_is_reported_is_not(house: House) -> None:
    maya, whole = client_of(house.mother), "Prescribers, nurses and therapists of Harbour Clinic"
    first, day = (maya.get(f"/me/q/{one.id}/before/").content.decode() for one in (first_set(house), day_set(house)))

    before_fold, _fold, folded = first.partition('<details class="who">')
    assert whole not in before_fold
    assert whole in folded
    assert "We must tell someone" in before_fold
    assert "Nobody at the clinic is watching this now." in before_fold
    assert whole in day.partition("<details")[0]  # a check-in has no page before it


def test_words_can_be_read_and_left_without_harm(house: House) -> None:
    page = client_of(house.mother).get(f"/me/q/{first_set(house).id}/before/").content.decode()

    assert "Skip for now" in page
    assert ReportingSeen.objects.count() == 0


def test_reviewed_words_name_who_answers_for_them(house: House) -> None:
    review(house)

    page = words_of(client_of(house.mother).get(f"/me/q/{first_set(house).id}/before/").content.decode())

    assert "Amara Okafor checked these words against the law of NY on Mon 23 Nov 2026." in page
    assert "Somebody may die now." in page
    assert "not yet checked" not in page


def test_words_that_changed_are_shown_again_and_the_same_ones_are_not(house: House) -> None:
    review(house)
    was_told(house)
    assert begins(house) == "question"

    review(house, at=NOW + timedelta(days=1))
    assert begins(house) == "question"

    review(house, at=NOW + timedelta(days=2), must_not="Thoughts that frighten you.")
    assert begins(house) == "before"


def test_check_of_the_shipped_words_is_news(house: House) -> None:
    was_told(house)
    notice = notice_of(house.clinic)

    review(
        house,
        must="\n".join(notice.lines("must")),
        must_not="\n".join(notice.lines("not")),
        must_not_child="\n".join(notice.lines("not", about_child=True)),
    )

    assert begins(house) == "before"


def test_family_with_a_loss_reads_no_line_about_a_baby(house: House) -> None:
    question_set = first_set(house)
    for own in (False, True):
        if own:
            review(house, must_not_child="That you do not breastfeed your baby.")
        page = words_of(client_of(house.mother).get(f"/me/q/{question_set.id}/before/").content.decode())
        assert "breastfeed" in page
    record_loss(family=house.mother.family, by=house.actor("nurse"), at=NOW)

    page = words_of(client_of(house.mother).get(f"/me/q/{question_set.id}/before/").content.decode())

    assert "breastfeed" not in page
    assert "Thoughts that frighten you, alone." in page


def test_set_without_a_question_about_harm_leads_to_its_questions(house: House) -> None:
    asked = assign(
        parent=house.mother, episode=house.episode, set_name="brief", by=house.actor("nurse"), at=NOW
    )  # fmt: skip

    assert "/before/" not in client_of(house.mother).get(f"/me/q/{asked.id}/").content.decode()


def opening(house: House, set_name: str) -> str:
    asked = assign(
        parent=house.mother, episode=house.episode, set_name=set_name, by=house.actor("nurse"), at=NOW
    )  # fmt: skip
    page: str = client_of(house.mother).get(f"/me/q/{asked.id}/", follow=True).content.decode()
    return page


def test_set_that_a_person_sends_months_later_opens_with_the_words(house: House) -> None:
    was_told(house)

    with time_machine.travel(NOW + timedelta(days=200), tick=False):
        page = opening(house, "bond")

    assert "25 questions, one at a time." in page
    for said in ("We must tell someone", "Sudden, unwanted thoughts that frighten you, alone.", "the law of NY"):
        assert said in words_of(page)
    assert "has not changed since you read it" not in page


def test_questions_of_every_week_open_with_the_words_behind_one_line(house: House) -> None:
    was_told(house)

    page = opening(house, "week")

    assert "What we must report, and what not, has not changed since you read it." in page
    assert "We must tell someone" not in page
    again = re.search(r'<a href="(/me/q/[^"]+/before/)">Read it again</a>', page)
    assert again is not None
    assert "We must tell someone" in client_of(house.mother).get(again[1]).content.decode()


def test_check_in_opens_on_its_first_question_with_the_words_behind_one_line(house: House) -> None:
    asked = day_set(house)

    page = client_of(house.mother).get(f"/me/q/{asked.id}/", follow=True).content.decode()

    assert page.count("has not changed since you read it") == page.count("Why we ask, and who sees it") > 0


def test_set_without_a_question_about_harm_says_nothing_of_reporting(house: House) -> None:
    was_told(house)

    assert "We must tell someone" not in opening(house, "brief")


def test_link_shows_the_words_once_and_names_nobody(house: House) -> None:
    address = link_for(question_set=day_set(house, told=False), by=house.actor("nurse"), at=NOW)
    phone = Client()
    assert phone.get(address)["Location"] == f"{address}before/"

    page = phone.get(f"{address}before/").content.decode()
    assert "Maya" not in page
    assert phone.post(f"{address}before/")["Location"] == f"{address}1/"
    assert phone.get(address).status_code == 200


def test_other_parents_words_and_unknown_links_are_not_found(house: House, other_house: House) -> None:
    address = f"/me/q/{first_set(house).id}/before/"

    for person in (house.father, other_house.mother):
        assert client_of(person).get(address).status_code == 404
        assert client_of(person).post(address).status_code == 404
    assert Client().get("/me/c/nonsense/before/").status_code == 404
    assert ReportingSeen.objects.count() == 0


def test_shown_twice_is_noted_once(house: House) -> None:
    for _ in range(2):
        note_reporting_seen(parent=house.mother, by=house.actor("mother"), at=NOW)

    assert ReportingSeen.objects.count() == 1
    assert AuditEvent.objects.filter(action="reporting.seen").count() == 1


def test_words_are_plain(house: House) -> None:
    page = words_of(client_of(house.mother).get(f"/me/q/{first_set(house).id}/before/").content.decode())

    assert smog(page) <= 9


@pytest.mark.parametrize("role", ["nurse", "therapist", "administrator", "mother"])
def test_only_who_decides_on_treatment_answers_for_the_words(house: House, role: str) -> None:
    with pytest.raises(Refused, match="answer for these words"):
        review_reporting(clinic=house.clinic, **OWN, by=house.actor(role), at=NOW)


@pytest.mark.parametrize("words", [{"must": " \n "}, {"must_not": "x" * 201}, {"must": "a\n" * 9}])
def test_words_without_a_line_or_with_too_much_are_refused(house: House, words: dict[str, str]) -> None:
    with pytest.raises(Refused, match="lines of at most"):
        review(house, **words)
    assert ReportingText.objects.count() == 0


def test_prescriber_checks_the_words_on_a_page(house: House) -> None:
    amara, address = client_of(house.prescriber), "/clinic/reporting/"
    assert "Nobody has checked these words yet" in words_of(amara.get(address).content.decode())

    assert amara.post(address, OWN).status_code == 422
    assert ReportingText.objects.count() == 0
    assert amara.post(address, OWN | {"checked": "on"}).status_code == 303

    assert "Amara Okafor checked these words" in words_of(amara.get(address).content.decode())
    assert "A child is hurt." in words_of(Client().get("/learn/reporting/").content.decode())


def test_nobody_else_opens_that_page(house: House) -> None:
    for person in (house.nurse, house.administrator):
        assert client_of(person).get("/clinic/reporting/").status_code in {403, 404}
