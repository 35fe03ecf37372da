"""The therapist's page on the record, and the parent's own: changed in two taps."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from django.urls import reverse
from django_scopes import scope

from firstlight.ground.people.models import Membership
from firstlight.ground.people.permissions import Role
from firstlight.ground.people.services import close, record_loss
from firstlight.journey.therapists.models import TherapistChoice, TherapistProfile
from firstlight.journey.therapists.selectors import therapist_of
from firstlight.journey.therapists.services import choose
from tests.cast import NOW, House, member
from tests.journey.therapists.test_choosing import listed
from tests.support.signed_in import client_of


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def second(house: House) -> Membership:
    with scope(clinic=house.clinic.id):
        listed(house, house.therapist)
        return listed(house, member(house.clinic, "Noor Elamin", Role.THERAPIST, "Social worker"))


def test_parent_changes_her_therapist_in_two_taps(house: House, second: Membership) -> None:
    client = client_of(house.mother)
    page = client.get(reverse("therapists:mine")).content.decode()

    others = client.get(re.findall(r'class="button[^"]*" href="([^"]+/person/[^"]+)"', page)[0]).content.decode()
    client.post(re.findall(rf'action="([^"]+{second.id}/)"', others)[0])

    with scope(clinic=house.clinic.id):
        assert therapist_of(house.episode) == second
    page = client.get(reverse("therapists:mine")).content.decode()
    assert "<h1>Noor Elamin</h1>" in page
    assert "They promise you that it will work." in page


def test_staff_enter_whom_she_wants(house: House, second: Membership) -> None:
    client = client_of(house.nurse)

    client.post(reverse("therapists:choose_for", args=[house.mother.id, second.id]))

    page = client.get(reverse("therapists:of_parent", args=[house.mother.id])).content.decode()
    assert "Noor Elamin, Social worker" in page
    assert "Ruth Calder" in page


def test_therapist_who_cannot_be_chosen_any_more_is_named_as_such(house: House, second: Membership) -> None:
    client_of(house.mother).post(reverse("therapists:choose", args=[second.id]))
    with scope(clinic=house.clinic.id):
        second.until_at = NOW
        second.save()

    assert "does not take visits" in client_of(house.mother).get(reverse("therapists:mine")).content.decode()
    page = client_of(house.nurse).get(reverse("therapists:of_parent", args=[house.mother.id])).content.decode()
    assert "Cannot be chosen any more" in page


def test_after_care_nobody_new_is_chosen_by_her_or_for_her(
    house: House, other_house: House, second: Membership
) -> None:
    with scope(clinic=house.clinic.id):
        choose(episode=house.episode, therapist=house.therapist, by=house.actor("mother"), at=NOW)
        close(episode=house.episode, reason="Finished.", by=house.actor("prescriber"), at=NOW)
    mother, nurse = client_of(house.mother), client_of(house.nurse)
    hers = mother.get(reverse("therapists:others")).content.decode()
    theirs = nurse.get(reverse("therapists:of_parent", args=[house.mother.id])).content.decode()
    answers = [
        mother.post(reverse("therapists:choose", args=[second.id])),
        nurse.post(reverse("therapists:choose_for", args=[house.mother.id, second.id])),
    ]
    outsider = client_of(other_house.nurse).post(reverse("therapists:choose_for", args=[house.mother.id, second.id]))

    assert [answer.status_code for answer in answers] == [422, 422]
    assert outsider.status_code == 404
    assert "Your care here has ended" in hers
    assert house.clinic.phone in hers
    assert "Choose Noor Elamin" not in hers
    assert "Nobody new is chosen" in theirs
    assert 'method="post"' not in theirs.split("Who can be chosen")[1].split("Choices so far")[0]
    with scope(clinic=house.clinic.id):
        assert therapist_of(house.episode) == house.therapist


@pytest.mark.parametrize("person", ["administrator", "therapist"])
def test_choice_is_entered_only_by_those_who_plan_care(house: House, second: Membership, person: str) -> None:
    client = client_of(getattr(house, person))

    assert client.post(reverse("therapists:choose_for", args=[house.mother.id, second.id])).status_code == 404
    with scope(clinic=house.clinic.id):
        assert not TherapistChoice.objects.exists()


def test_outsiders_choose_nothing(house: House, other_house: House, second: Membership) -> None:
    outsider = client_of(other_house.nurse)

    assert outsider.get(reverse("therapists:of_parent", args=[house.mother.id])).status_code == 404
    assert outsider.post(reverse("therapists:choose_for", args=[house.mother.id, second.id])).status_code == 404
    assert client_of(other_house.mother).post(reverse("therapists:choose", args=[second.id])).status_code == 404


@pytest.mark.parametrize("page", ["therapists:mine", "therapists:others", "safety:parent_help"])
def test_after_a_loss_no_therapist_and_no_help_line_speaks_of_a_baby(
    house: House, second: Membership, page: str
) -> None:
    with scope(clinic=house.clinic.id):
        choose(episode=house.episode, therapist=second, by=house.actor("mother"), at=NOW)
        TherapistProfile.objects.update(works_with=["birth trauma"], about="A baby in the room is welcome.")
    client = client_of(house.mother)
    before = client.get(reverse(page)).content.decode().lower()
    with scope(clinic=house.clinic.id):
        record_loss(family=house.mother.family, by=house.actor("nurse"), at=NOW)
    after = client.get(reverse(page)).content.decode().lower()

    assert re.search("baby|birth|postpartum|maternal", before)
    assert not re.search("baby|birth|postpartum|maternal", after)
    assert "988" in after or "licence" in after
