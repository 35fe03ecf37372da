"""A form that is sent twice is done once; the same form with other content is not dropped in silence."""

from typing import Any

import pytest
from django_scopes import scope
from time_machine import Traveller

from firstlight.ground.people.models import Parent, Submission
from tests.cast import House
from tests.ground.people.hands import once
from tests.support.signed_in import client_of

LOG = "/clinic/enquiries/log/"
FORM = {"name": "Grace Obi", "phone": "+1 518 555 0177", "relation": "mother", "source": "call"}


@pytest.fixture
def known(house: House, announced: Any, clock: Traveller) -> Any:
    """Count who is in the records."""

    def count() -> int:
        with scope(clinic=house.clinic.id):
            return Parent.objects.count()

    return count


def test_two_presses_make_one_record_and_lead_to_it(house: House, known: Any) -> None:
    client, form = client_of(house.nurse), FORM | once()
    before = known()

    places = [client.post(LOG, form)["Location"] for _press in range(3)]

    assert len(set(places)) == 1
    assert known() == before + 1


def test_going_back_and_changing_the_form_says_that_it_was_sent(house: House, known: Any) -> None:
    client, key = client_of(house.nurse), once()
    made = client.post(LOG, FORM | key)["Location"]
    before = known()

    response = client.post(LOG, FORM | key | {"name": "Grace Adaeze Obi"})

    page = response.content.decode()
    assert response.status_code == 409
    assert "09:00</time>. What you changed afterwards is not saved" in page
    assert f'href="{made}"' in page
    assert known() == before


def test_a_refused_form_can_be_mended_and_sent_again(house: House, known: Any) -> None:
    client, key = client_of(house.nurse), once()
    before = known()
    refused = client.post(LOG, FORM | key | {"name": ""})
    assert refused.status_code == 422

    assert client.post(LOG, FORM | key).status_code == 303
    assert known() == before + 1


def test_somebody_elses_key_stops_nobody(house: House, known: Any) -> None:
    key, before = once(), known()
    client_of(house.nurse).post(LOG, FORM | key)

    client_of(house.prescriber).post(LOG, FORM | key | {"name": "Ana Cruz", "phone": "+1 518 555 0188"})

    assert known() == before + 2


def test_a_form_without_a_key_is_done(house: House, known: Any) -> None:
    before = known()
    client_of(house.nurse).post(LOG, FORM)

    assert known() == before + 1
    assert not Submission.objects.exists()


def test_a_key_of_one_page_does_not_stop_another(house: House, known: Any) -> None:
    client, key = client_of(house.nurse), once()
    client.post(LOG, FORM | key)

    child = {"birth_date": "2026-01-01", "fed_how": "breast"}
    response = client.post(f"/clinic/people/{house.mother.id}/family/child/", child | key)

    assert response["Location"] == f"/clinic/people/{house.mother.id}/"
