"""Every page of the stock: for a keyboard and a screen reader, in every language, with few questions to the database."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import Page

from firstlight.ground.ledger import services
from tests.cast import House, harbour
from tests.ground.ledger.deliveries import delivery
from tests.journey.screening.telling import sign_in
from tests.support.browser import Devices
from tests.support.pseudo import bare_words, pseudo_locale
from tests.support.signed_in import client_of

DATA = (
    "Harbour Clinic", "Ruth Calder", "Tomas Reyes", "Registered nurse", "Remainder", "ketamine hydrochloride (racemic)",
    "Northwind Medical, 4 Dock Rd, Albany, DEA RN0123456", "INV-L0", "INV-L1", "INV-L2",
)  # fmt: skip


def addresses(house: House) -> dict[str, str]:
    """Let a busy week leave its traces; return every page of the stock."""
    now = timezone.now()
    nurse, second = house.actor("nurse"), house.actor("second_nurse")
    fresh = (now + timedelta(days=300)).date()
    with scope(clinic=house.clinic.id):
        lots = [delivery(house, f"L{number}", at=now, expires_date=fresh) for number in range(3)]
        for number in range(9):
            lot = lots[number % 3]
            drawn = services.draw(lot=lot, amount_ug=40_000, session_ref=UUID(int=number), by=nurse, at=now)
            services.administer(draw=drawn, amount_ug=35_000, by=nurse, at=now)
            wasted = services.waste(draw=drawn, amount_ug=5_000, reason="Remainder", by=nurse, at=now)
            if number > 3:
                services.witness_waste(waste=wasted, amount_ug=5_000, by=second, at=now)
        held = services.draw(lot=lots[0], amount_ug=40_000, session_ref=UUID(int=99), by=nurse, at=now)
        waiting = services.waste(draw=held, amount_ug=1_000, reason="Remainder", by=nurse, at=now)
        for counter in (nurse, second):
            services.count(lot=lots[1], amount_ug=1_000, by=counter, at=now)
    ids = {"lot": lots[1].id, "count": lots[0].id, "waste": held.id, "witness": waiting.id}
    pages = {name: reverse(f"ledger:{name}") for name in ("stock", "receive", "journal")}
    return pages | {name: reverse(f"ledger:{name}", args=[identity]) for name, identity in ids.items()}


def test_pages_ask_the_database_rarely(house: House) -> None:
    client, asked = client_of(house.second_nurse), {}
    for name, address in addresses(house).items():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        asked[name] = len(queries)

    assert {name: number for name, number in asked.items() if number > 20} == {}


def test_words_are_marked_for_translation(house: House) -> None:
    client, pages = client_of(house.second_nurse), addresses(house)

    with pseudo_locale():
        bare = {name: bare_words(client.get(address).content.decode(), data=DATA) for name, address in pages.items()}

    assert {name: words for name, words in bare.items() if words} == {}


@pytest.mark.slow
def test_pages_are_accessible(own_database: None, devices: Devices, axe: Callable[[Page], None]) -> None:
    house = harbour()
    desk = devices.desktop()
    sign_in(desk, house.second_nurse)
    page = desk.new_page()

    for address in addresses(house).values():
        page.goto(address)
        axe(page)


@pytest.mark.slow
def test_delivery_is_entered_with_the_keyboard_alone(own_database: None, devices: Devices) -> None:
    house = harbour()
    desk = devices.desktop()
    sign_in(desk, house.nurse)
    page = desk.new_page()
    page.goto(reverse("ledger:receive"))

    page.get_by_label("NDC").focus()
    expires = f"0630{timezone.now().year + 1}"
    for typed in ("42023-113-10", "K24-118", expires, "10", "20", "50", "10", "INV-1", "Northwind"):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
        if typed == expires:
            page.keyboard.press("Tab")  # the calendar button inside the date
    page.keyboard.press("Enter")
    page.get_by_text("make 200 mg in a vial, the label says 50 mg").first.wait_for()
    page.wait_for_load_state("load")  # the words stand there before the script that leads to them
    page.get_by_label("Total in one vial").fill("200")
    page.keyboard.press("Enter")

    page.get_by_role("heading", name="Lot K24-118").wait_for()
    assert page.get_by_text("200 mg in all, in 20 mL").is_visible()
