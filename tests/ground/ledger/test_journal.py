"""Lines of the journal: what may be entered, by whom, and what every line leaves behind."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django_scopes import scope

from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.ledger import services
from firstlight.ground.ledger.models import Draw, LedgerEntry, Lot
from firstlight.ground.ledger.selectors import (
    balance,
    in_hand,
    is_settled,
    lots_in_stock,
    open_draws,
    wastes_waiting,
)
from firstlight.ground.people.errors import Refused
from tests.cast import NOW, House
from tests.ground.ledger.deliveries import delivery


@pytest.fixture(autouse=True)
def inside(house: House) -> Iterator[None]:
    with scope(clinic=house.clinic.id):
        yield


def drawn(house: House, lot: Lot, amount_ug: int = 40_000) -> Draw:
    return services.draw(lot=lot, amount_ug=amount_ug, session_ref=uuid4(), by=house.actor("nurse"), at=NOW)


def test_delivery_stands_in_the_cabinet(house: House) -> None:
    lot = delivery(house)

    assert balance(lot) == 2_000_000
    assert [(stocked.lot, stocked.on_hand_ug) for stocked in lots_in_stock(house.actor("nurse"))] == [(lot, 2_000_000)]


def test_dose_with_remainder_is_settled_once_a_second_person_saw_the_waste(house: House) -> None:
    nurse, second = house.actor("nurse"), house.actor("second_nurse")
    draw = drawn(house, delivery(house))
    services.administer(draw=draw, amount_ug=35_000, by=nurse, at=NOW)
    assert [held.in_hand_ug for held in open_draws(nurse)] == [5_000]

    waste = services.waste(draw=draw, amount_ug=5_000, reason="Remainder", by=nurse, at=NOW)
    assert not is_settled(draw.session_ref)
    assert wastes_waiting(second) == [waste]

    services.witness_waste(waste=waste, amount_ug=5_000, by=second, at=NOW)
    assert is_settled(draw.session_ref)
    assert wastes_waiting(second) == []
    assert [(line.kind, line.before_ug, line.after_ug) for line in LedgerEntry.objects.all()] == [
        ("receive", 0, 2_000_000),
        ("draw", 2_000_000, 1_960_000),
        ("administer", 40_000, 5_000),
        ("waste", 5_000, 0),
        ("waste_witness", 0, 0),
    ]


def test_session_is_not_settled_while_something_is_in_hand(house: House) -> None:
    draw = drawn(house, delivery(house))

    assert not is_settled(draw.session_ref)
    assert is_settled(uuid4())


def test_waste_is_not_witnessed_by_the_person_who_wasted(house: House) -> None:
    draw = drawn(house, delivery(house))
    waste = services.waste(draw=draw, amount_ug=40_000, reason="Broken", by=house.actor("nurse"), at=NOW)

    with pytest.raises(Refused, match="another person"):
        services.witness_waste(waste=waste, amount_ug=40_000, by=house.actor("nurse"), at=NOW)


def test_waste_goes_on_waiting_when_the_witness_saw_another_amount(house: House) -> None:
    draw = drawn(house, delivery(house))
    waste = services.waste(draw=draw, amount_ug=4_000, reason="Remainder", by=house.actor("nurse"), at=NOW)

    seen = services.witness_waste(waste=waste, amount_ug=4_500, by=house.actor("second_nurse"), at=NOW)

    assert seen.amount_ug == 4_500
    assert wastes_waiting(house.actor("nurse")) == [waste]
    assert AuditEvent.objects.filter(action="stock.waste_differs").count() == 1


def test_waste_is_witnessed_once(house: House) -> None:
    draw = drawn(house, delivery(house))
    waste = services.waste(draw=draw, amount_ug=40_000, reason="Broken", by=house.actor("nurse"), at=NOW)
    services.witness_waste(waste=waste, amount_ug=40_000, by=house.actor("second_nurse"), at=NOW)

    with pytest.raises(Refused, match="already"):
        services.witness_waste(waste=waste, amount_ug=40_000, by=house.actor("prescriber"), at=NOW)


def test_waste_needs_a_reason(house: House) -> None:
    draw = drawn(house, delivery(house))

    with pytest.raises(Refused) as refused:
        services.waste(draw=draw, amount_ug=1_000, reason="  ", by=house.actor("nurse"), at=NOW)

    assert refused.value.field == "reason"


@pytest.mark.parametrize("amount_ug", [0, -1, 40_001])
def test_only_what_is_in_hand_is_given(house: House, amount_ug: int) -> None:
    draw = drawn(house, delivery(house))

    with pytest.raises(Refused):
        services.administer(draw=draw, amount_ug=amount_ug, by=house.actor("nurse"), at=NOW)

    assert in_hand(draw) == 40_000


def test_expired_lot_is_not_drawn_from(house: House) -> None:
    lot = delivery(house, expires_date=NOW.date())
    services.draw(lot=lot, amount_ug=1_000, session_ref=uuid4(), by=house.actor("nurse"), at=NOW)

    with pytest.raises(Refused, match="expired"):
        services.draw(
            lot=lot, amount_ug=1_000, session_ref=uuid4(), by=house.actor("nurse"), at=NOW + timedelta(days=1)
        )


def test_lot_expires_at_the_end_of_the_clinics_day_not_of_utc(house: House) -> None:
    lot = delivery(house, expires_date=NOW.date())
    late_evening = NOW.replace(hour=4, minute=30) + timedelta(days=1)  # 23:30 in New York, the next day in UTC

    services.draw(lot=lot, amount_ug=1_000, session_ref=uuid4(), by=house.actor("nurse"), at=late_evening)

    assert balance(lot) == 1_999_000


def test_delivery_is_taken_in_once(house: House) -> None:
    delivery(house)

    with pytest.raises(Refused, match="already"):
        delivery(house)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ndc": "42023113"}, "ndc"),
        ({"vials": 0}, "vials"),
        ({"vials": 10_001}, "vials"),
        ({"supplier": " "}, "supplier"),
        ({"invoice": ""}, "invoice"),
        ({"expires_date": NOW.date() - timedelta(days=1)}, "expires_date"),
        ({"concentration_ug_per_ml": 0}, "concentration_ug_per_ml"),
        ({"concentration_ug_per_ml": 10_001}, "concentration_ug_per_ml"),
        ({"vial_volume_ul": 0}, "vial_volume_ul"),
        ({"vial_volume_ul": -5}, "vial_volume_ul"),
    ],
)
def test_impossible_label_is_refused_by_its_field(house: House, changes: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refused:
        delivery(house, **changes)

    assert refused.value.field == field
    assert not Lot.objects.exists()


def test_stock_goes_back_only_as_far_as_there_is_any(house: House) -> None:
    lot = delivery(house)

    services.send_back(lot=lot, amount_ug=2_000_000, recipient="Reverse distributor", by=house.actor("nurse"), at=NOW)
    with pytest.raises(Refused, match="in stock"):
        services.send_back(lot=lot, amount_ug=1, recipient="Reverse distributor", by=house.actor("nurse"), at=NOW)

    assert lots_in_stock(house.actor("nurse")) == []


def test_books_follow_a_count_that_two_people_found_alone(house: House) -> None:
    lot = delivery(house)
    nurse, second = house.actor("nurse"), house.actor("second_nurse")
    services.count(lot=lot, amount_ug=1_990_000, by=nurse, at=NOW)
    with pytest.raises(Refused, match="Two people"):
        services.adjust(lot=lot, reason="Not known", by=nurse, at=NOW)
    services.count(lot=lot, amount_ug=1_990_000, by=second, at=NOW)

    line = services.adjust(lot=lot, reason="Not known", by=nurse, at=NOW)

    assert (line.direction, line.amount_ug, balance(lot)) == (-1, 10_000, 1_990_000)


def test_one_person_counting_twice_moves_no_books(house: House) -> None:
    lot = delivery(house)
    for _ in range(2):
        services.count(lot=lot, amount_ug=1_990_000, by=house.actor("nurse"), at=NOW)

    with pytest.raises(Refused, match="Two people"):
        services.adjust(lot=lot, reason="Not known", by=house.actor("nurse"), at=NOW)


def test_counts_are_worth_nothing_once_something_moved(house: House) -> None:
    lot = delivery(house)
    for name in ("nurse", "second_nurse"):
        services.count(lot=lot, amount_ug=1_990_000, by=house.actor(name), at=NOW)
    drawn(house, lot)

    with pytest.raises(Refused, match="Two people"):
        services.adjust(lot=lot, reason="Not known", by=house.actor("nurse"), at=NOW)


def test_table_refuses_a_line_that_does_not_add_up(house: House) -> None:
    lot = delivery(house)
    line = LedgerEntry.objects.get()
    line.pk, line.sequence, line.after_ug, line.kind, line.direction = uuid4(), 2, 7, "return", -1
    line._state.adding = True

    with pytest.raises(IntegrityError), transaction.atomic():
        line.save(force_insert=True)

    assert balance(lot) == 2_000_000


def test_every_line_is_audited(house: House) -> None:
    draw = drawn(house, delivery(house))
    services.waste(draw=draw, amount_ug=40_000, reason="Broken", by=house.actor("nurse"), at=NOW)

    actions = list(AuditEvent.objects.order_by("sequence").values_list("action", flat=True))
    assert actions == ["stock.received", "stock.drawn", "stock.wasted"]
