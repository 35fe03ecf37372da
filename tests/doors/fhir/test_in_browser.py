"""Bringing a licensed text in a real browser: a chosen file is read there, and sent as text."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django_scopes import scope
from playwright.sync_api import BrowserContext, Page, expect

from firstlight.journey.screening.models import HeldWording
from tests.cast import House, harbour
from tests.doors.fhir.shapes import lforms, licensed, written
from tests.journey.screening.telling import sign_in

pytestmark = pytest.mark.slow


@pytest.fixture
def story(own_database: None) -> House:
    return harbour()


def test_file_is_looked_at_confirmed_and_removed(
    live: Any, story: House, desktop: BrowserContext, axe: Callable[[Page], None], tmp_path: Path
) -> None:
    wrong, right = tmp_path / "gad-7.json", tmp_path / "epds.json"
    wrong.write_text(written(lforms("gad-7")).replace('"valueDecimal": 3', '"valueDecimal": 4', 1))
    right.write_text(written(licensed("epds")))
    sign_in(desktop, story.administrator)
    page = desktop.new_page()
    page.goto("/clinic/questionnaires/")
    axe(page)
    page.get_by_role("link", name="Bring a text").click()
    axe(page)

    page.get_by_label("File", exact=True).set_input_files(wrong)
    expect(page.get_by_label("The file's text")).to_have_value(wrong.read_text())
    page.get_by_role("button", name="Look at it first").click()
    expect(page.get_by_text("answer 4 of item 1 counts 4; 3 is expected")).to_be_visible()
    axe(page)

    page.get_by_label("File", exact=True).set_input_files(right)
    expect(page.get_by_label("The file's text")).to_have_value(right.read_text())
    page.get_by_role("button", name="Look at it first").click()
    page.get_by_label("Who allowed the use, and when").fill("Letter of the owner, 3 March 2026")
    page.get_by_label("I compared item 10 word by word").check()
    axe(page)
    page.get_by_role("button", name="Use this text here").click()
    page.wait_for_url("**/clinic/questionnaires/#epds")
    expect(page.get_by_text("Text of this clinic")).to_be_visible()
    axe(page)

    page.get_by_role("link", name="Remove the text of Edinburgh").click()
    axe(page)
    page.get_by_role("button", name="Remove this text").click()
    page.wait_for_url("**/clinic/questionnaires/")
    with scope(clinic=story.clinic.id):
        assert HeldWording.objects.get().withdrawn_by == story.administrator.account
