"""Prices: set by the administrator, never changed, shown with their day before the first question."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.http import HttpResponse
from django_scopes import scope
from hypothesis import given
from hypothesis import strategies as st

from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Membership
from firstlight.journey.learn.items import items
from firstlight.journey.learn.models import Price
from firstlight.journey.learn.money import DEAREST_CENTS, money, read_cents
from firstlight.journey.learn.selectors import price_list
from firstlight.journey.learn.services import set_price
from tests.cast import NOW, House
from tests.journey.learn.visiting import once_of, page
from tests.support.signed_in import client_of

TODAY = date(2026, 11, 23)
AMOUNTS = {"first-call": 0, "assessment": 32_000, "preparation": 18_000, "session": 56_050, "integration": 16_500}


def priced(house: House, item: str = "session", cents: int = 56_000, *, days: int = 0, note: str = "") -> Price:
    with scope(clinic=house.clinic.id):
        return set_price(
            clinic=house.clinic,
            item=item,
            amount_cents=cents,
            note=note,
            from_date=TODAY + timedelta(days=days),
            by=house.actor("administrator"),
            at=NOW,
        )


@pytest.mark.parametrize(
    ("typed", "cents"),
    [("450", 45_000), ("37.50", 3_750), ("1,200", 120_000), ("$450", 45_000), (" $ 1,200.05 ", 120_005), ("0", 0)],
)
def test_amount_is_read_as_people_type_it(typed: str, cents: int) -> None:
    assert read_cents(typed) == cents


@pytest.mark.parametrize(
    "typed", ["", "-5", "4.5", "450,00", "12,34", "1e3", "five", "450 EUR", "\u0664\u0665\u0660", "4" * 30]
)
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="no amount"):
        read_cents(typed)


@given(cents=st.integers(0, DEAREST_CENTS))
def test_amount_that_is_shown_reads_back_as_itself(cents: int) -> None:
    assert read_cents(money(cents, "USD")) == cents


@pytest.mark.parametrize(("cents", "shown"), [(0, "$0"), (56_000, "$560"), (3_750, "$37.50"), (120_005, "$1,200.05")])
def test_amount_is_shown_without_empty_cents(cents: int, shown: str) -> None:
    assert money(cents, "USD") == shown


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"item": "coffee"}, "item"),
        ({"amount_cents": -1}, "amount"),
        ({"amount_cents": DEAREST_CENTS + 1}, "amount"),
        ({"currency": "XYZ"}, "currency"),
        ({"from_date": TODAY - timedelta(days=1)}, "from_date"),
        ({"note": "x" * 201}, "note"),
    ],
)
def test_impossible_price_is_refused_with_its_field(house: House, change: dict[str, object], field: str) -> None:
    facts: dict[str, object] = {"item": "session", "amount_cents": 100, "from_date": TODAY}

    with scope(clinic=house.clinic.id), pytest.raises(Refused) as refused:
        set_price(clinic=house.clinic, **(facts | change), by=house.actor("administrator"), at=NOW)  # type: ignore[arg-type]  # wrong on purpose

    assert refused.value.field == field


def test_price_is_recorded_and_can_never_be_changed(house: House) -> None:
    price = priced(house)

    event = AuditEvent.objects.get(action="price.set")
    assert event.detail == {"item": "session", "cents": 56_000, "from": "2026-11-23"}
    with scope(clinic=house.clinic.id), pytest.raises(DatabaseError), transaction.atomic():
        Price.objects.filter(id=price.id).update(amount_cents=1)


def test_latest_price_of_a_day_counts_and_the_next_one_is_announced(house: House) -> None:
    priced(house, cents=56_000)
    priced(house, cents=57_000)  # a slip of the finger, put right
    priced(house, cents=59_000, days=40)
    priced(house, cents=90_000, days=80)

    line = next(line for line in price_list(house.clinic, NOW).lines if line.item.key == "session")
    assert (line.amount, line.coming_amount) == ("$570", "$590")
    later = price_list(house.clinic, NOW + timedelta(days=41))
    assert later.amount_of("session") == "$590"


def test_whole_course_is_added_up_only_when_nothing_is_missing(house: House) -> None:
    for item, cents in list(AMOUNTS.items())[:-1]:
        priced(house, item, cents)
    assert price_list(house.clinic, NOW).whole_course == ""

    priced(house, "integration", AMOUNTS["integration"])

    # 0 + 320 + 180 + 6 x 560.50 + 6 x 165 = 4,853
    assert price_list(house.clinic, NOW).whole_course == "$4,853"


def test_prices_of_another_clinic_are_not_shown(house: House, other_house: House) -> None:
    priced(other_house)

    assert price_list(house.clinic, NOW).since is None


def test_parents_read_price_time_day_and_refund(house: House) -> None:
    for item, cents in AMOUNTS.items():
        priced(house, item, cents)
    priced(house, "late", 9_000, note="Per visit")

    with time_machine.travel(NOW, tick=False):
        html = page("/learn/price/")

    assert "$560.50" in html
    assert "180 min" in html
    assert "Mon 23 Nov 2026" in html
    assert "You pay $90." in html
    assert "$4,853" in html
    assert "You pay nothing in advance." in html


def test_parents_read_honestly_that_no_price_is_set(house: House) -> None:
    html = page("/learn/price/")

    assert "No prices are set yet" in html
    assert "Ask us. We have not set a price." in html
    assert "$" not in html


def post(house: House, member: Membership, **fields: str) -> HttpResponse:
    client = client_of(member)
    key = once_of(client.get("/clinic/prices/").content.decode())
    answer: HttpResponse = client.post("/clinic/prices/", {"once": key, **fields})  # type: ignore[assignment]  # the test client's own class
    return answer


def test_administrator_sets_a_price(house: House) -> None:
    with time_machine.travel(NOW, tick=False):
        answer = post(
            house, house.administrator, item="session", amount="560", from_date="2026-11-23", note="Two nurses"
        )
        html = client_of(house.administrator).get(answer["Location"]).content.decode()

    assert answer.status_code == 303
    assert "$560" in html
    assert "Lena Brandt" in html
    assert price_list(house.clinic, NOW).amount_of("session") == "$560"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"amount": "450,00"}, "This is not an amount. It looks like 450 or 37.50."),
        ({"amount": "25,000"}, "A price is between $0 and $20,000."),
        ({"from_date": "2026-02-30"}, "This is not a day of the calendar."),
        ({"from_date": "2026-11-22"}, "A price cannot change for days that have passed."),
        ({"item": "coffee"}, "coffee is not one of the available choices"),
    ],
)
def test_refused_price_keeps_what_was_typed(house: House, fields: dict[str, str], said: str) -> None:
    good = {"item": "session", "amount": "560", "from_date": "2026-11-23", "note": "Two nurses in the house"}

    with time_machine.travel(NOW, tick=False):
        answer = post(house, house.administrator, **(good | fields))

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "Two nurses in the house" in answer.content.decode()
    assert price_list(house.clinic, NOW).since is None


@pytest.mark.parametrize("role", ["prescriber", "nurse", "therapist"])
def test_others_of_the_clinic_find_no_such_page(house: House, role: str) -> None:
    with time_machine.travel(NOW, tick=False):
        assert client_of(getattr(house, role)).get("/clinic/prices/").status_code == 404


def test_every_item_of_a_course_takes_time(house: House) -> None:
    assert [item.key for item in items().values() if bool(item.count) != bool(item.minutes)] == []
