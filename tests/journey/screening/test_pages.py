"""The question flow over HTTP, without script: what each page says, where a tap leads, who is kept out."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from firstlight.clinical.evidence import text
from firstlight.clinical.instruments import instrument
from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.safety.models import Concern
from firstlight.journey.screening import services
from firstlight.journey.screening.models import Answer, QuestionSet
from firstlight.journey.screening.services import complete
from firstlight.journey.screening.sets import SETS
from tests.cast import NOW, House
from tests.clinical.readability import smog
from tests.journey.screening.telling import answer_all, day_set, first_set, was_told
from tests.support.pseudo import bare_words, pseudo_locale
from tests.support.reading import words_of
from tests.support.served import sent
from tests.support.signed_in import client_of

MOST_QUERIES, MOST_BYTES = 20, 100_000


@pytest.fixture(autouse=True)
def _today() -> None:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def maya(house: House) -> Client:
    return client_of(house.mother)


def url(question_set: QuestionSet, *rest: object) -> str:
    return "/".join(["/me/q", str(question_set.id), *map(str, rest)]) + "/"


def tap(client: Client, question_set: QuestionSet, position: int, item: str, value: object) -> str:
    """Tap an answer; return where that leads."""
    answer = client.post(url(question_set, position), {"item": item, "value": value})
    assert answer.status_code == 303, answer.content.decode()
    return answer["Location"]


def test_start_says_why_who_how_long_and_that_it_may_be_skipped(house: House, maya: Client) -> None:
    page = words_of(maya.get(url(first_set(house))).content.decode())

    for said in (
        "About 6 minutes",
        "30 questions, one at a time",
        "We ask everyone these first",
        "Prescribers, nurses and therapists of Harbour Clinic",
        "A prescriber reads them within 2 days",
        "about wishing to be dead and about suicide",
        "Your care does not depend on it",
        "Skip for now",
    ):
        assert said in page


def test_start_says_that_nobody_is_watching_while_no_delivery_is_proven(house: House, maya: Client) -> None:
    page = words_of(maya.get(url(first_set(house))).content.decode())

    assert "Nobody at the clinic is watching this now." in page


@pytest.mark.parametrize("name", ["asq", "phq-9", "gad-7"])
def test_wording_of_published_questions_is_exact(house: House, maya: Client, name: str) -> None:
    question_set, definition = first_set(house), instrument(name)
    with scope(clinic=house.clinic.id):
        answer_all(house, question_set, {"asq:q1": 1})

    pages = [words_of(maya.get(url(question_set, position)).content.decode()) for position in range(1, 32)]

    for item in definition.items:
        (page,) = [page for page in pages if text(item.text) in page]
        assert not definition.stem or text(definition.stem) in page
        assert all(text(option.label) in page for option in item.options)


def test_tap_saves_and_leads_to_the_next_question(house: House, maya: Client) -> None:
    question_set = first_set(house)

    assert tap(maya, question_set, 1, "asq:q1", 0) == url(question_set, 2)

    with scope(clinic=house.clinic.id):
        assert Answer.objects.get().value == 0


def test_tap_is_kept_for_the_question_that_was_shown_even_if_the_order_changed_meanwhile(
    house: House, maya: Client
) -> None:
    question_set = first_set(house)
    for position, item in enumerate(["q1", "q2", "q3"], 1):
        tap(maya, question_set, position, f"asq:{item}", 0)
    tap(maya, question_set, 4, "asq:q4", 0)
    tap(maya, question_set, 1, "asq:q1", 1)  # in another tab: now the fifth page asks ASQ 5

    tap(maya, question_set, 5, "phq-9:q1", 3)

    with scope(clinic=house.clinic.id):
        assert Answer.objects.filter(instrument="phq-9", item="q1", value=3).exists()
        assert not Answer.objects.filter(item="q5").exists()


@pytest.mark.parametrize(
    ("item", "value"),
    [
        ("asq:q1", "7"),
        ("asq:q1", ""),
        ("asq:q1", "<script>alert(1)</script>"),
        ("asq:q1", "9" * 100_000),
        ("asq:q1", "\u0661"),
        ("phq-9:q10", "1"),
        ("<script>", "1"),
        ("", ""),
    ],
)
def test_impossible_answer_is_refused_in_words_and_keeps_the_question(
    house: House, maya: Client, item: str, value: str
) -> None:
    question_set = first_set(house)

    answer = maya.post(url(question_set, 1), {"item": item, "value": value})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "In the past few weeks, have you wished you were dead?" in page
    assert 'role="alert"' in page
    assert "<script>alert" not in page
    with scope(clinic=house.clinic.id):
        assert Answer.objects.count() == 0


def test_positive_answer_fills_the_screen_with_help_that_says_what_is_true(house: House, maya: Client) -> None:
    question_set = first_set(house)

    help_url = tap(maya, question_set, 4, "asq:q4", 1)
    page = words_of(maya.get(help_url).content.decode())

    assert help_url == url(question_set, "help", 5) + "?of=4"
    for said in ("Do you want to talk with someone now?", "Call 988", "Text 988", "Call 911", "Call the clinic"):
        assert said in page
    assert "The clinic was told of your answer. Nobody at the clinic is watching this now." in page
    assert "Go on" in page
    assert "Stop here" in page
    with scope(clinic=house.clinic.id):
        assert Concern.objects.count() == 1


def test_thought_of_acting_now_says_to_call_911_and_not_to_be_alone(house: House, maya: Client) -> None:
    question_set = first_set(house)
    tap(maya, question_set, 4, "asq:q4", 1)

    page = words_of(maya.get(tap(maya, question_set, 5, "asq:q5", 1)).content.decode())

    assert "Please do not stay alone with this." in page
    assert "call 911 now" in page


def test_body_warning_sign_shows_medical_help_not_a_talking_line(house: House, maya: Client) -> None:
    page = words_of(maya.get(tap(maya, first_set(house), 26, "health-10:warning", 1)).content.decode())

    assert "Please get medical help for this." in page
    assert "988" not in page.split("More people who can help")[0].replace("tel:988", "")


def test_second_positive_answer_shows_a_short_card_on_the_next_question(house: House, maya: Client) -> None:
    question_set = first_set(house)
    tap(maya, question_set, 1, "asq:q1", 1)

    following = tap(maya, question_set, 2, "asq:q2", 1)
    page = words_of(maya.get(following).content.decode())

    assert following == url(question_set, 3) + "?h=1"
    assert "Somebody is there at any hour." in page
    assert "In the past week, have you been having thoughts about killing yourself?" in page


def test_wrong_answer_is_changed_from_the_page_of_help_and_both_ends_say_so(house: House, maya: Client) -> None:
    question_set = first_set(house)
    page = maya.get(tap(maya, question_set, 1, "asq:q1", 1)).content.decode()

    following = tap(maya, question_set, 1, "asq:q1", 0)
    changed = words_of(maya.get(following).content.decode())

    assert f'href="{url(question_set, 1)}">I touched the wrong answer<' in page
    assert "Your answer is changed. The clinic sees both, the first one and the new one" in changed
    with scope(clinic=house.clinic.id):
        task = Concern.objects.get().task
        assert task.finished_at is None
        now, first, *_rest = task.reason.split("\n")
        assert now.endswith("question 1 was changed afterwards. Answer now: No. Every answer is kept.")
        assert first.endswith("Answer: Yes.")


@pytest.mark.parametrize("before", [(), (0,)])
def test_answer_changed_again_and_again_is_told_on_top_as_it_is_now_and_each_change_once_in_the_history(
    house: House, before: tuple[int, ...]
) -> None:
    """Whether an earlier set had a quiet answer (each yes is then new, and pages) or none (a yes joins the task)."""
    by, harm = house.actor("mother"), "check-in:harm"
    earlier = day_set(house, at=NOW - timedelta(days=3), set_name="day-full")
    question_set = day_set(house)
    with scope(clinic=house.clinic.id):
        for value in before:
            services.answer(question_set=earlier, item=harm, value=value, by=by, at=earlier.assigned_at)
        for second, value in enumerate((1, 0, 1, 0, 1)):
            services.answer(
                question_set=question_set, item=harm, value=value, by=by, at=NOW + timedelta(seconds=second)
            )
        (task,) = {one.task for one in Concern.objects.all()}
    page = words_of(client_of(house.prescriber).get(f"/clinic/tasks/{task.id}/").content.decode())
    lead, history = page.split("How it stands")[0], page.split("What happened")[1]

    assert task.reason.count("was changed afterwards") == 1
    assert "Answer now: Yes. Every answer is kept." in lead
    assert lead.index("Answer now: Yes.") < lead.index("Answer: Yes.")
    assert [history.count(f"Answer now: {one}.") for one in ("No", "Yes")] == [2, 2]
    assert "It said before" not in history
    assert "A clinician talks with the parent" not in history


@pytest.mark.parametrize("of", ["", "0x", "9999", "\u0661", "<script>"])
def test_page_of_help_offers_no_change_of_what_is_no_question(house: House, maya: Client, of: str) -> None:
    question_set = first_set(house)
    tap(maya, question_set, 1, "asq:q1", 1)

    page = maya.get(url(question_set, "help", 2), {"of": of}).content.decode()

    assert "I touched the wrong answer" not in page


def test_who_does_not_want_to_answer_is_not_thanked_for_saying_so(house: House, maya: Client) -> None:
    question_set = first_set(house)
    tap(maya, question_set, 1, "asq:q1", 1)

    page = words_of(maya.get(tap(maya, question_set, 2, "asq:q2", 2)).content.decode())

    assert "You do not have to answer. If you want to talk, somebody is there at any hour." in page
    assert "Thank you for saying so" not in page


def test_content_note_stands_before_the_question_on_self_harm(house: House, maya: Client) -> None:
    question_set = first_set(house)

    before, during = (words_of(maya.get(url(question_set, n)).content.decode()) for n in (12, 13))

    assert "The last question here is about being better off dead or hurting yourself. You can pass over it." in before
    assert "Thoughts that you would be better off dead" in during


def test_coming_back_leads_to_the_first_question_without_answer(house: House, maya: Client) -> None:
    question_set = first_set(house)
    for position, item in enumerate(["q1", "q2", "q3"], 1):
        tap(maya, question_set, position, f"asq:{item}", 0)

    was_told(house)
    page = maya.get(url(question_set)).content.decode()

    assert "27 of 30 questions are left." in words_of(page)
    assert "Staying safe 1 question " in words_of(page)
    assert f'href="{url(question_set, 4)}"' in page


def test_going_back_shows_the_answer_that_was_given(house: House, maya: Client) -> None:
    question_set = first_set(house)
    tap(maya, question_set, 1, "asq:q1", 0)

    page = maya.get(url(question_set, 1)).content.decode()

    assert re.search(r'value="0" aria-pressed="true"', page)


def test_page_of_a_question_is_one_read_event_and_a_tap_none(house: House, maya: Client) -> None:
    question_set = first_set(house)

    maya.get(url(question_set, 1))
    tap(maya, question_set, 1, "asq:q1", 0)

    assert AuditEvent.objects.filter(action="read.questions", parent_id=house.mother.id).count() == 1


def test_passing_over_leads_on_and_is_kept(house: House, maya: Client) -> None:
    question_set = first_set(house)

    answer = maya.post(url(question_set, 5), {"item": "phq-9:q1", "pass": "1"})

    assert answer["Location"] == url(question_set, 6)
    assert 'name="pass" value="1" aria-pressed="true"' in maya.get(url(question_set, 5)).content.decode()


def test_last_tap_finishes_the_set_and_says_what_happens_next_without_a_score(house: House, maya: Client) -> None:
    question_set = first_set(house)
    answer_all(house, question_set, leave="health-10:substances")

    done = tap(maya, question_set, 30, "health-10:substances", 0)
    page = words_of(maya.get(done).content.decode())

    assert done == url(question_set, "done")
    assert "A prescriber of Harbour Clinic reads them by Wednesday 09:00." in page
    assert not re.search(r"\b(8|27|mild|minimal)\b", page.split("Today")[0].replace("27 Nov", ""))


def test_finished_set_leads_to_its_end_from_every_page(house: House, maya: Client) -> None:
    question_set = first_set(house)
    answer_all(house, question_set)
    with scope(clinic=house.clinic.id):
        complete(question_set=question_set, by=house.actor("mother"), at=NOW)

    for address in (url(question_set), url(question_set, 3)):
        assert maya.get(address)["Location"] == url(question_set, "done")
    sent_again = maya.post(url(question_set, 3), {"item": "asq:q3", "value": 0})
    assert sent_again["Location"] == url(question_set, "done")


def test_expired_set_says_so_and_that_answers_are_kept(house: House, maya: Client) -> None:
    question_set = day_set(house, at=NOW - timedelta(hours=30), expires_at=NOW - timedelta(hours=1))

    for answer in (maya.get(url(question_set)), maya.post(url(question_set, 1), {"item": "check-in:mood", "value": 3})):
        assert answer.status_code == 410
        assert "Answers that you gave before are kept." in words_of(answer.content.decode())


def test_set_that_opens_later_says_when(house: House, maya: Client) -> None:
    question_set = day_set(house, at=NOW + timedelta(hours=5))

    page = words_of(maya.get(url(question_set)).content.decode())

    assert "These questions open today 14:00." in page


@pytest.mark.parametrize("person", ["father", "stranger"])
@pytest.mark.parametrize("rest", [(), (1,), ("help", 2), ("done",)])
def test_set_of_another_parent_is_not_there(
    house: House, other_house: House, person: str, rest: tuple[object, ...]
) -> None:
    question_set = first_set(house)
    client = client_of(house.father if person == "father" else other_house.mother)

    own, unknown = (
        client.get(url(question_set, *rest)),
        client.get("/".join(["/me/q", str(uuid4()), *map(str, rest)]) + "/"),
    )

    assert (own.status_code, unknown.status_code) == (404, 404)
    assert own.content == unknown.content


def test_another_parent_cannot_answer(house: House) -> None:
    answer = client_of(house.father).post(url(first_set(house), 1), {"item": "asq:q1", "value": 0})

    assert answer.status_code == 404
    with scope(clinic=house.clinic.id):
        assert Answer.objects.count() == 0


def test_titles_and_addresses_are_neutral(house: House, maya: Client) -> None:
    question_set = first_set(house)
    tap(maya, question_set, 1, "asq:q1", 1)
    addresses = [url(question_set), url(question_set, 1), url(question_set, "help", 2), url(question_set, "done")]

    titles = {
        found.group(1)
        for address in addresses
        if (found := re.search(r"<title>(.*?)</title>", maya.get(address, follow=True).content.decode()))
    }

    assert titles == {"Questions", "Help"}
    assert not re.search(r"ketamine|phq|gad|asq|mood|score|harm", " ".join(addresses))


def test_our_own_words_are_easy_to_read(house: House, maya: Client) -> None:
    question_set = first_set(house)
    tap(maya, question_set, 1, "asq:q1", 1)
    pages = [maya.get(address).content.decode() for address in (url(question_set), url(question_set, "help", 2))]

    for page in pages:
        main = page[page.index("<main") : page.index("</main>")]
        blocks = re.findall(r"<(?:p|h1|dt|dd)[^>]*>(.*?)</(?:p|h1|dt|dd)>", main, re.DOTALL)
        assert smog(" ".join(f"{words_of(block).rstrip('.')}." for block in blocks)) <= 9


def test_pages_are_small_and_ask_the_database_little(house: House, maya: Client) -> None:
    question_set = first_set(house)
    tap(maya, question_set, 1, "asq:q1", 1)

    for address in (url(question_set), *(url(question_set, n) for n in (2, 6, 13)), url(question_set, "help", 2)):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page = sent(maya, address)
        assert len(asked) <= MOST_QUERIES, address
        assert len(page.content) <= MOST_BYTES


def test_tap_asks_the_database_little(house: House, maya: Client) -> None:
    question_set = first_set(house)

    with CaptureQueriesContext(connection) as asked:
        tap(maya, question_set, 1, "asq:q1", 0)

    assert len(asked) <= 30


def test_every_word_of_the_flow_is_marked_for_translation(house: House, maya: Client) -> None:
    question_set = first_set(house)
    tap(maya, question_set, 1, "asq:q1", 1)
    data = (house.clinic.name, house.clinic.phone, *(text(item.text) for item in instrument("asq").items))
    labels = tuple(text(option.label) for option in instrument("asq").items[0].options)
    lines = ("988", "911", *map(text, (SETS["first"].ask, SETS["first"].skipping)))

    with pseudo_locale():
        pages = [
            maya.get(address).content.decode()
            for address in (url(question_set), url(question_set, 2), url(question_set, "help", 2))
        ]

    for page in pages:
        assert [words for words in bare_words(page, data=(*lines, *data, *labels)) if not _from_data(words)] == []


def _from_data(words: str) -> bool:
    """Texts of data files, which carry languages of their own: help lines, and what the ladder promises."""
    return words.startswith(("Trained people answer", "Text ", "Text"))


def test_pages_are_never_stored_by_the_browser(house: House, maya: Client) -> None:
    answer = maya.get(url(first_set(house), 1))

    assert "no-store" in answer["Cache-Control"]
