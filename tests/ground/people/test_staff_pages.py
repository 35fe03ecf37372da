"""Who runs the house sees who works in it; everybody sees the own account."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from time_machine import Traveller

from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Credential, Membership, RecoveryCode
from firstlight.ground.people.services import add_credential, end_membership, found_clinic, hire, send_start_link
from firstlight.ground.worklist.services import tick
from tests.cast import NOW, PASSWORD, House
from tests.ground.people.hands import app_code, once, recovery_codes_of, with_app
from tests.support.signed_in import client_of

STAFF = "/clinic/staff/"
LICENCE = {
    "kind": "RN licence",
    "number": "744201",
    "region": "New York",
    "expires_date": "2027-12-31",
    "checked_date": "2026-11-20",
}


@pytest.fixture
def lena(house: House, clock: Traveller, announced: dict[str, Any]) -> Client:
    """The administrator's browser."""
    return client_of(house.administrator)


def credential(house: House, ends: date, checked: date) -> Credential:
    return add_credential(
        membership=house.nurse,
        kind="RN licence",
        number="744201",
        region="New York",
        expires_date=ends,
        checked_date=checked,
        checked_by=house.administrator,
        by=house.actor("administrator"),
        at=NOW,
    )


def test_check_of_today_counts_where_today_began_first(house: House) -> None:
    house.clinic.timezone = "Australia/Sydney"
    house.clinic.save()  # 1:00 on Tuesday 24 November there, 14:00 on Monday in UTC

    assert credential(house, date(2027, 12, 31), date(2026, 11, 24)).checked_date == date(2026, 11, 24)
    with pytest.raises(Refused, match="in the future"):
        credential(house, date(2027, 12, 31), date(2026, 11, 25))


@pytest.mark.parametrize(
    ("ends", "checked", "state"),
    [
        (date(2027, 12, 31), date(2026, 11, 20), "ok"),
        (date(2027, 1, 10), date(2026, 11, 20), "look"),
        (date(2027, 12, 31), date(2026, 10, 1), "look"),
        (date(2026, 11, 22), date(2026, 11, 20), "stop"),
        (date(2026, 11, 23), date(2026, 11, 20), "look"),
    ],
)
def test_a_licence_says_how_it_stands(house: House, lena: Client, ends: date, checked: date, state: str) -> None:
    credential(house, ends, checked)

    row = lena.get(STAFF).content.decode().partition("Ruth Calder")[2].partition("</tr>")[0]
    licence = row.partition("RN licence")[0].rpartition('<span class="state ')[2]

    assert licence.startswith(f'state-{state}"')


def test_a_credential_is_noted_with_who_looked_it_up(house: House, lena: Client) -> None:
    assert lena.post(f"{STAFF}{house.nurse.id}/credential/", LICENCE | once())["Location"] == STAFF

    noted = Credential.objects.get()
    assert (noted.membership, noted.checked_by, noted.expires_date) == (
        house.nurse,
        house.administrator,
        date(2027, 12, 31),
    )


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"checked_date": "2026-12-01"}, "in the future"),
        ({"expires_date": "2026-01-01"}, "had ended when it was checked"),
        ({"expires_date": "2026-02-30"}, "not a day of the calendar"),
        ({"number": "1" * 100_000}, "at most 40 characters"),
    ],
)
def test_an_impossible_credential_is_named(house: House, lena: Client, changed: dict[str, str], why: str) -> None:
    response = lena.post(f"{STAFF}{house.nurse.id}/credential/", LICENCE | changed | once())

    assert response.status_code == 422
    assert why in response.content.decode()
    assert not Credential.objects.exists()


def test_somebody_is_hired_and_gets_a_link(house: House, lena: Client, announced: dict[str, Any]) -> None:
    form = {"name": "Nadia Petrov", "email": "nadia@harbour.example", "role": "nurse", "title": "Registered nurse"}

    assert lena.post(f"{STAFF}hire/", form | once())["Location"] == STAFF

    hired = announced["staff.invited"]["membership"]
    assert (hired.public_name, hired.role, hired.clinic) == ("Nadia Petrov", "nurse", house.clinic)
    assert not hired.account.has_usable_password()
    row = lena.get(STAFF).content.decode().partition("Nadia Petrov")[2].partition("</tr>")[0]
    assert "not set up yet" in row


def test_the_link_goes_to_the_work_address(house: House, clock: Traveller, mailoutbox: list[Any]) -> None:
    send_start_link(membership=house.nurse, by=house.actor("administrator"), at=NOW)
    tick(NOW)

    [sent] = mailoutbox
    assert sent.to == [house.nurse.account.email]
    assert "/clinic/start/" in sent.body


def test_nobody_is_hired_twice(house: House, lena: Client) -> None:
    form = {"name": "Ruth Calder", "email": house.nurse.account.email.upper(), "role": "nurse", "title": "Nurse"}

    response = lena.post(f"{STAFF}hire/", form | once())

    assert response.status_code == 422
    assert "works here already" in response.content.decode()


