"""Choosing a therapist: vetted, licensed, and changed at any time without a reason."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django_scopes import scope

from firstlight.ground.people.errors import CareEnded, Refused
from firstlight.ground.people.models import Credential, Episode, Membership
from firstlight.ground.people.permissions import Role
from firstlight.ground.people.services import deny
from firstlight.journey.therapists import services
from firstlight.journey.therapists.models import TherapistChoice
from firstlight.journey.therapists.selectors import choices_of, profiles, therapist_of
from tests.cast import NOW, House, member

TODAY = NOW.date()


@pytest.fixture(autouse=True)
def inside(house: House) -> Iterator[None]:
    with scope(clinic=house.clinic.id):
        yield


def listed(
    house: House, membership: Membership, *, on: date = TODAY, until: date = TODAY + timedelta(days=300)
) -> Membership:
    """Give somebody a licence and a vetted profile."""
    Credential.objects.create(
        membership=membership,
        kind="licence",
        number="PSY-1",
        region="NY",
        expires_date=until,
        checked_date=on,
        checked_by=house.administrator,
    )
    by = house.actor("administrator")
    profile = services.write_profile(
        membership=membership, works_with=["birth trauma"], languages=["English"], by=by, at=NOW
    )
    services.vet(profile=profile, on=on, vetted_by=house.prescriber, by=by, at=NOW)
    return membership


def test_chosen_therapist_is_the_latest_one(house: House) -> None:
    first = listed(house, house.therapist)
    second = listed(house, member(house.clinic, "Noor Elamin", Role.THERAPIST, "Social worker"))
    assert therapist_of(house.episode) is None

    for minutes, therapist in enumerate([first, second, first]):
        at = NOW + timedelta(minutes=minutes)
        services.choose(episode=house.episode, therapist=therapist, by=house.actor("mother"), at=at)

    assert therapist_of(house.episode) == first
    assert [choice.therapist for choice in choices_of(house.episode)] == [first, second, first]


def test_choosing_the_same_one_again_changes_nothing(house: House) -> None:
    therapist = listed(house, house.therapist)
    for minutes in range(2):
        at = NOW + timedelta(minutes=minutes)
        services.choose(episode=house.episode, therapist=therapist, by=house.actor("mother"), at=at)

    assert TherapistChoice.objects.count() == 1


def test_therapist_whom_nobody_vetted_is_not_listed_or_chosen(house: House) -> None:
    listed(house, house.therapist)
    by = house.actor("administrator")
    services.write_profile(membership=house.therapist, works_with=["all"], languages=["English"], by=by, at=NOW)

    assert profiles(house.clinic.id, NOW) == []
    with pytest.raises(Refused, match="Ines Haddad cannot be chosen"):
        services.choose(episode=house.episode, therapist=house.therapist, by=house.actor("mother"), at=NOW)


def test_therapist_is_listed_until_the_last_day_of_her_licence(house: House) -> None:
    listed(house, house.therapist, until=TODAY)

    assert [therapist.name for therapist in profiles(house.clinic.id, NOW)] == ["Ines Haddad"]
    assert profiles(house.clinic.id, NOW + timedelta(days=1)) == []


def test_therapist_who_left_is_not_listed(house: House) -> None:
    listed(house, house.therapist)
    house.therapist.until_at = NOW
    house.therapist.save()

    assert profiles(house.clinic.id, NOW) == []


def test_therapist_from_whom_it_was_taken_is_not_listed(house: House) -> None:
    listed(house, house.therapist)
    by = house.actor("administrator")

    deny(membership=house.therapist, permission="therapy.team", reason="Full until May.", by=by, at=NOW)

    assert profiles(house.clinic.id, NOW) == []


def test_front_door_lists_therapists_without_anybody_signed_in(house: House, other_house: House) -> None:
    listed(house, house.therapist)

    with scope(clinic=None):
        assert [therapist.name for therapist in profiles(house.clinic.id, NOW)] == ["Ines Haddad"]
        assert profiles(other_house.clinic.id, NOW) == []


def test_therapist_of_another_clinic_is_not_chosen(house: House, other_house: House) -> None:
    with pytest.raises(Refused):
        services.choose(episode=house.episode, therapist=other_house.therapist, by=house.actor("mother"), at=NOW)


@pytest.mark.parametrize("state", ["declined", "stopped", "transferred", "closed"])
def test_nobody_is_chosen_once_care_has_ended(house: House, state: str) -> None:
    therapist = listed(house, house.therapist)
    Episode.objects.update(state=state)

    for who in ("mother", "nurse"):
        with pytest.raises(CareEnded, match="Care here has ended"):
            services.choose(episode=house.episode, therapist=therapist, by=house.actor(who), at=NOW)
    assert not TherapistChoice.objects.exists()


def test_nobody_vets_herself(house: House) -> None:
    by = house.actor("therapist")
    profile = services.write_profile(membership=house.therapist, works_with=[], languages=[], by=by, at=NOW)

    with pytest.raises(Refused, match="Somebody else"):
        services.vet(profile=profile, on=TODAY, vetted_by=house.therapist, by=by, at=NOW)


def test_only_therapists_have_a_profile(house: House) -> None:
    with pytest.raises(Refused, match="Only a therapist"):
        services.write_profile(
            membership=house.nurse, works_with=[], languages=[], by=house.actor("administrator"), at=NOW
        )
