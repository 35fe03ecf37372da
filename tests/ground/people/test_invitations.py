"""An invitation: one link, once, for fourteen days, neutral, and it makes the account."""

from datetime import timedelta
from typing import Any
from unittest.mock import ANY

import pytest
from django.test import Client
from django_scopes import scope
from time_machine import Traveller

from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Account, Episode, EpisodeEvent, Invitation, Parent
from firstlight.ground.people.services import close, contact, decline, invite, log_enquiry, set_pin
from tests.cast import NOW, PASSWORD, House
from tests.ground.people.hands import once, text_of
from tests.support.signed_in import client_of

Heard = dict[str, dict[str, Any]]


@pytest.fixture
def grace(house: House, announced: Heard) -> Episode:
    """Grace Obi called, and was called back."""
    with scope(clinic=house.clinic.id):
        nurse = house.actor("nurse")
        episode = log_enquiry(
            clinic_id=house.clinic.id, name="Grace Obi", email="grace@obi.example", by=nurse, at=NOW - timedelta(days=2)
        )
        contact(episode=episode, by=nurse, at=NOW - timedelta(days=1))
        return episode


def link_for(house: House, episode: Episode) -> str:
    with scope(clinic=house.clinic.id):
        return f"/me/i/{invite(episode=episode, by=house.actor('nurse'), at=NOW).token}/"


def test_inviting_moves_the_episode_and_announces_a_link(
    house: House, grace: Episode, announced: Heard, settings: Any
) -> None:
    with scope(clinic=house.clinic.id):
        invited = invite(episode=grace, by=house.actor("nurse"), at=NOW)

        assert announced["episode.invited"] == {"episode": grace, "link": invited.link, "by": ANY, "at": NOW}
        assert invited.link == f"{settings.PUBLIC_ADDRESS}/me/i/{invited.token}/"
        assert invited.invitation.expires_at == NOW + timedelta(days=14)
        assert grace.state == Episode.objects.get(id=grace.id).state == "invited"
        assert [event.state for event in EpisodeEvent.objects.filter(episode=grace)] == [
            "logged",
            "contacted",
            "invited",
        ]


def test_the_link_itself_is_not_stored(house: House, grace: Episode) -> None:
    token = link_for(house, grace).split("/")[3]

    with scope(clinic=house.clinic.id):
        assert token not in str(list(Invitation.objects.values()))


def test_opening_the_link_shows_no_name_and_uses_nothing_up(
    house: House, grace: Episode, client: Client, clock: Traveller
) -> None:
    link = link_for(house, grace)

    for _time in range(2):
        page = client.get(link)
        assert page.status_code == 200
        assert not any(word in page.content.decode() for word in ("Grace", "Obi", "Harbour", "ketamine"))


def test_a_code_each_time_makes_an_account_without_a_password(
    house: House, grace: Episode, client: Client, clock: Traveller
) -> None:
    link = link_for(house, grace)

    response = client.post(link, {"way": "code", **once()})

    assert response["Location"] == "/me/you/pin/"
    account = Account.objects.get_by_natural_key("grace@obi.example")
    assert not account.has_usable_password()
    assert "Grace Obi" in client.get("/me/you/").content.decode()


def test_a_password_of_her_own_is_taken_when_it_is_long_enough(
    house: House, grace: Episode, client: Client, clock: Traveller
) -> None:
    link = link_for(house, grace)
    assert client.post(link, {"way": "password", **once()})["Location"] == f"{link}password/"
    short = client.post(f"{link}password/", {"password": "fourteen signs", **once()})
    assert short.status_code == 422
    assert "at least 15 characters" in short.content.decode()

    client.post(f"{link}password/", {"password": "fifteen letters", **once()})

    assert Account.objects.get_by_natural_key("grace@obi.example").check_password("fifteen letters")
    assert client.get("/me/you/").status_code == 200


@pytest.mark.parametrize("given", ["", " " * 20, "a" * 100_000])
def test_an_impossible_password_is_named(
    house: House, grace: Episode, client: Client, clock: Traveller, given: str
) -> None:
    link = link_for(house, grace)

    response = client.post(f"{link}password/", {"password": given, **once()})

    assert response.status_code == (303 if given.isspace() else 422)


def test_a_link_works_once(house: House, grace: Episode, client: Client, clock: Traveller) -> None:
    link = link_for(house, grace)
    client.post(link, {"way": "code", **once()})

    for response in (Client().get(link), Client().post(link, {"way": "code", **once()})):
        assert response.status_code == 410


def test_a_double_tap_leads_both_times_into_the_same_place(
    house: House, grace: Episode, client: Client, clock: Traveller
) -> None:
    link, key = link_for(house, grace), once()

    answers = [Client().post(link, {"way": "code", **key}) for _tap in range(2)]  # both left before a cookie came back

    assert [answer["Location"] for answer in answers] == ["/me/you/pin/"] * 2
    assert Account.objects.filter(parent__isnull=False).count() == 3


