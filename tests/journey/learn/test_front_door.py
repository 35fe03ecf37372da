"""The front door over HTTP: open to everybody, cookie-free, small, with the evidence beside every claim."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, timedelta

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape
from django_scopes import scope

from firstlight.clinical.evidence import Strength, Tag, claims, sources, text
from firstlight.ground.people.models import Credential, Membership
from firstlight.ground.safety.helplines import helplines
from firstlight.journey.learn import reading
from firstlight.journey.learn.barriers import barriers
from firstlight.journey.learn.items import insurance, items, refund_rule
from firstlight.journey.learn.pages import BY_KEY, PATH
from firstlight.journey.learn.rates import rates
from tests.cast import NOW, House
from tests.journey.learn.visiting import ASK, READ, page
from tests.journey.therapists.test_choosing import listed
from tests.support.pseudo import bare_words, pseudo_locale
from tests.support.served import loaded_by, sent, weight_of

MOST_QUERIES, MOST_BYTES, AIM_BYTES = 20, 100_000, 30_000
DATA = (
    claims(), sources(), tuple(Tag), helplines(), barriers(), rates(), items(), refund_rule(), insurance(),
    reading.prose(), reading.steps(), reading.signs(), reading.reporting(),
)  # fmt: skip
CHIPS = {
    Strength.STRONG: "Strong evidence",
    Strength.LIMITED: "Limited evidence",
    Strength.NONE: "No evidence yet",
    Strength.CONFLICTING: "Studies disagree",
}


@pytest.mark.parametrize("address", [*READ, *ASK])
def test_page_sets_no_cookie_even_when_one_comes(house: House, address: str) -> None:
    visitor = Client()
    visitor.cookies["fl_me"] = "stale"

    answer = visitor.get(address)

    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert set(visitor.cookies) == {"fl_me"}


def test_asking_sets_no_cookie_either(house: House) -> None:
    answer = Client().post("/call/", {"name": "Ada"})

    assert answer.status_code == 422
    assert not answer.cookies


@pytest.mark.django_db
@pytest.mark.parametrize("address", [*READ, *ASK])
def test_page_stands_before_there_is_a_clinic(address: str) -> None:
    assert "<h1>" in page(address)


@pytest.mark.parametrize("address", [*READ, *ASK])
def test_page_asks_the_database_little(house: House, address: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        page(address)

    assert len(queries) <= MOST_QUERIES


@pytest.mark.parametrize("address", [*READ, *ASK])
def test_page_with_all_that_it_loads_is_small(house: House, address: str) -> None:
    files = loaded_by(page(address))

    size = len(sent(Client(), address).content) + sum(weight_of(file) for file in files)

    assert files
    assert size < MOST_BYTES
    assert size < AIM_BYTES


def test_first_page_leads_everywhere(house: House) -> None:
    html = page("/")

    for address in ["/help/", "/call/", "/me/sign-in/", "/learn/sources/", *(one.url for one in PATH)]:
        assert f'href="{address}"' in html, address
    assert html.count('class="button main"') == 1
    assert "Harbour Clinic" in html


@pytest.mark.parametrize("address", READ)
def test_page_has_one_lit_thing_and_one_title(house: House, address: str) -> None:
    html = page(address)

    assert re.findall(r'class="button main" href="([^"]+)"', html) == ["/call/"]
    assert html.count("<h1>") == 1


@pytest.mark.parametrize("key", [key for key, one in BY_KEY.items() if one.prose.claims])
def test_claim_stands_with_its_chip_its_sources_and_its_day(house: House, key: str) -> None:
    html = page(BY_KEY[key].url)

    for claim in BY_KEY[key].prose.claims:
        block = re.findall(rf'<section class="claim" id="{claim.key}">(.*?)</section>', html, re.DOTALL)[0]
        assert CHIPS[claim.strength] in block
        assert claim.reviewed_date.isoformat() in block
        for source in claim.sources:
            assert sources()[source].title.split(",")[0].split("&")[0] in block


def test_milk_is_shown_from_both_sides(house: House) -> None:
    block = page("/learn/parents/").partition('id="breast-feeding"')[2].partition("</section>")[0]

    assert "Studies disagree" in block
    assert "says do not" in block
    assert "little ketamine gets into milk" in block
    assert "Spravato" in block
    assert "LactMed" in block


@pytest.mark.parametrize("key", ["burnout", "bond", "birth-trauma", "anxiety-after-birth"])
def test_parents_read_that_nothing_was_found(house: House, key: str) -> None:
    block = page("/learn/parents/").partition(f'id="{key}"')[2].partition("</section>")[0]

    assert "We found no study" in block
    assert "No evidence yet" in block


def test_sources_page_names_each_source_its_address_and_how_far_it_was_checked(house: House) -> None:
    html = page("/learn/sources/")

    for key, source in sources().items():
        group = html.partition(f'id="{key}"')[0].rpartition("<h2>")[2].partition("</h2>")[0]
        row = html.partition(f'id="{key}"')[2].partition("</li>")[0]
        assert (escape(source.address) or escape(source.title)) in row, key
        assert group == escape(text(source.tag.meaning)), key
    assert "No named person has read these in full for us yet." in html


def test_unwanted_thoughts_alone_are_not_reported(house: House) -> None:
    html = page("/learn/reporting/")

    kept = html.partition("We do not report")[2].partition("</section>")[0]
    assert "Sudden, unwanted thoughts that frighten you, alone." in kept
    assert "The clinic has not yet checked these words against the law of NY." in html
    assert 'href="/help/"' in html


def test_signs_are_ticked_without_being_sent(house: House) -> None:
    html = page("/learn/signs/")
    form = html.partition('<form class="signs"')[2].partition("</form>")[0]

    assert form.count('type="checkbox"') >= 12
    assert "name=" not in form
    assert "method=" not in form
    assert 'autocomplete="off"' in form


def test_people_are_shown_with_licence_and_the_day_it_was_looked_up(house: House) -> None:
    licence(house, house.prescriber, "MD", "218834", checked=date(2026, 11, 3))
    licence(house, house.nurse, "RN", "640217", checked=date(2026, 11, 3), expires=date(2026, 11, 20))

    with time_machine.travel(NOW, tick=False):
        html = page("/learn/people/")

    doctor, nurse = row(html, "Amara Okafor"), row(html, "Ruth Calder")
    assert "Psychiatrist" in doctor
    assert "MD 218834, NY" in doctor
    assert "Tue 3 Nov 2026" in doctor
    assert "640217" not in nurse  # ended three days ago
    assert "No licence is written down here." in nurse
    assert "licence" not in row(html, "Lena Brandt")  # a practice manager needs none


def test_licence_that_was_looked_up_again_stands_once_with_the_later_day(house: House) -> None:
    for checked in (date(2026, 10, 1), date(2026, 11, 3), date(2026, 9, 1)):
        licence(house, house.prescriber, "MD", "218834", checked=checked)

    with time_machine.travel(NOW, tick=False):
        doctor = row(page("/learn/people/"), "Amara Okafor")

    assert doctor.count("218834") == 1
    assert "Tue 3 Nov 2026" in doctor


def test_vetted_therapist_is_described_and_an_unvetted_one_is_not(house: House) -> None:
    with scope(clinic=house.clinic.id):
        listed(house, house.therapist)

    with time_machine.travel(NOW, tick=False):
        html = page("/learn/people/")

    assert "Speaks" in row(html, "Ines Haddad")
    assert "Speaks" not in row(html, "Amara Okafor")


def test_people_of_another_clinic_are_not_shown(house: House, other_house: House) -> None:
    with time_machine.travel(NOW, tick=False):
        assert "Mona Field" not in page("/learn/people/")


def test_icon_is_our_own_mark(db: None) -> None:
    answer: HttpResponse = Client().get("/favicon.ico")  # type: ignore[assignment]  # the test client's own class

    assert (answer.status_code, answer["Location"]) == (301, "/static/design/mark.svg")
    assert finders.find("design/mark.svg")


@pytest.mark.parametrize("address", [*READ, *ASK])
def test_every_word_of_the_templates_can_be_translated(house: House, address: str) -> None:
    with pseudo_locale():
        html = page(address)

    members = (house.prescriber, house.nurse, house.second_nurse, house.therapist, house.administrator)
    known = {
        house.clinic.name,
        house.clinic.phone,
        *(one.public_name for one in members),
        *(one.title for one in members),
    }
    known |= {source.address for source in sources().values()}
    known |= set(texts_of(DATA)) | {text(reading.reporting().unreviewed).format(region="NY")}
    assert bare_words(html, data=tuple(sorted(known, key=len, reverse=True))) == []


def texts_of(node: object) -> Iterator[str]:
    """Yield every text that the pages take from data files, which carry languages of their own."""
    if isinstance(node, Tag):
        yield text(node.meaning)
    elif isinstance(node, str):
        yield node
    elif isinstance(node, Mapping):
        for value in node.values():
            yield from texts_of(value)
    elif isinstance(node, tuple):
        for value in node:
            yield from texts_of(value)
    elif is_dataclass(node):
        for field in fields(node):
            yield from texts_of(getattr(node, field.name))


def licence(
    house: House, member: Membership, kind: str, number: str, *, checked: date, expires: date | None = None
) -> None:
    Credential.objects.create(
        membership=member,
        kind=kind,
        number=number,
        region="NY",
        checked_date=checked,
        expires_date=expires or checked + timedelta(days=500),
        checked_by=house.administrator,
    )


def row(html: str, name: str) -> str:
    """Return what the page says of one person."""
    return html.partition(f"<h2>{name}</h2>")[2].partition("</li>")[0]
