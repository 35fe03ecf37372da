"""In production nobody is invited before a person answers for what parents read of reporting."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django_scopes import scope

from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Episode, Invitation
from firstlight.ground.people.services import contact, invite, log_enquiry
from firstlight.journey.learn.services import review_reporting
from tests.cast import NOW, House
from tests.support.signed_in import client_of

UNCHECKED = "Nobody has checked what parents read about reporting."


@pytest.fixture(autouse=True)
def _inside_harbour(house: House) -> Iterator[None]:
    with scope(clinic=house.clinic.id), time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def grace(house: House) -> Episode:
    """Grace Obi called, and was called back."""
    nurse = house.actor("nurse")
    episode = log_enquiry(
        clinic_id=house.clinic.id, name="Grace Obi", email="grace@obi.example", by=nurse, at=NOW - timedelta(days=2)
    )
    contact(episode=episode, by=nurse, at=NOW - timedelta(days=1))
    return episode


def check(house: House) -> None:
    review_reporting(
        clinic=house.clinic, must="A child is hurt.", must_not="Thoughts.", by=house.actor("prescriber"), at=NOW
    )


def test_in_production_unchecked_words_hold_back_the_invitation(house: House, grace: Episode, settings: Any) -> None:
    settings.PRODUCTION = True

    with pytest.raises(Refused, match="a prescriber checks the words"):
        invite(episode=grace, by=house.actor("nurse"), at=NOW)

    assert not Invitation.objects.filter(episode=grace).exists()
    assert Episode.objects.get(id=grace.id).state == "contacted"


def test_in_production_checked_words_let_it_go_out(house: House, grace: Episode, settings: Any) -> None:
    settings.PRODUCTION = True
    check(house)

    invite(episode=grace, by=house.actor("nurse"), at=NOW)

    assert Episode.objects.get(id=grace.id).state == "invited"


def test_words_that_another_clinic_checked_open_nothing_here(
    house: House, other_house: House, grace: Episode, settings: Any
) -> None:
    settings.PRODUCTION = True
    with scope(clinic=other_house.clinic.id):
        check(other_house)

    with pytest.raises(Refused, match="a prescriber checks the words"):
        invite(episode=grace, by=house.actor("nurse"), at=NOW)


def test_clinic_that_tries_the_program_can_invite_at_once(house: House, grace: Episode) -> None:
    invite(episode=grace, by=house.actor("nurse"), at=NOW)

    assert Episode.objects.get(id=grace.id).state == "invited"


def test_first_page_of_the_day_tells_who_can_check_them_until_somebody_did(house: House) -> None:
    prescriber, nurse = client_of(house.prescriber), client_of(house.nurse)
    assert UNCHECKED in prescriber.get("/clinic/").content.decode()
    assert UNCHECKED not in nurse.get("/clinic/").content.decode()

    check(house)

    assert UNCHECKED not in prescriber.get("/clinic/").content.decode()