def test_used_old_replaced_and_unknown_links_look_alike_and_offer_a_call(
    house: House, grace: Episode, client: Client, clock: Traveller
) -> None:
    used = link_for(house, grace)
    client.post(used, {"way": "code", **once()})
    replaced = link_for(house, grace)
    old = link_for(house, grace)
    clock.shift(timedelta(days=14, seconds=1))

    pages = {text_of(Client().get(link)) for link in (used, replaced, old, "/me/i/unknown/")}

    assert len(pages) == 1
    page = pages.pop()
    assert "This link does not open anything" in page
    assert 'href="tel:+15185550100"' in page
    assert "Grace" not in page
    assert "Harbour" not in page


def test_a_link_lasts_fourteen_days(house: House, grace: Episode, client: Client, clock: Traveller) -> None:
    link = link_for(house, grace)
    clock.shift(timedelta(days=13, hours=23))

    assert client.get(link).status_code == 200


def test_a_new_link_ends_the_older_one(house: House, grace: Episode, client: Client, clock: Traveller) -> None:
    older, newer = link_for(house, grace), link_for(house, grace)

    assert client.get(older).status_code == 410
    assert client.get(newer).status_code == 200


def test_a_new_link_for_somebody_in_care_changes_the_way_in_and_ends_what_was(
    house: House, client: Client, clock: Traveller, announced: Heard
) -> None:
    account = house.mother.account
    assert account is not None
    set_pin(account=account, pin="2580", minutes=5, by=house.actor("mother"), at=NOW)
    lost = client_of(house.mother)
    link = link_for(house, house.episode)
    clock.shift(timedelta(seconds=1))

    client.post(link, {"way": "code", **once()})

    account.refresh_from_db()
    assert (account.has_usable_password(), account.pin) == (False, "")
    assert lost.get("/me/you/").status_code == 302
    assert client.get("/me/you/").status_code == 200


def test_an_invitation_needs_an_email_address(house: House, announced: Heard) -> None:
    with scope(clinic=house.clinic.id):
        nurse = house.actor("nurse")
        episode = log_enquiry(clinic_id=house.clinic.id, name="Grace Obi", phone="+1 518 555 0177", by=nurse, at=NOW)
        contact(episode=episode, by=nurse, at=NOW)
        with pytest.raises(Refused, match="email address") as refused:
            invite(episode=episode, by=nurse, at=NOW)

        assert refused.value.field == "email"
        assert Episode.objects.get(id=episode.id).state == "contacted"


def test_an_address_that_signs_somebody_else_in_is_refused(house: House, announced: Heard) -> None:
    with scope(clinic=house.clinic.id):
        nurse = house.actor("nurse")
        episode = log_enquiry(
            clinic_id=house.clinic.id, name="Ruth Calder", email=house.nurse.account.email, by=nurse, at=NOW
        )
        contact(episode=episode, by=nurse, at=NOW)

        with pytest.raises(Refused, match="Someone else signs in"):
            invite(episode=episode, by=nurse, at=NOW)


def test_nobody_is_invited_before_the_call_or_after_the_end(house: House, grace: Episode, announced: Heard) -> None:
    with scope(clinic=house.clinic.id):
        nurse = house.actor("nurse")
        fresh = log_enquiry(clinic_id=house.clinic.id, name="Ana Cruz", email="ana@cruz.example", by=nurse, at=NOW)
        with pytest.raises(Refused, match="It can become: Contacted, Declined, Closed"):
            invite(episode=fresh, by=nurse, at=NOW)
        decline(episode=grace, reason="Lives abroad.", by=nurse, at=NOW)
        with pytest.raises(Refused, match="ended as “Declined”"):
            invite(episode=grace, by=nurse, at=NOW)


@pytest.mark.parametrize(("end", "status"), [(close, 410), (decline, 200)])
def test_a_link_ends_with_an_enquiry_that_is_closed_and_leads_a_declined_person_to_her_letter(
    house: House, grace: Episode, client: Client, clock: Traveller, end: Any, status: int
) -> None:
    link = link_for(house, grace)
    with scope(clinic=house.clinic.id):
        end(episode=grace, reason="Nobody answers.", by=house.actor("nurse"), at=NOW)

    assert client.get(link).status_code == status
    assert client.post(link, {"way": "code", **once()}).status_code == (410 if status == 410 else 303)


def test_the_partner_has_an_own_account_and_sees_nothing_of_hers(
    house: House, client: Client, clock: Traveller, announced: Heard
) -> None:
    with scope(clinic=house.clinic.id):
        nurse = house.actor("nurse")
        family = Parent.objects.select_related("family").get(id=house.mother.id).family
        partner = log_enquiry(
            clinic_id=house.clinic.id,
            name="Noor Lindqvist",
            email="noor@lind.example",
            relation="partner",
            family=family,
            by=nurse,
            at=NOW,
        )
        contact(episode=partner, by=nurse, at=NOW)
    client.post(link_for(house, partner), {"way": "code", **once()})

    page = client.get("/me/you/").content.decode()

    assert "Noor Lindqvist" in page
    assert not any(hers in page for hers in ("Maya", house.mother.phone, house.mother.email))
    assert client.get(f"/clinic/people/{house.mother.id}/").status_code == 302


def test_the_chosen_password_opens_the_page_later(house: House, grace: Episode, clock: Traveller) -> None:
    link = link_for(house, grace)
    Client().post(f"{link}password/", {"password": PASSWORD, **once()})

    response = Client().post("/me/sign-in/password/", {"email": "GRACE@obi.example", "password": PASSWORD})

    assert response["Location"] == "/me/"
