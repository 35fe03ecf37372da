"""The clinic's questionnaires as an administrator meets them."""

import json
import re

import pytest
import time_machine
from django.test import Client
from django_scopes import scope

from firstlight.journey.screening.models import HeldWording
from tests.cast import NOW, House
from tests.doors.fhir.shapes import lforms, licensed, written
from tests.site.bare import bare_texts
from tests.support.pseudo import pseudo_locale
from tests.support.reading import words_of
from tests.support.signed_in import client_of

LIST, IMPORT = "/clinic/questionnaires/", "/clinic/questionnaires/import/"
ALLOWED = "Letter of the owner, 3 March 2026"


@pytest.fixture(autouse=True)
def _today() -> None:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def lena(house: House) -> Client:
    return client_of(house.administrator)


def held(house: House) -> int:
    with scope(clinic=house.clinic.id):
        return HeldWording.objects.filter(withdrawn_at=None).count()


def confirmed(document: str, **more: str) -> dict[str, str]:
    given = {"document": document, "permission": ALLOWED, "holder": "Harbour Clinic", "confirm": "1", "compared": "on"}
    return given | more


def test_list_says_whose_text_is_here(lena: Client) -> None:
    page = words_of(lena.get(LIST).content.decode())

    assert "Scored here; bring your text" in page
    assert "Copyright Royal College of Psychiatrists" in page
    assert page.index("Edinburgh Postnatal") < page.index("Patient Health Questionnaire (PHQ-9)")


def test_file_is_shown_before_anything_is_kept(house: House, lena: Client) -> None:
    checked = lena.post(IMPORT, {"document": written(licensed("epds"))})

    page = words_of(checked.content.decode())
    assert checked.status_code == 200
    assert "Licensed words, question 10" in page
    assert "3 Licensed words, answer 1" in page
    assert "Copyright of its owner" in page
    assert held(house) == 0


def test_what_a_person_compares_stands_first(lena: Client) -> None:
    stated = {"version": "1987", "url": "http://owner.example/epds", "status": "draft"}
    page = words_of(lena.post(IMPORT, {"document": written(licensed("epds") | stated)}).content.decode())

    assert "Above all questions Licensed words: think of the last days. en" in page
    assert "7 days, here and in the chart. The words above must say the same." in page
    assert "version 1987, http://owner.example/epds" in page
    assert "The file calls itself a draft. Make sure that it is the form in force. (line " in page
    assert page.index("Item 10, which calls for help en Licensed words, question 10") < page.index("question 1 ")


def test_text_is_not_held_before_the_items_that_call_for_help_were_compared(house: House, lena: Client) -> None:
    refused = lena.post(IMPORT, confirmed(written(licensed("epds")), compared=""))

    assert refused.status_code == 422
    assert "Compare these first: an answer to them calls for help." in refused.content.decode()
    assert held(house) == 0

    assert lena.post(IMPORT, confirmed(written(licensed("wsas")), compared="")).status_code == 303
    assert held(house) == 1


def test_address_and_version_stay_with_the_text(lena: Client) -> None:
    stated = {"version": "1987", "url": "http://owner.example/epds"}
    lena.post(IMPORT, confirmed(written(licensed("epds") | stated)))

    page = lena.get(LIST).content.decode()
    (address,) = re.findall(r"/clinic/questionnaires/[0-9a-f-]+/remove/", page)

    for shown in (page, lena.get(address).content.decode()):
        assert "http://owner.example/epds , version 1987" in words_of(shown)


def test_confirmed_text_is_held_and_can_be_removed(house: House, lena: Client) -> None:
    kept = lena.post(IMPORT, confirmed(written(licensed("epds"))))

    assert kept["Location"] == f"{LIST}#epds"
    page = lena.get(LIST).content.decode()
    assert "Text of this clinic" in page
    assert ALLOWED in page
    assert held(house) == 1

    (address,) = re.findall(r"/clinic/questionnaires/[0-9a-f-]+/remove/", page)
    assert "Open questions that need them are closed" in lena.get(address).content.decode()
    assert lena.post(address)["Location"] == LIST
    assert held(house) == 0
    assert "1 earlier text" in words_of(lena.get(LIST).content.decode())
    assert lena.post(address).status_code == 422


def test_text_is_not_held_without_a_permission(house: House, lena: Client) -> None:
    refused = lena.post(IMPORT, confirmed(written(licensed("epds")), permission=" "))

    assert refused.status_code == 422
    assert "Write who allowed it" in refused.content.decode()
    assert held(house) == 0


def test_wrong_file_is_shown_with_line_and_place_and_stays_in_the_field(house: House, lena: Client) -> None:
    form = lforms("gad-7")
    form["item"][2]["answerOption"][1]["extension"][1]["valueDecimal"] = 2

    refused = lena.post(IMPORT, confirmed(written(form)))

    page = words_of(refused.content.decode())
    assert refused.status_code == 422
    assert "answer 2 of item 3 counts 2; 1 is expected" in page
    assert "$.item[2].answerOption[1].extension[1].valueDecimal" in page
    assert "69733-4" in page
    assert held(house) == 0


@pytest.mark.parametrize("document", ["", "{", "[]", "\x00", '"<script>"', "9" * 5_000])
def test_what_is_no_questionnaire_is_taken_calmly(house: House, lena: Client, document: str) -> None:
    assert lena.post(IMPORT, confirmed(document)).status_code == 422
    assert held(house) == 0


@pytest.mark.parametrize("name", ["text", "linkId"])
@pytest.mark.parametrize("sign", ["\ud800", "\x00"])
def test_sign_that_cannot_be_kept_is_refused_with_its_line(house: House, lena: Client, name: str, sign: str) -> None:
    form = licensed("epds")
    form["item"][3][name] += sign

    for data in ({"document": json.dumps(form, indent=2)}, confirmed(json.dumps(form, indent=2))):
        refused = lena.post(IMPORT, data)

        assert refused.status_code == 422
        assert "a sign that cannot be kept" in refused.content.decode()
    assert held(house) == 0


def test_words_of_a_file_are_text_and_never_markup(lena: Client) -> None:
    form = licensed("epds") | {"copyright": "<b>Owner</b> &lt;", "url": "javascript:alert(1)"}
    form["item"][1]["text"] = "<script>alert(1)</script> &amp; &#x41;"

    page = lena.post(IMPORT, {"document": written(form)}).content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp; &amp;#x41;" in page
    assert 'href="javascript' not in page


@pytest.mark.parametrize("who", ["prescriber", "nurse", "therapist"])
def test_pages_are_for_who_runs_the_house(house: House, who: str) -> None:
    client = client_of(getattr(house, who))

    assert client.get(LIST).status_code == 404
    assert client.post(IMPORT, confirmed(written(licensed("epds")))).status_code == 404
    assert held(house) == 0


def test_every_word_is_translated(lena: Client) -> None:
    with pseudo_locale():
        pages = [lena.get(LIST), lena.get(IMPORT), lena.post(IMPORT, {"document": written(licensed("epds"))})]

    for page in pages:
        assert bare_texts(page.content.decode()) == []
