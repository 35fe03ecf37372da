"""What a keyboard can pass over on a page of the clinic."""

from typing import Any

import pytest
from playwright.sync_api import Locator

from tests.ground.design import pages
from tests.support.browser import Devices

FOCUSED = "document.activeElement.innerText.trim()"


@pytest.fixture(autouse=True)
def own_pages(settings: Any) -> None:
    settings.ROOT_URLCONF = pages.__name__


@pytest.mark.parametrize("address", ["/clinic/page/", "/clinic/session/"])
def test_second_skip_link_leads_to_the_actions_and_shows_in_every_theme_once_it_has_focus(
    devices: Devices, address: str
) -> None:
    page = devices.desktop().new_page()
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == "Skip to the content"
    link = page.get_by_role("link", name="To the actions")
    assert top_of(link) < 0
    page.keyboard.press("Tab")
    for theme in ("light", "dark", "dim"):
        page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        assert top_of(link) >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("!!document.activeElement.closest('.action-bar')")
    assert page.evaluate(FOCUSED) in {"Put off", "Save all"}


def top_of(link: Locator) -> float:
    box = link.bounding_box()
    assert box is not None
    return box["y"]


def test_folded_actions_are_one_tab_from_the_skip_link_on_a_narrow_screen(devices: Devices) -> None:
    page = devices.desktop(viewport={"width": 390, "height": 740}).new_page()
    page.goto("/clinic/page/")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate(FOCUSED) == "Sign"


def test_page_without_actions_has_no_link_to_them(devices: Devices) -> None:
    page = devices.desktop().new_page()
    page.goto("/clinic/bare/")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")

    assert page.evaluate(FOCUSED) == "Firstlight"