def test_an_account_of_another_clinic_is_kept(house: House, other_house: House, announced: dict[str, Any]) -> None:
    second = hire(
        clinic=house.clinic,
        email=other_house.nurse.account.email,
        name="Paula Winters",
        role="nurse",
        title="Nurse",
        by=house.actor("administrator"),
        at=NOW,
    )

    assert second.account == other_house.nurse.account
    assert second.account.check_password(PASSWORD)


def test_a_members_page_says_what_each_button_does(house: House, lena: Client) -> None:
    page = lena.get(f"{STAFF}{house.nurse.id}/").content.decode()

    assert "Ruth Calder, Registered nurse" in page
    assert "the old app stops working" in page


def test_a_new_start_link_is_sent_from_the_members_page(house: House, lena: Client, announced: dict[str, Any]) -> None:
    lena.post(f"{STAFF}{house.nurse.id}/", {"do": "link", **once()})

    assert announced["staff.invited"]["membership"] == house.nurse


def test_ended_work_closes_the_clinic_at_once(house: House, lena: Client) -> None:
    working = client_of(house.nurse)

    lena.post(f"{STAFF}{house.nurse.id}/", {"do": "end", **once()})

    assert working.get("/clinic/enquiries/").status_code == 302
    assert AuditEvent.objects.filter(action="staff.left").count() == 1


def test_nobody_ends_the_own_place(house: House, lena: Client) -> None:
    response = lena.post(f"{STAFF}{house.administrator.id}/", {"do": "end", **once()})

    assert response.status_code == 422
    assert "Ask another administrator" in response.content.decode()
    with pytest.raises(Refused):
        end_membership(membership=house.administrator, by=house.actor("administrator"), at=NOW)


def test_only_the_administrator_opens_the_staff_pages(house: House, other_house: House, clock: Traveller) -> None:
    for who in ("prescriber", "nurse", "therapist"):
        assert client_of(getattr(house, who)).get(STAFF).status_code == 404
    assert client_of(house.administrator).get(f"{STAFF}{other_house.nurse.id}/").status_code == 404


def test_a_clinic_in_no_time_zone_is_refused(db: None) -> None:
    with pytest.raises(Refused, match="time zone"):
        found_clinic(name="Harbour", slug="harbour", phone="1", timezone="Harbour/Time", at=NOW)


def test_the_password_is_changed_by_one_who_knows_it_and_other_sessions_end(house: House, clock: Traveller) -> None:
    here, elsewhere = client_of(house.nurse), client_of(house.nurse)
    page = "/clinic/account/password/"
    clock.shift(timedelta(seconds=1))
    wrong = here.post(page, {"old": "not-this-one-at-all", "new": "a whole new sentence"})
    short = here.post(page, {"old": PASSWORD, "new": "short"})
    assert (wrong.status_code, short.status_code) == (422, 422)

    assert here.post(page, {"old": PASSWORD, "new": "a whole new sentence"})["Location"] == "/clinic/account/"

    assert here.get("/clinic/account/").status_code == 200
    assert elsewhere.get("/clinic/account/").status_code == 302


def test_new_recovery_codes_need_a_code_of_the_app_and_end_the_old(house: House, clock: Traveller) -> None:
    with_app(house.nurse)
    recovery_codes_of(house, house.nurse.account)
    before = set(RecoveryCode.objects.values_list("digest", flat=True))
    client, page = client_of(house.nurse), "/clinic/account/recovery-codes/"
    assert client.post(page, {"code": "000000"}).status_code == 422
    clock.shift(timedelta(seconds=30))

    shown = client.post(page, {"code": app_code()})

    assert shown.content.decode().count('<code class="secret">') == 10
    assert not before & set(RecoveryCode.objects.values_list("digest", flat=True))
    assert "10 left" in client.get("/clinic/account/").content.decode()


def test_new_recovery_codes_without_an_app_are_refused(house: House, clock: Traveller) -> None:
    assert client_of(house.nurse).post("/clinic/account/recovery-codes/", {"code": "123456"}).status_code == 422


def test_signing_out_everywhere(house: House, clock: Traveller) -> None:
    here, elsewhere = client_of(house.nurse), client_of(house.nurse)
    clock.shift(timedelta(seconds=1))

    assert here.post("/clinic/account/everywhere/")["Location"] == "/clinic/sign-in/"
    assert elsewhere.get("/clinic/account/").status_code == 302


def test_a_membership_counts_from_its_beginning_to_its_end(house: House) -> None:
    Membership.objects.filter(id=house.nurse.id).update(until_at=NOW)
    nurse = Membership.objects.get(id=house.nurse.id)

    assert [nurse.current(NOW + timedelta(seconds=seconds)) for seconds in (-1, 0, 1)] == [True, False, False]
