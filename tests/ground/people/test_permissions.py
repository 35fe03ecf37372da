"""What is taken away is gone, whatever the role says; who took it, when and why stands on the page."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django_scopes import scope
from hypothesis import given
from hypothesis import strategies as st
from time_machine import Traveller

from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import PermissionChange
from firstlight.ground.people.permissions import PERMISSION_NAMES, ROLES, Permission, Role, effective
from firstlight.ground.people.services import deny, lift
from tests.cast import NOW, House
from tests.ground.people.hands import once
from tests.support.signed_in import client_of

WHY = "Returns in May; takes no stock until then."


@pytest.fixture
def lena(house: House, clock: Traveller, announced: dict[str, Any]) -> Client:
    """The administrator's browser."""
    return client_of(house.administrator)


def page_of(house: House, name: str = "nurse") -> str:
    return f"/clinic/staff/{getattr(house, name).id}/permissions/"


def taken(house: House, permission: str = "stock.write") -> None:
    """Let Lena take something from Ruth."""
    by = house.actor("administrator")
    with scope(clinic=house.clinic.id):
        deny(membership=house.nurse, permission=permission, reason=WHY, by=by, at=NOW - timedelta(hours=1))


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@given(st.sampled_from(Role), st.lists(st.sampled_from(Permission)))
def test_deny_wins_over_every_role(role: Role, denied: list[Permission]) -> None:
    left = effective(role, [permission.value for permission in denied])

    assert left == ROLES[role] - set(denied)


def test_every_permission_has_plain_words() -> None:
    assert set(PERMISSION_NAMES) == set(Permission)


def test_what_is_taken_away_is_gone_on_the_next_page(house: House, lena: Client) -> None:
    ruth = client_of(house.nurse)
    assert ruth.get("/clinic/stock/receive/").status_code == 200

    sent = lena.post(page_of(house), {"do": "deny", "permission": "stock.write", "reason": WHY, **once()})

    assert sent["Location"] == page_of(house)
    assert ruth.get("/clinic/stock/receive/").status_code == 404
    assert ruth.get("/clinic/stock/").status_code == 200
    assert client_of(house.second_nurse).get("/clinic/stock/receive/").status_code == 200


def test_what_is_given_back_works_again_and_both_reasons_stay(house: House, lena: Client) -> None:
    taken(house)

    lena.post(page_of(house), {"do": "lift", "permission": "stock.write", "reason": "Back.", **once()})

    assert client_of(house.nurse).get("/clinic/stock/receive/").status_code == 200
    page = words(lena.get(page_of(house)).content.decode())
    history = page[page.index("Every change") :]
    assert history.index("Back.") < history.index(WHY)


def test_page_says_since_when_by_whom_and_why(house: House, lena: Client) -> None:
    taken(house)

    page = words(lena.get(page_of(house)).content.decode())
    row = page[page.index("Receive, draw, waste and count stock") :][:160]

    assert "taken away" in row
    assert "Lena Brandt" in row
    assert WHY in row
    assert "1 permission of the role is taken away." in words(
        lena.get(page_of(house).removesuffix("permissions/")).content.decode()
    )


def test_change_is_audited_by_permission_and_without_its_reason(house: House, lena: Client) -> None:
    taken(house)

    event = AuditEvent.objects.get(action="staff.denied")
    assert (event.about_id, event.account_id) == (str(house.nurse.id), house.administrator.account_id)
    assert event.detail == {"permission": "stock.write", "denied": ["stock.write"]}


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ({"permission": "stock.write", "reason": "  "}, "Write the reason."),
        ({"permission": "order.sign", "reason": WHY}, "Select a valid choice"),
        ({"permission": "tea", "reason": WHY}, "Select a valid choice"),
        ({"permission": "stock.write", "reason": "x" * 100_000}, "at most 2000 characters"),
    ],
)
def test_bad_input_gets_a_clear_message_and_takes_nothing(
    house: House, lena: Client, sent: dict[str, str], why: str
) -> None:
    response = lena.post(page_of(house), {"do": "deny", **sent, **once()})

    assert response.status_code == 422
    assert why in response.content.decode()
    house.nurse.refresh_from_db()
    assert house.nurse.denied == []


@pytest.mark.parametrize(
    ("who", "permission", "why"),
    [
        ("nurse", "stock.write", "taken away already"),
        ("nurse", "order.sign", "does not have this permission"),
        ("administrator", "staff.write", "Ask another administrator"),
    ],
)
def test_what_makes_no_sense_is_refused(house: House, clock: Traveller, who: str, permission: str, why: str) -> None:
    taken(house)
    member, by = getattr(house, who), house.actor("administrator")

    with scope(clinic=house.clinic.id), pytest.raises(Refused, match=why):
        deny(membership=member, permission=permission, reason=WHY, by=by, at=NOW)


def test_nothing_is_given_back_that_was_not_taken(house: House, clock: Traveller) -> None:
    with scope(clinic=house.clinic.id), pytest.raises(Refused, match="not taken away"):
        lift(membership=house.nurse, permission="tasks", reason="?", by=house.actor("administrator"), at=NOW)


def test_administrator_sees_the_own_permissions_and_no_form(house: House, lena: Client) -> None:
    page = lena.get(page_of(house, "administrator")).content.decode()

    assert "This is your own place." in page
    assert 'name="permission"' not in page


@pytest.mark.parametrize("who", ["prescriber", "nurse", "therapist", "mother"])
def test_others_find_nothing_here(house: House, clock: Traveller, who: str) -> None:
    assert client_of(getattr(house, who)).get(page_of(house)).status_code in {302, 404}


def test_administrator_of_another_clinic_finds_nothing_here(house: House, other_house: House, clock: Traveller) -> None:
    carl = client_of(other_house.administrator)

    assert carl.get(page_of(house)).status_code == 404
    sent = {"do": "deny", "permission": "tasks", "reason": WHY, **once()}
    assert carl.post(page_of(house), sent).status_code == 404
    house.nurse.refresh_from_db()
    assert house.nurse.denied == []


def test_change_is_never_changed(house: House, clock: Traveller) -> None:
    taken(house)

    with scope(clinic=house.clinic.id), transaction.atomic(), pytest.raises(DatabaseError, match="append-only"):
        PermissionChange.objects.update(reason="another")
