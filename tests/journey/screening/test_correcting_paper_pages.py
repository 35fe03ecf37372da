"""The page that corrects a kept paper form: filled as it was kept, a reason, twice where it was twice, once when sent twice."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django_scopes import scope

from firstlight.journey.screening.models import PaperCorrection, PaperForm, Result
from tests.cast import NOW, House
from tests.support.reading import words_of
from tests.support.signed_in import client_of

CALM, RIGHT = "1111111110", "1131111110"
REASON = "Item 3 was typed one line too low."


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ruth(house: House) -> Client:
    return client_of(house.nurse)


def fields(values: str, **more: str) -> dict[str, str]:
    """Return what the grid sends: one digit an item, a point for an empty one."""
    cells = {f"q{number}": value.strip(".") for number, value in enumerate(values, 1)}
    return cells | {"filled_in_date": "2026-11-20", "handed_in_by": "parent", "mode": "scores"} | more


def kept(house: House, ruth: Client, values: str = CALM, **more: str) -> PaperForm:
    """Let Ruth Calder keep an EPDS on paper."""
    answer = ruth.post(f"/clinic/people/{house.mother.id}/answers/paper/epds/", fields(values, **more))
    assert answer.status_code == 303
    with scope(clinic=house.clinic.id):
        return PaperForm.objects.order_by("-entered_at")[0]


def url(house: House, form: PaperForm) -> str:
    return f"/clinic/people/{house.mother.id}/answers/paper/kept/{form.id}/"


def answers(house: House, client: Client) -> str:
    return words_of(client.get(f"/clinic/people/{house.mother.id}/answers/").content.decode())


def corrections(house: House) -> int:
    with scope(clinic=house.clinic.id):
        return PaperCorrection.objects.count()


def test_page_is_filled_as_the_form_was_kept(house: House, ruth: Client) -> None:
    form = kept(house, ruth, "0123111110")

    page = ruth.get(url(house, form)).content.decode()

    for number, value in enumerate("0123111110", 1):
        assert f'name="q{number}" value="{value}"' in page
    assert 'value="2026-11-20"' in page
    assert "10 of 10 entered" in words_of(page)
    assert "by Ruth Calder. It stays readable after a change." in words_of(page)


def test_empty_item_is_empty_on_the_page_too(house: House, ruth: Client) -> None:
    form = kept(house, ruth, "11.1111110")

    page = ruth.get(url(house, form)).content.decode()

    assert 'name="q3" value=""' in page
    assert "9 of 10 entered" in words_of(page)


def test_correction_leads_to_the_answers_which_show_both_and_count_one(house: House, ruth: Client) -> None:
    form = kept(house, ruth, "1111111112")
    assert "Brief safety assessment" in answers(house, ruth)

    answer = ruth.post(url(house, form), fields(RIGHT, reason=REASON))

    assert answer.status_code == 303
    page = answers(house, ruth)
    assert "11 of 30" in page
    assert "No answer on this page set off a safety rule." in page
    assert "Corrected filled in Fri 20 Nov 2026" in page
    assert f"Corrected by Ruth Calder, today 09:00: {REASON} What was entered before" in page
    assert "It counts nowhere any more." in page
    assert page.count("Correct or take back") == 1
    assert page.count("On paper") == 3  # once among the results, once for each of the two forms


def test_answer_without_its_words_is_read_as_its_score(house: House, ruth: Client) -> None:
    """Item 10 of the EPDS is printed with the highest first: 0 is its last box, and must not read as a 3."""
    kept(house, ruth, "1131111110")

    page = answers(house, ruth)

    assert "Item 3 3 Item 1 1" in page
    assert "1 answer “0” : Edinburgh Postnatal Depression Scale (EPDS) Item 10 0" in page


def test_taken_back_form_stays_readable_without_one_in_its_place(house: House, ruth: Client) -> None:
    form = kept(house, ruth)

    answer = ruth.post(url(house, form), fields(CALM, reason="This is Noor's sheet.", withdraw="1"))

    assert answer.status_code == 303
    page = answers(house, ruth)
    assert "Taken back filled in Fri 20 Nov 2026" in page
    assert "This is Noor's sheet. It counts nowhere any more." in page
    assert "Correct or take back" not in page


@pytest.mark.parametrize("more", [{}, {"withdraw": "1"}])
def test_reason_is_required_and_what_was_typed_stays(house: House, ruth: Client, more: dict[str, str]) -> None:
    form = kept(house, ruth)

    answer = ruth.post(url(house, form), fields(RIGHT, reason="", **more))

    assert answer.status_code == 422
    assert 'name="q3" value="3"' in answer.content.decode()
    assert corrections(house) == 0


def test_form_that_was_entered_twice_is_corrected_twice(house: House, ruth: Client) -> None:
    form = kept(house, ruth, twice="on", first="1,1,1,1,1,1,1,1,1,0")
    box = ruth.get(url(house, form)).content.decode().split('name="twice"')[1].split(">")[0]
    assert "checked" in box

    second = ruth.post(url(house, form), fields(RIGHT, reason=REASON, twice="on"))
    assert "Second pass" in words_of(second.content.decode())
    assert f'value="{REASON}"' in second.content.decode()
    assert corrections(house) == 0

    differs = ruth.post(url(house, form), fields(CALM, reason=REASON, twice="on", first="1,1,3,1,1,1,1,1,1,0"))
    assert "The two passes differ" in words_of(differs.content.decode())
    assert corrections(house) == 0

    done = ruth.post(url(house, form), fields(RIGHT, reason=REASON, twice="on", first="1,1,3,1,1,1,1,1,1,0"))
    assert done.status_code == 303
    with scope(clinic=house.clinic.id):
        assert PaperCorrection.objects.get().replacement.entered_twice


def test_correction_that_is_sent_twice_is_made_once(house: House, ruth: Client) -> None:
    form, once = kept(house, ruth), str(uuid4())

    first = ruth.post(url(house, form), fields(RIGHT, reason=REASON, once=once))
    again = ruth.post(url(house, form), fields(RIGHT, reason=REASON, once=once))

    assert (first.status_code, again.status_code) == (303, 303)
    assert first["Location"] == again["Location"]
    assert corrections(house) == 1
    with scope(clinic=house.clinic.id):
        assert Result.objects.count() == 2


def test_second_person_reads_that_it_was_corrected_already(house: House, ruth: Client) -> None:
    form, other = kept(house, ruth), client_of(house.second_nurse)
    other.get(url(house, form))
    ruth.post(url(house, form), fields(RIGHT, reason=REASON))

    late = other.post(url(house, form), fields("1121111110", reason="Typed wrongly."))

    assert late.status_code == 422
    page = words_of(late.content.decode())
    assert "Somebody has corrected this form already, or taken it back. Look at what stands now" in page
    assert "Keep the correction" not in page
    assert corrections(house) == 1


def test_impossible_digit_is_named_and_nothing_is_kept(house: House, ruth: Client) -> None:
    form = kept(house, ruth)

    answer = ruth.post(url(house, form), fields("1171111110", reason=REASON))

    assert answer.status_code == 422
    assert "Item 3" in words_of(answer.content.decode())
    assert corrections(house) == 0


@pytest.mark.parametrize("who", ["administrator", "mother", "outsider"])
def test_nobody_else_reaches_the_page(house: House, other_house: House, ruth: Client, who: str) -> None:
    form = kept(house, ruth)
    client = client_of(other_house.nurse if who == "outsider" else getattr(house, who))

    assert client.get(url(house, form)).status_code in {302, 303, 404}
    assert client.post(url(house, form), fields(RIGHT, reason=REASON)).status_code in {302, 303, 404}
    assert corrections(house) == 0


def test_form_of_another_parent_is_not_found(house: House, ruth: Client) -> None:
    form = kept(house, ruth)

    assert ruth.get(f"/clinic/people/{house.father.id}/answers/paper/kept/{form.id}/").status_code == 404
    assert ruth.get(f"/clinic/people/{house.mother.id}/answers/paper/kept/{uuid4()}/").status_code == 404


def test_everybody_who_may_enter_paper_reads_the_link(house: House, ruth: Client) -> None:
    kept(house, ruth)

    assert "Correct or take back" in answers(house, client_of(house.therapist))
