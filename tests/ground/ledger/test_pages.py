"""Pages of the stock: who gets in, what is shown, and what a second person is not shown."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from firstlight.ground.ledger import services
from firstlight.ground.ledger.models import LedgerEntry, Lot
from firstlight.ground.ledger.selectors import balance
from tests.cast import NOW, House
from tests.ground.ledger.deliveries import delivery
from tests.support.signed_in import client_of

TYPED = {
    "ndc": "42023-113-10",
    "lot_number": "K24-118",
    "expires_date": "2027-06-30",
    "concentration_ug_per_ml": "10",
    "vial_volume_ul": "20",
    "vial_total_ug": "200",
    "vials": "10",
    "supplier": "Northwind Medical",
    "invoice": "INV-1",
}


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def lot(house: House) -> Lot:
    with scope(clinic=house.clinic.id):
        return delivery(house)


@pytest.fixture
def waste(house: House, lot: Lot) -> LedgerEntry:
    with scope(clinic=house.clinic.id):
        draw = services.draw(lot=lot, amount_ug=40_000, session_ref=uuid4(), by=house.actor("nurse"), at=NOW)
        services.administer(draw=draw, amount_ug=36_700, by=house.actor("nurse"), at=NOW)
        return services.waste(draw=draw, amount_ug=3_300, reason="Remainder", by=house.actor("nurse"), at=NOW)


def sent(client: Client, name: str, *ids: Any, **typed: Any) -> Any:
    return client.post(reverse(f"ledger:{name}", args=ids), typed)


def test_stock_shows_what_one_vial_holds_in_all(house: House, lot: Lot) -> None:
    page = client_of(house.nurse).get(reverse("ledger:stock")).content.decode()

    assert "<strong>200 mg</strong> in 20 mL" in page
    assert "2,000 mg" in page


@pytest.mark.parametrize(
    ("person", "status"), [("nurse", 200), ("prescriber", 200), ("therapist", 404), ("administrator", 404)]
)
def test_stock_is_for_those_who_handle_it(house: House, person: str, status: int) -> None:
    client = client_of(getattr(house, person))

    assert client.get(reverse("ledger:stock")).status_code == status
    assert client.get(reverse("ledger:journal")).status_code == status


def test_lot_of_another_clinic_is_not_there(house: House, other_house: House, lot: Lot) -> None:
    outsider = client_of(other_house.nurse)

    assert outsider.get(reverse("ledger:lot", args=[lot.id])).status_code == 404
    assert sent(outsider, "count", lot.id, amount_ug="1").status_code == 404
    assert "K24-118" not in outsider.get(reverse("ledger:stock")).content.decode()


def test_delivery_is_received_once_however_often_it_is_sent(house: House) -> None:
    client, key = client_of(house.nurse), str(uuid4())

    places = {sent(client, "receive", once=key, **TYPED)["Location"] for _ in range(3)}

    with scope(clinic=house.clinic.id):
        lot = Lot.objects.get()
        assert places == {reverse("ledger:lot", args=[lot.id])}
        assert balance(lot) == 2_000_000


def test_empty_delivery_names_every_field(house: House) -> None:
    response = sent(client_of(house.nurse), "receive")

    assert response.status_code == 422
    assert set(response.context["form"].errors) == set(TYPED)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("ndc", "42023113"),
        ("ndc", "<script>alert(1)</script>"),
        ("lot_number", "x" * 100_000),
        ("expires_date", "2027-02-30"),
        ("expires_date", "2026-11-22"),
        ("concentration_ug_per_ml", ".5"),
        ("concentration_ug_per_ml", "10.0"),
        ("vial_volume_ul", "-20"),
        ("vial_total_ug", "50"),
        ("vials", "0"),
        ("vials", "1.5"),
        ("vials", "99999999999999999999"),
    ],
)
def test_bad_delivery_is_named_and_kept(house: House, field: str, typed: str) -> None:
    response = sent(client_of(house.nurse), "receive", **(TYPED | {field: typed}))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert response.context["form"]["supplier"].value() == TYPED["supplier"]
    assert "<script>alert" not in response.content.decode()
    with scope(clinic=house.clinic.id):
        assert not Lot.objects.exists()


def test_witness_is_not_shown_the_first_figure(house: House, waste: LedgerEntry) -> None:
    client = client_of(house.second_nurse)
    pages = [
        reverse("ledger:stock"),
        reverse("ledger:witness", args=[waste.id]),
        reverse("ledger:journal"),
        reverse("ledger:lot", args=[waste.lot_id]),
    ]

    for page in pages:
        assert "3.3 mg" not in client.get(page).content.decode(), page


def test_person_who_wasted_sees_her_own_figure_and_no_form(house: House, waste: LedgerEntry) -> None:
    client = client_of(house.nurse)

    assert "−3.3 mg" in client.get(reverse("ledger:journal")).content.decode()
    assert 'name="amount_ug"' not in client.get(reverse("ledger:witness", args=[waste.id])).content.decode()
    assert sent(client, "witness", waste.id, amount_ug="3.3").status_code == 422


def test_waste_is_done_when_the_second_figure_agrees(house: House, waste: LedgerEntry) -> None:
    client = client_of(house.second_nurse)

    differs = sent(client, "witness", waste.id, amount_ug="3")
    assert "The two figures differ" in client.get(differs["Location"]).content.decode()
    agrees = sent(client, "witness", waste.id, amount_ug="3.3")

    assert agrees["Location"] == reverse("ledger:stock")
    assert client.get(reverse("ledger:witness", args=[waste.id])).status_code == 404


def test_what_is_left_in_hand_can_be_wasted_from_the_stock(house: House, lot: Lot) -> None:
    with scope(clinic=house.clinic.id):
        draw = services.draw(lot=lot, amount_ug=40_000, session_ref=uuid4(), by=house.actor("nurse"), at=NOW)
    client = client_of(house.nurse)

    too_much = sent(client, "waste", draw.id, amount_ug="41", reason="Broken")
    done = sent(client, "waste", draw.id, amount_ug="40", reason="Broken")

    assert "Only 40 mg of this draw are in hand." in too_much.content.decode()
    assert done.status_code == 303


def test_second_count_is_made_without_seeing_the_first(house: House, lot: Lot) -> None:
    first, second = client_of(house.nurse), client_of(house.second_nurse)
    sent(first, "count", lot.id, amount_ug="1,987")

    for name in ("lot", "count"):
        assert "1,987" not in second.get(reverse(f"ledger:{name}", args=[lot.id])).content.decode()
    assert "2,000 mg" not in second.get(reverse("ledger:count", args=[lot.id])).content.decode()

    sent(second, "count", lot.id, amount_ug="1,987")
    assert "Differs from the books" in second.get(reverse("ledger:lot", args=[lot.id])).content.decode()
    assert sent(second, "adjust", lot.id, reason="Not known").status_code == 303
    with scope(clinic=house.clinic.id):
        assert balance(lot) == 1_987_000


@pytest.mark.parametrize("period", ["first=2026-11-31&last=2026-11-30", "first=2026-12-01&last=2026-11-01", "first=x"])
def test_journal_of_an_impossible_period_says_so(house: House, lot: Lot, period: str) -> None:
    response = client_of(house.nurse).get(f"{reverse('ledger:journal')}?{period}")

    assert response.status_code == 422
    assert response.context["form"].errors


def test_journal_shows_the_lines_of_its_period(house: House, lot: Lot) -> None:
    client = client_of(house.nurse)

    assert "Received" in client.get(f"{reverse('ledger:journal')}?first=2026-11-23&last=2026-11-23").content.decode()
    assert "No lines" in client.get(f"{reverse('ledger:journal')}?first=2026-11-24&last=2026-11-30").content.decode()
